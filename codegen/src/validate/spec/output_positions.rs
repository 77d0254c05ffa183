//! Fields have output types.
//!
//! Specification: 3.6, 3.7 (Type Validation).

use super::walk;
use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{Ir, TypeKind};

/// Reports fields of input types.
pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    for (ty, field) in walk::fields(&ir.schema) {
        let name = field.ty.name();
        if !matches!(walk::kind(&ir.schema, name), Some(TypeKind::Input { .. })) {
            continue;
        }
        let message = format!(
            "the field `{}.{}` cannot be of type `{name}`, which is an input type",
            ty.name, field.name
        );
        diags
            .error(
                Code::NotOutputType,
                walk::name_span(&field.ty, field.ty_span),
                message,
            )
            .help("define a type with the same fields for what is answered");
    }
}
