//! Arguments and input fields have input types.
//!
//! Specification: 3.6.1, 3.10, 3.13 (Type Validation).

use super::walk;
use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{Ir, TypeKind};

/// Reports arguments and input fields of output types.
pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    let is_input = |kind: &TypeKind| {
        matches!(
            kind,
            TypeKind::Scalar | TypeKind::Enum { .. } | TypeKind::Input { .. }
        )
    };
    for input in walk::inputs(&ir.schema) {
        let name = input.value.ty.name();
        let Some(kind) = walk::kind(&ir.schema, name).filter(|kind| !is_input(kind)) else {
            continue;
        };
        let message = format!(
            "the {} `{input}` cannot be of type `{name}`, which is {}",
            input.what(),
            walk::kind_words(kind)
        );
        let nearby = [format!("{name}Input"), format!("Create{name}Input")]
            .into_iter()
            .find(|name| walk::kind(&ir.schema, name).is_some_and(is_input));
        diags
            .error(
                Code::NotInputType,
                walk::name_span(&input.value.ty, input.value.ty_span),
                message,
            )
            .help(match nearby {
                Some(nearby) => format!("did you mean `{nearby}`?"),
                None => format!(
                    "use a scalar, an enum or an input type, such as `input {name}Input {{ … }}`"
                ),
            });
    }
}
