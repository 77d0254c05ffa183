//! Defaults of arguments and input fields: what leaving them out means.

use super::sides::{InputOf, InputPair, Sides};
use super::{Change, Level, variance};
use crate::ir::Value;
use crate::print;

pub(super) fn check(sides: &Sides<'_>, found: &mut Vec<Change>) {
    for pair in sides.input_pairs() {
        // The type says it already.
        if !variance::is_input_safe(&pair.before.ty, &pair.after.ty) {
            continue;
        }
        if let Some(mut change) = of(&pair) {
            if pair.of == InputOf::Directive(false) {
                change.level = Level::Safe;
            }
            found.push(change.at(pair.before.default_span, pair.after.default_span));
        }
    }
}

fn of(pair: &InputPair<'_>) -> Option<Change> {
    let (was, is) = (&pair.before.default, &pair.after.default);
    let (changed, added, required) = match pair.of {
        InputOf::Input => (
            "INPUT_FIELD_DEFAULT_VALUE_CHANGE",
            "INPUT_FIELD_DEFAULT_VALUE_ADDED",
            "INPUT_FIELD_BECAME_REQUIRED",
        ),
        InputOf::Field | InputOf::Directive(_) => (
            "ARG_DEFAULT_VALUE_CHANGE",
            "ARG_DEFAULT_VALUE_ADDED",
            "ARG_BECAME_REQUIRED",
        ),
    };
    let at = &*pair.coordinate;
    Some(match (was, is) {
        (Some(was), Some(is)) if sorted(was) == sorted(is) => return None,
        (Some(was), Some(is)) => {
            let (was, is) = (print::value(was), print::value(is));
            let message = format!("left out it is `{is}` now, not `{was}`");
            Change::dangerous(changed, at, message)
        }
        (Some(was), None) if pair.after.is_required() => {
            let message = format!(
                "it must be given now: its default `{}` is gone",
                print::value(was)
            );
            Change::breaking(required, at, message)
        }
        (Some(was), None) => {
            let message = format!("left out it is not `{}` any more", print::value(was));
            Change::dangerous(changed, at, message)
        }
        (None, Some(is)) if pair.before.is_required() => {
            let message = format!("it may be left out now: it is `{}` then", print::value(is));
            Change::safe(added, at, message)
        }
        (None, Some(is)) => {
            let message = format!("left out it is `{}` now", print::value(is));
            Change::dangerous(added, at, message)
        }
        (None, None) => return None,
    })
}

/// The value with the fields of objects by name: their order means nothing.
fn sorted(value: &Value) -> Value {
    match value {
        Value::List(items) => Value::List(items.iter().map(sorted).collect()),
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields
                .iter()
                .map(|(name, value)| (name.clone(), sorted(value)))
                .collect();
            fields.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(fields)
        }
        other => other.clone(),
    }
}
