//! Fields of input types: there or not, and of which type.

use super::Change;
use super::arguments::retyped;
use super::sides::{InputOf, Sides};

pub(super) fn check(sides: &Sides<'_>, found: &mut Vec<Change>) {
    for (_, ty, fields) in sides.inputs() {
        for field in &fields.removed {
            let coordinate = format!("{}.{}", ty.name, field.name);
            let message = "the field is gone: inputs with it are refused".to_owned();
            found.push(Change::breaking("FIELD_REMOVED", coordinate, message).at(field.span, None));
        }
        for field in &fields.added {
            let coordinate = format!("{}.{}", ty.name, field.name);
            let change = match field.is_required() {
                true => Change::breaking(
                    "REQUIRED_INPUT_FIELD_ADDED",
                    coordinate,
                    format!(
                        "the field is new and must be given (`{}`): inputs without it are refused",
                        field.ty
                    ),
                ),
                false => Change::dangerous(
                    "OPTIONAL_INPUT_FIELD_ADDED",
                    coordinate,
                    format!(
                        "the field is new (`{}`): what leaving it out means is for the server to say",
                        field.ty
                    ),
                ),
            };
            found.push(change.at(None, field.span));
        }
    }
    let kinds = ("FIELD_CHANGED_KIND", "FIELD_CHANGED_KIND_SAFE");
    retyped(sides, InputOf::Input, kinds, found);
}
