//! The resolved, language-neutral description of API, tables, permissions and jobs.
//!
//! In: what `lower` understood. Out: what `validate` checks and `plan` names.
//! Must not know: Rust identifiers, SQL text, files.

mod access;
mod jobs;
mod model;
mod renames;
mod schema;

pub use access::*;
pub use jobs::*;
pub use model::*;
pub use renames::*;
pub use schema::*;

/// Everything that one run knows.
#[derive(Debug, Default)]
pub struct Ir {
    /// The API: every type that the public schema has, those that operations expand to among them.
    pub schema: Schema,
    /// The database models in the order of their definition.
    pub models: Vec<Model>,
    /// The caller's type (`@auth`), which is not part of the public schema.
    pub auth: Option<AuthType>,
    /// The manifest.
    pub jobs: Jobs,
}
