//! A type has the fields of its interfaces, of the same types or narrower ones.
//!
//! Specification: 3.6 (IsValidImplementation, 2; IsValidImplementationFieldType).

use super::walk;
use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{Ir, Named, Schema, Type, TypeKind, TypeRef};

/// Reports fields that are missing or promise too little.
pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    for (ty, interface, named) in implementations(&ir.schema) {
        for wanted in interface.fields() {
            let Some(field) = ty.fields().iter().find(|field| field.name == wanted.name) else {
                let message = format!(
                    "`{}` lacks the field `{}` of its interface `{}`",
                    ty.name, wanted.name, interface.name
                );
                diags
                    .error(Code::MissingInterfaceField, named.span, message)
                    .note(wanted.span, "asked for here")
                    .help(format!(
                        "add `{}: {}` to `{}`",
                        wanted.name, wanted.ty, ty.name
                    ));
                continue;
            };
            if !is_narrower(&ir.schema, &field.ty, &wanted.ty) {
                let message = format!(
                    "`{}.{}` is of type `{}`, but the interface `{}` promises `{}`",
                    ty.name, field.name, field.ty, interface.name, wanted.ty
                );
                diags
                    .error(Code::InterfaceFieldType, field.ty_span, message)
                    .note(wanted.ty_span, "promised here")
                    .help(format!(
                        "make it `{}`, or a type that is always one",
                        wanted.ty
                    ));
            }
        }
    }
}

/// Every pair of a type and an interface that it declares, both fully known.
pub(super) fn implementations(schema: &Schema) -> impl Iterator<Item = (&Type, &Type, &Named)> {
    let whole = |name: &str| !schema.broken.contains(name);
    walk::implementers(schema)
        .filter(move |(ty, _)| whole(&ty.name))
        .flat_map(move |(ty, implements)| {
            implements.iter().filter_map(move |named| {
                let interface = schema
                    .types
                    .get(&named.name)
                    .filter(|it| whole(&it.name) && it.name != ty.name)?;
                matches!(interface.kind, TypeKind::Interface { .. })
                    .then_some((ty, interface, named))
            })
        })
}

/// Whether every value of `is` is one of `wanted`; a type that is not defined is reported elsewhere.
fn is_narrower(schema: &Schema, is: &TypeRef, wanted: &TypeRef) -> bool {
    match (is, wanted) {
        (TypeRef::NonNull(is), TypeRef::NonNull(wanted)) => is_narrower(schema, is, wanted),
        (TypeRef::NonNull(is), wanted) => is_narrower(schema, is, wanted),
        (TypeRef::List(is), TypeRef::List(wanted)) => is_narrower(schema, is, wanted),
        (TypeRef::Named(is), TypeRef::Named(wanted)) => {
            is == wanted || is_possible(schema, is, wanted)
        }
        _ => false,
    }
}

fn is_possible(schema: &Schema, is: &str, wanted: &str) -> bool {
    let (Some(kind), Some(of)) = (walk::kind(schema, is), walk::kind(schema, wanted)) else {
        return true;
    };
    match (kind, of) {
        (TypeKind::Object { .. }, TypeKind::Union { members }) => {
            members.iter().any(|member| member.name == is)
        }
        (
            TypeKind::Object { implements, .. } | TypeKind::Interface { implements, .. },
            TypeKind::Interface { .. },
        ) => implements.iter().any(|interface| interface.name == wanted),
        _ => false,
    }
}
