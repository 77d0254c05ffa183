//! Syntax → IR: `extend` merged, directives understood, names of defaults filled in.
//!
//! In: documents. Out: the IR, as complete as the documents allow; what cannot be merged is reported.
//! Must not know: the rules of the specification, which `validate` checks, and Rust.

mod schema;
mod shipped;

pub use schema::schema;
pub use shipped::DIRECTIVES;
