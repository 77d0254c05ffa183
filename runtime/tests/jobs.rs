//! Schedules, the ledger, the code of jobs: in one process, at the time of a fake clock unless a worker is at work.
#![cfg(all(feature = "jobs", feature = "testing"))]
#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use graphwright::clock::Clock;
use graphwright::jobs::{
    Backoff, JobArgs, JobContext, JobDef, JobHandler, JobResult, JobState, Jobs, JobsDef, Outcome,
    Overlap, QueueDef, RetryDef, ScheduleDef, Tick, Timing, Verdict, upcoming,
};
use graphwright::model::Db;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

const RETRY: RetryDef = RetryDef {
    max_attempts: 3,
    backoff: Backoff::Exponential,
    base: Duration::from_secs(10),
    max: Duration::from_secs(60),
    jitter: 0.0,
};

const fn job(name: &'static str, schedules: &'static [ScheduleDef], overlap: Overlap) -> JobDef {
    JobDef {
        name,
        description: "",
        enabled: true,
        args: &[],
        schedules,
        queue: "default",
        timeout: Duration::from_secs(2),
        retry: RETRY,
        overlap,
    }
}

const fn schedule(
    id: &'static str,
    timing: Timing,
    timezone: &'static str,
    args: &'static str,
) -> ScheduleDef {
    ScheduleDef {
        id,
        timing,
        timezone,
        args,
    }
}

const HOURLY: &[ScheduleDef] = &[schedule(
    "hourly",
    Timing::Cron("0 * * * *"),
    "UTC",
    r#"{"say":"ok"}"#,
)];
const DIGEST: &[ScheduleDef] = &[
    schedule(
        "digest#uk",
        Timing::Cron("30 2 * * *"),
        "Europe/London",
        r#"{"say":"ok"}"#,
    ),
    schedule(
        "digest#us",
        Timing::Cron("0 6 * * *"),
        "America/New_York",
        r#"{"say":"ok"}"#,
    ),
];
const OFTEN: &[ScheduleDef] = &[schedule(
    "often",
    Timing::Every(Duration::from_secs(90)),
    "UTC",
    r#"{"say":"ok"}"#,
)];

static DEF: JobsDef = JobsDef {
    queues: &[QueueDef {
        name: "default",
        concurrency: 10,
        poll: Duration::from_secs(1),
        paused: false,
    }],
    jobs: &[
        job("say", &[], Overlap::Skip),
        job("hourly", HOURLY, Overlap::Skip),
        job("digest", DIGEST, Overlap::Skip),
        job("often", OFTEN, Overlap::Allow),
        JobDef {
            enabled: false,
            ..job(
                "off",
                &[schedule("off", Timing::Cron("* * * * *"), "UTC", "{}")],
                Overlap::Skip,
            )
        },
    ],
};

static ON: JobsDef = JobsDef {
    queues: DEF.queues,
    jobs: &[job(
        "off",
        &[schedule("off", Timing::Cron("* * * * *"), "UTC", "{}")],
        Overlap::Skip,
    )],
};

#[derive(Debug, Serialize, Deserialize)]
struct Say {
    say: String,
}

impl JobArgs for Say {
    const JOB: &'static str = "say";
}

fn say(say: &str) -> Say {
    Say {
        say: say.to_owned(),
    }
}

/// Does as its arguments say, and remembers each run.
#[derive(Default)]
struct App {
    runs: Mutex<Vec<String>>,
}

impl JobHandler for App {
    fn run_job<'a>(
        &'a self,
        name: &'a str,
        cx: &'a JobContext,
        args: serde_json::Value,
    ) -> BoxFuture<'a, JobResult> {
        Box::pin(async move {
            let tick = cx.tick().map_or("-".to_owned(), |tick| tick.to_string());
            self.runs
                .lock()
                .unwrap()
                .push(format!("{name} {} {tick}", cx.attempt()));
            cx.log(format_args!("saying {}", args["say"]));
            match args["say"].as_str().unwrap_or_default() {
                "fail" => Err("17 apples".parse::<i32>().map(|_| ()).unwrap_err().into()),
                "panic" => panic!("at the disco"),
                "hang" => std::future::pending().await,
                "later" => Ok(Outcome::RetryAfter(
                    Duration::from_secs(3),
                    "not yet".to_owned(),
                )),
                "snooze" => Ok(Outcome::Snooze(Duration::from_secs(3))),
                "discard" => Ok(Outcome::Discard("unwanted".to_owned())),
                "more" => {
                    cx.enqueue(say("ok")).await?;
                    Ok(Outcome::Done)
                }
                _ => Ok(().into()),
            }
        })
    }
}

struct Bench {
    jobs: Jobs,
    app: Arc<App>,
    handler: Arc<dyn JobHandler>,
}

async fn bench(now: &str) -> Bench {
    bench_of(
        &DEF,
        Db::temporary().await.unwrap(),
        Clock::fake(now.parse().unwrap()),
    )
    .await
}

async fn bench_of(def: &'static JobsDef, db: Db, clock: Clock) -> Bench {
    let jobs = Jobs::new(def, db, clock);
    jobs.migrate().await.unwrap();
    let app = Arc::new(App::default());
    Bench {
        jobs,
        handler: app.clone(),
        app,
    }
}

impl Bench {
    /// Fires what is due, and tells it: `schedule time`, with a `-` before what was skipped.
    async fn tick(&self) -> Vec<String> {
        let show = |tick: &Tick| {
            let sign = if tick.job_id.is_some() { "" } else { "-" };
            format!("{sign}{} {}", tick.schedule, tick.fire_at)
        };
        self.jobs.tick().await.unwrap().iter().map(show).collect()
    }

    async fn drain(&self) -> Vec<Verdict> {
        let runs = self.jobs.drain(&self.handler).await.unwrap();
        runs.into_iter().map(|(_, verdict)| verdict).collect()
    }

    fn advance(&self, minutes: i64) {
        self.jobs
            .clock()
            .advance(SignedDuration::from_mins(minutes));
    }

    fn runs(&self) -> Vec<String> {
        std::mem::take(&mut self.app.runs.lock().unwrap())
    }
}

#[tokio::test]
async fn a_schedule_fires_at_its_time_and_its_job_knows_the_tick() {
    let bench = bench("2026-03-01T09:59:00Z").await;
    assert!(
        bench.tick().await.is_empty(),
        "what is past when a schedule becomes known is not its own"
    );
    bench.advance(1);
    assert_eq!(
        bench.tick().await,
        ["hourly 2026-03-01T10:00:00Z", "often 2026-03-01T10:00:00Z"]
    );
    assert!(bench.tick().await.is_empty());
    bench.drain().await;
    let mut runs = bench.runs();
    runs.sort();
    assert_eq!(
        runs,
        [
            "hourly 1 2026-03-01T10:00:00Z",
            "often 1 2026-03-01T10:00:00Z"
        ]
    );
}

#[tokio::test]
async fn missed_ticks_are_skipped_but_for_the_last() {
    let bench = bench("2026-03-01T09:59:00Z").await;
    bench.tick().await;
    bench.advance(3 * 60 + 2);
    let ticks: Vec<_> = bench
        .tick()
        .await
        .into_iter()
        .filter(|tick| tick.contains("hourly"))
        .collect();
    let expect = [
        "-hourly 2026-03-01T10:00:00Z",
        "-hourly 2026-03-01T11:00:00Z",
        "-hourly 2026-03-01T12:00:00Z",
        "hourly 2026-03-01T13:00:00Z",
    ];
    assert_eq!(ticks, expect);
}

#[tokio::test]
async fn a_tick_that_is_older_than_a_day_does_not_run() {
    static WEEKLY: JobsDef = JobsDef {
        queues: DEF.queues,
        jobs: &[job(
            "say",
            &[schedule("weekly", Timing::Cron("@weekly"), "UTC", "{}")],
            Overlap::Skip,
        )],
    };
    let check = async |now: &str, expect: &str| {
        let clock = Clock::fake("2026-02-28T12:00:00Z".parse().unwrap());
        let bench = bench_of(&WEEKLY, Db::temporary().await.unwrap(), clock).await;
        bench.tick().await;
        bench.jobs.clock().set(now.parse().unwrap());
        assert_eq!(bench.tick().await, [expect], "at {now}");
        assert!(bench.tick().await.is_empty());
    };
    check("2026-03-02T00:00:00Z", "weekly 2026-03-01T00:00:00Z").await;
    check("2026-03-02T00:00:01Z", "-weekly 2026-03-01T00:00:00Z").await;
}

#[tokio::test]
async fn a_clock_that_goes_back_fires_nothing_twice() {
    let bench = bench("2026-03-01T09:59:00Z").await;
    bench.tick().await;
    bench.advance(2);
    assert_eq!(bench.tick().await.len(), 2);
    bench.advance(-60);
    assert!(bench.tick().await.is_empty());
    bench.advance(60);
    assert!(bench.tick().await.is_empty());
    bench.advance(2);
    assert_eq!(
        bench.tick().await,
        ["-often 2026-03-01T10:01:30Z", "often 2026-03-01T10:03:00Z"]
    );
}

#[tokio::test]
async fn overlap_skips_while_a_run_of_the_schedule_is_unfinished() {
    let bench = bench("2026-03-01T09:59:00Z").await;
    bench.tick().await;
    bench.advance(1);
    bench.tick().await;
    bench.advance(60);
    let ticks = bench.tick().await;
    assert!(
        ticks.contains(&"-hourly 2026-03-01T11:00:00Z".to_owned()),
        "{ticks:?}"
    );
    assert!(
        ticks.contains(&"often 2026-03-01T11:00:00Z".to_owned()),
        "overlap: allow. {ticks:?}"
    );
    bench.drain().await;
    bench.advance(60);
    assert!(
        bench
            .tick()
            .await
            .contains(&"hourly 2026-03-01T12:00:00Z".to_owned())
    );
}

#[tokio::test]
async fn a_disabled_job_does_not_fire_nor_catch_up_when_it_is_enabled() {
    let bench = bench("2026-03-01T09:00:00Z").await;
    bench.tick().await;
    bench.advance(10);
    assert!(!bench.tick().await.iter().any(|tick| tick.contains("off")));
    let on = bench_of(&ON, bench.jobs.db().clone(), bench.jobs.clock().clone()).await;
    assert!(on.tick().await.is_empty());
    on.advance(1);
    assert_eq!(on.tick().await, ["off 2026-03-01T09:11:00Z"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_schedulers_decide_each_tick_once() {
    let bench = bench("2026-03-01T09:59:00Z").await;
    bench.tick().await;
    for _ in 0..20 {
        bench.advance(60);
        let rivals: Vec<_> = (0..4)
            .map(|_| {
                let jobs = Jobs::new(&DEF, bench.jobs.db().clone(), bench.jobs.clock().clone());
                tokio::spawn(async move { jobs.tick().await.unwrap() })
            })
            .collect();
        let mut fired = 0;
        for rival in rivals {
            let ticks = rival.await.unwrap();
            fired += ticks
                .iter()
                .filter(|tick| tick.schedule == "often" && tick.job_id.is_some())
                .count();
        }
        assert_eq!(fired, 1);
    }
}

#[tokio::test]
async fn failures_wait_longer_each_time_and_end() {
    let bench = bench("2026-03-01T00:00:00Z").await;
    let id = bench.jobs.enqueue(say("fail")).await.unwrap().id;
    let after = |seconds| Verdict::Retry {
        error: "invalid digit found in string".to_owned(),
        after: Duration::from_secs(seconds),
    };
    assert_eq!(bench.drain().await, [after(10)]);
    assert_eq!(bench.drain().await, [], "not before its wait is over");
    bench.jobs.clock().advance(SignedDuration::from_secs(10));
    assert_eq!(bench.drain().await, [after(20)]);
    bench.advance(1);
    assert_eq!(bench.drain().await, [after(40)]);
    bench.advance(60);
    assert_eq!(bench.drain().await, []);
    assert_eq!(
        bench.jobs.find(id).await.unwrap().unwrap().state,
        JobState::Discarded
    );
}

#[tokio::test]
async fn outcomes_and_their_records() {
    let bench = bench("2026-03-01T00:00:00Z").await;
    let check = async |text: &str, state: &str, error: Option<&str>| {
        bench.jobs.enqueue(say(text)).await.unwrap();
        bench.drain().await;
        let run = bench.jobs.history(Some("say"), 1).await.unwrap().remove(0);
        assert_eq!(
            (run.state.as_str(), run.error.as_deref()),
            (state, error),
            "{text}"
        );
        assert_eq!(run.log, format!("00:00:00.000 saying \"{text}\"\n"));
        assert_eq!((run.attempt, run.finished_at.is_some()), (1, true));
    };
    check("ok", "completed", None).await;
    check("fail", "failed", Some("invalid digit found in string")).await;
    check("panic", "failed", Some("panicked: at the disco")).await;
    check("hang", "failed", Some("timed out after 2s")).await;
    check("later", "failed", Some("not yet")).await;
    check("snooze", "snoozed", None).await;
    check("discard", "discarded", Some("unwanted")).await;
}

#[tokio::test]
async fn draining_runs_what_jobs_enqueue() {
    let bench = bench("2026-03-01T00:00:00Z").await;
    bench.jobs.enqueue(say("more")).await.unwrap();
    bench
        .jobs
        .assert_enqueued(|job: &Say| job.say == "more")
        .await;
    assert_eq!(bench.drain().await, [Verdict::Done, Verdict::Done]);
    assert!(bench.jobs.enqueued::<Say>().await.unwrap().is_empty());
    let (attempt, verdict) = bench
        .jobs
        .run_inline(&bench.handler, "say", serde_json::json!({"say": "ok"}))
        .await
        .unwrap();
    assert_eq!((attempt.number, verdict), (1, Verdict::Done));
}

#[tokio::test]
async fn a_job_joins_the_transaction_of_a_session() {
    let bench = bench("2026-03-01T00:00:00Z").await;
    let session = bench.jobs.db().session();
    session.begin_writing().await.unwrap();
    bench
        .jobs
        .enqueue(say("ok"))
        .session(&session)
        .await
        .unwrap();
    session.rollback().await.unwrap();
    assert!(bench.jobs.enqueued::<Say>().await.unwrap().is_empty());
    session.begin_writing().await.unwrap();
    bench
        .jobs
        .enqueue(say("ok"))
        .session(&session)
        .await
        .unwrap();
    session.commit().await.unwrap();
    bench
        .jobs
        .enqueue(say("ok"))
        .session(&session)
        .await
        .unwrap();
    assert_eq!(bench.jobs.enqueued::<Say>().await.unwrap().len(), 2);
}

#[test]
fn what_comes_next() {
    let now = "2026-03-08T05:30:00Z".parse().unwrap();
    let next: Vec<_> = upcoming(&DEF, now, 200).unwrap();
    let digests: Vec<_> = next.iter().filter(|next| next.job == "digest").collect();
    // The clocks of New York went forward at 07:00 UTC.
    assert_eq!(
        (digests[0].schedule, digests[0].at),
        ("digest#us", "2026-03-08T10:00:00Z".parse().unwrap())
    );
    assert!(next.iter().all(|next| next.job != "off") && next.is_sorted_by_key(|next| next.at));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_runs_fires_and_stops() {
    static SECONDS: JobsDef = JobsDef {
        queues: DEF.queues,
        jobs: &[
            job("say", &[], Overlap::Skip),
            job(
                "often",
                &[schedule(
                    "second",
                    Timing::Every(Duration::from_millis(200)),
                    "UTC",
                    r#"{"say":"ok"}"#,
                )],
                Overlap::Allow,
            ),
        ],
    };
    let bench = bench_of(&SECONDS, Db::temporary().await.unwrap(), Clock::system()).await;
    let worker = bench
        .jobs
        .start(Arc::clone(&bench.handler), true)
        .await
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    while bench.app.runs.lock().unwrap().len() < 5 {
        assert!(Instant::now() < deadline);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    worker.stop(Duration::from_secs(5)).await.unwrap();
    let ran = bench.runs().len();
    let history = bench.jobs.history(Some("often"), 100).await.unwrap();
    assert_eq!(history.len(), ran);
    for run in history {
        assert_eq!(
            (run.state.as_str(), run.schedule.as_deref()),
            ("completed", Some("second"))
        );
        let late = run.started_at.duration_since(run.tick.unwrap());
        assert!(late < SignedDuration::from_secs(30), "{late:?}");
    }
    let beats: i64 = sqlx::query_scalar("SELECT count(*) FROM gw_worker")
        .fetch_one(bench.jobs.db().pool())
        .await
        .unwrap();
    assert_eq!(beats, 0, "the worker did not sign off");
    assert!(Timestamp::now() > bench.jobs.last_ticks().await.unwrap()[0].1);
}
