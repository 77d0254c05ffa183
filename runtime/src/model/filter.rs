//! Filters and orders of clients, as conditions and order terms.
//!
//! In: coerced `filter` and `orderBy` arguments, the caller's rights. Out: [`Cond`]s, [`Order`]s.
//! Must not know: SQL text, connections.
//!
//! No filter tells anything of what its sender may not read: a field whose rule denies cannot be named at all; where
//! the rule depends on the row, the test is false for rows that deny; and rows at the other end of a relation count
//! only if they may be read.

use super::access::Env;
use super::cond::{Cmp, Cond, Operand, all, any};
use super::value::{Unfit, store};
use super::{ColumnDef, ColumnType, FilterOp, ModelDef, Paging, RelationDef, Value};
use crate::engine::value::{Args, InputValue};
use crate::{Code, Error, Result};

/// Tests that one filter of a client may make, and how deep its objects may be nested. SQLite evaluates a test for each
/// row, and takes no expression that is nested a thousand deep.
const TESTS: usize = 200;
const NESTING: usize = 20;

/// The condition of the argument `filter`, if it is given.
///
/// # Errors
/// `LIMIT_EXCEEDED` if a client tests too much, or as [`filter`].
pub(super) fn filter_arg(env: &Env<'_>, model: &'static ModelDef, args: &Args<'_>) -> Result<Cond> {
    let Some(input) = args.value("filter") else {
        return Ok(Cond::TRUE);
    };
    let over = |what: String| Error::new(what).code(Code::LimitExceeded).field("filter");
    if nesting(input, NESTING) > NESTING {
        return Err(over(format!("a filter is nested at most {NESTING} deep")));
    }
    if tests(input) > TESTS {
        return Err(over(format!("a filter makes at most {TESTS} tests")));
    }
    filter(env, model, input)
}

/// How deep objects are nested; looks no further than beyond the limit.
fn nesting(input: &InputValue, limit: usize) -> usize {
    let deepest = |inner: &mut dyn Iterator<Item = &InputValue>, limit: usize| {
        inner.map(|value| nesting(value, limit)).max().unwrap_or(0)
    };
    match input {
        InputValue::Object(_) if limit == 0 => 1,
        InputValue::Object(fields) => 1 + deepest(&mut fields.iter().map(|(_, v)| v), limit - 1),
        InputValue::List(items) => deepest(&mut items.iter(), limit),
        _ => 0,
    }
}

/// How many operators there are; the list of an `in` is one statement's parameter, whatever its length. An empty object
/// counts too.
fn tests(input: &InputValue) -> usize {
    match input {
        InputValue::Object(fields) => fields.iter().map(|(_, v)| tests(v)).sum::<usize>().max(1),
        InputValue::List(items) if items.iter().any(|i| matches!(i, InputValue::Object(_))) => {
            items.iter().map(tests).sum()
        }
        _ => 1,
    }
}

/// The condition of a filter.
///
/// # Errors
/// A value that the column cannot hold, or a field that the caller may not read.
pub(super) fn filter(env: &Env<'_>, model: &'static ModelDef, input: &InputValue) -> Result<Cond> {
    let InputValue::Object(fields) = input else {
        return Ok(Cond::TRUE);
    };
    let mut conds = Vec::with_capacity(fields.len());
    for (name, value) in fields {
        conds.push(match (name.as_str(), value) {
            ("and" | "or" | "not", InputValue::Null) => Cond::TRUE,
            ("and", list) => all(each(env, model, list)?),
            ("or", list) => any(each(env, model, list)?),
            ("not", one) => not_true(filter(env, model, one)?),
            (name, value) => field(env, model, name, value)?,
        });
    }
    Ok(all(conds))
}

fn each(env: &Env<'_>, model: &'static ModelDef, list: &InputValue) -> Result<Vec<Cond>> {
    match list {
        InputValue::List(items) => items.iter().map(|item| filter(env, model, item)).collect(),
        one => Ok(vec![filter(env, model, one)?]),
    }
}

fn not_true(cond: Cond) -> Cond {
    match cond {
        Cond::Const(known) => Cond::Const(Some(known != Some(true))),
        cond => Cond::NotTrue(Box::new(cond)),
    }
}

fn field(env: &Env<'_>, model: &'static ModelDef, name: &str, value: &InputValue) -> Result<Cond> {
    if let Some(r) = model
        .relations
        .iter()
        .position(|r| (r.filter || !env.client) && r.field == name)
    {
        return related(env, model, r as u16, value);
    }
    let named =
        |c: &ColumnDef| c.field == name || name.strip_suffix("Id").is_some_and(|n| n == c.field);
    let Some(c) = model
        .columns
        .iter()
        .position(|c| (!c.filters.is_empty() || !env.client) && named(c))
    else {
        return Err(Error::new(format!("`{}` has no filter on `{name}`", model.name)).field(name));
    };
    let column = &model.columns[c];
    let InputValue::Object(ops) = value else {
        return Ok(Cond::TRUE);
    };
    let mut tests = Vec::with_capacity(ops.len());
    for (op, value) in ops {
        tests.push(
            test(c as u16, column, op, value).map_err(|Unfit(why)| Error::new(why).field(name))?,
        );
    }
    readable(env, model, column, all(tests))
}

/// A test of a column that tells nothing of rows whose field the caller may not read.
///
/// # Errors
/// The caller may not read the field of any row.
pub(super) fn readable(
    env: &Env<'_>,
    model: &'static ModelDef,
    column: &'static ColumnDef,
    test: Cond,
) -> Result<Cond> {
    let rule = env.field_rule(model, column.read.as_ref());
    if rule.is_never() {
        return Err(unreadable(env, model, column.field));
    }
    Ok(guarded(rule, test))
}

fn guarded(rule: Cond, cond: Cond) -> Cond {
    if rule.is_always() {
        cond
    } else {
        Cond::Where(Box::new(rule), Box::new(cond))
    }
}

fn unreadable(env: &Env<'_>, model: &ModelDef, field: &str) -> Error {
    match env.caller() {
        Some(_) => Error::forbidden().field(field),
        None => {
            tracing::debug!(
                model = model.name,
                field,
                "refused to a caller who is not signed in"
            );
            Error::unauthenticated().field(field)
        }
    }
}

/// One operator. Except for `null`, `ne` and `notIn` do not match NULL, as in SQL.
fn test(
    c: u16,
    column: &ColumnDef,
    op: &str,
    input: &InputValue,
) -> std::result::Result<Cond, Unfit> {
    let operand = || Operand::Column {
        path: &[],
        column: c,
    };
    let compare = |op: Cmp| -> std::result::Result<Cond, Unfit> {
        Ok(match cell_of(column.ty, input)? {
            Value::Null => Cond::Const(None),
            value => Cond::Compare(operand(), op, Operand::Value(value)),
        })
    };
    let text = |op: FilterOp| match input {
        InputValue::Str(text) if text.is_empty() => Cond::Null(operand(), false),
        InputValue::Str(text) => Cond::Text(operand(), op, text.clone()),
        _ => Cond::TRUE,
    };
    Ok(match (op, input) {
        ("eq", InputValue::Null) => Cond::Null(operand(), true),
        ("ne", InputValue::Null) => Cond::Null(operand(), false),
        (_, InputValue::Null) => Cond::TRUE,
        ("eq", _) => compare(Cmp::Eq)?,
        ("ne", _) => compare(Cmp::Ne)?,
        ("lt", _) => compare(Cmp::Lt)?,
        ("lte", _) => compare(Cmp::Le)?,
        ("gt", _) => compare(Cmp::Gt)?,
        ("gte", _) => compare(Cmp::Ge)?,
        ("in", list) => Cond::In(operand(), cells_of(column.ty, list)?, true),
        ("notIn", list) => Cond::In(operand(), cells_of(column.ty, list)?, false),
        ("contains", _) => text(FilterOp::Contains),
        ("icontains", _) => text(FilterOp::Icontains),
        ("startsWith", _) => text(FilterOp::StartsWith),
        ("endsWith", _) => text(FilterOp::EndsWith),
        ("isNull", InputValue::Bool(yes)) => Cond::Null(operand(), *yes),
        (op, _) => return Err(Unfit(format!("`{op}` is no operator of a filter"))),
    })
}

fn cells_of(ty: ColumnType, list: &InputValue) -> std::result::Result<Vec<Value>, Unfit> {
    let items = match list {
        InputValue::List(items) => items.as_slice(),
        one => std::slice::from_ref(one),
    };
    let stored: std::result::Result<Vec<_>, _> =
        items.iter().map(|item| cell_of(ty, item)).collect();
    Ok(stored?.into_iter().filter(|v| !v.is_null()).collect())
}

/// An input value as the column stores it.
pub(super) fn cell_of(ty: ColumnType, input: &InputValue) -> std::result::Result<Value, Unfit> {
    let value = match input {
        InputValue::Null => return Ok(Value::Null),
        other if ty == ColumnType::Json => return Ok(Value::Text(other.to_json().to_string())),
        InputValue::Bool(b) => (*b).into(),
        InputValue::Int(n) if ty == ColumnType::Boolean => {
            return Err(Unfit(format!("{n} is not a Boolean")));
        }
        InputValue::Int(n) => (*n).into(),
        InputValue::Float(n) => (*n).into(),
        InputValue::Str(s) | InputValue::Enum(s) => s.as_str().into(),
        InputValue::List(_) | InputValue::Object(_) | InputValue::Upload(_) => {
            return Err(Unfit("a single value is expected".to_owned()));
        }
    };
    store(ty, value)
}

fn related(env: &Env<'_>, model: &'static ModelDef, r: u16, value: &InputValue) -> Result<Cond> {
    let relation = &model.relations[usize::from(r)];
    let target = env.target(relation);
    let rule = env.field_rule(model, relation.read.as_ref());
    if rule.is_never() {
        return Err(unreadable(env, model, relation.field));
    }
    let read = env.read(target);
    let exists = |cond: Cond, yes: bool| match read.clone().and(cond) {
        never if never.is_never() => Cond::Const(Some(!yes)),
        cond => Cond::Exists(r, Box::new(cond), yes),
    };
    let cond = match value {
        InputValue::Null if relation.paging == Paging::One => exists(Cond::TRUE, false),
        InputValue::Object(_) if relation.paging == Paging::One => {
            exists(filter(env, target, value)?, true)
        }
        InputValue::Object(parts) => {
            let mut conds = Vec::with_capacity(parts.len());
            for (quantity, inner) in parts.iter().filter(|(_, inner)| *inner != InputValue::Null) {
                let inner = filter(env, target, inner)?;
                conds.push(match quantity.as_str() {
                    "some" => exists(inner, true),
                    "none" => exists(inner, false),
                    "every" => exists(not_true(inner), false),
                    other => {
                        return Err(Error::new(format!("`{other}` is no quantity of a filter"))
                            .field(relation.field));
                    }
                });
            }
            all(conds)
        }
        _ => Cond::TRUE,
    };
    Ok(guarded(rule, cond))
}

/// One term of an order.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Term {
    pub(super) column: u16,
    pub(super) descending: bool,
    /// Rows that deny the field are ordered as if it were NULL.
    pub(super) rule: Cond,
}

/// An order that is total: the primary key is its last term.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Order(pub(super) Vec<Term>);

/// The order of a list: the client's, else the declared one, and the key.
///
/// # Errors
/// The client names a field that it may not read.
pub(super) fn order(
    env: &Env<'_>,
    model: &'static ModelDef,
    declared: &[(u16, bool)],
    input: Option<&InputValue>,
) -> Result<Order> {
    let mut terms = Vec::new();
    for (name, direction) in named_terms(input) {
        let Some(c) = model
            .columns
            .iter()
            .position(|c| (c.sort || !env.client) && c.field == name)
        else {
            return Err(
                Error::new(format!("`{}` cannot be ordered by `{name}`", model.name)).field(name),
            );
        };
        let rule = env.field_rule(model, model.columns[c].read.as_ref());
        if rule.is_never() {
            return Err(unreadable(env, model, name));
        }
        terms.push(Term {
            column: c as u16,
            descending: direction,
            rule,
        });
    }
    if terms.is_empty() {
        for &(column, descending) in declared {
            let rule = env.field_rule(model, model.columns[usize::from(column)].read.as_ref());
            if !rule.is_never() {
                terms.push(Term {
                    column,
                    descending,
                    rule,
                });
            }
        }
    }
    let mut seen = 0u64;
    terms.retain(|t| {
        let known = seen & (1 << t.column) != 0;
        seen |= 1 << t.column;
        !known
    });
    if let Some(key) = terms.iter().position(|t| t.column == model.id) {
        terms.truncate(key + 1);
        terms[key].rule = Cond::TRUE;
    } else {
        // In the direction of the term before it, so that one index serves the order from either end.
        let descending = terms.last().is_some_and(|t| t.descending);
        terms.push(Term {
            column: model.id,
            descending,
            rule: Cond::TRUE,
        });
    }
    Ok(Order(terms))
}

/// `[{ city: ASC }, { price: DESC }]`, and the names of it.
fn named_terms(input: Option<&InputValue>) -> Vec<(&str, bool)> {
    let items = match input {
        Some(InputValue::List(items)) => items.as_slice(),
        Some(one @ InputValue::Object(_)) => std::slice::from_ref(one),
        _ => &[],
    };
    let entries = items.iter().filter_map(|item| match item {
        InputValue::Object(entries) => Some(entries.iter()),
        _ => None,
    });
    entries
        .flatten()
        .filter_map(|(name, direction)| match direction {
            InputValue::Enum(word) | InputValue::Str(word) => Some((name.as_str(), word == "DESC")),
            _ => None,
        })
        .collect()
}

/// Who may follow a relation, as a condition on the row that it starts from.
pub(super) fn relation_rule(
    env: &Env<'_>,
    model: &'static ModelDef,
    relation: &'static RelationDef,
) -> Cond {
    env.field_rule(model, relation.read.as_ref())
}
