//! Statements that read: one for each level, whatever the number of parents.
//!
//! In: what to read, conditions, pages. Out: a statement and how to read its rows. Must not know: connections, plans.

use super::access::Env;
use super::cond::Cond;
use super::filter::{Order, relation_rule};
use super::keyset::{Glue, bounded, is_backward, limited, ordered};
use super::page::Page;
use super::rows::{ABSENT, Denied, RowSet};
use super::sql::{Alias, Sql};
use super::{Join, ModelDef, RelationDef, Statement, Value};

/// What is wanted of each row, as bits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Want {
    /// Columns that the program needs.
    pub(super) columns: u64,
    /// Columns that the client sees.
    pub(super) shown: u64,
    /// Relations that the client follows.
    pub(super) relations: u64,
}

impl Want {
    /// Every column, for the program itself.
    pub(super) fn all(model: &ModelDef) -> Want {
        Want {
            columns: u64::MAX >> (64 - model.columns.len().clamp(1, 64)),
            ..Want::default()
        }
    }

    /// All that is wanted of the model's rows, with the keys that relations are followed by.
    fn columns_read(&self, model: &ModelDef) -> u64 {
        let mut columns = self.columns | self.shown | 1 << model.id;
        for (i, relation) in model.relations.iter().enumerate() {
            if let (true, Join::BelongsTo { column }) =
                (self.relations & (1 << i) != 0, relation.join)
            {
                columns |= 1 << column;
            }
        }
        columns
    }
}

/// How the rows of a statement are read.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) places: Box<[u8]>,
    pub(super) width: usize,
    pub(super) denied: Denied,
    /// The rules that follow the cells, each true or not, and the field that it denies.
    pub(super) rules: Vec<Denied>,
}

impl Layout {
    /// The rows' set, still empty.
    pub(super) fn set(&self, model: &'static ModelDef) -> RowSet {
        RowSet::new(model, self.places.clone(), self.width, self.denied)
    }
}

/// Writes the columns, and after them the rules that depend on the row.
fn columns(
    sql: &mut Sql,
    env: &Env<'_>,
    model: &'static ModelDef,
    alias: Alias,
    want: Want,
) -> Layout {
    let mut layout = Layout {
        places: vec![ABSENT; model.columns.len()].into(),
        width: 0,
        denied: Denied::default(),
        rules: Vec::new(),
    };
    let read = want.columns_read(model);
    let mut rules: Vec<Cond> = Vec::new();
    for (i, column) in model.columns.iter().enumerate() {
        let bit = 1u64 << i;
        if read & bit == 0 {
            continue;
        }
        if layout.width > 0 {
            sql.push(", ");
        }
        sql.column(alias, column.column);
        layout.places[i] = layout.width as u8;
        layout.width += 1;
        if want.shown & bit != 0 {
            let denied = Denied {
                columns: bit,
                relations: 0,
            };
            keep(
                env.field_rule(model, column.read.as_ref()),
                denied,
                &mut layout,
                &mut rules,
            );
        }
    }
    for (i, relation) in model.relations.iter().enumerate() {
        let bit = 1u64 << i;
        if want.relations & bit != 0 {
            let denied = Denied {
                columns: 0,
                relations: bit,
            };
            keep(
                relation_rule(env, model, relation),
                denied,
                &mut layout,
                &mut rules,
            );
        }
    }
    for rule in rules {
        sql.push(", (").cond(model, alias, &rule);
        sql.push(") IS TRUE");
    }
    layout
}

fn keep(rule: Cond, denied: Denied, layout: &mut Layout, rules: &mut Vec<Cond>) {
    if rule.is_always() {
        return;
    }
    if rule.is_never() {
        layout.denied.columns |= denied.columns;
        layout.denied.relations |= denied.relations;
        return;
    }
    layout.rules.push(denied);
    rules.push(rule);
}

/// The rows of a list, or of a find.
pub(super) fn list(
    env: &Env<'_>,
    model: &'static ModelDef,
    want: Want,
    cond: &Cond,
    order: &Order,
    page: &Page,
) -> (Statement, Layout) {
    let mut sql = Sql::new(env.models);
    let alias = sql.alias();
    sql.push("SELECT ");
    let layout = columns(&mut sql, env, model, alias, with_order(want, order, page));
    sql.push(" FROM ").table(model.table, alias);
    let mut glue = Glue::default();
    restricted(&mut sql, &mut glue, model, alias, cond);
    bounded(&mut sql, &mut glue, model, alias, order, page);
    ordered(
        &mut sql,
        model,
        alias,
        order,
        is_backward(page),
        " ORDER BY ",
    );
    limited(&mut sql, page);
    (sql.done(), layout)
}

/// How many rows a list has in all.
pub(super) fn count(env: &Env<'_>, model: &'static ModelDef, cond: &Cond) -> Statement {
    let mut sql = Sql::new(env.models);
    let alias = sql.alias();
    sql.push("SELECT count(*) FROM ").table(model.table, alias);
    restricted(&mut sql, &mut Glue::default(), model, alias, cond);
    sql.done()
}

/// The rows of the keys: each once, in no order.
pub(super) fn by_keys(
    env: &Env<'_>,
    model: &'static ModelDef,
    want: Want,
    cond: &Cond,
    keys: &[&Value],
) -> (Statement, Layout) {
    let mut sql = Sql::new(env.models);
    let alias = sql.alias();
    sql.push("SELECT ");
    let layout = columns(&mut sql, env, model, alias, want);
    sql.push(" FROM ")
        .items(keys.iter().copied())
        .push(" AS k CROSS JOIN ")
        .table(model.table, alias);
    sql.push(" ON ")
        .column(alias, model.id().column)
        .push(" = ")
        .item(model.id().ty);
    restricted(&mut sql, &mut Glue::default(), model, alias, cond);
    (sql.done(), layout)
}

/// The one row that belongs to each parent: the parent's place in `keys`, then the row.
pub(super) fn one_each(
    env: &Env<'_>,
    target: &'static ModelDef,
    column: u16,
    want: Want,
    cond: &Cond,
    keys: &[&Value],
) -> (Statement, Layout) {
    let column = &target.columns[usize::from(column)];
    let mut sql = Sql::new(env.models);
    let alias = sql.alias();
    sql.push("SELECT k.key, ");
    let layout = columns(&mut sql, env, target, alias, want);
    sql.push(" FROM ")
        .items(keys.iter().copied())
        .push(" AS k CROSS JOIN ")
        .table(target.table, alias);
    sql.push(" ON ")
        .column(alias, column.column)
        .push(" = ")
        .item(column.ty);
    restricted(&mut sql, &mut Glue::default(), target, alias, cond);
    (sql.done(), layout)
}

/// A relation that answers a list, and which of the rows at its other end.
pub(super) struct Children<'a> {
    pub(super) model: &'static ModelDef,
    pub(super) relation: &'static RelationDef,
    pub(super) target: &'static ModelDef,
    pub(super) cond: &'a Cond,
    pub(super) order: &'a Order,
    pub(super) page: &'a Page,
}

/// A page of rows for each parent: the parent's place in `keys`, then the row, in order.
///
/// The page of each parent is found by its index and cut off there; a window function would read all children of all
/// parents first.
pub(super) fn page_each(
    env: &Env<'_>,
    children: &Children<'_>,
    want: Want,
    keys: &[&Value],
) -> (Statement, Layout) {
    let Children {
        target,
        order,
        page,
        ..
    } = *children;
    let mut sql = Sql::new(env.models);
    let alias = sql.alias();
    sql.push("SELECT k.key, ");
    let layout = columns(&mut sql, env, target, alias, with_order(want, order, page));
    sql.push(" FROM ")
        .items(keys.iter().copied())
        .push(" AS k CROSS JOIN ")
        .table(target.table, alias);
    sql.push(" ON ")
        .column(alias, target.id().column)
        .push(" IN (SELECT ");
    let inner = sql.alias();
    sql.column(inner, target.id().column);
    let mut glue = joined_to_parent(&mut sql, children, inner);
    restricted(&mut sql, &mut glue, target, inner, children.cond);
    bounded(&mut sql, &mut glue, target, inner, order, page);
    ordered(
        &mut sql,
        target,
        inner,
        order,
        is_backward(page),
        " ORDER BY ",
    );
    limited(&mut sql, page);
    sql.push(")");
    ordered(&mut sql, target, alias, order, false, " ORDER BY k.key, ");
    (sql.done(), layout)
}

/// How many rows each parent has in all: the parent's place in `keys`, then the number.
pub(super) fn count_each(env: &Env<'_>, children: &Children<'_>, keys: &[&Value]) -> Statement {
    let mut sql = Sql::new(env.models);
    let inner = sql.alias();
    sql.push("SELECT k.key, (SELECT count(*)");
    let mut glue = joined_to_parent(&mut sql, children, inner);
    restricted(&mut sql, &mut glue, children.target, inner, children.cond);
    sql.push(") FROM ")
        .items(keys.iter().copied())
        .push(" AS k");
    sql.done()
}

/// ` FROM … WHERE …`, down to the parent's key.
fn joined_to_parent(sql: &mut Sql, children: &Children<'_>, inner: Alias) -> Glue {
    let Children {
        model,
        relation,
        target,
        ..
    } = *children;
    sql.push(" FROM ");
    match relation.join {
        Join::Through { table, own, other } => {
            let between = sql.alias();
            sql.table(table, between)
                .push(" JOIN ")
                .table(target.table, inner)
                .push(" ON ")
                .column(inner, target.id().column);
            sql.push(" = ")
                .column(between, other)
                .push(" WHERE ")
                .column(between, own);
        }
        Join::Has { column } | Join::BelongsTo { column } => {
            sql.table(target.table, inner)
                .push(" WHERE ")
                .column(inner, target.columns[usize::from(column)].column);
        }
    }
    sql.push(" = ").item(model.id().ty);
    Glue(true)
}

fn restricted(sql: &mut Sql, glue: &mut Glue, model: &'static ModelDef, alias: Alias, cond: &Cond) {
    if !cond.is_always() {
        glue.next(sql);
        sql.cond(model, alias, cond);
    }
}

/// What a page needs beyond the selection: the values of its cursors.
fn with_order(want: Want, order: &Order, page: &Page) -> Want {
    let mut want = want;
    if matches!(page, Page::Between { .. }) {
        for term in &order.0 {
            want.columns |= 1 << term.column;
            if !term.rule.is_always() {
                want.shown |= 1 << term.column;
            }
        }
    }
    want
}
