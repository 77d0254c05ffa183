//! No value of an enum is called `true`, `false` or `null`.
//!
//! Specification: 3.9 (Enums).

use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{Ir, TypeKind};

/// Reports enum values whose names are literals of other types.
pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    for ty in ir.schema.types.values() {
        let TypeKind::Enum { values } = &ty.kind else {
            continue;
        };
        for value in values
            .iter()
            .filter(|value| matches!(value.name.as_str(), "true" | "false" | "null"))
        {
            diags
                .error(
                    Code::EnumValueName,
                    value.span,
                    format!(
                        "the enum `{}` cannot have the value `{}`",
                        ty.name, value.name
                    ),
                )
                .help(format!(
                    "values are written without quotes, so this would be the literal; call it `{}`",
                    value.name.to_uppercase()
                ));
        }
    }
}
