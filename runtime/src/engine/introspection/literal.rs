//! Default values as SDL: <https://spec.graphql.org/September2025/#sec-The-__InputValue-Type>
//!
//! In: a literal. Out: its text, on one line. Must not know: types.

use crate::engine::syntax::ast::{Value, ValueKind};

/// Writes a constant as it would stand in a document.
pub(super) fn print(value: &Value<'_>, into: &mut String) {
    match &value.kind {
        ValueKind::Variable(variable) => {
            into.push('$');
            into.push_str(&variable.name);
        }
        ValueKind::Int(text) | ValueKind::Float(text) => into.push_str(text),
        ValueKind::String(text) => string(text, into),
        ValueKind::Boolean(value) => into.push_str(if *value { "true" } else { "false" }),
        ValueKind::Null => into.push_str("null"),
        ValueKind::Enum(name) => into.push_str(name),
        ValueKind::List(items) => {
            into.push('[');
            for (i, item) in items.iter().enumerate() {
                into.push_str(if i > 0 { ", " } else { "" });
                print(item, into);
            }
            into.push(']');
        }
        ValueKind::Object(fields) if fields.is_empty() => into.push_str("{}"),
        ValueKind::Object(fields) => {
            into.push_str("{ ");
            for (i, field) in fields.iter().enumerate() {
                into.push_str(if i > 0 { ", " } else { "" });
                into.push_str(&field.name);
                into.push_str(": ");
                print(&field.value, into);
            }
            into.push_str(" }");
        }
    }
}

fn string(text: &str, into: &mut String) {
    into.push('"');
    for c in text.chars() {
        match c {
            '"' => into.push_str("\\\""),
            '\\' => into.push_str("\\\\"),
            '\n' => into.push_str("\\n"),
            '\r' => into.push_str("\\r"),
            '\t' => into.push_str("\\t"),
            c if c.is_control() => into.push_str(&format!("\\u{:04X}", c as u32)),
            c => into.push(c),
        }
    }
    into.push('"');
}
