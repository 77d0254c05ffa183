//! Texts → syntax with positions.

pub mod crontab;
pub(crate) mod expr;
mod introspection;
pub(crate) mod manifest;
mod sdl;

pub use introspection::{INTROSPECTION_QUERY, OLD_INTROSPECTION_QUERY, introspected};
pub use manifest::{Manifest, parse as manifest};
pub use sdl::{Definition, DefinitionKind, Document, Root, document, input_type, sdl};
