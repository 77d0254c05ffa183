//! Violated constraints, told as far as the caller may know.
//!
//! In: the database's error, what was to be written. Out: an error that names the fields, unless the row that is in the
//! way is not the caller's to see. Must not know: plans, responses.

use super::access::Env;
use super::cond::{Cmp, Cond, Operand, all};
use super::db::Connection;
use super::filter::order;
use super::input::{Values, input_name};
use super::load::equals;
use super::page::Page;
use super::select::{self, Want};
use super::sql::Sql;
use super::write::{listed, new_row, nothing_there, truths};
use super::{Join, ModelDef, Value};
use crate::{Error, Result};

/// A foreign key that holds; `ON DELETE RESTRICT` is reported as a trigger's doing.
pub(super) fn is_foreign_key(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .is_some_and(|e| e.is_foreign_key_violation() || e.message().starts_with("FOREIGN KEY"))
}

/// A violation as an error that names the fields, as far as the caller may know of the row that is in the way.
pub(super) async fn explained(
    env: &Env<'_>,
    connection: &mut Connection<'_>,
    model: &'static ModelDef,
    values: &Values,
    own: Option<&Value>,
    error: sqlx::Error,
) -> Error {
    let Some(violation) = error.as_database_error() else {
        return error.into();
    };
    let told = if violation.is_unique_violation() {
        taken(env, connection, model, values, own, violation.message()).await
    } else if is_foreign_key(&error) {
        dangling(env, connection, model, values).await
    } else if violation.is_check_violation() {
        Ok(Some(Error::new(format!(
            "the values do not fit the rules of {}",
            model.name
        ))))
    } else {
        Ok(None)
    };
    match told {
        Ok(Some(told)) => told,
        Ok(None) => error.into(),
        Err(second) => second,
    }
}

/// `UNIQUE constraint failed: user.email`: names the fields if the row that has the values may be read.
async fn taken(
    env: &Env<'_>,
    connection: &mut Connection<'_>,
    model: &'static ModelDef,
    values: &Values,
    own: Option<&Value>,
    message: &str,
) -> Result<Option<Error>> {
    let columns: Vec<u16> = (0..model.columns.len() as u16)
        .filter(|c| {
            message.split([' ', ',']).any(|word| {
                word.strip_prefix(model.table)
                    .and_then(|w| w.strip_prefix('.'))
                    == Some(model.columns[usize::from(*c)].column)
            })
        })
        .collect();
    let hidden = Error::conflict(format!("{} conflicts with another one", model.name));
    if columns.is_empty() {
        return Ok(Some(hidden));
    }
    let mut conds = vec![env.read(model)];
    for c in &columns {
        conds.push(env.field_rule(model, model.columns[usize::from(*c)].read.as_ref()));
        if let Some(value) = values.get(*c) {
            conds.push(equals(*c, value.clone()));
        }
    }
    if let Some(own) = own {
        conds.push(Cond::Compare(
            Operand::Column {
                path: &[],
                column: model.id,
            },
            Cmp::Ne,
            Operand::Value(own.clone()),
        ));
    }
    let cond = all(conds);
    if cond.is_never() {
        return Ok(Some(hidden));
    }
    let order = order(env, model, &[], None)?;
    let (statement, _) = select::list(
        env,
        model,
        Want::default(),
        &cond,
        &order,
        &Page::Slice {
            limit: 1,
            offset: 0,
        },
    );
    if connection.rows(statement).await?.is_empty() {
        return Ok(Some(hidden));
    }
    let names: Vec<String> = columns.iter().map(|c| input_name(model, *c)).collect();
    let message = format!(
        "a {} with this {} exists already",
        model.name,
        names.join(" and ")
    );
    Ok(Some(Error::conflict(message).field(names.join(", "))))
}

/// A foreign key that names nothing: SQLite does not say which, so each is looked at.
async fn dangling(
    env: &Env<'_>,
    connection: &mut Connection<'_>,
    model: &'static ModelDef,
    values: &Values,
) -> Result<Option<Error>> {
    let keys: Vec<(u16, Cond)> = model
        .relations
        .iter()
        .enumerate()
        .filter_map(|(r, relation)| match relation.join {
            Join::BelongsTo { column } if values.get(column).is_some_and(|v| !v.is_null()) => {
                Some((column, Cond::Exists(r as u16, Box::new(Cond::TRUE), true)))
            }
            _ => None,
        })
        .collect();
    if keys.is_empty() {
        return Ok(Some(Error::conflict(format!(
            "{} is still in use",
            model.name
        ))));
    }
    let mut sql = Sql::new(env.models);
    let alias = sql.alias();
    sql.push("SELECT ");
    listed(&mut sql, model, alias, keys.iter().map(|(_, cond)| cond));
    sql.push(" FROM (");
    new_row(&mut sql, model, values);
    sql.push(") AS ").alias_name(alias);
    let held = truths(connection, sql.done()).await?;
    let absent = keys.iter().zip(held).filter(|(_, held)| !held);
    let wrong: Vec<_> = absent
        .map(|((column, _), _)| nothing_there(env, model, *column))
        .collect();
    Ok((!wrong.is_empty()).then(|| Error::invalid(wrong)))
}
