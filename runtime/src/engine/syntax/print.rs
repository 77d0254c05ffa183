//! Values as text: what a document would say.
//!
//! In: values. Out: text that the reader takes and that means the same. Must not know: types.

use std::fmt::{self, Display, Write};

use super::ast::{Value, ValueKind};

impl Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ValueKind::Variable(variable) => write!(f, "${}", variable.name),
            ValueKind::Int(text) | ValueKind::Float(text) => f.write_str(text),
            ValueKind::String(text) => string(f, text),
            ValueKind::Boolean(value) => write!(f, "{value}"),
            ValueKind::Null => f.write_str("null"),
            ValueKind::Enum(name) => f.write_str(name.text),
            ValueKind::List(items) => {
                f.write_char('[')?;
                for (i, item) in items.iter().enumerate() {
                    f.write_str(if i > 0 { ", " } else { "" })?;
                    item.fmt(f)?;
                }
                f.write_char(']')
            }
            ValueKind::Object(fields) => {
                f.write_char('{')?;
                for (i, field) in fields.iter().enumerate() {
                    f.write_str(if i > 0 { ", " } else { "" })?;
                    write!(f, "{}: {}", field.name, field.value)?;
                }
                f.write_char('}')
            }
        }
    }
}

fn string(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for c in text.chars() {
        match c {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            c if c.is_control() => write!(f, "\\u{:04X}", u32::from(c))?,
            c => f.write_char(c)?,
        }
    }
    f.write_char('"')
}
