//! Leaf Field Selections: <https://spec.graphql.org/September2025/#sec-Leaf-Field-Selections>

use crate::engine::schema::Field as FieldDef;
use crate::engine::syntax::ast::Field;
use crate::engine::validate::Context;

#[inline]
pub(in crate::engine::validate) fn check(
    cx: &mut Context<'_, '_>,
    def: &FieldDef,
    field: &Field<'_>,
) {
    if cx.schema.ty(def.ty.no).kind.is_leaf() != field.selections.is_empty() {
        report(cx, def, field);
    }
}

#[cold]
fn report(cx: &mut Context<'_, '_>, def: &FieldDef, field: &Field<'_>) {
    let (name, ty) = (&field.name, cx.schema.show(def.ty));
    let message = if field.selections.is_empty() {
        format!("`{name}` is `{ty}`: say which of its fields, as in `{name} {{ … }}`")
    } else {
        format!("`{name}` is `{ty}`, which has no fields to select")
    };
    cx.found.add(field.span.start, message);
}
