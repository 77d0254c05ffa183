//! What a data type is to the printer: names and types that are settled.
//!
//! In: nothing. Out: descriptions of Rust items. Must not know: the schema.

use super::super::ty::Ty;

/// `pub type DateTime = …;`
#[derive(Debug)]
pub struct Alias {
    /// The Rust name.
    pub name: String,
    /// Documentation, a line each.
    pub docs: Vec<String>,
    /// The path, as of `types`.
    pub target: String,
}

/// An object type's struct.
#[derive(Debug)]
pub struct Struct {
    /// The name in the schema.
    pub gql: String,
    /// The Rust name.
    pub name: String,
    /// Documentation, a line each.
    pub docs: Vec<String>,
    /// Paths of further derives.
    pub derives: Vec<String>,
    /// Whether it is a root type, which has no members and can be made out of nothing.
    pub root: bool,
    /// The members.
    pub members: Vec<Member>,
}

/// A member of a struct.
#[derive(Debug, Clone)]
pub struct Member {
    /// The name in the schema.
    pub gql: String,
    /// The Rust name.
    pub name: String,
    /// Documentation, a line each.
    pub docs: Vec<String>,
    /// The type.
    pub ty: Ty,
    /// Whether it is a scalar or an enum, or lists of them.
    pub leaf: bool,
}

/// An interface's or a union's enum.
#[derive(Debug)]
pub struct Abstract {
    /// The Rust name.
    pub name: String,
    /// Documentation, a line each.
    pub docs: Vec<String>,
    /// Paths of further derives.
    pub derives: Vec<String>,
    /// The possible types.
    pub variants: Vec<Variant>,
    /// Members that all variants have.
    pub accessors: Vec<Accessor>,
}

/// A possible type.
#[derive(Debug, Clone)]
pub struct Variant {
    /// The name in the schema.
    pub gql: String,
    /// The variant.
    pub name: String,
    /// Documentation, a line each.
    pub docs: Vec<String>,
    /// What it holds.
    pub ty: Ty,
    /// Whether `From` can lead to it: what it holds is a type of its own.
    pub convert: bool,
    /// Whether it holds the key of a model's row.
    pub key: bool,
}

/// A method that reads a member that all variants have.
#[derive(Debug)]
pub struct Accessor {
    /// The method.
    pub name: String,
    /// Documentation, a line each.
    pub docs: Vec<String>,
    /// The type behind the reference.
    pub ty: Ty,
    /// For each variant, the member's name.
    pub members: Vec<String>,
}

/// An enum type.
#[derive(Debug)]
pub struct Enum {
    /// The name in the schema.
    pub gql: String,
    /// The Rust name.
    pub name: String,
    /// Documentation, a line each.
    pub docs: Vec<String>,
    /// Paths of further derives.
    pub derives: Vec<String>,
    /// The values.
    pub values: Vec<Value>,
}

/// A value of an enum type.
#[derive(Debug)]
pub struct Value {
    /// The name in the schema.
    pub gql: String,
    /// The variant.
    pub name: String,
    /// Documentation, a line each.
    pub docs: Vec<String>,
}

/// An input type.
#[derive(Debug)]
pub struct Input {
    /// The name in the schema.
    pub gql: String,
    /// The Rust name.
    pub name: String,
    /// Documentation, a line each.
    pub docs: Vec<String>,
    /// Paths of further derives.
    pub derives: Vec<String>,
    /// Whether it must be stored as JSON: arguments of jobs reach it.
    pub stored: bool,
    /// The fields.
    pub members: Vec<Member>,
}

/// An input type of which exactly one field is given.
#[derive(Debug)]
pub struct OneOf {
    /// The name in the schema.
    pub gql: String,
    /// The Rust name.
    pub name: String,
    /// Documentation, a line each.
    pub docs: Vec<String>,
    /// Paths of further derives.
    pub derives: Vec<String>,
    /// Whether it must be stored as JSON: arguments of jobs reach it.
    pub stored: bool,
    /// The fields.
    pub variants: Vec<Variant>,
}

/// A row of a model with all its columns.
#[derive(Debug)]
pub struct ModelStruct {
    /// The name in the schema.
    pub gql: String,
    /// The Rust name.
    pub name: String,
    /// Documentation, a line each.
    pub docs: Vec<String>,
    /// Paths of further derives.
    pub derives: Vec<String>,
    /// Index of the model.
    pub model: usize,
    /// Number of the type.
    pub ty: u16,
    /// Index of the key's column.
    pub id: usize,
    /// The columns, in order.
    pub members: Vec<Member>,
    /// For each column, whether its Rust type is one that the runtime does not know.
    pub parsed: Vec<bool>,
}
