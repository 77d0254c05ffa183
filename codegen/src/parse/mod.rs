//! Texts → syntax with positions.

mod sdl;

pub use sdl::{Definition, DefinitionKind, Document, Root, document, input_type, sdl};
