//! The names of a type's fields are unique.
//!
//! Specification: 3.6, 3.7, 3.10 (Type Validation).

use super::walk;
use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{Ir, Type};
use crate::source::Span;

/// Reports fields that repeat a name.
pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    let mut report = |ty: &Type, name: &str, span: Span, first: Span| {
        diags
            .error(
                Code::DuplicateField,
                span,
                format!("the field `{}.{name}` is defined twice", ty.name),
            )
            .note(first, "first defined here")
            .help("rename or remove one of them");
    };
    for ty in ir.schema.types.values() {
        for (field, first) in walk::repeated(ty.fields(), |field| (&field.name, field.span)) {
            report(ty, &field.name, field.span, first);
        }
    }
    for (ty, fields, _) in walk::input_types(&ir.schema) {
        for (field, first) in walk::repeated(fields, |field| (&field.name, field.span)) {
            report(ty, &field.name, field.span, first);
        }
    }
}
