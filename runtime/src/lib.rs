//! The runtime of graphwright: what generated code links against.

#[doc(hidden)]
pub mod __private;
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
pub mod model;
pub mod scalar;
pub mod server;

pub use application::{AppDef, Application, NoAuth};
pub use context::{Context, Services};
pub use engine::level::Batch;
pub use engine::limits::Limits;
pub use engine::value::Nullable;
pub use error::{Code, Error, Result};
pub use model::Key;
pub use scalar::{Bytes, Email, Id, Url};
pub use server::Server;

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
