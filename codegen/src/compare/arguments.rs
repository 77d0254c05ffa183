//! Arguments of fields: there or not, and of which type.

use super::sides::{InputOf, Sides, matched};
use super::{Change, variance};
use crate::ir::former;

pub(super) fn check(sides: &Sides<'_>, found: &mut Vec<Change>) {
    for pair in sides.field_pairs() {
        let args = matched(&pair.before.args, &pair.after.args, |a| &a.name);
        for arg in &args.removed {
            let mut added = args.added.iter();
            let now = added.find(|new| former(&new.directives) == Some(&arg.name));
            let message = match now {
                Some(now) => format!(
                    "the argument is called `{}` now: operations that give `{}` are refused",
                    now.name, arg.name
                ),
                None => "the argument is gone: operations that give it are refused".to_owned(),
            };
            found.push(
                Change::breaking("ARG_REMOVED", pair.argument(&arg.name), message)
                    .at(arg.span, now.map(|now| now.span)),
            );
        }
        for arg in &args.added {
            let coordinate = pair.argument(&arg.name);
            let change = match arg.is_required() {
                true => Change::breaking(
                    "REQUIRED_ARG_ADDED",
                    coordinate,
                    format!(
                        "the argument is new and must be given (`{}`): operations without it are refused",
                        arg.ty
                    ),
                ),
                false => Change::dangerous(
                    "OPTIONAL_ARG_ADDED",
                    coordinate,
                    format!(
                        "the argument is new (`{}`): what leaving it out means is for the server to say",
                        arg.ty
                    ),
                ),
            };
            found.push(change.at(None, arg.span));
        }
    }
    let kinds = ("ARG_CHANGED_KIND", "ARG_CHANGED_KIND_SAFE");
    retyped(sides, InputOf::Field, kinds, found);
}

/// Arguments or input fields of another type than before. `kinds`: a change that breaks, one that does not.
pub(super) fn retyped(
    sides: &Sides<'_>,
    of: InputOf,
    kinds: (&'static str, &'static str),
    found: &mut Vec<Change>,
) {
    for pair in sides.input_pairs() {
        let (was, is) = (&pair.before.ty, &pair.after.ty);
        if pair.of != of || was == is {
            continue;
        }
        let change = match variance::is_input_safe(was, is) {
            true => Change::safe(
                kinds.1,
                &*pair.coordinate,
                format!("`{was}` is `{is}` now, which takes more"),
            ),
            false => Change::breaking(
                kinds.0,
                &*pair.coordinate,
                format!("`{was}` is `{is}` now{}", variance::input_reason(was, is)),
            ),
        };
        found.push(change.at(pair.before.ty_span, pair.after.ty_span));
    }
}
