//! The only writer: all files or none, and only those that differ.
//!
//! In: paths and whole texts. Out: which files changed. Must not know: what the texts mean.
//!
//! Every file is written beside its target first; when all are there they are renamed into place. If anything fails,
//! what was renamed already gets its old content back, and what is not needed goes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A file or folder that could not be read or written.
#[derive(Debug)]
pub struct FileError {
    /// The path.
    pub path: PathBuf,
    /// What was tried: `read`, `write`, `create the folder`.
    pub action: &'static str,
    /// What the system said.
    pub source: io::Error,
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "cannot {} `{}`: {}",
            self.action,
            self.path.display(),
            self.source
        )
    }
}

impl std::error::Error for FileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

impl FileError {
    /// Whether the place is one where this process may not write at all.
    pub fn is_read_only(&self) -> bool {
        matches!(
            self.source.kind(),
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem
        )
    }
}

/// Brings the files to these contents; answers the paths of those that were not so already.
///
/// Folders are made as needed. An existing file keeps its permissions; a symbolic link stays, and its target changes.
///
/// # Errors
/// The first path that could not be written; everything is then as before.
pub fn write(files: &BTreeMap<PathBuf, String>) -> Result<Vec<PathBuf>, FileError> {
    replace(files, &BTreeSet::new())
}

/// Brings the files to these contents, and removes those others; answers the paths of all that changed.
///
/// # Errors
/// As [`write()`].
pub fn replace(
    files: &BTreeMap<PathBuf, String>,
    gone: &BTreeSet<PathBuf>,
) -> Result<Vec<PathBuf>, FileError> {
    let mut run = Run::default();
    match run.stage(files, gone).and_then(|()| run.commit()) {
        Ok(()) => Ok(run
            .staged
            .into_iter()
            .map(|file| file.path)
            .chain(run.gone.into_keys())
            .collect()),
        Err(error) => {
            run.undo();
            Err(error)
        }
    }
}

#[derive(Default)]
struct Run {
    staged: Vec<Staged>,
    /// Folders that were made, outermost first.
    folders: Vec<PathBuf>,
    /// How many of `staged` are in place.
    renamed: usize,
    /// Files to be removed, and what they hold.
    gone: BTreeMap<PathBuf, Vec<u8>>,
}

struct Staged {
    /// As the caller knows it.
    path: PathBuf,
    /// Links followed.
    target: PathBuf,
    temporary: PathBuf,
    old: Option<Vec<u8>>,
}

impl Run {
    fn stage(
        &mut self,
        files: &BTreeMap<PathBuf, String>,
        gone: &BTreeSet<PathBuf>,
    ) -> Result<(), FileError> {
        for path in gone {
            match fs::read(path) {
                Ok(old) => drop(self.gone.insert(path.clone(), old)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(source) => return Err(fail(path, "read", source)),
            }
        }
        for (path, text) in files {
            let old = match fs::read(path) {
                Ok(old) if old == text.as_bytes() => continue,
                Ok(old) => Some(old),
                Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                Err(source) => return Err(fail(path, "read", source)),
            };
            let target = match old {
                Some(_) => fs::canonicalize(path).map_err(|e| fail(path, "read", e))?,
                None => path.clone(),
            };
            self.make_folder(target.parent().unwrap_or(Path::new(".")))?;
            let temporary = beside(&target);
            self.staged.push(Staged {
                path: path.clone(),
                target,
                temporary,
                old,
            });
            let staged = &self.staged[self.staged.len() - 1];
            fs::write(&staged.temporary, text).map_err(|e| fail(path, "write", e))?;
            if staged.old.is_some() {
                let permissions = fs::metadata(&staged.target)
                    .map_err(|e| fail(path, "read", e))?
                    .permissions();
                fs::set_permissions(&staged.temporary, permissions)
                    .map_err(|e| fail(path, "write", e))?;
            }
        }
        Ok(())
    }

    fn make_folder(&mut self, folder: &Path) -> Result<(), FileError> {
        let missing: Vec<&Path> = folder
            .ancestors()
            .take_while(|p| !p.as_os_str().is_empty() && !p.exists())
            .collect();
        for path in missing.into_iter().rev() {
            fs::create_dir(path).map_err(|e| fail(path, "create the folder", e))?;
            self.folders.push(path.to_owned());
        }
        Ok(())
    }

    fn commit(&mut self) -> Result<(), FileError> {
        for file in &self.staged {
            fs::rename(&file.temporary, &file.target).map_err(|e| fail(&file.path, "write", e))?;
            self.renamed += 1;
        }
        for path in self.gone.keys() {
            fs::remove_file(path).map_err(|e| fail(path, "remove", e))?;
        }
        Ok(())
    }

    /// Best effort: the error that led here is the one to report.
    fn undo(&mut self) {
        for (i, file) in self.staged.iter().enumerate().rev() {
            let _ = match (&file.old, i < self.renamed) {
                (_, false) => fs::remove_file(&file.temporary),
                (Some(old), true) => fs::write(&file.target, old),
                (None, true) => fs::remove_file(&file.target),
            };
        }
        for (path, old) in self.gone.iter().filter(|(path, _)| !path.exists()) {
            let _ = fs::write(path, old);
        }
        for folder in self.folders.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

/// A hidden name in the same folder, so that the rename stays within one file system.
fn beside(target: &Path) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    target.with_file_name(format!(".{name}.graphwright-{}", std::process::id()))
}

fn fail(path: &Path, action: &'static str, source: io::Error) -> FileError {
    FileError {
        path: path.to_owned(),
        action,
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of its own for one test, gone at the end.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Folder {
            let path = std::env::temp_dir()
                .join(format!("graphwright-write-{}-{name}", std::process::id()));
            let _ = fs::remove_dir_all(&path);
            fs::create_dir_all(&path).unwrap();
            Folder(path)
        }

        fn files(&self, list: &[(&str, &str)]) -> BTreeMap<PathBuf, String> {
            list.iter()
                .map(|(path, text)| (self.0.join(path), (*text).to_owned()))
                .collect()
        }

        /// Every path below, sorted, with `/` behind folders.
        fn list(&self) -> Vec<String> {
            let mut found = Vec::new();
            let mut folders = vec![self.0.clone()];
            while let Some(folder) = folders.pop() {
                for entry in fs::read_dir(folder).unwrap() {
                    let path = entry.unwrap().path();
                    let name = path
                        .strip_prefix(&self.0)
                        .unwrap()
                        .to_string_lossy()
                        .into_owned();
                    if path.is_dir() {
                        found.push(name + "/");
                        folders.push(path);
                    } else {
                        found.push(name);
                    }
                }
            }
            found.sort();
            found
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn only_what_differs_is_written() {
        let folder = Folder::new("differs");
        let files = folder.files(&[("a.rs", "a"), ("deep/er/b.rs", "b")]);
        assert_eq!(
            write(&files).unwrap(),
            files.keys().cloned().collect::<Vec<_>>()
        );
        let stamp = fs::metadata(folder.0.join("a.rs"))
            .unwrap()
            .modified()
            .unwrap();
        assert_eq!(write(&files).unwrap(), Vec::<PathBuf>::new());
        let changed = folder.files(&[("a.rs", "a"), ("deep/er/b.rs", "c")]);
        assert_eq!(write(&changed).unwrap(), [folder.0.join("deep/er/b.rs")]);
        assert_eq!(
            fs::metadata(folder.0.join("a.rs"))
                .unwrap()
                .modified()
                .unwrap(),
            stamp
        );
        assert_eq!(folder.list(), ["a.rs", "deep/", "deep/er/", "deep/er/b.rs"]);
    }

    #[test]
    fn a_failure_while_staging_leaves_everything_as_it_was() {
        let folder = Folder::new("staging");
        write(&folder.files(&[("a", "old"), ("file", "x")])).unwrap();
        // `file/b` needs a folder where a file stands.
        let error =
            write(&folder.files(&[("a", "new"), ("dir/c", "c"), ("file/b", "b")])).unwrap_err();
        assert!(error.to_string().contains("file"), "{error}");
        assert_eq!(fs::read_to_string(folder.0.join("a")).unwrap(), "old");
        assert_eq!(folder.list(), ["a", "file"]);
    }

    #[test]
    fn a_failure_while_renaming_leaves_everything_as_it_was() {
        let folder = Folder::new("renaming");
        write(&folder.files(&[("a", "old")])).unwrap();
        let mut run = Run::default();
        run.stage(
            &folder.files(&[("a", "new"), ("b", "b"), ("z/c", "c")]),
            &BTreeSet::new(),
        )
        .unwrap();
        fs::create_dir_all(folder.0.join("z/c/blocked")).unwrap();
        let error = run.commit().unwrap_err();
        assert_eq!((error.path.clone(), run.renamed), (folder.0.join("z/c"), 2));
        run.undo();
        assert_eq!(fs::read_to_string(folder.0.join("a")).unwrap(), "old");
        assert_eq!(folder.list(), ["a", "z/", "z/c/", "z/c/blocked/"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_and_permissions_survive() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = Folder::new("links");
        write(&folder.files(&[("real", "old")])).unwrap();
        fs::set_permissions(folder.0.join("real"), fs::Permissions::from_mode(0o640)).unwrap();
        symlink(folder.0.join("real"), folder.0.join("link")).unwrap();
        write(&folder.files(&[("link", "new")])).unwrap();
        assert!(
            fs::symlink_metadata(folder.0.join("link"))
                .unwrap()
                .is_symlink()
        );
        assert_eq!(fs::read_to_string(folder.0.join("real")).unwrap(), "new");
        assert_eq!(
            fs::metadata(folder.0.join("real"))
                .unwrap()
                .permissions()
                .mode()
                & 0o777,
            0o640
        );
    }
}
