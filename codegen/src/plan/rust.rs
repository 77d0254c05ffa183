//! `@rust(name:, type:, derive:)`: what the user wants to be called or bound otherwise.
//!
//! In: directives. Out: names, paths and derives that are known to be well formed, and findings about the others.
//! Must not know: where they will be used.

use super::names;
use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{Directive, Value};
use crate::source::Span;

/// The wishes at one place.
#[derive(Debug, Default, Clone)]
pub(super) struct Rust {
    /// The Rust name.
    pub(super) name: Option<String>,
    /// The path of the user's own type.
    pub(super) ty: Option<String>,
    /// Paths of further derives.
    pub(super) derive: Vec<String>,
    /// Where the directive stands.
    pub(super) span: Option<Span>,
}

/// Reads the wishes; what is not well formed is reported and left out.
pub(super) fn read(directives: &[Directive], diags: &mut Diagnostics) -> Rust {
    let mut rust = Rust::default();
    let Some(directive) = directives.iter().find(|d| d.name == "rust") else {
        return rust;
    };
    rust.span = Some(directive.span);
    for (key, value, span) in &directive.args {
        match (key.name.as_str(), value) {
            ("name", Value::String(text)) => rust.name = identifier(text, *span, diags),
            ("type", Value::String(text)) => rust.ty = path(text, *span, diags),
            ("derive", Value::String(text)) => rust.derive.extend(path(text, *span, diags)),
            ("derive", Value::List(items)) => {
                for item in items {
                    if let Value::String(text) = item {
                        rust.derive.extend(path(text, *span, diags));
                    }
                }
            }
            _ => {}
        }
    }
    rust
}

fn identifier(text: &str, span: Span, diags: &mut Diagnostics) -> Option<String> {
    if names::is_identifier(text) {
        return Some(text.to_owned());
    }
    diags
        .error(
            Code::RustName,
            span,
            format!("`{text}` is not a Rust identifier"),
        )
        .help("letters, digits and `_`, not a keyword unless written `r#…`");
    None
}

fn path(text: &str, span: Span, diags: &mut Diagnostics) -> Option<String> {
    if syn::parse_str::<syn::TypePath>(text).is_ok() {
        return Some(text.to_owned());
    }
    diags
        .error(
            Code::RustPath,
            span,
            format!("`{text}` is not the path of a Rust item"),
        )
        .help("write it in full: `crate::Money`");
    None
}
