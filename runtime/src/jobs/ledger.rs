//! The tick ledger: what became of each tick of a schedule, decided once and in the transaction that inserts the job.
//!
//! In: a schedule, the time now, an engine. Out: rows of `gw_job_tick`, jobs. Must not know: sleeping, workers.
//!
//! Any number of processes may decide the same schedule at the same time. A decision reads how far the schedule is
//! decided, writes the ticks from there to now, and moves that mark, all under SQLite's write lock; so each tick is
//! decided by whoever comes first, and a process that dies in the middle has decided nothing. The mark never moves
//! back, so a clock that goes back fires nothing twice.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};
use sqlx::{SqliteConnection, SqlitePool};

use super::def::{JobDef, Overlap, ScheduleDef};
use super::engine::{JobEngine, JobId, NewJob};
use super::timing::Trigger;
use crate::Result;

/// A missed tick that is older than this does not run any more.
const CATCH_UP: SignedDuration = SignedDuration::from_hours(24);
/// How far back missed ticks are looked for, and how many are recorded at most.
const LOOK_BACK: SignedDuration = SignedDuration::from_hours(7 * 24);
const RECORDED: usize = 1000;

/// A schedule with all that deciding it needs.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) job: &'static JobDef,
    pub(super) schedule: &'static ScheduleDef,
    pub(super) trigger: Trigger,
    pub(super) args: serde_json::Value,
}

impl Entry {
    /// What the times are computed from; when it changes, ticks of the past are not the new schedule's.
    fn timing(&self) -> String {
        match self.job.enabled {
            true => format!("{:?} {}", self.schedule.timing, self.schedule.timezone),
            false => "off".to_owned(),
        }
    }
}

/// What became of a tick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tick {
    /// The schedule.
    pub schedule: &'static str,
    /// The time that the schedule meant.
    pub fire_at: Timestamp,
    /// The job, if one was enqueued.
    pub job_id: Option<JobId>,
    /// Why none was.
    pub reason: Option<String>,
}

/// Decides the ticks of a schedule up to `now`, those that other processes have not decided.
pub(super) async fn decide(
    pool: &SqlitePool,
    engine: &dyn JobEngine,
    entry: &Entry,
    now: Timestamp,
) -> Result<Vec<Tick>> {
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
    let since = decided_until(&mut tx, entry, now).await?;
    let mut ticks = match entry.job.enabled {
        true => missed(entry, since.max(now - LOOK_BACK), now),
        false => Vec::new(),
    };
    if let Some(last) = ticks.last_mut()
        && now.duration_since(last.fire_at) <= CATCH_UP
    {
        fire(&mut tx, engine, entry, now, last).await?;
    }
    for tick in &ticks {
        record(&mut tx, tick, now).await?;
    }
    if let Some(last) = ticks.last() {
        let moved = sqlx::query("UPDATE gw_schedule SET decided_until = ? WHERE schedule = ?");
        let moved = moved
            .bind(last.fire_at.as_millisecond())
            .bind(entry.schedule.id);
        moved.execute(&mut *tx).await?;
    }
    tx.commit().await?;
    Ok(ticks)
}

/// How far the schedule is decided; a schedule that is new or changed begins now.
async fn decided_until(
    tx: &mut SqliteConnection,
    entry: &Entry,
    now: Timestamp,
) -> Result<Timestamp> {
    let known: Option<(String, i64)> =
        sqlx::query_as("SELECT timing, decided_until FROM gw_schedule WHERE schedule = ?")
            .bind(entry.schedule.id)
            .fetch_optional(&mut *tx)
            .await?;
    let timing = entry.timing();
    let until = match &known {
        Some((old, until)) if *old == timing => return Ok(Timestamp::from_millisecond(*until)?),
        Some((_, until)) => now.max(Timestamp::from_millisecond(*until)?),
        None => now,
    };
    let begun = sqlx::query(
        "INSERT INTO gw_schedule (schedule, timing, decided_until) VALUES (?1, ?2, ?3)
         ON CONFLICT (schedule) DO UPDATE SET timing = ?2, decided_until = ?3",
    );
    let begun = begun
        .bind(entry.schedule.id)
        .bind(timing)
        .bind(until.as_millisecond());
    begun.execute(tx).await?;
    Ok(until)
}

/// The ticks later than `since` up to `now`, all skipped so far. Only the last ones are kept if there are very many.
fn missed(entry: &Entry, since: Timestamp, now: Timestamp) -> Vec<Tick> {
    let next = |at: &Timestamp| entry.trigger.next_after(*at).filter(|at| *at <= now);
    let mut ticks = VecDeque::new();
    for fire_at in std::iter::successors(next(&since), next) {
        if ticks.len() == RECORDED {
            ticks.pop_front();
        }
        ticks.push_back(Tick {
            schedule: entry.schedule.id,
            fire_at,
            job_id: None,
            reason: Some("missed: no scheduler was running".to_owned()),
        });
    }
    ticks.into()
}

async fn fire(
    tx: &mut SqliteConnection,
    engine: &dyn JobEngine,
    entry: &Entry,
    now: Timestamp,
    tick: &mut Tick,
) -> Result<()> {
    if entry.job.overlap == Overlap::Skip
        && let Some(id) = unfinished(tx, engine, entry.schedule.id).await?
    {
        tick.reason = Some(format!("overlap: job {id} is not finished"));
        return Ok(());
    }
    let job = NewJob {
        job: entry.job,
        args: &entry.args,
        now,
        at: now,
        key: None,
        tick: Some((entry.schedule.id, tick.fire_at)),
        held: false,
    };
    tick.job_id = Some(engine.insert(tx, &job).await?.id);
    tick.reason = None;
    Ok(())
}

async fn unfinished(
    tx: &mut SqliteConnection,
    engine: &dyn JobEngine,
    schedule: &str,
) -> Result<Option<JobId>> {
    let ids: Vec<JobId> = sqlx::query_scalar(
        "SELECT job_id FROM gw_job_tick WHERE schedule = ? AND job_id IS NOT NULL
         ORDER BY fire_at DESC LIMIT 100",
    )
    .bind(schedule)
    .fetch_all(&mut *tx)
    .await?;
    engine.unfinished(tx, &ids).await
}

async fn record(tx: &mut SqliteConnection, tick: &Tick, now: Timestamp) -> Result<()> {
    let recorded = sqlx::query(
        "INSERT INTO gw_job_tick (schedule, fire_at, outcome, reason, job_id, decided_at)
         VALUES (?, ?, ?, ?, ?, ?)",
    );
    let outcome = if tick.job_id.is_some() {
        "enqueued"
    } else {
        "skipped"
    };
    recorded
        .bind(tick.schedule)
        .bind(tick.fire_at.as_millisecond())
        .bind(outcome)
        .bind(&tick.reason)
        .bind(tick.job_id)
        .bind(now.as_millisecond())
        .execute(tx)
        .await?;
    Ok(())
}

/// When each schedule fired last: `(schedule, fire_at)`.
pub(super) async fn last_ticks(pool: &SqlitePool) -> Result<Vec<(String, Timestamp)>> {
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "SELECT schedule, max(fire_at) FROM gw_job_tick WHERE job_id IS NOT NULL GROUP BY schedule",
    )
    .fetch_all(pool)
    .await?;
    let ticks = rows.into_iter();
    ticks
        .map(|(schedule, at)| Ok((schedule, Timestamp::from_millisecond(at)?)))
        .collect()
}
