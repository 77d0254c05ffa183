//! Jobs in tests: schedules fired and jobs run by hand, at the time of a fake clock.
//!
//! In: the handle on jobs, the code of jobs. Out: what fired, what ran. Must not know: workers, sleeping.

use std::fmt::Debug;
use std::sync::Arc;

use super::context::JobArgs;
use super::engine::{Attempt, Verdict};
use super::handle::Jobs;
use super::ledger::Tick;
use super::runner::JobHandler;
use super::scheduler::Scheduler;
use crate::Result;

/// More runs than this in one go are taken for jobs that enqueue themselves for ever.
const ENDLESS: usize = 10_000;

impl Jobs {
    /// Fires the schedules that are due by the clock. The first call only begins to watch.
    ///
    /// # Errors
    ///
    /// If a schedule cannot be followed or the database fails.
    pub async fn tick(&self) -> Result<Vec<Tick>> {
        Scheduler::new(self)?.tick().await
    }

    /// Runs the jobs that are due by the clock, and those that they enqueue, until none is left.
    ///
    /// # Errors
    ///
    /// If the database fails. That a job fails is a verdict; its next attempt is due when its wait is over.
    ///
    /// # Panics
    ///
    /// After 10,000 runs.
    pub async fn drain(&self, handler: &Arc<dyn JobHandler>) -> Result<Vec<(Attempt, Verdict)>> {
        let mut runs = Vec::new();
        while let Some(run) = self.run_one(handler, None).await? {
            runs.push(run);
            assert!(runs.len() < ENDLESS, "jobs enqueue each other without end");
        }
        Ok(runs)
    }

    /// The arguments of the unfinished jobs of one kind, the next to run first.
    ///
    /// # Errors
    ///
    /// If the database fails, or the arguments are not of this type.
    pub async fn enqueued<A: JobArgs>(&self) -> Result<Vec<A>> {
        let jobs = self.engine().pending(Some(A::JOB)).await?;
        jobs.into_iter()
            .map(|job| Ok(serde_json::from_value(job.args)?))
            .collect()
    }

    /// Fails the test unless an unfinished job of this kind has arguments for which `wanted` holds.
    ///
    /// # Panics
    ///
    /// If there is none; the message lists those that there are.
    pub async fn assert_enqueued<A: JobArgs + Debug>(&self, wanted: impl Fn(&A) -> bool) {
        match self.enqueued::<A>().await {
            Ok(found) if found.iter().any(&wanted) => {}
            found => panic!("no such `{}` is enqueued; there are: {found:?}", A::JOB),
        }
    }
}
