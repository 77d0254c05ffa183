//! The graphwright generator.
//!
//! Data flows one way: text → `parse` → `lower` → `ir` → `validate` → `plan` → `emit` | `merge` | `migrate` → `write`.

pub mod diagnostic;
pub mod emit;
pub mod ir;
pub mod load;
pub mod lower;
pub mod merge;
pub mod migrate;
pub mod options;
pub mod parse;
pub mod plan;
pub mod print;
pub mod source;
pub mod validate;
pub mod write;
