//! Input coercion: literals at plan time, variables once a request.
//!
//! In: the schema, literals of a document, JSON of a request. Out: [`InputValue`]s that fit their types, or the reason
//! why they do not. Must not know: resolvers, responses.

mod json;
mod literal;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

pub(crate) use self::json::variables;
pub(crate) use self::literal::{Places, arguments, constant};
use crate::engine::schema::{Schema, TypeRef};
use crate::engine::value::InputValue;
use crate::scalar::Reader;
use crate::{Code, Error};

/// Why a value does not fit; for the client.
type Mistake = String;

/// What a scalar's values are.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) enum Scalar {
    /// `Int`
    Int,
    /// `Float`
    Float,
    /// `String`
    String,
    /// `Boolean`
    Boolean,
    /// `ID`
    Id,
    /// Any value: the user's own type alone knows what fits.
    #[default]
    Any,
    /// What that reader takes.
    Shipped(Reader),
}

impl Scalar {
    /// The scalar of that name, unless the user bound one of his own to it.
    pub(crate) fn named(name: &str, bound: &[&str]) -> Self {
        match name {
            "Int" => Scalar::Int,
            "Float" => Scalar::Float,
            "String" => Scalar::String,
            "Boolean" => Scalar::Boolean,
            "ID" => Scalar::Id,
            name if bound.contains(&name) => Scalar::Any,
            name => crate::scalar::reader(name).map_or(Scalar::Any, Scalar::Shipped),
        }
    }

    /// The value, unless the scalar is a shipped one and this is none of its values.
    fn checked(self, value: InputValue) -> Result<InputValue, Mistake> {
        match self {
            Scalar::Shipped(reads) => match reads(&value) {
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
    name: Cow<'static, str>,
    value: Template,
    /// What stands for a variable that is not given.
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
    /// A list with variables in it; `required` if no item may be null.
    List {
        items: Vec<Template>,
        required: bool,
    },
    /// An object with variables in it; the type's name if exactly one entry may be there.
    Object {
        entries: Vec<Entry>,
        one_of: Option<&'static str>,
    },
}

/// A variable of an operation.
#[derive(Debug)]
pub(crate) struct Variable {
    pub(crate) name: Box<str>,
    pub(crate) ty: TypeRef,
    pub(crate) default: Option<InputValue>,
    /// Byte of the document where it is defined.
    pub(crate) at: u32,
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
            Some(value) => made.push((entry.name.clone().into_owned(), value)),
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
        Template::List { items, required } => {
            let items = items.iter().map(|item| {
                match fill_one(item, values, left)?.unwrap_or(InputValue::Null) {
                    InputValue::Null if *required => {
                        Err("An item of a list must not be null.".to_owned())
                    }
                    item => Ok(item),
                }
            });
            InputValue::List(items.collect::<Result<_, Mistake>>()?)
        }
        Template::Object { entries, one_of } => {
            let fields = fill(entries, values, left)?;
            if let Some(name) = one_of {
                check_one(&fields, name)?;
            }
            InputValue::Object(fields)
        }
    }))
}

/// <https://spec.graphql.org/September2025/#sec-OneOf-Input-Objects>
fn check_one(fields: &[(String, InputValue)], name: &str) -> Result<(), Mistake> {
    match fields {
        [(field, InputValue::Null)] => Err(format!("Field \"{field}\" must be non-null.")),
        [_] => Ok(()),
        _ => Err(format!(
            "Exactly one key must be specified for OneOf type \"{name}\"."
        )),
    }
}

fn not_null(schema: &Schema, ty: TypeRef) -> Mistake {
    let ty = schema.show(ty);
    format!("Expected non-nullable type \"{ty}\" not to be null.")
}
