//! The values of an enum are unique.
//!
//! Specification: 3.9 (Type Validation).

use super::walk;
use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{Ir, TypeKind};

/// Reports enum values that repeat a name.
pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    for ty in ir.schema.types.values() {
        let TypeKind::Enum { values } = &ty.kind else {
            continue;
        };
        for (value, first) in walk::repeated(values, |value| (&value.name, value.span)) {
            diags
                .error(
                    Code::DuplicateEnumValue,
                    value.span,
                    format!("the value `{}.{}` is defined twice", ty.name, value.name),
                )
                .note(first, "first defined here")
                .help("rename or remove one of them");
        }
    }
}
