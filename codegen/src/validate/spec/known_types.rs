//! Every name of a type is defined.
//!
//! Specification: 3.3 (Schema).

use super::walk;
use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{Ir, TypeKind};
use crate::source::Span;

/// Reports names of types that nothing defines.
pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    let schema = &ir.schema;
    let mut need = |name: &str,
                    span: &dyn Fn() -> Span,
                    at: &dyn Fn() -> String,
                    fits: fn(&TypeKind) -> bool| {
        if walk::kind(schema, name).is_some() || schema.broken.contains(name) {
            return;
        }
        let at = at();
        let help = walk::suggest_type(schema, name, fits)
            .unwrap_or_else(|| format!("define `{name}`, or name a type that is defined"));
        diags
            .error(
                Code::UnknownType,
                span(),
                format!("unknown type `{name}` of {at}"),
            )
            .help(help);
    };
    for (ty, field) in walk::fields(schema) {
        need(
            field.ty.name(),
            &|| walk::name_span(&field.ty, field.ty_span),
            &|| format!("`{}.{}`", ty.name, field.name),
            is_output,
        );
    }
    for input in walk::inputs(schema) {
        need(
            input.value.ty.name(),
            &|| walk::name_span(&input.value.ty, input.value.ty_span),
            &|| format!("`{input}`"),
            is_input,
        );
    }
    for (ty, implements) in walk::implementers(schema) {
        for interface in implements {
            let fits = |kind: &TypeKind| matches!(kind, TypeKind::Interface { .. });
            need(
                &interface.name,
                &|| interface.span,
                &|| format!("`{}`, which implements it", ty.name),
                fits,
            );
        }
    }
    for ty in schema.types.values() {
        if let TypeKind::Union { members } = &ty.kind {
            for member in members {
                let fits = |kind: &TypeKind| matches!(kind, TypeKind::Object { .. });
                need(
                    &member.name,
                    &|| member.span,
                    &|| format!("the union `{}`", ty.name),
                    fits,
                );
            }
        }
    }
    for (operation, root) in schema.roots() {
        let fits = |kind: &TypeKind| matches!(kind, TypeKind::Object { .. });
        need(
            &root.name,
            &|| root.span,
            &|| format!("the operation `{operation}`"),
            fits,
        );
    }
}

fn is_output(kind: &TypeKind) -> bool {
    !matches!(kind, TypeKind::Input { .. })
}

fn is_input(kind: &TypeKind) -> bool {
    matches!(
        kind,
        TypeKind::Scalar | TypeKind::Enum { .. } | TypeKind::Input { .. }
    )
}
