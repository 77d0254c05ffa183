//! Jobs: schedules, the tick ledger, the queue.

mod def;

pub use def::*;
