//! Directives Are in Valid Locations: <https://spec.graphql.org/September2025/#sec-Directives-Are-in-Valid-Locations>

use crate::engine::schema::DirectiveDef;
use crate::engine::syntax::ast::{Directive, Location};
use crate::engine::validate::Context;

#[inline]
pub(in crate::engine::validate) fn check(
    cx: &mut Context<'_, '_>,
    def: &DirectiveDef,
    directive: &Directive<'_>,
    location: Location,
) {
    if !def.locations.contains(&location) {
        misplaced(cx, directive, location);
    }
}

#[cold]
fn misplaced(cx: &mut Context<'_, '_>, directive: &Directive<'_>, location: Location) {
    let message = format!(
        "`@{}` cannot be used on {}",
        directive.name,
        place(location)
    );
    cx.found.add(directive.span.start, message);
}

/// The places of executable documents.
fn place(location: Location) -> &'static str {
    match location {
        Location::Query => "a query",
        Location::Mutation => "a mutation",
        Location::Subscription => "a subscription",
        Location::Field => "a field",
        Location::FragmentDefinition => "a fragment's definition",
        Location::FragmentSpread => "a fragment's spread",
        Location::InlineFragment => "an inline fragment",
        Location::VariableDefinition => "a variable's definition",
        other => other.name(),
    }
}
