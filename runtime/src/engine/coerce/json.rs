//! Coercion of variables: JSON as the types of the operation want it.
//!
//! In: JSON of a request. Out: one value for each variable, or all mistakes. Must not know: fields, arguments.
//!
//! <https://spec.graphql.org/September2025/#sec-Coercing-Variable-Values>

use apollo_compiler::ast::Type;
use apollo_compiler::schema::{ExtendedType, InputObjectType};
use serde_json::Value as Json;

use super::{Mistake, Types, Values, Variable, check_one, literal, not_null};
use crate::engine::value::InputValue;

/// Mistakes, and the places of the variables that they are about.
pub(crate) type Mistakes = Vec<(Mistake, Option<(u32, u32)>)>;

/// The variables of a request, all mistakes at once.
pub(crate) fn variables(
    types: Types<'_>,
    defs: &[Variable],
    given: &serde_json::Map<String, Json>,
) -> Result<Values, Mistakes> {
    let mut values = Vec::with_capacity(defs.len());
    let mut mistakes = Vec::new();
    for def in defs {
        match variable(types, def, given.get(&*def.name)) {
            Ok(value) => values.push(value),
            Err(mistake) => mistakes.push((mistake, def.location)),
        }
    }
    if mistakes.is_empty() {
        Ok(values)
    } else {
        Err(mistakes)
    }
}

fn variable(
    types: Types<'_>,
    def: &Variable,
    given: Option<&Json>,
) -> Result<Option<InputValue>, Mistake> {
    match given {
        None if def.default.is_some() => Ok(def.default.clone()),
        None if def.ty.is_non_null() => Err(format!(
            "Variable \"${}\" of required type \"{}\" was not provided.",
            def.name, def.ty
        )),
        None => Ok(None),
        Some(Json::Null) if def.ty.is_non_null() => Err(format!(
            "Variable \"${}\" of non-null type \"{}\" must not be null.",
            def.name, def.ty
        )),
        Some(given) => {
            let mut path = String::new();
            let made = json(types, &def.ty, given, &mut path);
            made.map(Some).map_err(|mistake| {
                let place = if path.is_empty() {
                    String::new()
                } else {
                    format!(" at \"{}{path}\"", def.name)
                };
                format!(
                    "Variable \"${}\" got invalid value{place}; {mistake}",
                    def.name
                )
            })
        }
    }
}

/// JSON as its type wants it. `path` is where the value stands; on an error it stays where the mistake is.
fn json(
    types: Types<'_>,
    ty: &Type,
    value: &Json,
    path: &mut String,
) -> Result<InputValue, Mistake> {
    if value.is_null() {
        return if ty.is_non_null() {
            Err(not_null(ty))
        } else {
            Ok(InputValue::Null)
        };
    }
    match ty {
        Type::List(item) | Type::NonNullList(item) => match value {
            Json::Array(items) => {
                let mut made = Vec::with_capacity(items.len());
                for (i, value) in items.iter().enumerate() {
                    let length = path.len();
                    path.push_str(&format!("[{i}]"));
                    made.push(json(types, item, value, path)?);
                    path.truncate(length);
                }
                Ok(InputValue::List(made))
            }
            one => Ok(InputValue::List(vec![json(types, item, one, path)?])),
        },
        Type::Named(name) | Type::NonNullNamed(name) => match types.schema.types.get(name) {
            Some(ExtendedType::InputObject(object)) => json_object(types, object, value, path),
            Some(ExtendedType::Enum(def)) => match value {
                Json::String(text) if def.values.contains_key(text.as_str()) => {
                    Ok(InputValue::Enum(text.clone()))
                }
                Json::String(text) => Err(format!(
                    "Value \"{text}\" does not exist in \"{name}\" enum."
                )),
                other => Err(format!(
                    "Enum \"{name}\" cannot represent non-string value: {other}."
                )),
            },
            _ => types.checked(name, json_scalar(name, value)?),
        },
    }
}

fn json_object(
    types: Types<'_>,
    object: &InputObjectType,
    value: &Json,
    path: &mut String,
) -> Result<InputValue, Mistake> {
    let Json::Object(given) = value else {
        return Err(format!(
            "Expected type \"{}\" to be an object.",
            object.name
        ));
    };
    if let Some(unknown) = given
        .keys()
        .find(|key| !object.fields.contains_key(key.as_str()))
    {
        return Err(format!(
            "Field \"{unknown}\" is not defined by type \"{}\".",
            object.name
        ));
    }
    let mut made = Vec::with_capacity(given.len());
    for (name, def) in &object.fields {
        match (given.get(name.as_str()), &def.default_value) {
            (Some(value), _) => {
                let length = path.len();
                path.push('.');
                path.push_str(name);
                made.push((name.to_string(), json(types, &def.ty, value, path)?));
                path.truncate(length);
            }
            (None, Some(default)) => made.push((
                name.to_string(),
                literal::constant(types, &def.ty, default)?,
            )),
            (None, None) if def.ty.is_non_null() => {
                return Err(format!(
                    "Field \"{name}\" of required type \"{}\" was not provided.",
                    def.ty
                ));
            }
            (None, None) => {}
        }
    }
    let made = InputValue::Object(made);
    if object.directives.has("oneOf") {
        check_one(&made, &object.name)?;
    }
    Ok(made)
}

fn json_scalar(name: &str, value: &Json) -> Result<InputValue, Mistake> {
    let whole = |n: &serde_json::Number| {
        n.as_i64().or_else(|| {
            n.as_f64()
                .filter(|f| f.fract() == 0.0 && f.abs() < 9e15)
                .map(|f| f as i64)
        })
    };
    match (name, value) {
        ("Int", Json::Number(n)) => match whole(n) {
            Some(n) if i32::try_from(n).is_ok() => Ok(InputValue::Int(n)),
            None if n.as_f64().is_some_and(|f| f.fract() != 0.0) => {
                Err(format!("Int cannot represent non-integer value: {value}"))
            }
            _ => Err(format!(
                "Int cannot represent non 32-bit signed integer value: {value}"
            )),
        },
        ("Int", _) => Err(format!("Int cannot represent non-integer value: {value}")),
        ("Float", Json::Number(n)) => n
            .as_f64()
            .map(InputValue::Float)
            .ok_or_else(|| format!("Float cannot represent non numeric value: {value}")),
        ("Float", _) => Err(format!("Float cannot represent non numeric value: {value}")),
        ("Boolean", Json::Bool(b)) => Ok(InputValue::Bool(*b)),
        ("Boolean", _) => Err(format!(
            "Boolean cannot represent a non boolean value: {value}"
        )),
        ("String", Json::String(text)) => Ok(InputValue::Str(text.clone())),
        ("String", _) => Err(format!(
            "String cannot represent a non string value: {value}"
        )),
        ("ID", Json::String(text)) => Ok(InputValue::Str(text.clone())),
        ("ID", Json::Number(n)) if n.is_i64() || n.is_u64() => Ok(InputValue::Str(n.to_string())),
        ("ID", _) => Err(format!("ID cannot represent value: {value}")),
        (_, value) => Ok(any(value)),
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
