//! `graphwright check`: every finding of a run that writes nothing, and what it would have written.
//!
//! In: a project, or single files. Out: findings for people, a patch for git; or both as JSON. Must not know: Cargo's
//! build.

use super::{Failure, Terminal, load_project, style};
use crate::compare::{self, AccessChange};
use crate::diagnostic::{Diagnostics, Severity};
use crate::load::{self, Loaded};
use crate::lock;
use crate::pipeline::{self, Output};
use crate::source::Sources;
use crate::write;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

pub(super) const EXAMPLES: &str = "\
Examples:
  graphwright check                                    the project in this folder: schema, jobs, stubs, lock, migrations
  graphwright check | git apply --allow-empty          makes the changes that it asks for, as `graphwright sync` does
  graphwright check --schema api.graphql more.graphql  schema files alone
  graphwright check --jobs jobs.yaml                   a schedule alone
  graphwright check --json | jq '.findings[].message'  for machines

Findings, and who may do more or less than graphwright.lock says, are told on standard error. Standard output has a
patch of what `graphwright sync` would write, and nothing else. Its paths are relative to the top of the git working
copy, so that `git apply` takes it from the project's folder and from the top; outside of one, to the project's folder.

In CI: run `graphwright check` as a step of its own. Exit code 0: nothing is wrong. 1: something is.
With --json all of it is one object on standard output: findings, access, patch.";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Check these SDL files, together, instead of the project
    #[arg(long, value_name = "FILE", num_args = 1..)]
    schema: Vec<PathBuf>,
    /// Check this manifest of jobs instead of the project
    #[arg(long, value_name = "FILE")]
    jobs: Option<PathBuf>,
    /// Print findings as JSON on standard output
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, dir: &Path, terminal: &mut Terminal<'_>) -> Result<u8, Failure> {
    let single = !args.schema.is_empty() || args.jobs.is_some();
    let Loaded {
        inputs,
        options,
        mut diagnostics,
    } = match single {
        true => load::load_files(dir, &args.schema, args.jobs.as_deref()),
        false => load_project(dir)?,
    };
    if !single && write::is_interrupted(dir) {
        return Err(Failure::Told(
            "a run of graphwright did not end here: what it began is half done\n\nRun `graphwright sync`, which undoes it and begins anew.".to_owned(),
        ));
    }
    let mut wanted = Wanted::default();
    if single && args.schema.is_empty() {
        pipeline::check_jobs(&inputs, &mut diagnostics);
    } else if single {
        // As far as a build would go: names and plans have mistakes, too.
        let output = terminal.busy("checking", || pipeline::generate(&inputs, &options));
        diagnostics.extend(output.diagnostics);
    } else if !diagnostics.has_errors() {
        let mut output = terminal.busy("checking", || pipeline::inspect(&inputs, &options));
        diagnostics.extend(std::mem::take(&mut output.diagnostics));
        diagnostics.extend(output.missing());
        wanted = Wanted {
            access: access(&inputs, &output),
            patch: output.patch(&inputs, &load::git_folder(dir)),
        };
    }
    if args.json {
        let answer = json!({
            "findings": findings(&diagnostics, &inputs.sources),
            "access": wanted.access.iter().map(access_json).collect::<Vec<_>>(),
            "patch": wanted.patch,
        });
        terminal.json(&answer)?;
        return Ok(u8::from(diagnostics.has_errors()));
    }
    let code = terminal.report(&diagnostics, &inputs.sources)?;
    let mut all = diagnostics.sorted().into_iter();
    if let Some(first) = all.find(|d| d.severity == Severity::Error) {
        writeln!(
            terminal.err,
            "`graphwright explain {}` says more",
            first.code
        )?;
    }
    wanted.tell(terminal)?;
    if diagnostics.is_empty() {
        writeln!(terminal.err, "{}", summary(&inputs))?;
    }
    Ok(code)
}

/// What a run that writes would do.
#[derive(Debug, Default)]
struct Wanted {
    access: Vec<AccessChange>,
    patch: String,
}

impl Wanted {
    fn tell(&self, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
        if !self.access.is_empty() {
            writeln!(
                terminal.err,
                "\nwho may do what is not what `{}` says:",
                lock::FILE
            )?;
        }
        for change in &self.access {
            writeln!(terminal.err, "  {}", change.sentence())?;
        }
        if !self.patch.is_empty() {
            let again = "`graphwright sync` makes these changes, and so does `graphwright check | git apply`";
            writeln!(terminal.err, "\n{again}")?;
            terminal.err.flush()?;
            write!(
                terminal.out,
                "{}",
                style::patch(terminal.out_colour, &self.patch)
            )?;
        }
        Ok(())
    }
}

/// Who may do more or less than the committed lock says; nothing where there is no lock yet.
fn access(inputs: &load::Inputs, output: &Output) -> Vec<AccessChange> {
    match output.files.get(lock::FILE) {
        Some(now) if !inputs.lock.is_empty() => {
            compare::access(&lock::parse(&inputs.lock).access, &lock::parse(now).access)
        }
        _ => Vec::new(),
    }
}

pub(super) fn access_json(change: &AccessChange) -> Value {
    json!({
        "name": change.name,
        "before": change.before,
        "after": change.after,
        "effect": change.effect.text(),
        "message": change.sentence(),
    })
}

fn summary(inputs: &load::Inputs) -> String {
    let count = |n: usize, one: &str| {
        if n == 1 {
            format!("1 {one}")
        } else {
            format!("{n} {one}s")
        }
    };
    let mut parts = Vec::new();
    if !inputs.schema.is_empty() {
        parts.push(count(inputs.schema.len(), "schema file"));
    }
    if inputs.jobs.is_some() {
        parts.push("1 schedule".to_owned());
    }
    format!("checked {}: nothing is wrong", parts.join(" and "))
}

/// Findings as JSON; lines and columns count from 1, columns in characters.
pub(super) fn findings(diags: &Diagnostics, sources: &Sources) -> Value {
    let known = |span: &crate::source::Span| (span.file.0 as usize) < sources.0.len();
    let place = |span: crate::source::Span| {
        let at = sources.line_col(span);
        let end = sources.line_col(crate::source::Span {
            start: span.end,
            ..span
        });
        json!({
            "file": sources.file(span.file).name,
            "line": at.line, "column": at.column, "endLine": end.line, "endColumn": end.column,
        })
    };
    let findings: Vec<Value> = diags
        .sorted()
        .into_iter()
        .map(|d| {
            json!({
                "code": d.code.to_string(),
                "name": d.code.name(),
                "severity": if d.severity == Severity::Error { "error" } else { "warning" },
                "message": d.message,
                "place": d.span.filter(known).map(place),
                "note": d.note.as_ref().filter(|(span, _)| known(span)).map(|(span, text)| json!({ "message": text, "place": place(*span) })),
                "help": d.help,
            })
        })
        .collect();
    Value::Array(findings)
}
