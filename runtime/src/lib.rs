//! The runtime of graphwright: what generated code links against.
//!
//! A program does not use much of this crate by name: the generator writes the glue, and the program sees it as
//! `crate::generated`. What user code meets is here at the top: [`Context`] in every resolver, [`Result`] and [`Error`]
//! as its answer, [`Batch`] for all parents of a level at once, [`Key`] for rows that the engine loads, [`Nullable`] for
//! inputs that tell "absent" from "null", and the scalars.
//!
//! | feature | default | what it brings |
//! |---|---|---|
//! | `http` | yes | `http::router`: GraphQL over HTTP on axum, streams, WebSockets, uploads, GraphiQL, health |
//! | `sqlite` | yes | [`model`]: models on an embedded SQLite database |
//! | `jobs` | yes | `jobs`: schedules, queue and workers in the same database |
//! | `app` | yes | `app`: the program's own command line (`serve`, `worker`, `migrate`, `jobs`, `schema`) |
//! | `mock` | no | [`mock`]: any schema without code, with generated values or a JSON tree |
//! | `testing` | no | `testing`: an in-memory database, a clock that stands still, a client without a socket |
//!
//! How a request goes through the crate: `http` reads it, [`Server`] asks the application who calls, [`engine`] finds
//! the plan of the document, fills one slot for each resolver of the plan level by level, and writes the response's
//! bytes in one pass; [`model`] does the same for rows.

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "tests"))]

#[doc(hidden)]
pub mod __private;
#[cfg(feature = "app")]
pub mod app;
pub mod application;
pub mod clock;
pub mod context;
pub mod engine;
pub mod error;
#[doc(hidden)]
pub mod generated;
#[cfg(feature = "http")]
pub mod http;
#[cfg(feature = "jobs")]
pub mod jobs;
pub mod link;
#[cfg(feature = "mock")]
pub mod mock;
pub mod model;
pub mod scalar;
pub mod server;
#[cfg(feature = "testing")]
pub mod testing;
pub mod upload;

#[cfg(feature = "app")]
pub use app::app;
pub use application::{AppDef, Application, NoAuth};
pub use context::{Context, Services};
pub use engine::level::Batch;
pub use engine::limits::Limits;
pub use engine::lookahead::Selection;
pub use engine::responses::Responses;
pub use engine::subscribe::Events;
pub use engine::value::Nullable;
pub use error::{Code, Error, Result};
pub use link::Link;
pub use model::Key;
pub use scalar::{Bytes, Email, Id, Url};
pub use server::Server;
pub use upload::Upload;

/// The head of an HTTP request: what `authenticate` decides from.
pub use ::http::request::Parts;

/// Brings the generated code in, as `pub mod generated`: the first line of a program's `lib.rs`.
#[macro_export]
macro_rules! include {
    () => {
        /// What graphwright generated from the schema and the schedule.
        #[allow(dead_code, reason = "a program need not use all of its schema's types")]
        #[allow(clippy::all, clippy::pedantic, reason = "not written by hand")]
        pub mod generated {
            ::core::include!(::core::concat!(::core::env!("OUT_DIR"), "/graphwright.rs"));
        }
    };
}
