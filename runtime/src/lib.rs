//! The runtime of graphwright: what generated code links against.

pub mod clock;
pub mod engine;
pub mod error;
#[cfg(feature = "jobs")]
pub mod jobs;
pub mod model;
pub mod scalar;

pub use error::{Code, Error, Result};
