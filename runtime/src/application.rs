//! What a generated program is made of: its tables, its types, the user's own state.
//!
//! In: nothing. Out: the traits that generated code implements for the user's application type.
//! Must not know: how requests come in, how operations are executed.

use std::future::Future;

use crate::engine::object::{BoxFuture, Object};
use crate::engine::out::{Out, Written};
use crate::engine::plan::Field;
use crate::engine::schema::SchemaDef;
use crate::engine::state::State;
use crate::engine::subscribe::Subscribe;
use crate::model::{Caller, Migration, ModelDef, RowSet, Value};
use crate::{Error, Result};

/// The user's application: implemented by generated code.
pub trait Application: Sized + Send + Sync + 'static {
    /// The caller: the struct of the type with `@auth`, or [`NoAuth`].
    type Auth: Caller;
    /// What the level pass keeps of a field with a resolver for the writer, [`Answered`](crate::engine::answers::Answered)
    /// in generated code. `'r` is the time of one operation, for which answers may borrow from the application and the
    /// context.
    type Slot<'r>: Send + Sync
    where
        Self: 'r;
    /// The query root.
    type Query: Object<Self> + Default;
    /// The mutation root, or [`Nothing`].
    type Mutation: Object<Self> + Default;
    /// The subscription root, or [`Nothing`].
    type Subscription: Subscribe<Self>;

    /// The static tables: the same ones every time.
    fn definition(&self) -> &'static AppDef;

    /// Who sends the request; an error refuses it as a whole.
    fn authenticate(
        &self,
        parts: &http::request::Parts,
    ) -> impl Future<Output = Result<Option<Self::Auth>>> + Send;

    /// The level pass for a field with a user's resolver on a model type: decodes the rows, calls the resolver, goes on below.
    fn visit_row_field<'b, 'a: 'b>(
        st: &'a State<'_, Self>,
        f: &'a Field,
        ty: u16,
        rows: &'b RowSet,
    ) -> BoxFuture<'b, ()> {
        let _ = (st, f, ty, rows);
        Box::pin(std::future::ready(()))
    }

    /// Writes the value of such a field for row number `i`.
    fn write_row_field(
        st: &State<'_, Self>,
        f: &Field,
        ty: u16,
        i: usize,
        out: &mut Out,
    ) -> Written {
        let _ = (st, f, ty, i);
        out.fail(Error::internal("no resolver for this field of a model"))
    }

    /// Runs one attempt of the job of that name.
    #[cfg(feature = "jobs")]
    fn run_job<'a>(
        &'a self,
        name: &'a str,
        cx: &'a crate::jobs::JobContext,
        args: serde_json::Value,
    ) -> BoxFuture<'a, crate::jobs::JobResult> {
        let _ = (cx, args);
        Box::pin(async move { Err(Error::internal(format!("no job `{name}`"))) })
    }
}

/// The static tables of a program.
#[derive(Debug, Clone, Copy)]
pub struct AppDef {
    /// The schema.
    pub schema: &'static SchemaDef,
    /// The models, by their numbers.
    pub models: &'static [ModelDef],
    /// All that `jobs.yaml` says.
    #[cfg(feature = "jobs")]
    pub jobs: Option<&'static crate::jobs::JobsDef>,
    /// The migrations, in their order.
    pub migrations: &'static [Migration],
    /// The fields of the type with `@auth`, by their numbers.
    pub auth_fields: &'static [&'static str],
    /// Scalars with the name of a shipped one that are bound to a type of the user's own somewhere, which alone knows
    /// what its values are.
    pub bound: &'static [&'static str],
}

impl AppDef {
    /// The tables of a program that has a schema alone.
    pub const fn new(schema: &'static SchemaDef) -> Self {
        AppDef {
            schema,
            models: &[],
            #[cfg(feature = "jobs")]
            jobs: None,
            migrations: &[],
            auth_fields: &[],
            bound: &[],
        }
    }

    /// With models.
    #[must_use]
    pub const fn models(mut self, models: &'static [ModelDef]) -> Self {
        self.models = models;
        self
    }

    /// With jobs.
    #[cfg(feature = "jobs")]
    #[must_use]
    pub const fn jobs(mut self, jobs: &'static crate::jobs::JobsDef) -> Self {
        self.jobs = Some(jobs);
        self
    }

    /// With migrations.
    #[must_use]
    pub const fn migrations(mut self, migrations: &'static [Migration]) -> Self {
        self.migrations = migrations;
        self
    }

    /// With the names of the caller's fields.
    #[must_use]
    pub const fn auth_fields(mut self, names: &'static [&'static str]) -> Self {
        self.auth_fields = names;
        self
    }

    /// With the names of shipped scalars that are the user's own here.
    #[must_use]
    pub const fn bound(mut self, names: &'static [&'static str]) -> Self {
        self.bound = names;
        self
    }
}

/// The caller of a program without a type with `@auth`: there never is one.
#[derive(Debug, Clone, Copy)]
pub enum NoAuth {}

impl Caller for NoAuth {
    fn get(&self, _: u16) -> Value {
        match *self {}
    }
}

/// The root of an operation type that the schema does not have.
#[derive(Debug, Clone, Copy, Default)]
pub struct Nothing;

impl<A: Application> Object<A> for Nothing {
    fn write_field(&self, _: &State<'_, A>, _: &Field, _: usize, out: &mut Out) -> Written {
        out.fail(Error::internal("the schema has no such root type"))
    }
}
