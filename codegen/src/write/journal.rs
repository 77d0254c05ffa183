//! What a run is about to do, written down before it does anything, and how to undo it.
//!
//! In: the steps of a run, or the journal of one that did not end. Out: the files as they were before it.
//! Must not know: where the texts come from.
//!
//! A step is undone only where the file still is what the run made of it: what somebody wrote there since is theirs.

use super::disk::Disk;
use super::{FileError, fail};
use std::io;
use std::path::{Component, Path, PathBuf};

const JOURNAL: &str = "journal";
/// The journal of a run that has ended, until what it kept is gone.
const DONE: &str = "journal.done";
const TITLE: &str = "graphwright journal 1";
/// The last line: a journal without it was not finished, and nothing had begun.
const END: &str = "end";

/// One file that a run changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) kind: Kind,
    /// Relative to the package, with `/`.
    pub(super) path: String,
    /// Of the new bytes; 0 for a removal.
    pub(super) hash: u64,
}

/// What happens to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Create,
    Replace,
    Remove,
}

/// All steps, and the folders that they need, outermost first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Journal {
    pub(super) folders: Vec<String>,
    pub(super) steps: Vec<Step>,
}

/// Where a step keeps bytes while the run lasts.
pub(super) struct Staged {
    pub(super) new: PathBuf,
    pub(super) old: PathBuf,
}

impl Staged {
    /// In the writer's folder.
    pub(super) fn within(folder: &Path, number: usize) -> Staged {
        Staged {
            new: folder.join(format!("{number}.new")),
            old: folder.join(format!("{number}.old")),
        }
    }

    /// Beside the file, where that lies on another file system: hidden, and no `.rs`.
    pub(super) fn beside(target: &Path) -> Staged {
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        Staged {
            new: target.with_file_name(format!(".{name}.graphwright-new")),
            old: target.with_file_name(format!(".{name}.graphwright-old")),
        }
    }
}

/// FNV-1a, 64 bits.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)
    })
}

impl Journal {
    fn print(&self) -> String {
        let mut out = format!("{TITLE}\n");
        for folder in &self.folders {
            out += &format!("folder {folder}\n");
        }
        for step in &self.steps {
            let Step { path, hash, .. } = step;
            let kind = match step.kind {
                Kind::Create => "create",
                Kind::Replace => "replace",
                Kind::Remove => "remove",
            };
            out += &format!("{kind} {hash:016x} {path}\n");
        }
        out + END + "\n"
    }

    /// `None` for a text that is no whole journal, or leads out of the package.
    fn parse(text: &str) -> Option<Journal> {
        let mut journal = Journal::default();
        let mut lines = text.lines();
        (lines.next() == Some(TITLE) && text.ends_with("\nend\n")).then_some(())?;
        for line in lines {
            let (word, rest) = match line.split_once(' ') {
                Some(pair) => pair,
                None if line == END => break,
                None => return None,
            };
            if word == "folder" {
                journal.folders.push(inner(rest)?);
                continue;
            }
            let kind = match word {
                "create" => Kind::Create,
                "replace" => Kind::Replace,
                "remove" => Kind::Remove,
                _ => return None,
            };
            let (hash, path) = rest.split_once(' ')?;
            journal.steps.push(Step {
                kind,
                path: inner(path)?,
                hash: u64::from_str_radix(hash, 16).ok()?,
            });
        }
        Some(journal)
    }

    /// Writes it down: from now on [`undo`] has something to do.
    pub(super) fn begin(&self, disk: &dyn Disk, folder: &Path) -> Result<(), FileError> {
        let (draft, path) = (folder.join("journal.new"), folder.join(JOURNAL));
        disk.write(&draft, self.print().as_bytes(), None, true)
            .and_then(|()| disk.rename(&draft, &path))
            .map_err(|e| fail(&path, "write", e))
    }

    /// The moment from which what was done stays.
    pub(super) fn end(disk: &dyn Disk, folder: &Path) -> Result<(), FileError> {
        let path = folder.join(JOURNAL);
        disk.rename(&path, &folder.join(DONE))
            .map_err(|e| fail(&path, "rename", e))
    }
}

/// A path within the package.
fn inner(path: &str) -> Option<String> {
    let plain = |part| matches!(part, Component::Normal(_));
    let fits = !path.is_empty() && Path::new(path).components().all(plain);
    fits.then(|| path.to_owned())
}

/// Whether a run did not end.
pub(super) fn is_open(folder: &Path) -> bool {
    folder.join(JOURNAL).exists()
}

/// Undoes what the journal tells, if there is one, and takes away what a run leaves. Running it again goes on where it was
/// stopped. Answers whether there was a journal.
pub(super) fn undo(disk: &dyn Disk, root: &Path, folder: &Path) -> Result<bool, FileError> {
    let journal = read(disk, &folder.join(JOURNAL))?;
    if let Some(journal) = &journal {
        for (number, step) in journal.steps.iter().enumerate().rev() {
            for staged in places(root, folder, number, step) {
                undo_step(disk, root, step, &staged)?;
            }
        }
        for made in journal.folders.iter().rev() {
            // Something of somebody else's may lie there.
            let _ = disk.remove_folder(&root.join(made));
        }
    }
    if is_open(folder) {
        Journal::end(disk, folder)?;
    }
    clear(disk, root, folder);
    Ok(journal.is_some())
}

fn read(disk: &dyn Disk, path: &Path) -> Result<Option<Journal>, FileError> {
    match disk.read(path) {
        Ok(bytes) => Ok(Journal::parse(&String::from_utf8_lossy(&bytes))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(fail(path, "read", source)),
    }
}

fn places(root: &Path, folder: &Path, number: usize, step: &Step) -> [Staged; 2] {
    let path = root.join(&step.path);
    let target = match step.kind {
        Kind::Replace => path.canonicalize().unwrap_or(path),
        _ => path,
    };
    [Staged::within(folder, number), Staged::beside(&target)]
}

fn undo_step(disk: &dyn Disk, root: &Path, step: &Step, staged: &Staged) -> Result<(), FileError> {
    let path = root.join(&step.path);
    // A new file that still waits was not moved into its place.
    if staged.new.exists() || step.kind != Kind::Create && !staged.old.exists() {
        return Ok(());
    }
    let done = match step.kind {
        Kind::Remove if path.symlink_metadata().is_ok() => return Ok(()),
        Kind::Remove => disk.rename(&staged.old, &path),
        Kind::Create | Kind::Replace => match disk.read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => Err(error),
            Ok(bytes) if hash(&bytes) != step.hash => return Ok(()),
            Ok(_) if step.kind == Kind::Create => disk.remove(&path),
            Ok(_) => disk
                .resolve(&path)
                .and_then(|target| disk.rename(&staged.old, &target)),
        },
    };
    done.map_err(|e| fail(&path, "restore", e))
}

/// Removes what a run has kept, and nothing else that may lie there. What cannot be removed is for the next run.
pub(super) fn clear(disk: &dyn Disk, root: &Path, folder: &Path) {
    let done = folder.join(DONE);
    let Ok(journal) = read(disk, &done) else {
        return;
    };
    let journal = journal.unwrap_or_default();
    let steps = journal.steps.iter().enumerate();
    let kept = steps.flat_map(|(number, step)| places(root, folder, number, step));
    let kept: Vec<PathBuf> = kept.flat_map(|staged| [staged.new, staged.old]).collect();
    let ours = |name: &str| {
        let number = name
            .strip_suffix(".new")
            .or_else(|| name.strip_suffix(".old"));
        number.is_some_and(|n| n == JOURNAL || n.parse::<usize>().is_ok())
    };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut stray: Vec<PathBuf> = entries
        .filter(|entry| ours(&entry.file_name().to_string_lossy()))
        .map(|entry| entry.path())
        .chain(kept)
        .filter(|path| path.symlink_metadata().is_ok())
        .collect();
    stray.sort();
    stray.dedup();
    let all = stray.iter().all(|path| disk.remove(path).is_ok());
    if all && done.exists() {
        let _ = disk.remove(&done);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journal_comes_back_as_it_was_written() {
        let step = |kind, path: &str, hash| Step {
            kind,
            path: path.into(),
            hash,
        };
        let journal = Journal {
            folders: vec!["src/a b".into()],
            steps: vec![
                step(Kind::Create, "src/a b/größe.rs", 7),
                step(Kind::Replace, "x", u64::MAX),
                step(Kind::Remove, "y", 0),
            ],
        };
        let text = journal.print();
        assert_eq!(Journal::parse(&text), Some(journal));
        for end in 1..text.len() {
            if text.is_char_boundary(end) {
                assert_eq!(Journal::parse(&text[..end]), None, "{}", &text[..end]);
            }
        }
    }

    #[test]
    fn a_journal_does_not_lead_out_of_the_package() {
        for path in ["/etc/x", "../x", "src/../../x", ""] {
            let text = format!("{TITLE}\ncreate 0000000000000007 {path}\nend\n");
            assert_eq!(Journal::parse(&text), None, "{path}");
            let text = format!("{TITLE}\nfolder {path}\nend\n");
            assert_eq!(Journal::parse(&text), None, "{path}");
        }
    }
}
