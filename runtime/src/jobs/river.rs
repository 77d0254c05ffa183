//! The queue on River's tables, worked by riverqueue.
//!
//! In: jobs, a runner. Out: attempts. Must not know: schedules, user code.
//!
//! Rows are inserted by a statement of our own, because riverqueue inserts only into transactions of its own making,
//! and only kinds that are Rust types. River's tables are made to be written by many clients. What riverqueue lacks is
//! added here: a stale worker's result is fenced off by a trigger, and [`JobEngine::release`] hands the jobs of a dead
//! worker back without waiting for their timeout.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use riverqueue::{
    Client, Job, QueueConfig, RunHandle, WorkCancelled, WorkContext, WorkError, WorkOutcome,
    WorkerTimeout, Workers,
};
use serde_json::Value;
use sqlx::sqlite::{SqlitePool, SqliteRow};
use sqlx::{Row as _, SqliteConnection};
use tokio_util::sync::CancellationToken;

use super::def::JobsDef;
use super::engine::{
    Attempt, Enqueued, JobEngine, JobId, JobInfo, JobState, NewJob, Runner, Verdict, Working,
};
use crate::{Error, Result};

/// Jobs that lie further ahead than this wait in River's state `scheduled`, out of the way of every look for work.
const AHEAD: SignedDuration = SignedDuration::from_secs(30);
/// A wait that a look for work sees to.
const SHORT: Duration = Duration::from_secs(5);
/// River's mask of the states in which a job is unfinished.
const UNFINISHED: i64 = 1 | 1 << 4 | 1 << 5 | 1 << 6 | 1 << 7;
/// How much longer than the job's own timeout River waits before it steps in.
const STEP_IN: Duration = Duration::from_secs(15);
/// The key in a job's metadata that carries the attempt whose end is being recorded.
const FENCE: &str = "gw_attempt";

/// A queue on River's tables in a SQLite database.
pub struct River {
    pool: SqlitePool,
    /// The client at work in this process.
    client: Mutex<Option<Client>>,
}

impl fmt::Debug for River {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("River")
    }
}

impl River {
    /// The queue in this database.
    pub fn new(pool: SqlitePool) -> Self {
        Self {
            pool,
            client: Mutex::new(None),
        }
    }
}

impl JobEngine for River {
    fn migrate(&self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            let migrator = riverqueue::migrate::SqliteMigrator::new(self.pool.clone());
            migrator.migrate_up().await?;
            // An update that names an attempt other than the running one comes from a worker that was given up.
            sqlx::query(
                "CREATE TRIGGER IF NOT EXISTS gw_job_fence BEFORE UPDATE OF state ON river_job
                 WHEN OLD.state = 'running'
                  AND NEW.metadata ->> 'gw_attempt' IS NOT OLD.metadata ->> 'gw_attempt'
                  AND NEW.metadata ->> 'gw_attempt' <> OLD.attempt
                 BEGIN SELECT RAISE(IGNORE); END",
            )
            .execute(&self.pool)
            .await?;
            Ok(())
        })
    }

    fn insert<'a>(
        &'a self,
        tx: &'a mut SqliteConnection,
        job: &'a NewJob<'a>,
    ) -> BoxFuture<'a, Result<Enqueued>> {
        Box::pin(insert(tx, job))
    }

    fn unfinished<'a>(
        &'a self,
        tx: &'a mut SqliteConnection,
        ids: &'a [JobId],
    ) -> BoxFuture<'a, Result<Option<JobId>>> {
        Box::pin(async move {
            let ids = serde_json::to_string(ids)?;
            let found = sqlx::query_scalar(
                "SELECT id FROM river_job WHERE id IN (SELECT value FROM json_each(?))
                 AND finalized_at IS NULL ORDER BY id LIMIT 1",
            );
            Ok(found.bind(ids).fetch_optional(tx).await?)
        })
    }

    fn find(&self, id: JobId) -> BoxFuture<'_, Result<Option<JobInfo>>> {
        Box::pin(async move {
            let found = sqlx::query(
                "SELECT id, kind, json(args) AS args, queue, state, attempt, scheduled_at
                 FROM river_job WHERE id = ?",
            );
            let row = found.bind(id).fetch_optional(&self.pool).await?;
            row.as_ref().map(info).transpose()
        })
    }

    fn pending<'a>(&'a self, name: Option<&'a str>) -> BoxFuture<'a, Result<Vec<JobInfo>>> {
        Box::pin(async move {
            let found = sqlx::query(
                "SELECT id, kind, json(args) AS args, queue, state, attempt, scheduled_at
                 FROM river_job WHERE finalized_at IS NULL AND (?1 IS NULL OR kind = ?1)
                 ORDER BY scheduled_at, id LIMIT 1000",
            );
            let rows = found.bind(name).fetch_all(&self.pool).await?;
            rows.iter().map(info).collect()
        })
    }

    fn cancel(&self, id: JobId) -> BoxFuture<'_, Result<bool>> {
        Box::pin(async move {
            let client = Client::builder(self.pool.clone()).build()?;
            match client.jobs().cancel(id).await {
                Ok(job) => Ok(job.state == riverqueue::JobState::Cancelled
                    || job.state == riverqueue::JobState::Running),
                Err(riverqueue::Error::NotFound(_)) => Ok(false),
                Err(e) => Err(e.into()),
            }
        })
    }

    fn wake(&self) {
        let client = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(client) = &*client else { return };
        // A changed setting makes a queue look for work at once; a nanosecond of cooldown changes nothing else.
        for (name, queue) in client.local_queues().configs() {
            let cooldown = match queue.fetch_cooldown() {
                Some(cooldown) if cooldown == COOLDOWN => COOLDOWN + Duration::from_nanos(1),
                _ => COOLDOWN,
            };
            if let Err(e) = client
                .local_queues()
                .update(&name, queue.with_fetch_cooldown(cooldown))
            {
                tracing::debug!(queue = name, error = %e, "could not wake the queue; it polls");
            }
        }
    }

    fn take(
        &self,
        worker: &str,
        now: Timestamp,
        only: Option<JobId>,
    ) -> BoxFuture<'_, Result<Option<Attempt>>> {
        let worker = worker.to_owned();
        Box::pin(async move {
            let taken = sqlx::query(
                "UPDATE river_job SET attempt = attempt + 1, attempted_at = ?1, state = 'running',
                    attempted_by = jsonb(json_insert(coalesce(json(attempted_by), '[]'), '$[#]', ?2))
                 WHERE id = (SELECT id FROM river_job
                    WHERE CASE WHEN ?3 IS NULL THEN state IN ('available', 'scheduled', 'retryable')
                               ELSE id = ?3 AND state IN ('available', 'scheduled', 'retryable', 'pending') END
                      AND scheduled_at <= ?1
                    ORDER BY priority, scheduled_at, id LIMIT 1)
                 RETURNING id, kind, json(args) AS args, attempt, json(metadata) AS metadata",
            );
            let row = taken
                .bind(stamp(now))
                .bind(worker)
                .bind(only)
                .fetch_optional(&self.pool)
                .await?;
            row.as_ref().map(attempt).transpose()
        })
    }

    fn settle<'a>(
        &'a self,
        attempt: &'a Attempt,
        verdict: &'a Verdict,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(settle(&self.pool, attempt, verdict, now))
    }

    fn start(
        &self,
        jobs: &'static JobsDef,
        worker: &str,
        runner: Arc<dyn Runner>,
    ) -> Result<Box<dyn Working>> {
        let client = client(&self.pool, jobs, worker, runner)?;
        let handle = match client.local_queues().configs().is_empty() {
            true => None,
            false => Some(client.start()?),
        };
        *self.client.lock().unwrap_or_else(PoisonError::into_inner) = Some(client);
        Ok(Box::new(Run { handle }))
    }

    fn release<'a>(
        &'a self,
        worker: &'a str,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Vec<(JobId, u32)>>> {
        Box::pin(release(&self.pool, worker, now))
    }

    fn busy_workers(&self, jobs: &'static JobsDef) -> BoxFuture<'_, Result<Vec<String>>> {
        Box::pin(async move {
            let kinds: Vec<&str> = jobs.jobs.iter().map(|job| job.name).collect();
            let found = sqlx::query_scalar(
                "SELECT DISTINCT attempted_by ->> '$[#-1]' FROM river_job
                 WHERE state = 'running' AND attempted_by IS NOT NULL
                   AND kind IN (SELECT value FROM json_each(?))",
            );
            Ok(found
                .bind(serde_json::to_string(&kinds)?)
                .fetch_all(&self.pool)
                .await?)
        })
    }
}

async fn insert(tx: &mut SqliteConnection, job: &NewJob<'_>) -> Result<Enqueued> {
    let mut metadata = BTreeMap::new();
    if let Some((schedule, tick)) = job.tick {
        metadata.insert("gw_schedule", schedule.to_owned());
        metadata.insert("gw_tick", tick.to_string());
    }
    let key = job
        .key
        .map(|key| format!("gw:{}:{key}", job.job.name).into_bytes());
    let state = match job.held {
        true => "pending",
        false if job.at.duration_since(job.now) > AHEAD => "scheduled",
        false => "available",
    };
    let inserted = sqlx::query_scalar(
        "INSERT INTO river_job (args, created_at, kind, max_attempts, metadata, priority, queue,
                                scheduled_at, state, unique_key, unique_states)
         VALUES (jsonb(?), ?, ?, ?, jsonb(?), 2, ?, ?, ?, ?, ?)
         ON CONFLICT DO NOTHING RETURNING id",
    )
    .bind(job.args.to_string())
    .bind(stamp(job.now))
    .bind(job.job.name)
    .bind(i64::from(job.job.retry.max_attempts.max(1)))
    .bind(serde_json::to_string(&metadata)?)
    .bind(job.job.queue)
    .bind(stamp(job.at))
    .bind(state)
    .bind(&key)
    .bind(key.as_ref().map(|_| UNFINISHED))
    .fetch_optional(&mut *tx)
    .await?;
    if let Some(id) = inserted {
        sqlx::query(
            "INSERT INTO river_notification (payload, topic) VALUES (json_object('queue', ?), ?)",
        )
        .bind(job.job.queue)
        .bind(riverqueue::protocol::NOTIFICATION_TOPIC_INSERT)
        .execute(tx)
        .await?;
        return Ok(Enqueued { id, is_new: true });
    }
    let id = sqlx::query_scalar(
        "SELECT id FROM river_job WHERE unique_key = ? AND unique_states IS NOT NULL
         AND finalized_at IS NULL LIMIT 1",
    );
    let id = id.bind(key).fetch_one(tx).await?;
    Ok(Enqueued { id, is_new: false })
}

async fn settle(
    pool: &SqlitePool,
    attempt: &Attempt,
    verdict: &Verdict,
    now: Timestamp,
) -> Result<()> {
    let (state, wait, back, error) = match verdict {
        Verdict::Done => ("completed", Duration::ZERO, 0, None),
        // A short wait is not left to River's leader, which may be the one that died.
        Verdict::Retry { error, after } if *after <= SHORT => ("available", *after, 0, Some(error)),
        Verdict::Retry { error, after } => ("retryable", *after, 0, Some(error)),
        Verdict::Snooze(after) => ("scheduled", *after, 1, None),
        Verdict::Discard(reason) => ("discarded", Duration::ZERO, 0, Some(reason)),
        Verdict::Interrupted => ("available", Duration::ZERO, 1, None),
    };
    let settled = sqlx::query(
        "WITH next AS (SELECT CASE
            WHEN ?3 NOT IN ('completed', 'discarded') AND metadata ->> 'cancel_attempted_at' IS NOT NULL THEN 'cancelled'
            WHEN ?7 IS NOT NULL AND attempt >= max_attempts THEN 'discarded' ELSE ?3 END AS state
            FROM river_job WHERE id = ?1)
         UPDATE river_job SET state = (SELECT state FROM next), attempt = attempt - ?5, scheduled_at = ?4,
            finalized_at = CASE WHEN (SELECT state FROM next) IN ('completed', 'discarded', 'cancelled') THEN ?6 END,
            errors = CASE WHEN ?7 IS NULL THEN errors
                ELSE jsonb(json_insert(coalesce(json(errors), '[]'), '$[#]', json(?7))) END
         WHERE id = ?1 AND state = 'running' AND attempt = ?2",
    );
    settled
        .bind(attempt.id)
        .bind(i64::from(attempt.number))
        .bind(state)
        .bind(stamp(later(now, wait)))
        .bind(back)
        .bind(stamp(now))
        .bind(error.map(|error| failure(attempt.number, now, error)))
        .execute(pool)
        .await?;
    Ok(())
}

async fn release(pool: &SqlitePool, worker: &str, now: Timestamp) -> Result<Vec<(JobId, u32)>> {
    let found: Vec<(i64, i64)> = sqlx::query_as(
        "SELECT id, attempt FROM river_job WHERE state = 'running' AND attempted_by ->> '$[#-1]' = ?",
    )
    .bind(worker)
    .fetch_all(pool)
    .await?;
    let mut released = Vec::new();
    for (id, number) in found {
        let number = u32::try_from(number)?;
        let attempt = Attempt {
            id,
            job: String::new(),
            args: Value::Null,
            number,
            tick: None,
            cancel: CancellationToken::new(),
        };
        let lost = Verdict::Retry {
            error: format!("worker {worker} died"),
            after: Duration::ZERO,
        };
        settle(pool, &attempt, &lost, now).await?;
        released.push((id, number));
    }
    Ok(released)
}

/// As River writes times: UTC to the millisecond.
fn stamp(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S%.3f").to_string()
}

fn later(now: Timestamp, wait: Duration) -> Timestamp {
    now.checked_add(wait).unwrap_or(Timestamp::MAX)
}

/// An entry of River's list of failed attempts.
fn failure(attempt: u32, at: Timestamp, error: &str) -> String {
    serde_json::json!({"at": at, "attempt": attempt, "error": error, "trace": ""}).to_string()
}

fn info(row: &SqliteRow) -> Result<JobInfo> {
    let state = match row.try_get::<&str, _>("state")? {
        "completed" => JobState::Done,
        "discarded" => JobState::Discarded,
        "cancelled" => JobState::Cancelled,
        "running" => JobState::Running,
        _ => JobState::Waiting,
    };
    let at: &str = row.try_get("scheduled_at")?;
    Ok(JobInfo {
        id: row.try_get("id")?,
        job: row.try_get("kind")?,
        args: serde_json::from_str(row.try_get("args")?)?,
        queue: row.try_get("queue")?,
        state,
        attempts: u32::try_from(row.try_get::<i64, _>("attempt")?)?,
        at: format!("{}Z", at.replacen(' ', "T", 1)).parse()?,
    })
}

fn attempt(row: &SqliteRow) -> Result<Attempt> {
    let metadata: Value = serde_json::from_str(row.try_get("metadata")?)?;
    Ok(Attempt {
        id: row.try_get("id")?,
        job: row.try_get("kind")?,
        args: serde_json::from_str(row.try_get("args")?)?,
        number: u32::try_from(row.try_get::<i64, _>("attempt")?)?,
        tick: tick(
            metadata["gw_schedule"].as_str(),
            metadata["gw_tick"].as_str(),
        ),
        cancel: CancellationToken::new(),
    })
}

fn tick(schedule: Option<&str>, at: Option<&str>) -> Option<(String, Timestamp)> {
    Some((schedule?.to_owned(), at?.parse().ok()?))
}

// What riverqueue asks of its users.

/// As fast as riverqueue allows: with its default of 100 ms, ten slots run 52 jobs a second.
const COOLDOWN: Duration = riverqueue::FETCH_COOLDOWN_MIN;

thread_local! {
    /// The kinds that are being registered on this thread.
    static KINDS: Cell<&'static [&'static str]> = const { Cell::new(&[]) };
}

/// The arguments of any job. riverqueue wants a type for each kind; this one goes by all their names.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
struct AnyArgs(Value);

impl riverqueue::JobArgs for AnyArgs {
    const KIND: &'static str = "graphwright:any";

    fn kind_aliases() -> &'static [&'static str] {
        KINDS.get()
    }
}

fn client(
    pool: &SqlitePool,
    jobs: &'static JobsDef,
    worker: &str,
    runner: Arc<dyn Runner>,
) -> Result<Client> {
    let kinds: Vec<&'static str> = jobs.jobs.iter().map(|job| job.name).collect();
    // Once a process starts to work; riverqueue keeps the names for good.
    KINDS.set(kinds.leak());
    let mut workers = Workers::new();
    workers.add::<AnyArgs, _>(Bridge { jobs, runner })?;
    let mut builder = Client::builder(pool.clone())
        .id(worker)
        .fetch_cooldown(COOLDOWN)
        .fetch_only_known_kinds(true)
        .without_job_timeout()
        .workers(workers);
    for queue in jobs.queues.iter().filter(|queue| !queue.paused) {
        let poll = queue.poll.max(Duration::from_millis(10));
        let slots = QueueConfig::new(queue.concurrency.max(1) as usize);
        builder = builder.queue(queue.name, slots.with_fetch_poll_interval(poll));
    }
    Ok(builder.build()?)
}

/// From riverqueue's attempts to ours.
struct Bridge {
    jobs: &'static JobsDef,
    runner: Arc<dyn Runner>,
}

/// Why riverqueue should try again, and when.
#[derive(Debug)]
struct Again {
    error: String,
    after: Duration,
}

impl fmt::Display for Again {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.error)
    }
}

impl std::error::Error for Again {}

impl riverqueue::Worker<AnyArgs> for Bridge {
    type Error = riverqueue::BoxError;

    fn next_retry(&self, _: &Job<AnyArgs>, error: &WorkError, _: Timestamp) -> Option<Duration> {
        error.downcast_ref::<Again>().map(|again| again.after)
    }

    /// The runner ends an attempt at its timeout; River only sees to one that does not yield.
    fn timeout(&self, job: &Job<AnyArgs>) -> WorkerTimeout {
        let known = self
            .jobs
            .jobs
            .iter()
            .find(|known| known.name == job.row.kind);
        known.map_or(WorkerTimeout::Disabled, |job| {
            WorkerTimeout::After(job.timeout + STEP_IN)
        })
    }

    async fn work(
        &self,
        context: WorkContext,
        job: Job<AnyArgs>,
    ) -> std::result::Result<WorkOutcome, Self::Error> {
        context.metadata_set(FENCE, job.row.attempt)?;
        let text = |key: &str| job.row.metadata.get::<String>(key).ok().flatten();
        let attempt = Attempt {
            id: job.row.id,
            number: u32::try_from(job.row.attempt)?,
            tick: tick(text("gw_schedule").as_deref(), text("gw_tick").as_deref()),
            cancel: context.cancellation_token().clone(),
            job: job.row.kind,
            args: job.args.0,
        };
        match self.runner.run(attempt).await {
            Verdict::Done => Ok(WorkOutcome::Complete),
            Verdict::Retry { error, after } => Err(Again { error, after }.into()),
            Verdict::Snooze(after) => Ok(WorkOutcome::Snooze(after)),
            Verdict::Discard(_) => Ok(WorkOutcome::Discard),
            Verdict::Interrupted => Err(WorkCancelled.into()),
        }
    }
}

struct Run {
    /// None if all queues are paused.
    handle: Option<RunHandle>,
}

impl Working for Run {
    fn stop(self: Box<Self>, grace: Duration) -> BoxFuture<'static, Result<()>> {
        Box::pin(async move {
            let Some(mut handle) = self.handle else {
                return Ok(());
            };
            let stopper = handle.stopper();
            stopper.stop();
            let stopped = tokio::time::timeout(grace, handle.wait()).await;
            let stopped = match stopped {
                Ok(stopped) => stopped,
                Err(_) => {
                    stopper.stop_and_cancel();
                    handle.wait().await
                }
            };
            stopped.map_err(Error::from)
        })
    }
}
