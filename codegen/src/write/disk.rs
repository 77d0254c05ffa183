//! What the writer asks of a file system, one operation each, so that a test can make any of them fail or be the last.
//!
//! In: paths and bytes. Out: what the system answers. Must not know: why it is asked.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file system. What is not overridden is the real one.
pub(super) trait Disk {
    /// The bytes of a file.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    /// Makes a file, or empties one, and fills it; with the permissions of `like`, and on the device before it returns
    /// if `flushed`.
    fn write(
        &self,
        path: &Path,
        bytes: &[u8],
        like: Option<&Path>,
        flushed: bool,
    ) -> io::Result<()> {
        let mut file = fs::File::create(path)?;
        file.write_all(bytes)?;
        if let Some(like) = like {
            file.set_permissions(fs::metadata(like)?.permissions())?;
        }
        match flushed {
            true => file.sync_all(),
            false => Ok(()),
        }
    }

    /// Moves a file within a file system, over another if there is one: at once or not at all.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    /// Removes a file or a link.
    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    /// Makes a folder in one that exists.
    fn make_folder(&self, path: &Path) -> io::Result<()> {
        fs::create_dir(path)
    }

    /// Removes an empty folder.
    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        fs::remove_dir(path)
    }

    /// The path of a file with all links followed.
    fn resolve(&self, path: &Path) -> io::Result<PathBuf> {
        fs::canonicalize(path)
    }
}

/// The real one.
pub(super) struct Real;

impl Disk for Real {}

/// Whether a file can be renamed from one folder into the other.
pub(super) fn together(a: &Path, b: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let device = |path: &Path| fs::metadata(path).map(|data| data.dev());
        matches!((device(a), device(b)), (Ok(a), Ok(b)) if a == b)
    }
    #[cfg(not(unix))]
    {
        a.components().next() == b.components().next()
    }
}
