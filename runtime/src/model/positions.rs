//! The positions of a plan that a model answers: where the engine hands over.
//!
//! In: a state, a field. Out: rows in the state, bytes in the response. Must not know: documents, HTTP, SQL text.
//!
//! The columns to read are found once for a position, in its selections; rows of all parents are read together.

use super::access::{Access, Env};
use super::cond::{Cond, all as all_of};
use super::filter::{cell_of, readable};
use super::input::is_named;
use super::load::{self, Shape as Parts};
use super::rows::{PageInfo, RowSet};
use super::select::Want;
use super::value::{store, write_cell};
use super::{Caller, ModelDef, Operation, OperationKind, Paging, Value, write};
use crate::application::Application;
use crate::engine::level::{all, allowed, guarded};
use crate::engine::object::BoxFuture;
use crate::engine::out::{Out, Written};
use crate::engine::plan::{Field, Origin, Sel, Sub};
use crate::engine::schema::{FieldDef, PagePart, Shape, Source};
use crate::engine::state::State;
use crate::engine::value::{Args, InputValue};
use crate::engine::writer::{unresolved, write_fields};
use crate::{Error, Result};

/// The level pass for a generated operation.
pub fn visit_operation<'b, 'a: 'b, A: Application>(
    st: &'a State<'_, A>,
    f: &'a Field,
) -> BoxFuture<'b, ()> {
    Box::pin(async move {
        let Source::Operation(operation) = st.field_def(st.plan().root.ty, f).source else {
            return;
        };
        let model = &st.definition().models[usize::from(operation.model)];
        let found = match operation.kind {
            OperationKind::Find | OperationKind::List(_) => read(st, f, operation, model).await,
            _ => change(st, f, operation, model).await,
        };
        keep(
            st,
            f,
            found.unwrap_or_else(|error| RowSet::failed(model, error)),
        )
        .await;
    })
}

/// Puts the rows where the writer finds them, and goes on below.
async fn keep<'a, A: Application>(st: &'a State<'_, A>, f: &'a Field, set: RowSet) {
    if let Some(set) = st.put_rows(f.slot, set) {
        let mut sels = Vec::new();
        row_sels(st, f, &mut sels);
        all(sels
            .into_iter()
            .map(|sel| visit_rows(st, sel, set))
            .collect())
        .await;
    }
}

fn env<'a, A: Application>(st: &'a State<'_, A>) -> Env<'a> {
    let caller = st.context().auth().map(|auth| auth as &dyn Caller);
    Env {
        models: st.definition().models,
        access: Access::Caller(caller),
        now: st.context().now(),
        client: true,
    }
}

async fn read<A: Application>(
    st: &State<'_, A>,
    f: &Field,
    operation: &Operation,
    model: &'static ModelDef,
) -> Result<RowSet> {
    let (want, parts) = wanted(st, f);
    let (env, session, args) = (env(st), st.context().session()?, st.args(f)?);
    match operation.kind {
        OperationKind::List(paging) => {
            load::list(&env, session, model, paging, want, &args, parts).await
        }
        _ => load::find(&env, session, model, want, named(&env, model, &args)?).await,
    }
}

/// A find's arguments, each the value of a unique column. What no column can hold is in no row, and what the caller may
/// not read finds nothing.
fn named(env: &Env<'_>, model: &'static ModelDef, args: &Args<'_>) -> Result<Cond> {
    let mut conds = Vec::new();
    for (name, value) in args.iter() {
        let Some(c) = (0..model.columns.len() as u16).find(|c| is_named(model, *c, name)) else {
            let why = format!("`{}` has no column for the argument `{name}`", model.name);
            return Err(Error::internal(why));
        };
        let column = &model.columns[usize::from(c)];
        let cond = cell_of(column.ty, value).map_or(Cond::FALSE, |value| load::equals(c, value));
        conds.push(readable(env, model, column, cond)?);
    }
    if conds.is_empty() {
        return Err(Error::new("one of the arguments must be given"));
    }
    Ok(all_of(conds))
}

/// A mutation: one transaction, which ends before anything below is read.
async fn change<A: Application>(
    st: &State<'_, A>,
    f: &Field,
    operation: &Operation,
    model: &'static ModelDef,
) -> Result<RowSet> {
    st.context().begin().await?;
    let done = changed(st, f, operation, model).await;
    let settled = st.context().settle(done.is_ok()).await;
    match (done, settled) {
        (Ok(set), Ok(())) => Ok(set),
        (Ok(_), Err(error)) | (Err(error), _) => Err(error),
    }
}

async fn changed<A: Application>(
    st: &State<'_, A>,
    f: &Field,
    operation: &Operation,
    model: &'static ModelDef,
) -> Result<RowSet> {
    let (want, _) = wanted(st, f);
    let (env, session, args) = (env(st), st.context().session()?, st.args(f)?);
    let input = args.value("input").unwrap_or(&InputValue::Null);
    let by_key = |key: Value| load::find(&env, session, model, want, load::equals(model.id, key));
    match operation.kind {
        OperationKind::Create => by_key(write::create(&env, session, model, input).await?).await,
        OperationKind::Update => {
            by_key(write::update(&env, session, model, id(&args)?, input).await?).await
        }
        _ => {
            let id = id(&args)?;
            let key = store(model.id().ty, id.clone()).map_err(|_| write::missing(model))?;
            let before = by_key(key).await?;
            write::delete(&env, session, model, id).await?;
            Ok(before)
        }
    }
}

fn id(args: &Args<'_>) -> Result<Value> {
    args.get::<crate::Id>("id").map(|id| id.as_str().into())
}

/// The level pass for keys that user code answered.
pub fn visit_keys<'a, A: Application>(
    st: &'a State<'_, A>,
    sel: &'a Sel,
    model: u16,
    keys: Vec<&'a str>,
) -> BoxFuture<'a, ()> {
    // The rows, and all that is below them, are of one part of the operation.
    let entered = st.work.map(|work| work.enter(sel.group));
    Box::pin(async move {
        let _entered = entered;
        let model = &st.definition().models[usize::from(model)];
        let (mut want, mut parts) = (Want::default(), Parts::LIST);
        want_of(st, sel, &mut want, &mut parts);
        let found = match st.context().session() {
            Ok(session) => load::keys(&env(st), session, model, want, &keys).await,
            Err(error) => Err(error),
        };
        if let Some(set) = st.put_rows(
            sel.slot,
            found.unwrap_or_else(|error| RowSet::failed(model, error)),
        ) {
            visit_rows(st, sel, set).await;
        }
    })
}

/// The level below rows: relations, and fields that user code resolves.
fn visit_rows<'a, A: Application>(
    st: &'a State<'_, A>,
    sel: &'a Sel,
    set: &'a RowSet,
) -> BoxFuture<'a, ()> {
    let fields = sel
        .work
        .iter()
        .map(|place| &sel.fields[usize::from(*place)]);
    let levels = fields
        .filter(|f| !set.is_empty() && allowed(st, f))
        .map(|f| match st.field_def(sel.ty, f).source {
            Source::Relation(r) => visit_relation(st, f, r, set),
            _ => guarded(st, f, A::visit_row_field(st, f, sel.ty, set)),
        });
    all(levels.collect())
}

fn visit_relation<'a, A: Application>(
    st: &'a State<'_, A>,
    f: &'a Field,
    r: u16,
    parents: &'a RowSet,
) -> BoxFuture<'a, ()> {
    Box::pin(async move {
        let target =
            &st.definition().models[usize::from(parents.model().relations[usize::from(r)].target)];
        let found = async {
            let (want, parts) = wanted(st, f);
            load::relation(
                &env(st),
                st.context().session()?,
                parents,
                r,
                want,
                &st.args(f)?,
                parts,
            )
            .await
        };
        let set = found
            .await
            .unwrap_or_else(|error| RowSet::failed(target, error));
        keep(st, f, set).await;
    })
}

/// What the selections below a position need of its rows, and of its page.
fn wanted<A: Application>(st: &State<'_, A>, f: &Field) -> (Want, Parts) {
    let (mut want, mut parts) = (
        Want::default(),
        Parts {
            rows: false,
            total: false,
        },
    );
    if let Sub::One(sel) = &f.sub {
        want_of(st, sel, &mut want, &mut parts);
    }
    (want, parts)
}

fn want_of<A: Application>(st: &State<'_, A>, sel: &Sel, want: &mut Want, parts: &mut Parts) {
    let model = matches!(
        st.definition().schema.types[usize::from(sel.ty)].shape,
        Shape::Model(_)
    );
    parts.rows |= model;
    for f in sel
        .fields
        .iter()
        .filter(|f| f.origin == Origin::Own && st.included(f))
    {
        match st.field_def(sel.ty, f).source {
            Source::Column(c) => want.shown |= 1 << c,
            Source::Relation(r) => want.relations |= 1 << r,
            Source::Page(PagePart::TotalCount) => parts.total = true,
            Source::Page(_) => {
                parts.rows = true;
                if let Sub::One(below) = &f.sub {
                    want_of(st, below, want, parts);
                }
            }
            // User code is handed the whole row.
            _ => want.columns = u64::MAX,
        }
    }
}

/// The selections that stand on the rows themselves: the field's own, or those within its connection.
fn row_sels<'a, A: Application>(st: &State<'_, A>, f: &'a Field, into: &mut Vec<&'a Sel>) {
    let Sub::One(sel) = &f.sub else { return };
    match st.definition().schema.types[usize::from(sel.ty)].shape {
        Shape::Model(_) => into.push(sel),
        Shape::Connection(_) | Shape::Edge(_) => {
            for place in &sel.work {
                let f = &sel.fields[usize::from(*place)];
                if allowed(st, f) {
                    row_sels(st, f, into);
                }
            }
        }
        _ => {}
    }
}

/// Writes what a generated operation found.
pub fn write_operation<A: Application>(st: &State<'_, A>, f: &Field, out: &mut Out) -> Written {
    let paging = match st.field_def(st.plan().root.ty, f).source {
        Source::Operation(Operation {
            kind: OperationKind::List(paging),
            ..
        }) => *paging,
        _ => Paging::One,
    };
    match st.rows(f.slot) {
        Some(set) => write_part(st, f, paging, set, 0, out),
        None => unresolved(out),
    }
}

/// Writes the row of key number `i`.
pub fn write_key<A: Application>(st: &State<'_, A>, sel: &Sel, i: usize, out: &mut Out) -> Written {
    let Some(set) = st.rows(sel.slot) else {
        return unresolved(out);
    };
    match (set.error(), set.part(i).next()) {
        (Some(error), _) => out.fail(error.clone()),
        (None, Some(row)) => write_row(st, sel, set, row, out),
        (None, None) => out.fail(write::missing(set.model())),
    }
}

/// Writes the rows of one parent, as the field's paging says.
fn write_part<A: Application>(
    st: &State<'_, A>,
    f: &Field,
    paging: Paging,
    set: &RowSet,
    parent: usize,
    out: &mut Out,
) -> Written {
    if let Some(error) = set.error() {
        return out.fail(error.clone());
    }
    let Sub::One(sel) = &f.sub else {
        return unresolved(out);
    };
    match (paging, set.part(parent).next()) {
        (Paging::Cursor { .. }, _) => write_connection(st, sel, set, parent, out),
        (Paging::List { .. }, _) => write_list(set.part(parent), out, |row, out| {
            write_row(st, sel, set, row, out)
        }),
        (Paging::One, Some(row)) => write_row(st, sel, set, row, out),
        (Paging::One, None) if f.non_null => out.fail(write::missing(set.model())),
        (Paging::One, None) => {
            out.null();
            Ok(())
        }
    }
}

fn write_list(
    rows: std::ops::Range<usize>,
    out: &mut Out,
    mut item: impl FnMut(usize, &mut Out) -> Written,
) -> Written {
    out.byte(b'[');
    out.enter();
    for (i, row) in rows.enumerate() {
        out.at_index(i);
        item(row, out)?;
        out.byte(b',');
    }
    out.leave();
    out.close(b']');
    Ok(())
}

fn write_row<A: Application>(
    st: &State<'_, A>,
    sel: &Sel,
    set: &RowSet,
    row: usize,
    out: &mut Out,
) -> Written {
    let fields = st.definition().schema.types[usize::from(sel.ty)].fields;
    let denied = set.denies(row);
    write_fields(st, sel, out, |f, out| {
        match fields[usize::from(f.fid)].source {
            Source::Column(c) if denied.columns & (1 << c) != 0 => out.fail(refused(st)),
            Source::Column(c) => write_cell(
                set.model().columns[usize::from(c)].ty,
                set.cell(row, c),
                out,
            ),
            Source::Relation(r) if denied.relations & (1 << r) != 0 => out.fail(refused(st)),
            Source::Relation(r) => match st.rows(f.slot) {
                Some(below) => write_part(
                    st,
                    f,
                    set.model().relations[usize::from(r)].paging,
                    below,
                    row,
                    out,
                ),
                None => unresolved(out),
            },
            _ => A::write_row_field(st, f, sel.ty, row, out),
        }
    })
}

fn refused<A: Application>(st: &State<'_, A>) -> Error {
    match st.context().auth() {
        Some(_) => Error::forbidden(),
        None => Error::unauthenticated(),
    }
}

fn write_connection<A: Application>(
    st: &State<'_, A>,
    sel: &Sel,
    set: &RowSet,
    parent: usize,
    out: &mut Out,
) -> Written {
    let fields = st.definition().schema.types[usize::from(sel.ty)].fields;
    let rows = set.part(parent);
    let none = PageInfo::default();
    let info = set.pages.get(parent).unwrap_or(&none);
    write_fields(st, sel, out, |f, out| {
        match (page_part(fields, f), &f.sub) {
            (Some(PagePart::Edges), Sub::One(edge)) => write_list(rows.clone(), out, |row, out| {
                write_edge(st, edge, set, row, out)
            }),
            (Some(PagePart::Nodes), Sub::One(node)) => write_list(rows.clone(), out, |row, out| {
                write_row(st, node, set, row, out)
            }),
            (Some(PagePart::PageInfo), Sub::One(sel)) => {
                write_page_info(st, sel, set, rows.clone(), info, out)
            }
            (Some(PagePart::TotalCount), _) => {
                out.int(info.total.unwrap_or(0));
                Ok(())
            }
            _ => unresolved(out),
        }
    })
}

fn page_part(fields: &[FieldDef], f: &Field) -> Option<PagePart> {
    match fields[usize::from(f.fid)].source {
        Source::Page(part) => Some(part),
        _ => None,
    }
}

fn write_edge<A: Application>(
    st: &State<'_, A>,
    sel: &Sel,
    set: &RowSet,
    row: usize,
    out: &mut Out,
) -> Written {
    let fields = st.definition().schema.types[usize::from(sel.ty)].fields;
    write_fields(st, sel, out, |f, out| {
        match (page_part(fields, f), &f.sub) {
            (Some(PagePart::Node), Sub::One(node)) => write_row(st, node, set, row, out),
            (Some(PagePart::Cursor), _) => write_cursor(set, Some(row), out),
            _ => unresolved(out),
        }
    })
}

fn write_page_info<A: Application>(
    st: &State<'_, A>,
    sel: &Sel,
    set: &RowSet,
    rows: std::ops::Range<usize>,
    info: &PageInfo,
    out: &mut Out,
) -> Written {
    let fields = st.definition().schema.types[usize::from(sel.ty)].fields;
    write_fields(st, sel, out, |f, out| {
        match page_part(fields, f) {
            Some(PagePart::HasNextPage) => out.bool(info.has_next),
            Some(PagePart::HasPreviousPage) => out.bool(info.has_previous),
            Some(PagePart::StartCursor) => return write_cursor(set, rows.clone().next(), out),
            Some(PagePart::EndCursor) => return write_cursor(set, rows.clone().next_back(), out),
            _ => return unresolved(out),
        }
        Ok(())
    })
}

fn write_cursor(set: &RowSet, row: Option<usize>, out: &mut Out) -> Written {
    match row.and_then(|row| set.cursor(row)) {
        Some(cursor) => out.str(&cursor),
        None => out.null(),
    }
    Ok(())
}
