//! What `@specifiedBy` says of a scalar's form (section 3.13.4 of the specification).

use super::Change;
use super::sides::Sides;
use crate::ir::{Type, TypeKind, Value};

pub(super) fn check(sides: &Sides<'_>, found: &mut Vec<Change>) {
    for (before, after) in &sides.types.both {
        if !matches!(
            (&before.kind, &after.kind),
            (TypeKind::Scalar, TypeKind::Scalar)
        ) {
            continue;
        }
        // What was not said before is only said now.
        let (Some(was), is) = (url(before), url(after)) else {
            continue;
        };
        if Some(was) != is {
            let message = match is {
                Some(is) => format!("its values were as `{was}` says, and are as `{is}` says now"),
                None => format!("nothing says any more that its values are as `{was}` says"),
            };
            found.push(
                Change::dangerous("SPECIFIED_BY_CHANGED", &*after.name, message)
                    .at(before.span, after.span),
            );
        }
    }
}

fn url(ty: &Type) -> Option<&str> {
    match ty.directive("specifiedBy")?.arg("url") {
        Some(Value::String(url)) => Some(url),
        _ => None,
    }
}
