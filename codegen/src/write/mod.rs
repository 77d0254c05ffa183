//! The only writer: all files of a package or none, and only those that differ, whatever happens on the way.
//!
//! In: paths, whole texts, and the texts that they were made from. Out: which files changed. Must not know: what the texts
//! mean.
//!
//! While a run writes, the package has a folder `.graphwright` (which tells git to ignore it): a lock, so that one run
//! writes at a time; a journal of what is about to change, written first; the new texts, all of them; copies of what they
//! replace. Only then are the new ones renamed into place. The end of the run is the moment in which the journal is put away.
//! A run that fails undoes what it did. One that is killed leaves its journal, and [`recover`], with which every run that
//! may write begins, undoes it then. So there is the old state or the new one: after a failure at once, after a kill at the
//! latest when the next run begins; and never a file that is half written. A file that somebody has changed since it was
//! read is not replaced: the run fails with an error that [is told apart](FileError::is_stale), and can be made again.

mod disk;
mod journal;
mod lock;

use disk::{Disk, Real};
use journal::{Journal, Kind, Staged, Step, hash};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// The folder in a package where a run keeps what it needs while it writes.
pub const FOLDER: &str = ".graphwright";

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

    /// Whether a file has changed since the run read it. Nothing was written; a new run will see the change.
    pub fn is_stale(&self) -> bool {
        self.source
            .get_ref()
            .is_some_and(|inner| inner.is::<Stale>())
    }
}

/// Somebody else wrote meanwhile.
#[derive(Debug)]
struct Stale;

impl fmt::Display for Stale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it was changed while graphwright ran; run it again")
    }
}

impl std::error::Error for Stale {}

/// What a run changes in a package. Paths are relative to it, with `/`.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// Files to write: their whole new text.
    pub files: BTreeMap<String, String>,
    /// Files to remove.
    pub gone: BTreeSet<String>,
    /// What the run has read and decided by. Nothing is written unless all of it still is so.
    pub seen: BTreeMap<String, String>,
}

/// Makes the changes in the package in this folder, all or none; answers the paths of the files that were not so already.
///
/// Folders are made as needed. An existing file keeps its permissions; a symbolic link stays, and its target changes. Where
/// nothing is to be changed nothing is touched, not even for a moment: a run that comes behind another which made the same
/// changes has nothing left to do, and is told so rather than that it came too late.
///
/// # Errors
/// The first path that could not be written; everything is then as before. See also [`FileError::is_stale`].
pub fn commit(root: &Path, changes: &Changes) -> Result<Vec<String>, FileError> {
    commit_on(&Real, root, changes)
}

/// Undoes what a run did that was killed. Answers whether there was one.
///
/// Waits while another run writes. Does nothing, in no time, where nobody has been killed and nobody writes.
///
/// # Errors
/// A file that could not be restored; the next call goes on there.
pub fn recover(root: &Path) -> Result<bool, FileError> {
    recover_on(&Real, root)
}

/// Whether a run was killed in this package, or writes just now: what lies there may be neither old nor new.
pub fn is_interrupted(root: &Path) -> bool {
    journal::is_open(&root.join(FOLDER))
}

/// Writes one file outside of any package, if it differs; answers whether it did.
///
/// # Errors
/// The file could not be written, and is as before.
pub fn alone(path: &Path, text: &str) -> Result<bool, FileError> {
    match Real.read(path) {
        Ok(old) if old == text.as_bytes() => return Ok(false),
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            return Err(fail(path, "read", source));
        }
        _ => {}
    }
    let draft = Staged::beside(path).new;
    let written = std::fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))
        .and_then(|()| Real.write(&draft, text.as_bytes(), None, false))
        .and_then(|()| Real.rename(&draft, path));
    if written.is_err() {
        let _ = Real.remove(&draft);
    }
    written.map(|()| true).map_err(|e| fail(path, "write", e))
}

fn recover_on(disk: &dyn Disk, root: &Path) -> Result<bool, FileError> {
    if !root.join(FOLDER).exists() {
        return Ok(false);
    }
    let held = lock::hold(disk, root)?;
    let undone = journal::undo(disk, root, &held.folder);
    held.release(disk);
    undone
}

fn commit_on(disk: &dyn Disk, root: &Path, changes: &Changes) -> Result<Vec<String>, FileError> {
    if plan(disk, root, changes)?.0.steps.is_empty() {
        return Ok(Vec::new());
    }
    let fresh = !root.exists();
    if fresh {
        std::fs::create_dir_all(root).map_err(|e| fail(root, "create the folder", e))?;
    }
    let held = lock::hold(disk, root)?;
    let done = journal::undo(disk, root, &held.folder)
        .and_then(|_| write(disk, root, &held.folder, changes));
    if done.is_err() {
        // Best effort: the error that led here is the one to report, and the next run tries again.
        let _ = journal::undo(disk, root, &held.folder);
    }
    held.release(disk);
    if fresh && done.is_err() {
        let _ = disk.remove_folder(root);
    }
    done
}

/// The steps, with what each file holds now. Those that change nothing are left out.
fn plan(
    disk: &dyn Disk,
    root: &Path,
    changes: &Changes,
) -> Result<(Journal, Vec<Vec<u8>>), FileError> {
    let (mut journal, mut old) = (Journal::default(), Vec::new());
    let mut step = |kind, path: &str, text: &str, bytes| {
        journal.steps.push(Step {
            kind,
            path: path.to_owned(),
            hash: hash(text.as_bytes()),
        });
        old.push(bytes);
    };
    for (path, text) in &changes.files {
        match present(disk, &root.join(path))? {
            Some(bytes) if bytes == text.as_bytes() => {}
            Some(bytes) => step(Kind::Replace, path, text, bytes),
            None => step(Kind::Create, path, text, Vec::new()),
        }
    }
    for path in &changes.gone {
        if let Some(bytes) = present(disk, &root.join(path))? {
            step(Kind::Remove, path, "", bytes);
        }
    }
    if let Some(step) = journal.steps.iter().find(|s| s.path.contains(['\n', '\r'])) {
        let source = io::Error::new(io::ErrorKind::InvalidInput, "a line break in a name");
        return Err(fail(&root.join(&step.path), "write", source));
    }
    journal.folders = folders(root, &journal.steps);
    Ok((journal, old))
}

/// The bytes of a file, if there is one.
fn present(disk: &dyn Disk, path: &Path) -> Result<Option<Vec<u8>>, FileError> {
    match disk.read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(fail(path, "read", source)),
    }
}

/// The folders that are missing, outermost first.
fn folders(root: &Path, steps: &[Step]) -> Vec<String> {
    let mut missing = BTreeSet::new();
    for step in steps {
        let mut folder = step.path.as_str();
        while let Some((above, _)) = folder.rsplit_once('/') {
            folder = above;
            if !root.join(folder).exists() {
                missing.insert(folder.to_owned());
            }
        }
    }
    missing.into_iter().collect()
}

/// Everything between the lock and its release.
fn write(
    disk: &dyn Disk,
    root: &Path,
    folder: &Path,
    changes: &Changes,
) -> Result<Vec<String>, FileError> {
    // Under the lock: another run may have written meanwhile.
    unchanged(disk, root, changes)?;
    let (journal, old) = plan(disk, root, changes)?;
    if journal.steps.is_empty() {
        return Ok(Vec::new());
    }
    journal.begin(disk, folder)?;
    for made in &journal.folders {
        let path = root.join(made);
        disk.make_folder(&path)
            .map_err(|e| fail(&path, "create the folder", e))?;
    }
    let mut places = Vec::new();
    for (number, (step, old)) in journal.steps.iter().zip(&old).enumerate() {
        places.push(stage(disk, root, (folder, number), step, old, changes)?);
    }
    for ((step, (target, staged)), old) in journal.steps.iter().zip(&places).zip(&old) {
        still(disk, target, step, old)?;
        match step.kind {
            Kind::Remove => disk
                .rename(target, &staged.old)
                .map_err(|e| fail(target, "remove", e))?,
            Kind::Create | Kind::Replace => disk
                .rename(&staged.new, target)
                .map_err(|e| fail(target, "write", e))?,
        }
    }
    Journal::end(disk, folder)?;
    journal::clear(disk, root, folder);
    Ok(journal.steps.into_iter().map(|step| step.path).collect())
}

/// Whether all that the run has read is still so.
fn unchanged(disk: &dyn Disk, root: &Path, changes: &Changes) -> Result<(), FileError> {
    for (path, text) in &changes.seen {
        let full = root.join(path);
        if present(disk, &full)?.as_deref() != Some(text.as_bytes()) {
            return Err(stale(&full));
        }
    }
    let fresh = changes
        .files
        .keys()
        .filter(|p| !changes.seen.contains_key(*p));
    for path in fresh.filter(|_| !changes.seen.is_empty()) {
        let full = root.join(path);
        if present(disk, &full)?.is_some_and(|bytes| bytes != changes.files[path].as_bytes()) {
            return Err(stale(&full));
        }
    }
    Ok(())
}

/// Puts the bytes of a step where they can be moved into place. Answers that place, and where they are.
fn stage(
    disk: &dyn Disk,
    root: &Path,
    (folder, number): (&Path, usize),
    step: &Step,
    old: &[u8],
    changes: &Changes,
) -> Result<(PathBuf, Staged), FileError> {
    let path = root.join(&step.path);
    let error = |source| fail(&path, "write", source);
    let target = match step.kind {
        Kind::Replace => disk.resolve(&path).map_err(error)?,
        Kind::Create | Kind::Remove => path.clone(),
    };
    let staged = match disk::together(folder, target.parent().unwrap_or(root)) {
        true => Staged::within(folder, number),
        false => Staged::beside(&target),
    };
    let new = changes.files.get(&step.path).map_or("", String::as_str);
    match step.kind {
        Kind::Remove => {}
        Kind::Create => disk
            .write(&staged.new, new.as_bytes(), None, false)
            .map_err(error)?,
        Kind::Replace => {
            // What a user wrote is on the device before anything takes its place.
            disk.write(&staged.old, old, Some(&target), true)
                .map_err(error)?;
            disk.write(&staged.new, new.as_bytes(), Some(&target), true)
                .map_err(error)?;
        }
    }
    Ok((target, staged))
}

/// The last look before a file is replaced: an editor may have saved it meanwhile.
fn still(disk: &dyn Disk, target: &Path, step: &Step, old: &[u8]) -> Result<(), FileError> {
    let now = present(disk, target)?;
    let same = match step.kind {
        Kind::Create => now.is_none(),
        Kind::Replace | Kind::Remove => now.as_deref() == Some(old),
    };
    match same {
        true => Ok(()),
        false => Err(stale(target)),
    }
}

fn stale(path: &Path) -> FileError {
    fail(path, "replace", io::Error::other(Stale))
}

fn fail(path: &Path, action: &'static str, source: io::Error) -> FileError {
    FileError {
        path: path.to_owned(),
        action,
        source,
    }
}

#[cfg(test)]
mod tests;
