//! The names of the arguments of a field or directive are unique.
//!
//! Specification: 3.6.1, 3.13 (Type Validation).

use super::walk;
use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{InputValue, Ir};
use std::fmt;

/// Reports argument definitions that repeat a name.
pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    let mut report = |args: &[InputValue], of: fmt::Arguments<'_>| {
        for (arg, first) in walk::repeated(args, |arg| (&arg.name, arg.span)) {
            diags
                .error(
                    Code::DuplicateArgumentDefinition,
                    arg.span,
                    format!("the argument `{}` of `{of}` is defined twice", arg.name),
                )
                .note(first, "first defined here")
                .help("rename or remove one of them");
        }
    };
    for (ty, field) in walk::fields(&ir.schema) {
        report(&field.args, format_args!("{}.{}", ty.name, field.name));
    }
    for definition in ir.schema.directive_defs.values() {
        report(&definition.args, format_args!("@{}", definition.name));
    }
}
