//! Field Selection Merging: <https://spec.graphql.org/September2025/#sec-Field-Selection-Merging>
//!
//! The specification compares fields in pairs, which is quadratic. Here all fields of one response key are compared with the
//! first of them, for being alike is transitive, and the selection sets below them are merged as one: Simon Adameit's
//! method. A selection set by itself is checked once; of what is merged each list of sets once; and there is a budget,
//! for documents can be made whose lists are exponentially many.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use crate::engine::schema::Kind;
use crate::engine::syntax::Name;
use crate::engine::syntax::ast::Field;
use crate::engine::validate::Context;
use crate::engine::validate::same::same_arguments;
use crate::engine::validate::walked::{FieldOf, ItemOf, Walked};

/// Steps that one document may cost; ordinary ones cost as many as they have fields.
const BUDGET: usize = 400_000;

/// Below this many fields, comparing them with each other is faster than sorting.
const FEW: usize = 12;

/// What must be alike.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Mode {
    /// `FieldsInSetCanMerge()`: fields that may be of one object are the same field; shapes agree.
    Same,
    /// `SameResponseShape()`: the fields belong to different objects, only the shapes must agree.
    Shape,
}

pub(in crate::engine::validate) fn check(cx: &mut Context<'_, '_>, walked: &Walked<'_, '_>) {
    let mut merger = Merger {
        walked,
        budget: BUDGET,
        spread: vec![0; cx.document.fragments.len()],
        round: 0,
        open: Vec::new(),
        done: HashSet::new(),
        hasher: RandomState::new(),
        sorted: Vec::new(),
    };
    let mut fields = Vec::new();
    for (set, _) in walked.sets.iter().enumerate().filter(|(_, set)| set.whole) {
        merger.sets(cx, Mode::Same, &[set as u32], &mut fields);
        while let Some((mode, sets)) = merger.open.pop() {
            merger.sets(cx, mode, &sets, &mut fields);
        }
        if merger.budget == 0 {
            let message = "the document asks for the same fields in too many ways".to_owned();
            cx.found.exceeds(message);
            return;
        }
        if cx.found.are_enough() {
            return;
        }
    }
}

struct Merger<'w, 'a, 'd> {
    walked: &'w Walked<'a, 'd>,
    budget: usize,
    /// In which round a fragment was expanded last.
    spread: Vec<u32>,
    round: u32,
    /// Lists of sets that are to be merged.
    open: Vec<(Mode, Vec<u32>)>,
    /// The hashes of those that were.
    done: HashSet<u64>,
    hasher: RandomState,
    /// Response keys' hashes and places, kept for its memory.
    sorted: Vec<(u32, u32)>,
}

impl<'a, 'd> Merger<'_, 'a, 'd> {
    /// Merges some sets: all of their fields, by response key.
    fn sets(&mut self, cx: &mut Context<'_, '_>, mode: Mode, sets: &[u32], fields: &mut Vec<u32>) {
        fields.clear();
        self.round += 1;
        for set in sets {
            self.expand(*set, fields);
        }
        if fields.len() <= FEW {
            self.few(cx, mode, fields);
        } else {
            self.many(cx, mode, fields);
        }
    }

    /// Adds the fields of a set, through fragments.
    fn expand(&mut self, set: u32, fields: &mut Vec<u32>) {
        let walked = self.walked;
        // A chain of fragments may be long, so this is no recursion.
        let mut open = vec![walked.items_of(set).iter()];
        while let Some(items) = open.last_mut() {
            let Some(item) = items.next() else {
                open.pop();
                continue;
            };
            if self.budget == 0 {
                return;
            }
            self.budget -= 1;
            match *item {
                ItemOf::Field(field) => fields.push(field),
                ItemOf::Inline(set) => open.push(walked.items_of(set).iter()),
                ItemOf::Spread(no) => {
                    let seen = &mut self.spread[no as usize];
                    if std::mem::replace(seen, self.round) != self.round {
                        open.push(walked.items_of(walked.fragment(no as usize).set).iter());
                    }
                }
                ItemOf::Nothing => {}
            }
        }
    }

    fn key(&self, field: u32) -> Name<'d> {
        self.field(field).node.key()
    }

    fn field(&self, field: u32) -> &FieldOf<'a, 'd> {
        &self.walked.fields[field as usize]
    }

    /// Groups a few fields by comparing each with those before.
    fn few(&mut self, cx: &mut Context<'_, '_>, mode: Mode, fields: &[u32]) {
        let mut grouped = 0_u32;
        for (i, first) in fields.iter().enumerate() {
            if grouped >> i & 1 == 1 {
                continue;
            }
            let key = self.key(*first);
            let mut group = Vec::new();
            for (j, field) in fields.iter().enumerate().skip(i + 1) {
                if self.key(*field) == key {
                    grouped |= 1 << j;
                    group.push(*field);
                }
            }
            if !group.is_empty() {
                group.insert(0, *first);
                self.group(cx, mode, &mut group);
            }
        }
    }

    /// Groups many fields by sorting. The hashes may be made to collide, so the keys themselves decide.
    fn many(&mut self, cx: &mut Context<'_, '_>, mode: Mode, fields: &[u32]) {
        let mut sorted = std::mem::take(&mut self.sorted);
        sorted.clear();
        sorted.extend(
            fields
                .iter()
                .enumerate()
                .map(|(i, field)| (self.key(*field).hash, i as u32)),
        );
        sorted.sort_unstable();
        for same_hash in sorted
            .chunk_by_mut(|a, b| a.0 == b.0)
            .filter(|run| run.len() > 1)
        {
            let key = |(_, i): &(u32, u32)| self.key(fields[*i as usize]).text;
            same_hash.sort_by_key(key);
            let groups: Vec<Vec<u32>> = same_hash
                .chunk_by(|a, b| key(a) == key(b))
                .map(|group| group.iter().map(|(_, i)| fields[*i as usize]).collect())
                .collect();
            for mut group in groups
                .into_iter()
                .filter(|group: &Vec<u32>| group.len() > 1)
            {
                self.group(cx, mode, &mut group);
            }
        }
        self.sorted = sorted;
    }

    /// The fields of one response key: two or more.
    fn group(&mut self, cx: &mut Context<'_, '_>, mode: Mode, group: &mut [u32]) {
        let [first, rest @ ..] = &*group else { return };
        self.budget = self.budget.saturating_sub(group.len());
        if let Some(other) = rest
            .iter()
            .find(|other| !self.same_shape(cx, *first, **other))
        {
            differ_in_shape(cx, self.field(*first), self.field(*other));
            return;
        }
        if mode == Mode::Shape {
            self.merge(Mode::Shape, group);
            return;
        }
        // Those of interfaces and unions first, for they may be of the same object as any other.
        let is_object = |field: u32| cx.schema.ty(self.field(field).parent).kind == Kind::Object;
        group.sort_by_key(|field| (is_object(*field), self.field(*field).parent));
        let open = group.iter().take_while(|field| !is_object(**field)).count();
        let (any, objects) = group.split_at(open);
        let mut parts: Vec<&[u32]> = objects
            .chunk_by(|a, b| self.field(*a).parent == self.field(*b).parent)
            .collect();
        if parts.is_empty() {
            parts.push(&[]);
        }
        for part in std::iter::once(any).chain(parts.iter().copied()) {
            let Some(first) = any.first().or(part.first()) else {
                continue;
            };
            if let Some(other) = part.iter().find(|other| !self.same_field(*first, **other)) {
                differ(cx, self.field(*first), self.field(*other));
                return;
            }
        }
        if parts.len() > 1 {
            self.merge(Mode::Shape, group);
        }
        for part in parts {
            let all: Vec<u32> = any.iter().chain(part).copied().collect();
            self.budget = self.budget.saturating_sub(all.len());
            self.merge(Mode::Same, &all);
        }
    }

    /// Merges what is below the fields, later.
    fn merge(&mut self, mode: Mode, group: &[u32]) {
        let mut sets: Vec<u32> = group
            .iter()
            .filter_map(|field| self.field(*field).set)
            .collect();
        // In the order of the text, so that messages do not depend on how fields came together.
        sets.sort_unstable();
        sets.dedup();
        if sets.len() > 1 && self.done.insert(self.hasher.hash_one((mode, &sets))) {
            self.open.push((mode, sets));
        }
    }

    /// Apart from what is below.
    fn same_shape(&self, cx: &Context<'_, '_>, a: u32, b: u32) -> bool {
        let (a, b) = (self.field(a).def.ty, self.field(b).def.ty);
        let leaf = |no| cx.schema.ty(no).kind.is_leaf();
        a.wrap == b.wrap && (a.no == b.no || !leaf(a.no) && !leaf(b.no))
    }

    fn same_field(&self, a: u32, b: u32) -> bool {
        if a == b {
            return true;
        }
        let (a, b) = (self.field(a).node, self.field(b).node);
        a.name == b.name
            && same_arguments(&a.arguments, &b.arguments)
            && !(streams(a) || streams(b))
    }
}

/// Two streams of one list cannot be told apart.
fn streams(field: &Field<'_>) -> bool {
    field
        .directives
        .iter()
        .any(|directive| directive.name == "stream")
}

#[cold]
fn differ_in_shape(cx: &mut Context<'_, '_>, first: &FieldOf<'_, '_>, other: &FieldOf<'_, '_>) {
    let ty = |field: &FieldOf<'_, '_>| cx.schema.show(field.def.ty).to_string();
    let key = other.node.key();
    let message = format!(
        "`{key}` is `{}` here, and `{}` where `{}` is asked for under the same key: use an alias",
        ty(other),
        ty(first),
        first.node.name,
    );
    cx.found.add(key.at, message);
}

#[cold]
fn differ(cx: &mut Context<'_, '_>, first: &FieldOf<'_, '_>, other: &FieldOf<'_, '_>) {
    let (one, two) = (first.node, other.node);
    let key = two.key();
    let message = if one.name != two.name {
        format!(
            "`{key}` is `{}` here and `{}` elsewhere: use different aliases",
            two.name, one.name
        )
    } else if !same_arguments(&one.arguments, &two.arguments) {
        format!("`{key}` is asked for with different arguments: use different aliases")
    } else {
        format!(
            "`{key}` is asked for more than once, so it cannot be streamed: use different aliases"
        )
    };
    cx.found.add(key.at, message);
}
