//! Coercion of variables: JSON as the types of the operation want it.
//!
//! In: JSON of a request. Out: one value for each variable, or all mistakes. Must not know: fields, arguments.
//!
//! <https://spec.graphql.org/September2025/#sec-Coercing-Variable-Values>

use std::fmt::Write;

use serde_json::Value as Json;

use super::{Mistake, Scalar, Values, Variable, check_one, not_null};
use crate::engine::schema::{Kind, Schema, Type, TypeRef};
use crate::engine::syntax::Name;
use crate::engine::value::InputValue;

/// Mistakes, and the bytes of the document where the variables are that they are about.
pub(crate) type Mistakes = Vec<(Mistake, u32)>;

/// The variables of a request, all mistakes at once.
pub(crate) fn variables(
    schema: &Schema,
    defs: &[Variable],
    given: &serde_json::Map<String, Json>,
) -> Result<Values, Mistakes> {
    let mut values = Vec::with_capacity(defs.len());
    let mut mistakes = Vec::new();
    for def in defs {
        match variable(schema, def, given.get(&*def.name)) {
            Ok(value) => values.push(value),
            Err(mistake) => mistakes.push((mistake, def.at)),
        }
    }
    if mistakes.is_empty() {
        Ok(values)
    } else {
        Err(mistakes)
    }
}

fn variable(
    schema: &Schema,
    def: &Variable,
    given: Option<&Json>,
) -> Result<Option<InputValue>, Mistake> {
    let (name, ty) = (&def.name, schema.show(def.ty));
    match given {
        None if def.default.is_some() => Ok(def.default.clone()),
        None if def.ty.is_non_null() => Err(format!(
            "Variable \"${name}\" of required type \"{ty}\" was not provided."
        )),
        None => Ok(None),
        Some(Json::Null) if def.ty.is_non_null() => Err(format!(
            "Variable \"${name}\" of non-null type \"{ty}\" must not be null."
        )),
        Some(given) => json(schema, def.ty, given).map(Some).map_err(|wrong| {
            let place = wrong.place(name);
            let message = wrong.message;
            format!("Variable \"${name}\" got invalid value{place}; {message}")
        }),
    }
}

/// A mistake, and the way to it from the innermost step on.
struct Wrong<'j> {
    message: Mistake,
    path: Vec<Step<'j>>,
}

enum Step<'j> {
    Field(&'j str),
    Item(usize),
}

impl From<Mistake> for Wrong<'_> {
    fn from(message: Mistake) -> Self {
        let path = Vec::new();
        Wrong { message, path }
    }
}

impl<'j> Wrong<'j> {
    fn below(mut self, step: Step<'j>) -> Self {
        self.path.push(step);
        self
    }

    fn place(&self, variable: &str) -> String {
        if self.path.is_empty() {
            return String::new();
        }
        let mut place = format!(" at \"{variable}");
        for step in self.path.iter().rev() {
            // Writing to a string does not fail.
            let _ = match step {
                Step::Field(name) => write!(place, ".{name}"),
                Step::Item(i) => write!(place, "[{i}]"),
            };
        }
        place + "\""
    }
}

/// JSON as its type wants it.
fn json<'j>(schema: &'j Schema, ty: TypeRef, value: &'j Json) -> Result<InputValue, Wrong<'j>> {
    if value.is_null() {
        return if ty.is_non_null() {
            Err(not_null(schema, ty).into())
        } else {
            Ok(InputValue::Null)
        };
    }
    if let Some(item) = ty.item() {
        return match value {
            Json::Array(items) => {
                let items = items.iter().enumerate().map(|(i, value)| {
                    json(schema, item, value).map_err(|wrong| wrong.below(Step::Item(i)))
                });
                items.collect::<Result<_, _>>().map(InputValue::List)
            }
            one => Ok(InputValue::List(vec![json(schema, item, one)?])),
        };
    }
    let def = schema.ty(ty.no);
    match def.kind {
        Kind::Input => object(schema, ty.no, def, value),
        Kind::Enum => match value {
            Json::String(text) if schema.enum_value(ty.no, &Name::new(text, 0)).is_some() => {
                Ok(InputValue::Enum(text.clone()))
            }
            Json::String(text) => {
                Err(format!("Value \"{text}\" does not exist in \"{}\" enum.", def.name).into())
            }
            other => Err(format!(
                "Enum \"{}\" cannot represent non-string value: {other}.",
                def.name
            )
            .into()),
        },
        _ => Ok(def.scalar.checked(scalar(def.scalar, value)?)?),
    }
}

fn object<'j>(
    schema: &'j Schema,
    no: u16,
    def: &'j Type,
    value: &'j Json,
) -> Result<InputValue, Wrong<'j>> {
    let name = def.name;
    let Json::Object(given) = value else {
        return Err(format!("Expected type \"{name}\" to be an object.").into());
    };
    let known = |key: &&String| schema.input_field(no, &Name::new(key, 0)).is_none();
    if let Some(unknown) = given.keys().find(known) {
        return Err(format!("Field \"{unknown}\" is not defined by type \"{name}\".").into());
    }
    let mut made = Vec::with_capacity(given.len());
    for def in &def.inputs {
        let field = def.name.text;
        let default = def
            .default
            .as_ref()
            .and_then(|default| default.value.as_ref());
        match (given.get(field), default) {
            (Some(value), _) => {
                let value = json(schema, def.ty, value);
                let value = value.map_err(|wrong| wrong.below(Step::Field(field)))?;
                made.push((field.to_owned(), value));
            }
            (None, Some(default)) => made.push((field.to_owned(), default.clone())),
            (None, None) if def.ty.is_non_null() => {
                let ty = schema.show(def.ty);
                let why = format!("Field \"{field}\" of required type \"{ty}\" was not provided.");
                return Err(why.into());
            }
            (None, None) => {}
        }
    }
    if def.one_of {
        check_one(&made, &name)?;
    }
    Ok(InputValue::Object(made))
}

fn scalar(scalar: Scalar, value: &Json) -> Result<InputValue, Mistake> {
    let whole = |n: &serde_json::Number| {
        n.as_i64().or_else(|| {
            n.as_f64()
                .filter(|f| f.fract() == 0.0 && f.abs() < 9e15)
                .map(|f| f as i64)
        })
    };
    match (scalar, value) {
        (Scalar::Int, Json::Number(n)) => match whole(n) {
            Some(n) if i32::try_from(n).is_ok() => Ok(InputValue::Int(n)),
            None if n.as_f64().is_some_and(|f| f.fract() != 0.0) => {
                Err(format!("Int cannot represent non-integer value: {value}"))
            }
            _ => Err(format!(
                "Int cannot represent non 32-bit signed integer value: {value}"
            )),
        },
        (Scalar::Int, _) => Err(format!("Int cannot represent non-integer value: {value}")),
        (Scalar::Float, Json::Number(n)) => n
            .as_f64()
            .map(InputValue::Float)
            .ok_or_else(|| format!("Float cannot represent non numeric value: {value}")),
        (Scalar::Float, _) => Err(format!("Float cannot represent non numeric value: {value}")),
        (Scalar::Boolean, Json::Bool(b)) => Ok(InputValue::Bool(*b)),
        (Scalar::Boolean, _) => Err(format!(
            "Boolean cannot represent a non boolean value: {value}"
        )),
        (Scalar::String | Scalar::Id, Json::String(text)) => Ok(InputValue::Str(text.clone())),
        (Scalar::String, _) => Err(format!(
            "String cannot represent a non string value: {value}"
        )),
        (Scalar::Id, Json::Number(n)) if n.is_u64() => Ok(InputValue::Str(n.to_string())),
        (Scalar::Id, Json::Number(n)) => match whole(n) {
            Some(n) => Ok(InputValue::Str(n.to_string())),
            None => Err(format!("ID cannot represent value: {value}")),
        },
        (Scalar::Id, _) => Err(format!("ID cannot represent value: {value}")),
        (Scalar::Any | Scalar::Shipped(_), value) => Ok(any(value)),
    }
}

/// JSON of a custom scalar, as it is.
fn any(value: &Json) -> InputValue {
    match value {
        Json::Null => InputValue::Null,
        Json::Bool(b) => InputValue::Bool(*b),
        Json::Number(n) => n.as_i64().map_or_else(
            || InputValue::Float(n.as_f64().unwrap_or(f64::NAN)),
            InputValue::Int,
        ),
        Json::String(text) => InputValue::Str(text.clone()),
        Json::Array(items) => InputValue::List(items.iter().map(any).collect()),
        Json::Object(fields) => {
            InputValue::Object(fields.iter().map(|(k, v)| (k.clone(), any(v))).collect())
        }
    }
}
