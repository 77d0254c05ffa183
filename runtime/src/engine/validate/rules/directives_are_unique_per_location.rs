//! Directives Are Unique per Location: <https://spec.graphql.org/September2025/#sec-Directives-Are-Unique-per-Location>

use crate::engine::syntax::ast::Directive;
use crate::engine::validate::Context;
use crate::engine::validate::unique::repeated;

pub(in crate::engine::validate) fn check(cx: &mut Context<'_, '_>, directives: &[Directive<'_>]) {
    if directives.len() < 2 {
        return;
    }
    let schema = cx.schema;
    let names = directives.iter().map(|directive| directive.name);
    let single = names.filter(|name| schema.directive(name).is_some_and(|def| !def.repeatable));
    repeated(single, |name| {
        // The at sign is the byte before the name.
        cx.found.add(
            name.at.saturating_sub(1),
            format!("`@{name}` can be used once at a place"),
        );
    });
}
