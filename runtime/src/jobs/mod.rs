//! Jobs: schedules, the tick ledger, the queue, the workers.
//!
//! In: the manifest as static data, user code by name. Out: jobs that run at least once, at most once for each tick.
//! Must not know: GraphQL, HTTP.

mod context;
mod crontab;
mod def;
mod engine;
mod enqueue;
mod handle;
mod heart;
mod ledger;
mod retry;
mod river;
mod runner;
mod runs;
mod scheduler;
mod tables;
#[cfg(feature = "testing")]
mod testing;
mod timing;

pub use context::{JobArgs, JobContext, JobResult, Outcome};
pub use crontab::{Crontab, CrontabError};
pub use def::*;
pub use engine::{
    Attempt, Enqueued, JobEngine, JobId, JobInfo, JobState, NewJob, Runner, Verdict, Working,
};
pub use enqueue::Enqueue;
pub use handle::{Jobs, Worker};
pub use ledger::Tick;
pub use retry::delay;
pub use river::River;
pub use runner::JobHandler;
pub use runs::RunInfo;
pub use scheduler::{Scheduler, Upcoming, upcoming};
pub use timing::{Trigger, TriggerError, next_after};
