//! `jobs`: what is scheduled, what ran, and runs by hand.
//!
//! In: options, the handle on jobs. Out: tables or JSON, an exit code. Must not know: HTTP.

use std::collections::HashMap;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::application::Application;
use crate::clock::Clock;
use crate::jobs::{
    JobDef, JobState, Jobs, JobsDef, RunInfo, ScheduleDef, Timing, Verdict, upcoming,
};

use super::args;
use super::data::{self, Data};
use super::failure::Failure;
use super::handler;
use super::output::{self, Paint};

pub(super) async fn run<A: Application>(
    app: &Arc<A>,
    command: args::Jobs,
    data: &Data,
    paint: Paint,
) -> Result<ExitCode, Failure> {
    let Some(store) = data
        .store
        .as_ref()
        .filter(|store| !store.jobs.def().jobs.is_empty())
    else {
        return Err(no_jobs());
    };
    let jobs = &store.jobs;
    // Looking changes no model's table.
    match command {
        args::Jobs::Run { .. } => drop(data::migrate(app.definition(), store).await?),
        _ => jobs.migrate().await?,
    }
    match command {
        args::Jobs::List(format) => list(jobs, format.json, paint).await,
        args::Jobs::Next { count, format } => next(Some(jobs.def()), count, format.json, paint),
        args::Jobs::History {
            job,
            count,
            logs,
            format,
        } => history(jobs, job.as_deref(), count, logs, format.json, paint).await,
        args::Jobs::Run {
            job,
            args,
            wait,
            inline,
            format,
        } => {
            let known = find(jobs, &job)?;
            let args = arguments(known, &args)?;
            match (inline, wait) {
                (true, _) => run_inline(app, jobs, known, args, format.json, paint).await,
                (false, wait) => enqueue(jobs, known, args, wait, format.json, paint).await,
            }
        }
    }
}

pub(super) fn no_jobs() -> Failure {
    Failure::new("this program has no jobs").help("describe them in jobs.yaml")
}

fn find(jobs: &Jobs, name: &str) -> Result<&'static JobDef, Failure> {
    let known = jobs.def().jobs;
    known.iter().find(|job| job.name == name).ok_or_else(|| {
        let names: Vec<&str> = known.iter().map(|job| job.name).collect();
        Failure::new(format!("there is no job `{name}`"))
            .help(format!("there are: {}", names.join(", ")))
    })
}

/// Arguments as they were typed: an object whose names the job has. What is missing, the job's own code says.
fn arguments(job: &JobDef, text: &str) -> Result<Value, Failure> {
    let shape = job
        .args
        .iter()
        .map(|(name, ty)| format!("{name}: {ty}"))
        .collect::<Vec<_>>();
    let help = match shape.is_empty() {
        true => format!("`{}` takes no arguments", job.name),
        false => format!(
            "`{}` takes a JSON object with {}",
            job.name,
            shape.join(", ")
        ),
    };
    let refuse = |why: String| Failure::new(format!("--args: {why}")).help(help.clone());
    let args: Value = serde_json::from_str(text).map_err(|e| refuse(e.to_string()))?;
    let Some(object) = args.as_object() else {
        return Err(refuse("this is no JSON object".to_owned()));
    };
    for name in object.keys() {
        if !job.args.iter().any(|(known, _)| known == name) {
            return Err(refuse(format!("unknown argument `{name}`")));
        }
    }
    Ok(args)
}

async fn list(jobs: &Jobs, json: bool, paint: Paint) -> Result<ExitCode, Failure> {
    let now = jobs.clock().now();
    let last: HashMap<String, Timestamp> = jobs.last_ticks().await?.into_iter().collect();
    let mut rows = Vec::new();
    let mut values = Vec::new();
    for job in jobs.def().jobs {
        let run = jobs.history(Some(job.name), 1).await?.pop();
        values.push(job_json(job, run.as_ref(), &last, now)?);
        let ran = run.as_ref().map_or("never".to_owned(), |run| {
            format!("{} {}", run.state, output::relative(run.started_at, now))
        });
        if job.schedules.is_empty() {
            rows.push(vec![
                job.name.to_owned(),
                "when enqueued".to_owned(),
                "-".to_owned(),
                ran.clone(),
            ]);
        }
        for (index, schedule) in job.schedules.iter().enumerate() {
            let next = match job.enabled {
                true => next_fire(schedule, now)?
                    .map_or("never".to_owned(), |at| output::relative(at, now)),
                false => "disabled".to_owned(),
            };
            let (name, ran) = if index == 0 {
                (job.name, ran.as_str())
            } else {
                ("", "")
            };
            rows.push(vec![
                name.to_owned(),
                timing(schedule),
                next,
                ran.to_owned(),
            ]);
        }
    }
    let head = ["JOB", "SCHEDULE", "NEXT", "LAST RUN"];
    show(json, &Value::Array(values), || {
        output::table(paint, &head, &rows)
    })
}

fn job_json(
    job: &JobDef,
    run: Option<&RunInfo>,
    last: &HashMap<String, Timestamp>,
    now: Timestamp,
) -> Result<Value, Failure> {
    let mut schedules = Vec::new();
    for schedule in job.schedules {
        let next = if job.enabled {
            next_fire(schedule, now)?
        } else {
            None
        };
        schedules.push(json!({
            "id": schedule.id, "timing": timing(schedule), "next": next, "last": last.get(schedule.id),
        }));
    }
    Ok(json!({
        "job": job.name, "description": job.description, "queue": job.queue, "enabled": job.enabled,
        "schedules": schedules, "lastRun": run,
    }))
}

fn next_fire(schedule: &ScheduleDef, now: Timestamp) -> Result<Option<Timestamp>, Failure> {
    Ok(crate::jobs::Trigger::new(schedule)?.next_after(now))
}

fn timing(schedule: &ScheduleDef) -> String {
    match schedule.timing {
        Timing::Cron(text) => format!("{text} {}", schedule.timezone),
        Timing::Every(period) => {
            format!(
                "every {}",
                jiff::SignedDuration::try_from(period)
                    .map_or_else(|_| format!("{period:?}"), output::span)
            )
        }
    }
}

/// What fires next; asks no database.
pub(super) fn next(
    def: Option<&'static JobsDef>,
    count: usize,
    json: bool,
    paint: Paint,
) -> Result<ExitCode, Failure> {
    let now = Clock::system().now();
    let fires = upcoming(def.ok_or_else(no_jobs)?, now, count)?;
    let values = fires.iter().map(|fire| {
        json!({"at": fire.at, "schedule": fire.schedule, "job": fire.job, "timezone": fire.timezone})
    });
    let values = values.collect();
    show(json, &Value::Array(values), || {
        let rows: Vec<Vec<String>> = fires
            .iter()
            .map(|fire| {
                let zone = TimeZone::get(fire.timezone).unwrap_or(TimeZone::UTC);
                let local = fire
                    .at
                    .to_zoned(zone)
                    .strftime("%a %Y-%m-%d %H:%M:%S %Z")
                    .to_string();
                vec![
                    local,
                    output::relative(fire.at, now),
                    fire.schedule.to_owned(),
                ]
            })
            .collect();
        output::table(paint, &["TIME", "", "SCHEDULE"], &rows)
    })
}

async fn history(
    jobs: &Jobs,
    job: Option<&str>,
    count: u32,
    logs: bool,
    json: bool,
    paint: Paint,
) -> Result<ExitCode, Failure> {
    if let Some(name) = job {
        find(jobs, name)?;
    }
    let now = jobs.clock().now();
    let runs = jobs.history(job, count).await?;
    show(json, &serde_json::to_value(&runs)?, || {
        if runs.is_empty() {
            return "no runs yet\n".to_owned();
        }
        let rows: Vec<Vec<String>> = runs.iter().map(|run| run_row(run, now)).collect();
        let mut text = output::table(
            paint,
            &["ID", "JOB", "ATTEMPT", "STATE", "STARTED", "TOOK", "ERROR"],
            &rows,
        );
        for run in runs.iter().filter(|run| logs && !run.log.is_empty()) {
            text.push_str(&format!(
                "\n{}\n{}",
                paint.bold(&format!("job {} attempt {}", run.job_id, run.attempt)),
                run.log
            ));
        }
        text
    })
}

fn run_row(run: &RunInfo, now: Timestamp) -> Vec<String> {
    let took = run
        .finished_at
        .map(|end| output::span(end.duration_since(run.started_at)));
    let error = run.error.as_deref().and_then(|error| error.lines().next());
    vec![
        run.job_id.to_string(),
        run.job.clone(),
        run.attempt.to_string(),
        run.state.clone(),
        output::relative(run.started_at, now),
        took.unwrap_or_default(),
        error.unwrap_or_default().to_owned(),
    ]
}

async fn run_inline<A: Application>(
    app: &Arc<A>,
    jobs: &Jobs,
    job: &'static JobDef,
    args: Value,
    json: bool,
    paint: Paint,
) -> Result<ExitCode, Failure> {
    let (attempt, verdict) = jobs.run_inline(&handler(app), job.name, args).await?;
    let (state, detail) = match &verdict {
        Verdict::Done => (JobState::Done.as_str(), String::new()),
        Verdict::Retry { error, after } => (
            "failed",
            format!("{error} (a worker tries again after {after:?})"),
        ),
        Verdict::Snooze(after) => ("snoozed", format!("again after {after:?}")),
        Verdict::Discard(reason) => ("discarded", reason.clone()),
        Verdict::Interrupted => ("interrupted", String::new()),
    };
    let log = jobs
        .history(Some(job.name), 1)
        .await?
        .pop()
        .map(|run| run.log)
        .unwrap_or_default();
    ended(job.name, attempt.id, state, &detail, &log, json, paint)
}

async fn enqueue(
    jobs: &Jobs,
    job: &'static JobDef,
    args: Value,
    wait: bool,
    json: bool,
    paint: Paint,
) -> Result<ExitCode, Failure> {
    let id = jobs.enqueue_named(job.name, args).await?.id;
    if !wait {
        let text = format!("job {id} ({}) is enqueued; a worker runs it\n", job.name);
        return show(
            json,
            &json!({"id": id, "job": job.name, "state": "waiting"}),
            || text,
        );
    }
    loop {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let Some(info) = jobs
            .find(id)
            .await?
            .filter(|info| !info.state.is_finished())
        else {
            break;
        };
        tracing::debug!(id, state = info.state.as_str(), "waiting");
    }
    let state = jobs
        .find(id)
        .await?
        .map_or(JobState::Done, |info| info.state);
    let run = jobs
        .history(Some(job.name), 100)
        .await?
        .into_iter()
        .find(|run| run.job_id == id);
    let (error, log) = run.map_or_else(Default::default, |run| {
        (run.error.unwrap_or_default(), run.log)
    });
    ended(job.name, id, state.as_str(), &error, &log, json, paint)
}

fn ended(
    job: &str,
    id: i64,
    state: &str,
    detail: &str,
    log: &str,
    json: bool,
    paint: Paint,
) -> Result<ExitCode, Failure> {
    let well = state == JobState::Done.as_str();
    show(
        json,
        &json!({"id": id, "job": job, "state": state, "error": detail, "log": log}),
        || {
            let word = if well {
                paint.good(state)
            } else {
                paint.bad(state)
            };
            let detail = if detail.is_empty() {
                String::new()
            } else {
                format!(": {detail}")
            };
            format!("{log}job {id} ({job}) {word}{detail}\n")
        },
    )?;
    Ok(if well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn show(json: bool, value: &Value, text: impl FnOnce() -> String) -> Result<ExitCode, Failure> {
    match json {
        true => output::print(&format!("{value:#}\n"))?,
        false => output::print(&text())?,
    }
    Ok(ExitCode::SUCCESS)
}
