//! Fragment Spread Type Existence: <https://spec.graphql.org/September2025/#sec-Fragment-Spread-Type-Existence>

use crate::engine::syntax::Name;
use crate::engine::validate::Context;

/// The type of a type condition.
pub(in crate::engine::validate) fn check(cx: &mut Context<'_, '_>, on: &Name<'_>) -> Option<u16> {
    let found = cx.schema.type_no(on);
    if found.is_none() {
        let schema = cx.schema;
        let known = schema
            .types
            .iter()
            .filter(|ty| ty.kind.is_composite())
            .map(|ty| ty.name.text);
        cx.found
            .add_near(on.at, format!("there is no type `{on}`"), on, known);
    }
    found
}
