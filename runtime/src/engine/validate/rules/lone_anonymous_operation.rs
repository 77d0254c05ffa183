//! Lone Anonymous Operation: <https://spec.graphql.org/September2025/#sec-Lone-Anonymous-Operation>

use crate::engine::validate::Context;

pub(in crate::engine::validate) fn check(cx: &mut Context<'_, '_>) {
    let operations = &cx.document.operations;
    if operations.len() < 2 {
        return;
    }
    for operation in operations
        .iter()
        .filter(|operation| operation.name.is_none())
    {
        let message = "an operation without a name must be the only one".to_owned();
        cx.found.add(operation.span.start, message);
    }
}
