//! Mine.
pub mod shop; // the only one
