//! Definitions of directives. Only those that operations can hold are felt by clients.

use super::sides::{Sides, is_executable, is_executable_location, matched};
use super::{Change, Level, variance};
use crate::ir::DirectiveDef;

pub(super) fn check(sides: &Sides<'_>, found: &mut Vec<Change>) {
    for directive in &sides.directives.removed {
        let executable = is_executable(directive);
        let message = format!("the directive is gone{}", refused(executable));
        let change = Change::breaking("DIRECTIVE_REMOVED", at(directive), message);
        found.push(felt(change, executable).at(directive.span, None));
    }
    for directive in &sides.directives.added {
        let change = Change::safe(
            "DIRECTIVE_ADDED",
            at(directive),
            "the directive is new".to_owned(),
        );
        found.push(change.at(None, directive.span));
    }
    for (before, after) in &sides.directives.both {
        arguments(before, after, found);
        repeatable(before, after, found);
        locations(before, after, found);
    }
}

fn at(directive: &DirectiveDef) -> String {
    format!("@{}", directive.name)
}

/// A change that no operation can meet is safe.
fn felt(mut change: Change, executable: bool) -> Change {
    if !executable {
        change.level = Level::Safe;
    }
    change
}

fn refused(executable: bool) -> &'static str {
    match executable {
        true => ": operations with it are refused",
        false => ", which no operation could have",
    }
}

fn arguments(before: &DirectiveDef, after: &DirectiveDef, found: &mut Vec<Change>) {
    let args = matched(&before.args, &after.args, |a| &a.name);
    let coordinate = |arg: &str| format!("@{}({arg}:)", after.name);
    let executable = is_executable(before);
    for arg in &args.removed {
        let message = format!("the argument is gone{}", refused(executable));
        let change = Change::breaking("DIRECTIVE_ARG_REMOVED", coordinate(&arg.name), message);
        found.push(felt(change, executable).at(arg.span, None));
    }
    for arg in &args.added {
        let change = match arg.is_required() {
            true => {
                let message = format!("the argument is new and must be given (`{}`)", arg.ty);
                let kind = "REQUIRED_DIRECTIVE_ARG_ADDED";
                felt(
                    Change::breaking(kind, coordinate(&arg.name), message),
                    executable,
                )
            }
            false => {
                let message = format!("the argument is new (`{}`)", arg.ty);
                Change::safe(
                    "OPTIONAL_DIRECTIVE_ARG_ADDED",
                    coordinate(&arg.name),
                    message,
                )
            }
        };
        found.push(change.at(None, arg.span));
    }
    for (was, is) in args.both.iter().filter(|(was, is)| was.ty != is.ty) {
        let message = format!("`{}` is `{}` now", was.ty, is.ty);
        let at = coordinate(&is.name);
        let change = match variance::is_input_safe(&was.ty, &is.ty) {
            true => Change::safe("ARG_CHANGED_KIND_SAFE", at, message + ", which takes more"),
            false => felt(
                Change::breaking("ARG_CHANGED_KIND", at, message),
                executable,
            ),
        };
        found.push(change.at(was.ty_span, is.ty_span));
    }
}

fn repeatable(before: &DirectiveDef, after: &DirectiveDef, found: &mut Vec<Change>) {
    let change = match (before.repeatable, after.repeatable) {
        (true, false) => {
            let message = "it may stand only once at a place now".to_owned();
            let change = Change::breaking("DIRECTIVE_REPEATABLE_REMOVED", at(after), message);
            felt(change, is_executable(before))
        }
        (false, true) => {
            let message = "it may stand more than once at a place now".to_owned();
            Change::safe("DIRECTIVE_REPEATABLE_ADDED", at(after), message)
        }
        _ => return,
    };
    found.push(change.at(before.span, after.span));
}

fn locations(before: &DirectiveDef, after: &DirectiveDef, found: &mut Vec<Change>) {
    let names = matched(&before.locations, &after.locations, |l| &l.name);
    for location in &names.removed {
        let message = format!("it may not stand on `{}` any more", location.name);
        let change = Change::breaking("DIRECTIVE_LOCATION_REMOVED", at(after), message);
        found.push(felt(change, is_executable_location(&location.name)).at(location.span, None));
    }
    for location in &names.added {
        let message = format!("it may stand on `{}` now", location.name);
        let change = Change::safe("DIRECTIVE_LOCATION_ADDED", at(after), message);
        found.push(change.at(None, location.span));
    }
}
