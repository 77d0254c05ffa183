//! Jobs.

pub mod another;
pub mod first;
