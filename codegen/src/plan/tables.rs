//! The static tables: types, fields, models by number.
//!
//! In: the IR. Out: the rows of the runtime's tables, in their order.
//! Must not know: how a table is spelled in Rust.

use std::collections::BTreeSet;

use super::types::is_shipped;
use super::world::{Kind, World, is_connection};
use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{self, FieldSource, PagePart, Type, TypeKind};

pub use crate::ir::{
    Access, Backoff, Column, ColumnType, DefaultValue, Expr, FilterOp, IdStrategy, Join, Lit,
    Operation, OperationKind, Overlap, PagePart as Part, Paging, Queue, Relation, Retry, Schedule,
    Timing,
};

/// All tables.
#[derive(Debug, Default)]
pub struct Tables {
    /// Composite output types by number.
    pub types: Vec<TypeRow>,
    /// Number of the query root.
    pub query: u16,
    /// Number of the mutation root.
    pub mutation: Option<u16>,
    /// Number of the subscription root.
    pub subscription: Option<u16>,
    /// Shipped scalars that are the user's own type somewhere.
    pub bound: Vec<String>,
    /// Models by number.
    pub models: Vec<ModelRow>,
}

/// A composite output type.
#[derive(Debug)]
pub struct TypeRow {
    /// The name in the schema.
    pub gql: String,
    /// What stands behind it.
    pub shape: Shape,
    /// The public fields.
    pub fields: Vec<FieldRow>,
}

/// What stands behind a composite type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// A struct.
    Object,
    /// An enum of these types.
    Abstract(Vec<u16>),
    /// A model.
    Model(usize),
    /// A connection to a model.
    Connection(usize),
    /// An edge of a connection.
    Edge(usize),
    /// Page information.
    PageInfo,
}

/// A field.
#[derive(Debug)]
pub struct FieldRow {
    /// The name in the schema.
    pub gql: String,
    /// Where the value comes from.
    pub source: RowSource,
    /// Number of the type at the bottom, unless it is a leaf.
    pub ty: Option<u16>,
    /// Whether the outermost type is non-null.
    pub non_null: bool,
    /// Who may ask for it.
    pub access: Option<Expr>,
}

/// Where a field's value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the runtime's source of the same name")]
pub enum RowSource {
    Member,
    Keys,
    Resolver,
    Column(usize),
    Relation(usize),
    Operation(Operation),
    Page(Part),
}

/// A model.
#[derive(Debug)]
pub struct ModelRow {
    /// Number of its type.
    pub ty: u16,
    /// What the IR says.
    pub def: ir::Model,
}

/// Plans the tables.
pub(super) fn plan(world: &World<'_>, diags: &mut Diagnostics) -> Tables {
    let number = |root: &Option<ir::Named>| root.as_ref().and_then(|r| world.number(&r.name));
    let schema = &world.ir.schema;
    Tables {
        types: world
            .numbered()
            .map(|ty| type_row(world, ty, diags))
            .collect(),
        query: number(&schema.query).unwrap_or(u16::MAX),
        mutation: number(&schema.mutation),
        subscription: number(&schema.subscription),
        bound: bound(world),
        models: world
            .ir
            .models
            .iter()
            .map(|def| ModelRow {
                ty: world.number(&def.name).unwrap_or(u16::MAX),
                def: def.clone(),
            })
            .collect(),
    }
}

/// Scalars that the runtime must not read by itself, as a type of the user's may take other values.
fn bound(world: &World<'_>) -> Vec<String> {
    let own = |value: &&ir::InputValue| {
        // What is wrong with the directive is reported where it decides the Rust type.
        let wish = world.rust_of(&value.directives, &mut Diagnostics::default());
        wish.ty.is_some()
    };
    let types = world.ir.schema.types.values();
    let names = types.flat_map(|ty| {
        let inputs: Vec<&ir::InputValue> = match &ty.kind {
            TypeKind::Scalar if world.rust(&ty.name).ty.is_some() => return vec![&*ty.name],
            TypeKind::Input { fields, .. } => fields.iter().collect(),
            _ => ty.fields().iter().flat_map(|field| &field.args).collect(),
        };
        inputs
            .into_iter()
            .filter(own)
            .map(|v| v.ty.name())
            .collect()
    });
    let names: BTreeSet<&str> = names.filter(|name| is_shipped(name)).collect();
    names.into_iter().map(str::to_owned).collect()
}

fn type_row(world: &World<'_>, ty: &Type, diags: &mut Diagnostics) -> TypeRow {
    if ty.fields().len() >= usize::from(u16::MAX) - 2 {
        diags.error(
            Code::TooMany,
            ty.span,
            format!("`{}` has more than 65,532 fields", ty.name),
        );
    }
    let fields = ty
        .fields()
        .iter()
        .filter(|f| !f.hidden)
        .map(|field| FieldRow {
            gql: field.name.clone(),
            source: source(world, ty, field),
            ty: world.number(field.ty.name()),
            non_null: field.ty.is_non_null(),
            access: field.access.as_ref().map(|rule| rule.expr.clone()),
        });
    TypeRow {
        gql: ty.name.clone(),
        shape: shape(world, ty),
        fields: fields.collect(),
    }
}

fn source(world: &World<'_>, ty: &Type, field: &ir::Field) -> RowSource {
    match world.source(ty, field) {
        FieldSource::Resolver if !world.is_subscription(&ty.name) => RowSource::Resolver,
        FieldSource::Each => RowSource::Resolver,
        // What an event brought is a member of it.
        FieldSource::Member | FieldSource::Resolver
            if matches!(world.kind(field.ty.name()), Kind::Model(_)) =>
        {
            RowSource::Keys
        }
        FieldSource::Member | FieldSource::Resolver => RowSource::Member,
        FieldSource::Column(column) => RowSource::Column(column),
        FieldSource::Relation(relation) => RowSource::Relation(relation),
        FieldSource::Operation(operation) => RowSource::Operation(operation),
        FieldSource::Page(part) => RowSource::Page(part),
    }
}

fn shape(world: &World<'_>, ty: &Type) -> Shape {
    match (&ty.kind, world.kind(&ty.name)) {
        (TypeKind::Object { .. }, Kind::Model(model)) => Shape::Model(model),
        (TypeKind::Object { .. }, Kind::Page) => page(world, ty),
        (TypeKind::Object { .. }, _) => Shape::Object,
        _ => {
            let possible = world
                .possible(&ty.name)
                .into_iter()
                .filter(|t| world.kind(&t.name) != Kind::Page);
            Shape::Abstract(possible.filter_map(|t| world.number(&t.name)).collect())
        }
    }
}

fn page(world: &World<'_>, ty: &Type) -> Shape {
    let model = |part: PagePart, of: &Type| {
        of.fields()
            .iter()
            .find(|f| f.source == FieldSource::Page(part))
            .map(|f| f.ty.name().to_owned())
    };
    let index = |name: Option<String>| match name.map(|n| world.kind(&n)) {
        Some(Kind::Model(model)) => Some(model),
        _ => None,
    };
    if is_connection(ty) {
        let edge = model(PagePart::Edges, ty).and_then(|edge| world.ir.schema.types.get(&edge));
        let node = model(PagePart::Nodes, ty).or_else(|| model(PagePart::Node, edge?));
        return index(node).map_or(Shape::Object, Shape::Connection);
    }
    match index(model(PagePart::Node, ty)) {
        Some(model) => Shape::Edge(model),
        None => Shape::PageInfo,
    }
}
