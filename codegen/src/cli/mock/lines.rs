//! `--stdin`: a request a line, a response a line.
//!
//! In: JSON lines, what holds where a line does not say. Out: JSON lines, as many as there were, in their order.
//! Must not know: how requests are answered.

use super::super::{Failure, Terminal};
use super::{Values, sdl};
use crate::diagnostic::{Diagnostics, Severity};
use crate::load::Inputs;
use graphwright::engine::response::Request;
use graphwright::mock::{Data, Mock, Player, Schema};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::io::{BufRead, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Longest line, in bytes.
const LONGEST: usize = 64 << 20;

/// Errors of a line as a whole, as they stand in its response.
type Errors = Vec<Value>;

pub(super) fn run(
    schema: Option<Schema>,
    values: Values,
    terminal: &mut Terminal<'_>,
) -> Result<u8, Failure> {
    let player = Player::new().map_err(|error| Failure::Told(format!("cannot start: {error}")))?;
    let mut lines = Lines {
        player,
        schema,
        values,
        schemas: HashMap::new(),
    };
    let mut line = Vec::new();
    while next(terminal.input, &mut line)? {
        // What a line does must not cost the lines behind it their answers.
        let answer = catch_unwind(AssertUnwindSafe(|| lines.answer(&line)));
        let answer = answer.unwrap_or_else(|_| Err(vec![problem("internal error")]));
        let mut answer =
            answer.unwrap_or_else(|errors| json!({ "errors": errors }).to_string().into_bytes());
        answer.push(b'\n');
        terminal.out.write_all(&answer)?;
        terminal.out.flush()?;
    }
    Ok(0)
}

/// Reads the next line, without its end; whether there was one. A line that is too long is longer than [`LONGEST`], and
/// cut.
fn next(input: &mut dyn BufRead, line: &mut Vec<u8>) -> std::io::Result<bool> {
    line.clear();
    let most = LONGEST as u64 + 1;
    if Read::take(&mut *input, most).read_until(b'\n', line)? == 0 {
        return Ok(false);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
    } else if line.len() > LONGEST {
        input.skip_until(b'\n')?;
    }
    Ok(true)
}

struct Lines {
    player: Player,
    /// What holds for lines without one.
    schema: Option<Schema>,
    values: Values,
    /// Those of the lines so far, by their texts.
    schemas: HashMap<String, Result<Schema, Errors>>,
}

impl Lines {
    fn answer(&mut self, line: &[u8]) -> Result<Vec<u8>, Errors> {
        if line.len() > LONGEST {
            return Err(vec![problem(format!(
                "the line has more than {LONGEST} bytes"
            ))]);
        }
        let line = match serde_json::from_slice(line) {
            Ok(Value::Object(line)) => line,
            Ok(_) => return Err(vec![problem("the line is no JSON object")]),
            Err(error) => return Err(vec![problem(format!("the line is no JSON: {error}"))]),
        };
        let request = request(&line).map_err(|message| vec![problem(message)])?;
        let mock = self.mock(line)?;
        let internal = |error: graphwright::Error| vec![problem(error.to_string())];
        self.player.answer(mock, request).map_err(internal)
    }

    /// What the line wants to ask.
    fn mock(&mut self, mut line: Map<String, Value>) -> Result<Mock, Errors> {
        let schema = match line.get("schema") {
            None | Some(Value::Null) => self.schema.ok_or_else(|| {
                vec![problem(
                    "the line has no `schema`, and there is no --schema",
                )]
            })?,
            Some(Value::String(text)) => self.schema(text)?,
            Some(_) => return Err(vec![problem("`schema` is a text: SDL")]),
        };
        if let Some(data) = line.remove("data").filter(|data| !data.is_null()) {
            let told = |mistake: graphwright::mock::Mistake| {
                problem(format!("`data`: {}", mistake.message))
            };
            let data =
                Data::new(data).map_err(|found| found.into_iter().map(told).collect::<Errors>())?;
            return Ok(Mock::with_data(schema, data));
        }
        let seeded = |seed: &str| Ok(Mock::generated(schema, seed));
        match line.get("mock") {
            None | Some(Value::Null | Value::Bool(false)) => Ok(self.values.mock(schema)),
            Some(Value::Object(options)) => match options.get("seed") {
                Some(Value::String(seed)) => seeded(seed),
                Some(Value::Number(seed)) => seeded(&seed.to_string()),
                None | Some(Value::Null) => Ok(self.generated(schema)),
                Some(_) => Err(vec![problem("`seed` is a text or a number")]),
            },
            Some(Value::Bool(true)) => Ok(self.generated(schema)),
            Some(Value::String(seed)) => seeded(seed),
            Some(Value::Number(seed)) => seeded(&seed.to_string()),
            Some(Value::Array(_)) => Err(vec![problem("`mock` is a seed: a text or a number")]),
        }
    }

    /// Generated values, also where the values that hold otherwise are data.
    fn generated(&self, schema: Schema) -> Mock {
        match &self.values {
            Values::Seed(seed) => Mock::generated(schema, Arc::clone(seed)),
            Values::Data(_) => Mock::generated(schema, super::SEED),
        }
    }

    fn schema(&mut self, text: &str) -> Result<Schema, Errors> {
        if let Some(known) = self.schemas.get(text) {
            return known.clone();
        }
        let read = read(text);
        self.schemas.insert(text.to_owned(), read.clone());
        read
    }
}

fn read(text: &str) -> Result<Schema, Errors> {
    let (mut inputs, mut diagnostics) = (Inputs::default(), Diagnostics::default());
    inputs.add_schema("schema", text);
    let Some((sdl, _)) = sdl::read(&inputs, &mut diagnostics) else {
        let errors = diagnostics
            .sorted()
            .into_iter()
            .filter(|d| d.severity == Severity::Error);
        let told = errors.map(|error| {
            let mut told = problem(match &error.help {
                Some(help) => format!("{}; {help}", error.message),
                None => error.message.clone(),
            });
            if let Some(span) = error.span {
                let at = inputs.sources.line_col(span);
                told["locations"] = json!([{ "line": at.line, "column": at.column }]);
            }
            told
        });
        return Err(told.collect());
    };
    Schema::parse(&sdl).map_err(|message| vec![problem(message)])
}

/// The part of a line that every GraphQL request has.
fn request(line: &Map<String, Value>) -> Result<Request, String> {
    let query = match line.get("query") {
        Some(Value::String(query)) => query.clone(),
        _ => return Err("the line has no `query`: a text".to_owned()),
    };
    let operation_name = match line.get("operationName") {
        None | Some(Value::Null) => None,
        Some(Value::String(name)) => Some(name.clone()),
        Some(_) => return Err("`operationName` is a text".to_owned()),
    };
    let variables = match line.get("variables") {
        None | Some(Value::Null) => None,
        Some(Value::Object(variables)) => Some(variables.clone()),
        Some(_) => return Err("`variables` is an object".to_owned()),
    };
    Ok(Request {
        query,
        operation_name,
        variables,
        ..Request::default()
    })
}

fn problem(message: impl Into<String>) -> Value {
    json!({ "message": message.into() })
}
