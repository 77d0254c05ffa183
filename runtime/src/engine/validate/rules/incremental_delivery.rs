//! `@defer` and `@stream`, which are not part of the September 2025 edition:
//! <https://github.com/graphql/graphql-spec/pull/1110>

use std::collections::HashSet;

use crate::engine::schema::Field as FieldDef;
use crate::engine::syntax::ast::{Directive, OperationKind, ValueKind};
use crate::engine::validate::Context;
use crate::engine::validate::walked::Walked;

/// Whether a directive is one of the two.
#[inline]
pub(in crate::engine::validate) fn concerns(directive: &Directive<'_>) -> bool {
    matches!(directive.name.text, "defer" | "stream")
}

/// Stream Directives Are Used on List Fields
pub(in crate::engine::validate) fn stream_on_list(
    cx: &mut Context<'_, '_>,
    def: &FieldDef,
    directive: &Directive<'_>,
) {
    if directive.name == "stream" && !def.ty.wrap.is_list() {
        let message = format!("`{}` is no list, so it cannot be streamed", def.name);
        cx.found.add(directive.span.start, message);
    }
}

/// Defer and Stream Directives Are Used on Valid Root Field
pub(in crate::engine::validate) fn not_at_root(
    cx: &mut Context<'_, '_>,
    parent: u16,
    directive: &Directive<'_>,
) {
    for kind in [OperationKind::Mutation, OperationKind::Subscription] {
        if cx.schema.root(kind) == Some(parent) {
            let message = format!(
                "`@{}` cannot be used at the root of a {}",
                directive.name,
                kind.keyword()
            );
            cx.found.add(directive.span.start, message);
        }
    }
}

/// Defer and Stream Directives Are Used on Valid Operations: in subscriptions neither is used, unless a variable may
/// switch it off.
pub(in crate::engine::validate) fn not_in_subscriptions<'a, 'd>(
    cx: &mut Context<'a, 'd>,
    walked: &Walked<'a, 'd>,
) {
    let mut reached = walked.reach();
    for (no, operation) in cx.document.operations.iter().enumerate() {
        if operation.kind != OperationKind::Subscription {
            continue;
        }
        reached.definitions(no, |definition| {
            for directive in walked.incremental_of(definition) {
                let switch = directive.argument("if").map(|value| &value.kind);
                if !matches!(
                    switch,
                    Some(ValueKind::Variable(_) | ValueKind::Boolean(false))
                ) {
                    let message = format!("`@{}` cannot be used in a subscription", directive.name);
                    cx.found.add(directive.span.start, message);
                }
            }
        });
    }
}

/// Defer and Stream Directive Labels Are Unique
pub(in crate::engine::validate) fn labels<'a, 'd>(
    cx: &mut Context<'a, 'd>,
    walked: &Walked<'a, 'd>,
) {
    let mut labels = HashSet::new();
    for directive in &walked.incremental {
        let Some(label) = directive.argument("label") else {
            continue;
        };
        let message = match &label.kind {
            ValueKind::String(text) if labels.insert(text) => continue,
            ValueKind::String(text) => format!("there are two labels `{text}`"),
            ValueKind::Variable(_) => "a label cannot be a variable".to_owned(),
            _ => continue,
        };
        cx.found.add(label.span.start, message);
    }
}
