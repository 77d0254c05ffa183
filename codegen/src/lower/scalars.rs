//! The scalars that need no definition besides the specification's five.
//!
//! In: a schema. Out: the same, with those that it uses. Must not know: their Rust types.

use crate::ir::{Schema, Type, TypeKind};

/// Their names, and what they are.
const SCALARS: &[(&str, &str)] = &[
    ("BigInt", "A whole number of 64 bits."),
    ("Bytes", "Bytes, in base64."),
    ("Date", "A date by ISO 8601: `2026-01-31`."),
    (
        "DateTime",
        "An instant by RFC 3339: `2026-01-31T12:00:00Z`.",
    ),
    (
        "Decimal",
        "An exact decimal number, as a string: `\"12.50\"`.",
    ),
    ("Duration", "A duration by ISO 8601: `PT1H30M`."),
    ("Email", "An e-mail address."),
    ("JSON", "Any JSON value."),
    ("Time", "A time of day by ISO 8601: `12:30:00`."),
    ("UUID", "A UUID, hyphenated."),
    ("Upload", "A file of a multipart request."),
    ("Url", "A URL."),
];

/// Adds a definition for each that is used without one.
pub(super) fn add_used(schema: &mut Schema) {
    let mut used = Vec::new();
    for ty in schema.types.values() {
        let fields = ty.fields().iter();
        used.extend(fields.flat_map(|f| {
            [(f.ty.name(), f.ty_span)]
                .into_iter()
                .chain(f.args.iter().map(|a| (a.ty.name(), a.ty_span)))
        }));
        if let TypeKind::Input { fields, .. } = &ty.kind {
            used.extend(fields.iter().map(|f| (f.ty.name(), f.ty_span)));
        }
    }
    for definition in schema.directive_defs.values() {
        used.extend(definition.args.iter().map(|a| (a.ty.name(), a.ty_span)));
    }
    let missing: Vec<Type> = SCALARS
        .iter()
        .filter(|(name, _)| !schema.types.contains_key(*name))
        .filter_map(|(name, description)| {
            let (_, span) = used.iter().find(|(used, _)| used == name)?;
            let ty = Type::new(*name, *span, TypeKind::Scalar);
            Some(Type {
                description: Some((*description).to_owned()),
                generated: true,
                ..ty
            })
        })
        .collect();
    schema
        .types
        .extend(missing.into_iter().map(|ty| (ty.name.clone(), ty)));
}

/// Whether a name is one of these.
pub(super) fn is_known(name: &str) -> bool {
    names().any(|scalar| scalar == name)
}

/// Their names.
pub(super) fn names<'a>() -> impl Iterator<Item = &'a str> {
    SCALARS.iter().map(|(name, _)| *name)
}
