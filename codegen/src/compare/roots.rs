//! The types where operations start (section 3.3 of the specification).

use super::Change;
use super::sides::Sides;

pub(super) fn check(sides: &Sides<'_>, found: &mut Vec<Change>) {
    let (before, after) = (sides.before, sides.after);
    let roots = [
        ("query", &before.query, &after.query),
        ("mutation", &before.mutation, &after.mutation),
        ("subscription", &before.subscription, &after.subscription),
    ];
    for (operation, before, after) in roots {
        let (coordinate, at) = (operation, |root: &Option<crate::ir::Named>| {
            root.as_ref().map(|root| root.span)
        });
        let change = match (before, after) {
            (Some(was), None) => Change::breaking(
                "ROOT_REMOVED",
                coordinate,
                format!(
                    "there is no {operation} any more: `{}` was its type",
                    was.name
                ),
            ),
            (None, Some(is)) => Change::safe(
                "ROOT_ADDED",
                coordinate,
                format!("there is a {operation} now: its type is `{}`", is.name),
            ),
            (Some(was), Some(is)) if was.name != is.name => Change::breaking(
                "ROOT_CHANGED",
                coordinate,
                format!(
                    "a {operation} starts at `{}` now, not at `{}`",
                    is.name, was.name
                ),
            ),
            _ => continue,
        };
        found.push(change.at(at(before), at(after)));
    }
}
