//! A field is deprecated only if it is deprecated in the interfaces that promise it.
//!
//! Specification: 3.6 (IsValidImplementation, 2.f), since September 2025. Schemas that were valid before stay valid, so
//! this is a warning.

use super::interface_fields::implementations;
use crate::diagnostic::{Code, Diagnostics};
use crate::ir::Ir;

/// Reports deprecated fields that an interface still promises.
pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    for (ty, interface, _) in implementations(&ir.schema) {
        for promised in interface
            .fields()
            .iter()
            .filter(|field| field.deprecated.is_none())
        {
            let found = ty.fields().iter().find(|field| field.name == promised.name);
            let Some(directive) = found.and_then(|field| field.directive("deprecated")) else {
                continue;
            };
            let message = format!(
                "`{}.{}` is deprecated, but the interface `{}` still promises it",
                ty.name, promised.name, interface.name
            );
            diags
                .warn(Code::DeprecatedImplementation, directive.span, message)
                .note(promised.span, "not deprecated here")
                .help("deprecate it in the interface, too");
        }
    }
}
