//! Fragments Must Be Used: <https://spec.graphql.org/September2025/#sec-Fragments-Must-Be-Used>

use crate::engine::validate::Context;
use crate::engine::validate::walked::Walked;

pub(in crate::engine::validate) fn check(cx: &mut Context<'_, '_>, walked: &Walked<'_, '_>) {
    let document = cx.document;
    if document.fragments.is_empty() {
        return;
    }
    let mut reached = walked.reach();
    for operation in 0..document.operations.len() {
        reached.definitions(operation, |_| {});
    }
    for (no, fragment) in document.fragments.iter().enumerate() {
        if !reached.fragment(no) {
            let message = format!("no operation uses the fragment `{}`", fragment.name);
            cx.found.add(fragment.name.at, message);
        }
    }
}
