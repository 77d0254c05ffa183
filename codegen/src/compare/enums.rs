//! Values of enums.

use super::Change;
use super::sides::{Sides, matched};
use crate::ir::TypeKind;

pub(super) fn check(sides: &Sides<'_>, found: &mut Vec<Change>) {
    for (before, after) in &sides.types.both {
        let (TypeKind::Enum { values: was }, TypeKind::Enum { values: is }) =
            (&before.kind, &after.kind)
        else {
            continue;
        };
        let values = matched(was, is, |value| &value.name);
        let at = |name: &str| format!("{}.{name}", after.name);
        for value in &values.removed {
            let message = "the value is gone: operations that give it are refused".to_owned();
            found.push(
                Change::breaking("VALUE_REMOVED_FROM_ENUM", at(&value.name), message)
                    .at(value.span, None),
            );
        }
        for value in &values.added {
            let message = "the value is new: clients may meet one that they do not know".to_owned();
            found.push(
                Change::dangerous("VALUE_ADDED_TO_ENUM", at(&value.name), message)
                    .at(None, value.span),
            );
        }
    }
}
