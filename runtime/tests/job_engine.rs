//! What any job queue must do, whatever it is made of: the suite that an engine passes before it is used.
#![cfg(feature = "jobs")]
#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use graphwright::clock::Clock;
use graphwright::jobs::{
    Attempt, Backoff, Enqueued, JobDef, JobEngine, JobState, JobsDef, NewJob, Overlap, QueueDef,
    RetryDef, River, Runner, Verdict,
};
use graphwright::model::Db;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

static JOBS: JobsDef = JobsDef {
    queues: &[QueueDef {
        name: "default",
        concurrency: 4,
        poll: Duration::from_millis(500),
        paused: false,
    }],
    jobs: &[job("plain"), job("other")],
};

/// One that looks for jobs once an hour, unless it is woken.
static PATIENT: JobsDef = JobsDef {
    queues: &[QueueDef {
        poll: Duration::from_secs(3600),
        ..JOBS.queues[0]
    }],
    jobs: JOBS.jobs,
};

const fn job(name: &'static str) -> JobDef {
    JobDef {
        name,
        description: "",
        enabled: true,
        args: &[],
        schedules: &[],
        queue: "default",
        timeout: Duration::from_secs(60),
        retry: RetryDef {
            max_attempts: 3,
            backoff: Backoff::Fixed,
            base: Duration::from_millis(10),
            max: Duration::from_millis(10),
            jitter: 0.0,
        },
        overlap: Overlap::Allow,
    }
}

/// An engine under test, with the database that it and its callers share.
struct Bench {
    db: Db,
    engine: Box<dyn JobEngine>,
}

/// Every engine there is.
async fn engines() -> Vec<Bench> {
    let db = Db::temporary().await.unwrap();
    let engine = Box::new(River::new(db.pool().clone()));
    engine.migrate().await.unwrap();
    engine.migrate().await.unwrap();
    vec![Bench { db, engine }]
}

fn new_job<'a>(args: &'a serde_json::Value, now: Timestamp) -> NewJob<'a> {
    NewJob {
        job: &JOBS.jobs[0],
        args,
        now,
        at: now,
        key: None,
        tick: None,
        held: false,
    }
}

impl Bench {
    async fn insert(&self, job: &NewJob<'_>) -> Enqueued {
        let mut tx = self.db.pool().begin_with("BEGIN IMMEDIATE").await.unwrap();
        let enqueued = self.engine.insert(&mut tx, job).await.unwrap();
        tx.commit().await.unwrap();
        enqueued
    }

    async fn plain(&self, n: u64) -> i64 {
        self.insert(&new_job(&json!({ "n": n }), Timestamp::now()))
            .await
            .id
    }

    async fn state(&self, id: i64) -> JobState {
        self.engine.find(id).await.unwrap().unwrap().state
    }

    async fn until(&self, id: i64, state: JobState) {
        eventually(async || self.state(id).await == state).await;
    }
}

/// Polls until it holds; fails after ten seconds.
async fn eventually(mut holds: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !holds().await {
        assert!(Instant::now() < deadline, "it never held");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Answers by a function, and remembers the attempts.
struct Script<F> {
    answer: F,
    seen: Mutex<Vec<Attempt>>,
    running: AtomicUsize,
    most: AtomicUsize,
}

impl<F: Fn(&Attempt) -> BoxFuture<'static, Verdict> + Send + Sync + 'static> Script<F> {
    fn new(answer: F) -> Arc<Self> {
        Arc::new(Self {
            answer,
            seen: Mutex::default(),
            running: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
        })
    }

    fn seen(&self) -> Vec<(i64, u32)> {
        self.seen
            .lock()
            .unwrap()
            .iter()
            .map(|attempt| (attempt.id, attempt.number))
            .collect()
    }
}

impl<F: Fn(&Attempt) -> BoxFuture<'static, Verdict> + Send + Sync + 'static> Runner for Script<F> {
    fn run(&self, attempt: Attempt) -> BoxFuture<'_, Verdict> {
        Box::pin(async move {
            let answer = (self.answer)(&attempt);
            self.seen.lock().unwrap().push(attempt);
            self.most.fetch_max(
                self.running.fetch_add(1, Ordering::SeqCst) + 1,
                Ordering::SeqCst,
            );
            let verdict = answer.await;
            self.running.fetch_sub(1, Ordering::SeqCst);
            verdict
        })
    }
}

fn now(verdict: Verdict) -> BoxFuture<'static, Verdict> {
    Box::pin(std::future::ready(verdict))
}

const GRACE: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread")]
async fn a_job_lives_and_dies_with_the_callers_transaction() {
    for bench in engines().await {
        let args = json!({});
        let mut tx = bench.db.pool().begin_with("BEGIN IMMEDIATE").await.unwrap();
        let lost = bench
            .engine
            .insert(&mut tx, &new_job(&args, Timestamp::now()))
            .await
            .unwrap();
        tx.rollback().await.unwrap();
        assert!(bench.engine.find(lost.id).await.unwrap().is_none());
        let kept = bench.plain(1).await;
        let info = bench.engine.find(kept).await.unwrap().unwrap();
        assert_eq!(
            (info.state, info.args, info.queue.as_str()),
            (JobState::Waiting, json!({"n": 1}), "default")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_run_with_their_arguments_and_their_tick() {
    for bench in engines().await {
        let script = Script::new(|_| now(Verdict::Done));
        let work = bench.engine.start(&JOBS, "w", script.clone()).unwrap();
        let tick: Timestamp = "2026-03-01T02:30:00Z".parse().unwrap();
        let args = json!({"region": "UK"});
        let mut job = new_job(&args, Timestamp::now());
        job.tick = Some(("daily#uk", tick));
        let id = bench.insert(&job).await.id;
        bench.until(id, JobState::Done).await;
        work.stop(GRACE).await.unwrap();
        let seen = script.seen.lock().unwrap();
        assert_eq!(seen.len(), 1);
        assert_eq!((seen[0].number, &seen[0].args), (1, &args));
        assert_eq!(seen[0].tick, Some(("daily#uk".to_owned(), tick)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_is_tried_again_until_the_attempts_are_used_up() {
    for bench in engines().await {
        let script = Script::new(|_| {
            now(Verdict::Retry {
                error: "no".to_owned(),
                after: Duration::from_millis(10),
            })
        });
        let work = bench.engine.start(&JOBS, "w", script.clone()).unwrap();
        let id = bench.plain(1).await;
        bench.until(id, JobState::Discarded).await;
        work.stop(GRACE).await.unwrap();
        assert_eq!(script.seen(), [(id, 1), (id, 2), (id, 3)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_is_kept() {
    for bench in engines().await {
        let times = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&times);
        let script = Script::new(move |attempt: &Attempt| {
            seen.lock().unwrap().push(Instant::now());
            now(match attempt.number {
                1 => Verdict::Retry {
                    error: "later".to_owned(),
                    after: Duration::from_millis(700),
                },
                _ => Verdict::Done,
            })
        });
        let work = bench.engine.start(&JOBS, "w", script).unwrap();
        let id = bench.plain(1).await;
        bench.until(id, JobState::Done).await;
        work.stop(GRACE).await.unwrap();
        let times = times.lock().unwrap();
        let wait = times[1] - times[0];
        assert!(
            wait > Duration::from_millis(690) && wait < Duration::from_secs(30),
            "{wait:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snooze_costs_no_attempt_and_a_discard_ends_it() {
    for bench in engines().await {
        let rounds = AtomicUsize::new(0);
        let script = Script::new(move |_: &Attempt| {
            now(match rounds.fetch_add(1, Ordering::SeqCst) {
                0..5 => Verdict::Snooze(Duration::from_millis(5)),
                _ => Verdict::Discard("no longer wanted".to_owned()),
            })
        });
        let work = bench.engine.start(&JOBS, "w", script.clone()).unwrap();
        let id = bench.plain(1).await;
        bench.until(id, JobState::Discarded).await;
        work.stop(GRACE).await.unwrap();
        assert_eq!(script.seen(), vec![(id, 1); 6]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_waits_for_its_time() {
    for bench in engines().await {
        let script = Script::new(|_| now(Verdict::Done));
        let work = bench.engine.start(&JOBS, "w", script).unwrap();
        let args = json!({});
        let start = Timestamp::now();
        let mut soon = new_job(&args, start);
        soon.at = start + SignedDuration::from_millis(800);
        let mut late = new_job(&args, start);
        late.at = start + SignedDuration::from_hours(2);
        let (soon, late) = (bench.insert(&soon).await.id, bench.insert(&late).await.id);
        bench.until(soon, JobState::Done).await;
        assert!(Timestamp::now().duration_since(start) >= SignedDuration::from_millis(790));
        assert_eq!(bench.state(late).await, JobState::Waiting);
        work.stop(GRACE).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_key_one_unfinished_job() {
    for bench in engines().await {
        let args = json!({});
        let mut job = new_job(&args, Timestamp::now());
        job.key = Some("user-7");
        let first = bench.insert(&job).await;
        let second = bench.insert(&job).await;
        assert_eq!(
            (first.is_new, second.is_new, first.id),
            (true, false, second.id)
        );
        job.key = Some("user-8");
        assert!(bench.insert(&job).await.is_new);
        job.key = Some("user-7");
        job.job = &JOBS.jobs[1];
        assert!(bench.insert(&job).await.is_new, "keys are of one kind");
        let work = bench
            .engine
            .start(&JOBS, "w", Script::new(|_| now(Verdict::Done)))
            .unwrap();
        bench.until(first.id, JobState::Done).await;
        work.stop(GRACE).await.unwrap();
        job.job = &JOBS.jobs[0];
        assert!(
            bench.insert(&job).await.is_new,
            "a finished job frees its key"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_runs_no_more_at_once_than_it_may() {
    for bench in engines().await {
        let script = Script::new(|_| {
            Box::pin(async {
                tokio::time::sleep(Duration::from_millis(20)).await;
                Verdict::Done
            })
        });
        let work = bench.engine.start(&JOBS, "w", script.clone()).unwrap();
        let mut ids = Vec::new();
        for n in 0..40 {
            ids.push(bench.plain(n).await);
        }
        for id in ids {
            bench.until(id, JobState::Done).await;
        }
        work.stop(GRACE).await.unwrap();
        assert_eq!(script.most.load(Ordering::SeqCst), 4);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_workers_share_the_work_and_double_none() {
    for bench in engines().await {
        let script = Script::new(|_| now(Verdict::Done));
        let other = River::new(bench.db.pool().clone());
        let a = bench.engine.start(&JOBS, "a", script.clone()).unwrap();
        let b = other.start(&JOBS, "b", script.clone()).unwrap();
        let mut ids = Vec::new();
        for n in 0..200 {
            ids.push(bench.plain(n).await);
        }
        for id in &ids {
            bench.until(*id, JobState::Done).await;
        }
        a.stop(GRACE).await.unwrap();
        b.stop(GRACE).await.unwrap();
        let mut starts = BTreeMap::new();
        for (id, _) in script.seen() {
            *starts.entry(id).or_insert(0) += 1;
        }
        assert!(ids.iter().all(|id| starts[id] == 1), "{starts:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wake_up_is_felt_at_once() {
    for bench in engines().await {
        let script = Script::new(|_| now(Verdict::Done));
        let work = bench.engine.start(&PATIENT, "w", script.clone()).unwrap();
        for n in 1..=50 {
            bench.plain(n).await;
            bench.engine.wake();
            eventually(async || script.seen.lock().unwrap().len() as u64 >= n).await;
        }
        work.stop(GRACE).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_waits_then_hands_back_without_counting() {
    for bench in engines().await {
        let script = Script::new(|attempt: &Attempt| {
            let (cancel, patient) = (attempt.cancel.clone(), attempt.args["n"] == 1);
            Box::pin(async move {
                if patient {
                    tokio::time::sleep(Duration::from_millis(300)).await;
                    return Verdict::Done;
                }
                cancel.cancelled().await;
                Verdict::Interrupted
            })
        });
        let work = bench.engine.start(&JOBS, "w", script.clone()).unwrap();
        let (short, long) = (bench.plain(1).await, bench.plain(2).await);
        bench.until(short, JobState::Running).await;
        bench.until(long, JobState::Running).await;
        work.stop(Duration::from_secs(1)).await.unwrap();
        assert_eq!(bench.state(short).await, JobState::Done);
        let back = bench.engine.find(long).await.unwrap().unwrap();
        assert_eq!((back.state, back.attempts), (JobState::Waiting, 0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_tells_a_running_attempt_and_drops_a_waiting_job() {
    for bench in engines().await {
        let waiting = bench.plain(0).await;
        assert!(bench.engine.cancel(waiting).await.unwrap());
        assert_eq!(bench.state(waiting).await, JobState::Cancelled);
        let script = Script::new(|attempt: &Attempt| {
            let cancel = attempt.cancel.clone();
            Box::pin(async move {
                cancel.cancelled().await;
                Verdict::Interrupted
            })
        });
        let work = bench.engine.start(&JOBS, "w", script).unwrap();
        let running = bench.plain(1).await;
        bench.until(running, JobState::Running).await;
        assert!(bench.engine.cancel(running).await.unwrap());
        bench.until(running, JobState::Cancelled).await;
        assert!(!bench.engine.cancel(running + 1000).await.unwrap());
        work.stop(GRACE).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_released_runs_again_and_the_stale_end_counts_for_nothing() {
    for bench in engines().await {
        let gate = Arc::new(tokio::sync::Notify::new());
        let wait = Arc::clone(&gate);
        // The first attempt hangs, as in a process that was suspended; the second one runs in another worker.
        let script = Script::new(move |attempt: &Attempt| {
            let (first, wait) = (attempt.number == 1, Arc::clone(&wait));
            Box::pin(async move {
                if first {
                    wait.notified().await;
                    return Verdict::Done;
                }
                Verdict::Retry {
                    error: "second".to_owned(),
                    after: Duration::from_secs(3600),
                }
            })
        });
        let stale = bench.engine.start(&JOBS, "stale", script.clone()).unwrap();
        let id = bench.plain(1).await;
        bench.until(id, JobState::Running).await;
        assert_eq!(bench.engine.busy_workers(&JOBS).await.unwrap(), ["stale"]);
        // In an hour, by the clock of the fresh one: for the stale one, which has slots to spare, it is not due.
        let clock = Clock::system();
        let later = clock.now() + jiff::SignedDuration::from_hours(1);
        let hold = bench.engine.release("stale", later).await.unwrap();
        assert_eq!(hold, [(id, 1)]);
        let taken = bench
            .engine
            .take("fresh", later, Some(id))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(taken.number, 2);
        gate.notify_one();
        stale.stop(GRACE).await.unwrap();
        assert_eq!(
            bench.state(id).await,
            JobState::Running,
            "the stale end was taken for the fresh one's"
        );
        bench
            .engine
            .settle(&taken, &Verdict::Done, clock.now())
            .await
            .unwrap();
        assert_eq!(bench.state(id).await, JobState::Done);
        let again = Verdict::Snooze(Duration::ZERO);
        bench
            .engine
            .settle(&taken, &again, clock.now())
            .await
            .unwrap();
        assert_eq!(
            bench.state(id).await,
            JobState::Done,
            "a finished job came back"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn attempts_end_even_if_each_one_kills_its_worker() {
    for bench in engines().await {
        let id = bench.plain(1).await;
        for number in 1..=3 {
            let worker = format!("w{number}");
            let taken = bench
                .engine
                .take(&worker, Timestamp::now(), None)
                .await
                .unwrap()
                .unwrap();
            assert_eq!((taken.id, taken.number), (id, number));
            assert_eq!(
                bench
                    .engine
                    .release(&worker, Timestamp::now())
                    .await
                    .unwrap(),
                [(id, number)]
            );
        }
        assert_eq!(bench.state(id).await, JobState::Discarded);
        assert!(
            bench
                .engine
                .take("w4", Timestamp::now(), None)
                .await
                .unwrap()
                .is_none()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_job_is_only_run_by_whoever_takes_it() {
    for bench in engines().await {
        let script = Script::new(|_| now(Verdict::Done));
        let work = bench.engine.start(&JOBS, "w", script.clone()).unwrap();
        let args = json!({});
        let mut job = new_job(&args, Timestamp::now());
        job.held = true;
        let held = bench.insert(&job).await.id;
        let next = bench.plain(1).await;
        bench.until(next, JobState::Done).await;
        assert_eq!(bench.state(held).await, JobState::Waiting);
        let taken = bench
            .engine
            .take("hand", Timestamp::now(), Some(held))
            .await
            .unwrap()
            .unwrap();
        bench
            .engine
            .settle(&taken, &Verdict::Done, Timestamp::now())
            .await
            .unwrap();
        assert_eq!(bench.state(held).await, JobState::Done);
        work.stop(GRACE).await.unwrap();
        assert_eq!(script.seen().len(), 1);
    }
}
