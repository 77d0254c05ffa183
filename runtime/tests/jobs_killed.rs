//! Processes that schedule and work are killed at random moments (SIGKILL), two at a time, on one database:
//! every tick is decided once, every decided tick has its job, and every job runs.
#![cfg(all(unix, feature = "jobs", feature = "testing"))]
#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use graphwright::clock::Clock;
use graphwright::jobs::{
    Backoff, JobContext, JobDef, JobHandler, JobResult, JobState, Jobs, JobsDef, Outcome, Overlap,
    QueueDef, RetryDef, ScheduleDef, Timing,
};
use graphwright::model::Db;
use jiff::Timestamp;

const PERIOD: i64 = 100;
/// Where the child finds the database; a test run without it is not a child.
const VARIABLE: &str = "GRAPHWRIGHT_TEST_DB";

/// A job of the child hangs if it finds this variable.
const HANG: &str = "GRAPHWRIGHT_TEST_HANG";

static DEF: JobsDef = JobsDef {
    queues: &[QueueDef {
        name: "default",
        concurrency: 4,
        poll: Duration::from_millis(100),
        paused: false,
    }],
    jobs: &[JobDef {
        name: "mark",
        description: "",
        enabled: true,
        args: &[],
        schedules: &[ScheduleDef {
            id: "mark",
            timing: Timing::Every(Duration::from_millis(PERIOD as u64)),
            timezone: "UTC",
            args: "{}",
        }],
        queue: "default",
        timeout: Duration::from_secs(10),
        retry: RetryDef {
            max_attempts: 100,
            backoff: Backoff::Fixed,
            base: Duration::from_millis(1),
            max: Duration::from_millis(1),
            jitter: 0.0,
        },
        overlap: Overlap::Allow,
    }],
};

/// Writes a row for each attempt.
struct Mark;

impl JobHandler for Mark {
    fn run_job<'a>(
        &'a self,
        _: &'a str,
        cx: &'a JobContext,
        _: serde_json::Value,
    ) -> BoxFuture<'a, JobResult> {
        Box::pin(async move {
            if std::env::var_os(HANG).is_some() {
                std::future::pending::<()>().await;
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
            sqlx::query("INSERT INTO mark (job_id, attempt) VALUES (?, ?)")
                .bind(cx.job_id())
                .bind(i64::from(cx.attempt()))
                .execute(cx.db().pool())
                .await?;
            Ok(Outcome::Done)
        })
    }
}

async fn jobs(path: &Path) -> Jobs {
    let db = Db::open(path.to_str().unwrap()).await.unwrap();
    Jobs::new(&DEF, db, Clock::system())
}

/// What the killed processes do. As a test of its own it only shows that nobody asked for a child.
#[tokio::test(flavor = "multi_thread")]
async fn child() {
    let Ok(path) = std::env::var(VARIABLE) else {
        return;
    };
    let jobs = jobs(Path::new(&path)).await;
    let _worker = jobs.start(Arc::new(Mark), true).await.unwrap();
    std::future::pending::<()>().await;
}

fn command(path: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "child", "--nocapture"])
        .env(VARIABLE, path)
        .stdout(Stdio::null());
    command
}

fn spawn(path: &Path) -> Child {
    command(path).spawn().unwrap()
}

/// A database of its own with the tables.
async fn prepared() -> (PathBuf, Jobs) {
    let name = format!("graphwright-killed-{}.db", uuid::Uuid::new_v4().simple());
    let path = std::env::temp_dir().join(name);
    let jobs = jobs(&path).await;
    jobs.migrate().await.unwrap();
    sqlx::query("CREATE TABLE mark (job_id INTEGER, attempt INTEGER)")
        .execute(jobs.db().pool())
        .await
        .unwrap();
    (path, jobs)
}

async fn clear(path: PathBuf, jobs: Jobs) {
    jobs.db().close().await;
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{end}", path.display()));
    }
}

async fn orphans(jobs: &Jobs) -> Vec<i64> {
    let pending = jobs.engine().pending(None).await.unwrap();
    let running = pending.iter().filter(|job| job.state == JobState::Running);
    running.map(|job| job.id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_jobs_of_a_dead_worker_run_again_within_half_a_minute() {
    let (path, jobs) = prepared().await;
    jobs.tick().await.unwrap();
    let mut child = command(&path).env(HANG, "1").spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    // Records of runs are written a moment after the runs begin.
    while orphans(&jobs).await.len() < 4 || jobs.history(None, 10).await.unwrap().len() < 4 {
        assert!(Instant::now() < deadline, "the child took no jobs");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let killed = Instant::now();
    let orphans = orphans(&jobs).await;
    let worker = jobs.start(Arc::new(Mark), false).await.unwrap();
    for id in orphans {
        while jobs.find(id).await.unwrap().unwrap().state != JobState::Done {
            assert!(
                killed.elapsed() < Duration::from_secs(30),
                "job {id} is still an orphan"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(jobs.find(id).await.unwrap().unwrap().attempts, 2);
    }
    worker.stop(Duration::from_secs(5)).await.unwrap();
    let lost = jobs.history(None, 1000).await.unwrap();
    assert_eq!(lost.iter().filter(|run| run.state == "lost").count(), 4);
    clear(path, jobs).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_tick_is_lost_and_none_is_doubled() {
    let (path, jobs) = prepared().await;
    let pool = jobs.db().pool();
    jobs.tick().await.unwrap();

    let mut children = [spawn(&path), spawn(&path)];
    for round in 0..24u64 {
        // 60 to 560 ms, drawn from the round's number.
        let wait = 60 + (round.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) % 500;
        tokio::time::sleep(Duration::from_millis(wait)).await;
        let victim = &mut children[round as usize % 2];
        victim.kill().unwrap();
        victim.wait().unwrap();
        *victim = spawn(&path);
    }
    for child in &mut children {
        child.kill().unwrap();
        child.wait().unwrap();
    }
    jobs.tick().await.unwrap();

    // Each tick between the first and the last one was decided, once.
    let ticks: Vec<(i64, Option<i64>)> =
        sqlx::query_as("SELECT fire_at, job_id FROM gw_job_tick ORDER BY fire_at")
            .fetch_all(pool)
            .await
            .unwrap();
    assert!(ticks.len() > 50, "only {} ticks", ticks.len());
    assert!(
        ticks.windows(2).all(|pair| pair[1].0 - pair[0].0 == PERIOD),
        "a hole: {ticks:?}"
    );

    // The jobs are those of the ticks, one each, and know them.
    let fired: BTreeMap<i64, i64> = ticks
        .iter()
        .filter_map(|tick| Some((tick.1?, tick.0)))
        .collect();
    let kept: Vec<(i64, String)> =
        sqlx::query_as("SELECT id, metadata ->> 'gw_tick' FROM river_job")
            .fetch_all(pool)
            .await
            .unwrap();
    let millis = |tick: String| tick.parse::<Timestamp>().unwrap().as_millisecond();
    let kept: BTreeMap<i64, i64> = kept
        .into_iter()
        .map(|(id, tick)| (id, millis(tick)))
        .collect();
    assert_eq!(fired, kept);

    // The jobs of the dead are given back and all run; here at once, without waiting for the heartbeats.
    for dead in jobs.engine().busy_workers(&DEF).await.unwrap() {
        jobs.engine()
            .release(&dead, jobs.clock().now())
            .await
            .unwrap();
    }
    let worker = jobs.start(Arc::new(Mark), false).await.unwrap();
    let deadline = Instant::now() + Duration::from_secs(30);
    while !jobs.engine().pending(None).await.unwrap().is_empty() {
        assert!(Instant::now() < deadline);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    worker.stop(Duration::from_secs(5)).await.unwrap();
    let marked: Vec<i64> = sqlx::query_scalar("SELECT DISTINCT job_id FROM mark ORDER BY job_id")
        .fetch_all(pool)
        .await
        .unwrap();
    assert_eq!(marked, fired.into_keys().collect::<Vec<_>>());
    let doubled: i64 =
        sqlx::query_scalar("SELECT count(*) - count(DISTINCT job_id * 1000 + attempt) FROM mark")
            .fetch_one(pool)
            .await
            .unwrap();
    assert_eq!(doubled, 0, "an attempt ran twice");

    clear(path, jobs).await;
}
