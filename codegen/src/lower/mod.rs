//! Syntax → IR: `extend` merged, directives understood, names of defaults filled in.
//!
//! In: documents. Out: the IR, as complete as the documents allow; what cannot be merged is reported.
//! Must not know: the rules of the specification, which `validate` checks, and Rust.

mod access;
mod cx;
mod jobs;
mod literal;
mod models;
mod operations;
mod scalars;
mod schema;
mod shipped;
mod table_name;
#[cfg(test)]
mod tests;

pub use schema::schema;
pub use shipped::{DIRECTIVES, introspection_types};

use crate::diagnostic::Diagnostics;
use crate::ir::Ir;
use crate::parse::{Document, Manifest};
use crate::source::Sources;

/// Everything that the documents and the manifest describe; `sources` are the files that their spans point into.
pub fn lower(
    sources: &Sources,
    documents: &[Document],
    manifest: Option<&Manifest>,
    diags: &mut Diagnostics,
) -> Ir {
    let mut schema = schema(documents, diags);
    let cx = cx::Cx::new(sources, &schema);
    let auth = access::auth(&cx, &mut schema, diags);
    let mut models = models::models(&cx, &mut schema, auth.as_ref(), diags);
    access::models(&cx, &schema, auth.as_ref(), &mut models, diags);
    operations::expand(&cx, &mut schema, &models, diags);
    access::fields(&cx, &mut schema, auth.as_ref(), &models, diags);
    scalars::add_used(&mut schema);
    let jobs = manifest
        .map(|manifest| jobs::jobs(manifest, &schema, diags))
        .unwrap_or_default();
    Ir {
        schema,
        models,
        auth,
        jobs,
    }
}
