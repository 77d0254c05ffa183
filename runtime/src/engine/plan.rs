//! The plan of an operation: what the engine does for one text, whatever the variables are.
//!
//! In: a validated document and the schema's tables. Out: nested arrays that the level pass and the
//! writer walk. Must not know: requests, values of variables.

use std::sync::atomic::AtomicUsize;

/// A planned operation.
#[derive(Debug)]
pub struct Plan {
    /// The root selection.
    pub root: Sel,
    /// How many fields hold results of their own (see [`Field::slot`]).
    pub slots: usize,
    /// How many selections count their objects (see [`Sel::level`]).
    pub levels: usize,
    /// Capacity of the response buffer, learned from the answers so far.
    pub hint: AtomicUsize,
    // + operation kind, variable definitions, conditions, argument plans: the planner's own (private) members
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
    /// Where the objects of this selection are counted, if `work` is not empty.
    pub level: u16,
}

/// One response key of a selection set.
#[derive(Debug)]
pub struct Field {
    /// `"title":` with its quotes and colon, escaped.
    pub key: Box<[u8]>,
    /// Number of the field in its type; [`TYPENAME`] for `__typename`; [`CONSTANT`] for rendered introspection.
    pub fid: u16,
    /// Where the results lie, or [`NONE`].
    pub slot: u16,
    /// Which argument set it has, or [`NONE`].
    pub args: u16,
    /// Which condition (`@skip`, `@include`) must hold; 0 for none.
    pub cond: u16,
    /// Whether the outermost type is non-null.
    pub non_null: bool,
    /// The selection below, one for each possible concrete type.
    pub sub: Sub,
}

/// The selection below a field.
#[derive(Debug)]
pub enum Sub {
    /// A leaf.
    None,
    /// The field's type is an object.
    One(Box<Sel>),
    /// The field's type is an interface or a union: one for each possible type, in the order of `Shape::Abstract`.
    /// `level` is where the parts' indexes lie.
    Many { parts: Box<[Sel]>, level: u16 },
}

/// No slot, no arguments, no level.
pub const NONE: u16 = u16::MAX;
/// `Field::fid` of `__typename`.
pub const TYPENAME: u16 = u16::MAX;
/// `Field::fid` of a field whose bytes the plan holds.
pub const CONSTANT: u16 = u16::MAX - 1;
