//! Single Root Field: <https://spec.graphql.org/September2025/#sec-Single-Root-Field>

use crate::engine::syntax::Name;
use crate::engine::syntax::ast::{Directive, Operation, OperationKind, Selection};
use crate::engine::validate::Context;

pub(in crate::engine::validate) fn check<'d>(cx: &mut Context<'_, 'd>, operation: &Operation<'d>) {
    if operation.kind != OperationKind::Subscription {
        return;
    }
    let mut roots = Roots {
        first: None,
        spread: vec![false; cx.document.fragments.len()],
    };
    // A stack, not recursion: fragments may be chained by the thousand.
    let mut open = vec![operation.selections.iter()];
    while let Some(selections) = open.last_mut() {
        let Some(selection) = selections.next() else {
            open.pop();
            continue;
        };
        conditions(cx, selection.directives());
        match selection {
            Selection::Field(field) => roots.field(cx, field.key(), field.name),
            Selection::Inline(inline) => open.push(inline.selections.iter()),
            Selection::Spread(spread) => {
                let no = cx.document.fragment_no(spread);
                if let Some(no) = no.filter(|no| !roots.spread[*no]) {
                    roots.spread[no] = true;
                    open.push(cx.document.fragments[no].selections.iter());
                }
            }
        }
    }
}

struct Roots<'d> {
    first: Option<Name<'d>>,
    /// By number of the fragment.
    spread: Vec<bool>,
}

impl<'d> Roots<'d> {
    fn field(&mut self, cx: &mut Context<'_, 'd>, key: Name<'d>, name: Name<'d>) {
        if name.starts_with("__") {
            let message = format!("a subscription cannot ask for `{name}` at its root");
            cx.found.add(key.at, message);
        }
        let first = *self.first.get_or_insert(key);
        if first != key {
            let message =
                format!("a subscription asks for one field, and `{first}` comes before `{key}`");
            cx.found.add(key.at, message);
        }
    }
}

fn conditions(cx: &mut Context<'_, '_>, directives: &[Directive<'_>]) {
    for directive in directives {
        if matches!(directive.name.text, "skip" | "include") {
            let message = format!(
                "`@{}` cannot be used at the root of a subscription",
                directive.name
            );
            cx.found.add(directive.span.start, message);
        }
    }
}
