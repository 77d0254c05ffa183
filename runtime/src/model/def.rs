//! The generated description of models: tables, relations, operations and access rules as static data.
//!
//! In: nothing; the generator writes these as `static` items. Out: what the statement builder reads.
//! Must not know: SQL text, requests, connections.

/// A migration that the program carries: a file of `migrations/`.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Its number, from the file's name.
    pub version: u32,
    /// The file's name without `.sql` (`0001_init`).
    pub name: &'static str,
    /// Its text.
    pub sql: &'static str,
}

/// A database model.
#[derive(Debug)]
pub struct ModelDef {
    /// The GraphQL type's name.
    pub name: &'static str,
    /// Number of the type in `SchemaDef::types`.
    pub ty: u16,
    /// The table.
    pub table: &'static str,
    /// The columns in the order of the SDL, foreign keys of `@belongsTo` among them; at most 64.
    pub columns: &'static [ColumnDef],
    /// Index of the primary key in `columns`.
    pub id: u16,
    /// How a new primary key is made.
    pub id_strategy: IdStrategy,
    /// The relations in the order of the SDL.
    pub relations: &'static [RelationDef],
    /// Who may read a row: a filter on every path.
    pub read: Expr,
    /// Who may create a row: checked against the new values, in the transaction that wrote them.
    pub create: Expr,
    /// Who may update a row: checked against the old row and the new one.
    pub update: Expr,
    /// Who may delete a row.
    pub delete: Expr,
}

impl ModelDef {
    /// The primary key's column.
    pub fn id(&self) -> &ColumnDef {
        &self.columns[self.id as usize]
    }
}

/// A column of a model.
#[derive(Debug)]
pub struct ColumnDef {
    /// The GraphQL field's name; for a foreign key, the relation's (`host`).
    pub field: &'static str,
    /// The column's name in the table (`host_id`).
    pub column: &'static str,
    /// The type of its values.
    pub ty: ColumnType,
    /// Whether it may hold NULL.
    pub nullable: bool,
    /// The value of a row that is created without one.
    pub default: Option<DefaultValue>,
    /// Checked before any SQL.
    pub constraint: Option<&'static Constraint>,
    /// Who may read the field, beyond the row's own rule.
    pub read: Option<Expr>,
    /// Who may set the field, beyond the row's own rule.
    pub write: Option<Expr>,
    /// Operators that a filter may use on it.
    pub filters: &'static [FilterOp],
    /// Whether an order may name it.
    pub sort: bool,
}

/// The type of a column's values, and with it how they are stored and written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// `ID` as the database's integer key (`@id(strategy: AUTO)`), or a foreign key to one.
    IdInt,
    /// `ID` as a UUID: 16 bytes, written hyphenated.
    IdUuid,
    /// `ID` as text that the user chooses.
    IdText,
    /// `Int`, 32 bits.
    Int,
    /// `BigInt`, 64 bits.
    BigInt,
    /// `Float`.
    Float,
    /// `String` and scalars that are written as their text (`Url`, `Email`, the user's own).
    Text,
    /// `Boolean`, 0 or 1.
    Boolean,
    /// An enum: the GraphQL names that are allowed.
    Enum(&'static [&'static str]),
    /// `DateTime`: microseconds since 1970-01-01T00:00:00Z.
    DateTime,
    /// `Date`: ISO 8601 text.
    Date,
    /// `Time`: ISO 8601 text.
    Time,
    /// `Decimal` with so many digits after the point: a scaled integer.
    Decimal(u8),
    /// `UUID`: 16 bytes.
    Uuid,
    /// `JSON`: its text.
    Json,
    /// `Bytes`: a BLOB, base64 in JSON.
    Bytes,
}

/// How a new primary key is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdStrategy {
    /// A UUID of version 7, made by the program.
    UuidV7,
    /// The database counts.
    Auto,
    /// The caller gives it.
    None,
}

/// The value of a column that a create leaves out.
#[derive(Debug, Clone, Copy)]
pub enum DefaultValue {
    /// A constant.
    Lit(Lit),
    /// `auth.<field>`: index into the fields of the caller's type.
    Auth(u16),
    /// The time of the statement.
    Now,
}

/// What `@constraint` demands.
#[derive(Debug, Default)]
pub struct Constraint {
    /// Least number.
    pub min: Option<f64>,
    /// Greatest number.
    pub max: Option<f64>,
    /// Least number of characters.
    pub min_length: Option<u32>,
    /// Greatest number of characters.
    pub max_length: Option<u32>,
    /// What text must be beside its length.
    pub format: Option<Format>,
}

/// What the text of a scalar must be: else it would be written and could not be read into the scalar's Rust type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `Email`
    Email,
    /// `Url`
    Url,
    /// `Duration`
    Duration,
}

/// A relation of a model.
#[derive(Debug)]
pub struct RelationDef {
    /// The GraphQL field's name.
    pub field: &'static str,
    /// Index of the model it leads to.
    pub target: u16,
    /// How the two are joined.
    pub join: Join,
    /// Whether it answers a list, and how that is paged.
    pub paging: Paging,
    /// The order of a list: (column of the target, descending). The key is always added at the end.
    pub order: &'static [(u16, bool)],
    /// Who may follow the relation, beyond the target's own rule.
    pub read: Option<Expr>,
    /// Whether a filter may look through it (`SOME`, `NONE`, `EVERY`, or the target's filter for to-one).
    pub filter: bool,
}

/// How two models are joined.
#[derive(Debug, Clone, Copy)]
pub enum Join {
    /// `@belongsTo`: this model's column holds the target's key.
    BelongsTo {
        /// Column of this model.
        column: u16,
    },
    /// `@hasOne`, `@hasMany`: the target's column holds this model's key.
    Has {
        /// Column of the target.
        column: u16,
    },
    /// `@manyToMany`: a table between the two.
    Through {
        /// The table.
        table: &'static str,
        /// Its column with this model's key.
        own: &'static str,
        /// Its column with the target's key.
        other: &'static str,
    },
}

/// How a field that answers rows is paged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paging {
    /// One row or none.
    One,
    /// A plain list, of at most `max` rows if the field takes no `limit`.
    List {
        /// Greatest number of rows.
        max: u32,
        /// Whether the field takes `limit` and `offset`.
        offset: bool,
    },
    /// A Relay connection: `first`, `after`, `last`, `before`.
    Cursor {
        /// Greatest `first`.
        max: u32,
        /// `first` when neither it nor `last` is given.
        default: u32,
    },
}

/// A generated operation, on a field of a root type.
#[derive(Debug)]
pub struct Operation {
    /// Index of the model.
    pub model: u16,
    /// What it does.
    pub kind: OperationKind,
}

/// What a generated operation does. Its arguments have fixed names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperationKind {
    /// `@find`: arguments name unique columns (`id`), joined by AND.
    Find,
    /// `@list`: `filter`, `orderBy` and the arguments of its paging.
    List(Paging),
    /// `@create`: `input`.
    Create,
    /// `@update`: `id`, `input`; what the input leaves out stays.
    Update,
    /// `@delete`: `id`; answers the row as it was.
    Delete,
}

/// Operators of filters, in the vocabulary of the schema (`eq`, `in`, …).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilterOp {
    /// `eq`; null asks for NULL.
    Eq,
    /// `ne`
    Ne,
    /// `in`
    In,
    /// `notIn`
    NotIn,
    /// `lt`
    Lt,
    /// `lte`
    Lte,
    /// `gt`
    Gt,
    /// `gte`
    Gte,
    /// `contains`
    Contains,
    /// `startsWith`
    StartsWith,
    /// `endsWith`
    EndsWith,
    /// `icontains`
    Icontains,
    /// `isNull`
    IsNull,
}

/// An access expression over `auth` (the caller) and `self` (the row), parsed at build time.
#[derive(Debug, Clone, Copy)]
pub enum Expr {
    /// A constant.
    Lit(Lit),
    /// `auth`: whether there is a caller at all is `Ne(Auth, Null)`.
    Caller,
    /// `auth.<field>`: index into the fields of the caller's type; null without a caller.
    Auth(u16),
    /// `self.<to-one>.<…>.<column>`: relations to follow, then the column of the last model.
    Column {
        /// Indexes of to-one relations, each in the model before.
        path: &'static [u16],
        /// Index of the column in the model at the end of the path.
        column: u16,
    },
    /// `!a`
    Not(&'static Expr),
    /// `a && b && …`
    All(&'static [Expr]),
    /// `a || b || …`
    Any(&'static [Expr]),
    /// `a == b`; null equals nothing but the literal `null`.
    Eq(&'static Expr, &'static Expr),
    /// `a != b`
    Ne(&'static Expr, &'static Expr),
    /// `a < b`
    Lt(&'static Expr, &'static Expr),
    /// `a <= b`
    Le(&'static Expr, &'static Expr),
    /// `a in [b, c]`, and `auth.roles` as the list on the right.
    In(&'static Expr, &'static [Expr]),
}

/// A constant in an expression or a default.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Lit {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// Text, and the name of an enum value.
    Str(&'static str),
}
