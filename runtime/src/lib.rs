//! The runtime of graphwright: what generated code links against.

pub mod clock;
pub mod engine;
#[cfg(feature = "jobs")]
pub mod jobs;
pub mod model;
