//! The engine: from a document to the bytes of its response.
//!
//! In: a request, an application. Out: a response. Must not know: HTTP, jobs.
//!
//! `documents` finds or makes the plan (`syntax`, `limits`, `validate`, `lower`, `introspection`), `coerce` fits the variables,
//! `level` fills the slots of the `state`, `writer` turns them into bytes.

pub mod answers;
mod cache;
pub mod call;
mod coerce;
mod copy;
mod cost;
mod documents;
pub mod execute;
mod hints;
mod incremental;
mod introspection;
#[cfg(test)]
#[path = "tests/js.rs"]
mod js;
pub mod level;
pub mod limits;
pub mod lookahead;
mod lower;
pub mod object;
pub mod out;
pub mod plan;
mod prepared;
pub mod response;
pub mod responses;
pub mod schema;
pub mod state;
mod stream;
pub mod subscribe;
pub mod syntax;
mod then;
pub mod together;
mod turns;
mod validate;
pub mod value;
pub(crate) mod within;
mod work;
pub mod writer;
