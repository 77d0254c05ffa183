//! Fragment Name Uniqueness: <https://spec.graphql.org/September2025/#sec-Fragment-Name-Uniqueness>

use crate::engine::validate::Context;
use crate::engine::validate::unique::repeated;

pub(in crate::engine::validate) fn check(cx: &mut Context<'_, '_>) {
    let names = cx.document.fragments.iter().map(|fragment| fragment.name);
    repeated(names, |name| {
        let message = format!("there are two fragments of the name `{name}`");
        cx.found.add(name.at, message);
    });
}
