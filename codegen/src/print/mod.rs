//! The schema as clients see it.
//!
//! In: the resolved schema. Out: its public SDL: what `@hidden` and `@auth` keep back is left out, generated types and
//! arguments are written out, and of the directives only those remain that clients can use, and those of ours that tell
//! what a field costs and how long an answer may be kept.
//! Must not know: models, Rust, files.

mod introspection;
mod value;

pub use introspection::introspection;
pub use value::value;

use crate::ir::{
    Directive, DirectiveDef, Field, InputValue, Named, Schema, TOLD, Type, TypeKind, Value,
};
use value::{description, quoted};

/// The public SDL: types sorted by name, fields as written. The same schema gives the same bytes.
pub fn sdl(schema: &Schema) -> String {
    let mut parts = Vec::new();
    parts.extend(schema_definition(schema));
    for directive in schema.directive_defs.values() {
        if !is_specified(&directive.name) {
            parts.push(directive_definition(schema, directive));
        }
    }
    let public = || schema.types.values().filter(|ty| !ty.hidden);
    let one_of = |ty: &Type| matches!(ty.kind, TypeKind::Input { one_of: true, .. });
    if public().any(one_of) {
        // Young enough that readers of the SDL may not know it.
        parts.push("directive @oneOf on INPUT_OBJECT".to_owned());
    }
    parts.extend(public().map(|ty| type_definition(schema, ty)));
    parts.join("\n\n") + "\n"
}

/// Directives of the specification need no definition.
pub(crate) fn is_specified(name: &str) -> bool {
    ["skip", "include", "deprecated", "specifiedBy", "oneOf"].contains(&name)
}

/// Needed unless the roots have their usual names and nothing else has.
fn schema_definition(schema: &Schema) -> Option<String> {
    let roots = [
        ("query", "Query", &schema.query),
        ("mutation", "Mutation", &schema.mutation),
        ("subscription", "Subscription", &schema.subscription),
    ];
    let usual = |usual: &str, root: Option<&str>| match root {
        Some(name) => name == usual,
        None => !schema.types.contains_key(usual),
    };
    let is_usual = roots
        .iter()
        .all(|(_, name, root)| usual(name, root.as_ref().map(|n| n.name.as_str())));
    if is_usual && schema.description.is_none() {
        return None;
    }
    let lines: Vec<String> = roots
        .iter()
        .filter_map(|(operation, _, root)| {
            root.as_ref()
                .map(|root| format!("  {operation}: {}", root.name))
        })
        .collect();
    Some(format!(
        "{}schema {{\n{}\n}}",
        description(schema.description.as_deref(), ""),
        lines.join("\n")
    ))
}

fn directive_definition(schema: &Schema, directive: &DirectiveDef) -> String {
    format!(
        "{}directive @{}{}{} on {}",
        description(directive.description.as_deref(), ""),
        directive.name,
        arguments(schema, &directive.args, ""),
        if directive.repeatable {
            " repeatable"
        } else {
            ""
        },
        names(&directive.locations, " | ")
    )
}

fn type_definition(schema: &Schema, ty: &Type) -> String {
    let docs = description(ty.description.as_deref(), "");
    let (name, told) = (&ty.name, told(schema, &ty.directives));
    match &ty.kind {
        TypeKind::Scalar => {
            let url = specified_by(&ty.directives);
            format!("{docs}scalar {name}{url}{told}")
        }
        TypeKind::Object { implements, fields } => {
            format!(
                "{docs}type {name}{}{told}{}",
                interfaces(implements),
                block(public_fields(schema, fields))
            )
        }
        TypeKind::Interface { implements, fields } => {
            format!(
                "{docs}interface {name}{}{told}{}",
                interfaces(implements),
                block(public_fields(schema, fields))
            )
        }
        TypeKind::Union { members } => {
            format!("{docs}union {name}{told} = {}", names(members, " | "))
        }
        TypeKind::Enum { values } => {
            let lines = values.iter().map(|value| {
                let docs = description(value.description.as_deref(), "  ");
                format!(
                    "{docs}  {}{}",
                    value.name,
                    deprecated(value.deprecated.as_deref())
                )
            });
            format!("{docs}enum {name}{told}{}", block(lines.collect()))
        }
        TypeKind::Input { fields, one_of } => {
            let one_of = if *one_of { " @oneOf" } else { "" };
            let lines = fields.iter().map(|field| {
                format!(
                    "{}  {}",
                    description(field.description.as_deref(), "  "),
                    input_value(schema, field)
                )
            });
            format!("{docs}input {name}{one_of}{}", block(lines.collect()))
        }
    }
}

fn interfaces(implements: &[Named]) -> String {
    if implements.is_empty() {
        String::new()
    } else {
        format!(" implements {}", names(implements, " & "))
    }
}

fn names(all: &[Named], between: &str) -> String {
    all.iter()
        .map(|named| named.name.as_str())
        .collect::<Vec<_>>()
        .join(between)
}

fn public_fields(schema: &Schema, fields: &[Field]) -> Vec<String> {
    let public = fields.iter().filter(|field| !field.hidden);
    let line = |field: &Field| {
        format!(
            "{}  {}{}: {}{}{}",
            description(field.description.as_deref(), "  "),
            field.name,
            arguments(schema, &field.args, "  "),
            field.ty,
            deprecated(field.deprecated.as_deref()),
            told(schema, &field.directives)
        )
    };
    public.map(line).collect()
}

fn block(lines: Vec<String>) -> String {
    if lines.is_empty() {
        String::new()
    } else {
        format!(" {{\n{}\n}}", lines.join("\n"))
    }
}

/// On one line, unless one of them is described.
fn arguments(schema: &Schema, args: &[InputValue], indent: &str) -> String {
    if args.is_empty() {
        return String::new();
    }
    if args.iter().all(|arg| arg.description.is_none()) {
        return format!(
            "({})",
            args.iter()
                .map(|arg| input_value(schema, arg))
                .collect::<Vec<_>>()
                .join(", ")
        );
    }
    let inner = format!("{indent}  ");
    let lines: Vec<String> = args
        .iter()
        .map(|arg| {
            format!(
                "{}{inner}{}",
                description(arg.description.as_deref(), &inner),
                input_value(schema, arg)
            )
        })
        .collect();
    format!("(\n{}\n{indent})", lines.join("\n"))
}

fn input_value(schema: &Schema, input: &InputValue) -> String {
    let default = input
        .default
        .as_ref()
        .map(|default| format!(" = {}", value(default)))
        .unwrap_or_default();
    format!(
        "{}: {}{default}{}{}",
        input.name,
        input.ty,
        deprecated(input.deprecated.as_deref()),
        told(schema, &input.directives)
    )
}

/// The directives of ours that clients are told of.
fn told(schema: &Schema, directives: &[Directive]) -> String {
    let told = directives
        .iter()
        .filter(|d| TOLD.contains(&d.name.as_str()) && schema.is_ours(&d.name));
    told.map(|directive| {
        let args = directive.args.iter();
        let args: Vec<_> = args
            .map(|(name, given, _)| format!("{}: {}", name.name, value(given)))
            .collect();
        match args.is_empty() {
            true => format!(" @{}", directive.name),
            false => format!(" @{}({})", directive.name, args.join(", ")),
        }
    })
    .collect()
}

fn deprecated(reason: Option<&str>) -> String {
    match reason {
        None => String::new(),
        Some("No longer supported") => " @deprecated".to_owned(),
        Some(reason) => format!(" @deprecated(reason: {})", quoted(reason)),
    }
}

fn specified_by(directives: &[Directive]) -> String {
    let url = directives
        .iter()
        .filter(|d| d.name == "specifiedBy")
        .flat_map(|d| &d.args);
    url.filter_map(|(name, value, _)| match value {
        Value::String(url) if name.name == "url" => {
            Some(format!(" @specifiedBy(url: {})", quoted(url)))
        }
        _ => None,
    })
    .collect()
}

#[cfg(test)]
mod tests;
