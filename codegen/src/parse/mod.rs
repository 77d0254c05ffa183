//! Texts → syntax with positions.

pub mod crontab;
pub(crate) mod expr;
#[cfg(feature = "cli")]
mod introspection;
pub(crate) mod manifest;
mod sdl;

#[cfg(feature = "cli")]
pub use introspection::{INTROSPECTION_QUERY, OLD_INTROSPECTION_QUERY, introspected};
pub use manifest::{Manifest, parse as manifest};
pub use sdl::{Definition, DefinitionKind, Document, Root, document, input_type, sdl};
