//! Coercion of literals, at plan time: what holds no variable is done for good.
//!
//! In: literals of a validated document. Out: [`Template`]s. Must not know: requests.
//!
//! <https://spec.graphql.org/September2025/#sec-Coercing-Field-Arguments>

use apollo_compiler::Node;
use apollo_compiler::ast::{Argument, InputValueDefinition, Type, Value};
use apollo_compiler::schema::ExtendedType;

use super::{ArgPlan, Entry, Mistake, Template, Types, Variable, check_one, not_null};
use crate::engine::value::InputValue;

/// The arguments of a field.
pub(crate) fn arguments(
    types: Types<'_>,
    defs: &[Node<InputValueDefinition>],
    given: &[Node<Argument>],
    variables: &[Variable],
) -> Result<ArgPlan, Mistake> {
    let mut entries = Vec::with_capacity(defs.len());
    for def in defs {
        let literal = given
            .iter()
            .find(|arg| arg.name == def.name)
            .map(|arg| &arg.value);
        entries.extend(entry(types, def, literal.map(|v| &**v), variables)?);
    }
    Ok(match constant_entries(&entries) {
        Some(values) => ArgPlan::Constant(values),
        None => ArgPlan::Made(entries),
    })
}

fn entry(
    types: Types<'_>,
    def: &InputValueDefinition,
    given: Option<&Value>,
    variables: &[Variable],
) -> Result<Option<Entry>, Mistake> {
    let default = def
        .default_value
        .as_deref()
        .map(|value| constant(types, &def.ty, value))
        .transpose()?;
    let value = match (given, &default) {
        (Some(given), _) => literal(types, &def.ty, given, variables)?,
        (None, Some(default)) => Template::Value(default.clone()),
        (None, None) if def.ty.is_non_null() => {
            return Err(format!(
                "`{}` of required type \"{}\" was not provided.",
                def.name, def.ty
            ));
        }
        (None, None) => return Ok(None),
    };
    Ok(Some(Entry {
        name: def.name.to_string(),
        value,
        default,
        required: def.ty.is_non_null(),
    }))
}

fn constant_entries(entries: &[Entry]) -> Option<Vec<(String, InputValue)>> {
    let constants = entries.iter().map(|entry| match &entry.value {
        Template::Value(value) => Some((entry.name.clone(), value.clone())),
        _ => None,
    });
    constants.collect()
}

/// A literal without variables.
pub(crate) fn constant(types: Types<'_>, ty: &Type, value: &Value) -> Result<InputValue, Mistake> {
    match literal(types, ty, value, &[])? {
        Template::Value(value) => Ok(value),
        _ => Err("a default value holds a variable".to_owned()),
    }
}

/// A literal of a validated document, as its type wants it.
fn literal(
    types: Types<'_>,
    ty: &Type,
    value: &Value,
    variables: &[Variable],
) -> Result<Template, Mistake> {
    if let Value::Variable(name) = value {
        let place = variables.iter().position(|v| *v.name == **name);
        return place
            .map(|i| Template::Variable(i as u16))
            .ok_or_else(|| format!("Variable \"${name}\" is not defined."));
    }
    if matches!(value, Value::Null) {
        return if ty.is_non_null() {
            Err(not_null(ty))
        } else {
            Ok(Template::Value(InputValue::Null))
        };
    }
    match ty {
        Type::List(item) | Type::NonNullList(item) => {
            let items = match value {
                Value::List(items) => items
                    .iter()
                    .map(|v| literal(types, item, v, variables))
                    .collect::<Result<Vec<_>, _>>()?,
                one => vec![literal(types, item, one, variables)?],
            };
            Ok(list(items))
        }
        Type::Named(name) | Type::NonNullNamed(name) => match types.schema.types.get(name) {
            Some(ExtendedType::InputObject(object)) => {
                let Value::Object(given) = value else {
                    return Err(format!(
                        "Expected value of type \"{name}\" to be an object."
                    ));
                };
                let one_of = object.directives.has("oneOf");
                let mut entries = Vec::with_capacity(object.fields.len());
                for (field, def) in &object.fields {
                    let given = given
                        .iter()
                        .find(|(name, _)| name == field)
                        .map(|(_, value)| &**value);
                    entries.extend(entry(types, def, given, variables)?);
                }
                let template = match constant_entries(&entries) {
                    Some(values) => Template::Value(InputValue::Object(values)),
                    None => return Ok(Template::Object { entries, one_of }),
                };
                if one_of {
                    one(&template, name)?;
                }
                Ok(template)
            }
            Some(ExtendedType::Enum(_)) => match value {
                Value::Enum(value) => Ok(Template::Value(InputValue::Enum(value.to_string()))),
                other => Err(format!(
                    "Enum \"{name}\" cannot represent non-enum value: {other}."
                )),
            },
            _ => match scalar(name, value, variables)? {
                Template::Value(value) => types.checked(name, value).map(Template::Value),
                holes => Ok(holes),
            },
        },
    }
}

fn list(items: Vec<Template>) -> Template {
    let constants: Option<Vec<_>> = items
        .iter()
        .map(|item| match item {
            Template::Value(value) => Some(value.clone()),
            _ => None,
        })
        .collect();
    constants.map_or(Template::List(items), |values| {
        Template::Value(InputValue::List(values))
    })
}

fn scalar(name: &str, value: &Value, variables: &[Variable]) -> Result<Template, Mistake> {
    let wrong = || format!("{name} cannot represent value: {value}");
    let made = match (name, value) {
        ("Float", Value::Int(n)) => InputValue::Float(n.try_to_f64().map_err(|_| wrong())?),
        ("Int", Value::Int(n)) => InputValue::Int(i64::from(n.try_to_i32().map_err(|_| wrong())?)),
        ("ID", Value::Int(n)) => InputValue::Str(n.as_str().to_owned()),
        ("Int" | "Boolean" | "String" | "ID", Value::Float(_))
        | ("Int" | "Float" | "Boolean", Value::String(_)) => return Err(wrong()),
        (_, Value::Int(n)) => n.as_str().parse().map_or_else(
            |_| n.try_to_f64().map(InputValue::Float).map_err(|_| wrong()),
            |n| Ok(InputValue::Int(n)),
        )?,
        (_, Value::Float(n)) => InputValue::Float(n.try_to_f64().map_err(|_| wrong())?),
        (_, Value::String(text)) => InputValue::Str(text.clone()),
        (_, Value::Boolean(b)) => InputValue::Bool(*b),
        (_, Value::Enum(name)) => InputValue::Enum(name.to_string()),
        (_, Value::Null) => InputValue::Null,
        (_, Value::Variable(variable)) => {
            let place = variables
                .iter()
                .position(|v| *v.name == **variable)
                .ok_or_else(wrong)?;
            return Ok(Template::Variable(place as u16));
        }
        (_, Value::List(items)) => {
            return Ok(list(
                items
                    .iter()
                    .map(|v| scalar(name, v, variables))
                    .collect::<Result<_, _>>()?,
            ));
        }
        (_, Value::Object(fields)) => {
            let entry = |(key, value): &(apollo_compiler::Name, Node<Value>)| {
                Ok(Entry {
                    name: key.to_string(),
                    value: scalar(name, value, variables)?,
                    default: None,
                    required: false,
                })
            };
            let entries = fields
                .iter()
                .map(entry)
                .collect::<Result<Vec<_>, Mistake>>()?;
            return Ok(match constant_entries(&entries) {
                Some(values) => Template::Value(InputValue::Object(values)),
                None => Template::Object {
                    entries,
                    one_of: false,
                },
            });
        }
    };
    Ok(Template::Value(made))
}

fn one(template: &Template, name: &str) -> Result<(), Mistake> {
    match template {
        Template::Value(value) => check_one(value, name),
        _ => Ok(()),
    }
}
