//! The generated description of a schema: static tables that the engine plans and executes with.
//!
//! In: nothing; the generator writes these as `static` items. Out: look-ups by number.
//! Must not know: documents, requests, Rust types of the application.

/// A schema as the generator knows it.
#[derive(Debug)]
pub struct SchemaDef {
    /// The public SDL: what clients may see, with our steering directives taken out.
    pub sdl: &'static str,
    /// Every object, interface and union type; a type's number is its place here.
    pub types: &'static [TypeDef],
    /// Number of the query root.
    pub query: u16,
    /// Number of the mutation root.
    pub mutation: Option<u16>,
    /// Number of the subscription root.
    pub subscription: Option<u16>,
}

/// One composite output type.
#[derive(Debug)]
pub struct TypeDef {
    /// The name in the schema.
    pub name: &'static str,
    /// What stands behind the type.
    pub shape: Shape,
    /// The fields in the order of the SDL; a field's number is its place here. Empty for unions.
    pub fields: &'static [FieldDef],
}

/// What stands behind a composite type at run time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A generated struct with an `Object` implementation.
    Object,
    /// A generated enum; the possible object types in the order of its variants.
    Abstract(&'static [u16]),
    /// A database model: index into the application's model table.
    Model(u16),
    /// `XConnection` of a model.
    Connection(u16),
    /// `XEdge` of a model.
    Edge(u16),
    /// `PageInfo`.
    PageInfo,
}

/// One field of a composite type.
#[derive(Debug)]
pub struct FieldDef {
    /// The name in the schema.
    pub name: &'static str,
    /// Where the value comes from.
    pub source: Source,
    /// Number of the type at the bottom of the field's type, or [`LEAF`] for scalars and enums.
    pub ty: u16,
    /// Whether the outermost type is non-null.
    pub non_null: bool,
    /// Who may have the field: a rule over the caller alone, decided before anything runs for it.
    pub access: Option<crate::model::Expr>,
}

impl FieldDef {
    /// A field that everybody may have.
    pub const fn new(name: &'static str, source: Source, ty: u16, non_null: bool) -> Self {
        FieldDef {
            name,
            source,
            ty,
            non_null,
            access: None,
        }
    }

    /// A field with a rule.
    #[must_use]
    pub const fn guarded(mut self, rule: crate::model::Expr) -> Self {
        self.access = Some(rule);
        self
    }
}

/// `FieldDef::ty` of a field that has no selection set.
pub const LEAF: u16 = u16::MAX;

/// Where a field's value comes from.
#[derive(Debug, Clone, Copy)]
pub enum Source {
    /// A member of the parent's generated struct.
    Member,
    /// A member whose type holds keys of a model: rows are loaded for it.
    Keys,
    /// A resolver of the application: it has a slot.
    Resolver,
    /// A column of the parent model: index into `ModelDef::columns`.
    Column(u16),
    /// A relation of the parent model: index into `ModelDef::relations`.
    Relation(u16),
    /// A generated operation on a model, on a root type.
    Operation(&'static crate::model::Operation),
    /// A part of a connection, an edge or page information.
    Page(PagePart),
}

/// The fields of the Relay connection types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PagePart {
    /// `edges: [XEdge!]!`
    Edges,
    /// `nodes: [X!]!`
    Nodes,
    /// `pageInfo: PageInfo!`
    PageInfo,
    /// `totalCount: Int!`
    TotalCount,
    /// `node: X!` of an edge.
    Node,
    /// `cursor: String!` of an edge.
    Cursor,
    /// `hasNextPage: Boolean!`
    HasNextPage,
    /// `hasPreviousPage: Boolean!`
    HasPreviousPage,
    /// `startCursor: String`
    StartCursor,
    /// `endCursor: String`
    EndCursor,
}
