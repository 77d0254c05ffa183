//! Runs the statements of one level and sorts their rows to the parents.
//!
//! In: parents, arguments, what is wanted. Out: a [`RowSet`]. Must not know: plans, responses.

use std::collections::HashMap;

use sqlx::sqlite::SqliteRow;

use super::access::Env;
use super::cond::{Cmp, Cond, Operand};
use super::db::{Session, cell};
use super::filter::{Order, filter_arg, order, relation_rule};
use super::keyset::is_backward;
use super::page::{Page, page};
use super::rows::{Denied, PageInfo, Parts, RowSet};
use super::select::{self, Children, Layout, Want};
use super::{Join, ModelDef, Paging, RelationDef, Value};
use crate::Result;
use crate::engine::value::Args;

/// Which parts of a connection are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    /// The rows, or what tells about them.
    pub(super) rows: bool,
    /// `totalCount`
    pub(super) total: bool,
}

impl Shape {
    /// A plain list.
    pub(super) const LIST: Shape = Shape {
        rows: true,
        total: false,
    };
}

/// The rows that meet a condition, as far as they may be read: none or one where the condition names a unique column.
pub(super) async fn find(
    env: &Env<'_>,
    session: &Session,
    model: &'static ModelDef,
    want: Want,
    cond: Cond,
) -> Result<RowSet> {
    let cond = env.read(model).and(cond);
    if cond.is_never() {
        return Ok(RowSet::empty(model, Parts::Whole));
    }
    let order = order(env, model, &[], None)?;
    let (statement, layout) = select::list(
        env,
        model,
        want,
        &cond,
        &order,
        &Page::Slice {
            limit: 1,
            offset: 0,
        },
    );
    let rows = read(env, session, statement).await?;
    let mut set = layout.set(model);
    for row in &rows {
        read_row(&mut set, &layout, row, 0)?;
    }
    Ok(set)
}

/// The condition that a column holds the stored value.
pub(super) fn equals(column: u16, value: Value) -> Cond {
    match value {
        Value::Null => Cond::Const(None),
        value => Cond::Compare(
            Operand::Column { path: &[], column },
            Cmp::Eq,
            Operand::Value(value),
        ),
    }
}

/// The rows of a list operation.
///
/// # Errors
/// Arguments that do not fit, or the database's.
pub(super) async fn list(
    env: &Env<'_>,
    session: &Session,
    model: &'static ModelDef,
    paging: Paging,
    want: Want,
    args: &Args<'_>,
    shape: Shape,
) -> Result<RowSet> {
    let cond = env.read(model).and(filter_arg(env, model, args)?);
    let order = order(env, model, &[], args.value("orderBy"))?;
    let page = page(model, paging, &order, args)?;
    query(env, session, model, want, cond, order, page, shape).await
}

/// The rows that meet a condition, in an order, one page of them.
#[allow(
    clippy::too_many_arguments,
    reason = "each is one clause of the statement"
)]
pub(super) async fn query(
    env: &Env<'_>,
    session: &Session,
    model: &'static ModelDef,
    want: Want,
    cond: Cond,
    order: Order,
    page: Page,
    shape: Shape,
) -> Result<RowSet> {
    let mut set = RowSet::empty(model, Parts::Whole);
    let mut info = PageInfo::default();
    let never = cond.is_never();
    if shape.rows && !never {
        let (statement, layout) = select::list(env, model, want, &cond, &order, &page);
        let mut rows = read(env, session, statement).await?;
        if is_backward(&page) {
            rows.reverse();
        }
        set = layout.set(model);
        for row in kept(&rows, &page, &mut info) {
            read_row(&mut set, &layout, row, 0)?;
        }
    }
    if shape.total {
        info.total = Some(match never {
            true => 0,
            false => total(
                &session
                    .connection()
                    .await?
                    .rows(select::count(env, model, &cond))
                    .await?,
            )?,
        });
    }
    if matches!(page, Page::Between { .. }) {
        set.pages = vec![info];
    }
    set.order = Some(order);
    Ok(set)
}

/// A client's rows are counted; a program reads as many as it likes.
async fn read(
    env: &Env<'_>,
    session: &Session,
    statement: super::Statement,
) -> Result<Vec<SqliteRow>> {
    if env.client {
        return session.rows(statement).await;
    }
    Ok(session.connection().await?.rows(statement).await?)
}

fn total(rows: &[SqliteRow]) -> Result<i64> {
    match rows.first().map(|row| cell(row, 0)).transpose()? {
        Some(Value::Int(n)) => Ok(n),
        _ => Ok(0),
    }
}

/// The rows of a page without the one that only tells that there are more.
fn kept<'r, R>(rows: &'r [R], page: &Page, info: &mut PageInfo) -> &'r [R] {
    let Page::Between {
        size,
        backward,
        after,
        before,
    } = page
    else {
        return rows;
    };
    let more = rows.len() > *size as usize;
    if *backward {
        info.has_previous = more;
        info.has_next = before.is_some();
        return if more { &rows[1..] } else { rows };
    }
    info.has_next = more;
    info.has_previous = after.is_some();
    &rows[..rows.len().min(*size as usize)]
}

fn read_row(set: &mut RowSet, layout: &Layout, row: &SqliteRow, lead: usize) -> Result<()> {
    let mut cells = Vec::with_capacity(layout.width);
    for i in 0..layout.width {
        cells.push(cell(row, lead + i)?);
    }
    let denied = match layout.rules.is_empty() {
        true => None,
        false => {
            let mut denied = Denied::default();
            for (i, rule) in layout.rules.iter().enumerate() {
                if cell(row, lead + layout.width + i)? != Value::Int(1) {
                    denied.columns |= rule.columns;
                    denied.relations |= rule.relations;
                }
            }
            Some(denied)
        }
    };
    set.push(cells.into_iter(), denied);
    Ok(())
}

/// The rows of the keys in the form of the API, one part for each key; unknown, unreadable and malformed keys have none.
pub(super) async fn keys(
    env: &Env<'_>,
    session: &Session,
    model: &'static ModelDef,
    want: Want,
    keys: &[&str],
) -> Result<RowSet> {
    let stored: Vec<Value> = keys
        .iter()
        .map(|key| super::value::store(model.id().ty, Value::from(*key)).unwrap_or(Value::Null))
        .collect();
    by_keys(env, session, model, want, env.read(model), &stored).await
}

async fn by_keys(
    env: &Env<'_>,
    session: &Session,
    model: &'static ModelDef,
    want: Want,
    cond: Cond,
    keys: &[Value],
) -> Result<RowSet> {
    let mut distinct: HashMap<KeyRef<'_>, Option<u32>> = HashMap::with_capacity(keys.len());
    let mut asked: Vec<&Value> = Vec::new();
    for key in keys {
        if let Some(found) = KeyRef::of(key) {
            distinct.entry(found).or_insert_with(|| {
                asked.push(key);
                None
            });
        }
    }
    if asked.is_empty() || cond.is_never() {
        return Ok(RowSet::empty(model, Parts::Spans(vec![(0, 0); keys.len()])));
    }
    let (statement, layout) = select::by_keys(env, model, want, &cond, &asked);
    let rows = read(env, session, statement).await?;
    let mut set = layout.set(model);
    for row in &rows {
        read_row(&mut set, &layout, row, 0)?;
    }
    for i in 0..set.len() {
        if let Some(place) =
            KeyRef::of(set.cell(i, model.id)).and_then(|key| distinct.get_mut(&key))
        {
            *place = Some(i as u32);
        }
    }
    let place = |key: &Value| {
        KeyRef::of(key)
            .and_then(|k| distinct.get(&k).copied().flatten())
            .map_or((0, 0), |i| (i, 1))
    };
    let spans = keys.iter().map(place).collect();
    set.parts = Parts::Spans(spans);
    Ok(set)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum KeyRef<'v> {
    Int(i64),
    Text(&'v str),
    Blob(&'v [u8]),
}

impl<'v> KeyRef<'v> {
    fn of(value: &'v Value) -> Option<KeyRef<'v>> {
        match value {
            Value::Int(n) => Some(KeyRef::Int(*n)),
            Value::Text(s) => Some(KeyRef::Text(s)),
            Value::Blob(b) => Some(KeyRef::Blob(b)),
            Value::Null | Value::Real(_) => None,
        }
    }
}

/// The rows at the other end of a relation, for all parents in one statement.
///
/// # Errors
/// Arguments that do not fit, or the database's.
pub(super) async fn relation(
    env: &Env<'_>,
    session: &Session,
    parents: &RowSet,
    r: u16,
    want: Want,
    args: &Args<'_>,
    shape: Shape,
) -> Result<RowSet> {
    let model = parents.model();
    let relation = &model.relations[usize::from(r)];
    let target = env.target(relation);
    let cond = env.read(target).and(filter_arg(env, target, args)?);
    let rule = relation_rule(env, model, relation);
    if rule.is_never() {
        return Ok(RowSet::empty(
            target,
            Parts::Spans(vec![(0, 0); parents.len()]),
        ));
    }
    let followed = |i: &usize| parents.denies(*i).relations & (1 << r) == 0;
    match (relation.join, relation.paging) {
        (Join::BelongsTo { column }, _) => {
            let key = |i: usize| {
                if followed(&i) {
                    parents.cell(i, column).clone()
                } else {
                    Value::Null
                }
            };
            let keys: Vec<Value> = (0..parents.len()).map(key).collect();
            by_keys(env, session, target, want, cond, &keys).await
        }
        (Join::Has { column }, Paging::One) => {
            let owners: Vec<usize> = (0..parents.len()).filter(followed).collect();
            one_each(env, session, parents, &owners, target, column, want, cond).await
        }
        (_, paging) => {
            let owners: Vec<usize> = (0..parents.len()).filter(followed).collect();
            let order = order(env, target, relation.order, args.value("orderBy"))?;
            let page = page(target, paging, &order, args)?;
            let list = List {
                env,
                session,
                parents,
                owners: &owners,
                model,
                relation,
                target,
                cond: &cond,
                order: &order,
                page: &page,
            };
            let mut set = page_each(&list, want, shape).await?;
            set.order = Some(order);
            Ok(set)
        }
    }
}

#[allow(
    clippy::too_many_arguments,
    reason = "each is one part of the statement"
)]
async fn one_each(
    env: &Env<'_>,
    session: &Session,
    parents: &RowSet,
    owners: &[usize],
    target: &'static ModelDef,
    column: u16,
    want: Want,
    cond: Cond,
) -> Result<RowSet> {
    let mut spans = vec![(0, 0); parents.len()];
    if owners.is_empty() || cond.is_never() {
        return Ok(RowSet::empty(target, Parts::Spans(spans)));
    }
    let keys: Vec<&Value> = owners
        .iter()
        .map(|i| parents.cell(*i, parents.model().id))
        .collect();
    let (statement, layout) = select::one_each(env, target, column, want, &cond, &keys);
    let rows = read(env, session, statement).await?;
    let mut set = layout.set(target);
    for row in &rows {
        if let Some(owner) = owner(row, owners)? {
            spans[owner] = (set.len() as u32, 1);
            read_row(&mut set, &layout, row, 1)?;
        }
    }
    set.parts = Parts::Spans(spans);
    Ok(set)
}

/// The parent that a row belongs to: its first cell is the place among the keys.
fn owner(row: &SqliteRow, owners: &[usize]) -> Result<Option<usize>> {
    Ok(match cell(row, 0)? {
        Value::Int(place) => usize::try_from(place)
            .ok()
            .and_then(|place| owners.get(place).copied()),
        _ => None,
    })
}

struct List<'l, 'a> {
    env: &'l Env<'a>,
    session: &'l Session,
    parents: &'l RowSet,
    /// The parents whose relation may be followed.
    owners: &'l [usize],
    model: &'static ModelDef,
    relation: &'static RelationDef,
    target: &'static ModelDef,
    cond: &'l Cond,
    order: &'l Order,
    page: &'l Page,
}

async fn page_each(list: &List<'_, '_>, want: Want, shape: Shape) -> Result<RowSet> {
    let List {
        env,
        session,
        parents,
        owners,
        model,
        relation,
        target,
        cond,
        order,
        page,
    } = *list;
    let mut spans = vec![(0u32, 0u32); parents.len()];
    let mut infos = vec![PageInfo::default(); parents.len()];
    if shape.total {
        infos.iter_mut().for_each(|info| info.total = Some(0));
    }
    let mut set = RowSet::empty(target, Parts::Whole);
    let keys: Vec<&Value> = owners.iter().map(|i| parents.cell(*i, model.id)).collect();
    let children = Children {
        model,
        relation,
        target,
        cond,
        order,
        page,
    };
    let some = !owners.is_empty() && !cond.is_never();
    if shape.rows && some {
        let (statement, layout) = select::page_each(env, &children, want, &keys);
        let rows = read(env, session, statement).await?;
        set = layout.set(target);
        let mut rest = rows.as_slice();
        while let Some(first) = rest.first() {
            let Some(parent) = owner(first, owners)? else {
                break;
            };
            let mut count = 1;
            while count < rest.len() && owner(&rest[count], owners)? == Some(parent) {
                count += 1;
            }
            let (own, others) = rest.split_at(count);
            let own = kept(own, page, &mut infos[parent]);
            spans[parent] = (set.len() as u32, own.len() as u32);
            for row in own {
                read_row(&mut set, &layout, row, 1)?;
            }
            rest = others;
        }
    }
    if shape.total && some {
        for row in session
            .connection()
            .await?
            .rows(select::count_each(env, &children, &keys))
            .await?
        {
            if let (Some(parent), Value::Int(total)) = (owner(&row, owners)?, cell(&row, 1)?) {
                infos[parent].total = Some(total);
            }
        }
    }
    if let Page::Between {
        backward,
        after,
        before,
        ..
    } = page
    {
        for info in &mut infos {
            info.has_previous |= !backward && after.is_some();
            info.has_next |= *backward && before.is_some();
        }
        set.pages = infos;
    }
    set.parts = Parts::Spans(spans);
    Ok(set)
}
