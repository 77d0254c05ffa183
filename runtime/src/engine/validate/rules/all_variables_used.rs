//! All Variables Used: <https://spec.graphql.org/September2025/#sec-All-Variables-Used>

use crate::engine::validate::Context;
use crate::engine::validate::walked::VariableOf;

/// A variable that the operation does not use, neither itself nor through fragments.
#[cold]
pub(in crate::engine::validate) fn unused(cx: &mut Context<'_, '_>, variable: &VariableOf) {
    let name = cx.document.variables[variable.variable as usize];
    cx.found
        .add(variable.at, format!("the variable `${name}` is not used"));
}
