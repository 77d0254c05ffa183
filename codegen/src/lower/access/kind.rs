//! The types of values in access expressions.
//!
//! In: types of the schema and of columns. Out: what may be compared with what. Must not know: expressions.

use crate::ir::{Column, ColumnType, Schema, TypeKind, TypeRef};
use std::fmt;

/// The type of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::lower) enum Kind {
    Null,
    /// `auth` itself.
    Caller,
    Boolean,
    /// Any of the numbers.
    Number(String),
    /// Text, and scalars that are written as text.
    Text(String),
    /// `ID` and `UUID`.
    Id(String),
    /// An enum, and its values.
    Enum(String, Vec<String>),
    /// Dates and times, by name.
    Time(String),
    List(Box<Kind>),
    /// What cannot be compared at all.
    Other(String),
}

impl Kind {
    /// The kind of a type of the schema.
    pub(in crate::lower) fn of_type(schema: &Schema, ty: &TypeRef) -> Self {
        match ty {
            TypeRef::NonNull(inner) => Kind::of_type(schema, inner),
            TypeRef::List(inner) => Kind::List(Box::new(Kind::of_type(schema, inner))),
            TypeRef::Named(name) => match schema.types.get(name).map(|ty| &ty.kind) {
                Some(TypeKind::Enum { values }) => Kind::Enum(
                    name.clone(),
                    values.iter().map(|v| v.name.clone()).collect(),
                ),
                Some(TypeKind::Scalar) | None => Kind::of_scalar(name),
                Some(_) => Kind::Other(name.clone()),
            },
        }
    }

    fn of_scalar(name: &str) -> Self {
        let owned = name.to_owned();
        match name {
            "Boolean" => Kind::Boolean,
            "Int" | "Float" | "BigInt" | "Decimal" => Kind::Number(owned),
            "ID" | "UUID" => Kind::Id(owned),
            "DateTime" | "Date" | "Time" => Kind::Time(owned),
            "JSON" | "Bytes" | "Upload" => Kind::Other(owned),
            _ => Kind::Text(owned),
        }
    }

    /// The kind of a column's values.
    pub(in crate::lower) fn of_column(column: &Column) -> Self {
        match &column.ty {
            ColumnType::Enum(values) => Kind::Enum(column.graphql.clone(), values.clone()),
            _ => Kind::of_scalar(&column.graphql),
        }
    }

    /// Whether `==` makes sense.
    pub(in crate::lower) fn compares_with(&self, other: &Kind) -> bool {
        match (self, other) {
            (Kind::Caller, other) | (other, Kind::Caller) => *other == Kind::Null,
            (Kind::Null, Kind::List(_)) | (Kind::List(_), _) => false,
            (Kind::Null, _) | (_, Kind::Null) => true,
            (Kind::Boolean, Kind::Boolean)
            | (Kind::Number(_), Kind::Number(_))
            | (Kind::Text(_), Kind::Text(_))
            | (Kind::Id(_), Kind::Id(_)) => true,
            (Kind::Enum(a, _), Kind::Enum(b, _)) | (Kind::Time(a), Kind::Time(b)) => a == b,
            _ => false,
        }
    }

    /// Whether `<` makes sense between two of these.
    pub(in crate::lower) fn is_ordered(&self) -> bool {
        matches!(self, Kind::Number(_) | Kind::Text(_) | Kind::Time(_))
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Kind::Null => f.write_str("null"),
            Kind::Caller => f.write_str("the caller"),
            Kind::Boolean => f.write_str("Boolean"),
            Kind::Number(name)
            | Kind::Text(name)
            | Kind::Id(name)
            | Kind::Enum(name, _)
            | Kind::Time(name)
            | Kind::Other(name) => f.write_str(name),
            Kind::List(inner) => write!(f, "[{inner}]"),
        }
    }
}
