//! `graphwright diff`: what clients of the API feel of a change.
//!
//! In: two versions of a schema, from git, files, a running server or the project. Out: every change, graded.
//! Must not know: what makes a change breaking.

mod endpoint;
mod git;
mod version;

use super::style::{Style, paint};
use super::{Failure, Terminal, load_project};
use crate::compare::{self, Change, Level};
use crate::diagnostic::Severity;
use crate::source::Span;
use serde_json::{Value, json};
use std::path::Path;
use version::Version;

pub(super) const EXAMPLES: &str = "\
Examples:
  graphwright diff                                what the changes since the last commit mean to clients
  graphwright diff main                           since a branch, a tag or any other revision of git
  graphwright diff --fail-on dangerous main       exit code 1 for dangerous changes, too
  graphwright diff old.graphql                    against SDL: a file, or a folder of them
  graphwright diff schema.json                    against the answer to an introspection query in a file
  graphwright diff https://api.example.com/graphql --header 'Authorization: Bearer TOKEN'
                                                  against what runs there
  graphwright diff v1.2 --to v1.3                 between any two of these
  graphwright diff main --json | jq -r '.changes[] | select(.level == \"breaking\") | .coordinate'

breaking   operations that were valid are refused, or results are not what clients were promised
dangerous  operations stay valid, but clients may meet what they were not written for
safe       everything else

Between versions of a project, changes of who may do what are told, too. A field that is renamed with @renamedFrom is
gone under its old name as far as clients can tell.

Exit code 0: nothing breaks (see --fail-on). 1: something does. 2: there is no answer, for a version cannot be read or
has mistakes, or the command line makes no sense.";

/// The version that lies in the folder, as messages call it.
const PROJECT: &str = "the project";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The version to compare with: a git revision, SDL (file or folder), introspection (*.json) or an http(s) address
    #[arg(value_name = "BASE", default_value = "HEAD", conflicts_with = "git")]
    base: String,
    /// Take BASE for a git revision, whatever files there are
    #[arg(long, value_name = "REVISION")]
    git: Option<String>,
    /// The version to look at, in any form that BASE has; without it, the project in this folder
    #[arg(long, value_name = "VERSION")]
    to: Option<String>,
    /// Send this header with the introspection query: 'Name: value'
    #[arg(long, value_name = "HEADER", value_parser = header)]
    header: Vec<(String, String)>,
    /// The gravest changes that are not there with exit code 0
    #[arg(long, value_name = "LEVEL", default_value = "breaking")]
    fail_on: FailOn,
    /// Print changes as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum FailOn {
    Breaking,
    Dangerous,
    None,
}

fn header(text: &str) -> Result<(String, String), String> {
    match text.split_once(':') {
        Some((name, value)) if !name.trim().is_empty() => {
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err("write 'Name: value'".to_owned()),
    }
}

pub(super) fn run(args: &Args, dir: &Path, terminal: &mut Terminal<'_>) -> Result<u8, Failure> {
    let name = args.git.as_ref().unwrap_or(&args.base);
    let base = terminal.busy(&format!("reading {name}"), || match &args.git {
        Some(revision) => git::read(dir, revision),
        None => version::read(dir, &args.base, &args.header),
    })?;
    let name = args.to.as_deref().unwrap_or(PROJECT);
    let to = terminal.busy(&format!("reading {name}"), || match &args.to {
        Some(to) => version::read(dir, to, &args.header),
        None => Ok(version::of(load_project(dir)?, PROJECT.to_owned(), true)),
    })?;
    for side in [&base, &to] {
        if side.diagnostics.has_errors() {
            // What is only worth a look is not what stops us.
            let all = side.diagnostics.sorted().into_iter();
            for error in all.filter(|d| d.severity == Severity::Error) {
                writeln!(
                    terminal.err,
                    "{}",
                    error.render(&side.sources, terminal.colour)
                )?;
            }
            return Err(Failure::Told(format!(
                "the schema of {} has mistakes: nothing was compared",
                side.name
            )));
        }
    }
    let changes = terminal.busy("comparing", || changes(&base, &to));
    match args.json {
        true => terminal.json(&answer(&base, &to, &changes))?,
        false => tell(&base, &to, &changes, terminal)?,
    }
    let worst = changes.first().map(|change| change.level);
    let failed = match args.fail_on {
        FailOn::Breaking => worst == Some(Level::Breaking),
        FailOn::Dangerous => matches!(worst, Some(Level::Breaking | Level::Dangerous)),
        FailOn::None => false,
    };
    Ok(u8::from(failed))
}

fn changes(base: &Version, to: &Version) -> Vec<Change> {
    let mut changes = compare::compare(&base.schema, &to.schema);
    // Introspection does not tell which directives stand where.
    if base.is_introspected || to.is_introspected {
        changes.retain(|c| !["COST_CHANGED", "CACHE_CHANGED"].contains(&c.kind));
    }
    if let (Some(before), Some(after)) = (&base.access, &to.access) {
        changes.extend(compare::access_changes(before, after));
        compare::sort(&mut changes);
    }
    changes
}

fn tell(
    base: &Version,
    to: &Version,
    changes: &[Change],
    terminal: &mut Terminal<'_>,
) -> Result<(), Failure> {
    let wide = changes.iter().map(|c| c.coordinate.chars().count()).max();
    // One long name must not push all others away.
    let wide = wide.unwrap_or_default().min(40);
    for change in changes {
        let style = match change.level {
            Level::Breaking => Style::Red,
            Level::Dangerous => Style::Yellow,
            Level::Safe => Style::Green,
        };
        let level = paint(
            terminal.out_colour,
            style,
            &format!("{:<9}", change.level.to_string()),
        );
        let coordinate = paint(
            terminal.out_colour,
            Style::Bold,
            &format!("{:<wide$}", change.coordinate),
        );
        let place = match place_of(base, to, change) {
            Some(place) => paint(terminal.out_colour, Style::Dim, &format!("  ({place})")),
            None => String::new(),
        };
        writeln!(
            terminal.out,
            "{level}  {coordinate}  {}{place}",
            change.message
        )?;
    }
    terminal.out.flush()?;
    writeln!(terminal.err, "{}", summary(base, to, changes))?;
    Ok(())
}

/// `schema/a.graphql:3:5`: where it stands now, or stood.
fn place_of(base: &Version, to: &Version, change: &Change) -> Option<String> {
    let shown = |place: Place| format!("{}:{}:{}", place.file, place.line, place.column);
    place(to, change.after)
        .or_else(|| place(base, change.before))
        .map(shown)
}

struct Place {
    file: String,
    line: u32,
    column: u32,
}

fn place(version: &Version, span: Option<Span>) -> Option<Place> {
    let span = span.filter(|span| (span.file.0 as usize) < version.sources.0.len())?;
    if version.is_introspected {
        return None;
    }
    let at = version.sources.line_col(span);
    Some(Place {
        file: version.sources.file(span.file).name.clone(),
        line: at.line,
        column: at.column,
    })
}

fn summary(base: &Version, to: &Version, changes: &[Change]) -> String {
    let count = |level| changes.iter().filter(|c| c.level == level).count();
    let between = match to.name == PROJECT {
        true => format!("since {}", base.name),
        false => format!("from {} to {}", base.name, to.name),
    };
    match changes.len() {
        0 => format!("clients see no change {between}"),
        n => format!(
            "{n} change{} {between}: {} breaking, {} dangerous, {} safe",
            if n == 1 { "" } else { "s" },
            count(Level::Breaking),
            count(Level::Dangerous),
            count(Level::Safe)
        ),
    }
}

fn answer(base: &Version, to: &Version, changes: &[Change]) -> Value {
    let count = |level| changes.iter().filter(|c| c.level == level).count();
    let at = |version: &Version, span| {
        place(version, span).map(|p| json!({ "file": p.file, "line": p.line, "column": p.column }))
    };
    let changes_json: Vec<Value> = changes
        .iter()
        .map(|c| {
            json!({
                "level": c.level.to_string(),
                "kind": c.kind,
                "coordinate": c.coordinate,
                "message": c.message,
                "before": at(base, c.before),
                "after": at(to, c.after),
            })
        })
        .collect();
    json!({
        "base": base.name,
        "to": to.name,
        "breaking": count(Level::Breaking),
        "dangerous": count(Level::Dangerous),
        "safe": count(Level::Safe),
        "changes": changes_json,
    })
}
