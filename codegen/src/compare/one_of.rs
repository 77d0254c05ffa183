//! Input types of which exactly one field is given (section 3.13.5 of the specification).

use super::Change;
use super::sides::Sides;
use crate::ir::{Type, TypeKind};

pub(super) fn check(sides: &Sides<'_>, found: &mut Vec<Change>) {
    for (before, after, _) in sides.inputs() {
        let change = match (is_one_of(before), is_one_of(after)) {
            (false, true) => Change::breaking(
                "INPUT_BECAME_ONE_OF",
                &*after.name,
                "exactly one field must be given now".to_owned(),
            ),
            (true, false) => Change::safe(
                "INPUT_CEASED_TO_BE_ONE_OF",
                &*after.name,
                "any of its fields may be given now".to_owned(),
            ),
            _ => continue,
        };
        found.push(change.at(before.span, after.span));
    }
}

fn is_one_of(ty: &Type) -> bool {
    matches!(ty.kind, TypeKind::Input { one_of: true, .. })
}
