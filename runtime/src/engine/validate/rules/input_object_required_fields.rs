//! Input Object Required Fields: <https://spec.graphql.org/September2025/#sec-Input-Object-Required-Fields>
//!
//! With them what `@oneOf` asks for: <https://spec.graphql.org/September2025/#sec-OneOf-Input-Objects>. That a required
//! field is not `null` is seen to with the values, that a variable in a `@oneOf` cannot be, with the variables.

use crate::engine::schema::Type;
use crate::engine::syntax::ast::{Argument, ValueKind};
use crate::engine::validate::Context;

/// `at`: where the object stands.
pub(in crate::engine::validate) fn check(
    cx: &mut Context<'_, '_>,
    ty: &Type,
    at: u32,
    given: &[Argument<'_>],
) {
    for def in ty.inputs.iter().filter(|def| def.is_required()) {
        if !given.iter().any(|field| field.name == def.name) {
            let (object, wanted) = (ty.name, cx.schema.show(def.ty));
            let message = format!("`{object}` needs the input field `{}: {wanted}`", def.name);
            cx.found.add(at, message);
        }
    }
}

/// Exactly one field, and it is not null.
pub(in crate::engine::validate) fn one_of(
    cx: &mut Context<'_, '_>,
    ty: &Type,
    at: u32,
    given: &[Argument<'_>],
) {
    let name = ty.name;
    let message = match given {
        [field] if matches!(field.value.kind, ValueKind::Null) => {
            format!(
                "`{name}` takes exactly one input field, and `{}` is null",
                field.name
            )
        }
        [_] => return,
        _ => format!(
            "`{name}` takes exactly one input field, not {}",
            given.len()
        ),
    };
    cx.found.add(at, message);
}
