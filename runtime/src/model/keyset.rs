//! Orders and pages in statements: keyset comparisons, ORDER BY, LIMIT.
//!
//! In: an order, a page. Out: the clauses. Must not know: what is selected, access.

use super::filter::{Order, Term};
use super::page::Page;
use super::sql::{Alias, Sql};
use super::{ModelDef, Value};

/// Whether a WHERE stands already.
#[derive(Debug, Default)]
pub(super) struct Glue(pub(super) bool);

impl Glue {
    pub(super) fn next(&mut self, sql: &mut Sql) {
        sql.push(if std::mem::replace(&mut self.0, true) {
            " AND "
        } else {
            " WHERE "
        });
    }
}

pub(super) fn is_backward(page: &Page) -> bool {
    matches!(page, Page::Between { backward: true, .. })
}

pub(super) fn bounded(
    sql: &mut Sql,
    glue: &mut Glue,
    model: &'static ModelDef,
    alias: Alias,
    order: &Order,
    page: &Page,
) {
    let Page::Between { after, before, .. } = page else {
        return;
    };
    for (values, forward) in [(after, true), (before, false)] {
        if let Some(values) = values {
            glue.next(sql);
            beyond(sql, model, alias, order, values, forward);
        }
    }
}

/// The rows after a cursor in the order, or before it.
fn beyond(
    sql: &mut Sql,
    model: &'static ModelDef,
    alias: Alias,
    order: &Order,
    values: &[Value],
    forward: bool,
) {
    let one_way = order
        .0
        .iter()
        .all(|t| t.descending == order.0[0].descending && !is_nullable(model, t));
    if one_way {
        sql.push("(");
        for (i, term) in order.0.iter().enumerate() {
            sql.push(if i > 0 { ", " } else { "" })
                .column(alias, model.columns[usize::from(term.column)].column);
        }
        sql.push(if order.0[0].descending == forward {
            ") < ("
        } else {
            ") > ("
        });
        for (i, value) in values.iter().enumerate() {
            sql.push(if i > 0 { ", " } else { "" }).bind(value.clone());
        }
        sql.push(")");
        return;
    }
    let last = order.0.len() - 1;
    for (i, (term, value)) in order.0.iter().zip(values).enumerate() {
        sql.push("(");
        strictly(sql, model, alias, term, value, forward);
        if i < last {
            sql.push(" OR (");
            expression(sql, model, alias, term);
            sql.push(" IS ").bind(value.clone()).push(" AND ");
        }
    }
    for _ in 0..last {
        sql.push("))");
    }
    sql.push(")");
}

/// One term strictly beyond a value. NULL is less than everything, as SQLite orders it.
fn strictly(
    sql: &mut Sql,
    model: &'static ModelDef,
    alias: Alias,
    term: &Term,
    value: &Value,
    forward: bool,
) {
    let greater = term.descending != forward;
    match (greater, value) {
        (true, Value::Null) => {
            expression(sql, model, alias, term);
            sql.push(" IS NOT NULL");
        }
        (false, Value::Null) => {
            sql.push("0");
        }
        (true, value) => {
            expression(sql, model, alias, term);
            sql.push(" > ").bind(value.clone());
        }
        (false, value) => {
            expression(sql, model, alias, term);
            sql.push(" < ").bind(value.clone());
            if is_nullable(model, term) {
                sql.push(" OR ");
                expression(sql, model, alias, term);
                sql.push(" IS NULL");
            }
        }
    }
}

fn is_nullable(model: &ModelDef, term: &Term) -> bool {
    model.columns[usize::from(term.column)].nullable || !term.rule.is_always()
}

fn expression(sql: &mut Sql, model: &'static ModelDef, alias: Alias, term: &Term) {
    let column = model.columns[usize::from(term.column)].column;
    if term.rule.is_always() {
        sql.column(alias, column);
        return;
    }
    sql.push("CASE WHEN ").cond(model, alias, &term.rule);
    sql.push(" THEN ").column(alias, column).push(" END");
}

pub(super) fn ordered(
    sql: &mut Sql,
    model: &'static ModelDef,
    alias: Alias,
    order: &Order,
    backward: bool,
    lead: &'static str,
) {
    for (i, term) in order.0.iter().enumerate() {
        sql.push(if i > 0 { ", " } else { lead });
        expression(sql, model, alias, term);
        if term.descending != backward {
            sql.push(" DESC");
        }
    }
}

/// The end of a page. One row more than a cursor page has tells whether there is a next one.
pub(super) fn limited(sql: &mut Sql, page: &Page) {
    match page {
        Page::Slice { limit, offset } => {
            sql.push(" LIMIT ").bind(Value::Int(i64::from(*limit)));
            if *offset > 0 {
                sql.push(" OFFSET ").bind(Value::Int(i64::from(*offset)));
            }
        }
        Page::Between { size, .. } => {
            sql.push(" LIMIT ").bind(Value::Int(i64::from(*size) + 1));
        }
    }
}
