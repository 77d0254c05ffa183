//! Conditions on rows, as access rules and filters make them.
//!
//! In: operands, conditions. Out: conditions with what is decided taken out. Must not know: SQL text, where they come from.

use super::{FilterOp, Value};

/// A condition on a row of a model. Three-valued, as SQL's: unknown is `Const(None)`.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cond {
    /// Decided.
    Const(Option<bool>),
    /// All of them.
    All(Vec<Cond>),
    /// One of them.
    Any(Vec<Cond>),
    /// Unknown stays unknown.
    Not(Box<Cond>),
    /// True where the condition is false or unknown.
    NotTrue(Box<Cond>),
    /// The second where the first is true; elsewhere false, whatever the second is.
    Where(Box<Cond>, Box<Cond>),
    /// The value is true.
    Truth(Operand),
    /// `a < b` and its kin.
    Compare(Operand, Cmp, Operand),
    /// Whether it is NULL.
    Null(Operand, bool),
    /// Whether it is one of the values.
    In(Operand, Vec<Value>, bool),
    /// A test of text.
    Text(Operand, FilterOp, String),
    /// Whether a row at the other end of the relation meets the condition.
    Exists(u16, Box<Cond>, bool),
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cmp {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

/// What a condition compares.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Operand {
    /// A value as the column on the other side stores it.
    Value(Value),
    /// A column of the row, or of the row at the end of a path of to-one relations.
    Column { path: &'static [u16], column: u16 },
    /// A condition's truth.
    Bool(Box<Cond>),
}

impl Cond {
    pub(super) const TRUE: Cond = Cond::Const(Some(true));
    pub(super) const FALSE: Cond = Cond::Const(Some(false));

    /// Whether no row can meet it.
    pub(super) fn is_never(&self) -> bool {
        matches!(self, Cond::Const(None | Some(false)))
    }

    /// Whether every row meets it.
    pub(super) fn is_always(&self) -> bool {
        matches!(self, Cond::Const(Some(true)))
    }

    /// Both, with what is decided taken out.
    pub(super) fn and(self, other: Cond) -> Cond {
        all(vec![self, other])
    }
}

/// All of the conditions, with what is decided taken out.
pub(super) fn all(conds: Vec<Cond>) -> Cond {
    let mut left = Vec::with_capacity(conds.len());
    for cond in conds {
        match cond {
            Cond::Const(Some(true)) => {}
            Cond::Const(Some(false)) => return Cond::FALSE,
            Cond::All(inner) => left.extend(inner),
            cond => left.push(cond),
        }
    }
    single(left, Cond::TRUE, Cond::All)
}

/// One of the conditions, with what is decided taken out.
pub(super) fn any(conds: Vec<Cond>) -> Cond {
    let mut left = Vec::with_capacity(conds.len());
    for cond in conds {
        match cond {
            Cond::Const(Some(false)) => {}
            Cond::Const(Some(true)) => return Cond::TRUE,
            Cond::Any(inner) => left.extend(inner),
            cond => left.push(cond),
        }
    }
    single(left, Cond::FALSE, Cond::Any)
}

fn single(mut left: Vec<Cond>, none: Cond, many: fn(Vec<Cond>) -> Cond) -> Cond {
    if left.iter().all(|c| *c == Cond::Const(None)) && !left.is_empty() {
        return Cond::Const(None);
    }
    match left.len() {
        0 => none,
        1 => left.remove(0),
        _ => many(left),
    }
}

/// The same where only "true" counts: what is unknown is as good as false.
pub(super) fn only_true(cond: Cond) -> Cond {
    match cond {
        Cond::Const(None) => Cond::FALSE,
        Cond::All(conds) => all(conds.into_iter().map(only_true).collect()),
        Cond::Any(conds) => any(conds.into_iter().map(only_true).collect()),
        other => other,
    }
}
