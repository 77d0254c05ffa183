//! All Variable Uses Defined: <https://spec.graphql.org/September2025/#sec-All-Variable-Uses-Defined>

use crate::engine::syntax::ast::Operation;
use crate::engine::validate::Context;
use crate::engine::validate::walked::UseOf;

/// A variable that the operation uses, itself or through fragments, and does not define.
#[cold]
pub(in crate::engine::validate) fn undefined(
    cx: &mut Context<'_, '_>,
    operation: &Operation<'_>,
    used: &UseOf,
) {
    let name = cx.document.variables[used.variable as usize];
    let by = match operation.name {
        Some(operation) => format!("the operation `{operation}`"),
        None => "the operation".to_owned(),
    };
    let message = format!("{by} does not define the variable `${name}`");
    let known = operation.variables.iter().map(|def| def.variable.name.text);
    // Not a matter of the schema, but its hints are switched off together.
    cx.found.add_near(used.at, message, &name, known);
}
