//! `graphwright watch`: the project in step with its schema while that is being written.
//!
//! In: a project, changes of its files. Out: stubs, migrations and the lock after each change; one line each time.
//! Must not know: Cargo's build.
//!
//! A schema that is being typed has fields for a moment that nobody meant. So nothing is deleted here: what the schema
//! does not want any more stays until `graphwright sync` or a build.

use super::{Failure, Terminal, load_project};
use crate::load::{self, Loaded};
use crate::merge::How;
use crate::options::Options;
use crate::pipeline::{Output, inspect};
use crate::write::{self, FileError};
use notify::{Config, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

pub(super) const EXAMPLES: &str = "\
Examples:
  graphwright watch                      while you write schema/*.graphql and jobs.yaml
  graphwright watch -C services/booking  for a project elsewhere
  graphwright watch --poll               on network drives and in containers, where the system tells of no changes

After each change: what `graphwright sync` does, except that nothing is deleted. Stubs of fields that are gone stay until
`graphwright sync`, or a build. A mistake in the schema is told, and nothing is written until it is mended.
Ctrl-C ends it, with exit code 0.";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Look at the files twice a second instead of waiting to be told
    #[arg(long)]
    poll: bool,
}

/// Changes that follow each other within this are one.
const QUIET: Duration = Duration::from_millis(60);

/// However many follow, they do not wait longer than this.
const PATIENCE: Duration = Duration::from_millis(500);

/// How often `--poll` looks.
const POLL: Duration = Duration::from_millis(500);

/// How often a run begins anew because a file was saved while it went on.
const ATTEMPTS: usize = 4;

/// What happens while nobody does anything.
enum Event {
    Changed(Vec<PathBuf>),
    Stop,
}

pub(super) fn run(args: &Args, dir: &Path, terminal: &mut Terminal<'_>) -> Result<u8, Failure> {
    // What a killed run left half done.
    write::recover(dir)?;
    let (events, happened) = mpsc::channel();
    stop_on_ctrl_c(events.clone())?;
    let mut watcher = watcher(args.poll, events)?;
    // What the system tells of is named in full.
    let root = dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
    let mut watched = BTreeSet::new();
    let mut state = once(dir, "", terminal)?;
    writeln!(terminal.err, "watching {}; Ctrl-C stops", state.shown())?;
    loop {
        watch(&mut *watcher, &root, &state.watches(&root), &mut watched)?;
        terminal.err.flush()?;
        let Some(changed) = next(&happened, &|path| state.concerns(&root, path)) else {
            writeln!(terminal.err, "stopped")?;
            return Ok(0);
        };
        state = once(dir, &named(&root, &changed), terminal)?;
    }
}

/// What is watched, and how the last run ended.
struct State {
    options: Options,
    /// The SDL files that there were.
    schema: Vec<String>,
    /// Whether it had errors: then stubs that are mended are of interest, too.
    failed: bool,
}

impl State {
    /// Folders to watch, and whether with all below them.
    fn watches(&self, root: &Path) -> BTreeMap<PathBuf, bool> {
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
        found.retain(|path, _| path.is_dir());
        found
    }

    /// Whether a change of this file asks for a run.
    fn concerns(&self, root: &Path, path: &Path) -> bool {
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
        !hidden && (name == "Cargo.toml" || name == self.options.jobs || is_stub || is_schema())
    }

    fn shown(&self) -> String {
        let mut all = self.options.schema.clone();
        all.push(self.options.jobs.clone());
        all.join(", ")
    }
}

/// One run, and its line.
fn once(dir: &Path, cause: &str, terminal: &mut Terminal<'_>) -> Result<State, Failure> {
    let begun = Instant::now();
    let (run, written) = settled(dir)?;
    let Loaded {
        inputs,
        options,
        diagnostics,
    } = run.loaded;
    terminal.report(&diagnostics, &inputs.sources)?;
    let failed = written.is_err() || diagnostics.has_errors();
    let line = match written {
        Err(error) => error.to_string(),
        Ok(()) if !run.output.sound => {
            "nothing was written; waiting for it to be mended".to_owned()
        }
        Ok(()) => line(&run.output),
    };
    let cause = match cause {
        "" => String::new(),
        cause => format!("{cause}: "),
    };
    let took = begun.elapsed().as_millis();
    writeln!(terminal.err, "{cause}{line} ({took} ms)")?;
    let schema = inputs.schema.iter();
    Ok(State {
        schema: schema
            .map(|file| inputs.sources.file(*file).name.clone())
            .collect(),
        options,
        failed,
    })
}

/// What was read, and what came of it.
struct Run {
    loaded: Loaded,
    output: Output,
}

/// Reads, generates and writes; anew if somebody saves a file in between.
fn settled(dir: &Path) -> Result<(Run, Result<(), FileError>), Failure> {
    for _ in 0..ATTEMPTS {
        let run = run_once(dir)?;
        match write::commit(dir, &run.output.changes(&run.loaded.inputs)) {
            Err(error) if error.is_stale() => {}
            written => return Ok((run, written.map(drop))),
        }
    }
    let run = run_once(dir)?;
    let written = write::commit(dir, &run.output.changes(&run.loaded.inputs));
    Ok((run, written.map(drop)))
}

fn run_once(dir: &Path) -> Result<Run, Failure> {
    let mut loaded = load_project(dir)?;
    loaded.options.choices.keep_all = true;
    let mut output = match loaded.diagnostics.has_errors() {
        true => Output::default(),
        false => inspect(&loaded.inputs, &loaded.options),
    };
    let found = std::mem::take(&mut output.diagnostics);
    loaded.diagnostics.extend(found);
    Ok(Run { loaded, output })
}

/// What a run did, in one line.
fn line(output: &Output) -> String {
    let mut parts = Vec::new();
    let mut say = |verb: &str, names: Vec<&str>| {
        if !names.is_empty() {
            parts.push(format!("{verb} {}", few(&names)));
        }
    };
    let added = output.added.iter();
    say(
        "added",
        added
            .filter_map(|added| added.coordinate.as_deref())
            .collect(),
    );
    let changed = |wanted: fn(&How) -> bool| -> Vec<&str> {
        let changed = output.changed.iter().filter(|c| wanted(&c.how));
        changed.map(|c| &*c.coordinate).collect()
    };
    say("changed", changed(|how| *how == How::Retyped));
    say("renamed", changed(|how| matches!(how, How::Renamed(_))));
    let written = output.files.keys().filter(|path| path.ends_with(".sql"));
    say("wrote", written.map(String::as_str).collect());
    let kept: Vec<&str> = output.kept.iter().map(|kept| &*kept.coordinate).collect();
    if !kept.is_empty() {
        let one = kept.len() == 1;
        let (is, stub, takes) = match one {
            true => ("is", "its stub stays", "says what becomes of it"),
            false => ("are", "their stubs stay", "says what becomes of them"),
        };
        parts.push(format!(
            "{} {is} gone, {stub} (`graphwright sync` {takes})",
            few(&kept)
        ));
    }
    match parts.is_empty() {
        true => "everything is in step with the schema".to_owned(),
        false => parts.join("; "),
    }
}

/// The first few names, and how many more there are.
fn few(names: &[&str]) -> String {
    let shown: Vec<String> = names
        .iter()
        .take(3)
        .map(|name| format!("`{name}`"))
        .collect();
    match names.len() {
        n if n > 3 => format!("{} and {} more", shown.join(", "), n - 3),
        _ => shown.join(", "),
    }
}

/// The files whose change was the cause.
fn named(root: &Path, changed: &BTreeSet<PathBuf>) -> String {
    let names: Vec<String> = changed
        .iter()
        .map(|path| {
            path.strip_prefix(root)
                .unwrap_or(path)
                .display()
                .to_string()
        })
        .collect();
    match &names[..] {
        [] => String::new(),
        [one] => one.clone(),
        [first, rest @ ..] => format!("{first} and {} more", rest.len()),
    }
}

/// Waits for changes that concern us, and for the quiet behind them; `None` when it is time to go.
fn next(happened: &Receiver<Event>, concerns: &dyn Fn(&Path) -> bool) -> Option<BTreeSet<PathBuf>> {
    let mut changed = BTreeSet::new();
    let mut until: Option<Instant> = None;
    loop {
        let event = match until {
            None => happened.recv().ok()?,
            Some(until) => {
                let left = until.saturating_duration_since(Instant::now());
                match happened.recv_timeout(QUIET.min(left)) {
                    Ok(event) => event,
                    Err(RecvTimeoutError::Timeout) => return Some(changed),
                    Err(RecvTimeoutError::Disconnected) => return None,
                }
            }
        };
        match event {
            Event::Stop => return None,
            Event::Changed(paths) => changed.extend(paths.into_iter().filter(|p| concerns(p))),
        }
        if !changed.is_empty() && until.is_none() {
            until = Some(Instant::now() + PATIENCE);
        }
    }
}

fn watcher(poll: bool, events: Sender<Event>) -> Result<Box<dyn Watcher>, Failure> {
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
fn watch(
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

/// A run that is under way ends before the program does.
fn stop_on_ctrl_c(events: Sender<Event>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::Output)?;
    std::thread::spawn(move || {
        if runtime.block_on(tokio::signal::ctrl_c()).is_ok() {
            let _ = events.send(Event::Stop);
        }
    });
    Ok(())
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

    #[test]
    fn changes_that_follow_each_other_are_one() {
        let (send, happened) = mpsc::channel();
        for name in ["a", "skip", "b", "a"] {
            send.send(Event::Changed(vec![PathBuf::from(name)]))
                .unwrap();
        }
        let changed = next(&happened, &|path| path != Path::new("skip"));
        assert_eq!(changed, Some(BTreeSet::from(["a".into(), "b".into()])));
        send.send(Event::Changed(vec![PathBuf::from("skip")]))
            .unwrap();
        send.send(Event::Stop).unwrap();
        assert_eq!(next(&happened, &|path| path != Path::new("skip")), None);
    }

    #[test]
    fn a_line_names_a_few() {
        assert_eq!(few(&["a"]), "`a`");
        assert_eq!(few(&["a", "b", "c", "d", "e"]), "`a`, `b`, `c` and 2 more");
        let changed = BTreeSet::from([PathBuf::from("/p/a"), "/p/b".into(), "/p/c".into()]);
        assert_eq!(named(Path::new("/p"), &changed), "a and 2 more");
        assert_eq!(
            line(&Output::default()),
            "everything is in step with the schema"
        );
    }
}
