//! Argument Uniqueness: <https://spec.graphql.org/September2025/#sec-Argument-Uniqueness>

use crate::engine::syntax::ast::Argument;
use crate::engine::validate::Context;
use crate::engine::validate::unique::repeated;

pub(in crate::engine::validate) fn check(cx: &mut Context<'_, '_>, arguments: &[Argument<'_>]) {
    if arguments.len() < 2 {
        return;
    }
    repeated(arguments.iter().map(|argument| argument.name), |name| {
        let message = format!("the argument `{name}` is given twice");
        cx.found.add(name.at, message);
    });
}
