//! All or nothing: at every operation of a run that creates, changes and deletes, an error, a full disk, the end of the
//! process; and what the next run makes of it.

use super::*;
use std::cell::Cell;
use std::fs;
use std::process::Command;

/// A folder of its own for one test, gone at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path =
            std::env::temp_dir().join(format!("graphwright-write-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    /// Every file below and its text, and every folder with `/` behind it.
    fn state(&self) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        let mut folders = vec![self.0.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let name = path
                    .strip_prefix(&self.0)
                    .unwrap()
                    .to_string_lossy()
                    .replace('\\', "/");
                if path.is_dir() {
                    found.insert(name + "/", String::new());
                    folders.push(path);
                } else {
                    found.insert(name, fs::read_to_string(&path).unwrap());
                }
            }
        }
        found
    }

    fn put(&self, path: &str, text: &str) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn get(&self, path: &str) -> String {
        fs::read_to_string(self.0.join(path)).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn changes(files: &[(&str, &str)], gone: &[&str]) -> Changes {
    let own = |list: &[(&str, &str)]| {
        list.iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
            .collect()
    };
    Changes {
        files: own(files),
        gone: gone.iter().map(|path| (*path).to_owned()).collect(),
        seen: BTreeMap::new(),
    }
}

#[test]
fn only_what_differs_is_written() {
    let folder = Folder::new("differs");
    let both = changes(&[("a.rs", "a"), ("deep/er/b.rs", "b")], &[]);
    assert_eq!(commit(&folder.0, &both).unwrap(), ["a.rs", "deep/er/b.rs"]);
    let stamp = |path: &str| {
        let data = fs::metadata(folder.0.join(path)).unwrap();
        data.modified().unwrap()
    };
    let before = (stamp("a.rs"), stamp(""));
    assert_eq!(commit(&folder.0, &both).unwrap(), Vec::<String>::new());
    assert_eq!((stamp("a.rs"), stamp("")), before, "not even for a moment");
    let other = changes(&[("a.rs", "a"), ("deep/er/b.rs", "c")], &["deep", "none"]);
    assert!(commit(&folder.0, &other).is_err(), "a folder is no file");
    let other = changes(&[("a.rs", "a"), ("deep/er/b.rs", "c")], &["none"]);
    assert_eq!(commit(&folder.0, &other).unwrap(), ["deep/er/b.rs"]);
    assert_eq!(stamp("a.rs"), before.0);
    let names: Vec<String> = folder.state().into_keys().collect();
    assert_eq!(names, ["a.rs", "deep/", "deep/er/", "deep/er/b.rs"]);
}

#[cfg(unix)]
#[test]
fn links_and_permissions_survive() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::new("links");
    folder.put("real", "old");
    let real = folder.0.join("real");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    symlink(&real, folder.0.join("link")).unwrap();
    commit(&folder.0, &changes(&[("link", "new")], &[])).unwrap();
    let link = fs::symlink_metadata(folder.0.join("link")).unwrap();
    assert!(link.is_symlink());
    assert_eq!(folder.get("real"), "new");
    let mode = fs::metadata(&real).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
}

/// A file system on another device, as `src/` is in many containers.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_on_another_device_is_written_as_well() {
    let other = Path::new("/dev/shm").join(format!("graphwright-write-{}", std::process::id()));
    let folder = Folder::new("device");
    if disk::together(&folder.0, Path::new("/dev/shm")) || fs::create_dir(&other).is_err() {
        // The machine has one device; the case is the one of every other test then.
        return;
    }
    std::os::unix::fs::symlink(&other, folder.0.join("src")).unwrap();
    folder.put("src/a.rs", "old");
    folder.put("src/b.rs", "old");
    let all = changes(
        &[("src/a.rs", "new"), ("src/c.rs", "c"), ("lock", "l")],
        &["src/b.rs"],
    );
    let count = operations(&folder, &all);
    for at in 0..count {
        folder.put("src/a.rs", "old");
        folder.put("src/b.rs", "old");
        let _ = fs::remove_file(other.join("c.rs"));
        let _ = fs::remove_file(folder.0.join("lock"));
        let failed = commit_on(&Faulty::new(at, Fault::Error), &folder.0, &all).is_err();
        recover(&folder.0).unwrap();
        let names: BTreeSet<String> = fs::read_dir(&other)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        let (a, expect) = match failed {
            true => ("old", ["a.rs", "b.rs"]),
            false => ("new", ["a.rs", "c.rs"]),
        };
        assert_eq!(folder.get("src/a.rs"), a, "at {at}");
        assert_eq!(names, BTreeSet::from(expect.map(str::to_owned)), "at {at}");
    }
    fs::remove_dir_all(other).unwrap();
}

/// What goes wrong, when its time has come.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fault {
    /// One operation is refused.
    Error,
    /// From then on every operation is refused that needs space: a file is left with half of its bytes.
    Full,
    /// From then on all are refused.
    Dead,
    /// The process ends before the operation.
    Kill,
    /// The process ends within it: a file is left with half of its bytes.
    KillHalf,
}

/// Counts the operations, and fails at one.
struct Faulty {
    count: Cell<usize>,
    at: usize,
    fault: Fault,
}

impl Faulty {
    fn new(at: usize, fault: Fault) -> Faulty {
        let count = Cell::new(0);
        Faulty { count, at, fault }
    }

    fn step(&self) -> io::Result<()> {
        let now = self.count.replace(self.count.get() + 1);
        let refused = || Err(io::Error::from(io::ErrorKind::PermissionDenied));
        match self.fault {
            Fault::Error if now == self.at => refused(),
            Fault::Dead if now >= self.at => refused(),
            Fault::Kill if now == self.at => std::process::abort(),
            _ => Ok(()),
        }
    }

    /// For an operation that needs space: what happens to a file that is written.
    fn half(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let now = self.count.get();
        if now < self.at || self.fault == Fault::KillHalf && now > self.at {
            return Ok(());
        }
        match self.fault {
            Fault::Full => {
                let _ = fs::write(path, &bytes[..bytes.len() / 2]);
                Err(io::Error::from(io::ErrorKind::StorageFull))
            }
            Fault::KillHalf => {
                fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
                std::process::abort()
            }
            _ => Ok(()),
        }
    }
}

impl Disk for Faulty {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.step()?;
        Real.read(path)
    }

    fn write(
        &self,
        path: &Path,
        bytes: &[u8],
        like: Option<&Path>,
        flushed: bool,
    ) -> io::Result<()> {
        self.half(path, bytes)?;
        self.step()?;
        Real.write(path, bytes, like, flushed)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step()?;
        Real.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        Real.remove(path)
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        if self.fault == Fault::Full && self.count.get() >= self.at {
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        self.step()?;
        Real.make_folder(path)
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        Real.remove_folder(path)
    }

    fn resolve(&self, path: &Path) -> io::Result<PathBuf> {
        self.step()?;
        Real.resolve(path)
    }
}

/// How many operations a run takes.
fn operations(folder: &Folder, all: &Changes) -> usize {
    let disk = Faulty::new(usize::MAX, Fault::Error);
    commit_on(&disk, &folder.0, all).unwrap();
    disk.count.get()
}

/// The run of the tests below: creates two files, one in new folders, changes two, deletes two.
fn begin(name: &str) -> (Folder, Changes) {
    let folder = Folder::new(name);
    reset(&folder);
    let all = changes(
        &[
            ("graphwright.lock", "new lock\n"),
            ("same", "same"),
            ("src/a.rs", "// new, and longer than before\n"),
            ("src/deep/er/b.rs", "// b\n"),
            ("src/é.rs", "// é\n"),
        ],
        &["src/gone.rs", "src/last.rs"],
    );
    let seen = folder
        .state()
        .into_iter()
        .filter(|(path, _)| !path.ends_with('/'));
    let all = Changes {
        seen: seen.collect(),
        ..all
    };
    (folder, all)
}

fn reset(folder: &Folder) {
    fs::remove_dir_all(&folder.0).unwrap();
    folder.put("graphwright.lock", "old lock\n");
    folder.put("same", "same");
    folder.put("src/a.rs", "// old\n");
    folder.put("src/gone.rs", "// gone\n");
    folder.put("src/last.rs", "// last\n");
    folder.put("src/mine.rs", "// mine\n");
}

/// The state before the run, and the one behind it.
fn both(name: &str) -> [BTreeMap<String, String>; 2] {
    let (folder, all) = begin(name);
    let old = folder.state();
    let changed = commit(&folder.0, &all).unwrap();
    assert_eq!(changed.len(), 6);
    assert_eq!(commit(&folder.0, &changes(&[], &[])).unwrap(), [""; 0]);
    [old, folder.state()]
}

#[test]
fn an_error_at_any_operation_changes_nothing() {
    let [old, new] = both("error-both");
    let (folder, all) = begin("error");
    let count = operations(&folder, &all);
    assert!(count > 30, "{count}");
    let mut failures = 0;
    for fault in [Fault::Error, Fault::Full, Fault::Dead] {
        for at in 0..count {
            reset(&folder);
            let told = commit_on(&Faulty::new(at, fault), &folder.0, &all);
            let expect = match told {
                Ok(_) => &new,
                Err(_) => &old,
            };
            failures += usize::from(told.is_err());
            if fault != Fault::Dead {
                // One refusal, or a full disk: undone at once, and nothing left over that a user sees.
                let mut now = folder.state();
                now.retain(|path, _| !path.starts_with(FOLDER));
                assert_eq!(&now, expect, "{fault:?} at {at}: {told:?}");
            }
            recover(&folder.0).unwrap();
            assert_eq!(&folder.state(), expect, "{fault:?} at {at}: {told:?}");
        }
    }
    assert!(failures > count * 2, "{failures}");
}

const CHILD: &str = "GRAPHWRIGHT_WRITE_TEST";

/// In the child: runs until it is killed.
fn child(asked: &str) {
    let mut words = asked.split(' ');
    let mut next = || words.next().unwrap();
    let fault = match next() {
        "Kill" => Fault::Kill,
        _ => Fault::KillHalf,
    };
    let (at, recovers) = (next().parse().unwrap(), next() == "recover");
    let root = PathBuf::from(next());
    let disk = Faulty::new(at, fault);
    if recovers {
        recover_on(&disk, &root).unwrap();
        return;
    }
    let (folder, all) = begin("child");
    drop(folder);
    commit_on(&disk, &root, &all).unwrap();
}

/// Runs this very test in a process of its own, which answers whether it was killed.
fn killed(test: &str, asked: &str) -> bool {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--test-threads=1"])
        .env(CHILD, asked)
        .output()
        .unwrap();
    !output.status.success()
}

#[test]
fn a_kill_at_any_operation_leaves_the_old_or_the_new_state() {
    const TEST: &str = "write::tests::a_kill_at_any_operation_leaves_the_old_or_the_new_state";
    if let Ok(asked) = std::env::var(CHILD) {
        return child(&asked);
    }
    let [old, new] = both("kill-both");
    let (folder, all) = begin("kill");
    let count = operations(&folder, &all);
    let (mut olds, mut news) = (0, 0);
    for fault in [Fault::Kill, Fault::KillHalf] {
        for at in 0..count {
            reset(&folder);
            let asked = format!("{fault:?} {at} commit {}", folder.0.display());
            let dead = killed(TEST, &asked);
            assert!(dead || fault == Fault::KillHalf, "{asked}");
            no_stray(&folder, &asked);
            recover(&folder.0).unwrap();
            let now = folder.state();
            match now == new {
                true => news += 1,
                false => {
                    assert_eq!(now, old, "{asked}");
                    olds += 1;
                }
            }
            // The next run ends in the new state, whatever was before.
            if now == old {
                commit(&folder.0, &all).unwrap();
            }
            assert_eq!(folder.state(), new, "{asked}");
        }
    }
    assert!(olds > 20 && news > 3, "{olds} old, {news} new");
}

/// What a killed run leaves is in the writer's folder, which git ignores: nothing that Cargo would take for a module.
fn no_stray(folder: &Folder, asked: &str) {
    let known = |path: &str| {
        !path.starts_with('.') && (!path.ends_with(".rs") || !path.contains("graphwright-"))
    };
    let state = folder.state();
    let strays = state
        .keys()
        .filter(|path| !path.starts_with(FOLDER) && !known(path));
    assert_eq!(strays.count(), 0, "{asked}: {state:?}");
    let left = state
        .keys()
        .any(|path| path.starts_with(FOLDER) && !path.ends_with('/'));
    let ignored = format!("{FOLDER}/.gitignore");
    // The mark itself goes a moment before the empty folder does.
    let lock_alone = !state
        .keys()
        .any(|path| path.ends_with(".new") || path.ends_with(".old"));
    assert!(
        !left || lock_alone || state[&ignored] == "*\n",
        "{asked}: {state:?}"
    );
}

#[test]
fn a_recovery_that_is_killed_is_recovered_from() {
    const TEST: &str = "write::tests::a_recovery_that_is_killed_is_recovered_from";
    if let Ok(asked) = std::env::var(CHILD) {
        return child(&asked);
    }
    let [old, _] = both("again-both");
    let (folder, all) = begin("again");
    // Killed as late as possible: when everything but the end of the journal is done.
    let late = (0..operations(&folder, &all)).rev().find(|at| {
        reset(&folder);
        killed(TEST, &format!("Kill {at} commit {}", folder.0.display()));
        is_interrupted(&folder.0)
    });
    let late = late.unwrap();
    let mut kills = 0;
    for at in 0.. {
        reset(&folder);
        killed(TEST, &format!("Kill {late} commit {}", folder.0.display()));
        assert!(is_interrupted(&folder.0));
        let dead = killed(TEST, &format!("Kill {at} recover {}", folder.0.display()));
        recover(&folder.0).unwrap();
        assert_eq!(folder.state(), old, "at {at}");
        if !dead {
            break;
        }
        kills += 1;
    }
    assert!(kills > 10, "{kills}");
}

/// Leaves the package as a run does that is killed before its end.
fn interrupt(folder: &Folder, all: &Changes) {
    let held = lock::hold(&Real, &folder.0).unwrap();
    let (journal, old) = plan(&Real, &folder.0, all).unwrap();
    journal.begin(&Real, &held.folder).unwrap();
    for made in &journal.folders {
        fs::create_dir(folder.0.join(made)).unwrap();
    }
    let places = journal.steps.iter().zip(&old).enumerate();
    let places: Vec<_> = places
        .map(|(i, (step, old))| stage(&Real, &folder.0, (&held.folder, i), step, old, all).unwrap())
        .collect();
    for (step, (target, staged)) in journal.steps.iter().zip(&places) {
        match step.kind {
            Kind::Remove => fs::rename(target, &staged.old).unwrap(),
            _ => fs::rename(&staged.new, target).unwrap(),
        }
    }
}

#[test]
fn what_somebody_wrote_after_a_kill_is_theirs() {
    let (folder, all) = begin("theirs");
    let old = folder.state();
    interrupt(&folder, &all);
    assert!(is_interrupted(&folder.0));
    folder.put("src/a.rs", "// new, and longer than before\n// and mine\n");
    folder.put("src/gone.rs", "// written again\n");
    fs::remove_file(folder.0.join("graphwright.lock")).unwrap();
    folder.put("src/deep/er/c.rs", "// c\n");
    assert!(recover(&folder.0).unwrap());
    let mut expect = old;
    expect.insert(
        "src/a.rs".into(),
        "// new, and longer than before\n// and mine\n".into(),
    );
    expect.insert("src/gone.rs".into(), "// written again\n".into());
    expect.remove("graphwright.lock");
    expect.insert("src/deep/er/c.rs".into(), "// c\n".into());
    expect.insert("src/deep/er/".into(), String::new());
    expect.insert("src/deep/".into(), String::new());
    assert_eq!(folder.state(), expect);
    assert!(!recover(&folder.0).unwrap());
}

#[test]
fn a_journal_that_makes_no_sense_changes_nothing() {
    for text in [
        "",
        "graphwright journal 1\nreplace 00",
        "graphwright journal 2\nend\n",
    ] {
        let (folder, _) = begin("nonsense");
        let old = folder.state();
        folder.put(".graphwright/journal", text);
        folder.put(".graphwright/0.old", "x");
        folder.put(".graphwright/mine.txt", "not ours");
        assert!(!recover(&folder.0).unwrap());
        let mut now = folder.state();
        assert_eq!(now.remove(".graphwright/").as_deref(), Some(""));
        assert_eq!(
            now.remove(".graphwright/mine.txt").as_deref(),
            Some("not ours")
        );
        assert_eq!(now, old, "{text:?}");
    }
}

#[test]
fn what_changed_since_it_was_read_is_not_replaced() {
    let check = |name: &str, edit: &dyn Fn(&Folder)| {
        let (folder, all) = begin(name);
        edit(&folder);
        let before = folder.state();
        let error = commit(&folder.0, &all).unwrap_err();
        assert!(error.is_stale(), "{error}");
        assert!(error.to_string().ends_with("run it again"), "{error}");
        assert_eq!(folder.state(), before);
    };
    // A file that would be replaced, one that is only read, one that would be deleted, one that would be new.
    check("stale-a", &|folder| folder.put("src/a.rs", "// mine now\n"));
    check("stale-b", &|folder| folder.put("src/mine.rs", "// more\n"));
    check("stale-c", &|folder| {
        fs::remove_file(folder.0.join("src/gone.rs")).unwrap()
    });
    check("stale-d", &|folder| folder.put("src/é.rs", "// mine\n"));
}

/// A disk on which an editor saves a file just before it is replaced.
struct Saved(PathBuf, Cell<usize>);

impl Disk for Saved {
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let done = Real.rename(from, to);
        self.1.set(self.1.get() + 1);
        // Behind the journal's own.
        if self.1.get() == 2 {
            fs::write(&self.0, "// saved just now\n").unwrap();
        }
        done
    }
}

#[test]
fn a_file_that_is_saved_while_the_others_are_replaced_is_kept() {
    let (folder, all) = begin("saved");
    let mut expect = folder.state();
    let path = "src/a.rs";
    expect.insert(path.into(), "// saved just now\n".into());
    let disk = Saved(folder.0.join(path), Cell::new(0));
    let error = commit_on(&disk, &folder.0, &all).unwrap_err();
    assert!(error.is_stale() && error.path.ends_with("a.rs"), "{error}");
    assert_eq!(folder.state(), expect);
}

/// Each of several runs at once counts one up in two files; a run that comes too late begins again.
#[test]
fn runs_at_once_do_not_mix() {
    const RUNS: usize = 6;
    const ROUNDS: usize = 12;
    let folder = Folder::new("at-once");
    folder.put("a", "0");
    folder.put("deep/b", "0");
    let work = |root: &Path| {
        for _ in 0..ROUNDS {
            loop {
                recover(root).unwrap();
                let read = |path: &str| fs::read_to_string(root.join(path)).unwrap();
                let (a, b) = (read("a"), read("deep/b"));
                let next = (a.parse::<usize>().unwrap() + 1).to_string();
                let mut all = changes(&[("a", &next), ("deep/b", &next)], &[]);
                all.files.insert(format!("new/{next}"), next.clone());
                all.gone.insert(format!("new/{a}"));
                all.seen = BTreeMap::from([("a".into(), a), ("deep/b".into(), b)]);
                match commit(root, &all) {
                    // Another run has read the same and written the same: that one counted.
                    Ok(written) if written.is_empty() => {}
                    Ok(_) => break,
                    Err(error) => assert!(error.is_stale(), "{error}"),
                }
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..RUNS {
            scope.spawn(|| work(&folder.0));
        }
    });
    let last = (RUNS * ROUNDS).to_string();
    let expect = [
        ("a", last.as_str()),
        ("deep/", ""),
        ("deep/b", last.as_str()),
        ("new/", ""),
        (&format!("new/{last}"), last.as_str()),
    ];
    let expect = expect.map(|(path, text)| (path.to_owned(), text.to_owned()));
    assert_eq!(folder.state(), BTreeMap::from(expect));
}

#[test]
fn a_single_file_is_written_whole_and_only_when_it_differs() {
    let folder = Folder::new("alone");
    let path = folder.0.join("out/graphwright.rs");
    assert!(alone(&path, "// 1\n").unwrap());
    assert!(!alone(&path, "// 1\n").unwrap());
    assert!(alone(&path, "// 2\n").unwrap());
    assert_eq!(folder.get("out/graphwright.rs"), "// 2\n");
    let error = alone(&folder.0.join("out/graphwright.rs/x"), "").unwrap_err();
    assert!(
        error.to_string().contains("out/graphwright.rs/x"),
        "{error}"
    );
    assert_eq!(folder.state().len(), 2);
}
