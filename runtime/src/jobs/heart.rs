//! Signs of life of the processes that run jobs, and what follows when they stop.
//!
//! In: the tables, an engine. Out: jobs of dead workers, given back. Must not know: what jobs do.
//!
//! Each process counts up a number. Every process watches the numbers of the others; one that has stood still for
//! [`PATIENCE`] by the watcher's own monotonic clock belongs to a dead process. The time of day plays no part, so
//! setting it kills nobody. The heart has a thread of its own: code that blocks the runtime does not stop it.

use std::collections::HashMap;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use jiff::SignedDuration;
use sqlx::SqlitePool;
use tokio_util::sync::CancellationToken;

use super::handle::Jobs;
use super::runs;
use crate::Result;

/// Between two beats, and two looks at the others.
const BEAT: Duration = Duration::from_secs(2);
/// A heart that stood still for so long is dead. With a beat and a look, jobs are back within half a minute.
const PATIENCE: Duration = Duration::from_secs(20);
/// Records are kept for so long.
const KEEP: SignedDuration = SignedDuration::from_hours(90 * 24);

/// A beating heart; it stops when dropped.
pub(super) struct Heart {
    stop: CancellationToken,
    thread: Option<JoinHandle<()>>,
}

impl Heart {
    /// Begins to beat for a worker, and to watch the others.
    ///
    /// # Errors
    ///
    /// If the database or the thread fails.
    pub(super) async fn start(jobs: &Jobs, worker: &str) -> Result<Self> {
        beat(jobs.db().pool(), worker).await?;
        let stop = CancellationToken::new();
        let thread = std::thread::Builder::new().name("graphwright-heart".to_owned());
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (jobs, worker, until) = (jobs.clone(), Arc::<str>::from(worker), stop.clone());
        let thread = thread.spawn(move || runtime.block_on(live(jobs, worker, until)))?;
        Ok(Self {
            stop,
            thread: Some(thread),
        })
    }

    /// Stops the heart, and signs the worker off.
    pub(super) async fn stop(mut self) {
        self.stop.cancel();
        if let Some(thread) = self.thread.take() {
            let joined = tokio::task::spawn_blocking(move || thread.join()).await;
            if !matches!(joined, Ok(Ok(()))) {
                tracing::error!("the heart of the worker panicked");
            }
        }
    }
}

impl Drop for Heart {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn live(jobs: Jobs, worker: Arc<str>, stop: CancellationToken) {
    let mut others = Others::default();
    let mut pruned = Instant::now();
    while !stop.is_cancelled() {
        tokio::select! {
            () = stop.cancelled() => break,
            () = tokio::time::sleep(BEAT) => {}
        }
        if let Err(e) = turn(&jobs, &worker, &mut others).await {
            tracing::warn!(error = %e, "a heartbeat failed");
        }
        if pruned.elapsed() > Duration::from_secs(3600) {
            pruned = Instant::now();
            if let Err(e) = runs::prune(jobs.db().pool(), jobs.clock().now() - KEEP).await {
                tracing::warn!(error = %e, "could not delete old records of runs");
            }
        }
    }
    let gone = sqlx::query("DELETE FROM gw_worker WHERE worker = ?").bind(&*worker);
    if let Err(e) = gone.execute(jobs.db().pool()).await {
        tracing::warn!(error = %e, "could not sign the worker off");
    }
}

async fn turn(jobs: &Jobs, worker: &str, others: &mut Others) -> Result<()> {
    beat(jobs.db().pool(), worker).await?;
    let beats: Vec<(String, i64)> = sqlx::query_as("SELECT worker, beat FROM gw_worker")
        .fetch_all(jobs.db().pool())
        .await?;
    let mut beats: HashMap<String, Option<i64>> =
        beats.into_iter().map(|(w, b)| (w, Some(b))).collect();
    // A worker that runs jobs and has no row is watched too.
    for busy in jobs.engine().busy_workers(jobs.def()).await? {
        beats.entry(busy).or_default();
    }
    beats.remove(worker);
    for dead in others.watch(beats, Instant::now()) {
        bury(jobs, &dead).await?;
    }
    Ok(())
}

async fn beat(pool: &SqlitePool, worker: &str) -> Result<()> {
    let beat = sqlx::query(
        "INSERT INTO gw_worker (worker, beat) VALUES (?, 1) ON CONFLICT (worker) DO UPDATE SET beat = beat + 1",
    );
    beat.bind(worker).execute(pool).await?;
    Ok(())
}

async fn bury(jobs: &Jobs, worker: &str) -> Result<()> {
    let (pool, now) = (jobs.db().pool(), jobs.clock().now());
    let released = jobs.engine().release(worker, now).await?;
    runs::lost(pool, worker, now).await?;
    let gone = sqlx::query("DELETE FROM gw_worker WHERE worker = ?").bind(worker);
    gone.execute(pool).await?;
    if !released.is_empty() {
        tracing::warn!(
            worker,
            jobs = released.len(),
            "a worker died; its jobs run again"
        );
        jobs.wake();
    }
    Ok(())
}

/// What was last seen of the others, and when it was first seen.
#[derive(Default)]
struct Others {
    seen: HashMap<String, (Option<i64>, Instant)>,
}

impl Others {
    /// The workers whose beat stood still for too long.
    fn watch(&mut self, beats: HashMap<String, Option<i64>>, now: Instant) -> Vec<String> {
        self.seen.retain(|worker, _| beats.contains_key(worker));
        let mut dead = Vec::new();
        for (worker, beat) in beats {
            let seen = self.seen.entry(worker.clone()).or_insert((beat, now));
            if seen.0 != beat {
                *seen = (beat, now);
            } else if now.duration_since(seen.1) >= PATIENCE {
                dead.push(worker);
            }
        }
        dead
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beat_that_stands_still_is_a_death() {
        let start = Instant::now();
        let after = |seconds| start + Duration::from_secs(seconds);
        let beats = |a, b| HashMap::from([("a".to_owned(), Some(a)), ("b".to_owned(), b)]);
        let mut others = Others::default();
        assert!(others.watch(beats(1, None), start).is_empty());
        assert!(others.watch(beats(2, None), after(19)).is_empty());
        assert_eq!(others.watch(beats(3, None), after(20)), ["b"]);
        assert_eq!(
            others.watch(HashMap::from([("a".to_owned(), Some(3))]), after(41)),
            ["a"]
        );
    }
}
