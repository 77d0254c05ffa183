//! CollectFields: what one selection set asks of one concrete type, with the conditions under which it does.
//!
//! In: selection sets. Out: fields by response key. Must not know: the generated tables.
//!
//! <https://spec.graphql.org/September2025/#CollectFields()>

use std::collections::HashMap;

use super::{Lowered, Planner};
use crate::engine::plan::{Condition, Literal};
use crate::engine::syntax::Name;
use crate::engine::syntax::ast::{Directive, Field, Selection, ValueKind};
use crate::engine::value::InputValue;

/// A selection set, and what must hold for it to count.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a, 'd> {
    pub(super) set: &'a [Selection<'d>],
    pub(super) cond: Cond,
    /// The fragment with `@defer` that it stands in.
    pub(super) defer: Option<u16>,
}

/// What must hold: a place in [`Conds`].
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Cond(u32);

impl Cond {
    /// Nothing must.
    pub(super) const NONE: Cond = Cond(0);
}

/// The conjunctions that were met, each once, sorted.
pub(super) struct Conds {
    all: Vec<Vec<Literal>>,
    known: HashMap<Vec<Literal>, Cond>,
}

impl Conds {
    pub(super) fn new() -> Self {
        Conds {
            all: vec![Vec::new()],
            known: HashMap::new(),
        }
    }

    pub(super) fn get(&self, cond: Cond) -> &[Literal] {
        &self.all[cond.0 as usize]
    }

    fn of(&mut self, mut literals: Vec<Literal>) -> Cond {
        literals.sort_unstable();
        literals.dedup();
        if literals.is_empty() {
            return Cond::NONE;
        }
        let next = Cond(self.all.len() as u32);
        let cond = *self.known.entry(literals.clone()).or_insert(next);
        if cond == next {
            self.all.push(literals);
        }
        cond
    }

    /// Whether `b` holds wherever `a` does.
    pub(super) fn implies(&self, a: Cond, b: Cond) -> bool {
        let holds = |literal| self.get(a).contains(literal);
        b == Cond::NONE || a == b || self.get(b).iter().all(holds)
    }
}

/// A field of a response key, and what must hold for it to count.
#[derive(Clone, Copy)]
pub(super) struct Occurrence<'a, 'd> {
    pub(super) field: &'a Field<'d>,
    pub(super) cond: Cond,
    /// The fragment with `@defer` that it stands in.
    pub(super) defer: Option<u16>,
    /// Its place among all fields of the selection set.
    pub(super) place: u32,
    /// The place of its response key among the keys.
    pub(super) key: u32,
}

/// The fields of a selection set.
#[derive(Default)]
pub(super) struct Collected<'a, 'd> {
    pub(super) fields: Vec<Occurrence<'a, 'd>>,
    /// The response keys, in the order of their first appearance.
    pub(super) keys: Vec<Name<'d>>,
    /// Their places, when there are too many to look at each.
    places: HashMap<&'d str, u32>,
    /// Whether some of them are deferred.
    pub(super) defers: bool,
    /// The fragments with `@defer` that were met.
    pub(super) opens: Vec<u16>,
}

impl<'d> Collected<'_, 'd> {
    fn key(&mut self, name: Name<'d>) -> u32 {
        const FEW: usize = 16;
        let next = self.keys.len() as u32;
        let known = if self.keys.len() <= FEW {
            self.keys.iter().position(|key| *key == name)
        } else {
            if self.places.is_empty() {
                let keys = self.keys.iter().zip(0..);
                self.places = keys.map(|(key, place)| (key.text, place)).collect();
            }
            self.places.get(name.text).map(|place| *place as usize)
        };
        if let Some(place) = known {
            return place as u32;
        }
        self.keys.push(name);
        if !self.places.is_empty() {
            self.places.insert(name.text, next);
        }
        next
    }
}

/// Under which conditions a fragment is expanded already, in the selection set of that number.
#[derive(Clone, Default)]
pub(super) struct Expanded {
    set: u32,
    conds: Vec<Cond>,
}

impl<'a, 'd> Planner<'a, 'd> {
    /// The fields of some selection sets together.
    pub(super) fn collect(
        &mut self,
        ty: u16,
        asked: &[Asked<'a, 'd>],
    ) -> Lowered<Collected<'a, 'd>> {
        self.sets += 1;
        let mut collected = Collected::default();
        if let [Asked { set, .. }] = asked {
            collected.fields.reserve(set.len());
            collected.keys.reserve(set.len());
        }
        for Asked { set, cond, defer } in asked {
            let defer = defer.filter(|_| self.later.may);
            self.add(ty, set, (*cond, defer), &mut collected)?;
        }
        Ok(collected)
    }

    /// Adds the fields of a selection set, through fragments.
    fn add(
        &mut self,
        ty: u16,
        set: &'a [Selection<'d>],
        (cond, defer): (Cond, Option<u16>),
        into: &mut Collected<'a, 'd>,
    ) -> Lowered<()> {
        for selection in set {
            self.spend(1)?;
            let Some(cond) = self.conditions_of(selection.directives(), cond)? else {
                continue;
            };
            match selection {
                Selection::Field(field) => {
                    let key = into.key(field.key());
                    let place = into.fields.len() as u32;
                    into.defers |= defer.is_some();
                    into.fields.push(Occurrence {
                        field,
                        cond,
                        defer,
                        place,
                        key,
                    });
                }
                Selection::Inline(inline) => {
                    if inline.on.is_none_or(|name| self.applies(&name, ty)) {
                        let defer = self.defer(&inline.directives, defer, into)?;
                        self.add(ty, &inline.selections, (cond, defer), into)?;
                    }
                }
                Selection::Spread(spread) => {
                    let Some(no) = self.document.fragment_no(spread) else {
                        continue;
                    };
                    let inner = self.defer(&spread.directives, defer, into)?;
                    // What is deferred says nothing of what comes at once.
                    if inner.is_some() || self.is_new(no, cond)? {
                        let fragment = &self.document.fragments[no];
                        if self.applies(&fragment.on, ty) {
                            self.add(ty, &fragment.selections, (cond, inner), into)?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Whether the fragment is not expanded yet where that holds; then it is now.
    fn is_new(&mut self, fragment: usize, cond: Cond) -> Lowered<bool> {
        if self.expanded.is_empty() {
            self.expanded = vec![Expanded::default(); self.document.fragments.len()];
        }
        let before = &mut self.expanded[fragment];
        if before.set != self.sets {
            before.set = self.sets;
            before.conds.clear();
        }
        let (conds, count) = (&self.conds, before.conds.len());
        let known = before.conds.iter().any(|known| conds.implies(cond, *known));
        if !known {
            before.conds.push(cond);
        }
        self.spend(count)?;
        Ok(!known)
    }

    /// The entries of one response key: usually one. The place of a key in the response is that of its first occurrence
    /// that counts, so a later occurrence gets an entry of its own, for when none of the earlier ones counts.
    pub(super) fn entries(
        &mut self,
        occurrences: &[Occurrence<'_, '_>],
    ) -> Lowered<Vec<(Condition, usize)>> {
        let mut entries: Vec<(Condition, usize)> = Vec::new();
        let mut before: Vec<Cond> = Vec::new();
        for (i, Occurrence { cond, .. }) in occurrences.iter().enumerate() {
            self.spend(before.len())?;
            if before.iter().any(|known| self.conds.implies(*cond, *known)) {
                continue;
            }
            let literals = |cond: Cond| self.conds.get(cond).to_vec();
            entries.push((
                Condition {
                    all: literals(*cond),
                    none: before.iter().map(|known| literals(*known)).collect(),
                },
                i,
            ));
            if *cond == Cond::NONE {
                break;
            }
            before.push(*cond);
        }
        Ok(entries)
    }

    /// What must hold for a selection, beside `outer`; `None` if it never counts.
    fn conditions_of(
        &mut self,
        directives: &[Directive<'d>],
        outer: Cond,
    ) -> Lowered<Option<Cond>> {
        if directives.is_empty() {
            return Ok(Some(outer));
        }
        let mut literals = self.conds.get(outer).to_vec();
        for (name, wanted) in [("skip", false), ("include", true)] {
            let directive = directives.iter().find(|found| found.name == name);
            let Some(value) = directive.and_then(|directive| directive.argument("if")) else {
                continue;
            };
            match &value.kind {
                ValueKind::Boolean(value) if *value != wanted => return Ok(None),
                ValueKind::Variable(variable) => {
                    let place = self.places.of(variable);
                    let literal = Literal {
                        variable: place.map_err(|why| self.literal(why, value.span.start))?,
                        value: wanted,
                    };
                    if let Some(known) = self.known {
                        match known.get(literal.variable as usize) {
                            Some(Some(InputValue::Bool(value))) if *value == wanted => continue,
                            _ => return Ok(None),
                        }
                    }
                    let opposite = Literal {
                        value: !wanted,
                        ..literal
                    };
                    if literals.contains(&opposite) {
                        return Ok(None);
                    }
                    literals.push(literal);
                }
                _ => {}
            }
        }
        Ok(Some(self.conds.of(literals)))
    }
}
