//! The directives that nobody needs to define: the specification's and ours.

use crate::diagnostic::Diagnostics;
use crate::ir::Schema;
use crate::parse;
use crate::source::{FileId, Source};
use std::sync::LazyLock;

/// Section 3.13 of the specification.
const SPECIFIED: &str = r#"
directive @skip(if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
directive @include(if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
directive @deprecated(reason: String = "No longer supported") on FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE
directive @specifiedBy(url: String!) on SCALAR
directive @oneOf on INPUT_OBJECT
"#;

/// The definitions of our own directives, for editors.
pub const DIRECTIVES: &str = include_str!("directives.graphql");

/// The types of introspection (section 4 of the specification), which every schema has and none defines.
pub fn introspection_types() -> Schema {
    let mut diags = Diagnostics::default();
    let source = Source {
        name: String::new(),
        text: include_str!("introspection.graphql").into(),
    };
    let document = parse::document(FileId(u32::MAX), &source, &mut diags);
    let schema = super::schema::merge(&[document], &mut diags);
    debug_assert!(!diags.has_errors(), "{diags:?}");
    schema
}

/// A schema that holds the shipped directives and the types of their arguments; its spans mean nothing.
pub(super) fn shipped() -> &'static Schema {
    static SHIPPED: LazyLock<Schema> = LazyLock::new(read);
    &SHIPPED
}

fn read() -> Schema {
    let mut diags = Diagnostics::default();
    let file = FileId(u32::MAX);
    let documents: Vec<_> = [SPECIFIED, DIRECTIVES]
        .into_iter()
        .map(|text| {
            let source = Source {
                name: String::new(),
                text: text.into(),
            };
            parse::document(file, &source, &mut diags)
        })
        .collect();
    let schema = super::schema::merge(&documents, &mut diags);
    debug_assert!(!diags.has_errors(), "{diags:?}");
    schema
}
