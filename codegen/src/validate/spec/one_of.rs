//! The fields of a `@oneOf` input type are nullable and have no defaults.
//!
//! Specification: 3.10.1 (OneOf Input Objects).

use super::walk;
use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{Ir, TypeRef};

/// Reports fields that could never be left out, or would never be.
pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    for (ty, fields, _) in walk::input_types(&ir.schema).filter(|(.., one_of)| *one_of) {
        for field in fields {
            if let TypeRef::NonNull(inner) = &field.ty {
                let message = format!(
                    "`{}.{}` cannot be non-null: exactly one field of a `@oneOf` input is given",
                    ty.name, field.name
                );
                diags
                    .error(Code::OneOfNonNull, field.ty_span, message)
                    .help(format!(
                        "write `{inner}`; whatever is given cannot be null anyway"
                    ));
            }
            if field.default.is_some() {
                let message = format!(
                    "`{}.{}` cannot have a default: exactly one field of a `@oneOf` input is given",
                    ty.name, field.name
                );
                diags
                    .error(Code::OneOfDefault, field.default_span, message)
                    .help("remove the default");
            }
        }
    }
}
