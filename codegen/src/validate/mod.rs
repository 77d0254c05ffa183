//! The rules that an IR must meet before anything is named or emitted.
//!
//! In: the IR. Out: the same IR, as [`Valid`]; every broken rule is reported.
//! Must not know: Rust, files.
//!
//! One rule a file, each with the section of the specification that it enforces.

mod ours;
mod spec;

use crate::diagnostic::Diagnostics;
use crate::ir::Ir;
use std::ops::Deref;

/// What passed every rule. Only [`validate`] makes one.
#[derive(Debug)]
pub struct Valid<T>(T);

impl<T> Deref for Valid<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// A rule: looks at the IR and reports what breaks it.
type Rule = fn(&Ir, &mut Diagnostics);

/// Every rule; the order does not matter, for diagnostics are sorted by place.
const RULES: &[&[Rule]] = &[spec::RULES, ours::RULES];

/// Applies every rule. `None` if there are errors, those of earlier stages among them.
pub fn validate(ir: Ir, diags: &mut Diagnostics) -> Option<Valid<Ir>> {
    let rules: Vec<&Rule> = RULES.iter().copied().flatten().collect();
    // Neighbours are alike, in what they cost too.
    let apply = |from: usize, diags: &mut Diagnostics| {
        for rule in rules.iter().skip(from).step_by(2) {
            rule(&ir, diags);
        }
    };
    diags.both(|diags| apply(0, diags), |diags| apply(1, diags));
    (!diags.has_errors()).then_some(Valid(ir))
}
