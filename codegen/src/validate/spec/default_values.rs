//! Defaults are values of their types.
//!
//! Specification: 3.6.1, 3.10 (Type Validation); 5.6 (Values).

use super::{value, walk};
use crate::diagnostic::{Code, Diagnostics};
use crate::ir::Ir;

/// Reports defaults that cannot be coerced.
pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    let whole = |input: &walk::Input<'_>| walk::is_whole(&ir.schema, &input.at);
    for input in walk::inputs(&ir.schema).into_iter().filter(whole) {
        let Some(default) = &input.value.default else {
            continue;
        };
        for problem in value::problems(&ir.schema.types, &input.value.ty, default) {
            let message = format!(
                "the default of `{}`{}: {}",
                input.at,
                problem.place(),
                problem.message
            );
            diags
                .error(Code::DefaultValue, input.value.default_span, message)
                .help_opt(problem.help);
        }
    }
}
