//! The directives that tell clients what a field costs and how long its answer may be kept.

use super::sides::Sides;
use super::{Change, Level};
use crate::ir::{Directive, TOLD};
use crate::print;
use crate::source::Span;

pub(super) fn check(sides: &Sides<'_>, found: &mut Vec<Change>) {
    let ours = |name: &&&str| sides.before.is_ours(name) && sides.after.is_ours(name);
    let names = TOLD.iter().filter(ours);
    let mut look = |at: &str, was: Side<'_>, is: Side<'_>| {
        for name in names.clone() {
            found.extend(change(name, at, was, is));
        }
    };
    for (was, is) in &sides.types.both {
        look(
            &is.name,
            (&was.directives, was.span),
            (&is.directives, is.span),
        );
    }
    for pair in sides.field_pairs() {
        look(
            &pair.coordinate(),
            (&pair.before.directives, pair.before.span),
            (&pair.after.directives, pair.after.span),
        );
    }
    for pair in sides.input_pairs() {
        look(
            &pair.coordinate,
            (&pair.before.directives, pair.before.span),
            (&pair.after.directives, pair.after.span),
        );
    }
}

/// Directives, and where the thing that has them stands.
type Side<'a> = (&'a [Directive], Span);

fn change(name: &str, at: &str, was: Side<'_>, is: Side<'_>) -> Option<Change> {
    let text = |side: Side<'_>| side.0.iter().find(|d| d.name == name).map(shown);
    let (before, after) = (text(was), text(is));
    if before == after {
        return None;
    }
    // What costs more may be refused; what is kept longer or shorter is still right.
    let (kind, level) = match name {
        "cacheControl" => ("CACHE_CHANGED", Level::Safe),
        _ => ("COST_CHANGED", Level::Dangerous),
    };
    let message = match (&before, &after) {
        (Some(before), Some(after)) => format!("`{before}` is `{after}` now"),
        (None, Some(after)) => format!("has `{after}` now"),
        (Some(before), None) => format!("has no `{before}` any more"),
        (None, None) => return None,
    };
    Some(Change::new(kind, level, at.to_owned(), message).at(was.1, is.1))
}

/// The directive as the schema writes it, arguments by name.
fn shown(directive: &Directive) -> String {
    let mut args: Vec<String> = directive
        .args
        .iter()
        .map(|(name, value, _)| format!("{}: {}", name.name, print::value(value)))
        .collect();
    args.sort();
    match args.is_empty() {
        true => format!("@{}", directive.name),
        false => format!("@{}({})", directive.name, args.join(", ")),
    }
}
