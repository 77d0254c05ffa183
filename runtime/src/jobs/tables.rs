//! The tables that the scheduler, the run records and the heartbeats live in.
//!
//! In: a connection. Out: nothing. Must not know: what is written to them.

use sqlx::SqlitePool;

use crate::Result;

/// Times are milliseconds since 1970-01-01T00:00:00Z.
const TABLES: &[&str] = &[
    // How far each schedule is decided: every tick up to and including this time has its row below or came before the
    // schedule was known. `timing` is what the times were computed from.
    "CREATE TABLE IF NOT EXISTS gw_schedule (
        schedule TEXT PRIMARY KEY,
        timing TEXT NOT NULL,
        decided_until INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID",
    // What became of each tick. The primary key is the promise that none fires twice.
    "CREATE TABLE IF NOT EXISTS gw_job_tick (
        schedule TEXT NOT NULL,
        fire_at INTEGER NOT NULL,
        outcome TEXT NOT NULL CHECK (outcome IN ('enqueued', 'skipped')),
        reason TEXT,
        job_id INTEGER,
        decided_at INTEGER NOT NULL,
        PRIMARY KEY (schedule, fire_at)
    ) STRICT, WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS gw_job_run (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        job_id INTEGER NOT NULL,
        job TEXT NOT NULL,
        attempt INTEGER NOT NULL,
        schedule TEXT,
        tick INTEGER,
        worker TEXT NOT NULL,
        state TEXT NOT NULL,
        started_at INTEGER NOT NULL,
        finished_at INTEGER,
        error TEXT,
        log TEXT NOT NULL DEFAULT ''
    ) STRICT",
    "CREATE INDEX IF NOT EXISTS gw_job_run_job ON gw_job_run (job, id)",
    "CREATE INDEX IF NOT EXISTS gw_job_run_job_id ON gw_job_run (job_id, attempt)",
    "CREATE TABLE IF NOT EXISTS gw_worker (
        worker TEXT PRIMARY KEY,
        beat INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID",
];

/// Makes the tables that are missing.
pub(super) async fn create(pool: &SqlitePool) -> Result<()> {
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
    for table in TABLES {
        sqlx::query(*table).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    Ok(())
}
