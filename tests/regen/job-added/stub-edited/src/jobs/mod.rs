//! Jobs.

pub mod first;
