//! The engine: from a document to the bytes of its response.

pub mod out;
pub mod plan;
pub mod schema;
pub mod value;
