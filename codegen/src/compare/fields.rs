//! Fields of object types and interfaces: there or not, and of which type.

use super::sides::{Matched, Sides};
use super::{Change, variance};
use crate::ir::{Field, Type, former};

pub(super) fn check(sides: &Sides<'_>, found: &mut Vec<Change>) {
    for (ty, fields) in sides.fields() {
        for field in &fields.removed {
            found.push(gone(ty, field, &fields));
        }
        for field in &fields.added {
            let coordinate = format!("{}.{}", ty.name, field.name);
            let message = format!("the field is new: `{}`", field.ty);
            found.push(Change::safe("FIELD_ADDED", coordinate, message).at(None, field.span));
        }
    }
    for pair in sides.field_pairs() {
        let (was, is) = (&pair.before.ty, &pair.after.ty);
        if was == is {
            continue;
        }
        let change = match variance::is_output_safe(was, is) {
            true => Change::safe(
                "FIELD_CHANGED_KIND_SAFE",
                pair.coordinate(),
                format!("`{was}` is `{is}` now, which promises more"),
            ),
            false => Change::breaking(
                "FIELD_CHANGED_KIND",
                pair.coordinate(),
                format!("`{was}` is `{is}` now{}", variance::output_reason(was, is)),
            ),
        };
        found.push(change.at(pair.before.ty_span, pair.after.ty_span));
    }
}

fn gone(ty: &Type, field: &Field, fields: &Matched<'_, Field>) -> Change {
    let coordinate = format!("{}.{}", ty.name, field.name);
    let mut added = fields.added.iter();
    let now = added.find(|new| former(&new.directives) == Some(&field.name));
    let message = match now {
        Some(now) => format!(
            "the field is called `{}` now: operations with `{}` are refused",
            now.name, field.name
        ),
        None => "the field is gone: operations with it are refused".to_owned(),
    };
    // With notice, clients may have moved on; a new name alone is no notice.
    let message = match &field.deprecated {
        Some(_) => format!("{message} (it was deprecated)"),
        None => message,
    };
    Change::breaking("FIELD_REMOVED", coordinate, message).at(field.span, now.map(|now| now.span))
}
