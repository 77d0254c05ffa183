//! Fragments on Object, Interface or Union Types:
//! <https://spec.graphql.org/September2025/#sec-Fragments-on-Object-Interface-or-Union-Types>

use crate::engine::syntax::Name;
use crate::engine::validate::Context;

/// The same type, if it has fields to select.
pub(in crate::engine::validate) fn check(
    cx: &mut Context<'_, '_>,
    on: &Name<'_>,
    ty: u16,
) -> Option<u16> {
    if cx.schema.ty(ty).kind.is_composite() {
        return Some(ty);
    }
    let message = format!("a fragment cannot be on `{on}`, which has no fields to select");
    cx.found.add(on.at, message);
    None
}
