//! Field Selections: <https://spec.graphql.org/September2025/#sec-Field-Selections>

use crate::engine::schema::{Field as FieldDef, Kind};
use crate::engine::syntax::ast::Field;
use crate::engine::validate::Context;

/// The field's definition.
#[inline]
pub(in crate::engine::validate) fn check<'a>(
    cx: &mut Context<'a, '_>,
    parent: u16,
    field: &Field<'_>,
) -> Option<&'a FieldDef> {
    let found = cx.schema.field(parent, &field.name);
    if found.is_none() {
        unknown(cx, parent, field);
    }
    found
}

#[cold]
fn unknown(cx: &mut Context<'_, '_>, parent: u16, field: &Field<'_>) {
    let schema = cx.schema;
    let (name, ty) = (&field.name, schema.ty(parent));
    let of = ty.name;
    if ty.kind == Kind::Union {
        let message = format!(
            "`{of}` is a union and has no fields: ask for `{name}` in a fragment on one of its types"
        );
        cx.found.add(field.name.at, message);
        return;
    }
    let message = format!("`{of}` has no field `{name}`");
    let known = ty.fields.iter().map(|field| field.name.text);
    cx.found.add_near(field.name.at, message, name, known);
}
