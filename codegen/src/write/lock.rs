//! One writer at a time: a file in the writer's folder that the process holds which writes.
//!
//! In: the root of a package. Out: a [`Held`] folder, empty but for marks of its own. Must not know: what is written.
//!
//! The folder exists while somebody writes, or after somebody was killed. It tells git to ignore it.

use super::disk::Disk;
use super::{FOLDER, FileError, fail};
use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const LOCK: &str = "lock";
const IGNORE: &str = ".gitignore";
/// What a lock says whose file is gone: who waited for it has to begin again.
const CLOSED: &str = "closed";
/// A run writes for milliseconds; who holds the folder longer has been stopped.
const PATIENCE: Duration = Duration::from_secs(30);

/// The writer's folder, held until it is released or the process ends.
pub(super) struct Held {
    pub(super) folder: PathBuf,
    file: File,
}

/// Waits until nobody else writes in this package.
pub(super) fn hold(disk: &dyn Disk, root: &Path) -> Result<Held, FileError> {
    let folder = root.join(FOLDER);
    let end = Instant::now() + PATIENCE;
    loop {
        match attempt(disk, &folder) {
            Ok(Some(file)) => {
                let held = Held { folder, file };
                ignore(disk, &held.folder)?;
                return Ok(held);
            }
            Ok(None) if Instant::now() < end => std::thread::sleep(Duration::from_millis(2)),
            Ok(None) => {
                let busy = "another run of graphwright holds it";
                let source = io::Error::new(io::ErrorKind::TimedOut, busy);
                return Err(fail(&folder, "lock", source));
            }
            Err(error) => return Err(error),
        }
    }
}

/// One try; `None` while somebody else has it.
fn attempt(disk: &dyn Disk, folder: &Path) -> Result<Option<File>, FileError> {
    match disk.make_folder(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            return Err(fail(folder, "create the folder", error));
        }
        _ => ignore(disk, folder)?,
    }
    let path = folder.join(LOCK);
    let opened = File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path);
    let mut file = match opened {
        Ok(file) => file,
        // Somebody has just removed the folder.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(fail(&path, "write", source)),
    };
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        // A file system without locks: there is nothing better to be had.
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
        Err(TryLockError::Error(source)) => return Err(fail(&path, "lock", source)),
    }
    let mut said = String::new();
    let _ = file.read_to_string(&mut said);
    Ok((said != CLOSED).then_some(file))
}

/// What lies here is nobody's to commit.
fn ignore(disk: &dyn Disk, folder: &Path) -> Result<(), FileError> {
    let path = folder.join(IGNORE);
    if path.exists() {
        return Ok(());
    }
    match disk.write(&path, b"*\n", None, false) {
        // Somebody has just removed the folder; the next look will tell.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other.map_err(|e| fail(&path, "write", e)),
    }
}

impl Held {
    /// Lets the next one in. What cannot be removed stays for it.
    pub(super) fn release(mut self, disk: &dyn Disk) {
        let _ = disk.remove(&self.folder.join(IGNORE));
        let _ = self.file.rewind();
        let _ = self.file.write_all(CLOSED.as_bytes());
        let _ = fs::remove_file(self.folder.join(LOCK));
        let _ = disk.remove_folder(&self.folder);
    }
}
