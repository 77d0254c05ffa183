//! The handle on all jobs of an application.
//!
//! In: the manifest's definition, a database, a clock. Out: jobs enqueued, workers and schedulers started.
//! Must not know: HTTP, GraphQL.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::context::JobArgs;
use super::def::JobsDef;
use super::engine::{Attempt, JobEngine, JobId, JobInfo, Runner as _, Verdict, Working};
use super::enqueue::Enqueue;
use super::heart::Heart;
use super::river::River;
use super::runner::{HandlerRunner, JobHandler};
use super::runs::{self, RunInfo, Runs};
use super::scheduler::Scheduler;
use super::{ledger, tables};
use crate::clock::Clock;
use crate::model::Db;
use crate::{Error, Result};

/// The jobs of an application. Cheap to clone.
#[derive(Clone)]
pub struct Jobs {
    inner: Arc<Inner>,
}

struct Inner {
    def: &'static JobsDef,
    db: Db,
    clock: Clock,
    engine: Arc<dyn JobEngine>,
}

impl fmt::Debug for Jobs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Jobs")
            .field("db", &self.inner.db)
            .finish_non_exhaustive()
    }
}

impl Jobs {
    /// The jobs of a manifest, in a database that also holds the models.
    pub fn new(def: &'static JobsDef, db: Db, clock: Clock) -> Self {
        let engine = Arc::new(River::new(db.pool().clone()));
        Self::with_engine(def, db, clock, engine)
    }

    /// The same on another queue.
    pub fn with_engine(
        def: &'static JobsDef,
        db: Db,
        clock: Clock,
        engine: Arc<dyn JobEngine>,
    ) -> Self {
        Self {
            inner: Arc::new(Inner {
                def,
                db,
                clock,
                engine,
            }),
        }
    }

    /// What the manifest says.
    pub fn def(&self) -> &'static JobsDef {
        self.inner.def
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.inner.db
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// The queue.
    pub fn engine(&self) -> &dyn JobEngine {
        &*self.inner.engine
    }

    /// Makes or updates the tables.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn migrate(&self) -> Result<()> {
        self.engine().migrate().await?;
        tables::create(self.db().pool()).await
    }

    /// A job, in a transaction of its own unless [`Enqueue::tx`] or [`Enqueue::session`] says otherwise.
    pub fn enqueue<'a, A: JobArgs>(&self, args: A) -> Enqueue<'a> {
        Enqueue::new(self.clone(), A::JOB, serde_json::to_value(&args))
    }

    /// A job by its name; whoever calls has checked the arguments.
    pub fn enqueue_named<'a>(&self, job: &'a str, args: Value) -> Enqueue<'a> {
        Enqueue::new(self.clone(), job, Ok(args))
    }

    /// Has the workers of this process look for work now: for after a commit.
    pub fn wake(&self) {
        self.engine().wake();
    }

    /// Starts to run jobs in this process, and to fire schedules if `scheduler`.
    ///
    /// # Errors
    ///
    /// If a schedule cannot be followed or the database fails.
    pub async fn start(&self, handler: Arc<dyn JobHandler>, scheduler: bool) -> Result<Worker> {
        let worker = worker_id();
        let schedules = scheduler.then(|| Scheduler::new(self)).transpose()?;
        let heart = Heart::start(self, &worker).await?;
        let runs = Runs::start(self.db().pool().clone());
        let runner = Arc::new(HandlerRunner {
            jobs: self.clone(),
            handler,
            worker: worker.clone(),
            runs: runs.clone(),
        });
        let working = match self.def().jobs.is_empty() {
            true => None,
            false => Some(self.inner.engine.start(self.def(), &worker, runner)?),
        };
        let stop = CancellationToken::new();
        let until = stop.clone();
        let scheduler =
            schedules.map(|schedules| tokio::spawn(async move { schedules.run(until).await }));
        Ok(Worker {
            stop,
            scheduler,
            working,
            heart,
            runs,
        })
    }

    /// Runs a job here and now, without a worker: the given one, or the first that is due by the clock.
    /// None if there is no such job.
    ///
    /// # Errors
    ///
    /// If the database fails; that the job fails is a verdict.
    pub async fn run_one(
        &self,
        handler: &Arc<dyn JobHandler>,
        only: Option<JobId>,
    ) -> Result<Option<(Attempt, Verdict)>> {
        let worker = worker_id();
        let now = self.clock().now();
        let Some(attempt) = self.engine().take(&worker, now, only).await? else {
            return Ok(None);
        };
        // Nobody takes a test for dead.
        let heart = match self.clock().is_fake() {
            true => None,
            false => Some(Heart::start(self, &worker).await?),
        };
        let runs = Runs::start(self.db().pool().clone());
        let runner = HandlerRunner {
            jobs: self.clone(),
            handler: Arc::clone(handler),
            worker,
            runs: runs.clone(),
        };
        let verdict = runner.run(attempt.clone()).await;
        runs.flush().await;
        self.engine()
            .settle(&attempt, &verdict, self.clock().now())
            .await?;
        if let Some(heart) = heart {
            heart.stop().await;
        }
        Ok(Some((attempt, verdict)))
    }

    /// Enqueues a job that no worker takes, and runs it here.
    ///
    /// # Errors
    ///
    /// If the database fails; that the job fails is a verdict.
    pub async fn run_inline(
        &self,
        handler: &Arc<dyn JobHandler>,
        job: &str,
        args: Value,
    ) -> Result<(Attempt, Verdict)> {
        let enqueued = self.enqueue_named(job, args).held().await?;
        let run = self.run_one(handler, Some(enqueued.id)).await?;
        run.ok_or_else(|| Error::internal(format!("job {} is gone", enqueued.id)))
    }

    /// The last `limit` runs, newest first; of one job, or of all.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn history(&self, job: Option<&str>, limit: u32) -> Result<Vec<RunInfo>> {
        runs::history(self.db().pool(), job, limit).await
    }

    /// When each schedule fired last: `(schedule, fire_at)`.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn last_ticks(&self) -> Result<Vec<(String, Timestamp)>> {
        ledger::last_ticks(self.db().pool()).await
    }

    /// Where a job stands.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn find(&self, id: JobId) -> Result<Option<JobInfo>> {
        self.engine().find(id).await
    }
}

/// Jobs at work in this process.
pub struct Worker {
    stop: CancellationToken,
    scheduler: Option<tokio::task::JoinHandle<()>>,
    working: Option<Box<dyn Working>>,
    heart: Heart,
    runs: Runs,
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Worker")
    }
}

impl Worker {
    /// Fires and takes no more, waits up to `grace` for the running jobs, then cancels them and hands them back:
    /// they run again elsewhere, and no attempt is counted.
    ///
    /// # Errors
    ///
    /// If the queue had failed.
    pub async fn stop(self, grace: Duration) -> Result<()> {
        self.stop.cancel();
        if let Some(scheduler) = self.scheduler {
            scheduler.await?;
        }
        let stopped = match self.working {
            Some(working) => working.stop(grace).await,
            None => Ok(()),
        };
        self.runs.flush().await;
        self.heart.stop().await;
        stopped
    }
}

/// A name for this process that none had before.
fn worker_id() -> String {
    format!("{}-{}", std::process::id(), uuid::Uuid::new_v4().simple())
}
