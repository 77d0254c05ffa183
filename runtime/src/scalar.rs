//! The built-in scalars: how they are read from input and written to a response.
//!
//! In: coerced input, Rust values. Out: Rust values, JSON. Must not know: plans, requests, databases.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};

use crate::engine::out::{Out, Written};
use crate::engine::value::{FromInput, InputValue, mismatch};
use crate::{Error, Result};

/// A value without a selection set: scalars and enums, and lists of them.
pub trait Leaf {
    /// Writes the value as JSON; what cannot be written is an error at the current place.
    fn write(&self, out: &mut Out) -> Written;
}

/// Tells whether a value is one of a scalar's.
pub(crate) type Reader = fn(&InputValue) -> Result<()>;

/// The scalars that need no definition and whose values are not just any.
const SHIPPED: &[(&str, Reader)] = &[
    ("BigInt", read::<i64>),
    ("Bytes", read::<Bytes>),
    ("Date", read::<jiff::civil::Date>),
    ("DateTime", read::<jiff::Timestamp>),
    ("Decimal", read::<rust_decimal::Decimal>),
    ("Duration", read::<jiff::SignedDuration>),
    ("Email", read::<Email>),
    ("Time", read::<jiff::civil::Time>),
    ("URL", read::<Url>),
    ("UUID", read::<uuid::Uuid>),
    ("Upload", crate::upload::check),
    ("Url", read::<Url>),
];

fn read<T: FromInput>(value: &InputValue) -> Result<()> {
    T::from_input(value).map(drop)
}

/// What reads the scalar of that name, if it is a shipped one that does not take any value.
pub(crate) fn reader(name: &str) -> Option<Reader> {
    let found = SHIPPED.iter().find(|(shipped, _)| *shipped == name);
    found.map(|(_, reader)| *reader)
}

/// The `ID` scalar: opaque text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(String);

impl Id {
    /// An id of that text.
    pub fn new(text: impl Into<String>) -> Self {
        Id(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The `Url` scalar: text with a scheme and something behind it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Url(String);

impl Url {
    /// A URL of that text; an error if it is none (`scheme:rest`, without blanks).
    pub fn new(text: impl Into<String>) -> Result<Self> {
        let text = text.into();
        let scheme = text
            .split_once(':')
            .filter(|(_, rest)| !rest.is_empty())
            .map_or("", |(scheme, _)| scheme);
        let mut letters = scheme.chars();
        let good = letters.next().is_some_and(|c| c.is_ascii_alphabetic())
            && letters.all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
            && !text.contains(|c: char| c.is_whitespace() || c.is_control());
        if good {
            Ok(Url(text))
        } else {
            Err(Error::new(format!("`{text}` is not a URL")))
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The `Email` scalar: text of the form `name@domain`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    /// An address of that text; an error if it is none. Whether somebody reads it only a message can tell.
    pub fn new(text: impl Into<String>) -> Result<Self> {
        let text = text.into();
        let good = text.rsplit_once('@').is_some_and(|(name, domain)| {
            !name.is_empty()
                && !domain.is_empty()
                && !domain.starts_with('.')
                && !domain.ends_with('.')
                && !domain.contains("..")
        }) && !text.contains(|c: char| c.is_whitespace() || c.is_control())
            && text.len() <= 254;
        if good {
            Ok(Email(text))
        } else {
            Err(Error::new(format!("`{text}` is not an e-mail address")))
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The `Bytes` scalar: base64 in JSON.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Bytes(pub Vec<u8>);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64.encode(&self.0))
    }
}

impl Serialize for Bytes {
    fn serialize<S: serde::Serializer>(
        &self,
        serializer: S,
    ) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: serde::Deserializer<'de>>(
        deserializer: D,
    ) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        BASE64
            .decode(text)
            .map(Bytes)
            .map_err(serde::de::Error::custom)
    }
}

/// What the text newtypes have in common.
macro_rules! text {
    ($($name:ident),*) => { $(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> String {
                value.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.0 == *other
            }
        }

        impl Leaf for $name {
            #[inline]
            fn write(&self, out: &mut Out) -> Written {
                out.str(&self.0);
                Ok(())
            }
        }
    )* };
}
text!(Id, Url, Email);

impl From<String> for Id {
    fn from(text: String) -> Self {
        Id(text)
    }
}

impl From<&str> for Id {
    fn from(text: &str) -> Self {
        Id(text.to_owned())
    }
}

impl FromInput for Id {
    fn from_input(value: &InputValue) -> Result<Self> {
        match value {
            InputValue::Str(text) => Ok(Id(text.clone())),
            InputValue::Int(number) => Ok(Id(number.to_string())),
            other => Err(mismatch("an ID", other)),
        }
    }
}

/// Text newtypes with a check of their own.
macro_rules! checked {
    ($($name:ident),*) => { $(
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
                $name::new(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
            }
        }

        impl FromInput for $name {
            fn from_input(value: &InputValue) -> Result<Self> {
                $name::new(text_of(value)?)
            }
        }
    )* };
}
checked!(Url, Email);

/// Scalars that are strings in JSON and that parse and format themselves.
macro_rules! parsed {
    ($($ty:ty => $what:literal),* $(,)?) => { $(
        impl Leaf for $ty {
            fn write(&self, out: &mut Out) -> Written {
                out.display(self);
                Ok(())
            }
        }

        impl FromInput for $ty {
            fn from_input(value: &InputValue) -> Result<Self> {
                let text = text_of(value)?;
                text.parse().map_err(|_| Error::new(format!("`{text}` is not {}", $what)))
            }
        }
    )* };
}
parsed! {
    jiff::Timestamp => "a DateTime (RFC 3339, such as 2026-01-31T09:30:00Z)",
    jiff::civil::Date => "a Date (such as 2026-01-31)",
    jiff::civil::Time => "a Time (such as 09:30:00)",
    jiff::SignedDuration => "a Duration (ISO 8601, such as PT1H30M)",
    uuid::Uuid => "a UUID",
}

impl Leaf for rust_decimal::Decimal {
    fn write(&self, out: &mut Out) -> Written {
        out.display(self);
        Ok(())
    }
}

/// A decimal is a string, so that no digit is lost; an integer is taken as well.
impl FromInput for rust_decimal::Decimal {
    fn from_input(value: &InputValue) -> Result<Self> {
        let text = match value {
            InputValue::Int(number) => number.to_string(),
            InputValue::Float(number) => number.to_string(),
            other => text_of(other)?.to_owned(),
        };
        rust_decimal::Decimal::from_str_exact(&text)
            .map_err(|_| Error::new(format!("`{text}` is not a Decimal (such as \"12.50\")")))
    }
}

impl Leaf for Bytes {
    fn write(&self, out: &mut Out) -> Written {
        out.display(self);
        Ok(())
    }
}

impl FromInput for Bytes {
    fn from_input(value: &InputValue) -> Result<Self> {
        BASE64
            .decode(text_of(value)?)
            .map(Bytes)
            .map_err(|_| Error::new("not base64"))
    }
}

impl Leaf for serde_json::Value {
    fn write(&self, out: &mut Out) -> Written {
        out.json(self);
        Ok(())
    }
}

impl FromInput for serde_json::Value {
    fn from_input(value: &InputValue) -> Result<Self> {
        Ok(value.to_json())
    }

    fn absent() -> Result<Self> {
        Ok(serde_json::Value::Null)
    }
}

impl Leaf for String {
    #[inline]
    fn write(&self, out: &mut Out) -> Written {
        out.str(self);
        Ok(())
    }
}

impl FromInput for String {
    fn from_input(value: &InputValue) -> Result<Self> {
        text_of(value).map(str::to_owned)
    }
}

impl Leaf for str {
    #[inline]
    fn write(&self, out: &mut Out) -> Written {
        out.str(self);
        Ok(())
    }
}

impl Leaf for bool {
    #[inline]
    fn write(&self, out: &mut Out) -> Written {
        out.bool(*self);
        Ok(())
    }
}

impl FromInput for bool {
    fn from_input(value: &InputValue) -> Result<Self> {
        match value {
            InputValue::Bool(value) => Ok(*value),
            other => Err(mismatch("a Boolean", other)),
        }
    }
}

impl Leaf for i32 {
    #[inline]
    fn write(&self, out: &mut Out) -> Written {
        out.int(i64::from(*self));
        Ok(())
    }
}

impl FromInput for i32 {
    fn from_input(value: &InputValue) -> Result<Self> {
        match value {
            InputValue::Int(number) => {
                i32::try_from(*number).map_err(|_| mismatch("a 32-bit integer", value))
            }
            other => Err(mismatch("an integer", other)),
        }
    }
}

/// `BigInt`: a JSON number inside the range that every JSON reader keeps (2^53), a string outside it.
impl Leaf for i64 {
    #[inline]
    fn write(&self, out: &mut Out) -> Written {
        if self.unsigned_abs() <= 1 << 53 {
            out.int(*self);
        } else {
            out.display(self);
        }
        Ok(())
    }
}

impl FromInput for i64 {
    fn from_input(value: &InputValue) -> Result<Self> {
        match value {
            InputValue::Int(number) => Ok(*number),
            InputValue::Str(text) => text
                .parse()
                .map_err(|_| mismatch("a 64-bit integer", value)),
            other => Err(mismatch("an integer", other)),
        }
    }
}

impl Leaf for f64 {
    #[inline]
    fn write(&self, out: &mut Out) -> Written {
        out.float(*self)
    }
}

impl FromInput for f64 {
    fn from_input(value: &InputValue) -> Result<Self> {
        match value {
            InputValue::Float(number) => Ok(*number),
            InputValue::Int(number) => Ok(*number as f64),
            other => Err(mismatch("a number", other)),
        }
    }
}

impl<T: Leaf> Leaf for Option<T> {
    #[inline]
    fn write(&self, out: &mut Out) -> Written {
        match self {
            None => out.null(),
            Some(value) => {
                let mark = out.mark();
                if value.write(out).is_err() {
                    out.rescue(mark);
                }
            }
        }
        Ok(())
    }
}

impl<T: Leaf> Leaf for Vec<T> {
    fn write(&self, out: &mut Out) -> Written {
        self.as_slice().write(out)
    }
}

impl<T: Leaf> Leaf for [T] {
    fn write(&self, out: &mut Out) -> Written {
        out.byte(b'[');
        out.enter();
        for (i, value) in self.iter().enumerate() {
            out.at_index(i);
            value.write(out)?;
            out.byte(b',');
        }
        out.leave();
        out.close(b']');
        Ok(())
    }
}

impl<T: Leaf + ?Sized> Leaf for Box<T> {
    fn write(&self, out: &mut Out) -> Written {
        (**self).write(out)
    }
}

impl<T: Leaf + ?Sized> Leaf for Arc<T> {
    fn write(&self, out: &mut Out) -> Written {
        (**self).write(out)
    }
}

impl<T: Leaf + ?Sized> Leaf for &T {
    fn write(&self, out: &mut Out) -> Written {
        (**self).write(out)
    }
}

fn text_of(value: &InputValue) -> Result<&str> {
    match value {
        InputValue::Str(text) => Ok(text),
        other => Err(mismatch("a string", other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: &impl Leaf) -> String {
        let mut out = Out::default();
        value.write(&mut out).unwrap();
        String::from_utf8(out.into_bytes()).unwrap()
    }

    #[track_caller]
    fn round<T: Leaf + FromInput>(text: &str, expect: &str) {
        let value = T::from_input(&InputValue::Str(text.to_owned())).unwrap();
        assert_eq!(written(&value), expect);
    }

    #[test]
    fn text_scalars_come_back_as_they_went() {
        round::<Id>("a1", "\"a1\"");
        round::<jiff::Timestamp>("2026-01-31T09:30:00+01:00", "\"2026-01-31T08:30:00Z\"");
        round::<jiff::civil::Date>("2026-01-31", "\"2026-01-31\"");
        round::<jiff::civil::Time>("09:30:00", "\"09:30:00\"");
        round::<jiff::SignedDuration>("PT1H30M", "\"PT1H30M\"");
        round::<uuid::Uuid>(
            "018f0000-0000-7000-8000-000000000001",
            "\"018f0000-0000-7000-8000-000000000001\"",
        );
        round::<rust_decimal::Decimal>("12.50", "\"12.50\"");
        round::<Bytes>("aGk=", "\"aGk=\"");
        round::<i64>("9223372036854775807", "\"9223372036854775807\"");
    }

    #[test]
    fn what_is_no_scalar_is_refused() {
        fn refused<T: FromInput>(text: &str) -> bool {
            T::from_input(&InputValue::Str(text.to_owned())).is_err()
        }
        assert!(refused::<jiff::Timestamp>("yesterday"));
        assert!(refused::<uuid::Uuid>("12"));
        assert!(refused::<rust_decimal::Decimal>("1e"));
        assert!(refused::<Bytes>("%"));
        for text in ["", "nothing", "://x", "http:", "1a:b", "a b:c"] {
            assert!(refused::<Url>(text), "{text}");
        }
        for text in ["", "a", "@b", "a@", "a b@c", "a@.c", "a@b..c"] {
            assert!(refused::<Email>(text), "{text}");
        }
        assert!(!refused::<Url>("https://example.com/a?b#c"));
        assert!(!refused::<Email>("ada+test@example.com"));
    }

    #[test]
    fn a_failed_element_is_null_where_it_may_be() {
        let mut out = Out::default();
        assert!(
            vec![Some(1.5), Some(f64::NAN), None]
                .write(&mut out)
                .is_ok()
        );
        assert_eq!(out.take_errors().len(), 1);
        assert_eq!(out.into_bytes(), b"[1.5,null,null]");
        assert!(vec![f64::INFINITY].write(&mut Out::default()).is_err());
    }
}
