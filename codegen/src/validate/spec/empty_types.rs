//! Every type has at least one field, member or value.
//!
//! Specification: 3.6 to 3.10 (Type Validation).

use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{Ir, Type, TypeKind};

/// Reports types that have nothing in them.
pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    for ty in ir
        .schema
        .types
        .values()
        .filter(|ty| !ir.schema.broken.contains(&ty.name))
    {
        let (empty, what, help) = match &ty.kind {
            TypeKind::Scalar => continue,
            TypeKind::Object { fields, .. } => (fields.is_empty(), "fields", "type"),
            TypeKind::Interface { fields, .. } => (fields.is_empty(), "fields", "interface"),
            TypeKind::Union { members } => (members.is_empty(), "members", "union"),
            TypeKind::Enum { values } => (values.is_empty(), "values", "enum"),
            TypeKind::Input { fields, .. } => (fields.is_empty(), "fields", "input"),
        };
        let hidden = |ty: &Type| !ty.hidden && ty.fields().iter().all(|field| field.hidden);
        if empty {
            diags
                .error(
                    Code::EmptyType,
                    ty.span,
                    format!("`{}` has no {what}", ty.name),
                )
                .help(format!(
                    "give it one, here or in an `extend {help} {}`",
                    ty.name
                ));
        } else if !ty.fields().is_empty() && hidden(ty) {
            diags
                .error(
                    Code::EmptyType,
                    ty.span,
                    format!("every field of `{}` is hidden", ty.name),
                )
                .help("leave one of them in the API");
        }
    }
}
