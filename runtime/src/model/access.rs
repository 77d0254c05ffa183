//! Access rules: expressions with the caller put in, decided where the caller alone decides, else a condition on the row.
//!
//! In: static expressions, the caller. Out: [`Cond`]s. Must not know: SQL text, requests.
//!
//! Null behaves as in SQL: a comparison with it is unknown (only `== null` and `!= null` are definite), so is the
//! negation of something unknown, and a rule that is unknown denies.

use jiff::Timestamp;

use super::cond::{Cmp, Cond, Operand, all, any, only_true};
use super::rule::{constant, constants, truth};
use super::value::store;
use super::{Caller, ColumnType, Expr, Lit, ModelDef, RelationDef, Value};

/// On whose behalf rows are read and written.
#[derive(Clone, Copy)]
pub enum Access<'a> {
    /// The program itself: no rule applies.
    System,
    /// A caller, or nobody.
    Caller(Option<&'a dyn Caller>),
}

impl std::fmt::Debug for Access<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Access::System => "System",
            Access::Caller(Some(_)) => "Caller(Some(..))",
            Access::Caller(None) => "Caller(None)",
        })
    }
}

/// What every statement depends on beside its own arguments.
#[derive(Debug, Clone, Copy)]
pub struct Env<'a> {
    /// The application's models.
    pub models: &'static [ModelDef],
    /// On whose behalf.
    pub access: Access<'a>,
    /// The time of the operation.
    pub now: Timestamp,
    /// Whether a client chose what to filter and order by: then only by what the schema opens for it.
    pub client: bool,
}

impl<'a> Env<'a> {
    /// The caller, if there is one.
    pub(super) fn caller(&self) -> Option<&'a dyn Caller> {
        match self.access {
            Access::System => None,
            Access::Caller(caller) => caller,
        }
    }

    /// A rule of the model as a condition on its rows.
    pub(super) fn rule(&self, model: &'static ModelDef, rule: &'static Expr) -> Cond {
        match self.access {
            Access::System => Cond::TRUE,
            Access::Caller(caller) => only_true(fold(self.models, model, caller, rule)),
        }
    }

    /// A field's rule; without one, everybody who may read the row may read it.
    pub(super) fn field_rule(&self, model: &'static ModelDef, rule: Option<&'static Expr>) -> Cond {
        rule.map_or(Cond::TRUE, |rule| self.rule(model, rule))
    }

    /// Who may read rows of the model.
    pub(super) fn read(&self, model: &'static ModelDef) -> Cond {
        self.rule(model, &model.read)
    }

    /// The model at the other end.
    pub(super) fn target(&self, relation: &RelationDef) -> &'static ModelDef {
        &self.models[usize::from(relation.target)]
    }
}

fn fold(
    models: &'static [ModelDef],
    model: &'static ModelDef,
    caller: Option<&dyn Caller>,
    expr: &'static Expr,
) -> Cond {
    if !needs_row(expr) {
        return Cond::Const(truth(expr, caller));
    }
    let below = |e: &'static Expr| fold(models, model, caller, e);
    match expr {
        Expr::Column { path, column } => Cond::Truth(Operand::Column {
            path,
            column: *column,
        }),
        Expr::Not(a) => match below(a) {
            Cond::Const(known) => Cond::Const(known.map(|t| !t)),
            cond => Cond::Not(Box::new(cond)),
        },
        Expr::All(list) => all(list.iter().map(below).collect()),
        Expr::Any(list) => any(list.iter().map(below).collect()),
        Expr::Eq(a, b) => binary(models, model, caller, a, Cmp::Eq, b),
        Expr::Ne(a, b) => binary(models, model, caller, a, Cmp::Ne, b),
        Expr::Lt(a, b) => binary(models, model, caller, a, Cmp::Lt, b),
        Expr::Le(a, b) => binary(models, model, caller, a, Cmp::Le, b),
        Expr::In(a, items) => one_of(models, model, caller, a, items),
        Expr::Lit(_) | Expr::Caller | Expr::Auth(_) => Cond::Const(truth(expr, caller)),
    }
}

fn needs_row(expr: &Expr) -> bool {
    match expr {
        Expr::Column { .. } => true,
        Expr::Lit(_) | Expr::Caller | Expr::Auth(_) => false,
        Expr::Not(a) => needs_row(a),
        Expr::All(list) | Expr::Any(list) => list.iter().any(needs_row),
        Expr::Eq(a, b) | Expr::Ne(a, b) | Expr::Lt(a, b) | Expr::Le(a, b) => {
            needs_row(a) || needs_row(b)
        }
        Expr::In(a, items) => needs_row(a) || items.iter().any(needs_row),
    }
}

fn binary(
    models: &'static [ModelDef],
    model: &'static ModelDef,
    caller: Option<&dyn Caller>,
    a: &'static Expr,
    op: Cmp,
    b: &'static Expr,
) -> Cond {
    if let (true, (Expr::Lit(Lit::Null), other) | (other, Expr::Lit(Lit::Null))) =
        (matches!(op, Cmp::Eq | Cmp::Ne), (a, b))
    {
        return Cond::Null(side(models, model, caller, other, None), op == Cmp::Eq);
    }
    let (left, right) = (column_type(models, model, a), column_type(models, model, b));
    let a = side(models, model, caller, a, right);
    let b = side(models, model, caller, b, left);
    match (&a, &b) {
        (Operand::Value(Value::Null), _) | (_, Operand::Value(Value::Null)) => Cond::Const(None),
        _ => Cond::Compare(a, op, b),
    }
}

fn one_of(
    models: &'static [ModelDef],
    model: &'static ModelDef,
    caller: Option<&dyn Caller>,
    a: &'static Expr,
    items: &'static [Expr],
) -> Cond {
    let ty = column_type(models, model, a);
    let operand = side(models, model, caller, a, None);
    if items.iter().any(needs_row) || !needs_row(a) {
        return any(items
            .iter()
            .map(|item| binary(models, model, caller, a, Cmp::Eq, item))
            .collect());
    }
    let values = constants(items, caller).unwrap_or_default();
    // A value that the column cannot hold is equal to none that it holds.
    let fitting = values
        .into_iter()
        .filter_map(|v| ty.map_or(Some(v.clone()), |ty| store(ty, v).ok()))
        .filter(|v| !v.is_null());
    Cond::In(operand, fitting.collect(), true)
}

/// One side of a comparison; a constant in the form that the other side's column stores. What the column cannot
/// hold becomes NULL, so that the comparison is unknown.
fn side(
    models: &'static [ModelDef],
    model: &'static ModelDef,
    caller: Option<&dyn Caller>,
    expr: &'static Expr,
    other: Option<ColumnType>,
) -> Operand {
    if let Expr::Column { path, column } = expr {
        return Operand::Column {
            path,
            column: *column,
        };
    }
    match constant(expr, caller) {
        Some(value) if !needs_row(expr) => Operand::Value(match other {
            Some(ty) => store(ty, value).unwrap_or(Value::Null),
            None => value,
        }),
        _ => Operand::Bool(Box::new(fold(models, model, caller, expr))),
    }
}

fn column_type(
    models: &'static [ModelDef],
    model: &'static ModelDef,
    expr: &'static Expr,
) -> Option<ColumnType> {
    let Expr::Column { path, column } = expr else {
        return None;
    };
    let mut at = model;
    for step in *path {
        at = &models[usize::from(at.relations[usize::from(*step)].target)];
    }
    Some(at.columns[usize::from(*column)].ty)
}
