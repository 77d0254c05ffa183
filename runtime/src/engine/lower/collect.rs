//! CollectFields: what one selection set asks of one concrete type, with the conditions under which it does.
//!
//! In: selection sets. Out: fields by response key. Must not know: the schema's tables beside the types' names.
//!
//! <https://spec.graphql.org/September2025/#CollectFields()>

use std::collections::HashMap;

use apollo_compiler::Node;
use apollo_compiler::ast::Value;
use apollo_compiler::executable::{Field as AskedField, Selection, SelectionSet};

use super::{Lowered, Planner};
use crate::engine::plan::{Condition, Literal};

/// A selection set, and what must hold for it to count.
#[derive(Clone)]
pub(super) struct Asked<'d> {
    pub(super) set: &'d SelectionSet,
    pub(super) cond: Vec<Literal>,
}

/// A field of a response key, and what must hold for it to count.
#[derive(Clone)]
pub(super) struct Occurrence<'d> {
    pub(super) field: &'d Node<AskedField>,
    pub(super) cond: Vec<Literal>,
    /// Its place among all fields of the selection set.
    pub(super) place: usize,
}

/// The fields of a selection set by response key, in the order of their first appearance.
#[derive(Default)]
pub(super) struct Collected<'d> {
    pub(super) keys: Vec<Vec<Occurrence<'d>>>,
    places: HashMap<&'d str, usize>,
    /// How many fields there are.
    count: usize,
    /// Under which conditions a fragment is expanded already.
    fragments: HashMap<&'d str, Vec<Vec<Literal>>>,
}

impl<'d> Planner<'d> {
    /// Adds the fields of a selection set, through fragments.
    pub(super) fn collect(
        &mut self,
        ty: u16,
        set: &'d SelectionSet,
        cond: &[Literal],
        into: &mut Collected<'d>,
    ) -> Lowered<()> {
        for selection in &set.selections {
            self.spend(1)?;
            let Some(cond) = self.conditions_of(selection, cond) else {
                continue;
            };
            match selection {
                Selection::Field(field) => {
                    let next = into.keys.len();
                    let place = *into
                        .places
                        .entry(field.response_key().as_str())
                        .or_insert(next);
                    if place == next {
                        into.keys.push(Vec::new());
                    }
                    let place_of_all = into.count;
                    into.count += 1;
                    into.keys[place].push(Occurrence {
                        field,
                        cond,
                        place: place_of_all,
                    });
                }
                Selection::InlineFragment(inline) => {
                    if inline
                        .type_condition
                        .as_ref()
                        .is_none_or(|name| self.applies(name, ty))
                    {
                        self.collect(ty, &inline.selection_set, &cond, into)?;
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let Some(fragment) = self.document.fragments.get(&spread.fragment_name) else {
                        continue;
                    };
                    let before = into.fragments.entry(fragment.name.as_str()).or_default();
                    let (known, count) = (
                        before.iter().any(|known| implies(&cond, known)),
                        before.len(),
                    );
                    if !known {
                        before.push(cond.clone());
                    }
                    self.spend(count)?;
                    if known {
                        continue;
                    }
                    if self.applies(fragment.type_condition(), ty) {
                        self.collect(ty, &fragment.selection_set, &cond, into)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The entries of one response key: usually one. The place of a key in the response is that of its first occurrence
    /// that counts, so a later occurrence gets an entry of its own, for when none of the earlier ones counts.
    pub(super) fn entries(
        &mut self,
        occurrences: &[Occurrence<'_>],
    ) -> Lowered<Vec<(Condition, usize)>> {
        let mut entries: Vec<(Condition, usize)> = Vec::new();
        let mut before: Vec<Vec<Literal>> = Vec::new();
        for (i, occurrence) in occurrences.iter().enumerate() {
            self.spend(before.len())?;
            if before.iter().any(|known| implies(&occurrence.cond, known)) {
                continue;
            }
            entries.push((
                Condition {
                    all: occurrence.cond.clone(),
                    none: before.clone(),
                },
                i,
            ));
            if occurrence.cond.is_empty() {
                break;
            }
            before.push(occurrence.cond.clone());
        }
        Ok(entries)
    }

    /// What must hold for a selection, beside `outer`; `None` if it never counts.
    fn conditions_of(&self, selection: &Selection, outer: &[Literal]) -> Option<Vec<Literal>> {
        let mut cond = outer.to_vec();
        for (name, wanted) in [("skip", false), ("include", true)] {
            let Some(directive) = selection.directives().get(name) else {
                continue;
            };
            match directive
                .specified_argument_by_name("if")
                .map(|value| &**value)
            {
                Some(Value::Boolean(value)) if *value != wanted => return None,
                Some(Value::Variable(variable)) => {
                    let place = self.variables.iter().position(|v| *v.name == **variable)?;
                    let literal = Literal {
                        variable: place as u16,
                        value: wanted,
                    };
                    if cond.contains(&Literal {
                        value: !wanted,
                        ..literal
                    }) {
                        return None;
                    }
                    cond.push(literal);
                }
                _ => {}
            }
        }
        cond.sort_unstable();
        cond.dedup();
        Some(cond)
    }
}

/// Whether `b` holds wherever `a` does.
pub(super) fn implies(a: &[Literal], b: &[Literal]) -> bool {
    b.iter().all(|literal| a.contains(literal))
}
