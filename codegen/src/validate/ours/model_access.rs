//! A model says who may do what: without a rule nobody may do anything, which is nothing one would want unawares.

use crate::diagnostic::{Code, Diagnostics};
use crate::ir::Ir;

pub(super) fn check(ir: &Ir, diags: &mut Diagnostics) {
    for model in &ir.models {
        let Some(ty) = ir.schema.types.get(&model.name) else {
            continue;
        };
        let says = |name| ty.directive(name).is_some() && ir.schema.is_ours(name);
        if !says("access") && !says("public") {
            let message = format!(
                "the model `{}` does not say who may read and write it",
                model.name
            );
            diags.error(Code::ModelAccess, model.span, message).help(
                "add `@access(read: \"…\", create: \"…\")`, or `@public` for everyone to read it",
            );
        }
    }
}
