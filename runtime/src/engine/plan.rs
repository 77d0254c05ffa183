//! The plan of an operation: what the engine does for one text, whatever the variables are.
//!
//! In: a validated document and the schema's tables. Out: nested arrays that the level pass and the
//! writer walk. Must not know: requests, values of variables.

use std::sync::atomic::AtomicUsize;

use crate::engine::coerce::{ArgPlan, Variable};
use crate::engine::introspect::Introspection;
use crate::model::Expr;

/// A planned operation.
#[derive(Debug)]
pub struct Plan {
    /// The root selection.
    pub root: Sel,
    /// How many positions hold results of their own (see [`Field::slot`]).
    pub slots: usize,
    /// How many selections count their objects (see [`Sel::level`]).
    pub levels: usize,
    /// Capacity of the response buffer, learned from the answers so far.
    pub hint: AtomicUsize,
    /// Which kind of operation this is.
    pub kind: RootKind,
    /// The name of the operation, for logs.
    pub name: Option<Box<str>>,
    pub(crate) fields: Box<[FieldInfo]>,
    pub(crate) conditions: Box<[Condition]>,
    pub(crate) args: Box<[ArgPlan]>,
    pub(crate) guards: Box<[Expr]>,
    pub(crate) variables: Box<[Variable]>,
    pub(crate) introspection: Introspection,
}

/// The kind of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RootKind {
    /// `query`
    Query,
    /// `mutation`
    Mutation,
    /// `subscription`
    Subscription,
}

/// A selection set on one concrete type: fields merged, fragments expanded.
#[derive(Debug)]
pub struct Sel {
    /// Number of the type.
    pub ty: u16,
    /// What to write, in the order of the response.
    pub fields: Box<[Field]>,
    /// Places in `fields` that the level pass must visit: a slot is there or below.
    pub work: Box<[u16]>,
    /// Where the objects of this selection are counted, if the level pass comes here.
    pub level: u16,
    /// Where the rows of this selection lie when user code answered keys for it, or [`NONE`].
    pub slot: u16,
}

/// One response key of a selection set.
#[derive(Debug)]
pub struct Field {
    /// `"title":` with its quotes and colon, escaped.
    pub key: Box<[u8]>,
    /// Number of the field in the plan, for places of errors.
    pub no: u32,
    /// Number of the field in its type.
    pub fid: u16,
    /// Where the results lie, or [`NONE`].
    pub slot: u16,
    /// Which argument set it has, or [`NONE`].
    pub args: u16,
    /// Which condition (`@skip`, `@include`) must hold; 0 for none.
    pub cond: u16,
    /// Which access rule the caller must meet, or [`NONE`].
    pub guard: u16,
    /// Whether the outermost type is non-null.
    pub non_null: bool,
    /// No condition, no guard, and [`Origin::Own`]: the writer's fast path.
    pub plain: bool,
    /// What the value is made of.
    pub origin: Origin,
    /// The selection below, one for each possible concrete type.
    pub sub: Sub,
}

/// What the value of a field is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The type's own code (or its model's columns), by the field's number.
    Own,
    /// A generated operation on a model.
    Operation,
    /// `__typename`
    Typename,
    /// Introspection: bytes that are rendered already, by this number.
    Constant(u16),
}

/// The selection below a field.
#[derive(Debug)]
pub enum Sub {
    /// A leaf.
    None,
    /// The field's type is an object.
    One(Box<Sel>),
    /// The field's type is an interface or a union.
    Many {
        /// One for each possible type, in the order of `Shape::Abstract`.
        parts: Box<[Sel]>,
        /// Where the objects are counted and the parts' indexes lie, if the level pass comes here.
        level: u16,
    },
}

impl Sub {
    /// Where the objects below are counted, or [`NONE`] if the level pass does not come there.
    #[inline]
    pub fn level(&self) -> u16 {
        match self {
            Sub::None => NONE,
            Sub::One(sel) => sel.level,
            Sub::Many { level, .. } => *level,
        }
    }
}

/// What only errors need of a field.
#[derive(Debug)]
pub(crate) struct FieldInfo {
    /// The response key.
    pub(crate) key: Box<str>,
    /// `Type.field`, for logs.
    pub(crate) name: Box<str>,
    /// Line and column of each place that asks for it.
    pub(crate) locations: Box<[(u32, u32)]>,
}

/// A test of variables: all of `all` hold, and none of `none` holds as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Condition {
    pub(crate) all: Vec<Literal>,
    pub(crate) none: Vec<Vec<Literal>>,
}

/// A Boolean variable (by its place in [`Plan::variables`]) and the value that it must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Literal {
    pub(crate) variable: u16,
    pub(crate) value: bool,
}

/// No slot, no arguments, no level, no guard.
pub const NONE: u16 = u16::MAX;
