//! A field takes the arguments that its interface promises, and demands no others.
//!
//! Specification: 3.6 (IsValidImplementation, 2.b and 2.c).

use super::interface_fields::implementations;
use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{Field, Ir};
use std::fmt;

/// Reports arguments that differ from those of the interface.
pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    for (ty, interface, _) in implementations(&ir.schema) {
        for wanted in interface.fields() {
            if let Some(field) = ty.fields().iter().find(|field| field.name == wanted.name) {
                compare(
                    format_args!("{}.{}", ty.name, field.name),
                    field,
                    format_args!("{}.{}", interface.name, wanted.name),
                    wanted,
                    diags,
                );
            }
        }
    }
}

fn compare(
    at: fmt::Arguments<'_>,
    field: &Field,
    promised_at: fmt::Arguments<'_>,
    promised: &Field,
    diags: &mut Diagnostics,
) {
    for wanted in &promised.args {
        let Some(arg) = field.arg(&wanted.name) else {
            diags
                .error(
                    Code::MissingInterfaceArgument,
                    field.span,
                    format!(
                        "`{at}` lacks the argument `{}` of `{promised_at}`",
                        wanted.name
                    ),
                )
                .note(wanted.span, "promised here")
                .help(format!(
                    "add `{}: {}` to its arguments",
                    wanted.name, wanted.ty
                ));
            continue;
        };
        if arg.ty != wanted.ty {
            let message = format!(
                "`{at}({}:)` is of type `{}`, but `{promised_at}({}:)` is of type `{}`",
                arg.name, arg.ty, wanted.name, wanted.ty
            );
            diags
                .error(Code::InterfaceArgumentType, arg.ty_span, message)
                .note(wanted.ty_span, "promised here")
                .help(format!("make it `{}`", wanted.ty));
        }
    }
    for arg in field
        .args
        .iter()
        .filter(|arg| arg.is_required() && promised.arg(&arg.name).is_none())
    {
        let message = format!(
            "`{at}({}:)` is required, but `{promised_at}` has no such argument",
            arg.name
        );
        diags
            .error(Code::ExtraRequiredArgument, arg.span, message)
            .note(promised.span, "who asks the interface cannot give it")
            .help("make it nullable, give it a default, or add it to the interface");
    }
}
