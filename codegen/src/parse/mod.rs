//! Texts → syntax with positions.

pub mod crontab;
pub(crate) mod expr;
pub(crate) mod manifest;
mod sdl;

pub use manifest::{Manifest, parse as manifest};
pub use sdl::{Definition, DefinitionKind, Document, Root, document, input_type, sdl};
