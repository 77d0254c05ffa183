//! Which other type may take a type's place.
//!
//! In: two uses of types. Out: whether clients of the first can live with the second. Must not know: where they stand.

use crate::ir::TypeRef;

/// Whether every result of the new type is one that the old type promised.
pub(super) fn is_output_safe(was: &TypeRef, is: &TypeRef) -> bool {
    match (was, is) {
        (TypeRef::NonNull(was), TypeRef::NonNull(is)) => is_output_safe(was, is),
        (TypeRef::NonNull(_), _) => false,
        (was, TypeRef::NonNull(is)) => is_output_safe(was, is),
        (TypeRef::List(was), TypeRef::List(is)) => is_output_safe(was, is),
        (TypeRef::Named(was), TypeRef::Named(is)) => was == is,
        _ => false,
    }
}

/// Whether every value and every variable that the old type took, the new type takes.
pub(super) fn is_input_safe(was: &TypeRef, is: &TypeRef) -> bool {
    match (was, is) {
        (TypeRef::NonNull(was), TypeRef::NonNull(is)) => is_input_safe(was, is),
        (TypeRef::NonNull(was), is) => is_input_safe(was, is),
        (_, TypeRef::NonNull(_)) => false,
        (TypeRef::List(was), TypeRef::List(is)) => is_input_safe(was, is),
        (TypeRef::Named(was), TypeRef::Named(is)) => was == is,
        _ => false,
    }
}

/// What is wrong with a result's new type, if one word says it.
pub(super) fn output_reason(was: &TypeRef, is: &TypeRef) -> &'static str {
    match () {
        () if bare(was) != bare(is) => "",
        () => ": null where clients were promised none",
    }
}

/// What is wrong with an argument's new type, if one word says it.
pub(super) fn input_reason(was: &TypeRef, is: &TypeRef) -> &'static str {
    match () {
        () if bare(was) != bare(is) => "",
        () => ": null is refused now",
    }
}

/// The type with every `!` taken away.
fn bare(ty: &TypeRef) -> TypeRef {
    match ty {
        TypeRef::Named(name) => TypeRef::Named(name.clone()),
        TypeRef::List(inner) => TypeRef::List(Box::new(bare(inner))),
        TypeRef::NonNull(inner) => bare(inner),
    }
}
