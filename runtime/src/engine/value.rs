//! Coerced input values, and how Rust types are made of them.
//!
//! In: [`InputValue`]s that fit the schema already. Out: arguments of resolvers. Must not know: documents, requests.

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// A value that was coerced to its GraphQL type.
#[derive(Debug, Clone, PartialEq)]
pub enum InputValue {
    /// `null`
    Null,
    /// `Boolean`
    Bool(bool),
    /// `Int`, and integers of custom scalars.
    Int(i64),
    /// `Float`, and other numbers of custom scalars.
    Float(f64),
    /// `String`, `ID`, and strings of custom scalars.
    Str(String),
    /// The name of an enum value.
    Enum(String),
    /// A list.
    List(Vec<InputValue>),
    /// An input object (fields in the order of its type, defaults filled in), or an object of a custom scalar.
    Object(Vec<(String, InputValue)>),
    /// A file of a multipart request.
    Upload(crate::upload::Upload),
}

impl InputValue {
    /// The field of an object; `None` if it is absent or this is no object.
    pub fn get(&self, name: &str) -> Option<&InputValue> {
        match self {
            InputValue::Object(fields) => lookup(fields, name),
            _ => None,
        }
    }

    /// The same value as JSON.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match self {
            InputValue::Null | InputValue::Upload(_) => Json::Null,
            InputValue::Bool(v) => Json::Bool(*v),
            InputValue::Int(v) => Json::from(*v),
            InputValue::Float(v) => Json::from(*v),
            InputValue::Str(v) | InputValue::Enum(v) => Json::String(v.clone()),
            InputValue::List(items) => items.iter().map(InputValue::to_json).collect(),
            InputValue::Object(fields) => fields
                .iter()
                .map(|(k, v)| (k.clone(), v.to_json()))
                .collect(),
        }
    }
}

/// The entry of that name.
pub(crate) fn lookup<'v>(fields: &'v [(String, InputValue)], name: &str) -> Option<&'v InputValue> {
    fields
        .iter()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value)
}

/// What an argument or an input field can be made of.
pub trait FromInput: Sized {
    /// Makes the value; the error is the caller's (`BAD_USER_INPUT`).
    fn from_input(value: &InputValue) -> Result<Self>;

    /// What stands for an argument that is not given; an error unless the type has a word for it.
    fn absent() -> Result<Self> {
        Err(Error::new("a required value is missing"))
    }
}

/// A nullable input without a default: not given, `null`, or a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Nullable<T> {
    /// Not given: leave things as they are.
    #[default]
    Absent,
    /// `null`
    Null,
    /// A value.
    Value(T),
}

impl<T> Nullable<T> {
    /// The value, if there is one.
    pub fn value(self) -> Option<T> {
        match self {
            Nullable::Value(value) => Some(value),
            _ => None,
        }
    }

    /// The value by reference, if there is one.
    pub fn as_ref(&self) -> Nullable<&T> {
        match self {
            Nullable::Absent => Nullable::Absent,
            Nullable::Null => Nullable::Null,
            Nullable::Value(value) => Nullable::Value(value),
        }
    }

    /// The value, or what stands for absent and `null`.
    pub fn unwrap_or(self, other: T) -> T {
        self.value().unwrap_or(other)
    }

    /// Whether nothing was given at all.
    pub fn is_absent(&self) -> bool {
        matches!(self, Nullable::Absent)
    }

    /// `None` if absent, `Some(None)` if `null`.
    pub fn given(self) -> Option<Option<T>> {
        match self {
            Nullable::Absent => None,
            Nullable::Null => Some(None),
            Nullable::Value(value) => Some(Some(value)),
        }
    }
}

impl<T> From<Option<T>> for Nullable<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Nullable::Null, Nullable::Value)
    }
}

/// `Absent` and `Null` both serialize as null: give the field `#[serde(default, skip_serializing_if)]` to tell them apart.
impl<T: Serialize> Serialize for Nullable<T> {
    fn serialize<S: serde::Serializer>(
        &self,
        serializer: S,
    ) -> std::result::Result<S::Ok, S::Error> {
        match self {
            Nullable::Value(value) => serializer.serialize_some(value),
            _ => serializer.serialize_none(),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Nullable<T> {
    fn deserialize<D: serde::Deserializer<'de>>(
        deserializer: D,
    ) -> std::result::Result<Self, D::Error> {
        Option::<T>::deserialize(deserializer).map(Nullable::from)
    }
}

impl<T: FromInput> FromInput for Nullable<T> {
    fn from_input(value: &InputValue) -> Result<Self> {
        match value {
            InputValue::Null => Ok(Nullable::Null),
            value => T::from_input(value).map(Nullable::Value),
        }
    }

    fn absent() -> Result<Self> {
        Ok(Nullable::Absent)
    }
}

impl<T: FromInput> FromInput for Option<T> {
    fn from_input(value: &InputValue) -> Result<Self> {
        match value {
            InputValue::Null => Ok(None),
            value => T::from_input(value).map(Some),
        }
    }

    fn absent() -> Result<Self> {
        Ok(None)
    }
}

impl<T: FromInput> FromInput for Vec<T> {
    fn from_input(value: &InputValue) -> Result<Self> {
        match value {
            InputValue::List(items) => items.iter().map(T::from_input).collect(),
            one => Ok(vec![T::from_input(one)?]),
        }
    }
}

impl<T: FromInput> FromInput for Box<T> {
    fn from_input(value: &InputValue) -> Result<Self> {
        T::from_input(value).map(Box::new)
    }

    fn absent() -> Result<Self> {
        T::absent().map(Box::new)
    }
}

/// The arguments of a field, or the fields of an input object.
#[derive(Debug, Clone, Copy)]
pub struct Args<'a> {
    values: &'a [(String, InputValue)],
}

impl<'a> Args<'a> {
    /// Arguments by name.
    pub fn new(values: &'a [(String, InputValue)]) -> Self {
        Args { values }
    }

    /// The fields of an input object.
    pub fn of(value: &'a InputValue) -> Result<Self> {
        match value {
            InputValue::Object(values) => Ok(Args { values }),
            other => Err(mismatch("an object", other)),
        }
    }

    /// The argument as its Rust type; the error names it.
    pub fn get<T: FromInput>(&self, name: &str) -> Result<T> {
        match self.value(name) {
            Some(value) => T::from_input(value),
            None => T::absent(),
        }
        .map_err(|error| {
            if error.about().is_none() {
                error.field(name)
            } else {
                error
            }
        })
    }

    /// The argument as it was coerced; `None` if it is absent.
    pub fn value(&self, name: &str) -> Option<&'a InputValue> {
        lookup(self.values, name)
    }

    /// All that is given.
    pub fn iter(&self) -> impl Iterator<Item = (&'a str, &'a InputValue)> + 'a {
        self.values
            .iter()
            .map(|(name, value)| (name.as_str(), value))
    }

    /// The one field of a `@oneOf` input object.
    pub fn one(&self) -> Result<(&'a str, &'a InputValue)> {
        match self.values {
            [(name, value)] => Ok((name, value)),
            _ => Err(Error::new("exactly one field must be given")),
        }
    }
}

/// The error of a value that is not what its Rust type wants.
#[cold]
pub fn mismatch(wanted: &str, found: &InputValue) -> Error {
    Error::new(format!("expected {wanted}, found {}", found.to_json()))
}
