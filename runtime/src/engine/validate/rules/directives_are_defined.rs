//! Directives Are Defined: <https://spec.graphql.org/September2025/#sec-Directives-Are-Defined>

use crate::engine::schema::DirectiveDef;
use crate::engine::syntax::ast::Directive;
use crate::engine::validate::Context;

/// The directive's definition.
#[inline]
pub(in crate::engine::validate) fn check<'a>(
    cx: &mut Context<'a, '_>,
    directive: &Directive<'_>,
) -> Option<&'a DirectiveDef> {
    let found = cx.schema.directive(&directive.name);
    if found.is_none() {
        unknown(cx, directive);
    }
    found
}

#[cold]
fn unknown(cx: &mut Context<'_, '_>, directive: &Directive<'_>) {
    let name = &directive.name;
    let known = cx.schema.directives.iter().map(|def| def.name.text);
    let message = format!("there is no directive `@{name}`");
    cx.found
        .add_near(directive.span.start, message, name, known);
}
