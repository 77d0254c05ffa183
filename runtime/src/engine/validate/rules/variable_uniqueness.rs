//! Variable Uniqueness: <https://spec.graphql.org/September2025/#sec-Variable-Uniqueness>

use crate::engine::syntax::ast::Operation;
use crate::engine::validate::Context;
use crate::engine::validate::unique::repeated;

pub(in crate::engine::validate) fn check(cx: &mut Context<'_, '_>, operation: &Operation<'_>) {
    let names = operation.variables.iter().map(|def| def.variable.name);
    repeated(names, |name| {
        // The dollar sign is the byte before the name.
        let message = format!("there are two variables of the name `${name}`");
        cx.found.add(name.at.saturating_sub(1), message);
    });
}
