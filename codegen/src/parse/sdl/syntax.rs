//! The syntax tree of an SDL file: definitions in their order, every name with its place.
//!
//! Leaves (fields, values, directives) are those of the IR, still unresolved: `lower` fills in what follows from
//! directives, such as how a field gets its value.

use crate::ir::{Directive, EnumValue, Field, InputValue, Named};
use crate::source::FileId;

/// A file.
#[derive(Debug, Clone)]
pub struct Document {
    /// Its number.
    pub file: FileId,
    /// Its definitions and extensions that could be read.
    pub definitions: Vec<Definition>,
    /// Names of definitions that could not be read, or not completely: `schema` for the schema's, `@name` for directives.
    pub broken: Vec<String>,
}

/// A definition or extension.
#[derive(Debug, Clone)]
pub struct Definition {
    /// Whether it extends what is defined elsewhere.
    pub extend: bool,
    /// Its name; for the schema, its keyword.
    pub name: Named,
    /// The description.
    pub description: Option<String>,
    /// Its directives.
    pub directives: Vec<Directive>,
    /// What it defines.
    pub kind: DefinitionKind,
}

/// What a definition defines.
#[derive(Debug, Clone)]
#[allow(
    missing_docs,
    reason = "each is the definition of the same name in the specification"
)]
pub enum DefinitionKind {
    Schema {
        roots: Vec<Root>,
    },
    Scalar,
    Object {
        implements: Vec<Named>,
        fields: Vec<Field>,
    },
    Interface {
        implements: Vec<Named>,
        fields: Vec<Field>,
    },
    Union {
        members: Vec<Named>,
    },
    Enum {
        values: Vec<EnumValue>,
    },
    Input {
        fields: Vec<InputValue>,
    },
    Directive {
        args: Vec<InputValue>,
        repeatable: bool,
        locations: Vec<Named>,
    },
}

/// `query: Query` in a schema definition.
#[derive(Debug, Clone)]
pub struct Root {
    /// `query`, `mutation`, `subscription`, or a mistake.
    pub operation: Named,
    /// The type.
    pub ty: Named,
}
