//! Enqueueing a job from code.
//!
//! In: a job's name and arguments, a time, a key. Out: a job in the queue, in the caller's transaction where there is
//! one. Must not know: schedules, workers.

use std::fmt;
use std::future::IntoFuture;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use serde_json::Value;
use sqlx::SqliteConnection;

use super::context::JobArgs;
use super::engine::{Enqueued, NewJob};
use super::handle::Jobs;
use crate::model::Session;
use crate::{Error, Result};

/// A job about to be enqueued; await it.
#[must_use = "nothing is enqueued unless awaited"]
pub struct Enqueue<'a> {
    jobs: Option<Jobs>,
    name: &'a str,
    args: std::result::Result<Value, serde_json::Error>,
    at: Option<Timestamp>,
    key: Option<String>,
    held: bool,
    place: Place<'a>,
    /// Set when the job waits for a commit of the caller's.
    awaits_commit: Option<&'a AtomicBool>,
}

/// Where the row is written.
enum Place<'a> {
    /// In a transaction of its own.
    Own,
    /// In the transaction of an operation, if it has one.
    Session(&'a Session),
    /// In the caller's transaction.
    Transaction(&'a mut SqliteConnection),
}

impl fmt::Debug for Enqueue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Enqueue")
            .field("job", &self.name)
            .field("at", &self.at)
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

impl<'a> Enqueue<'a> {
    pub(super) fn new(
        jobs: Jobs,
        name: &'a str,
        args: std::result::Result<Value, serde_json::Error>,
    ) -> Self {
        Self {
            jobs: Some(jobs),
            name,
            args,
            at: None,
            key: None,
            held: false,
            place: Place::Own,
            awaits_commit: None,
        }
    }

    /// A job of a program that may have been started without jobs, which is an error when awaited.
    pub(crate) fn of<A: JobArgs>(jobs: Option<&Jobs>, args: A) -> Self {
        Self {
            jobs: jobs.cloned(),
            name: A::JOB,
            args: serde_json::to_value(&args),
            at: None,
            key: None,
            held: false,
            place: Place::Own,
            awaits_commit: None,
        }
    }

    /// Not before this time.
    pub fn at(mut self, at: Timestamp) -> Self {
        self.at = Some(at);
        self
    }

    /// Not while an unfinished job of the same kind has the same key: that one's number is answered then.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// In the caller's transaction: the job exists if and when it commits. A worker in this process sees it at once
    /// if [`Jobs::wake`] is called after the commit, else within a tenth of a second.
    pub fn tx(mut self, tx: &'a mut SqliteConnection) -> Self {
        self.place = Place::Transaction(tx);
        self
    }

    /// In the transaction of an operation if it writes, else in one of its own.
    pub fn session(mut self, session: &'a Session) -> Self {
        self.place = Place::Session(session);
        self
    }

    /// Sets this when the job was written to the session's transaction: after the commit workers are to be woken.
    pub(crate) fn noting(mut self, awaits_commit: &'a AtomicBool) -> Self {
        self.awaits_commit = Some(awaits_commit);
        self
    }

    /// Not to be worked on until it is taken.
    pub(super) fn held(mut self) -> Self {
        self.held = true;
        self
    }
}

impl<'a> IntoFuture for Enqueue<'a> {
    type Output = Result<Enqueued>;
    type IntoFuture = BoxFuture<'a, Result<Enqueued>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(run(self))
    }
}

async fn run(request: Enqueue<'_>) -> Result<Enqueued> {
    let Some(jobs) = request.jobs else {
        return Err(Error::internal("the program was started without jobs"));
    };
    let Some(job) = jobs.def().jobs.iter().find(|job| job.name == request.name) else {
        return Err(Error::internal(format!(
            "there is no job `{}`",
            request.name
        )));
    };
    let args = request.args?;
    let now = jobs.clock().now();
    let new = NewJob {
        job,
        args: &args,
        now,
        at: request.at.unwrap_or(now),
        key: request.key.as_deref(),
        tick: None,
        held: request.held,
    };
    let engine = jobs.engine();
    match request.place {
        Place::Transaction(tx) => return engine.insert(tx, &new).await,
        Place::Session(session) if session.is_writing().await => {
            let enqueued = engine
                .insert(&mut *session.connection().await?, &new)
                .await?;
            if let Some(awaits_commit) = request.awaits_commit {
                awaits_commit.store(true, Ordering::Relaxed);
            }
            return Ok(enqueued);
        }
        Place::Session(_) | Place::Own => {}
    }
    let mut tx = jobs.db().pool().begin_with("BEGIN IMMEDIATE").await?;
    let enqueued = engine.insert(&mut tx, &new).await?;
    tx.commit().await?;
    jobs.wake();
    Ok(enqueued)
}
