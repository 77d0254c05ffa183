//! `graphwright explain`: everything about one thing.
//!
//! In: a project and a coordinate, or a diagnostic's code. Out: text, or JSON. Must not know: how anything is found out.

use super::style::{Style, paint};
use super::{Failure, Terminal, load_project};
use crate::explain::{self, CodeText, Explanation, World};
use crate::load::Loaded;
use crate::{merge, pipeline};
use serde_json::{Value, json};
use std::path::Path;

pub(super) const EXAMPLES: &str = "\
Examples:
  graphwright explain Query.search            where it stands, who answers it, who may ask, what it costs
  graphwright explain 'Query.search(limit:)'  an argument
  graphwright explain Listing                 a type; of a model: table, columns, relations, indexes, rules
  graphwright explain Role.ADMIN              a value of an enum
  graphwright explain @cost                   a directive, the schema's own or one of graphwright's
  graphwright explain jobs.daily_digest       a job of jobs.yaml
  graphwright explain GW0108                  a diagnostic: what is wrong, and what to do about it
  graphwright explain Query.search --json | jq -r '.facts[] | select(.label == \"stub\") | .text'";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// `Type`, `Type.field`, `Type.field(argument:)`, `Enum.VALUE`, `@directive`, `jobs.name` or a code such as GW0108
    #[arg(value_name = "WHAT")]
    what: String,
    /// Print the explanation as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, dir: &Path, terminal: &mut Terminal<'_>) -> Result<u8, Failure> {
    if is_code(&args.what) {
        return code(args, terminal);
    }
    let Loaded {
        inputs,
        options,
        mut diagnostics,
    } = load_project(dir)?;
    let planned = match diagnostics.has_errors() {
        true => None,
        false => terminal.busy("reading the schema", || {
            pipeline::planned(&inputs, &options, &mut diagnostics)
        }),
    };
    let Some((ir, plan, _)) = planned else {
        return terminal.report(&diagnostics, &inputs.sources);
    };
    let stubs = merge::places(&plan.stubs, &inputs, &options);
    let world = World {
        ir: &ir,
        plan: &plan,
        sources: &inputs.sources,
        stubs: &stubs,
    };
    match explain::explain(world, &args.what) {
        Ok(found) if args.json => terminal.json(&as_json(&found))?,
        Ok(found) => {
            let text = shown(&found, terminal.out_colour);
            write!(terminal.out, "{text}")?;
        }
        Err(unknown) => {
            return Err(Failure::Told(format!(
                "{}\n\n{}",
                unknown.message, unknown.help
            )));
        }
    }
    Ok(0)
}

/// `GW0108`, however it is written.
fn is_code(what: &str) -> bool {
    let digits = what.strip_prefix("GW").or_else(|| what.strip_prefix("gw"));
    digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}

fn code(args: &Args, terminal: &mut Terminal<'_>) -> Result<u8, Failure> {
    let Some(CodeText { code, text }) = explain::code(&args.what) else {
        return Err(Failure::Told(format!(
            "there is no diagnostic `{}`\n\nThe code stands in brackets behind `error` or `warning`: error[GW0108]",
            args.what
        )));
    };
    match args.json {
        true => terminal.json(&json!({
            "code": code.to_string(),
            "name": code.name(),
            "text": text,
        }))?,
        false => {
            let head = paint(
                terminal.out_colour,
                Style::Bold,
                &format!("{code} {}", code.name()),
            );
            writeln!(terminal.out, "{head}\n\n{}", readable(text))?;
        }
    }
    Ok(0)
}

/// Markdown without its fences: examples are indented, and headed by a word.
fn readable(text: &str) -> String {
    let (mut out, mut inside) = (String::new(), false);
    for line in text.lines() {
        match line.strip_prefix("```") {
            Some(_) if inside => inside = false,
            Some(fence) => {
                inside = true;
                let head = match fence.split_once(' ') {
                    Some((_, "wrong")) => "Refused:\n\n",
                    _ if ["graphql", "yaml"].contains(&fence) => "Right:\n\n",
                    _ => "",
                };
                out.push_str(head);
            }
            None if inside => out.push_str(&format!("    {line}\n")),
            None => out.push_str(&format!("{line}\n")),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

fn shown(found: &Explanation, colour: bool) -> String {
    let mut text = paint(colour, Style::Bold, &found.signature);
    text.push_str(&format!("\n  {}", found.what));
    if let Some(place) = &found.place {
        text.push_str(&format!(", declared at {place}"));
    }
    text.push('\n');
    if let Some(description) = &found.description {
        text.push('\n');
        for line in description.trim().lines() {
            text.push_str(format!("  {line}").trim_end());
            text.push('\n');
        }
    }
    let wide = found.facts.iter().map(|fact| fact.label.len()).max();
    let wide = wide.unwrap_or_default();
    let mut last = "";
    for fact in &found.facts {
        if last.is_empty() {
            text.push('\n');
        }
        // What is said more than once under one label is a list.
        let label = if fact.label == last { "" } else { fact.label };
        last = fact.label;
        let label = paint(colour, Style::Cyan, &format!("{label:<wide$}"));
        for (i, line) in fact.text.lines().enumerate() {
            match i {
                0 => text.push_str(&format!("  {label}  {line}\n")),
                _ => text.push_str(&format!("  {:<wide$}  {line}\n", "")),
            }
        }
    }
    text
}

fn as_json(found: &Explanation) -> Value {
    let facts = found.facts.iter();
    let facts: Vec<Value> = facts
        .map(|fact| json!({ "label": fact.label, "text": fact.text }))
        .collect();
    json!({
        "coordinate": found.coordinate,
        "what": found.what,
        "signature": found.signature,
        "description": found.description,
        "place": found.place,
        "facts": facts,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_told_from_names() {
        for code in ["GW0108", "gw108", "GW1"] {
            assert!(is_code(code), "{code}");
        }
        for name in ["GW", "GWidget", "Query.GW1", "G0108"] {
            assert!(!is_code(name), "{name}");
        }
    }

    #[test]
    fn examples_are_indented() {
        let text = "Text.\n\n```graphql wrong\ntype A\n```\n\n```graphql\ntype B\n```\n";
        let expect = "Text.\n\nRefused:\n\n    type A\n\nRight:\n\n    type B";
        assert_eq!(readable(text), expect);
    }
}
