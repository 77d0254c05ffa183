//! The plan of an operation: what the engine does for one text, whatever the variables are.
//!
//! In: a validated document and the schema's tables. Out: nested arrays that the level pass and the
//! writer walk. Must not know: requests, values of variables.

use std::sync::atomic::AtomicUsize;

use crate::engine::cache::Keeping;
use crate::engine::coerce::{ArgPlan, Values, Variable};
use crate::engine::cost::Tally;
use crate::engine::introspection::Introspection;
use crate::engine::out::Key;
use crate::engine::schema::SchemaDef;
use crate::engine::syntax;
use crate::engine::value::InputValue;
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
    /// The document, for what errors say.
    pub(crate) text: Box<str>,
    pub(crate) def: &'static SchemaDef,
    pub(crate) fields: Box<[FieldInfo]>,
    /// Where fields are asked for once more: see [`FieldInfo::repeats`].
    pub(crate) repeats: Box<[Repeat]>,
    pub(crate) conditions: Box<[Condition]>,
    pub(crate) args: Box<[ArgPlan]>,
    pub(crate) guards: Box<[Expr]>,
    pub(crate) variables: Box<[Variable]>,
    pub(crate) introspection: Introspection,
    /// Whether something may be delivered later: then there is another plan for transports that can.
    pub(crate) defers: bool,
    /// Each `@defer` and each `@stream`, in a plan with parts that are delivered later.
    pub(crate) usages: Box<[Usage]>,
    /// How many such parts there are: see [`Group::no`].
    pub(crate) groups: u16,
    /// What the operation costs; made after the rest.
    pub(crate) tally: Tally,
    /// How long its response may be kept; made after the rest.
    pub(crate) keeping: Keeping,
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
    /// With which part of the operation this is executed: 0 is the first response, others are those of [`Group::no`].
    pub(crate) group: u16,
    /// What is delivered later.
    pub(crate) later: Option<Box<Later>>,
}

/// What is deferred at a selection.
#[derive(Debug)]
pub(crate) struct Later {
    /// The fragments with `@defer` in this selection set: places in [`Plan::usages`].
    pub(crate) opens: Box<[u16]>,
    pub(crate) groups: Box<[Group]>,
}

/// Fields of a selection that the same fragments defer.
#[derive(Debug)]
pub(crate) struct Group {
    /// Counted from 1, in the whole plan.
    pub(crate) no: u16,
    /// The fragments: places in [`Plan::usages`].
    pub(crate) usages: Box<[u16]>,
    pub(crate) sel: Sel,
}

/// One fragment with `@defer`, or one list with `@stream`, in one selection set.
#[derive(Debug)]
pub(crate) struct Usage {
    pub(crate) label: Option<Box<str>>,
    /// Whether it is a list.
    pub(crate) list: bool,
    /// The nearest one around it.
    pub(crate) parent: Option<u16>,
}

/// One response key of a selection set.
#[derive(Debug)]
pub struct Field {
    /// The key in the response, ready to be copied.
    pub key: Key,
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
    /// What of its list is delivered later.
    pub(crate) stream: Option<Box<Stream>>,
}

/// The items of a list that are delivered later.
#[derive(Debug)]
pub(crate) struct Stream {
    /// How many items come at once.
    pub(crate) initial: usize,
    /// The part of the operation that the others are: see [`Group::no`].
    pub(crate) group: u16,
    /// Their `@stream`: a place in [`Plan::usages`].
    pub(crate) usage: u16,
    /// The same field with a selection of its own for them, so that their levels and slots are theirs alone.
    pub(crate) field: Field,
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
    /// An error: its list is to be streamed from an item before the first.
    Negative,
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
#[derive(Debug, Clone, Copy)]
pub(crate) struct FieldInfo {
    /// Where the response key stands in the text.
    pub(crate) key: (u32, u32),
    /// Byte of the text that asks for it first.
    pub(crate) at: u32,
    /// The others that do: a part of [`Plan::repeats`].
    pub(crate) repeats: (u32, u32),
    /// Number of the type.
    pub(crate) ty: u16,
    /// Number of the field in its type, or [`NONE`].
    pub(crate) fid: u16,
}

/// One more place that asks for a field.
#[derive(Debug)]
pub(crate) struct Repeat {
    /// Byte of the text.
    pub(crate) at: u32,
    /// What must hold for it to count.
    pub(crate) all: Box<[Literal]>,
}

/// How many places an error tells at most: each costs the client bytes, and a document may repeat a field thousands of
/// times below a list.
const PLACES: usize = 32;

impl Plan {
    /// The response key of a field.
    pub(crate) fn key_of(&self, no: u32) -> &str {
        let key = self.fields.get(no as usize).map_or((0, 0), |info| info.key);
        self.text
            .get(key.0 as usize..key.1 as usize)
            .unwrap_or_default()
    }

    /// `Type.field`, for logs.
    pub(crate) fn field_name(&self, no: u32) -> String {
        let info = self.fields.get(no as usize);
        let ty = info.and_then(|info| Some((info, self.def.types.get(info.ty as usize)?)));
        let Some((info, ty)) = ty else {
            return String::new();
        };
        let field = ty.fields.get(info.fid as usize);
        format!(
            "{}.{}",
            ty.name,
            field.map_or(self.key_of(no), |field| field.name)
        )
    }

    /// Line and column of the places that ask for a field, for these values of the variables: each once, the first
    /// [`PLACES`].
    pub(crate) fn places_of(&self, no: u32, values: &[Option<InputValue>]) -> Vec<(u32, u32)> {
        let Some(info) = self.fields.get(no as usize) else {
            return Vec::new();
        };
        let mut found = vec![info.at];
        let repeats = info.repeats.0 as usize..info.repeats.1 as usize;
        for repeat in self.repeats.get(repeats).unwrap_or_default() {
            if found.len() == PLACES {
                break;
            }
            // A fragment that is spread under two conditions has its fields in the plan twice.
            if repeat.all.iter().all(|l| l.holds(values)) && !found.contains(&repeat.at) {
                found.push(repeat.at);
            }
        }
        let place = |at| syntax::place(&self.text, at);
        found.into_iter().map(place).collect()
    }

    /// Line and column of a byte of the text.
    pub(crate) fn place(&self, at: u32) -> (u32, u32) {
        syntax::place(&self.text, at)
    }
}

/// A test of variables: all of `all` hold, and none of `none` holds as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Condition {
    pub(crate) all: Vec<Literal>,
    pub(crate) none: Vec<Vec<Literal>>,
}

impl Condition {
    pub(crate) fn holds(&self, values: &Values) -> bool {
        let literal = |l: &Literal| l.holds(values);
        self.all.iter().all(literal) && !self.none.iter().any(|all| all.iter().all(literal))
    }
}

/// A Boolean variable (by its place in [`Plan::variables`]) and the value that it must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Literal {
    pub(crate) variable: u16,
    pub(crate) value: bool,
}

impl Literal {
    /// Whether it holds for these values of the variables.
    pub(crate) fn holds(&self, values: &[Option<InputValue>]) -> bool {
        values.get(self.variable as usize) == Some(&Some(InputValue::Bool(self.value)))
    }
}

/// No slot, no arguments, no level, no guard.
pub const NONE: u16 = u16::MAX;
