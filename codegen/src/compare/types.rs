//! Types that come, go, or become another kind of type.

use super::Change;
use super::sides::{Sides, same_kind};
use crate::ir::TypeKind;

pub(super) fn check(sides: &Sides<'_>, found: &mut Vec<Change>) {
    for ty in &sides.types.removed {
        let message = match sides.renamed_type(&ty.name) {
            Some((now, _)) => format!(
                "the type is called `{now}` now: fragments on `{}` and variables of it are refused",
                ty.name
            ),
            None => "the type is gone: fragments on it and variables of it are refused".to_owned(),
        };
        let now = sides.renamed_type(&ty.name).map(|(_, at)| at);
        found.push(Change::breaking("TYPE_REMOVED", &*ty.name, message).at(ty.span, now));
    }
    for ty in &sides.types.added {
        let message = format!("{} is new", kind(&ty.kind));
        found.push(Change::safe("TYPE_ADDED", &*ty.name, message).at(None, ty.span));
    }
    for (before, after) in &sides.types.both {
        if !same_kind(before, after) {
            let message = format!(
                "was {} and is {} now",
                kind(&before.kind),
                kind(&after.kind)
            );
            found.push(
                Change::breaking("TYPE_CHANGED_KIND", &*after.name, message)
                    .at(before.span, after.span),
            );
        }
    }
}

fn kind(kind: &TypeKind) -> &'static str {
    match kind {
        TypeKind::Scalar => "a scalar",
        TypeKind::Object { .. } => "an object type",
        TypeKind::Interface { .. } => "an interface",
        TypeKind::Union { .. } => "a union",
        TypeKind::Enum { .. } => "an enum",
        TypeKind::Input { .. } => "an input type",
    }
}
