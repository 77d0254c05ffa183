//! The five built-in scalars are not defined again.
//!
//! Specification: 3.5 (Scalars).

use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{Ir, Schema, TypeKind};

/// Reports definitions of `Int`, `Float`, `String`, `Boolean` and `ID`.
pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    for ty in ir
        .schema
        .types
        .values()
        .filter(|ty| Schema::is_builtin_scalar(&ty.name))
    {
        let report = diags.error(
            Code::BuiltinScalar,
            ty.span,
            format!("`{}` is built in and cannot be defined", ty.name),
        );
        report.help(if matches!(ty.kind, TypeKind::Scalar) {
            "remove the definition"
        } else {
            "rename the type"
        });
    }
}
