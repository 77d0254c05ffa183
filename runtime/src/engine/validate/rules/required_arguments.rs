//! Required Arguments: <https://spec.graphql.org/September2025/#sec-Required-Arguments>
//!
//! That a required argument is not `null` is seen to with the values.

use crate::engine::schema::Input;
use crate::engine::syntax::ast::Argument;
use crate::engine::validate::{Context, Owner};

/// `at`: where the field or the directive stands.
#[inline]
pub(in crate::engine::validate) fn check(
    cx: &mut Context<'_, '_>,
    owner: Owner<'_>,
    at: u32,
    (given, known): (&[Argument<'_>], &[Input]),
) {
    for def in known.iter().filter(|def| def.is_required()) {
        if !given.iter().any(|argument| argument.name == def.name) {
            missing(cx, owner, at, def);
        }
    }
}

#[cold]
fn missing(cx: &mut Context<'_, '_>, owner: Owner<'_>, at: u32, def: &Input) {
    let ty = cx.schema.show(def.ty);
    let message = format!(
        "{} needs the argument `{}: {ty}`",
        owner.text(cx.schema),
        def.name
    );
    cx.found.add(at, message);
}
