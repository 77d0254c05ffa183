//! Interfaces that types and interfaces implement.

use super::Change;
use super::sides::{Sides, matched};
use crate::ir::{Named, Type, TypeKind};

pub(super) fn check(sides: &Sides<'_>, found: &mut Vec<Change>) {
    for (before, after) in sides.composites() {
        let names = matched(implemented(before), implemented(after), |named| &named.name);
        for named in &names.removed {
            let message = format!(
                "`{0}` is not implemented any more: fragments on `{0}` do not match it",
                named.name
            );
            found.push(
                Change::breaking("IMPLEMENTED_INTERFACE_REMOVED", &*after.name, message)
                    .at(named.span, None),
            );
        }
        for named in &names.added {
            let message = format!(
                "`{0}` is implemented now: where `{0}` is asked for, clients may meet a type that they do not know",
                named.name
            );
            found.push(
                Change::dangerous("IMPLEMENTED_INTERFACE_ADDED", &*after.name, message)
                    .at(None, named.span),
            );
        }
    }
}

fn implemented(ty: &Type) -> &[Named] {
    match &ty.kind {
        TypeKind::Object { implements, .. } | TypeKind::Interface { implements, .. } => implements,
        _ => &[],
    }
}
