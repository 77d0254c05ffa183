//! Models: tables, relations and operations, executed from static tables.

mod def;

pub use def::*;
