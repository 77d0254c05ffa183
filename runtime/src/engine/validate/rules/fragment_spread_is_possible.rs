//! Fragment Spread Is Possible: <https://spec.graphql.org/September2025/#sec-Fragment-Spread-Is-Possible>

use crate::engine::validate::Context;

/// Whether an object can be both of what is there and of the fragment's type.
#[inline]
pub(in crate::engine::validate) fn check(cx: &mut Context<'_, '_>, at: u32, parent: u16, on: u16) {
    if parent != on && !cx.schema.overlap(parent, on) {
        impossible(cx, at, parent, on);
    }
}

#[cold]
fn impossible(cx: &mut Context<'_, '_>, at: u32, parent: u16, on: u16) {
    let (parent, on) = (cx.schema.ty(parent).name.text, cx.schema.ty(on).name.text);
    cx.found.add(at, format!("no `{parent}` is ever a `{on}`"));
}
