//! The rules of variables that look at an operation with all fragments that it reaches.
//!
//! In: what the walk found. Out: findings. Must not know: selection sets.
//!
//! Each operation looks once at each definition that it reaches, and once at each use in it.

use super::Context;
use super::rules::{
    all_variable_usages_are_allowed, all_variable_uses_defined, all_variables_used,
};
use super::walked::Walked;

/// Which variable of the operation under way a name means.
#[derive(Clone, Copy, Default)]
struct Known {
    /// The operation's number, counted from 1, so that nothing need be cleared between operations.
    operation: u32,
    /// Place among the operation's variables.
    place: u32,
    used: bool,
}

pub(super) fn check(cx: &mut Context<'_, '_>, walked: &Walked<'_, '_>) {
    if cx.document.variables.is_empty() {
        return;
    }
    let mut names = vec![Known::default(); cx.document.variables.len()];
    let mut reached = walked.reach();
    for (no, operation) in cx.document.operations.iter().enumerate() {
        let (round, variables) = (no as u32 + 1, walked.variables_of(no));
        for (place, variable) in variables.iter().enumerate() {
            // Of two variables of one name the first counts; the other is a mistake already.
            let known = &mut names[variable.variable as usize];
            if known.operation != round {
                *known = Known {
                    operation: round,
                    place: place as u32,
                    used: false,
                };
            }
        }
        reached.forget();
        reached.definitions(no, |definition| {
            for used in walked.uses_of(definition) {
                if cx.found.are_enough() {
                    return;
                }
                let known = &mut names[used.variable as usize];
                if known.operation == round {
                    known.used = true;
                    let variable = &variables[known.place as usize];
                    all_variable_usages_are_allowed::check(cx, variable, used);
                } else {
                    all_variable_uses_defined::undefined(cx, operation, used);
                }
            }
        });
        for variable in variables {
            if !names[variable.variable as usize].used {
                all_variables_used::unused(cx, variable);
            }
        }
    }
}
