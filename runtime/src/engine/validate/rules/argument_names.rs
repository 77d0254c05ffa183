//! Argument Names: <https://spec.graphql.org/September2025/#sec-Argument-Names>

use crate::engine::schema::Input;
use crate::engine::syntax::ast::Argument;
use crate::engine::validate::{Context, Owner};

#[cold]
pub(in crate::engine::validate) fn unknown(
    cx: &mut Context<'_, '_>,
    owner: Owner<'_>,
    argument: &Argument<'_>,
    known: &[Input],
) {
    let message = format!(
        "{} has no argument `{}`",
        owner.text(cx.schema),
        argument.name
    );
    let known = known.iter().map(|def| def.name.text);
    cx.found
        .add_near(argument.name.at, message, &argument.name, known);
}
