//! Scalars that may be used without a definition, because the runtime knows them.

use crate::ir::{Schema, Type, TypeKind};
use crate::source::Span;

/// Their names; each has a Rust type of its own.
const KNOWN: [&str; 11] = [
    "DateTime", "Date", "Time", "Duration", "UUID", "Decimal", "JSON", "Url", "Email", "BigInt",
    "Bytes",
];

/// Defines those that are used and not defined, so that the public schema is complete.
pub(super) fn add_used(schema: &mut Schema) {
    let mut used: Vec<(String, Span)> = Vec::new();
    for ty in schema.types.values() {
        for field in ty.fields() {
            used.push((field.ty.name().into(), field.ty_span));
            used.extend(
                field
                    .args
                    .iter()
                    .map(|arg| (arg.ty.name().into(), arg.ty_span)),
            );
        }
        if let TypeKind::Input { fields, .. } = &ty.kind {
            used.extend(
                fields
                    .iter()
                    .map(|field| (field.ty.name().into(), field.ty_span)),
            );
        }
    }
    for definition in schema.directive_defs.values() {
        used.extend(
            definition
                .args
                .iter()
                .map(|arg| (arg.ty.name().into(), arg.ty_span)),
        );
    }
    for (name, span) in used {
        let known = KNOWN.contains(&name.as_str());
        if known && !schema.types.contains_key(&name) && !schema.broken.contains(&name) {
            let ty = Type {
                generated: true,
                ..Type::new(name.clone(), span, TypeKind::Scalar)
            };
            schema.types.insert(name, ty);
        }
    }
}
