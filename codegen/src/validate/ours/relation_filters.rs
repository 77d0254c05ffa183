//! A filter that looks through a relation needs something to look at.

use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{Ir, Model};

pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    let filters = |model: &Model| {
        model
            .columns
            .iter()
            .any(|c| !c.filters.is_empty() && !c.hidden)
            || model.relations.iter().any(|r| r.filter)
    };
    for model in &ir.models {
        for relation in model.relations.iter().filter(|r| r.filter) {
            let target = &ir.models[relation.target];
            if !filters(target) {
                let message = format!(
                    "`@filter` has no effect on `{}.{}`: no field of `{}` has `@filter`",
                    model.name, relation.field, target.name
                );
                let help = format!(
                    "add `@filter` to a field of `{}`, or remove this one",
                    target.name
                );
                diags
                    .error(Code::DirectiveWithoutEffect, relation.span, message)
                    .note(target.span, "the model is here")
                    .help(help);
            }
        }
    }
}
