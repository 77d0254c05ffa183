//! Constants and descriptions as SDL text.
//!
//! In: values. Out: text that reads back as the same value. Must not know: types.

use crate::ir::Value;
use std::fmt::Write as _;

/// A constant as the specification writes it.
pub fn value(value: &Value) -> String {
    let mut out = String::new();
    put_value(value, &mut out);
    out
}

pub(super) fn put_value(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Int(text) | Value::Float(text) | Value::Enum(text) => out.push_str(text),
        Value::String(text) => put_quoted(text, out),
        Value::Boolean(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::List(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                out.push_str(if i == 0 { "" } else { ", " });
                put_value(item, out);
            }
            out.push(']');
        }
        Value::Object(fields) => {
            out.push('{');
            for (i, (name, value)) in fields.iter().enumerate() {
                out.push_str(if i == 0 { "" } else { ", " });
                out.push_str(name);
                out.push_str(": ");
                put_value(value, out);
            }
            out.push('}');
        }
    }
}

/// A string in quotes, on one line.
pub(super) fn put_quoted(text: &str, out: &mut String) {
    let is_escaped = |c: char| c == '"' || c == '\\' || c.is_control();
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.find(is_escaped) {
        out.push_str(&rest[..at]);
        let mut behind = rest[at..].chars();
        match behind.next() {
            Some('"') => out.push_str("\\\""),
            Some('\\') => out.push_str("\\\\"),
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some(c) => drop(write!(out, "\\u{:04x}", c as u32)),
            None => {}
        }
        rest = behind.as_str();
    }
    out.push_str(rest);
    out.push('"');
}

/// A description with its line break, if there is one; a block string where that reads back unchanged.
pub(super) fn put_description(text: Option<&str>, indent: &str, out: &mut String) {
    let Some(text) = text else {
        return;
    };
    out.push_str(indent);
    if !(text.contains('\n') && survives_block(text)) {
        put_quoted(text, out);
        out.push('\n');
        return;
    }
    out.push_str("\"\"\"\n");
    for line in text.replace("\"\"\"", "\\\"\"\"").split('\n') {
        out.push_str(if line.is_empty() { "" } else { indent });
        out.push_str(line);
        out.push('\n');
    }
    out.push_str(indent);
    out.push_str("\"\"\"\n");
}

/// Block strings lose common indentation, and blank lines at both ends.
fn survives_block(text: &str) -> bool {
    let blank = |line: &str| line.trim_matches([' ', '\t']).is_empty();
    let starts_in_column_one = |line: &str| !line.starts_with([' ', '\t']);
    let no_control = text
        .chars()
        .all(|c| !c.is_control() || c == '\n' || c == '\t');
    let mut lines = text.split('\n');
    let (first, last) = (
        lines.next().unwrap_or_default(),
        text.rsplit('\n').next().unwrap_or_default(),
    );
    let mut filled = text.split('\n').filter(|line| !blank(line));
    no_control && !blank(first) && !blank(last) && filled.any(starts_in_column_one)
}
