//! What a program's own tests need: an in-memory database, a clock that stands still, a client without a socket.
//!
//! In: an application. Out: responses, jobs that ran, counts of statements. Must not know: sockets.
//!
//! ```text
//! let client = Client::new(App::for_tests()).await?;
//! let created = client.as_user(host()).query("mutation { createListing(input: { title: \"Cabin\" }) { id } }").await;
//! let id = created.ok().path("createListing.id").as_str().unwrap();
//! client.query("mutation ($id: ID!) { deleteListing(id: $id) { id } }").variables(json!({ "id": id })).await.refused("UNAUTHENTICATED");
//! ```

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::Arc;

use serde_json::Value;

use crate::Result;
use crate::application::{AppDef, Application};
use crate::clock::Clock;
use crate::context::Services;
use crate::engine::limits::Limits;
use crate::engine::response::{Outcome, Request};
use crate::server::Server;

/// A program under test: its own database (empty, migrated), its own clock, no socket.
#[derive(Debug, Clone)]
pub struct Client<A: Application> {
    server: Server<A>,
}

impl<A: Application> Client<A> {
    /// Starts the program: a temporary database with its migrations applied if it has models, migrations or jobs, and a
    /// clock that stands at 2026-01-01T00:00:00Z.
    ///
    /// # Errors
    /// The generated tables hold no valid schema, or a migration fails.
    pub async fn new(app: impl Into<Arc<A>>) -> Result<Self> {
        /// 2026-01-01T00:00:00Z
        const START: i64 = 1_767_225_600;
        let start = jiff::Timestamp::from_second(START)?;
        Self::with_clock(app, Clock::fake(start)).await
    }

    /// The same with a clock of one's own.
    ///
    /// # Errors
    /// As [`Client::new`].
    pub async fn with_clock(app: impl Into<Arc<A>>, clock: Clock) -> Result<Self> {
        let app = app.into();
        let services = services(app.definition(), clock).await?;
        Ok(Client {
            server: Server::with_limits(app, services, Limits::default())?,
        })
    }

    /// A client of a program that runs already.
    pub fn of(server: Server<A>) -> Self {
        Client { server }
    }

    /// The program.
    pub fn server(&self) -> &Server<A> {
        &self.server
    }

    /// The user's application.
    pub fn app(&self) -> &Arc<A> {
        self.server.app()
    }

    /// The clock; [`Clock::advance`] moves it.
    pub fn clock(&self) -> &Clock {
        self.server.services().clock()
    }

    /// The database.
    ///
    /// # Panics
    /// If the program has none.
    #[cfg(feature = "sqlite")]
    pub fn db(&self) -> &crate::model::Db {
        self.server
            .services()
            .db()
            .expect("the program under test has no database")
    }

    /// How many statements the model layer has run since the start.
    ///
    /// # Panics
    /// If the program has no database.
    #[cfg(feature = "sqlite")]
    pub fn statements(&self) -> u64 {
        self.db().statements()
    }

    /// An operation of nobody.
    pub fn query(&self, text: impl Into<String>) -> Call<A> {
        Call::new(self.server.clone(), Who::Known(None), text)
    }

    /// Operations of that caller.
    pub fn as_user(&self, auth: A::Auth) -> As<A> {
        As {
            server: self.server.clone(),
            auth,
        }
    }

    /// Runs all jobs that are due by the clock, and those that they enqueue; answers how many ran.
    ///
    /// # Errors
    /// The database fails. That a job fails is no error: see [`jobs`](Self::jobs).
    ///
    /// # Panics
    /// If the program has no jobs, or they never come to an end.
    #[cfg(feature = "jobs")]
    pub async fn run_jobs(&self) -> Result<usize> {
        const MOST: usize = 10_000;
        let handler: Arc<dyn crate::jobs::JobHandler> = Arc::new(Handler(Arc::clone(self.app())));
        for ran in 0..MOST {
            if self.jobs().run_one(&handler, None).await?.is_none() {
                return Ok(ran);
            }
        }
        panic!("{MOST} jobs ran, and there still are more");
    }

    /// The jobs: their queue, their history.
    ///
    /// # Panics
    /// If the program has none.
    #[cfg(feature = "jobs")]
    pub fn jobs(&self) -> &crate::jobs::Jobs {
        self.server
            .services()
            .jobs()
            .expect("the program under test has no jobs")
    }
}

#[cfg(feature = "sqlite")]
async fn services(def: &AppDef, clock: Clock) -> Result<Services> {
    let mut services = Services::new().with_clock(clock.clone());
    #[cfg(feature = "jobs")]
    let has_jobs = def.jobs.is_some();
    #[cfg(not(feature = "jobs"))]
    let has_jobs = false;
    if def.models.is_empty() && def.migrations.is_empty() && !has_jobs {
        return Ok(services);
    }
    let db = crate::model::Db::temporary().await?;
    crate::model::migrate(&db, def.migrations, clock.now()).await?;
    #[cfg(feature = "jobs")]
    if let Some(jobs) = def.jobs {
        let jobs = crate::jobs::Jobs::new(jobs, db.clone(), clock);
        jobs.migrate().await?;
        services = services.with_jobs(jobs);
    }
    Ok(services.with_db(db))
}

#[cfg(not(feature = "sqlite"))]
async fn services(_: &AppDef, clock: Clock) -> Result<Services> {
    Ok(Services::new().with_clock(clock))
}

#[cfg(feature = "jobs")]
struct Handler<A>(Arc<A>);

#[cfg(feature = "jobs")]
impl<A: Application> crate::jobs::JobHandler for Handler<A> {
    fn run_job<'a>(
        &'a self,
        name: &'a str,
        cx: &'a crate::jobs::JobContext,
        args: Value,
    ) -> crate::engine::object::BoxFuture<'a, crate::jobs::JobResult> {
        self.0.run_job(name, cx, args)
    }
}

/// Operations of one caller.
#[derive(Debug, Clone)]
pub struct As<A: Application> {
    server: Server<A>,
    auth: A::Auth,
}

impl<A: Application> As<A>
where
    A::Auth: Clone,
{
    /// An operation of that caller.
    pub fn query(&self, text: impl Into<String>) -> Call<A> {
        Call::new(
            self.server.clone(),
            Who::Known(Some(self.auth.clone())),
            text,
        )
    }
}

/// An operation to be sent: await it.
#[must_use = "an operation runs when it is awaited"]
pub struct Call<A: Application> {
    server: Server<A>,
    who: Who<A>,
    request: Request,
}

enum Who<A: Application> {
    /// Whom the test says.
    Known(Option<A::Auth>),
    /// Whom the application makes of the headers.
    Asked(http::HeaderMap),
}

impl<A: Application> Call<A> {
    fn new(server: Server<A>, who: Who<A>, text: impl Into<String>) -> Self {
        Call {
            server,
            who,
            request: Request {
                query: text.into(),
                ..Request::default()
            },
        }
    }

    /// The variables' values, a JSON object.
    ///
    /// # Panics
    /// If it is none.
    pub fn variables(mut self, values: Value) -> Self {
        let Value::Object(values) = values else {
            panic!("variables must be a JSON object, not {values}");
        };
        self.request.variables = Some(values);
        self
    }

    /// Which operation of the document.
    pub fn operation(mut self, name: impl Into<String>) -> Self {
        self.request.operation_name = Some(name.into());
        self
    }

    /// A value for [`Context::data`](crate::context::Context::data), as a layer around the router would put it.
    pub fn data<T: Clone + Send + Sync + 'static>(mut self, value: T) -> Self {
        self.request.data.insert(value);
        self
    }

    /// A header; the application's own `authenticate` then says who calls.
    ///
    /// # Panics
    /// If HTTP does not allow the name or the value.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let mut headers = match self.who {
            Who::Asked(headers) => headers,
            Who::Known(_) => http::HeaderMap::new(),
        };
        let name = http::HeaderName::from_bytes(name.as_bytes()).expect("a header's name");
        headers.insert(name, value.parse().expect("a header's value"));
        self.who = Who::Asked(headers);
        self
    }
}

impl<A: Application> fmt::Debug for Call<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("request", &self.request)
            .finish_non_exhaustive()
    }
}

impl<A: Application> IntoFuture for Call<A> {
    type Output = Response;
    type IntoFuture = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let Call {
                server,
                who,
                request,
            } = self;
            let answer = match who {
                Who::Known(auth) => server.execute(auth, "test", &request).await,
                Who::Asked(headers) => {
                    let (mut parts, ()) = http::Request::new(()).into_parts();
                    parts.headers = headers;
                    server.respond(parts, "test", &request).await
                }
            };
            let json = serde_json::from_slice(&answer.body).expect("the engine writes JSON");
            Response {
                outcome: answer.outcome,
                json,
            }
        })
    }
}

/// A response, with helpers that panic as a test wants.
#[derive(Debug, Clone)]
pub struct Response {
    outcome: Outcome,
    json: Value,
}

impl Response {
    /// `data`; null if there is none.
    pub fn data(&self) -> &Value {
        &self.json["data"]
    }

    /// The errors; none if all went well.
    pub fn errors(&self) -> &[Value] {
        self.json["errors"].as_array().map_or(&[], Vec::as_slice)
    }

    /// The codes of the errors, in their order.
    pub fn codes(&self) -> Vec<&str> {
        self.errors()
            .iter()
            .map(|error| error["extensions"]["code"].as_str().unwrap_or_default())
            .collect()
    }

    /// The whole response.
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// How it ended.
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// The same response, if it has no errors.
    ///
    /// # Panics
    /// If it has any; the message shows them.
    #[track_caller]
    pub fn ok(&self) -> &Self {
        assert!(
            self.errors().is_empty(),
            "errors: {:#}",
            self.json["errors"]
        );
        self
    }

    /// The same response, if its first error has that code.
    ///
    /// # Panics
    /// If it has another, or none.
    #[track_caller]
    pub fn refused(&self, code: &str) -> &Self {
        assert_eq!(
            self.codes().first(),
            Some(&code),
            "response: {:#}",
            self.json
        );
        self
    }

    /// The value at a path into `data`: keys and indexes with points between them (`"listings.0.title"`).
    ///
    /// # Panics
    /// If there is nothing at that path.
    #[track_caller]
    pub fn path(&self, path: &str) -> &Value {
        let mut at = self.data();
        for step in path.split('.') {
            let next = match at {
                Value::Array(items) => step.parse::<usize>().ok().and_then(|i| items.get(i)),
                at => at.get(step),
            };
            at = match next {
                Some(next) => next,
                None => panic!("nothing at `{step}` of `{path}` in {:#}", self.json),
            };
        }
        at
    }
}
