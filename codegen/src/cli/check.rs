//! `graphwright check`: every finding of a run that writes nothing.
//!
//! In: a project, or single files. Out: findings, for people or as JSON. Must not know: Cargo's build.

use super::{Failure, Terminal, load_project};
use crate::diagnostic::{Diagnostics, Severity};
use crate::load::{self, Loaded};
use crate::pipeline;
use crate::source::Sources;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

pub(super) const EXAMPLES: &str = "\
Examples:
  graphwright check                                    the project in this folder: schema, jobs, stubs, migrations
  graphwright check --schema api.graphql more.graphql  schema files alone
  graphwright check --jobs jobs.yaml                   a schedule alone
  graphwright check --json | jq '.findings[].message'  for machines

Exit code 0: nothing is wrong. 1: something is; findings are on standard error (with --json: on standard output).";

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
    if single && args.schema.is_empty() {
        pipeline::check_jobs(&inputs, &mut diagnostics);
    } else if single {
        // As far as a build would go: names and plans have mistakes, too.
        diagnostics.extend(pipeline::generate(&inputs, &options).diagnostics);
    } else if !diagnostics.has_errors() {
        let mut output = pipeline::inspect(&inputs, &options);
        diagnostics.extend(std::mem::take(&mut output.diagnostics));
        diagnostics.extend(output.missing());
    }
    if args.json {
        let text = serde_json::to_string_pretty(&findings(&diagnostics, &inputs.sources))
            .map_err(|error| Failure::Told(error.to_string()))?;
        writeln!(terminal.out, "{text}")?;
        return Ok(u8::from(diagnostics.has_errors()));
    }
    let code = terminal.report(&diagnostics, &inputs.sources)?;
    if diagnostics.is_empty() {
        writeln!(terminal.err, "{}", summary(&inputs))?;
    }
    Ok(code)
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

/// `{ "findings": [ … ] }`; lines and columns count from 1, columns in characters.
fn findings(diags: &Diagnostics, sources: &Sources) -> Value {
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
    json!({ "findings": findings })
}
