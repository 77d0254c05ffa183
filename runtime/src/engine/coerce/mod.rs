//! Input coercion: literals at plan time, variables once a request.
//!
//! In: the schema, literals of a document, JSON of a request. Out: [`InputValue`]s that fit their types, or the reason
//! why they do not. Must not know: resolvers, responses.

mod json;
mod literal;
#[cfg(test)]
mod tests;

use apollo_compiler::Schema;
use apollo_compiler::ast::Type;
use apollo_compiler::validation::Valid;

pub(crate) use self::json::variables;
pub(crate) use self::literal::{arguments, constant};
use crate::engine::value::InputValue;
use crate::{Code, Error, scalar};

/// Why a value does not fit; for the client.
type Mistake = String;

/// What values must fit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Types<'s> {
    pub(crate) schema: &'s Valid<Schema>,
    /// Scalars with the name of a shipped one that the user bound to a type, which alone knows what fits.
    pub(crate) bound: &'s [&'s str],
}

impl Types<'_> {
    /// The value, unless the scalar is a shipped one and this is none of its values.
    fn checked(self, scalar: &str, value: InputValue) -> Result<InputValue, Mistake> {
        match scalar::reader(scalar) {
            Some(reads) if !self.bound.contains(&scalar) => match reads(&value) {
                Ok(()) => Ok(value),
                Err(error) => Err(error.message().to_owned()),
            },
            _ => Ok(value),
        }
    }
}

/// The arguments of a field as the plan holds them.
#[derive(Debug)]
pub(crate) enum ArgPlan {
    /// No variable in them: coerced.
    Constant(Vec<(String, InputValue)>),
    /// Coerced once a request.
    Made(Vec<Entry>),
}

/// The arguments of a field in one request.
#[derive(Debug)]
pub(crate) enum ArgSet<'r> {
    Constant(&'r [(String, InputValue)]),
    Made(crate::Result<Vec<(String, InputValue)>>),
}

/// An argument or an input field.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    name: String,
    value: Template,
    default: Option<InputValue>,
    required: bool,
}

/// A literal with holes for variables.
#[derive(Debug, Clone)]
pub(crate) enum Template {
    /// No variable in it.
    Value(InputValue),
    /// A variable, by its place in the operation.
    Variable(u16),
    /// A list with variables in it.
    List(Vec<Template>),
    /// An object with variables in it; `one_of` if exactly one entry may be there.
    Object { entries: Vec<Entry>, one_of: bool },
}

/// A variable of an operation.
#[derive(Debug)]
pub(crate) struct Variable {
    pub(crate) name: Box<str>,
    pub(crate) ty: Type,
    pub(crate) default: Option<InputValue>,
    pub(crate) location: Option<(u32, u32)>,
}

/// The values of an operation's variables, by place; `None` for one that is not given.
pub(crate) type Values = Vec<Option<InputValue>>;

/// How large the values are that all arguments of an operation take from variables: a document may name a large one a
/// thousand times. As much as the values that a body of 1 MiB can hold.
pub(crate) const COPIED: usize = 1 << 19;

/// The arguments of a field in a request; what they copy of the variables is taken from `left`.
pub(crate) fn make<'r>(plan: &'r ArgPlan, values: &Values, left: &mut usize) -> ArgSet<'r> {
    match plan {
        ArgPlan::Constant(values) => ArgSet::Constant(values),
        ArgPlan::Made(entries) => ArgSet::Made(fill(entries, values, left).map_err(|mistake| {
            let code = match mistake == TOO_LARGE {
                true => Code::LimitExceeded,
                false => Code::BadUserInput,
            };
            Error::new(mistake).code(code)
        })),
    }
}

const TOO_LARGE: &str = "The variables are used too often for their size.";

/// The value of a variable, once more.
fn copy(value: &InputValue, left: &mut usize) -> Result<InputValue, Mistake> {
    *left = left
        .checked_sub(size(value))
        .ok_or_else(|| TOO_LARGE.to_owned())?;
    Ok(value.clone())
}

/// Values, and text in pieces of about their size.
fn size(value: &InputValue) -> usize {
    const PIECE: usize = 32;
    1 + match value {
        InputValue::Str(text) | InputValue::Enum(text) => text.len() / PIECE,
        InputValue::List(items) => items.iter().map(size).sum(),
        InputValue::Object(fields) => {
            let field = |(name, value): &(String, InputValue)| name.len() / PIECE + size(value);
            fields.iter().map(field).sum()
        }
        _ => 0,
    }
}

fn fill(
    entries: &[Entry],
    values: &Values,
    left: &mut usize,
) -> Result<Vec<(String, InputValue)>, Mistake> {
    let mut made = Vec::with_capacity(entries.len());
    for entry in entries {
        let value = match fill_one(&entry.value, values, left)? {
            Some(value) => Some(value),
            None => entry.default.clone(),
        };
        match value {
            Some(InputValue::Null) | None if entry.required => {
                return Err(format!("\"{}\" must not be null.", entry.name));
            }
            Some(value) => made.push((entry.name.clone(), value)),
            None => {}
        }
    }
    Ok(made)
}

fn fill_one(
    template: &Template,
    values: &Values,
    left: &mut usize,
) -> Result<Option<InputValue>, Mistake> {
    Ok(Some(match template {
        Template::Value(value) => value.clone(),
        Template::Variable(place) => {
            let value = values.get(*place as usize).and_then(Option::as_ref);
            return value.map(|value| copy(value, left)).transpose();
        }
        Template::List(items) => {
            let items = items
                .iter()
                .map(|item| Ok(fill_one(item, values, left)?.unwrap_or(InputValue::Null)));
            InputValue::List(items.collect::<Result<_, Mistake>>()?)
        }
        Template::Object { entries, one_of } => {
            let made = InputValue::Object(fill(entries, values, left)?);
            if *one_of {
                check_one(&made, "this input")?;
            }
            made
        }
    }))
}

/// <https://spec.graphql.org/September2025/#sec-OneOf-Input-Objects>
fn check_one(value: &InputValue, name: &str) -> Result<(), Mistake> {
    match value {
        InputValue::Object(fields) => match fields.as_slice() {
            [(_, InputValue::Null)] => Err(format!("Field \"{}\" must be non-null.", fields[0].0)),
            [_] => Ok(()),
            _ => Err(format!(
                "Exactly one key must be specified for OneOf type \"{name}\"."
            )),
        },
        _ => Ok(()),
    }
}

fn not_null(ty: &Type) -> String {
    format!("Expected non-nullable type \"{ty}\" not to be null.")
}
