//! What is deprecated, and why (section 3.13.3 of the specification). Nothing is refused for it.

use super::Change;
use super::sides::{Sides, matched};
use crate::ir::TypeKind;
use crate::source::Span;

pub(super) fn check(sides: &Sides<'_>, found: &mut Vec<Change>) {
    let mut look = |at: String, was: Side<'_>, is: Side<'_>| {
        found.extend(change(at, was, is));
    };
    for pair in sides.field_pairs() {
        let (was, is) = (pair.before, pair.after);
        look(
            pair.coordinate(),
            (&was.deprecated, was.span),
            (&is.deprecated, is.span),
        );
    }
    for pair in sides.input_pairs() {
        let (was, is) = (pair.before, pair.after);
        look(
            pair.coordinate,
            (&was.deprecated, was.span),
            (&is.deprecated, is.span),
        );
    }
    for (before, after) in &sides.types.both {
        let (TypeKind::Enum { values: was }, TypeKind::Enum { values: is }) =
            (&before.kind, &after.kind)
        else {
            continue;
        };
        for (was, is) in matched(was, is, |value| &value.name).both {
            look(
                format!("{}.{}", after.name, is.name),
                (&was.deprecated, was.span),
                (&is.deprecated, is.span),
            );
        }
    }
}

/// A reason, and where the thing stands.
type Side<'a> = (&'a Option<String>, Span);

fn change(at: String, (was, before): Side<'_>, (is, after): Side<'_>) -> Option<Change> {
    let (kind, message) = match (was, is) {
        (None, Some(reason)) => ("DEPRECATION_ADDED", format!("is deprecated: {reason}")),
        (Some(_), None) => (
            "DEPRECATION_REMOVED",
            "is not deprecated any more".to_owned(),
        ),
        (Some(was), Some(is)) if was != is => (
            "DEPRECATION_REASON_CHANGED",
            format!("is deprecated for another reason: {is}"),
        ),
        _ => return None,
    };
    Some(Change::safe(kind, at, message).at(before, after))
}
