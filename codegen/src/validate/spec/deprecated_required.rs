//! What is required is not deprecated.
//!
//! Specification: 3.13.3 (@deprecated).

use super::walk;
use crate::diagnostic::{Code, Diagnostics};
use crate::ir::Ir;

/// Reports deprecated arguments and input fields that nobody can leave out.
pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    for input in walk::inputs(&ir.schema) {
        let Some(directive) = input
            .value
            .directives
            .iter()
            .find(|d| d.name == "deprecated")
        else {
            continue;
        };
        if input.value.is_required() {
            let message = format!(
                "the {} `{input}` is required, so it cannot be deprecated",
                input.what()
            );
            diags
                .error(Code::DeprecatedRequired, directive.span, message)
                .help("make it nullable or give it a default first");
        }
    }
}
