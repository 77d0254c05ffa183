//! Input Object Field Uniqueness: <https://spec.graphql.org/September2025/#sec-Input-Object-Field-Uniqueness>

use crate::engine::syntax::ast::Argument;
use crate::engine::validate::Context;
use crate::engine::validate::unique::repeated;

pub(in crate::engine::validate) fn check(cx: &mut Context<'_, '_>, fields: &[Argument<'_>]) {
    if fields.len() < 2 {
        return;
    }
    repeated(fields.iter().map(|field| field.name), |name| {
        let message = format!("the input field `{name}` is given twice");
        cx.found.add(name.at, message);
    });
}
