//! Runs one attempt of a job's code: its timeout, its panics, its cancellation, its record.
//!
//! In: an attempt. Out: a verdict. Must not know: which queue it came from.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tracing::Instrument as _;

use super::context::{JobContext, JobResult, Outcome};
use super::def::JobDef;
use super::engine::{Attempt, Runner, Verdict};
use super::handle::Jobs;
use super::retry;
use super::runs::Runs;

/// The code of all jobs, by name.
pub trait JobHandler: Send + Sync + 'static {
    /// Runs a job's code.
    fn run_job<'a>(
        &'a self,
        name: &'a str,
        cx: &'a JobContext,
        args: serde_json::Value,
    ) -> BoxFuture<'a, JobResult>;
}

/// How long code may go on after it was told to end.
const GRACE: Duration = Duration::from_secs(5);

pub(super) struct HandlerRunner {
    pub(super) jobs: Jobs,
    pub(super) handler: Arc<dyn JobHandler>,
    pub(super) worker: String,
    pub(super) runs: Runs,
}

impl Runner for HandlerRunner {
    fn run(&self, attempt: Attempt) -> BoxFuture<'_, Verdict> {
        Box::pin(async move {
            let Some(job) = self
                .jobs
                .def()
                .jobs
                .iter()
                .find(|job| job.name == attempt.job)
            else {
                return Verdict::Discard(format!("there is no job `{}` any more", attempt.job));
            };
            let clock = self.jobs.clock();
            self.runs.begin(&attempt, &self.worker, clock.now());
            let cx = JobContext::new(self.jobs.clone(), attempt.clone());
            let span = tracing::info_span!(
                "job",
                name = job.name,
                id = attempt.id,
                attempt = attempt.number
            );
            let end = self.work(job, &cx, &attempt).instrument(span).await;
            let verdict = judge(job, &attempt, end);
            report(job, &attempt, &verdict);
            self.runs.end(
                &attempt,
                &self.worker,
                clock.now(),
                record(&verdict),
                cx.take_log(),
            );
            verdict
        })
    }
}

/// How the code ended.
enum End {
    Answered(JobResult),
    Panicked(String),
    TimedOut,
    Cancelled,
}

impl HandlerRunner {
    async fn work(&self, job: &JobDef, cx: &JobContext, attempt: &Attempt) -> End {
        let code = async {
            self.handler
                .run_job(job.name, cx, attempt.args.clone())
                .await
        };
        let code = AssertUnwindSafe(code).catch_unwind();
        let cancelled = async {
            attempt.cancel.cancelled().await;
            tokio::time::sleep(GRACE).await;
        };
        // A run that loses is dropped at its next await.
        tokio::select! {
            end = code => match end {
                Ok(answer) => End::Answered(answer),
                Err(panic) => End::Panicked(panic_message(panic.as_ref())),
            },
            () = tokio::time::sleep(job.timeout) => {
                attempt.cancel.cancel();
                End::TimedOut
            }
            () = cancelled => End::Cancelled,
        }
    }
}

fn judge(job: &JobDef, attempt: &Attempt, end: End) -> Verdict {
    let retry = |error: String| Verdict::Retry {
        error,
        after: retry::delay(&job.retry, attempt.number, attempt.id as u64),
    };
    match end {
        End::Answered(Ok(Outcome::Done)) => Verdict::Done,
        End::Answered(Ok(Outcome::RetryAfter(after, error))) => Verdict::Retry { error, after },
        End::Answered(Ok(Outcome::Snooze(after))) => Verdict::Snooze(after),
        End::Answered(Ok(Outcome::Discard(reason))) => Verdict::Discard(reason),
        End::Answered(Err(_)) if attempt.cancel.is_cancelled() => Verdict::Interrupted,
        End::Answered(Err(error)) => retry(error.to_string()),
        End::Panicked(message) => retry(format!("panicked: {message}")),
        End::TimedOut => retry(format!("timed out after {:?}", job.timeout)),
        End::Cancelled => Verdict::Interrupted,
    }
}

fn report(job: &JobDef, attempt: &Attempt, verdict: &Verdict) {
    let (name, id, number, of) = (job.name, attempt.id, attempt.number, job.retry.max_attempts);
    match verdict {
        Verdict::Retry { error, after } => {
            tracing::warn!(
                job = name,
                job_id = id,
                attempt = number,
                of,
                ?after,
                error,
                "job failed"
            );
        }
        Verdict::Discard(reason) => {
            tracing::warn!(job = name, job_id = id, reason, "job discarded")
        }
        other => {
            tracing::debug!(job = name, job_id = id, attempt = number, end = ?other, "job ran")
        }
    }
}

fn record(verdict: &Verdict) -> (&'static str, Option<String>) {
    match verdict {
        Verdict::Done => ("completed", None),
        Verdict::Retry { error, .. } => ("failed", Some(error.clone())),
        Verdict::Snooze(_) => ("snoozed", None),
        Verdict::Discard(reason) => ("discarded", Some(reason.clone())),
        Verdict::Interrupted => ("interrupted", None),
    }
}

fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "with a value that is no text".to_owned())
}
