//! Arguments of schedules: YAML values → JSON, by the types of the job's arguments.
//!
//! In: nodes of the manifest. Out: JSON as a client would send it. Must not know: schedules' times.

use crate::diagnostic::{Code, Diagnostics, suggest};
use crate::ir::{InputValue, Schema, TypeKind, TypeRef, Value};
use crate::parse::manifest::tree::{Core, Key, Node, Yaml, core};
use crate::parse::manifest::{JobDecl, ScheduleDecl};
use crate::source::Span;
use serde_json::{Map, Value as Json};

/// The defaults of a job's arguments.
pub(super) fn defaults(
    args: &[InputValue],
    schema: &Schema,
    diags: &mut Diagnostics,
) -> Map<String, Json> {
    let mut found = Map::new();
    for arg in args {
        if let Some(value) = &arg.default
            && let Some(json) = coerce(&node(value, arg.default_span), &arg.ty, schema, diags)
        {
            found.insert(arg.name.clone(), json);
        }
    }
    found
}

/// The arguments of a schedule's runs.
pub(super) fn args(
    job: &JobDecl,
    schedule: &ScheduleDecl,
    args: &[InputValue],
    defaults: &Map<String, Json>,
    schema: &Schema,
    diags: &mut Diagnostics,
) -> Map<String, Json> {
    for (key, _) in &schedule.args {
        if !args.iter().any(|arg| arg.name == key.text) {
            let help = suggest(&key.text, args.iter().map(|a| a.name.as_str()));
            let message = format!("`{}` has no argument `{}`", job.name.name, key.text);
            diags.error(Code::JobArgs, key.span, message).help_opt(help);
        }
    }
    let mut found = Map::new();
    for arg in args {
        let given = schedule.args.iter().find(|(key, _)| key.text == arg.name);
        let json = match given {
            Some((_, node)) => coerce(node, &arg.ty, schema, diags),
            None => {
                if arg.is_required() {
                    let message =
                        format!("the schedule lacks the argument `{}: {}`", arg.name, arg.ty);
                    diags
                        .error(Code::JobArgs, schedule.span, message)
                        .note(arg.span, "it is declared here")
                        .help(format!(
                            "add `args: {{{}: …}}`, or a default to the argument",
                            arg.name
                        ));
                }
                defaults.get(&arg.name).cloned()
            }
        };
        if let Some(json) = json {
            found.insert(arg.name.clone(), json);
        }
    }
    found
}

fn coerce(node: &Node, ty: &TypeRef, schema: &Schema, diags: &mut Diagnostics) -> Option<Json> {
    match ty {
        TypeRef::NonNull(inner) if node.is_null() => {
            diags
                .error(
                    Code::JobArgs,
                    node.span,
                    format!("`{inner}!` cannot be null"),
                )
                .help("write a value");
            None
        }
        TypeRef::NonNull(inner) => coerce(node, inner, schema, diags),
        _ if node.is_null() => Some(Json::Null),
        TypeRef::List(inner) => match &node.value {
            Yaml::List(items) => {
                let items: Vec<_> = items
                    .iter()
                    .map(|item| coerce(item, inner, schema, diags))
                    .collect();
                items
                    .into_iter()
                    .collect::<Option<Vec<_>>>()
                    .map(Json::Array)
            }
            _ => coerce(node, inner, schema, diags).map(|one| Json::Array(vec![one])),
        },
        TypeRef::Named(name) => match schema.types.get(name).map(|ty| &ty.kind) {
            Some(TypeKind::Enum { values }) => {
                let names: Vec<&str> = values.iter().map(|v| v.name.as_str()).collect();
                enum_value(node, name, &names, diags)
            }
            Some(TypeKind::Input { fields, one_of }) => {
                object(node, name, fields, *one_of, schema, diags)
            }
            _ => scalar(node, name, diags),
        },
    }
}

fn wrong(node: &Node, ty: &str, help: Option<String>, diags: &mut Diagnostics) -> Option<Json> {
    let message = format!("`{ty}` expected, found {}", node.kind());
    diags
        .error(Code::JobArgs, node.span, message)
        .help_opt(help);
    None
}

fn enum_value(node: &Node, ty: &str, names: &[&str], diags: &mut Diagnostics) -> Option<Json> {
    match &node.value {
        Yaml::Scalar { text, .. } if names.contains(&text.as_str()) => Some(text.as_str().into()),
        Yaml::Scalar { text, .. } => {
            let help = suggest(text, names.iter().copied())
                .unwrap_or_else(|| format!("it has {}", names.join(", ")));
            diags
                .error(
                    Code::JobArgs,
                    node.span,
                    format!("the enum `{ty}` has no value `{text}`"),
                )
                .help(help);
            None
        }
        _ => wrong(node, ty, None, diags),
    }
}

fn object(
    node: &Node,
    ty: &str,
    fields: &[InputValue],
    one_of: bool,
    schema: &Schema,
    diags: &mut Diagnostics,
) -> Option<Json> {
    let Some(entries) = node.entries() else {
        return wrong(node, ty, Some("write a mapping".into()), diags);
    };
    let mut good = true;
    let mut object = Map::new();
    for (key, value) in entries {
        match fields.iter().find(|f| f.name == key.text) {
            Some(field) => match coerce(value, &field.ty, schema, diags) {
                Some(json) => {
                    object.insert(key.text.clone(), json);
                }
                None => good = false,
            },
            None => {
                let help = suggest(&key.text, fields.iter().map(|f| f.name.as_str()));
                diags
                    .error(
                        Code::JobArgs,
                        key.span,
                        format!("`{ty}` has no field `{}`", key.text),
                    )
                    .help_opt(help);
                good = false;
            }
        }
    }
    for field in fields {
        if object.contains_key(&field.name) || !good {
            continue;
        }
        match &field.default {
            Some(value) => {
                let json = coerce(
                    &self::node(value, node.span),
                    &field.ty,
                    schema,
                    &mut Diagnostics::default(),
                );
                object.extend(json.map(|json| (field.name.clone(), json)));
            }
            None if field.ty.is_non_null() => {
                let message = format!("`{ty}` lacks the field `{}: {}`", field.name, field.ty);
                diags
                    .error(Code::JobArgs, node.span, message)
                    .help("add it");
                return None;
            }
            None => {}
        }
    }
    if one_of && good && (entries.len() != 1 || object.values().any(Json::is_null)) {
        diags
            .error(
                Code::JobArgs,
                node.span,
                format!("`{ty}` takes exactly one field"),
            )
            .help("keep one of them");
        return None;
    }
    good.then_some(Json::Object(object))
}

fn scalar(node: &Node, ty: &str, diags: &mut Diagnostics) -> Option<Json> {
    let Yaml::Scalar { text, plain } = &node.value else {
        return if ty == "JSON" {
            Some(any(node))
        } else {
            wrong(node, ty, None, diags)
        };
    };
    let meaning = if *plain { core(text) } else { Core::Text };
    let quoted = || Some(format!("quote it: `\"{text}\"`"));
    let checked = |good: bool, help: &str, diags: &mut Diagnostics| {
        if meaning == Core::Text && good {
            Some(text.as_str().into())
        } else {
            wrong_text(node, ty, help, diags)
        }
    };
    match (ty, &meaning) {
        ("Int", Core::Int(n)) if i32::try_from(*n).is_ok() => Some((*n).into()),
        ("Int", Core::Int(_)) => {
            wrong_text(node, ty, "an `Int` has 32 bits; there is `BigInt`", diags)
        }
        ("BigInt", Core::Int(n)) => Some((*n).into()),
        ("Float", Core::Int(n)) => Some((*n as f64).into()),
        ("Float", Core::Float(n)) => Some((*n).into()),
        ("Boolean", Core::Bool(flag)) => Some((*flag).into()),
        ("Int" | "BigInt" | "Float" | "Boolean", _) => wrong(node, ty, None, diags),
        ("ID", Core::Int(n)) => Some(n.to_string().into()),
        ("Decimal", Core::Int(_) | Core::Float(_)) => Some(text.as_str().into()),
        ("Decimal", _) => checked(
            text.parse::<f64>().is_ok_and(f64::is_finite),
            "such as `12.50`",
            diags,
        ),
        ("DateTime", _) => checked(
            text.parse::<jiff::Timestamp>().is_ok(),
            "such as `2026-01-31T12:00:00Z`",
            diags,
        ),
        ("Date", _) => checked(
            text.parse::<jiff::civil::Date>().is_ok(),
            "such as `2026-01-31`",
            diags,
        ),
        ("Time", _) => checked(
            text.parse::<jiff::civil::Time>().is_ok(),
            "such as `12:30:00`",
            diags,
        ),
        ("Duration", _) => checked(
            text.parse::<jiff::SignedDuration>().is_ok(),
            "such as `PT1H30M`",
            diags,
        ),
        (_, Core::Text) => Some(text.as_str().into()),
        ("ID" | "String" | "UUID" | "Url" | "Email" | "Bytes", _) => {
            wrong(node, ty, quoted(), diags)
        }
        _ => Some(any(node)), // JSON, and scalars of the user's own
    }
}

fn wrong_text(node: &Node, ty: &str, help: &str, diags: &mut Diagnostics) -> Option<Json> {
    diags
        .error(Code::JobArgs, node.span, format!("this is no `{ty}`"))
        .help(help);
    None
}

/// Any value as JSON.
fn any(node: &Node) -> Json {
    match &node.value {
        Yaml::List(items) => items.iter().map(any).collect(),
        Yaml::Map(entries) => entries
            .iter()
            .map(|(key, node)| (key.text.clone(), any(node)))
            .collect(),
        Yaml::Scalar { text, plain } => match core(text) {
            Core::Null if *plain => Json::Null,
            Core::Bool(flag) if *plain => flag.into(),
            Core::Int(n) if *plain => n.into(),
            Core::Float(n) if *plain => n.into(),
            _ => text.as_str().into(),
        },
    }
}

/// A value of SDL as a node, so that both are coerced by the same rules.
fn node(value: &Value, span: Span) -> Node {
    let scalar = |text: &str, plain| Yaml::Scalar {
        text: text.to_owned(),
        plain,
    };
    let value = match value {
        Value::Null => scalar("null", true),
        Value::Boolean(flag) => scalar(if *flag { "true" } else { "false" }, true),
        Value::Int(text) | Value::Float(text) | Value::Enum(text) => scalar(text, true),
        Value::String(text) => scalar(text, false),
        Value::List(items) => Yaml::List(items.iter().map(|item| node(item, span)).collect()),
        Value::Object(fields) => Yaml::Map(
            fields
                .iter()
                .map(|(name, value)| {
                    (
                        Key {
                            span,
                            text: name.clone(),
                        },
                        node(value, span),
                    )
                })
                .collect(),
        ),
    };
    Node { span, value }
}
