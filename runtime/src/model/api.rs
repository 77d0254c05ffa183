//! Rows for user code: find, query, create, update, delete, connect.
//!
//! In: the surroundings of an operation or a job, keys, JSON in the shape of the generated inputs. Out: full structs, keys.
//! Must not know: plans, responses.
//!
//! On behalf of the caller ([`Context`]) the models' rules hold as they do for clients; [`System`] sets them aside.
//! In a mutation, everything joins its transaction.

use std::marker::PhantomData;

use jiff::Timestamp;

use super::access::{Access, Env};
use super::cond::Cond;
use super::db::{Db, Session, cell};
use super::filter::{filter, order};
use super::key::Key;
use super::load::{self, Shape};
use super::page::Page;
use super::rows::{Model, RowSet};
use super::select::{self, Want};
use super::sql::Sql;
use super::value::{store, text_of};
use super::{Caller, Join, ModelDef, Value, write};
use crate::context::Context;
use crate::engine::value::InputValue;
use crate::{Error, Id, Result};

/// On whose behalf rows are read and written, and where.
pub trait Scope: Send + Sync {
    /// The database.
    ///
    /// # Errors
    /// The program has none.
    fn database(&self) -> Result<&Db>;

    /// The operation's session, if there is one.
    fn session(&self) -> Option<&Session>;

    /// On whose behalf.
    fn access(&self) -> Access<'_>;

    /// The time.
    fn now(&self) -> Timestamp;
}

/// The caller of the operation.
impl<Auth: Caller> Scope for Context<Auth> {
    fn database(&self) -> Result<&Db> {
        self.db()
    }

    fn session(&self) -> Option<&Session> {
        Context::session(self).ok()
    }

    fn access(&self) -> Access<'_> {
        Access::Caller(self.auth().map(|auth| auth as &dyn Caller))
    }

    fn now(&self) -> Timestamp {
        Context::now(self)
    }
}

/// A job has no caller: it is the program itself.
#[cfg(feature = "jobs")]
impl Scope for crate::jobs::JobContext {
    fn database(&self) -> Result<&Db> {
        Ok(self.db())
    }

    fn session(&self) -> Option<&Session> {
        None
    }

    fn access(&self) -> Access<'_> {
        Access::System
    }

    fn now(&self) -> Timestamp {
        self.clock().now()
    }
}

/// A database alone is nobody's: wrap it in [`System`] to fill it.
impl Scope for Db {
    fn database(&self) -> Result<&Db> {
        Ok(self)
    }

    fn session(&self) -> Option<&Session> {
        None
    }

    fn access(&self) -> Access<'_> {
        Access::Caller(None)
    }

    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The program itself, in the surroundings of something else: `System(cx)`. No access rule applies.
#[derive(Debug, Clone, Copy)]
pub struct System<'a, S>(pub &'a S);

impl<S: Scope> Scope for System<'_, S> {
    fn database(&self) -> Result<&Db> {
        self.0.database()
    }

    fn session(&self) -> Option<&Session> {
        self.0.session()
    }

    fn access(&self) -> Access<'_> {
        Access::System
    }

    fn now(&self) -> Timestamp {
        self.0.now()
    }
}

/// The row of a key; `None` if there is none, or none that the caller may see.
///
/// # Errors
/// The database's.
pub async fn find<M: Model>(scope: &impl Scope, key: impl Into<Key<M>>) -> Result<Option<M>> {
    let (env, model) = surroundings::<M>(scope)?;
    let key: Key<M> = key.into();
    let Ok(stored) = store(model.id().ty, key.as_str().into()) else {
        return Ok(None);
    };
    let cond = load::equals(model.id, stored);
    let set = match scope.session() {
        Some(session) => load::find(&env, session, model, Want::all(model), cond).await?,
        None => {
            load::find(
                &env,
                &scope.database()?.session(),
                model,
                Want::all(model),
                cond,
            )
            .await?
        }
    };
    Ok(set.full()?.into_iter().next())
}

/// Creates a row: `create::<Listing>(cx, json!({ "title": "Loft", "hostId": host }))`. Names are those of the generated
/// inputs; hidden and read-only fields may be given too.
///
/// # Errors
/// `BAD_USER_INPUT`, `FORBIDDEN`, `UNAUTHENTICATED`, `CONFLICT`, or the database's.
pub async fn create<M: Model>(scope: &impl Scope, input: impl Into<InputValue>) -> Result<Key<M>> {
    let (env, model) = surroundings::<M>(scope)?;
    let input = input.into();
    let turn = Turn::of(scope).await?;
    let done = write::create(&env, turn.session(), model, &input).await;
    key_of(model, &turn.end(done).await?)
}

/// Changes a row: what the input leaves out stays.
///
/// # Errors
/// As [`create`]; `NOT_FOUND` if there is no such row that the caller may see.
pub async fn update<M: Model>(
    scope: &impl Scope,
    key: impl Into<Key<M>>,
    input: impl Into<InputValue>,
) -> Result<Key<M>> {
    let (env, model) = surroundings::<M>(scope)?;
    let (key, input): (Key<M>, InputValue) = (key.into(), input.into());
    let turn = Turn::of(scope).await?;
    let done = write::update(&env, turn.session(), model, key.as_str().into(), &input).await;
    key_of(model, &turn.end(done).await?)
}

/// Deletes a row.
///
/// # Errors
/// As [`update`]; `CONFLICT` where other rows hold it.
pub async fn delete<M: Model>(scope: &impl Scope, key: impl Into<Key<M>>) -> Result<()> {
    let (env, model) = surroundings::<M>(scope)?;
    let key: Key<M> = key.into();
    let turn = Turn::of(scope).await?;
    let done = write::delete(&env, turn.session(), model, key.as_str().into()).await;
    turn.end(done).await
}

/// Puts rows into a `@manyToMany` relation of a row; those that are in it already stay. The caller must be allowed to
/// update the row, and to read the others.
///
/// # Errors
/// As [`update`]; `BAD_USER_INPUT` where a key names nothing.
pub async fn connect<M: Model>(
    scope: &impl Scope,
    key: impl Into<Key<M>>,
    relation: &str,
    others: &[Id],
) -> Result<()> {
    joined::<M>(scope, key.into(), relation, others, true).await
}

/// Takes rows out of a `@manyToMany` relation of a row; the rows themselves stay.
///
/// # Errors
/// As [`connect`].
pub async fn disconnect<M: Model>(
    scope: &impl Scope,
    key: impl Into<Key<M>>,
    relation: &str,
    others: &[Id],
) -> Result<()> {
    joined::<M>(scope, key.into(), relation, others, false).await
}

async fn joined<M: Model>(
    scope: &impl Scope,
    key: Key<M>,
    name: &str,
    others: &[Id],
    connect: bool,
) -> Result<()> {
    let (env, model) = surroundings::<M>(scope)?;
    let found = model
        .relations
        .iter()
        .find(|r| r.field == name)
        .map(|r| (r.join, env.target(r)));
    let Some((Join::Through { table, own, other }, target)) = found else {
        return Err(Error::internal(format!(
            "`{}.{name}` is no @manyToMany relation",
            model.name
        )));
    };
    let turn = Turn::of(scope).await?;
    let done = async {
        let session = turn.session();
        // An update that changes nothing checks that the caller may change the row.
        let own_key = write::update(
            &env,
            session,
            model,
            key.as_str().into(),
            &InputValue::Object(Vec::new()),
        )
        .await?;
        let texts: Vec<&str> = others.iter().map(Id::as_str).collect();
        let readable = load::keys(&env, session, target, Want::default(), &texts).await?;
        if connect && let Some(absent) = (0..texts.len()).find(|i| readable.part(*i).is_empty()) {
            return Err(
                Error::new(format!("`{}` names no {}", texts[absent], target.name)).field(name),
            );
        }
        let keys: Vec<Value> = (0..readable.len())
            .map(|i| readable.cell(i, target.id).clone())
            .collect();
        let mut sql = Sql::new(env.models);
        if connect {
            sql.push("INSERT OR IGNORE INTO ")
                .name(table)
                .push(" (")
                .name(own)
                .push(", ")
                .name(other)
                .push(") SELECT ");
            sql.bind(own_key)
                .push(", ")
                .item(target.id().ty)
                .push(" FROM ")
                .items(keys.iter())
                .push(" AS k");
        } else {
            sql.push("DELETE FROM ")
                .name(table)
                .push(" WHERE ")
                .name(own)
                .push(" = ")
                .bind(own_key)
                .push(" AND ")
                .name(other);
            sql.push(" IN (SELECT ")
                .item(target.id().ty)
                .push(" FROM ")
                .items(keys.iter())
                .push(" AS k)");
        }
        session.connection().await?.execute(sql.done()).await?;
        Ok(())
    };
    let done = done.await;
    turn.end(done).await
}

/// Rows that meet a filter: `query::<Listing, _>(cx).filter(json!({ "city": { "eq": "Porto" } })).order("price", false).all()`.
pub fn query<M: Model, S: Scope>(scope: &S) -> Query<'_, M, S> {
    Query {
        scope,
        filter: InputValue::Null,
        order: Vec::new(),
        limit: u32::MAX,
        offset: 0,
        model: PhantomData,
    }
}

/// A query that is being put together. Every field may be filtered and ordered by, whether or not the API opens it.
#[derive(Debug)]
#[must_use]
pub struct Query<'s, M, S> {
    scope: &'s S,
    filter: InputValue,
    order: Vec<InputValue>,
    limit: u32,
    offset: u32,
    model: PhantomData<fn() -> M>,
}

impl<M: Model, S: Scope> Query<'_, M, S> {
    /// In the shape of the generated filter inputs.
    pub fn filter(mut self, filter: impl Into<InputValue>) -> Self {
        self.filter = filter.into();
        self
    }

    /// By a field, after the orders before it.
    pub fn order(mut self, field: &str, descending: bool) -> Self {
        let direction = if descending { "DESC" } else { "ASC" };
        self.order.push(InputValue::Object(vec![(
            field.to_owned(),
            InputValue::Enum(direction.to_owned()),
        )]));
        self
    }

    /// So many at most.
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = limit;
        self
    }

    /// Without the first so many.
    pub fn offset(mut self, offset: u32) -> Self {
        self.offset = offset;
        self
    }

    /// The rows.
    ///
    /// # Errors
    /// A name or value that does not fit, a field that the caller may not read, or the database's.
    pub async fn all(self) -> Result<Vec<M>> {
        self.rows().await?.full()
    }

    /// The first row.
    ///
    /// # Errors
    /// As [`Query::all`].
    pub async fn first(self) -> Result<Option<M>> {
        Ok(self.limit(1).all().await?.into_iter().next())
    }

    /// How many rows there are, whatever the limit.
    ///
    /// # Errors
    /// As [`Query::all`].
    pub async fn count(self) -> Result<i64> {
        let (env, model) = surroundings::<M>(self.scope)?;
        let cond = self.cond(&env, model)?;
        if cond.is_never() {
            return Ok(0);
        }
        let statement = select::count(&env, model, &cond);
        let own = self.own_session()?;
        let session = own
            .as_ref()
            .or(self.scope.session())
            .ok_or_else(no_session)?;
        let rows = session.connection().await?.rows(statement).await?;
        match rows.first().map(|row| cell(row, 0)).transpose()? {
            Some(Value::Int(n)) => Ok(n),
            _ => Ok(0),
        }
    }

    async fn rows(self) -> Result<RowSet> {
        let (env, model) = surroundings::<M>(self.scope)?;
        let cond = self.cond(&env, model)?;
        let order = order(
            &env,
            model,
            &[],
            Some(&InputValue::List(self.order.clone())),
        )?;
        let page = Page::Slice {
            limit: self.limit,
            offset: self.offset,
        };
        let own = self.own_session()?;
        let session = own
            .as_ref()
            .or(self.scope.session())
            .ok_or_else(no_session)?;
        load::query(
            &env,
            session,
            model,
            Want::all(model),
            cond,
            order,
            page,
            Shape::LIST,
        )
        .await
    }

    fn cond(&self, env: &Env<'_>, model: &'static ModelDef) -> Result<Cond> {
        Ok(env.read(model).and(filter(env, model, &self.filter)?))
    }

    fn own_session(&self) -> Result<Option<Session>> {
        match self.scope.session() {
            Some(_) => Ok(None),
            None => Ok(Some(self.scope.database()?.session())),
        }
    }
}

fn no_session() -> Error {
    Error::internal("no session to read in")
}

fn surroundings<M: Model>(scope: &impl Scope) -> Result<(Env<'_>, &'static ModelDef)> {
    let models = scope.database()?.models()?;
    let Some(model) = models.get(usize::from(M::MODEL)) else {
        return Err(Error::internal(format!(
            "the database has no model number {}",
            M::MODEL
        )));
    };
    Ok((
        Env {
            models,
            access: scope.access(),
            now: scope.now(),
            client: false,
        },
        model,
    ))
}

fn key_of<M>(model: &ModelDef, stored: &Value) -> Result<Key<M>> {
    let text = text_of(model.id().ty, stored)?;
    Ok(Key::new(text.unwrap_or_default()))
}

/// The session that a write joins, or one of its own that ends with it.
enum Turn<'s> {
    Joined(&'s Session),
    Own(Session),
}

impl<'s> Turn<'s> {
    async fn of(scope: &'s impl Scope) -> Result<Turn<'s>> {
        if let Some(session) = scope.session()
            && session.is_writing().await
        {
            return Ok(Turn::Joined(session));
        }
        let session = scope.database()?.session();
        session.begin_writing().await?;
        Ok(Turn::Own(session))
    }

    fn session(&self) -> &Session {
        match self {
            Turn::Joined(session) => session,
            Turn::Own(session) => session,
        }
    }

    async fn end<T>(self, done: Result<T>) -> Result<T> {
        if let Turn::Own(session) = self {
            match done {
                Ok(_) => session.commit().await?,
                Err(_) => session.rollback().await?,
            }
        }
        done
    }
}
