//! Input coercion: literals at plan time, variables once a request.
//!
//! In: the schema, literals of a document, JSON of a request. Out: [`InputValue`]s that fit their types, or the reason
//! why they do not. Must not know: resolvers, responses.
//!
//! <https://spec.graphql.org/September2025/#sec-Coercing-Variable-Values>,
//! <https://spec.graphql.org/September2025/#sec-Coercing-Field-Arguments>

use apollo_compiler::ast::{InputValueDefinition, Type, Value};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::Valid;
use apollo_compiler::{Node, Schema};
use serde_json::Value as Json;

use crate::engine::value::InputValue;
use crate::{Error, Result};

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
    Made(Result<Vec<(String, InputValue)>>),
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

/// The arguments of a field.
pub(crate) fn arguments(
    schema: &Valid<Schema>,
    defs: &[Node<InputValueDefinition>],
    given: &[Node<apollo_compiler::ast::Argument>],
    variables: &[Variable],
) -> std::result::Result<ArgPlan, String> {
    let mut entries = Vec::with_capacity(defs.len());
    for def in defs {
        let literal = given
            .iter()
            .find(|arg| arg.name == def.name)
            .map(|arg| &arg.value);
        entries.extend(entry(schema, def, literal.map(|v| &**v), variables)?);
    }
    Ok(match constant_entries(&entries) {
        Some(values) => ArgPlan::Constant(values),
        None => ArgPlan::Made(entries),
    })
}

/// The arguments of a field in a request.
pub(crate) fn make<'r>(plan: &'r ArgPlan, values: &Values) -> ArgSet<'r> {
    match plan {
        ArgPlan::Constant(values) => ArgSet::Constant(values),
        ArgPlan::Made(entries) => ArgSet::Made(fill(entries, values).map_err(Error::new)),
    }
}

fn entry(
    schema: &Valid<Schema>,
    def: &InputValueDefinition,
    given: Option<&Value>,
    variables: &[Variable],
) -> std::result::Result<Option<Entry>, String> {
    let default = def
        .default_value
        .as_deref()
        .map(|value| constant(schema, &def.ty, value))
        .transpose()?;
    let value = match (given, &default) {
        (Some(given), _) => literal(schema, &def.ty, given, variables)?,
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
pub(crate) fn constant(
    schema: &Valid<Schema>,
    ty: &Type,
    value: &Value,
) -> std::result::Result<InputValue, String> {
    match literal(schema, ty, value, &[])? {
        Template::Value(value) => Ok(value),
        _ => Err("a default value holds a variable".to_owned()),
    }
}

/// A literal of a validated document, as its type wants it.
fn literal(
    schema: &Valid<Schema>,
    ty: &Type,
    value: &Value,
    variables: &[Variable],
) -> std::result::Result<Template, String> {
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
                    .map(|v| literal(schema, item, v, variables))
                    .collect::<std::result::Result<Vec<_>, _>>()?,
                one => vec![literal(schema, item, one, variables)?],
            };
            Ok(list(items))
        }
        Type::Named(name) | Type::NonNullNamed(name) => match schema.types.get(name) {
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
                    entries.extend(entry(schema, def, given, variables)?);
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
            _ => scalar(name, value, variables),
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

fn scalar(
    name: &str,
    value: &Value,
    variables: &[Variable],
) -> std::result::Result<Template, String> {
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
                    .collect::<std::result::Result<_, _>>()?,
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
                .collect::<std::result::Result<Vec<_>, String>>()?;
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

fn fill(
    entries: &[Entry],
    values: &Values,
) -> std::result::Result<Vec<(String, InputValue)>, String> {
    let mut made = Vec::with_capacity(entries.len());
    for entry in entries {
        let value = match fill_one(&entry.value, values)? {
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
) -> std::result::Result<Option<InputValue>, String> {
    Ok(Some(match template {
        Template::Value(value) => value.clone(),
        Template::Variable(place) => return Ok(values.get(*place as usize).cloned().flatten()),
        Template::List(items) => {
            let items = items
                .iter()
                .map(|item| Ok(fill_one(item, values)?.unwrap_or(InputValue::Null)));
            InputValue::List(items.collect::<std::result::Result<_, String>>()?)
        }
        Template::Object { entries, one_of } => {
            let made = InputValue::Object(fill(entries, values)?);
            if *one_of {
                check_one(&made, "this input")?;
            }
            made
        }
    }))
}

fn one(template: &Template, name: &str) -> std::result::Result<(), String> {
    match template {
        Template::Value(value) => check_one(value, name),
        _ => Ok(()),
    }
}

/// <https://spec.graphql.org/September2025/#sec-OneOf-Input-Objects>
fn check_one(value: &InputValue, name: &str) -> std::result::Result<(), String> {
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

/// The variables of a request, all mistakes at once.
pub(crate) fn variables(
    schema: &Valid<Schema>,
    defs: &[Variable],
    given: &serde_json::Map<String, Json>,
) -> std::result::Result<Values, Vec<(String, Option<(u32, u32)>)>> {
    let mut values = Vec::with_capacity(defs.len());
    let mut mistakes = Vec::new();
    for def in defs {
        match variable(schema, def, given.get(&*def.name)) {
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
    schema: &Valid<Schema>,
    def: &Variable,
    given: Option<&Json>,
) -> std::result::Result<Option<InputValue>, String> {
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
            let made = json(schema, &def.ty, given, &mut path);
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
    schema: &Valid<Schema>,
    ty: &Type,
    value: &Json,
    path: &mut String,
) -> std::result::Result<InputValue, String> {
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
                    made.push(json(schema, item, value, path)?);
                    path.truncate(length);
                }
                Ok(InputValue::List(made))
            }
            one => Ok(InputValue::List(vec![json(schema, item, one, path)?])),
        },
        Type::Named(name) | Type::NonNullNamed(name) => match schema.types.get(name) {
            Some(ExtendedType::InputObject(object)) => json_object(schema, object, value, path),
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
            _ => json_scalar(name, value),
        },
    }
}

fn json_object(
    schema: &Valid<Schema>,
    object: &apollo_compiler::schema::InputObjectType,
    value: &Json,
    path: &mut String,
) -> std::result::Result<InputValue, String> {
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
                made.push((name.to_string(), json(schema, &def.ty, value, path)?));
                path.truncate(length);
            }
            (None, Some(default)) => {
                made.push((name.to_string(), constant(schema, &def.ty, default)?))
            }
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

fn json_scalar(name: &str, value: &Json) -> std::result::Result<InputValue, String> {
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

fn not_null(ty: &Type) -> String {
    format!("Expected non-nullable type \"{ty}\" not to be null.")
}
