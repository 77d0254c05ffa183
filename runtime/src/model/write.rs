//! Creates, updates and deletes, checked before they change anything.
//!
//! In: input, the caller, a session that writes. Out: the key of the row, or why not. Must not know: plans, responses.
//!
//! Rules are checked on the row as it will be, within the transaction that writes it, before the write: a refused
//! caller learns nothing from unique columns or foreign keys. What a foreign key names must be readable, else it is as
//! good as absent.

use super::access::Env;
use super::cond::Cond;
use super::db::{Connection, Session, cell};
use super::input::{Values, for_create, for_update, input_name};
use super::sql::{Alias, Sql};
use super::value::store;
use super::violation::{explained, is_foreign_key};
use super::{IdStrategy, Join, ModelDef, Statement, Value};
use crate::engine::value::InputValue;
use crate::{Error, Result};

/// Creates a row and answers its key as it is stored.
///
/// # Errors
/// `BAD_USER_INPUT`, `FORBIDDEN`, `UNAUTHENTICATED`, `CONFLICT`, or the database's.
pub(super) async fn create(
    env: &Env<'_>,
    session: &Session,
    model: &'static ModelDef,
    input: &InputValue,
) -> Result<Value> {
    let rule = env.rule(model, &model.create);
    if rule.is_never() {
        return Err(refused(env, None));
    }
    let values = for_create(env, model, input)?;
    let mut connection = session.connection().await?;
    let row = |sql: &mut Sql| new_row(sql, model, &values);
    check(env, &mut connection, model, rule, &values, &row).await?;
    let (statement, counted) = insert(env, model, &values);
    let written = connection.rows(statement).await;
    match written {
        Ok(rows) if counted => match rows.first() {
            Some(row) => Ok(cell(row, 0)?),
            None => Err(Error::internal(format!(
                "no key was made for a row of `{}`",
                model.table
            ))),
        },
        Ok(_) => Ok(values.get(model.id).cloned().unwrap_or_default()),
        Err(error) => Err(explained(env, &mut connection, model, &values, None, error).await),
    }
}

/// Updates a row and answers its key as it is stored.
///
/// # Errors
/// `NOT_FOUND` where there is no such row that the caller may see; else as [`create`].
pub(super) async fn update(
    env: &Env<'_>,
    session: &Session,
    model: &'static ModelDef,
    id: Value,
    input: &InputValue,
) -> Result<Value> {
    let id = store(model.id().ty, id).map_err(|_| missing(model))?;
    let rule = env.rule(model, &model.update);
    let mut connection = session.connection().await?;
    old_row(env, &mut connection, model, &rule, &id).await?;
    let values = for_update(env, model, input)?;
    field_rules(env, &mut connection, model, &values, &id).await?;
    let row = |sql: &mut Sql| changed_row(sql, model, &values, &id);
    check(env, &mut connection, model, rule, &values, &row).await?;
    if values.given == 0 {
        return Ok(id);
    }
    match connection.execute(change(env, model, &values, &id)).await {
        Ok(_) => Ok(id),
        Err(error) => Err(explained(env, &mut connection, model, &values, Some(&id), error).await),
    }
}

/// Deletes a row. Read it before, if it is to be answered.
///
/// # Errors
/// As [`update`]; `CONFLICT` where other rows hold it.
pub(super) async fn delete(
    env: &Env<'_>,
    session: &Session,
    model: &'static ModelDef,
    id: Value,
) -> Result<()> {
    let id = store(model.id().ty, id).map_err(|_| missing(model))?;
    let rule = env.rule(model, &model.delete);
    let mut connection = session.connection().await?;
    old_row(env, &mut connection, model, &rule, &id).await?;
    let mut sql = Sql::new(env.models);
    sql.push("DELETE FROM ")
        .name(model.table)
        .push(" WHERE ")
        .name(model.id().column)
        .push(" = ")
        .bind(id);
    match connection.execute(sql.done()).await {
        Ok(_) => Ok(()),
        Err(error) if is_foreign_key(&error) => {
            Err(Error::conflict(format!("{} is still in use", model.name)))
        }
        Err(error) => Err(error.into()),
    }
}

/// The error of a row that is not there, or not for the caller.
pub(super) fn missing(model: &ModelDef) -> Error {
    Error::not_found(model.name)
}

fn refused(env: &Env<'_>, field: Option<String>) -> Error {
    let error = if env.caller().is_some() {
        Error::forbidden()
    } else {
        Error::unauthenticated()
    };
    match field {
        Some(field) => error.field(field),
        None => error,
    }
}

/// The row before the change must be readable, and the rule must allow the change.
async fn old_row(
    env: &Env<'_>,
    connection: &mut Connection<'_>,
    model: &'static ModelDef,
    rule: &Cond,
    id: &Value,
) -> Result<()> {
    let read = env.read(model);
    if read.is_never() {
        return Err(missing(model));
    }
    let mut sql = Sql::new(env.models);
    let alias = sql.alias();
    sql.push("SELECT (").cond(model, alias, &read);
    sql.push(") IS TRUE, (").cond(model, alias, rule);
    sql.push(") IS TRUE FROM ")
        .table(model.table, alias)
        .push(" WHERE ")
        .column(alias, model.id().column)
        .push(" = ")
        .bind(id.clone());
    match truths(connection, sql.done()).await?.as_slice() {
        [true, true] => Ok(()),
        [true, false] => Err(refused(env, None)),
        _ => Err(missing(model)),
    }
}

/// The rules of the fields that an update sets, on the row before the change.
async fn field_rules(
    env: &Env<'_>,
    connection: &mut Connection<'_>,
    model: &'static ModelDef,
    values: &Values,
    id: &Value,
) -> Result<()> {
    let rules = write_rules(env, model, values)?;
    if rules.is_empty() {
        return Ok(());
    }
    let mut sql = Sql::new(env.models);
    let alias = sql.alias();
    sql.push("SELECT ");
    listed(&mut sql, model, alias, rules.iter().map(|(_, rule)| rule));
    sql.push(" FROM ")
        .table(model.table, alias)
        .push(" WHERE ")
        .column(alias, model.id().column)
        .push(" = ")
        .bind(id.clone());
    let held = truths(connection, sql.done()).await?;
    match rules.iter().zip(held).find(|(_, held)| !held) {
        Some(((column, _), _)) => Err(refused(env, Some(input_name(model, *column)))),
        None => Ok(()),
    }
}

/// The rules of given fields that depend on the row; one that refuses whatever the row is refuses at once.
fn write_rules(
    env: &Env<'_>,
    model: &'static ModelDef,
    values: &Values,
) -> Result<Vec<(u16, Cond)>> {
    let mut rules = Vec::new();
    for (c, column) in model.columns.iter().enumerate() {
        if values.given & (1 << c) == 0 {
            continue;
        }
        let rule = env.field_rule(model, column.write.as_ref());
        if rule.is_never() {
            return Err(refused(env, Some(input_name(model, c as u16))));
        }
        if !rule.is_always() {
            rules.push((c as u16, rule));
        }
    }
    Ok(rules)
}

/// Checks the row as it will be: the rule, the rules of given fields, and that given foreign keys name readable rows.
async fn check(
    env: &Env<'_>,
    connection: &mut Connection<'_>,
    model: &'static ModelDef,
    rule: Cond,
    values: &Values,
    row: &(dyn Fn(&mut Sql) + Sync),
) -> Result<()> {
    let fields = write_rules(env, model, values)?;
    let keys = restricted_keys(env, model, values);
    if rule.is_always() && fields.is_empty() && keys.is_empty() {
        return Ok(());
    }
    let mut sql = Sql::new(env.models);
    let alias = sql.alias();
    sql.push("SELECT ");
    let conds = std::iter::once(&rule)
        .chain(fields.iter().map(|(_, c)| c))
        .chain(keys.iter().map(|(_, c)| c));
    listed(&mut sql, model, alias, conds);
    sql.push(" FROM (");
    row(&mut sql);
    sql.push(") AS ").alias_name(alias);
    let held = truths(connection, sql.done()).await?;
    if held.first() != Some(&true) {
        return Err(refused(env, None));
    }
    let (of_fields, of_keys) = held[1..].split_at(fields.len());
    if let Some(i) = of_fields.iter().position(|held| !held) {
        return Err(refused(env, Some(input_name(model, fields[i].0))));
    }
    let absent = keys.iter().zip(of_keys).filter(|(_, held)| !**held);
    let wrong: Vec<_> = absent
        .map(|((column, _), _)| nothing_there(env, model, *column))
        .collect();
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(Error::invalid(wrong))
    }
}

pub(super) fn nothing_there(
    env: &Env<'_>,
    model: &'static ModelDef,
    column: u16,
) -> (String, String) {
    let target = model
        .relations
        .iter()
        .find(|r| matches!(r.join, Join::BelongsTo { column: c } if c == column));
    let name = target.map_or("row", |r| env.target(r).name);
    (input_name(model, column), format!("names no {name}"))
}

/// Given foreign keys whose targets not everybody may read, each with the condition that the caller may.
fn restricted_keys(env: &Env<'_>, model: &'static ModelDef, values: &Values) -> Vec<(u16, Cond)> {
    let mut keys = Vec::new();
    for (r, relation) in model.relations.iter().enumerate() {
        let Join::BelongsTo { column } = relation.join else {
            continue;
        };
        let read = env.read(env.target(relation));
        let given =
            values.given & (1 << column) != 0 && values.get(column).is_some_and(|v| !v.is_null());
        if given && !read.is_always() {
            let found = if read.is_never() {
                Cond::FALSE
            } else {
                Cond::Exists(r as u16, Box::new(read), true)
            };
            keys.push((column, found));
        }
    }
    keys
}

pub(super) fn listed<'c>(
    sql: &mut Sql,
    model: &'static ModelDef,
    alias: Alias,
    conds: impl Iterator<Item = &'c Cond>,
) {
    for (i, cond) in conds.enumerate() {
        sql.push(if i > 0 { ", (" } else { "(" })
            .cond(model, alias, cond);
        sql.push(") IS TRUE");
    }
}

/// The first row's cells as truth values; nothing if there is no row.
pub(super) async fn truths(
    connection: &mut Connection<'_>,
    statement: Statement,
) -> Result<Vec<bool>> {
    use sqlx::Row as _;
    let rows = connection.rows(statement).await?;
    let Some(row) = rows.first() else {
        return Ok(Vec::new());
    };
    let mut held = Vec::with_capacity(row.len());
    for i in 0..row.len() {
        held.push(cell(row, i)? == Value::Int(1));
    }
    Ok(held)
}

/// A row that is not written yet, as a sub-select of its values.
pub(super) fn new_row(sql: &mut Sql, model: &'static ModelDef, values: &Values) {
    sql.push("SELECT ");
    for (c, column) in model.columns.iter().enumerate() {
        sql.push(if c > 0 { ", " } else { "" });
        sql.bind(values.get(c as u16).cloned().unwrap_or_default())
            .push(" AS ")
            .name(column.column);
    }
}

/// A row with its changes, as a sub-select.
fn changed_row(sql: &mut Sql, model: &'static ModelDef, values: &Values, id: &Value) {
    let alias = sql.alias();
    sql.push("SELECT ");
    for (c, column) in model.columns.iter().enumerate() {
        sql.push(if c > 0 { ", " } else { "" });
        match values.get(c as u16) {
            Some(value) => sql.bind(value.clone()),
            None => sql.column(alias, column.column),
        };
        sql.push(" AS ").name(column.column);
    }
    sql.push(" FROM ")
        .table(model.table, alias)
        .push(" WHERE ")
        .column(alias, model.id().column)
        .push(" = ")
        .bind(id.clone());
}

/// The insert, and whether it answers the key that the database made.
fn insert(env: &Env<'_>, model: &'static ModelDef, values: &Values) -> (Statement, bool) {
    let mut sql = Sql::new(env.models);
    sql.push("INSERT INTO ").name(model.table);
    if values.columns.is_empty() {
        sql.push(" DEFAULT VALUES");
    } else {
        sql.push(" (");
        for (i, (c, _)) in values.columns.iter().enumerate() {
            sql.push(if i > 0 { ", " } else { "" })
                .name(model.columns[usize::from(*c)].column);
        }
        sql.push(") VALUES (");
        for (i, (_, value)) in values.columns.iter().enumerate() {
            sql.push(if i > 0 { ", " } else { "" }).bind(value.clone());
        }
        sql.push(")");
    }
    let counted = model.id_strategy == IdStrategy::Auto && values.get(model.id).is_none();
    if counted {
        sql.push(" RETURNING ").name(model.id().column);
    }
    (sql.done(), counted)
}

fn change(env: &Env<'_>, model: &'static ModelDef, values: &Values, id: &Value) -> Statement {
    let mut sql = Sql::new(env.models);
    sql.push("UPDATE ").name(model.table).push(" SET ");
    for (i, (c, value)) in values.columns.iter().enumerate() {
        sql.push(if i > 0 { ", " } else { "" })
            .name(model.columns[usize::from(*c)].column)
            .push(" = ")
            .bind(value.clone());
    }
    sql.push(" WHERE ")
        .name(model.id().column)
        .push(" = ")
        .bind(id.clone());
    sql.done()
}
