//! Members of unions.

use super::Change;
use super::sides::{Sides, matched};
use crate::ir::TypeKind;

pub(super) fn check(sides: &Sides<'_>, found: &mut Vec<Change>) {
    for (before, after) in &sides.types.both {
        let (TypeKind::Union { members: was }, TypeKind::Union { members: is }) =
            (&before.kind, &after.kind)
        else {
            continue;
        };
        let members = matched(was, is, |member| &member.name);
        for member in &members.removed {
            let message = format!(
                "`{}` is no member any more: fragments on it match nothing, or are refused",
                member.name
            );
            found.push(
                Change::breaking("TYPE_REMOVED_FROM_UNION", &*after.name, message)
                    .at(member.span, None),
            );
        }
        for member in &members.added {
            let message = format!(
                "`{}` is a new member: clients may meet a type that they do not know",
                member.name
            );
            found.push(
                Change::dangerous("TYPE_ADDED_TO_UNION", &*after.name, message)
                    .at(None, member.span),
            );
        }
    }
}
