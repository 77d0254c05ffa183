//! Constants and descriptions as SDL text.
//!
//! In: values. Out: text that reads back as the same value. Must not know: types.

use crate::ir::Value;

/// A constant as the specification writes it.
pub fn value(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Int(text) | Value::Float(text) | Value::Enum(text) => text.clone(),
        Value::String(text) => quoted(text),
        Value::Boolean(value) => value.to_string(),
        Value::List(items) => format!(
            "[{}]",
            items.iter().map(self::value).collect::<Vec<_>>().join(", ")
        ),
        Value::Object(fields) => {
            let fields: Vec<String> = fields
                .iter()
                .map(|(name, v)| format!("{name}: {}", self::value(v)))
                .collect();
            format!("{{{}}}", fields.join(", "))
        }
    }
}

/// A string in quotes, on one line.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A description with its line break; a block string where that reads back unchanged.
pub(super) fn description(text: Option<&str>, indent: &str) -> String {
    let Some(text) = text else {
        return String::new();
    };
    if text.contains('\n') && survives_block(text) {
        let lines: Vec<String> = text
            .replace("\"\"\"", "\\\"\"\"")
            .split('\n')
            .map(|line| {
                if line.is_empty() {
                    String::new()
                } else {
                    format!("{indent}{line}")
                }
            })
            .collect();
        return format!("{indent}\"\"\"\n{}\n{indent}\"\"\"\n", lines.join("\n"));
    }
    format!("{indent}{}\n", quoted(text))
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
