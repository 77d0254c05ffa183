//! The graphwright generator.
//!
//! Data flows one way: text → `parse` → `lower` → `ir` → `validate` → `plan` → `emit` | `merge` | `migrate` → `write`.

pub mod diagnostic;
pub mod ir;
pub mod options;
pub mod source;
