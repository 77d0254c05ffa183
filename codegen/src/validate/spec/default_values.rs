//! Defaults are values of their types.
//!
//! Specification: 3.6.1, 3.10 (Type Validation); 5.6 (Values).

use super::{value, walk};
use crate::diagnostic::{Code, Diagnostics};
use crate::ir::Ir;

/// Reports defaults that cannot be coerced.
pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    for input in walk::inputs(&ir.schema) {
        let Some(default) = &input.value.default else {
            continue;
        };
        let at = input.to_string();
        if !walk::is_whole(&ir.schema, &at) {
            continue;
        }
        for problem in value::problems(&ir.schema.types, &input.value.ty, default) {
            let message = format!(
                "the default of `{at}`{}: {}",
                problem.place(),
                problem.message
            );
            diags
                .error(Code::DefaultValue, input.value.default_span, message)
                .help_opt(problem.help);
        }
    }
}
