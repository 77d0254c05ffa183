//! What a job's code sees: its arguments, its context, its outcomes.
//!
//! In: one attempt. Out: an outcome. Must not know: queues, tables.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::engine::{Attempt, JobId};
use super::enqueue::Enqueue;
use super::handle::Jobs;
use crate::clock::Clock;
use crate::model::Db;

/// What a job answers. An error counts as a failed attempt, and the job's retry policy says what follows.
pub type JobResult = crate::Result<Outcome>;

/// How a run ended, other than by an error.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Outcome {
    /// The job is done.
    Done,
    /// The attempt failed; again after so long, if attempts are left. The text is for operators.
    RetryAfter(Duration, String),
    /// Not yet: again after so long; the attempt does not count.
    Snooze(Duration),
    /// Never again. The text is for operators.
    Discard(String),
}

impl From<()> for Outcome {
    fn from((): ()) -> Self {
        Self::Done
    }
}

/// The arguments of a job; generated for each.
pub trait JobArgs: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The job's name in the manifest.
    const JOB: &'static str;
}

/// The attempt that is running. Cheap to clone.
#[derive(Clone)]
pub struct JobContext {
    inner: Arc<Inner>,
}

struct Inner {
    jobs: Jobs,
    attempt: Attempt,
    log: Mutex<Log>,
}

impl fmt::Debug for JobContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JobContext")
            .field("job", &self.job())
            .field("job_id", &self.job_id())
            .field("attempt", &self.attempt())
            .finish_non_exhaustive()
    }
}

impl JobContext {
    pub(super) fn new(jobs: Jobs, attempt: Attempt) -> Self {
        let log = Mutex::default();
        Self {
            inner: Arc::new(Inner { jobs, attempt, log }),
        }
    }

    /// The job's name.
    pub fn job(&self) -> &str {
        &self.inner.attempt.job
    }

    /// The job's number, the same in all its attempts. With [`attempt`](Self::attempt) it is a key for effects
    /// elsewhere that must not happen twice: a run may be repeated when a process dies.
    pub fn job_id(&self) -> JobId {
        self.inner.attempt.id
    }

    /// The number of this attempt, from 1.
    pub fn attempt(&self) -> u32 {
        self.inner.attempt.number
    }

    /// The time that the schedule meant; none if the job was enqueued by code or by hand.
    pub fn tick(&self) -> Option<Timestamp> {
        self.inner.attempt.tick.as_ref().map(|(_, at)| *at)
    }

    /// The schedule that fired.
    pub fn schedule(&self) -> Option<&str> {
        self.inner
            .attempt
            .tick
            .as_ref()
            .map(|(schedule, _)| schedule.as_str())
    }

    /// The database.
    pub fn db(&self) -> &Db {
        self.inner.jobs.db()
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        self.inner.jobs.clock()
    }

    /// Whether the run should end: it timed out, was cancelled, or the process is stopping.
    pub fn is_cancelled(&self) -> bool {
        self.inner.attempt.cancel.is_cancelled()
    }

    /// Waits until the run should end.
    pub async fn cancelled(&self) {
        self.inner.attempt.cancel.cancelled().await;
    }

    /// Keeps a line with the run (64 KiB in all, then the rest is left out), and writes it to the log.
    pub fn log(&self, line: impl fmt::Display) {
        let line = line.to_string();
        tracing::info!(target: "graphwright::job", job = self.job(), job_id = self.job_id(), "{line}");
        let now = self.clock().now();
        self.lines().push(now, &line);
    }

    /// Another job, in a transaction of its own: `cx.enqueue(args).await?`.
    pub fn enqueue<A: JobArgs>(&self, args: A) -> Enqueue<'_> {
        self.inner.jobs.enqueue(args)
    }

    pub(super) fn take_log(&self) -> String {
        std::mem::take(&mut self.lines().text)
    }

    fn lines(&self) -> std::sync::MutexGuard<'_, Log> {
        self.inner
            .log
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// The most that is kept of one run.
const LOG_LIMIT: usize = 64 * 1024;
const CUT: &str = "… (more was logged)\n";

#[derive(Default)]
struct Log {
    text: String,
    full: bool,
}

impl Log {
    fn push(&mut self, now: Timestamp, line: &str) {
        if self.full {
            return;
        }
        let line = format!("{} {line}\n", now.strftime("%H:%M:%S%.3f"));
        if self.text.len() + line.len() + CUT.len() > LOG_LIMIT {
            self.full = true;
            self.text.push_str(CUT);
        } else {
            self.text.push_str(&line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_ends_at_its_limit() {
        let mut log = Log::default();
        for _ in 0..2000 {
            log.push(Timestamp::UNIX_EPOCH, &"x".repeat(100));
        }
        assert!(log.text.len() <= LOG_LIMIT && log.text.len() > LOG_LIMIT - 200);
        assert!(log.text.starts_with("00:00:00.000 xxx") && log.text.ends_with(CUT));
    }
}
