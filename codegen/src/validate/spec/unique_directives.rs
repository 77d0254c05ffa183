//! A directive that is not repeatable stands once at a place.
//!
//! Specification: 5.7.3 (Directives Are Unique per Location).

use super::known_directives::{definition, on};
use super::walk;
use crate::diagnostic::{Code, Diagnostics};
use crate::ir::Ir;

/// Reports repetitions of directives that are not repeatable.
pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    for uses in walk::uses(&ir.schema) {
        for (directive, first) in walk::repeated(uses.directives, |directive| {
            (&directive.name, directive.span)
        }) {
            if definition(&ir.schema, &directive.name)
                .is_none_or(|definition| definition.repeatable)
            {
                continue;
            }
            diags
                .error(
                    Code::RepeatedDirective,
                    directive.span,
                    format!("`@{}` stands twice on {}", directive.name, on(&uses)),
                )
                .note(first, "first here")
                .help("remove one of them");
        }
    }
}
