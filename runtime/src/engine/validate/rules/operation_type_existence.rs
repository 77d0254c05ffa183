//! Operation Type Existence: <https://spec.graphql.org/September2025/#sec-Operation-Type-Existence>

use crate::engine::syntax::ast::Operation;
use crate::engine::validate::Context;

/// The root type of an operation.
pub(in crate::engine::validate) fn check(
    cx: &mut Context<'_, '_>,
    operation: &Operation<'_>,
) -> Option<u16> {
    let root = cx.schema.root(operation.kind);
    if root.is_none() {
        let message = format!(
            "the schema has no operation of the kind `{}`",
            operation.kind.keyword()
        );
        cx.found.add(operation.span.start, message);
    }
    root
}
