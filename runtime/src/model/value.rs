//! Cells of a database row, and how each column type is stored, read and written.
//!
//! In: column types, values of the API, cells of SQLite. Out: storable values, JSON bytes.
//! Must not know: statements, connections, requests.

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::ColumnType;
use crate::engine::out::{Out, Written};
use crate::scalar::Leaf as _;

/// What SQLite can hold in a cell.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// NULL.
    #[default]
    Null,
    /// A 64-bit integer; booleans are 0 and 1.
    Int(i64),
    /// A double.
    Real(f64),
    /// Text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

/// Who sends the request: the fields of the type with `@auth`.
pub trait Caller: Send + Sync + 'static {
    /// The field's value: text for `ID`, enums and scalars that are written as text, 0 or 1 for `Boolean`.
    /// A field that holds a list answers [`Value::Null`].
    fn get(&self, field: u16) -> Value;

    /// The items of a field that holds a list, else nothing.
    fn list(&self, field: u16) -> Option<Vec<Value>> {
        let _ = field;
        None
    }
}

/// A value that a column's type cannot hold; the text is for the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfit(pub String);

impl Value {
    /// Whether it is NULL.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// A truth value: `None` for NULL.
    pub fn truth(&self) -> Option<bool> {
        match self {
            Value::Null => None,
            Value::Int(n) => Some(*n != 0),
            Value::Real(n) => Some(*n != 0.0),
            Value::Text(_) | Value::Blob(_) => Some(false),
        }
    }
}

impl From<bool> for Value {
    fn from(v: bool) -> Self {
        Value::Int(i64::from(v))
    }
}
impl From<i32> for Value {
    fn from(v: i32) -> Self {
        Value::Int(i64::from(v))
    }
}
impl From<i64> for Value {
    fn from(v: i64) -> Self {
        Value::Int(v)
    }
}
impl From<f64> for Value {
    fn from(v: f64) -> Self {
        Value::Real(v)
    }
}
impl From<&str> for Value {
    fn from(v: &str) -> Self {
        Value::Text(v.to_owned())
    }
}
impl From<String> for Value {
    fn from(v: String) -> Self {
        Value::Text(v)
    }
}
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(v: Option<T>) -> Self {
        v.map_or(Value::Null, Into::into)
    }
}

/// The value as the column stores it: a UUID's text becomes 16 bytes, a decimal a scaled integer, and so on.
///
/// # Errors
/// The value is not one of the type's.
pub(super) fn store(ty: ColumnType, value: Value) -> Result<Value, Unfit> {
    if value.is_null() {
        return Ok(Value::Null);
    }
    let unfit = |value: &Value| Unfit(format!("{} is not {}", shown(value), described(ty)));
    let stored = match (ty, &value) {
        (ColumnType::IdInt | ColumnType::BigInt, Value::Text(s)) => s.parse().ok().map(Value::Int),
        (ColumnType::IdInt | ColumnType::BigInt, Value::Int(_)) => return Ok(value),
        (ColumnType::Int, Value::Int(n)) => i32::try_from(*n).ok().map(Value::from),
        (ColumnType::IdUuid | ColumnType::Uuid, Value::Text(s)) => Uuid::try_parse(s)
            .ok()
            .map(|u| Value::Blob(u.as_bytes().to_vec())),
        (ColumnType::IdUuid | ColumnType::Uuid, Value::Blob(b)) if b.len() == 16 => {
            return Ok(value);
        }
        (ColumnType::IdText, Value::Int(n)) => Some(Value::Text(n.to_string())),
        (ColumnType::IdText | ColumnType::Text, Value::Text(_)) => return Ok(value),
        (ColumnType::Float, Value::Real(n)) if n.is_finite() => return Ok(value),
        (ColumnType::Float, Value::Int(n)) => Some(Value::Real(*n as f64)),
        (ColumnType::Boolean, Value::Int(0 | 1)) => return Ok(value),
        (ColumnType::Enum(names), Value::Text(s)) if names.contains(&s.as_str()) => {
            return Ok(value);
        }
        (ColumnType::DateTime, Value::Text(s)) => s
            .parse::<Timestamp>()
            .ok()
            .map(|t| Value::Int(t.as_microsecond())),
        (ColumnType::DateTime, Value::Int(_)) => return Ok(value),
        (ColumnType::Date, Value::Text(s)) => {
            s.parse::<Date>().ok().map(|d| Value::Text(d.to_string()))
        }
        (ColumnType::Time, Value::Text(s)) => {
            s.parse::<Time>().ok().map(|t| Value::Text(t.to_string()))
        }
        (ColumnType::Decimal(scale), Value::Text(s)) => scaled_text(s, scale).map(Value::Int),
        (ColumnType::Decimal(scale), Value::Int(n)) => {
            scaled(Decimal::from(*n), scale).map(Value::Int)
        }
        (ColumnType::Decimal(scale), Value::Real(n)) => {
            scaled_text(&n.to_string(), scale).map(Value::Int)
        }
        (ColumnType::Json, Value::Text(s)) => is_json(s).then(|| value.clone()),
        (ColumnType::Bytes, Value::Blob(_)) => return Ok(value),
        (ColumnType::Bytes, Value::Text(s)) => decode_base64(s).map(Value::Blob),
        _ => None,
    };
    stored.ok_or_else(|| unfit(&value))
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// A decimal as the integer that a column with so many digits after the point holds; `None` if it does not fit exactly.
pub(super) fn scaled(value: Decimal, scale: u8) -> Option<i64> {
    let mut exact = value.normalize();
    if exact.scale() > u32::from(scale) {
        return None;
    }
    exact.rescale(u32::from(scale));
    i64::try_from(exact.mantissa())
        .ok()
        .filter(|_| exact.scale() == u32::from(scale))
}

fn scaled_text(text: &str, scale: u8) -> Option<i64> {
    let value = Decimal::from_str_exact(text)
        .or_else(|_| Decimal::from_scientific(text))
        .ok()?;
    scaled(value, scale)
}

/// The decimal that a scaled integer stands for.
pub(super) fn unscaled(value: i64, scale: u8) -> Decimal {
    Decimal::from_i128_with_scale(i128::from(value), u32::from(scale))
}

fn decode_base64(text: &str) -> Option<Vec<u8>> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.decode(text).ok()
}

/// A cell that does not hold what its column's type promises; never shown to clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corrupt(pub String);

impl std::fmt::Display for Corrupt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
impl std::error::Error for Corrupt {}

/// The cell as API text: what the scalar looks like inside the quotes of its JSON. `None` for NULL.
///
/// # Errors
/// The cell does not hold a value of the type.
pub(super) fn text_of(ty: ColumnType, value: &Value) -> Result<Option<String>, Corrupt> {
    let corrupt = || Corrupt(format!("{} in a column of {ty:?}", kind(value)));
    Ok(Some(match (ty, value) {
        (_, Value::Null) => return Ok(None),
        (ColumnType::IdUuid | ColumnType::Uuid, Value::Blob(b)) => Uuid::from_slice(b)
            .map_err(|_| corrupt())?
            .hyphenated()
            .to_string(),
        (ColumnType::DateTime, Value::Int(n)) => Timestamp::from_microsecond(*n)
            .map_err(|_| corrupt())?
            .to_string(),
        (ColumnType::Decimal(scale), Value::Int(n)) => unscaled(*n, scale).to_string(),
        (ColumnType::Bytes, Value::Blob(b)) => {
            use base64::Engine as _;
            base64::engine::general_purpose::STANDARD.encode(b)
        }
        (ColumnType::Boolean, Value::Int(n)) => (*n != 0).to_string(),
        (_, Value::Text(s)) => s.clone(),
        (_, Value::Int(n)) => n.to_string(),
        (ColumnType::Float, Value::Real(n)) => n.to_string(),
        _ => return Err(corrupt()),
    }))
}

/// Writes the cell as the JSON of its scalar; what cannot be written is an error at the current place.
pub(crate) fn write_cell(ty: ColumnType, value: &Value, out: &mut Out) -> Written {
    match (ty, value) {
        (_, Value::Null) => out.null(),
        (ColumnType::Int, Value::Int(n)) => out.int(*n),
        (ColumnType::BigInt, Value::Int(n)) => return n.write(out),
        (ColumnType::Float, Value::Real(n)) => return out.float(*n),
        (ColumnType::Boolean, Value::Int(n)) => out.bool(*n != 0),
        (
            ColumnType::IdText
            | ColumnType::Text
            | ColumnType::Enum(_)
            | ColumnType::Date
            | ColumnType::Time,
            Value::Text(s),
        ) => out.str(s),
        (ColumnType::Json, Value::Text(s)) if is_json(s) => out.raw(s.as_bytes()),
        (ColumnType::Boolean | ColumnType::Int | ColumnType::Float | ColumnType::Json, _) => {
            return out.fail(Corrupt(format!("{} in a column of {ty:?}", kind(value))).into());
        }
        _ => match text_of(ty, value) {
            Ok(text) => out.str(&text.unwrap_or_default()),
            Err(corrupt) => return out.fail(corrupt.into()),
        },
    }
    Ok(())
}

/// Writes a JSON string with its quotes.
pub(super) fn write_string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    let bytes = text.as_bytes();
    let mut from = 0;
    for (i, &b) in bytes.iter().enumerate() {
        if b >= 0x20 && b != b'"' && b != b'\\' {
            continue;
        }
        out.extend_from_slice(&bytes[from..i]);
        from = i + 1;
        match b {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            _ => {
                let digits = b"0123456789abcdef";
                out.extend_from_slice(b"\\u00");
                out.push(digits[usize::from(b >> 4)]);
                out.push(digits[usize::from(b & 15)]);
            }
        }
    }
    out.extend_from_slice(&bytes[from..]);
    out.push(b'"');
}

/// The kind of a stored value, for the log, where the value itself must not be.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "NULL",
        Value::Int(_) => "an integer",
        Value::Real(_) => "a number",
        Value::Text(_) => "other text",
        Value::Blob(_) => "bytes",
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Int(n) => n.to_string(),
        Value::Real(n) => n.to_string(),
        Value::Text(s) => format!("{:?}", s.chars().take(80).collect::<String>()),
        Value::Blob(b) => {
            let mut text = String::from("x'");
            for byte in b.iter().take(16) {
                let _ = write!(text, "{byte:02x}");
            }
            text + "'"
        }
    }
}

fn described(ty: ColumnType) -> &'static str {
    match ty {
        ColumnType::IdInt => "an ID (a number)",
        ColumnType::IdUuid => "an ID (a UUID)",
        ColumnType::IdText => "an ID",
        ColumnType::Int => "an Int",
        ColumnType::BigInt => "a BigInt",
        ColumnType::Float => "a finite Float",
        ColumnType::Text => "a text",
        ColumnType::Boolean => "a Boolean",
        ColumnType::Enum(_) => "a value of the enum",
        ColumnType::DateTime => "a DateTime (RFC 3339)",
        ColumnType::Date => "a Date (YYYY-MM-DD)",
        ColumnType::Time => "a Time (HH:MM:SS)",
        ColumnType::Decimal(_) => "a Decimal that the field can hold exactly",
        ColumnType::Uuid => "a UUID",
        ColumnType::Json => "JSON",
        ColumnType::Bytes => "base64",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(ty: ColumnType, given: impl Into<Value>, stored: Value, json: &str) {
        let found = store(ty, given.into()).expect("it fits");
        assert_eq!(found, stored);
        let mut out = Out::default();
        write_cell(ty, &found, &mut out).expect("it is sound");
        assert_eq!(String::from_utf8(out.into_bytes()).expect("UTF-8"), json);
    }

    #[test]
    fn every_type_goes_in_and_out() {
        let uuid = "0192f0c1-2a5b-7c3d-8e4f-001122334455";
        let bytes = Uuid::try_parse(uuid).expect("a UUID").as_bytes().to_vec();
        check(ColumnType::IdInt, "12", Value::Int(12), "\"12\"");
        check(
            ColumnType::IdUuid,
            uuid.to_uppercase(),
            Value::Blob(bytes.clone()),
            &format!("\"{uuid}\""),
        );
        check(
            ColumnType::Uuid,
            uuid,
            Value::Blob(bytes),
            &format!("\"{uuid}\""),
        );
        check(ColumnType::IdText, 7, Value::Text("7".into()), "\"7\"");
        check(ColumnType::Int, -3, Value::Int(-3), "-3");
        check(
            ColumnType::BigInt,
            i64::MAX,
            Value::Int(i64::MAX),
            "\"9223372036854775807\"",
        );
        check(ColumnType::Float, 2, Value::Real(2.0), "2.0");
        check(
            ColumnType::Text,
            "a\"\n\u{1}é",
            "a\"\n\u{1}é".into(),
            "\"a\\\"\\n\\u0001é\"",
        );
        check(ColumnType::Boolean, true, Value::Int(1), "true");
        check(ColumnType::Enum(&["A", "B"]), "B", "B".into(), "\"B\"");
        check(
            ColumnType::DateTime,
            "2024-02-29T12:00:00.5+01:00",
            Value::Int(1_709_204_400_500_000),
            "\"2024-02-29T11:00:00.5Z\"",
        );
        check(
            ColumnType::Date,
            "2024-02-29",
            "2024-02-29".into(),
            "\"2024-02-29\"",
        );
        check(ColumnType::Time, "08:30", "08:30:00".into(), "\"08:30:00\"");
        check(
            ColumnType::Decimal(2),
            "12.5",
            Value::Int(1250),
            "\"12.50\"",
        );
        check(ColumnType::Decimal(2), 0.1, Value::Int(10), "\"0.10\"");
        check(ColumnType::Decimal(2), "-0.05", Value::Int(-5), "\"-0.05\"");
        check(
            ColumnType::Json,
            "{\"a\": 1}",
            "{\"a\": 1}".into(),
            "{\"a\": 1}",
        );
        check(
            ColumnType::Bytes,
            "aGk=",
            Value::Blob(b"hi".to_vec()),
            "\"aGk=\"",
        );
        check(ColumnType::Date, Value::Null, Value::Null, "null");
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        for (ty, given) in [
            (ColumnType::IdInt, Value::from("x")),
            (ColumnType::IdUuid, "12".into()),
            (ColumnType::Int, i64::MAX.into()),
            (ColumnType::Float, f64::NAN.into()),
            (ColumnType::Enum(&["A"]), "a".into()),
            (ColumnType::DateTime, "2024-02-29".into()),
            (ColumnType::Date, "2023-02-29".into()),
            (ColumnType::Decimal(2), "1.005".into()),
            (ColumnType::Decimal(2), "99999999999999999999".into()),
            (ColumnType::Json, "{".into()),
            (ColumnType::Bytes, "%".into()),
        ] {
            assert!(store(ty, given.clone()).is_err(), "{given:?} as {ty:?}");
        }
    }
}
