//! A directive gets the arguments that it needs.
//!
//! Specification: 5.4.3 (Required Arguments).

use super::known_directives::definition;
use super::walk;
use crate::diagnostic::{Code, Diagnostics};
use crate::ir::Ir;

/// Reports required arguments that are left out.
pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    let uses = walk::uses(&ir.schema);
    let whole = uses
        .iter()
        .filter(|uses| walk::is_whole(&ir.schema, &uses.at));
    for directive in whole.flat_map(|uses| uses.directives) {
        let Some(definition) = definition(&ir.schema, &directive.name) else {
            continue;
        };
        for arg in definition
            .args
            .iter()
            .filter(|arg| arg.is_required() && directive.arg(&arg.name).is_none())
        {
            diags
                .error(
                    Code::MissingArgument,
                    directive.span,
                    format!("`@{}` needs the argument `{}`", directive.name, arg.name),
                )
                .help(format!(
                    "write `@{}({}: …)` with a value of type `{}`",
                    directive.name, arg.name, arg.ty
                ));
        }
    }
}
