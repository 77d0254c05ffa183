//! `graphwright mock`: any schema, served without code.
//!
//! In: SDL files, a JSON file or a seed. Out: a server on this machine, or a response for each line of standard input.
//! Must not know: how values come about.

mod data;
mod example;
mod lines;
mod sdl;

use super::{Failure, Terminal, load_project};
use crate::load::{self, Loaded};
use graphwright::mock::{Mock, Schema};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(super) const EXAMPLES: &str = "\
Examples:
  graphwright mock                                     the project in this folder
  graphwright mock --schema api.graphql                generated values: the same ones every time
  graphwright mock --schema 'schema/*.graphql' --seed 7 other ones
  graphwright mock --schema api.graphql --data data.json

data.json is the root value of every operation, and a missing member is null:
  { \"me\": { \"name\": \"Ada\", \"friends\": [{ \"$ref\": \"me\" }] },
    \"user\": { \"$switch\": \"id\", \"cases\": { \"1\": { \"$ref\": \"me\" } }, \"default\": { \"$error\": \"no such user\" } } }

In place of a value may stand:
  {\"$error\": \"text\", \"$extensions\": {…}}   an error            {\"$arg\": \"name\"}   an argument of the field
  {\"$delay\": 500, \"value\": …}              a value, later      {\"$args\": true}    all of them
  {\"$ref\": \"users.0\"}                      a value elsewhere   {\"$incr\": \"name\"}  1, then 2, then 3
  {\"$switch\": \"arg\", \"cases\": {…}, \"default\": …}   by an argument; \"$map\" for each item of one that is a list

For a test suite: one JSON request a line, one response a line.
  echo '{\"schema\": \"type Query { a: Int }\", \"query\": \"{ a }\"}' | graphwright mock --stdin

The chapter of the documentation: https://docs.rs/graphwright-codegen/latest/graphwright_codegen/guide/mock/";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Mock these SDL files, together; patterns such as 'schema/*.graphql' too. Without them, the project
    #[arg(long, value_name = "FILE", num_args = 1..)]
    schema: Vec<PathBuf>,
    /// Take values from this JSON file; without it they are generated
    #[arg(long, value_name = "FILE", conflicts_with = "seed")]
    data: Option<PathBuf>,
    /// Generate other values
    #[arg(long, value_name = "TEXT", default_value = SEED)]
    seed: String,
    /// Listen on this port of 127.0.0.1; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 4000)]
    port: u16,
    /// Answer requests that are lines of standard input, and end with it
    #[arg(long, conflicts_with = "port")]
    stdin: bool,
}

/// The seed where nobody gives one.
const SEED: &str = "0";

/// Where values come from when a request does not say.
#[derive(Debug, Clone)]
enum Values {
    Seed(Arc<str>),
    Data(Arc<graphwright::mock::Data>),
}

impl Values {
    fn mock(&self, schema: Schema) -> Mock {
        match self {
            Values::Seed(seed) => Mock::generated(schema, Arc::clone(seed)),
            Values::Data(data) => Mock::with_data(schema, Arc::clone(data)),
        }
    }
}

pub(super) fn run(args: &Args, dir: &Path, terminal: &mut Terminal<'_>) -> Result<u8, Failure> {
    let values = match &args.data {
        Some(path) => match data::read(dir, path, terminal)? {
            Some(data) => Values::Data(Arc::new(data)),
            None => return Ok(1),
        },
        None => Values::Seed(args.seed.as_str().into()),
    };
    let wanted = !args.stdin || !args.schema.is_empty();
    let schema = match wanted.then(|| schema(args, dir, terminal)).transpose()? {
        Some(None) => return Ok(1),
        Some(found) => found,
        None => None,
    };
    if args.stdin {
        return lines::run(schema.map(|(schema, _)| schema), values, terminal);
    }
    let Some((schema, example)) = schema else {
        return Ok(1);
    };
    serve(args, values.mock(schema), &example, terminal)
}

/// The schema of the files or of the project, and a query to try; none when there are mistakes, which are told.
fn schema(
    args: &Args,
    dir: &Path,
    terminal: &mut Terminal<'_>,
) -> Result<Option<(Schema, String)>, Failure> {
    let Loaded {
        mut inputs,
        mut diagnostics,
        ..
    } = match args.schema.is_empty() {
        true if !dir.join("Cargo.toml").is_file() => {
            let message = format!(
                "no schema: give SDL files with --schema FILE…, or run this in a project's folder (there is no \
                 Cargo.toml in `{}`)",
                dir.display()
            );
            return Err(Failure::Told(message));
        }
        true => load_project(dir)?,
        false => load::load_files(dir, &args.schema, None),
    };
    // What a schedule says is not served.
    inputs.jobs = None;
    let found = match diagnostics.has_errors() {
        true => None,
        false => sdl::read(&inputs, &mut diagnostics),
    };
    terminal.report(&diagnostics, &inputs.sources)?;
    let Some((text, example)) = found else {
        return Ok(None);
    };
    let schema = Schema::parse(&text).map_err(Failure::Told)?;
    Ok(Some((schema, example)))
}

fn serve(
    args: &Args,
    mock: Mock,
    example: &str,
    terminal: &mut Terminal<'_>,
) -> Result<u8, Failure> {
    let values = match &args.data {
        Some(path) => format!("from {}", path.display()),
        None => format!("generated, seed \"{}\"", args.seed),
    };
    let mut printed = Ok(());
    let served = graphwright::mock::serve(mock, args.port, |address| {
        let url = format!("http://{address}/graphql");
        let text = format!(
            "the mock is up\n  GraphiQL   {url}   open it in a browser; clients POST to the same address\n  \
             Values     {values}\n  Try        {example}\n  Stop       Ctrl-C\n"
        );
        printed = terminal
            .out
            .write_all(text.as_bytes())
            .and_then(|()| terminal.out.flush());
    });
    printed?;
    match served {
        Ok(()) => Ok(0),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => Err(Failure::Told(format!(
            "port {} is taken: stop what listens there, or take another, such as --port {}",
            args.port,
            args.port.saturating_add(1)
        ))),
        Err(error) => Err(Failure::Told(format!("cannot serve: {error}"))),
    }
}
