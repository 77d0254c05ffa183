//! The values of a row that is created or updated, from coerced input.
//!
//! In: input objects, defaults, constraints, the caller. Out: a storable value for each column, or every mistake at once.
//! Must not know: SQL, connections.

use std::sync::{Mutex, PoisonError};

use jiff::SignedDuration;
use uuid::{ContextV7, Uuid};

use super::access::Env;
use super::filter::cell_of;
use super::rule::literal;
use super::value::{Unfit, store, unscaled};
use super::{
    ColumnDef, ColumnType, Constraint, DefaultValue, Format, IdStrategy, Join, ModelDef, Value,
};
use crate::engine::value::InputValue;
use crate::scalar::{Email, Url};
use crate::{Error, Result};

/// The columns to write, with their values as they are stored, in the order of the model.
#[derive(Debug, Default)]
pub(super) struct Values {
    pub(super) columns: Vec<(u16, Value)>,
    /// The columns that the input names.
    pub(super) given: u64,
}

impl Values {
    pub(super) fn get(&self, column: u16) -> Option<&Value> {
        self.columns
            .iter()
            .find(|(c, _)| *c == column)
            .map(|(_, v)| v)
    }
}

/// The name of the column in inputs: `hostId` for the foreign key of `host`.
pub(super) fn input_name(model: &ModelDef, column: u16) -> String {
    let field = model.columns[usize::from(column)].field;
    if is_foreign_key(model, column) {
        format!("{field}Id")
    } else {
        field.to_owned()
    }
}

/// Whether an argument of that name is about the column.
pub(super) fn is_named(model: &ModelDef, column: u16, name: &str) -> bool {
    name == model.columns[usize::from(column)].field || name == input_name(model, column)
}

/// Whether the column is the key of a `@belongsTo`.
pub(super) fn is_foreign_key(model: &ModelDef, column: u16) -> bool {
    model
        .relations
        .iter()
        .any(|r| matches!(r.join, Join::BelongsTo { column: c } if c == column))
}

/// All values of a new row.
///
/// # Errors
/// `BAD_USER_INPUT` with every field that does not fit.
pub(super) fn for_create(
    env: &Env<'_>,
    model: &'static ModelDef,
    input: &InputValue,
) -> Result<Values> {
    let mut values = Values::default();
    let mut wrong = unknown(model, input);
    for (c, column) in model.columns.iter().enumerate() {
        let c = c as u16;
        let (name, given) = given(model, c, input);
        let value = match given {
            Some(value) => {
                values.given |= 1 << c;
                checked(column, value)
            }
            None if c == model.id => match model.id_strategy {
                IdStrategy::Auto => continue,
                IdStrategy::UuidV7 => new_uuid(column, env),
                IdStrategy::None => Err("is required".to_owned()),
            },
            None => default(env, column),
        };
        match value {
            Ok(value) => values.columns.push((c, value)),
            Err(why) => wrong.push((name, why)),
        }
    }
    refuse(wrong)?;
    Ok(values)
}

/// The changes of an update: what the input leaves out stays.
///
/// # Errors
/// As [`for_create`].
pub(super) fn for_update(
    env: &Env<'_>,
    model: &'static ModelDef,
    input: &InputValue,
) -> Result<Values> {
    let mut values = Values::default();
    let mut wrong = unknown(model, input);
    for (c, column) in model.columns.iter().enumerate() {
        let c = c as u16;
        let (name, given) = given(model, c, input);
        let value = match given {
            Some(_) if c == model.id => Err("cannot be changed".to_owned()),
            Some(value) => {
                values.given |= 1 << c;
                checked(column, value)
            }
            None if is_updated_at(column) => Ok(Value::Int(env.now.as_microsecond())),
            None => continue,
        };
        match value {
            Ok(value) => values.columns.push((c, value)),
            Err(why) => wrong.push((name, why)),
        }
    }
    refuse(wrong)?;
    Ok(values)
}

/// `updatedAt` of `@model(timestamps: true)`.
fn is_updated_at(column: &ColumnDef) -> bool {
    column.field == "updatedAt"
        && column.ty == ColumnType::DateTime
        && matches!(column.default, Some(DefaultValue::Now))
}

fn given<'i>(
    model: &ModelDef,
    column: u16,
    input: &'i InputValue,
) -> (String, Option<&'i InputValue>) {
    let name = input_name(model, column);
    let value = input
        .get(&name)
        .or_else(|| input.get(model.columns[usize::from(column)].field));
    (name, value)
}

/// Fields of the input that no column has. A generated input has none; one that the user wrote, or a program, may.
fn unknown(model: &ModelDef, input: &InputValue) -> Vec<(String, String)> {
    let InputValue::Object(fields) = input else {
        return vec![("input".to_owned(), "is not an object".to_owned())];
    };
    let known = |name: &str| {
        (0..model.columns.len())
            .any(|c| model.columns[c].field == name || input_name(model, c as u16) == name)
    };
    let unknown = fields.iter().filter(|(name, _)| !known(name));
    unknown
        .map(|(name, _)| (name.clone(), format!("is no field of `{}`", model.name)))
        .collect()
}

fn refuse(wrong: Vec<(String, String)>) -> Result<()> {
    if wrong.is_empty() {
        return Ok(());
    }
    Err(Error::invalid(wrong))
}

/// Keys that are made in the same millisecond sort in the order of their making, within one process.
static ORDER: Mutex<ContextV7> = Mutex::new(ContextV7::new());

fn new_uuid(column: &ColumnDef, env: &Env<'_>) -> std::result::Result<Value, String> {
    let second = u64::try_from(env.now.as_second()).unwrap_or(0);
    let nanosecond = u32::try_from(env.now.subsec_nanosecond()).unwrap_or(0);
    let order = ORDER.lock().unwrap_or_else(PoisonError::into_inner);
    let id = Uuid::new_v7(uuid::Timestamp::from_unix(&*order, second, nanosecond));
    store(column.ty, Value::Text(id.to_string())).map_err(|Unfit(why)| why)
}

fn default(env: &Env<'_>, column: &ColumnDef) -> std::result::Result<Value, String> {
    let value = match column.default {
        Some(DefaultValue::Lit(lit)) => literal(lit),
        Some(DefaultValue::Auth(field)) => {
            env.caller().map_or(Value::Null, |caller| caller.get(field))
        }
        Some(DefaultValue::Now) => now(env, column.ty),
        None => Value::Null,
    };
    match store(column.ty, value) {
        Ok(Value::Null) if !column.nullable => Err("is required".to_owned()),
        Ok(value) => Ok(value),
        Err(Unfit(why)) => Err(why),
    }
}

fn now(env: &Env<'_>, ty: ColumnType) -> Value {
    let utc = env.now.to_zoned(jiff::tz::TimeZone::UTC);
    match ty {
        ColumnType::Date => Value::Text(utc.date().to_string()),
        ColumnType::Time => Value::Text(utc.time().to_string()),
        ColumnType::DateTime => Value::Int(env.now.as_microsecond()),
        _ => Value::Text(env.now.to_string()),
    }
}

/// A given value: of the column's type, and within its constraint.
fn checked(column: &ColumnDef, input: &InputValue) -> std::result::Result<Value, String> {
    let value = cell_of(column.ty, input).map_err(|Unfit(why)| why)?;
    if value.is_null() {
        return if column.nullable {
            Ok(value)
        } else {
            Err("must not be null".to_owned())
        };
    }
    match column.constraint {
        Some(constraint) => constrained(column.ty, constraint, value),
        None => Ok(value),
    }
}

fn constrained(
    ty: ColumnType,
    constraint: &Constraint,
    value: Value,
) -> std::result::Result<Value, String> {
    let number = match (ty, &value) {
        (ColumnType::Decimal(scale), Value::Int(n)) => f64::try_from(unscaled(*n, scale)).ok(),
        (ColumnType::Int | ColumnType::BigInt, Value::Int(n)) => Some(*n as f64),
        (_, Value::Real(n)) => Some(*n),
        _ => None,
    };
    if let (Some(format), Value::Text(text)) = (constraint.format, &value) {
        formatted(format, text)?;
    }
    let length = match &value {
        Value::Text(text) => Some(text.chars().count()),
        Value::Blob(bytes) if ty == ColumnType::Bytes => Some(bytes.len()),
        _ => None,
    };
    match (number, length, constraint) {
        (Some(n), _, Constraint { min: Some(min), .. }) if n < *min => {
            Err(format!("is at least {min}"))
        }
        (Some(n), _, Constraint { max: Some(max), .. }) if n > *max => {
            Err(format!("is at most {max}"))
        }
        (
            _,
            Some(n),
            Constraint {
                min_length: Some(min),
                ..
            },
        ) if n < *min as usize => Err(format!("has at least {min} {}", characters(*min))),
        (
            _,
            Some(n),
            Constraint {
                max_length: Some(max),
                ..
            },
        ) if n > *max as usize => Err(format!("has at most {max} {}", characters(*max))),
        _ => Ok(value),
    }
}

fn formatted(format: Format, text: &str) -> std::result::Result<(), String> {
    let (fits, what) = match format {
        Format::Email => (Email::new(text).is_ok(), "an e-mail address"),
        Format::Url => (Url::new(text).is_ok(), "a URL"),
        Format::Duration => (text.parse::<SignedDuration>().is_ok(), "a duration"),
    };
    match fits {
        true => Ok(()),
        false => Err(format!("is not {what}")),
    }
}

fn characters(count: u32) -> &'static str {
    if count == 1 {
        "character"
    } else {
        "characters"
    }
}
