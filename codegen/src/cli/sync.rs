//! `graphwright sync`: what a development build does to the package's own files, anywhere and on demand.
//!
//! In: a project, and what is to become of what the schema does not want any more. Out: stubs, migrations and the lock in
//! step with the schema. Must not know: Cargo's build.

use super::done::done;
use super::{Failure, Terminal, load_project};
use crate::load::{Inputs, Loaded};
use crate::lock;
use crate::merge::{self, How, Left, Moved};
use crate::options::Choices;
use crate::pipeline::{Output, inspect};
use crate::write;
use std::collections::BTreeSet;
use std::path::Path;

pub(super) const EXAMPLES: &str = "\
Examples:
  graphwright sync                                        bring src/ and migrations/ in step with the schema
  graphwright sync --rename Query.search=Query.find       a field has a new name: its method gets it, too
  graphwright sync --rename Book=Tome                     a type has
  graphwright sync --detach Query.search                  the field is gone: keep what you wrote, as a method of your own
  graphwright sync --delete Query.search                  the field is gone: its method may go
  graphwright sync --follow Query.search                  after a merge of branches: its signature is to be the schema's
  graphwright sync --relayout                             after `layout` or the schema's files changed: move stubs there
  graphwright sync --accept-migrations                    after writing a migration by hand
  graphwright sync -C services/booking                    for a project elsewhere

What you wrote is never lost: methods are inserted, signatures follow the schema where they still are as generated, and
only stubs that nobody has touched go with their fields.";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A field or type that has a new name; its stub follows
    #[arg(long, value_name = "OLD=NEW", value_parser = renamed)]
    rename: Vec<(String, String)>,
    /// Move the edited method of a field that is gone out of the trait's block, into one of your own
    #[arg(long, value_name = "TYPE.FIELD")]
    detach: Vec<String>,
    /// Delete the edited method of a field that is gone
    #[arg(long, value_name = "TYPE.FIELD")]
    delete: Vec<String>,
    /// Give a method the schema's signature though graphwright.lock says that it has it, as after a merge of branches
    #[arg(long, value_name = "TYPE.FIELD")]
    follow: Vec<String>,
    /// Move stubs to the files that `layout` names, byte for byte
    #[arg(long)]
    relayout: bool,
    /// Take the models as what the files in migrations/ lead to
    #[arg(long)]
    accept_migrations: bool,
    /// Print what was done as JSON on standard output
    #[arg(long)]
    json: bool,
}

fn renamed(text: &str) -> Result<(String, String), String> {
    let depth = |name: &str| name.split('.').filter(|part| !part.is_empty()).count();
    match text.split_once('=') {
        Some((old, new)) if depth(old) == depth(new) && (1..=2).contains(&depth(old)) => {
            Ok((old.to_owned(), new.to_owned()))
        }
        _ => Err("write `Type.old=Type.new` for a field, `Old=New` for a type".to_owned()),
    }
}

pub(super) fn run(args: &Args, dir: &Path, terminal: &mut Terminal<'_>) -> Result<u8, Failure> {
    if write::recover(dir)? {
        writeln!(
            terminal.err,
            "undid what a run had begun that was killed; now anew"
        )?;
    }
    let mut attempt = 1;
    loop {
        match once(args, dir, terminal) {
            // Somebody saved a file that had been read: what they wrote counts.
            Err(Failure::File(error)) if error.is_stale() && attempt < 5 => attempt += 1,
            other => return other,
        }
    }
}

fn once(args: &Args, dir: &Path, terminal: &mut Terminal<'_>) -> Result<u8, Failure> {
    let Loaded {
        inputs,
        mut options,
        mut diagnostics,
    } = load_project(dir)?;
    options.accept_migrations = args.accept_migrations;
    options.choices = Choices {
        detach: args.detach.iter().cloned().collect(),
        delete: args.delete.iter().cloned().collect(),
        follow: args.follow.iter().cloned().collect(),
        renames: args.rename.iter().cloned().collect(),
        relayout: args.relayout,
        ..Choices::default()
    };
    if diagnostics.has_errors() && !args.json {
        return terminal.report(&diagnostics, &inputs.sources);
    }
    let mut output = match diagnostics.has_errors() {
        true => Output::default(),
        false => terminal.busy("comparing stubs", || inspect(&inputs, &options)),
    };
    if output.sound {
        useless(args, &inputs, &output)?;
    }
    diagnostics.extend(std::mem::take(&mut output.diagnostics));
    merge::kept(&output.kept, false, &mut diagnostics);
    merge::behind(&output.behind, false, &mut diagnostics);
    let changed = write::commit(dir, &output.changes(&inputs))?;
    // What was asked for and could not be done is no success.
    let code = u8::from(diagnostics.has_errors() || !output.moved.1.is_empty());
    if args.json {
        let answer = done(&output, &changed, &diagnostics, &inputs.sources);
        terminal.json(&answer)?;
        return Ok(code);
    }
    terminal.report(&diagnostics, &inputs.sources)?;
    tell(&output, terminal)?;
    moves(&output, terminal)?;
    for path in changed
        .iter()
        .filter(|path| path.ends_with(".sql") || path.ends_with(".json"))
    {
        writeln!(terminal.err, "wrote {path}")?;
    }
    if changed.is_empty() && code == 0 {
        writeln!(terminal.err, "everything is in step with the schema")?;
    }
    Ok(code)
}

/// What was done, one line each.
fn tell(output: &Output, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    for added in &output.added {
        let what = added.coordinate.as_deref().unwrap_or(&added.text);
        writeln!(terminal.err, "added `{what}` to {}", added.file)?;
    }
    for changed in &output.changed {
        let (coordinate, place) = (&changed.coordinate, &changed.place);
        match &changed.how {
            How::Retyped => writeln!(terminal.err, "changed `{coordinate}` at {place}")?,
            How::Renamed(old) => {
                writeln!(terminal.err, "renamed `{old}` to `{coordinate}` at {place}")?
            }
            How::Deleted => writeln!(
                terminal.err,
                "deleted `{coordinate}`, which stood at {place}"
            )?,
            How::Detached => writeln!(
                terminal.err,
                "detached `{coordinate}`, which stood at {place}"
            )?,
        }
    }
    for path in &output.deleted {
        writeln!(terminal.err, "deleted {path}, which held nothing any more")?;
    }
    Ok(())
}

/// What was moved, and what could not be.
fn moves(output: &Output, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    let (moved, left) = &output.moved;
    for moved in moved {
        let Moved {
            trait_name,
            from,
            to,
            ..
        } = moved;
        write!(terminal.err, "moved `{trait_name}` from {from} to {to}")?;
        let with: Vec<String> = moved.with.iter().map(|name| format!("`{name}`")).collect();
        match with.is_empty() {
            true => writeln!(terminal.err)?,
            false => writeln!(terminal.err, ", with {}", with.join(", "))?,
        }
        for import in &moved.imports {
            writeln!(terminal.err, "  {to} imports it, too: {import}")?;
        }
    }
    for left in left {
        let Left {
            trait_name,
            place,
            to,
            reason,
        } = left;
        writeln!(
            terminal.err,
            "left `{trait_name}` at {place}, not in {to}: {reason}"
        )?;
    }
    Ok(())
}

/// A choice about something that is not there is a slip of the keyboard: nothing is written.
fn useless(args: &Args, inputs: &Inputs, output: &Output) -> Result<(), Failure> {
    let settled = |coordinate: &String| {
        output
            .changed
            .iter()
            .any(|changed| changed.coordinate == *coordinate)
    };
    let gone = args.detach.iter().chain(&args.delete);
    if let Some(name) = gone.into_iter().find(|name| !settled(name)) {
        let left: BTreeSet<&str> = output.kept.iter().map(|kept| &*kept.coordinate).collect();
        let left = match left.is_empty() {
            true => "there is none".to_owned(),
            false => format!(
                "there is {}",
                left.into_iter().collect::<Vec<_>>().join(", ")
            ),
        };
        return Err(Failure::Told(format!(
            "`{name}` is no edited method of a field that is gone; {left}"
        )));
    }
    if let Some(name) = args.follow.iter().find(|name| !settled(name)) {
        return Err(Failure::Told(format!(
            "`{name}` has no method whose signature differs from the schema's, and can be edited; `graphwright check` lists those that do"
        )));
    }
    let known = lock::parse(&inputs.lock);
    let was = |old: &str| {
        let mut stubs = known.stubs.values().flatten();
        stubs.any(|stub| stub.coordinate == old || stub.coordinate.starts_with(&format!("{old}.")))
    };
    match args.rename.iter().find(|(old, _)| !was(old)) {
        Some((old, _)) => Err(Failure::Told(format!(
            "no stub was generated for `{old}`; `{}` lists those that were",
            lock::FILE
        ))),
        None => Ok(()),
    }
}
