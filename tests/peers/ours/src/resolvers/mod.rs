//! What the schema leaves to be written: one module for each file of it.

pub mod bench;
