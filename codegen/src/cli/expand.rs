//! `graphwright expand`: the generated code, to be read.
//!
//! In: a project, perhaps a coordinate. Out: Rust. Must not know: how it is generated.

use super::{Failure, Terminal, highlight, load_project};
use crate::diagnostic::closest;
use crate::expand::{Piece, expand};
use crate::ir::{Ir, TypeKind};
use crate::load::Loaded;
use crate::pipeline;
use crate::plan::Plan;
use std::path::Path;

pub(super) const EXAMPLES: &str = "\
Examples:
  graphwright expand                      the whole file that `graphwright::include!()` brings in
  graphwright expand Book                 what the type has: struct, trait, tables, implementations
  graphwright expand Book.author          one field of it
  graphwright expand jobs.daily_digest    a job's trait and its arguments
  graphwright expand > generated.rs       colours are for terminals alone

This is what a build writes to OUT_DIR, formatted; nothing needs to be compiled or installed for it.";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A type, `Type.field` or `jobs.name`; without it, everything
    #[arg(value_name = "TYPE[.FIELD]")]
    of: Option<String>,
}

pub(super) fn run(args: &Args, dir: &Path, terminal: &mut Terminal<'_>) -> Result<u8, Failure> {
    let Loaded {
        inputs,
        options,
        mut diagnostics,
    } = load_project(dir)?;
    let made = match diagnostics.has_errors() {
        true => None,
        false => terminal.busy("generating", || {
            let (ir, plan, _) = pipeline::planned(&inputs, &options, &mut diagnostics)?;
            let text = crate::emit::generate(&plan);
            Some((ir, plan, text))
        }),
    };
    let code = terminal.report(&diagnostics, &inputs.sources)?;
    let Some((ir, plan, text)) = made else {
        return Ok(code);
    };
    let Some(of) = &args.of else {
        write!(
            terminal.out,
            "{}",
            highlight::rust(terminal.out_colour, &text)
        )?;
        return Ok(code);
    };
    let place = ir
        .schema
        .types
        .get(of.split('.').next().unwrap_or(of))
        .map(|ty| {
            let file = &inputs.sources.file(ty.span.file).name;
            format!("{file}:{}", inputs.sources.line_col(ty.span))
        });
    let pieces = expand(&plan, &text, of, place.as_deref());
    if pieces.is_empty() {
        return Err(nothing(&ir, &plan, of));
    }
    let shown = shown(&pieces);
    write!(
        terminal.out,
        "{}",
        highlight::rust(terminal.out_colour, &shown)
    )?;
    Ok(code)
}

/// The pieces, each module named once.
fn shown(pieces: &[Piece]) -> String {
    let mut text = String::new();
    let mut module = "";
    for piece in pieces {
        if !text.is_empty() {
            text.push('\n');
        }
        if piece.module != module {
            module = &piece.module;
            text.push_str(&format!("// In `mod {module}`:\n\n"));
        }
        text.push_str(&piece.text);
        text.push('\n');
    }
    text
}

fn nothing(ir: &Ir, plan: &Plan, of: &str) -> Failure {
    let (owner, member) = match of.split_once('.') {
        Some((owner, member)) => (owner, Some(member)),
        None => (of, None),
    };
    let hint = match (ir.schema.types.get(owner), member) {
        (None, Some(job)) if owner == "jobs" => {
            let jobs = plan.jobs.jobs.iter().map(|job| &*job.def.name.name);
            closest(job, jobs).map(|near| format!("jobs.{near}"))
        }
        (None, _) => closest(owner, ir.schema.types.keys().map(String::as_str)).map(|near| {
            let tail = member.map_or(String::new(), |member| format!(".{member}"));
            format!("{near}{tail}")
        }),
        (Some(ty), Some(member)) => {
            let names: Vec<&str> = match &ty.kind {
                TypeKind::Enum { values } => values.iter().map(|v| &*v.name).collect(),
                TypeKind::Input { fields, .. } => fields.iter().map(|f| &*f.name).collect(),
                _ => ty.fields().iter().map(|f| &*f.name).collect(),
            };
            closest(member, names).map(|near| format!("{owner}.{near}"))
        }
        (Some(_), None) => None,
    };
    let next = match hint {
        Some(hint) => format!("Did you mean it so? graphwright expand {hint}"),
        None => "`graphwright expand` without a name prints everything; `graphwright explain` tells of types.".to_owned(),
    };
    Failure::Told(format!("nothing is generated for `{of}`\n\n{next}"))
}
