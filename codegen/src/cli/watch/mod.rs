//! `graphwright watch`: the project in step with its schema while that is being written.
//!
//! In: a project, changes of its files. Out: stubs, migrations and the lock after each change; one line each time.
//! Must not know: Cargo's build.
//!
//! A schema that is being typed has fields for a moment that nobody meant. So nothing is deleted here: what the schema
//! does not want any more stays until `graphwright sync` or a build.

mod files;
mod turn;

use super::{Failure, Terminal};
use crate::write;
use files::{watch, watcher};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};
use turn::turn;

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
    // Watched before it is read: nothing that is saved meanwhile is missed.
    let wanted = turn::begin(dir)?.watches(&root);
    watch(&mut *watcher, &root, &wanted, &mut watched)?;
    let mut state = turn(dir, "", terminal)?;
    writeln!(terminal.err, "watching {}; Ctrl-C stops", state.shown())?;
    loop {
        watch(&mut *watcher, &root, &state.watches(&root), &mut watched)?;
        terminal.err.flush()?;
        let Some(changed) = next(&happened, &|path| state.concerns(&root, path)) else {
            writeln!(terminal.err, "stopped")?;
            return Ok(0);
        };
        match turn(dir, &named(&root, &changed), terminal) {
            Ok(now) => state = now,
            Err(Failure::Output(error)) => return Err(Failure::Output(error)),
            // An editor that writes `Cargo.toml` anew may take it away for a moment.
            Err(failure) => {
                writeln!(terminal.err, "error: {failure}")?;
                state.failed = true;
            }
        }
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
    fn causes_are_named_by_the_first() {
        let changed = BTreeSet::from([PathBuf::from("/p/a"), "/p/b".into(), "/p/c".into()]);
        assert_eq!(named(Path::new("/p"), &changed), "a and 2 more");
    }
}
