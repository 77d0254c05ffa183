//! `serve`, `worker`, `migrate`: the program at work.
//!
//! In: options, services. Out: an exit code, once told to stop. Must not know: jobs one by one.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::Server;
use crate::application::{AppDef, Application};
use crate::{http, jobs, model};

use super::args::{Migrate, Serve, Worker};
use super::data::{self, Data, Store};
use super::failure::Failure;
use super::output::{self, Paint};
use super::{App, handler, variable};

/// Answers requests until told to stop; fires schedules and runs jobs beside that.
pub(super) async fn serve<A: Application>(
    program: App<A>,
    listener: TcpListener,
    name: &str,
    options: Serve,
    data: Data,
    paint: Paint,
) -> Result<ExitCode, Failure> {
    let address = listener.local_addr()?;
    let mut done = Vec::new();
    if let Some(store) = &data.store {
        let applied = data::migrate(program.app.definition(), store).await?;
        if !applied.is_empty() {
            done.push(format!("applied {}", counted(applied.len(), "migration")));
        }
        if let Some(seed) = program.seed.filter(|_| !options.no_seed)
            && data::seed(&*program.app, &data, seed).await?
        {
            done.push("seeded the new database".to_owned());
        }
    }
    let server = Server::<A>::with_limits(
        Arc::clone(&program.app),
        Arc::clone(&data.services),
        program.limits,
    )?;
    let mut endpoint = program.http;
    endpoint.graphiql &= !options.no_graphiql;
    let mut router = http::router(server, endpoint);
    if let Some(routes) = program.routes {
        router = routes(router);
    }
    let store = data.store.as_ref().filter(|_| !options.no_jobs);
    let worker = match store.filter(|store| !store.jobs.def().jobs.is_empty()) {
        Some(store) => Some(store.jobs.start(handler(&program.app), true).await?),
        None => None,
    };
    let stop = told_to_stop()?;
    let lines = greeting(name, address, &options, &data, &done, paint);
    output::print(&lines)?;
    if let Some(welcome) = &program.welcome {
        output::print(&format!("\n{}\n{welcome}\n", paint.dim("Try:")))?;
    }
    let served = http::serve(
        listener,
        router,
        stop.clone().cancelled_owned(),
        options.grace,
    );
    let served = async {
        let served = served.await;
        // A listener that failed ends the jobs too.
        stop.cancel();
        served
    };
    let worked = end(worker, stop.clone(), options.grace);
    let (served, worked) = tokio::join!(served, worked);
    served?;
    worked?;
    Ok(ExitCode::SUCCESS)
}

/// Fires schedules and runs jobs until told to stop.
pub(super) async fn work<A: Application>(
    app: &Arc<A>,
    options: Worker,
    data: &Data,
) -> Result<ExitCode, Failure> {
    let Some(store) = data
        .store
        .as_ref()
        .filter(|store| !store.jobs.def().jobs.is_empty())
    else {
        return Err(super::jobs::no_jobs());
    };
    data::migrate(app.definition(), store).await?;
    let stop = told_to_stop()?;
    let worker = store
        .jobs
        .start(handler(app), !options.no_scheduler)
        .await?;
    tracing::info!(
        scheduler = !options.no_scheduler,
        "working; stop with Ctrl-C or SIGTERM"
    );
    end(Some(worker), stop, options.grace).await?;
    Ok(ExitCode::SUCCESS)
}

/// Brings the database up to date, or says what it lacks.
pub(super) async fn migrate(
    def: &AppDef,
    options: Migrate,
    data: &Data,
    paint: Paint,
) -> Result<ExitCode, Failure> {
    let Some(store) = &data.store else {
        return Err(Failure::new(
            "this program has no database: its schema has no models",
        ));
    };
    if options.status {
        return status(def, store, paint).await;
    }
    let applied = data::migrate(def, store).await?;
    let mut text = applied
        .iter()
        .map(|name| format!("applied {name}\n"))
        .collect::<String>();
    if applied.is_empty() {
        text.push_str("the database is up to date\n");
    }
    output::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

async fn status(def: &AppDef, store: &Store, paint: Paint) -> Result<ExitCode, Failure> {
    let known = model::migration_status(&store.db, def.migrations).await?;
    let rows: Vec<Vec<String>> = known
        .iter()
        .map(|migration| {
            let applied = migration
                .applied_at
                .map_or("not yet".to_owned(), |at| at.to_string());
            vec![migration.name.clone(), applied]
        })
        .collect();
    output::print(&output::table(paint, &["MIGRATION", "APPLIED"], &rows))?;
    Ok(ExitCode::SUCCESS)
}

/// Waits for the end, then stops a worker.
async fn end(
    worker: Option<jobs::Worker>,
    stop: CancellationToken,
    grace: std::time::Duration,
) -> crate::Result<()> {
    stop.cancelled().await;
    match worker {
        Some(worker) => worker.stop(grace).await,
        None => Ok(()),
    }
}

/// Takes the port.
pub(super) async fn listen(wanted: Option<SocketAddr>) -> Result<TcpListener, Failure> {
    let address = match (wanted, variable("ADDRESS")) {
        (Some(address), _) => address,
        (None, Some(text)) => text.parse().map_err(|_| {
            Failure::new(format!("ADDRESS is `{text}`, which is no address"))
                .help("such as 127.0.0.1:8000")
        })?,
        (None, None) => SocketAddr::from((Ipv4Addr::LOCALHOST, 8000)),
    };
    TcpListener::bind(address).await.map_err(|e| {
        let failure = Failure::new(format!("cannot listen on {address}: {e}"));
        match e.kind() {
            io::ErrorKind::AddrInUse => failure.help(format!(
                "another program listens there, perhaps an earlier start of this one; stop it, or take another port: --address {}",
                SocketAddr::new(address.ip(), address.port().saturating_add(1)),
            )),
            io::ErrorKind::PermissionDenied => failure.help("ports below 1024 need privileges; take another: --address 127.0.0.1:8000"),
            io::ErrorKind::AddrNotAvailable => failure.help("this machine has no such address; 0.0.0.0 stands for all it has"),
            _ => failure,
        }
    })
}

/// Cancelled by the first SIGINT or SIGTERM; the second ends the process at once.
fn told_to_stop() -> io::Result<CancellationToken> {
    let stop = CancellationToken::new();
    let told = stop.clone();
    #[cfg(unix)]
    let mut terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::spawn(async move {
        loop {
            #[cfg(unix)]
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminated.recv() => {}
            }
            #[cfg(not(unix))]
            let _ = tokio::signal::ctrl_c().await;
            if told.is_cancelled() {
                std::process::exit(130);
            }
            tracing::info!(
                "stopping: no new requests and jobs, those under way may end; once more to stop at once"
            );
            told.cancel();
        }
    });
    Ok(stop)
}

/// The first lines: where to click, what is there.
fn greeting(
    name: &str,
    address: SocketAddr,
    options: &Serve,
    data: &Data,
    done: &[String],
    paint: Paint,
) -> String {
    let shown = match address.ip().is_unspecified() {
        true => SocketAddr::from((Ipv4Addr::LOCALHOST, address.port())),
        false => address,
    };
    let url = format!("http://{shown}/graphql");
    let mut lines = vec![format!("{} is up", paint.bold(name))];
    match options.no_graphiql {
        true => lines.push(format!("  GraphQL    {}", paint.link(&url))),
        false => lines.push(format!(
            "  GraphiQL   {}   {}",
            paint.link(&url),
            paint.dim("open it in a browser; clients POST to the same address"),
        )),
    }
    if let Some(store) = &data.store {
        lines.push(format!("  Database   {}", store.db.path().display()));
        lines.extend(
            done.iter()
                .map(|text| format!("             {}", paint.dim(text))),
        );
        lines.extend(schedule_lines(name, options, store, paint));
    }
    lines.push(format!(
        "  Health     {}",
        paint.link(&format!("http://{shown}/health"))
    ));
    lines.join("\n") + "\n"
}

fn schedule_lines(name: &str, options: &Serve, store: &Store, paint: Paint) -> Vec<String> {
    let def = store.jobs.def();
    if def.jobs.is_empty() {
        return Vec::new();
    }
    if options.no_jobs {
        return vec!["  Jobs       not in this process (--no-jobs)".to_owned()];
    }
    let now = store.jobs.clock().now();
    // A schedule that cannot be followed has stopped the start before.
    let next = jobs::upcoming(def, now, 1).unwrap_or_default();
    let next = next.first().map_or(String::new(), |next| {
        format!(
            ", next {} {}",
            next.schedule,
            output::relative(next.at, now)
        )
    });
    let hint = paint.dim(&format!("`{name} jobs list` shows them"));
    vec![format!(
        "  Jobs       {}{next}   {hint}",
        counted(def.jobs.len(), "job")
    )]
}

fn counted(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}
