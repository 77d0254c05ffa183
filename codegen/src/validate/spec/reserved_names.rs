//! Names that begin with two underscores belong to introspection.
//!
//! Specification: 2.1.9 (Reserved Names).

use super::walk;
use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{Ir, TypeKind};
use crate::source::Span;

/// Reports definitions whose names begin with `__`.
pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    let mut check = |name: &str, span: Span, what: &str| {
        if let Some(rest) = name.strip_prefix("__") {
            let rest = rest.trim_start_matches('_');
            diags
                .error(
                    Code::ReservedName,
                    span,
                    format!("the name `{name}` of {what} begins with `__`"),
                )
                .help(format!(
                    "such names belong to introspection: call it `{}`",
                    if rest.is_empty() { "_" } else { rest }
                ));
        }
    };
    let schema = &ir.schema;
    for ty in schema.types.values() {
        check(&ty.name, ty.span, "the type");
        if let TypeKind::Enum { values } = &ty.kind {
            values
                .iter()
                .for_each(|value| check(&value.name, value.span, "the enum value"));
        }
    }
    walk::fields(schema).for_each(|(_, field)| check(&field.name, field.span, "the field"));
    walk::inputs(schema).for_each(|input| {
        let what = match input.what() {
            "argument" => "the argument",
            _ => "the input field",
        };
        check(&input.value.name, input.value.span, what)
    });
    schema
        .directive_defs
        .values()
        .for_each(|definition| check(&definition.name, definition.span, "the directive"));
}
