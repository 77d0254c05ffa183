//! `graphwright schema`: what clients see, without a running server.
//!
//! In: a project, or SDL files. Out: SDL or the answer to the introspection query. Must not know: how a server answers.

use super::{Failure, Terminal, load_project};
use crate::load::{self, Loaded};
use crate::{lower, pipeline, print};
use std::path::{Path, PathBuf};

pub(super) const EXAMPLES: &str = "\
Examples:
  graphwright schema > public.graphql        the public SDL: generated types written out, hidden ones left out
  graphwright schema --json > schema.json    the answer to the introspection query, for client tools
  graphwright schema --directives            definitions of graphwright's own directives, for editors
  graphwright schema --schema a.graphql      of single files";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Print the answer to the introspection query
    #[arg(long, conflicts_with = "directives")]
    json: bool,
    /// Print the definitions of graphwright's own directives
    #[arg(long)]
    directives: bool,
    /// Read these SDL files instead of the project
    #[arg(long, value_name = "FILE", num_args = 1..)]
    schema: Vec<PathBuf>,
}

pub(super) fn run(args: &Args, dir: &Path, terminal: &mut Terminal<'_>) -> Result<u8, Failure> {
    if args.directives {
        write!(terminal.out, "{}", lower::DIRECTIVES)?;
        return Ok(0);
    }
    let Loaded {
        inputs,
        mut diagnostics,
        ..
    } = match args.schema.is_empty() {
        true => load_project(dir)?,
        false => load::load_files(dir, &args.schema, None),
    };
    let ir = match diagnostics.has_errors() {
        true => None,
        false => terminal.busy("reading the schema", || {
            pipeline::check(&inputs, &mut diagnostics)
        }),
    };
    let code = terminal.report(&diagnostics, &inputs.sources)?;
    if let Some(ir) = ir {
        match args.json {
            true => writeln!(
                terminal.out,
                "{:#}",
                print::introspection(&ir.schema, &lower::introspection_types())
            )?,
            false => write!(terminal.out, "{}", print::sdl(&ir.schema))?,
        }
    }
    Ok(code)
}
