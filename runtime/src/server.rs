//! A program in one value: the user's state, the engine, the services. Everything that takes requests holds one.
//!
//! In: an application. Out: responses. Must not know: sockets.

use std::sync::Arc;

use http::request::Parts;

use crate::application::Application;
use crate::context::{Context, RequestId, Services};
use crate::engine::execute::Engine;
use crate::engine::level::panic_text;
use crate::engine::limits::Limits;
use crate::engine::response::{Outcome, Problem, Request, Response, refused};
use crate::engine::responses::Responses;
use crate::engine::within::{Ended, within};
use crate::error::{Code, Error, Result};

/// The application, its engine and its services. Cloning is cheap.
pub struct Server<A: Application> {
    shared: Arc<Shared<A>>,
}

struct Shared<A: Application> {
    app: Arc<A>,
    engine: Arc<Engine<A>>,
    services: Arc<Services>,
}

impl<A: Application> Clone for Server<A> {
    fn clone(&self) -> Self {
        Server {
            shared: Arc::clone(&self.shared),
        }
    }
}

impl<A: Application> std::fmt::Debug for Server<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server")
            .field("services", &self.shared.services)
            .finish_non_exhaustive()
    }
}

impl<A: Application> Server<A> {
    /// With the default limits.
    ///
    /// # Errors
    /// The generated tables hold no valid schema.
    pub fn new(app: impl Into<Arc<A>>, services: impl Into<Arc<Services>>) -> Result<Self> {
        Self::with_limits(app, services, Limits::default())
    }

    /// With limits of one's own.
    ///
    /// # Errors
    /// The generated tables hold no valid schema.
    pub fn with_limits(
        app: impl Into<Arc<A>>,
        services: impl Into<Arc<Services>>,
        limits: Limits,
    ) -> Result<Self> {
        let app: Arc<A> = app.into();
        let engine = Arc::new(Engine::new(&*app, limits)?);
        let services: Arc<Services> = services.into();
        #[cfg(feature = "sqlite")]
        if let Some(db) = services.db() {
            db.serve(app.definition().models);
        }
        Ok(Server {
            shared: Arc::new(Shared {
                app,
                engine,
                services,
            }),
        })
    }

    /// The same engine and services for another value of the application, whose tables are the same.
    #[cfg(feature = "mock")]
    pub(crate) fn with_app(&self, app: impl Into<Arc<A>>) -> Self {
        Server {
            shared: Arc::new(Shared {
                app: app.into(),
                engine: Arc::clone(&self.shared.engine),
                services: Arc::clone(&self.shared.services),
            }),
        }
    }

    /// The user's application.
    pub fn app(&self) -> &Arc<A> {
        &self.shared.app
    }

    /// What the whole process shares.
    pub fn services(&self) -> &Arc<Services> {
        &self.shared.services
    }

    /// The engine.
    pub fn engine(&self) -> &Engine<A> {
        &self.shared.engine
    }

    /// Executes an operation of that caller.
    pub async fn execute(
        &self,
        auth: Option<A::Auth>,
        request_id: &str,
        request: &Request,
    ) -> Response {
        let mut cx = self
            .context(auth, request_id)
            .with_data(request.data.clone());
        let (engine, app) = (&self.shared.engine, &self.shared.app);
        engine.execute(app, &mut cx, request).await
    }

    fn context(&self, auth: Option<A::Auth>, request_id: impl Into<RequestId>) -> Context<A::Auth> {
        Context::new(Arc::clone(&self.shared.services), auth, request_id)
    }

    /// Executes an operation of that caller where more than one response can be sent: a subscription, or parts that are
    /// delivered later if the request says [`incremental`](Request::incremental). Neither the future nor the stream
    /// borrows anything; dropping them cancels the operation.
    pub fn stream(
        &self,
        auth: Option<A::Auth>,
        request_id: impl Into<RequestId>,
        mut request: Request,
    ) -> impl Future<Output = Responses> + Send + 'static {
        let data = std::mem::take(&mut request.data);
        let cx = self.context(auth, request_id).with_data(data);
        self.stream_in(cx, request)
    }

    fn stream_in(
        &self,
        cx: Context<A::Auth>,
        request: Request,
    ) -> impl Future<Output = Responses> + Send + 'static {
        let shared = &self.shared;
        let (engine, app) = (Arc::clone(&shared.engine), Arc::clone(&shared.app));
        engine.stream(app, cx, request)
    }

    /// Asks the application who the caller is, and executes; each of the two within the limits' time.
    pub async fn respond(
        &self,
        parts: impl Into<Arc<Parts>>,
        request_id: &str,
        request: &Request,
    ) -> Response {
        let parts = parts.into();
        let auth = match self.authenticate(&parts, request_id).await {
            Ok(auth) => auth,
            Err(response) => return response,
        };
        let mut cx = self
            .context(auth, request_id)
            .with_data(request.data.clone())
            .with_parts(parts);
        let (engine, app) = (&self.shared.engine, &self.shared.app);
        engine.execute(app, &mut cx, request).await
    }

    /// [`Server::respond`] where more than one response can be sent: see [`Server::stream`].
    pub fn respond_many(
        &self,
        parts: impl Into<Arc<Parts>>,
        request_id: impl Into<RequestId>,
        mut request: Request,
    ) -> impl Future<Output = Responses> + Send + 'static {
        let (server, parts) = (self.clone(), parts.into());
        let request_id = request_id.into();
        async move {
            let auth = match server.authenticate(&parts, request_id.as_str()).await {
                Ok(auth) => auth,
                Err(response) => return Responses::One(response),
            };
            let data = std::mem::take(&mut request.data);
            let cx = server.context(auth, request_id).with_data(data);
            server.stream_in(cx.with_parts(parts), request).await
        }
    }

    /// Asks the application who the caller is, within the limits' time.
    ///
    /// # Errors
    /// The response to a caller who is refused.
    pub async fn authenticate(
        &self,
        parts: &Parts,
        request_id: &str,
    ) -> std::result::Result<Option<A::Auth>, Response> {
        let limit = self.shared.engine.limits().timeout;
        let asked = match within(limit, self.shared.app.authenticate(parts)).await {
            Ended::Well(asked) => asked,
            Ended::Panicked(panic) => Err(Error::internal(panic_text(&*panic))),
            Ended::TimedOut => {
                let why = "it took too long to tell who is calling";
                let problem = Problem::new(Code::Timeout, why);
                return Err(refused(&[problem], request_id, Outcome::TimedOut));
            }
        };
        asked.map_err(|error| {
            if error.is_internal() {
                tracing::error!(request_id, %error, "could not authenticate");
                let problem = Problem::new(Code::Internal, "internal error");
                return refused(&[problem], request_id, Outcome::Failed);
            }
            let problem = Problem::new(Code::Unauthenticated, error.message());
            refused(&[problem], request_id, Outcome::Unauthenticated)
        })
    }

    /// Whether the program can work: its database, if it has one, answers.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn ready(&self) -> Result<()> {
        #[cfg(feature = "sqlite")]
        if let Some(db) = self.shared.services.db() {
            sqlx::query("SELECT 1").execute(db.pool()).await?;
        }
        Ok(())
    }
}
