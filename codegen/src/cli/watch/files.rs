//! Which files are of interest, and how their changes are noticed.
//!
//! In: settings, the package's folder. Out: folders to watch, and events. Must not know: what a run does.

use super::{Event, Failure};
use crate::load;
use crate::options::Options;
use notify::{Config, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::time::Duration;

/// How often `--poll` looks.
const POLL: Duration = Duration::from_millis(500);

/// What is watched, and how the last run ended.
pub(super) struct State {
    pub(super) options: Options,
    /// The SDL files that there were.
    pub(super) schema: Vec<String>,
    /// Whether it had errors: then stubs that are mended are of interest, too.
    pub(super) failed: bool,
}

impl State {
    /// Folders to watch, and whether with all below them.
    pub(super) fn watches(&self, root: &Path) -> BTreeMap<PathBuf, bool> {
        let mut found = BTreeMap::from([(root.to_owned(), false)]);
        let mut add = |path: PathBuf, deep: bool| {
            *found.entry(path).or_default() |= deep;
        };
        let parent = |path: &Path| path.parent().map_or(root.to_owned(), Path::to_owned);
        for path in load::schema_roots(&self.options) {
            let path = root.join(path);
            match path.is_dir() {
                true => add(path, true),
                // An editor may well write another file and rename it: the folder sees that.
                false => add(parent(&path), false),
            }
        }
        for path in self.schema.iter().chain([&self.options.jobs]) {
            add(parent(&root.join(path)), false);
        }
        add(root.join("src"), true);
        if self.anywhere() {
            let entries = fs::read_dir(root).into_iter().flatten().flatten();
            let folders = entries.map(|entry| entry.path());
            folders
                .filter(|path| path.is_dir() && may_hold_schema(root, path))
                .for_each(|path| add(path, true));
        }
        found.retain(|path, _| path.is_dir());
        found
    }

    /// Whether a pattern such as `**/*.graphql` may name files in any folder of the package. The package itself is not
    /// watched with all below it: there lies what builds write.
    fn anywhere(&self) -> bool {
        let mut patterns = self.options.schema.iter();
        patterns.any(|pattern| {
            let first = pattern.split_once('/').map_or("", |(first, _)| first);
            first.contains(['*', '?', '['])
        })
    }

    /// Whether a change of this file asks for a run.
    pub(super) fn concerns(&self, root: &Path, path: &Path) -> bool {
        let Ok(name) = path.strip_prefix(root) else {
            // Schema files may lie outside of the package.
            return path.extension().is_some_and(|e| e == "graphql");
        };
        let name = name.to_string_lossy().replace('\\', "/");
        let hidden = name
            .rsplit('/')
            .next()
            .is_some_and(|file| file.starts_with('.'));
        let is_schema = || {
            let below =
                |folder: &String| name == *folder || name.starts_with(&format!("{folder}/"));
            let wanted = |pattern: &String| {
                glob::Pattern::new(pattern).is_ok_and(|pattern| pattern.matches(&name))
            };
            self.options.schema.iter().any(wanted)
                || load::schema_roots(&self.options).iter().any(below)
        };
        let is_stub = self.failed && name.starts_with("src/") && name.ends_with(".rs");
        // A folder that comes may bring files, and has to be watched from now on.
        let is_folder = || self.anywhere() && path.is_dir() && may_hold_schema(root, path);
        !hidden
            && (is_folder()
                || name == "Cargo.toml"
                || name == self.options.jobs
                || is_stub
                || is_schema())
    }

    pub(super) fn shown(&self) -> String {
        let mut all = self.options.schema.clone();
        all.push(self.options.jobs.clone());
        all.join(", ")
    }
}

/// Whether a folder right in the package is neither hidden nor Cargo's own.
fn may_hold_schema(root: &Path, path: &Path) -> bool {
    let name = path.strip_prefix(root).unwrap_or(path).to_string_lossy();
    !name.is_empty() && !name.starts_with('.') && name != "target" && !name.contains(['/', '\\'])
}

pub(super) fn watcher(poll: bool, events: Sender<Event>) -> Result<Box<dyn Watcher>, Failure> {
    let tell = move |event: notify::Result<notify::Event>| {
        // A file that is only read has not changed.
        let paths = match event {
            Ok(event) if event.kind.is_access() => return,
            Ok(event) => event.paths,
            Err(error) => error.paths,
        };
        let _ = events.send(Event::Changed(paths));
    };
    let made: notify::Result<Box<dyn Watcher>> = match poll {
        true => PollWatcher::new(
            tell,
            Config::default()
                .with_poll_interval(POLL)
                .with_compare_contents(true),
        )
        .map(|watcher| Box::new(watcher) as Box<dyn Watcher>),
        false => RecommendedWatcher::new(tell, Config::default())
            .map(|watcher| Box::new(watcher) as Box<dyn Watcher>),
    };
    made.map_err(|error| cannot_watch(&error))
}

/// Watches what is not watched yet.
pub(super) fn watch(
    watcher: &mut dyn Watcher,
    root: &Path,
    wanted: &BTreeMap<PathBuf, bool>,
    watched: &mut BTreeSet<PathBuf>,
) -> Result<(), Failure> {
    // A folder that was deleted and made again is another one.
    watched.retain(|path| path.is_dir() || path == root);
    for (path, deep) in wanted {
        if watched.insert(path.clone()) {
            let mode = match deep {
                true => RecursiveMode::Recursive,
                false => RecursiveMode::NonRecursive,
            };
            watcher
                .watch(path, mode)
                .map_err(|error| cannot_watch(&error))?;
        }
    }
    Ok(())
}

fn cannot_watch(error: &notify::Error) -> Failure {
    Failure::Told(format!(
        "cannot watch files: {error}\n\nTry `graphwright watch --poll`, which looks at them instead."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(failed: bool) -> State {
        State {
            options: Options {
                schema: vec!["schema/*.graphql".into(), "api/public.graphql".into()],
                ..Options::default()
            },
            schema: vec!["schema/a.graphql".into()],
            failed,
        }
    }

    #[test]
    fn a_pattern_for_all_folders_watches_all_but_what_builds_write() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        for path in ["api/v1", "target/debug", ".git", "src", "docs"] {
            fs::create_dir_all(root.join(path)).unwrap();
        }
        let mut state = state(false);
        let names = |state: &State| -> Vec<String> {
            let deep = state.watches(root).into_iter().filter(|(_, deep)| *deep);
            deep.map(|(path, _)| path.strip_prefix(root).unwrap().display().to_string())
                .collect()
        };
        state.options.schema = vec!["api/**/*.graphql".to_owned()];
        assert_eq!(names(&state), ["api", "src"]);
        assert!(state.concerns(root, &root.join("api/v1/deep/a.graphql")));
        assert!(!state.concerns(root, &root.join("docs")));
        state.options.schema = vec!["**/*.graphql".to_owned()];
        assert_eq!(names(&state), ["api", "docs", "src"]);
        for (path, expect) in [
            ("a.graphql", true),
            ("api/v1/deep/a.graphql", true),
            ("docs", true),
            ("docs/a.md", false),
            ("target", false),
            ("target/debug", false),
            (".git", false),
        ] {
            assert_eq!(state.concerns(root, &root.join(path)), expect, "{path}");
        }
    }

    #[test]
    fn only_what_is_read_asks_for_a_run() {
        let root = Path::new("/p");
        let check = |failed: bool, path: &str, expect: bool| {
            assert_eq!(
                state(failed).concerns(root, Path::new(path)),
                expect,
                "{path}"
            );
        };
        for path in [
            "/p/schema/a.graphql",
            "/p/schema/new.graphql",
            "/p/api/public.graphql",
            "/p/jobs.yaml",
            "/p/Cargo.toml",
            "/shared/x.graphql",
            "/p/schema",
        ] {
            check(false, path, true);
        }
        for path in [
            "/p/target/debug/x",
            "/p/api/other.graphql",
            "/p/graphwright.lock",
            "/p/schema/.a.graphql.swp",
            "/p/README.md",
            "/p/src/.lib.rs.graphwright-1",
        ] {
            check(true, path, false);
        }
        check(false, "/p/src/resolvers/a.rs", false);
        check(true, "/p/src/resolvers/a.rs", true);
    }
}
