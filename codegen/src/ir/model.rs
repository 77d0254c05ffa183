//! Database models, resolved. Mirrors the static tables of `graphwright::model`.

use super::{Expr, Lit, Rule};
use crate::source::Span;

/// A model: an object type with `@model`.
#[derive(Debug, Clone)]
pub struct Model {
    /// The type's name.
    pub name: String,
    /// Where the type's name stands.
    pub span: Span,
    /// The table.
    pub table: String,
    /// The columns in the order of the SDL, foreign keys of `@belongsTo` among them; then `createdAt`, `updatedAt` if asked for.
    pub columns: Vec<Column>,
    /// Index of the primary key.
    pub id: usize,
    /// How a new primary key is made.
    pub id_strategy: IdStrategy,
    /// The relations in the order of the SDL.
    pub relations: Vec<Relation>,
    /// The indexes to create, those for foreign keys and orders among them.
    pub indexes: Vec<Index>,
    /// Who may do what; `None` is nobody.
    pub access: Access,
}

/// The rules of a model.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs, reason = "each is the right of the same name")]
pub struct Access {
    pub read: Option<Rule>,
    pub create: Option<Rule>,
    pub update: Option<Rule>,
    pub delete: Option<Rule>,
}

/// A column.
#[derive(Debug, Clone)]
pub struct Column {
    /// The GraphQL field; for a foreign key, the relation's.
    pub field: String,
    /// Where the field's name stands.
    pub span: Span,
    /// The column's name.
    pub column: String,
    /// The GraphQL type at the bottom (`ID` for a foreign key).
    pub graphql: String,
    /// How it is stored.
    pub ty: ColumnType,
    /// Whether it may hold NULL.
    pub nullable: bool,
    /// `@unique`
    pub unique: bool,
    /// The default.
    pub default: Option<DefaultValue>,
    /// `@constraint`
    pub constraint: Option<Constraint>,
    /// Who may read it, beyond the row's rule.
    pub read: Option<Rule>,
    /// Who may set it, beyond the row's rule.
    pub write: Option<Rule>,
    /// Operators that filters may use, by their names in the schema.
    pub filters: Vec<FilterOp>,
    /// Whether an order may name it.
    pub sort: bool,
    /// `@hidden`: not in the API.
    pub hidden: bool,
    /// `@readonly`: not in inputs.
    pub readonly: bool,
    /// The foreign key's target.
    pub references: Option<References>,
}

/// What a foreign key points at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct References {
    /// Index of the model.
    pub model: usize,
    /// What happens when the target goes.
    pub on_delete: OnDelete,
}

/// What happens to a row when the row it points at goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is SQL's action of the same name")]
pub enum OnDelete {
    Restrict,
    Cascade,
    SetNull,
}

/// How values are stored. Mirrors `graphwright::model::ColumnType`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "see the runtime's type of the same name")]
pub enum ColumnType {
    IdInt,
    IdUuid,
    IdText,
    Int,
    BigInt,
    Float,
    Text,
    Boolean,
    Enum(Vec<String>),
    DateTime,
    Date,
    Time,
    Decimal(u8),
    Uuid,
    Json,
    Bytes,
}

/// How a new primary key is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the strategy of the same name")]
pub enum IdStrategy {
    UuidV7,
    Auto,
    None,
}

/// The value of a column that a create leaves out.
#[derive(Debug, Clone, PartialEq)]
pub enum DefaultValue {
    /// A constant.
    Lit(Lit),
    /// `auth.<field>`
    Auth(usize),
    /// `now`
    Now,
}

/// What `@constraint` demands.
#[derive(Debug, Clone, Default, PartialEq)]
#[allow(missing_docs, reason = "each is the argument of the same name")]
pub struct Constraint {
    pub min: Option<f64>,
    pub max: Option<f64>,
    pub min_length: Option<u32>,
    pub max_length: Option<u32>,
    /// By the scalar.
    pub format: Option<Format>,
}

/// Scalars whose text must be well-formed to be read into their Rust types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the scalar of the same name")]
pub enum Format {
    Email,
    Url,
    Duration,
}

/// A relation.
#[derive(Debug, Clone)]
pub struct Relation {
    /// The GraphQL field.
    pub field: String,
    /// Where its name stands.
    pub span: Span,
    /// Index of the model it leads to.
    pub target: usize,
    /// How the two are joined.
    pub join: Join,
    /// Whether it answers a list, and how that is paged.
    pub paging: Paging,
    /// The order of a list: (column of the target, descending).
    pub order: Vec<(usize, bool)>,
    /// Who may follow it, beyond the target's rule.
    pub read: Option<Rule>,
    /// Whether filters look through it.
    pub filter: bool,
}

/// How two models are joined.
#[allow(missing_docs, reason = "each variant says what its fields are")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Join {
    /// `@belongsTo`: index of this model's column.
    BelongsTo { column: usize },
    /// `@hasOne`, `@hasMany`: index of the target's column.
    Has { column: usize },
    /// `@manyToMany`: a table, its column with this model's key, its column with the target's.
    Through {
        table: String,
        own: String,
        other: String,
    },
}

/// How a field that answers rows is paged: `max` rows at most, `default` rows when nothing is asked for.
#[allow(missing_docs, reason = "see the type")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paging {
    /// One row or none.
    One,
    /// A list; with `limit` and `offset` if `offset`.
    List { max: u32, offset: bool },
    /// A Relay connection.
    Cursor { max: u32, default: u32 },
}

/// A generated operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Index of the model.
    pub model: usize,
    /// What it does.
    pub kind: OperationKind,
}

/// What a generated operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the directive of the same name")]
pub enum OperationKind {
    Find,
    List(Paging),
    Create,
    Update,
    Delete,
}

/// Operators of filters. Mirrors `graphwright::model::FilterOp`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the operator of the same name")]
pub enum FilterOp {
    Eq,
    Ne,
    In,
    NotIn,
    Lt,
    Lte,
    Gt,
    Gte,
    Contains,
    StartsWith,
    EndsWith,
    Icontains,
    IsNull,
}

/// An index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// Column names, in order.
    pub columns: Vec<String>,
    /// Whether it is unique.
    pub unique: bool,
}

impl Access {
    /// The rule's expression; `false` where there is none.
    pub fn expr(rule: &Option<Rule>) -> Expr {
        rule.as_ref()
            .map_or(Expr::Lit(Lit::Bool(false)), |r| r.expr.clone())
    }
}
