//! What a job queue must do for us.
//!
//! In: jobs to keep, a runner to call. Out: attempts, their end recorded. Must not know: schedules, GraphQL, user code.
//!
//! The trait is narrow on purpose: it is all that binds this crate to one queue, and `tests/job_engine.rs` holds every
//! implementation to it.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use sqlx::SqliteConnection;
use tokio_util::sync::CancellationToken;

use super::def::{JobDef, JobsDef};
use crate::Result;

/// A job's number in the queue, never used again.
pub type JobId = i64;

/// A job to be kept.
#[derive(Debug)]
pub struct NewJob<'a> {
    /// What kind of job.
    pub job: &'static JobDef,
    /// Its arguments, a JSON object.
    pub args: &'a serde_json::Value,
    /// The time now.
    pub now: Timestamp,
    /// Not before this time.
    pub at: Timestamp,
    /// No second unfinished job of this kind with the same key.
    pub key: Option<&'a str>,
    /// The tick that it stands for.
    pub tick: Option<(&'a str, Timestamp)>,
    /// Kept, but left alone until it is [taken](JobEngine::take).
    pub held: bool,
}

/// What became of a new job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Enqueued {
    /// The job, or the unfinished one that has the same key.
    pub id: JobId,
    /// Whether it is new.
    pub is_new: bool,
}

/// One attempt at a job.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The job.
    pub id: JobId,
    /// Its name.
    pub job: String,
    /// Its arguments.
    pub args: serde_json::Value,
    /// Counted from 1.
    pub number: u32,
    /// The schedule and the tick that it stands for.
    pub tick: Option<(String, Timestamp)>,
    /// Cancelled when the attempt should end early.
    pub cancel: CancellationToken,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// The job is done.
    Done,
    /// It failed; again after a wait, if attempts are left.
    Retry {
        /// Why, for operators.
        error: String,
        /// How long to wait.
        after: Duration,
    },
    /// Again after a wait; the attempt does not count.
    Snooze(Duration),
    /// Never again.
    Discard(String),
    /// The process is stopping: again at once, elsewhere; the attempt does not count.
    Interrupted,
}

/// Runs attempts.
pub trait Runner: Send + Sync + 'static {
    /// Runs one attempt to its end. Does not panic.
    fn run(&self, attempt: Attempt) -> BoxFuture<'_, Verdict>;
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// Waits for its time or for a worker.
    Waiting,
    /// An attempt is under way.
    Running,
    /// Done.
    Done,
    /// Failed for the last time, or discarded by its own code.
    Discarded,
    /// Cancelled by an operator.
    Cancelled,
}

impl JobState {
    /// Whether no attempt will follow.
    pub fn is_finished(self) -> bool {
        !matches!(self, Self::Waiting | Self::Running)
    }

    /// A word for people and for JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "completed",
            Self::Discarded => "discarded",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A job as the queue knows it.
#[derive(Debug, Clone)]
pub struct JobInfo {
    /// Its number.
    pub id: JobId,
    /// Its name.
    pub job: String,
    /// Its arguments.
    pub args: serde_json::Value,
    /// Its queue.
    pub queue: String,
    /// Where it stands.
    pub state: JobState,
    /// How often it was begun.
    pub attempts: u32,
    /// Not before this time.
    pub at: Timestamp,
}

/// A queue. Jobs run at least once; an attempt that was taken from a worker and given to another cannot end the job.
pub trait JobEngine: Send + Sync + 'static {
    /// Makes or updates the queue's tables.
    fn migrate(&self) -> BoxFuture<'_, Result<()>>;

    /// Keeps a job. It exists if and when the transaction of `tx` commits.
    fn insert<'a>(
        &'a self,
        tx: &'a mut SqliteConnection,
        job: &'a NewJob<'a>,
    ) -> BoxFuture<'a, Result<Enqueued>>;

    /// The first of these jobs that is not finished, as `tx` sees it.
    fn unfinished<'a>(
        &'a self,
        tx: &'a mut SqliteConnection,
        ids: &'a [JobId],
    ) -> BoxFuture<'a, Result<Option<JobId>>>;

    /// A job, if it is still kept.
    fn find(&self, id: JobId) -> BoxFuture<'_, Result<Option<JobInfo>>>;

    /// Jobs that are not finished, the next to run first; of one name, or of all.
    fn pending<'a>(&'a self, name: Option<&'a str>) -> BoxFuture<'a, Result<Vec<JobInfo>>>;

    /// Cancels a job; a running attempt is told. Whether there was something to cancel.
    fn cancel(&self, id: JobId) -> BoxFuture<'_, Result<bool>>;

    /// Looks for work now, in this process.
    fn wake(&self);

    /// Takes a job whose time has come, to run it here: the given one, or the first. Ends by [`JobEngine::settle`].
    fn take(
        &self,
        worker: &str,
        now: Timestamp,
        only: Option<JobId>,
    ) -> BoxFuture<'_, Result<Option<Attempt>>>;

    /// Records the end of an attempt that was taken.
    fn settle<'a>(
        &'a self,
        attempt: &'a Attempt,
        verdict: &'a Verdict,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<()>>;

    /// Works on all queues until the answer is stopped.
    fn start(
        &self,
        jobs: &'static JobsDef,
        worker: &str,
        runner: Arc<dyn Runner>,
    ) -> Result<Box<dyn Working>>;

    /// Gives the running jobs of a worker that died back to the queue: `(job, attempt)` of each.
    fn release<'a>(
        &'a self,
        worker: &'a str,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Vec<(JobId, u32)>>>;

    /// The workers that have running jobs of these kinds.
    fn busy_workers(&self, jobs: &'static JobsDef) -> BoxFuture<'_, Result<Vec<String>>>;
}

/// Work under way in this process.
pub trait Working: Send {
    /// Takes no more jobs, and waits for the running ones; after `grace` they are cancelled and handed back.
    fn stop(self: Box<Self>, grace: Duration) -> BoxFuture<'static, Result<()>>;
}
