//! Whether a constant is a value of a type (section 3, "Input Coercion" of each kind).
//!
//! In: types, a type reference, a value. Out: everything wrong with the value, each with its place in it.

use crate::diagnostic::suggest;
use crate::ir::{InputValue, Schema, Type, TypeKind, TypeRef, Value};
use std::collections::BTreeMap;

/// Something wrong in a value.
pub(super) struct Problem {
    /// The way into the value: `.field`, `[index]`.
    path: String,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

impl Problem {
    /// The place for a message: empty for the whole value.
    pub(super) fn place(&self) -> String {
        if self.path.is_empty() {
            String::new()
        } else {
            format!(" at `{}`", self.path.trim_start_matches('.'))
        }
    }
}

/// Everything that keeps `value` from being one of `ty`. Types that are not among `types` or the built-in scalars, and types
/// that are no input types, take anything: they are reported elsewhere.
pub(super) fn problems(
    types: &BTreeMap<String, Type>,
    ty: &TypeRef,
    value: &Value,
) -> Vec<Problem> {
    let mut check = Check {
        types,
        path: String::new(),
        found: Vec::new(),
    };
    check.value(ty, value);
    check.found
}

struct Check<'a> {
    types: &'a BTreeMap<String, Type>,
    path: String,
    found: Vec<Problem>,
}

impl Check<'_> {
    fn tell(&mut self, message: String, help: Option<String>) {
        self.found.push(Problem {
            path: self.path.clone(),
            message,
            help,
        });
    }

    fn within(&mut self, step: &str, check: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        self.path.push_str(step);
        check(self);
        self.path.truncate(length);
    }

    fn value(&mut self, ty: &TypeRef, value: &Value) {
        match (ty, value) {
            (TypeRef::NonNull(_), Value::Null) => {
                self.tell(
                    format!("`null` is no value of `{ty}`"),
                    Some(format!("give a value of `{ty}`")),
                );
            }
            (TypeRef::NonNull(inner), value) => self.value(inner, value),
            (_, Value::Null) => {}
            (TypeRef::List(item), Value::List(values)) => {
                for (i, value) in values.iter().enumerate() {
                    self.within(&format!("[{i}]"), |check| check.value(item, value));
                }
            }
            (TypeRef::List(item), single) => self.value(item, single),
            (TypeRef::Named(name), value) => self.named(name, value),
        }
    }

    fn named(&mut self, name: &str, value: &Value) {
        match self.types.get(name).map(|ty| &ty.kind) {
            Some(TypeKind::Enum { values }) => {
                let names: Vec<&str> = values.iter().map(|value| value.name.as_str()).collect();
                self.enum_value(name, &names, value);
            }
            Some(TypeKind::Input { fields, one_of }) => match value {
                Value::Object(given) => self.object(name, fields, *one_of, given),
                _ => self.mismatch(
                    name,
                    value,
                    Some("an input type takes an object: `{ field: value }`".into()),
                ),
            },
            Some(_) => {}
            None if Schema::is_builtin_scalar(name) => self.scalar(name, value),
            None => {}
        }
    }

    fn mismatch(&mut self, ty: &str, value: &Value, help: Option<String>) {
        self.tell(format!("{} is no value of `{ty}`", show(value)), help);
    }

    fn scalar(&mut self, name: &str, value: &Value) {
        let fits = match (name, value) {
            ("Int", Value::Int(text)) => text.parse::<i32>().is_ok(),
            ("Float", Value::Int(text) | Value::Float(text)) => {
                text.parse::<f64>().is_ok_and(f64::is_finite)
            }
            ("String", Value::String(_))
            | ("Boolean", Value::Boolean(_))
            | ("ID", Value::String(_) | Value::Int(_)) => true,
            _ => false,
        };
        if fits {
            return;
        }
        let help = match (name, value) {
            ("Int", Value::Int(_)) => Some("an `Int` has 32 bits".to_string()),
            ("Float", Value::Int(_) | Value::Float(_)) => Some("a `Float` has 64 bits".to_string()),
            ("String" | "ID", Value::Enum(text)) => {
                Some(format!("strings stand in quotes: `\"{text}\"`"))
            }
            ("Boolean", _) => Some("write `true` or `false`".to_string()),
            (_, Value::String(text)) if text.parse::<f64>().is_ok() => {
                Some(format!("numbers stand without quotes: `{text}`"))
            }
            _ => None,
        };
        self.mismatch(name, value, help);
    }

    fn enum_value(&mut self, ty: &str, names: &[&str], value: &Value) {
        match value {
            Value::Enum(name) if names.contains(&name.as_str()) => {}
            Value::Enum(name) => {
                let help = suggest(name, names.iter().copied());
                self.mismatch(
                    ty,
                    value,
                    help.or_else(|| Some(format!("its values are {}", list(names)))),
                );
            }
            Value::String(name) if names.contains(&name.as_str()) => {
                self.mismatch(
                    ty,
                    value,
                    Some(format!("enum values stand without quotes: `{name}`")),
                );
            }
            _ => self.mismatch(ty, value, Some(format!("its values are {}", list(names)))),
        }
    }

    fn object(&mut self, ty: &str, fields: &[InputValue], one_of: bool, given: &[(String, Value)]) {
        for (i, (name, value)) in given.iter().enumerate() {
            match fields.iter().find(|field| field.name == *name) {
                None => {
                    let help = suggest(name, fields.iter().map(|field| field.name.as_str()));
                    self.tell(format!("`{ty}` has no field `{name}`"), help);
                }
                Some(field) => {
                    self.within(&format!(".{name}"), |check| check.value(&field.ty, value))
                }
            }
            if given[..i].iter().any(|(before, _)| before == name) {
                self.tell(
                    format!("the field `{name}` is given twice"),
                    Some("remove one of them".into()),
                );
            }
        }
        for field in fields.iter().filter(|field| field.is_required()) {
            if !given.iter().any(|(name, _)| *name == field.name) {
                self.tell(
                    format!("the field `{}` of `{ty}` is missing", field.name),
                    Some(format!("give a value of `{}`", field.ty)),
                );
            }
        }
        if one_of && (given.len() != 1 || given.iter().any(|(_, value)| *value == Value::Null)) {
            let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
            self.tell(
                format!("`{ty}` takes exactly one field, not null"),
                Some(format!("its fields are {}", list(&names))),
            );
        }
    }
}

/// A value in a message.
fn show(value: &Value) -> String {
    match value {
        Value::Null => "`null`".into(),
        Value::Int(text) | Value::Float(text) | Value::Enum(text) => format!("`{text}`"),
        Value::Boolean(value) => format!("`{value}`"),
        Value::String(text) if text.chars().count() <= 40 => format!("`{text:?}`"),
        Value::String(_) => "a string".into(),
        Value::List(_) => "a list".into(),
        Value::Object(_) => "an object".into(),
    }
}

fn list(names: &[&str]) -> String {
    names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}
