//! Records of runs: every attempt with its end, its error and what it logged.
//!
//! In: the begin and the end of attempts. Out: rows of `gw_job_run`, history. Must not know: queues, schedules.
//!
//! Writes are gathered and committed together by one task, so that records do not cost a commit for each attempt.

use std::time::Duration;

use jiff::Timestamp;
use sqlx::sqlite::{SqlitePool, SqliteRow};
use sqlx::{Row as _, SqliteConnection};
use tokio::sync::{mpsc, oneshot};

use super::engine::{Attempt, JobId};
use crate::Result;

/// How long records are gathered, and how many at most, before they are written.
const GATHER: Duration = Duration::from_millis(10);
const BATCH: usize = 1000;

/// A run as history shows it.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RunInfo {
    /// The job's number.
    pub job_id: JobId,
    /// The job's name.
    pub job: String,
    /// Counted from 1.
    pub attempt: u32,
    /// The schedule that it came from.
    pub schedule: Option<String>,
    /// The tick that it stands for.
    pub tick: Option<Timestamp>,
    /// The process that ran it.
    pub worker: String,
    /// `running`, `completed`, `failed`, `snoozed`, `discarded`, `interrupted` or `lost`.
    pub state: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// Why it failed, with internals: for operators only.
    pub error: Option<String>,
    /// What it logged, up to 64 KiB.
    pub log: String,
}

/// Something to be written.
#[derive(Debug)]
enum Entry {
    Begin {
        attempt: Attempt,
        worker: String,
        at: Timestamp,
    },
    End {
        job_id: JobId,
        attempt: u32,
        worker: String,
        state: &'static str,
        error: Option<String>,
        log: String,
        at: Timestamp,
    },
    Flush(oneshot::Sender<()>),
}

/// Where runs are recorded. Clones write to the same task.
#[derive(Debug, Clone)]
pub(super) struct Runs {
    entries: mpsc::UnboundedSender<Entry>,
}

impl Runs {
    /// Starts the task that writes; it ends when the last clone is dropped.
    pub(super) fn start(pool: SqlitePool) -> Self {
        let (entries, mut inbox) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            let mut batch = Vec::new();
            while inbox.recv_many(&mut batch, BATCH).await > 0 {
                if !batch.iter().any(|entry| matches!(entry, Entry::Flush(_))) {
                    tokio::time::sleep(GATHER).await;
                    while batch.len() < BATCH
                        && let Ok(entry) = inbox.try_recv()
                    {
                        batch.push(entry);
                    }
                }
                if let Err(e) = write(&pool, &batch).await {
                    tracing::error!(error = %e, runs = batch.len(), "could not record runs");
                }
                for entry in batch.drain(..) {
                    if let Entry::Flush(done) = entry {
                        let _ = done.send(());
                    }
                }
            }
        });
        Self { entries }
    }

    pub(super) fn begin(&self, attempt: &Attempt, worker: &str, at: Timestamp) {
        self.send(Entry::Begin {
            attempt: attempt.clone(),
            worker: worker.to_owned(),
            at,
        });
    }

    pub(super) fn end(
        &self,
        attempt: &Attempt,
        worker: &str,
        at: Timestamp,
        (state, error): (&'static str, Option<String>),
        log: String,
    ) {
        self.send(Entry::End {
            job_id: attempt.id,
            attempt: attempt.number,
            worker: worker.to_owned(),
            state,
            error,
            log,
            at,
        });
    }

    /// Waits until all that was recorded before is written.
    pub(super) async fn flush(&self) {
        let (done, written) = oneshot::channel();
        self.send(Entry::Flush(done));
        let _ = written.await;
    }

    fn send(&self, entry: Entry) {
        if self.entries.send(entry).is_err() {
            tracing::error!("the task that records runs is gone");
        }
    }
}

async fn write(pool: &SqlitePool, batch: &[Entry]) -> Result<()> {
    if batch.iter().all(|entry| matches!(entry, Entry::Flush(_))) {
        return Ok(());
    }
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
    for entry in batch {
        write_one(&mut tx, entry).await?;
    }
    tx.commit().await?;
    Ok(())
}

async fn write_one(tx: &mut SqliteConnection, entry: &Entry) -> Result<()> {
    match entry {
        Entry::Begin {
            attempt,
            worker,
            at,
        } => {
            let tick = attempt.tick.as_ref();
            let begun = sqlx::query(
                "INSERT INTO gw_job_run (job_id, job, attempt, schedule, tick, worker, state, started_at)
                 VALUES (?, ?, ?, ?, ?, ?, 'running', ?)",
            );
            begun
                .bind(attempt.id)
                .bind(&attempt.job)
                .bind(i64::from(attempt.number))
                .bind(tick.map(|(schedule, _)| schedule))
                .bind(tick.map(|(_, at)| at.as_millisecond()))
                .bind(worker)
                .bind(at.as_millisecond())
                .execute(tx)
                .await?;
        }
        Entry::End {
            job_id,
            attempt,
            worker,
            state,
            error,
            log,
            at,
        } => {
            let ended = sqlx::query(
                "UPDATE gw_job_run SET state = ?, error = ?, log = ?, finished_at = ?
                 WHERE job_id = ? AND attempt = ? AND worker = ? AND state = 'running'",
            );
            ended
                .bind(*state)
                .bind(error)
                .bind(log)
                .bind(at.as_millisecond())
                .bind(job_id)
                .bind(i64::from(*attempt))
                .bind(worker)
                .execute(tx)
                .await?;
        }
        Entry::Flush(_) => {}
    }
    Ok(())
}

/// The last `limit` runs, newest first; of one job, or of all.
pub(super) async fn history(
    pool: &SqlitePool,
    job: Option<&str>,
    limit: u32,
) -> Result<Vec<RunInfo>> {
    let found = sqlx::query(
        "SELECT * FROM gw_job_run WHERE ?1 IS NULL OR job = ?1 ORDER BY id DESC LIMIT ?2",
    );
    let rows = found.bind(job).bind(limit).fetch_all(pool).await?;
    rows.iter().map(info).collect()
}

/// Marks the run of an attempt whose worker died.
pub(super) async fn lost(pool: &SqlitePool, worker: &str, now: Timestamp) -> Result<()> {
    let lost = sqlx::query(
        "UPDATE gw_job_run SET state = 'lost', error = 'the process died', finished_at = ?
         WHERE worker = ? AND state = 'running'",
    );
    lost.bind(now.as_millisecond())
        .bind(worker)
        .execute(pool)
        .await?;
    Ok(())
}

/// Deletes records of runs and ticks from before a time.
pub(super) async fn prune(pool: &SqlitePool, before: Timestamp) -> Result<()> {
    for prune in [
        "DELETE FROM gw_job_run WHERE started_at < ? AND state <> 'running'",
        "DELETE FROM gw_job_tick WHERE fire_at < ?",
    ] {
        sqlx::query(prune)
            .bind(before.as_millisecond())
            .execute(pool)
            .await?;
    }
    Ok(())
}

fn info(row: &SqliteRow) -> Result<RunInfo> {
    let time = |column: &str| -> Result<Option<Timestamp>> {
        let at: Option<i64> = row.try_get(column)?;
        Ok(at.map(Timestamp::from_millisecond).transpose()?)
    };
    Ok(RunInfo {
        job_id: row.try_get("job_id")?,
        job: row.try_get("job")?,
        attempt: u32::try_from(row.try_get::<i64, _>("attempt")?)?,
        schedule: row.try_get("schedule")?,
        tick: time("tick")?,
        worker: row.try_get("worker")?,
        state: row.try_get("state")?,
        started_at: time("started_at")?.unwrap_or_default(),
        finished_at: time("finished_at")?,
        error: row.try_get("error")?,
        log: row.try_get("log")?,
    })
}
