//! Jobs: schedules, the tick ledger, the queue.

mod crontab;
mod def;
mod timing;

pub use crontab::{Crontab, CrontabError};
pub use def::*;
pub use timing::{Trigger, TriggerError, next_after};
