//! One run while somebody watches, and its line.
//!
//! In: a project. Out: its files in step with the schema, but nothing deleted; a line that says so.
//! Must not know: what was the cause, who waits for the next run.

use super::files::State;
use super::{Failure, Terminal};
use crate::cli::load_project;
use crate::load::{Inputs, Loaded};
use crate::merge::How;
use crate::options::Options;
use crate::pipeline::{Output, inspect};
use crate::write::{self, FileError};
use std::path::Path;
use std::time::Instant;

/// How often a run begins anew because a file was saved while it went on.
const ATTEMPTS: usize = 4;

/// One run, and its line.
pub(super) fn turn(dir: &Path, cause: &str, terminal: &mut Terminal<'_>) -> Result<State, Failure> {
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
    Ok(state(&inputs, options, failed))
}

/// What is to be watched before the first run.
pub(super) fn begin(dir: &Path) -> Result<State, Failure> {
    let Loaded {
        inputs, options, ..
    } = load_project(dir)?;
    Ok(state(&inputs, options, false))
}

fn state(inputs: &Inputs, options: Options, failed: bool) -> State {
    let schema = inputs.schema.iter();
    State {
        schema: schema
            .map(|file| inputs.sources.file(*file).name.clone())
            .collect(),
        options,
        failed,
    }
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
    let behind = output.behind.iter();
    let behind: Vec<&str> = behind.map(|behind| &*behind.coordinate).collect();
    if !behind.is_empty() {
        parts.push(format!(
            "left {}, whose signature differs (`graphwright sync` says more)",
            few(&behind)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merge::{Behind, Kept};

    #[test]
    fn a_line_names_a_few() {
        assert_eq!(few(&["a"]), "`a`");
        assert_eq!(few(&["a", "b", "c", "d", "e"]), "`a`, `b`, `c` and 2 more");
        assert_eq!(
            line(&Output::default()),
            "everything is in step with the schema"
        );
    }

    #[test]
    fn a_line_tells_what_is_left_to_a_hand() {
        let behind = Behind {
            coordinate: "Query.b".to_owned(),
            span: None,
            place: "src/a.rs:1".to_owned(),
            signature: String::new(),
            can_follow: true,
        };
        let kept = Kept {
            coordinate: "Query.a".to_owned(),
            place: "src/a.rs:2".to_owned(),
            like: None,
        };
        let output = Output {
            kept: vec![kept],
            behind: vec![behind],
            ..Output::default()
        };
        let kept = "`Query.a` is gone, its stub stays (`graphwright sync` says what becomes of it)";
        let behind = "left `Query.b`, whose signature differs (`graphwright sync` says more)";
        assert_eq!(line(&output), format!("{kept}; {behind}"));
    }
}
