//! Descriptions, which no client feels but many a reader does.

use super::Change;
use super::sides::{Sides, matched};
use crate::ir::TypeKind;
use crate::source::Span;

pub(super) fn check(sides: &Sides<'_>, found: &mut Vec<Change>) {
    let mut look = |at: String, was: Side<'_>, is: Side<'_>| {
        let message = match (was.0, is.0) {
            (was, is) if was == is => return,
            (None, _) => "is described now",
            (_, None) => "is not described any more",
            _ => "is described in other words",
        };
        found.push(Change::safe("DESCRIPTION_CHANGED", at, message.to_owned()).at(was.1, is.1));
    };
    let (was, is) = (sides.before, sides.after);
    look(
        "schema".to_owned(),
        (&was.description, was.span),
        (&is.description, is.span),
    );
    for (was, is) in &sides.types.both {
        look(
            is.name.clone(),
            (&was.description, Some(was.span)),
            (&is.description, Some(is.span)),
        );
        let (TypeKind::Enum { values: before }, TypeKind::Enum { values: after }) =
            (&was.kind, &is.kind)
        else {
            continue;
        };
        for (was, value) in matched(before, after, |value| &value.name).both {
            look(
                format!("{}.{}", is.name, value.name),
                (&was.description, Some(was.span)),
                (&value.description, Some(value.span)),
            );
        }
    }
    for pair in sides.field_pairs() {
        look(
            pair.coordinate(),
            (&pair.before.description, Some(pair.before.span)),
            (&pair.after.description, Some(pair.after.span)),
        );
    }
    for pair in sides.input_pairs() {
        look(
            pair.coordinate,
            (&pair.before.description, Some(pair.before.span)),
            (&pair.after.description, Some(pair.after.span)),
        );
    }
    for (was, is) in &sides.directives.both {
        look(
            format!("@{}", is.name),
            (&was.description, Some(was.span)),
            (&is.description, Some(is.span)),
        );
    }
}

/// A description, and where the thing stands.
type Side<'a> = (&'a Option<String>, Option<Span>);
