//! The command line of a generated program: `serve`, `worker`, `migrate`, `jobs`, `schema`.
//!
//! In: the user's application, the generated tables, the process's arguments and environment. Out: an exit code.
//! Must not know: how operations are executed, how jobs are kept.

mod args;
mod data;
mod failure;
mod jobs;
mod log;
mod output;
mod schema;
mod serve;

use std::ffi::OsString;
use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::sync::Arc;

use axum::Router;
use futures_util::future::{BoxFuture, LocalBoxFuture};

use crate::application::Application;
use crate::context::Context;
use crate::jobs::{JobContext, JobHandler, JobResult};
use crate::{Limits, Result, http};

use args::{Cli, Command};
use failure::Failure;
use output::Paint;

type Seed<A> = Box<
    dyn for<'a> FnOnce(
        &'a A,
        &'a Context<<A as Application>::Auth>,
    ) -> LocalBoxFuture<'a, Result<()>>,
>;
type Routes = Box<dyn FnOnce(Router) -> Router>;

/// A program around an application.
///
/// # Example
///
/// ```text
/// fn main() -> std::process::ExitCode {
///     graphwright::app(App::new())
///         .seed(seed)                                              // async fn seed(app: &App, cx: &gw::Context) -> gw::Result<()>
///         .welcome("query { listings(first: 3) { nodes { title } } }")
///         .run()
/// }
/// ```
pub fn app<A: Application>(app: impl Into<Arc<A>>) -> App<A> {
    App {
        app: app.into(),
        seed: None,
        routes: None,
        welcome: None,
        limits: Limits::default(),
        http: http::Options::default(),
    }
}

/// A program about to [run](App::run).
pub struct App<A: Application> {
    app: Arc<A>,
    seed: Option<Seed<A>>,
    routes: Option<Routes>,
    welcome: Option<String>,
    limits: Limits,
    http: http::Options,
}

impl<A: Application> std::fmt::Debug for App<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").finish_non_exhaustive()
    }
}

impl<A: Application> App<A> {
    /// Fills a new database when the program serves for the first time: one transaction, kept if it answers Ok.
    /// A database that was there before is never seeded.
    #[must_use]
    pub fn seed<F>(mut self, seed: F) -> Self
    where
        F: AsyncFnOnce(&A, &Context<A::Auth>) -> Result<()> + 'static,
    {
        self.seed = Some(Box::new(move |app, cx| Box::pin(seed(app, cx))));
        self
    }

    /// Adds routes and layers to the router that serves `/graphql` and `/health`.
    #[must_use]
    pub fn routes(mut self, routes: impl FnOnce(Router) -> Router + 'static) -> Self {
        self.routes = Some(Box::new(routes));
        self
    }

    /// Text that is printed when the program serves: what to try first.
    #[must_use]
    pub fn welcome(mut self, text: impl Into<String>) -> Self {
        self.welcome = Some(text.into());
        self
    }

    /// What an operation may cost.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// How the endpoint behaves: CORS, batches, uploads, trusted documents and the rest of [`http::Options`]. What the
    /// command line says goes before.
    #[must_use]
    pub fn http(mut self, options: http::Options) -> Self {
        self.http = options;
        self
    }

    /// Does what the process's arguments ask for, until it is done or told to stop (SIGTERM, SIGINT).
    pub fn run(self) -> ExitCode {
        self.run_with(std::env::args_os())
    }

    /// The same with other arguments, the program's name first.
    pub fn run_with(self, args: impl IntoIterator<Item = OsString>) -> ExitCode {
        let name = program_name();
        let cli = match args::parse(&name, args) {
            Ok(cli) => cli,
            Err(e) => {
                // Help is no mistake, and goes to standard output.
                let _ = e.print();
                return ExitCode::from(u8::try_from(e.exit_code()).unwrap_or(2));
            }
        };
        let paint = Paint::new(cli.common.color, std::io::stderr().is_terminal());
        match runtime().and_then(|runtime| runtime.block_on(self.execute(&name, cli))) {
            Ok(code) => code,
            Err(failure) => {
                complain(paint, &failure);
                ExitCode::FAILURE
            }
        }
    }

    async fn execute(self, name: &str, cli: Cli) -> std::result::Result<ExitCode, Failure> {
        let quiet = !matches!(
            cli.command,
            None | Some(Command::Serve(_) | Command::Worker(_))
        );
        log::start(&cli.common, quiet);
        let url = cli
            .common
            .database
            .clone()
            .or_else(|| variable("DATABASE_URL"));
        let paint = Paint::stdout(cli.common.color);
        let command = cli.command.unwrap_or(Command::Serve(cli.serve));
        if let Command::Schema(options) = command {
            return schema::print::<A>(&self.app, options.json).await;
        }
        if let Command::Jobs(args::Jobs::Next { count, format }) = command {
            return jobs::next(self.app.definition().jobs, count, format.json, paint);
        }
        // The port comes before the database: a second start by mistake touches nothing.
        let listener = match &command {
            Command::Serve(options) => Some(serve::listen(options.address).await?),
            _ => None,
        };
        let data = data::open(self.app.definition(), url, name).await?;
        match (command, listener) {
            (Command::Serve(options), Some(listener)) => {
                serve::serve(self, listener, name, options, data, paint).await
            }
            (Command::Worker(options), _) => serve::work(&self.app, options, &data).await,
            (Command::Migrate(options), _) => {
                serve::migrate(self.app.definition(), options, &data, paint).await
            }
            (Command::Jobs(command), _) => jobs::run::<A>(&self.app, command, &data, paint).await,
            (Command::Serve(_) | Command::Schema(_), _) => Ok(ExitCode::SUCCESS),
        }
    }
}

fn runtime() -> std::result::Result<tokio::runtime::Runtime, Failure> {
    Ok(tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?)
}

/// The program's file name, without an ending.
fn program_name() -> String {
    let path = std::env::current_exe().ok();
    let stem = path.as_deref().and_then(std::path::Path::file_stem);
    stem.map_or("app".to_owned(), |stem| stem.to_string_lossy().into_owned())
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn complain(paint: Paint, failure: &Failure) {
    use std::io::Write as _;
    // Nobody is left to hear that standard error is closed.
    let _ = writeln!(std::io::stderr(), "{} {failure}", paint.bad("error:"));
}

/// The jobs of an application, for the queue.
struct Handler<A>(Arc<A>);

impl<A: Application> JobHandler for Handler<A> {
    fn run_job<'a>(
        &'a self,
        name: &'a str,
        cx: &'a JobContext,
        args: serde_json::Value,
    ) -> BoxFuture<'a, JobResult> {
        self.0.run_job(name, cx, args)
    }
}

fn handler<A: Application>(app: &Arc<A>) -> Arc<dyn JobHandler> {
    Arc::new(Handler(Arc::clone(app)))
}
