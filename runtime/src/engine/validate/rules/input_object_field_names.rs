//! Input Object Field Names: <https://spec.graphql.org/September2025/#sec-Input-Object-Field-Names>

use crate::engine::schema::Type;
use crate::engine::syntax::ast::Argument;
use crate::engine::validate::Context;

#[cold]
pub(in crate::engine::validate) fn unknown(
    cx: &mut Context<'_, '_>,
    ty: &Type,
    field: &Argument<'_>,
) {
    let message = format!("`{}` has no input field `{}`", ty.name, field.name);
    let known = ty.inputs.iter().map(|def| def.name.text);
    cx.found
        .add_near(field.name.at, message, &field.name, known);
}
