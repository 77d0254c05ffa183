//! Operation Name Uniqueness: <https://spec.graphql.org/September2025/#sec-Operation-Name-Uniqueness>

use crate::engine::validate::Context;
use crate::engine::validate::unique::repeated;

pub(in crate::engine::validate) fn check(cx: &mut Context<'_, '_>) {
    let names = cx
        .document
        .operations
        .iter()
        .filter_map(|operation| operation.name);
    repeated(names, |name| {
        let message = format!("there are two operations of the name `{name}`");
        cx.found.add(name.at, message);
    });
}
