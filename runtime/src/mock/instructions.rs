//! The instructions that stand in data in place of values.
//!
//! In: a JSON value, the arguments of its field. Out: what it stands for. Must not know: types, the response.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Map, Value};

use super::data::{Data, HOPS, INSTRUCTIONS};
use super::leaf;
use crate::engine::value::{Args, InputValue};
use crate::{Error, Result};

/// The counters of one operation.
#[derive(Debug, Default)]
pub(super) struct Counters(Mutex<HashMap<String, i64>>);

impl Counters {
    /// The next number of that counter: the first is 1.
    fn next(&self, name: &str) -> i64 {
        let mut counters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let counter = counters.entry(name.to_owned()).or_default();
        *counter += 1;
        *counter
    }
}

/// What an instruction may look at.
#[derive(Clone, Copy)]
pub(super) struct Scope<'s> {
    pub(super) data: &'s Data,
    pub(super) args: Args<'s>,
    pub(super) counters: &'s Counters,
}

/// What a value stands for.
pub(super) enum Settled<'v> {
    /// A value of the data; instructions may be inside it.
    Data(&'v Value),
    /// A value that is made; what is inside it is taken as it is, so that no client gives instructions.
    Made(Value),
    /// A list of values of the data: `$map`.
    Many(Vec<&'v Value>),
    /// A value of the data, later: `$delay`.
    Later(Duration, &'v Value),
}

/// Follows instructions up to a value or a delay.
///
/// # Errors
/// The instruction is `$error`, or `$ref`s go in a circle.
pub(super) fn settle<'v>(scope: Scope<'v>, mut value: &'v Value) -> Result<Settled<'v>> {
    for _ in 0..HOPS {
        let Some((name, members)) = instruction(value) else {
            return Ok(Settled::Data(value));
        };
        let text = members[name].as_str().unwrap_or_default();
        value = match name {
            "$error" => return Err(told(text, members)),
            "$delay" => {
                let time = delay(members[name].as_f64().unwrap_or_default());
                return Ok(Settled::Later(
                    time,
                    members.get("value").unwrap_or(&Value::Null),
                ));
            }
            "$ref" => scope.data.find(text).unwrap_or(&Value::Null),
            "$switch" => case(members, &text_of(scope.args.value(text))),
            "$map" => return Ok(mapped(members, scope.args.value(text))),
            "$arg" => {
                let given = scope.args.value(text);
                return Ok(Settled::Made(given.map_or(Value::Null, json_of)));
            }
            "$args" => {
                let all = scope.args.iter();
                let all = all.map(|(name, value)| (name.to_owned(), json_of(value)));
                return Ok(Settled::Made(Value::Object(all.collect())));
            }
            _ => return Ok(Settled::Made(scope.counters.next(text).into())),
        };
    }
    Err(circle())
}

/// Why a position has no value.
pub(super) fn circle() -> Error {
    Error::bare("`$ref` goes in a circle", None)
}

fn instruction(value: &Value) -> Option<(&'static str, &Map<String, Value>)> {
    let members = value.as_object()?;
    // Most objects have no such member, and are told by the first letters of their keys.
    if !members.keys().any(|key| key.starts_with('$')) {
        return None;
    }
    let (name, _) = INSTRUCTIONS
        .iter()
        .find(|(name, _)| members.contains_key(*name))?;
    Some((name, members))
}

/// What is wrong with an object that has a member like an instruction, and is none.
pub(super) fn unknown(members: &Map<String, Value>) -> Option<Error> {
    let key = members.keys().find(|key| key.starts_with('$'))?;
    let known: Vec<&str> = INSTRUCTIONS.iter().map(|(name, _)| *name).collect();
    Some(Error::bare(
        format!(
            "`{key}` is no instruction; there are `{}`",
            known.join("`, `")
        ),
        None,
    ))
}

/// The time of so many milliseconds.
pub(super) fn delay(ms: f64) -> Duration {
    Duration::try_from_secs_f64(ms / 1e3).unwrap_or(Duration::MAX)
}

fn told(message: &str, members: &Map<String, Value>) -> Error {
    let extensions = members.get("$extensions").and_then(Value::as_object);
    Error::bare(message.to_owned(), extensions.cloned())
}

fn case<'v>(members: &'v Map<String, Value>, text: &str) -> &'v Value {
    let cases = members.get("cases").and_then(Value::as_object);
    let found = cases.and_then(|cases| cases.get(text));
    found
        .or_else(|| members.get("default"))
        .unwrap_or(&Value::Null)
}

fn mapped<'v>(members: &'v Map<String, Value>, given: Option<&InputValue>) -> Settled<'v> {
    match given {
        None | Some(InputValue::Null) => Settled::Made(Value::Null),
        Some(InputValue::List(items)) => {
            let one = |item| case(members, &text_of(Some(item)));
            Settled::Many(items.iter().map(one).collect())
        }
        one => Settled::Many(vec![case(members, &text_of(one))]),
    }
}

/// An argument as text: strings, ids and enum values as they are, numbers as JavaScript writes them, `true`, `false`;
/// `null` also where it is absent; lists and objects as JSON.
fn text_of(given: Option<&InputValue>) -> Cow<'_, str> {
    match given {
        None | Some(InputValue::Null) => Cow::Borrowed("null"),
        Some(InputValue::Str(text) | InputValue::Enum(text)) => Cow::Borrowed(text),
        Some(InputValue::Float(number)) => Cow::Owned(leaf::number(*number)),
        Some(other) => Cow::Owned(json_of(other).to_string()),
    }
}

/// An argument as JSON; a float that is whole looks like an integer, as in JavaScript.
fn json_of(given: &InputValue) -> Value {
    /// The integers up to here are floats, too.
    const MOST: f64 = 9_007_199_254_740_992.0;
    match given {
        InputValue::Float(number) if number.fract() == 0.0 && number.abs() <= MOST => {
            Value::from(*number as i64)
        }
        InputValue::List(items) => items.iter().map(json_of).collect(),
        InputValue::Object(fields) => {
            let field = |(name, value): &(String, InputValue)| (name.clone(), json_of(value));
            Value::Object(fields.iter().map(field).collect())
        }
        other => other.to_json(),
    }
}
