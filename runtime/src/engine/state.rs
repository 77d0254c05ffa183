//! The state of one operation: where the level pass leaves what the writer reads.
//!
//! In: a plan, the variables' values, results. Out: results by slot, arguments, conditions.
//! Must not know: how results come about.

use std::sync::OnceLock;

use smallvec::SmallVec;

use crate::application::{AppDef, Application};
use crate::context::Context;
use crate::engine::coerce::ArgSet;
use crate::engine::plan::{Field, NONE, Plan};
use crate::engine::prepared::Prepared;
use crate::engine::schema::FieldDef;
use crate::engine::value::Args;
use crate::engine::work::Work;
use crate::model::RowSet;
use crate::{Error, Result};

/// The state of one operation of an application.
///
/// Every position of the plan that has a resolver owns a slot, which is written once; the level below borrows from it.
pub struct State<'r, A: Application> {
    pub(crate) app: &'r A,
    pub(crate) cx: &'r Context<A::Auth>,
    pub(crate) plan: &'r Plan,
    pub(crate) prepared: &'r Prepared<'r>,
    pub(crate) conditions: &'r [bool],
    /// What is deferred, if something is.
    pub(crate) work: Option<&'r Work>,
    pub(crate) denied: &'r [bool],
    pub(crate) args: &'r [ArgSet<'r>],
    pub(crate) constants: &'r [Box<[u8]>],
    slots: SmallVec<[OnceLock<A::Slot<'r>>; SLOTS]>,
    rows: Cells<RowSet>,
    starts: Cells<Vec<u32>>,
    parts: Cells<Vec<u32>>,
}

/// So many slots cost no memory of their own: most operations have no more.
const SLOTS: usize = 2;

/// Places that are made when the first of them is written: many operations have none.
struct Cells<T>(OnceLock<Box<[OnceLock<T>]>>);

impl<T> Cells<T> {
    const fn new() -> Self {
        Cells(OnceLock::new())
    }

    #[inline]
    fn get(&self, place: u16) -> Option<&T> {
        self.0.get()?.get(place as usize)?.get()
    }

    /// Keeps a value in one of so many places, unless there is one; answers what is there.
    fn keep(&self, place: u16, places: usize, value: T) -> Option<&T> {
        let cells = self.0.get_or_init(|| cells(places));
        Some(cells.get(place as usize)?.get_or_init(|| value))
    }
}

fn cells<T>(places: usize) -> Box<[OnceLock<T>]> {
    std::iter::repeat_with(OnceLock::new).take(places).collect()
}

impl<'r, A: Application> State<'r, A> {
    pub(crate) fn new(app: &'r A, cx: &'r Context<A::Auth>, prepared: &'r Prepared<'r>) -> Self {
        let plan = prepared.plan;
        State {
            app,
            cx,
            plan,
            prepared,
            conditions: prepared.conditions,
            work: None,
            denied: &prepared.denied,
            args: &prepared.args,
            constants: prepared.constants,
            slots: std::iter::repeat_with(OnceLock::new)
                .take(plan.slots)
                .collect(),
            rows: Cells::new(),
            starts: Cells::new(),
            parts: Cells::new(),
        }
    }

    /// With parts that are delivered later.
    pub(crate) fn deferring(mut self, work: &'r Work) -> Self {
        self.work = Some(work);
        self
    }

    /// The user's application.
    pub fn app(&self) -> &'r A {
        self.app
    }

    /// The surroundings of the operation.
    pub fn context(&self) -> &'r Context<A::Auth> {
        self.cx
    }

    /// The static tables of the program.
    pub fn definition(&self) -> &'static AppDef {
        self.app.definition()
    }

    /// The plan.
    pub fn plan(&self) -> &'r Plan {
        self.plan
    }

    /// The field's definition; `ty` is the number of the type that the selection stands on.
    pub fn field_def(&self, ty: u16, f: &Field) -> &'static FieldDef {
        &self.app.definition().schema.types[ty as usize].fields[f.fid as usize]
    }

    /// The results of a field, if its resolver has answered.
    #[inline]
    pub fn slot(&self, f: &Field) -> Option<&A::Slot<'r>> {
        self.slots.get(f.slot as usize)?.get()
    }

    /// Keeps the results of a field; answers them for the level below.
    pub fn put(&self, f: &Field, slot: A::Slot<'r>) -> Option<&A::Slot<'r>> {
        Some(self.slots.get(f.slot as usize)?.get_or_init(|| slot))
    }

    /// The rows of a slot, if they are loaded.
    #[inline]
    pub fn rows(&self, slot: u16) -> Option<&RowSet> {
        self.rows.get(slot)
    }

    /// Keeps the rows of a slot; answers them for the level below.
    pub fn put_rows(&self, slot: u16, rows: RowSet) -> Option<&RowSet> {
        self.rows.keep(slot, self.plan.slots, rows)
    }

    /// The arguments of a field, coerced; an error if a variable does not fit.
    pub fn args(&self, f: &Field) -> Result<Args<'_>> {
        match self.args.get(f.args as usize) {
            None => Ok(Args::new(&[])),
            Some(ArgSet::Constant(values)) => Ok(Args::new(values)),
            Some(ArgSet::Made(Ok(values))) => Ok(Args::new(values)),
            Some(ArgSet::Made(Err(error))) => Err(error.clone()),
        }
    }

    /// Whether `@skip` and `@include` let the field be.
    #[inline]
    pub fn included(&self, f: &Field) -> bool {
        f.cond == 0 || self.conditions[f.cond as usize - 1]
    }

    /// Why the caller may not have the field, if its access rule says so.
    pub fn refusal(&self, f: &Field) -> Option<Error> {
        if f.guard == NONE || !self.denied[f.guard as usize] {
            return None;
        }
        Some(if self.cx.auth().is_none() {
            Error::unauthenticated()
        } else {
            Error::forbidden()
        })
    }

    /// Keeps where the children of each parent begin in the level below the field.
    pub(crate) fn put_starts(&self, f: &Field, starts: Vec<u32>) {
        self.starts.keep(f.sub.level(), self.plan.levels, starts);
    }

    /// Index of the first child of parent number `i` in the level below the field.
    #[inline]
    pub(crate) fn start(&self, f: &Field, i: usize) -> u32 {
        let level = f.sub.level();
        if level == NONE {
            return 0;
        }
        let starts = self.starts.get(level);
        starts
            .and_then(|starts| starts.get(i))
            .copied()
            .unwrap_or(0)
    }

    pub(crate) fn put_parts(&self, level: u16, indexes: Vec<u32>) {
        self.parts.keep(level, self.plan.levels, indexes);
    }

    /// Index of the level's object number `at` among those of its concrete type.
    #[inline]
    pub(crate) fn part(&self, level: u16, at: u32) -> usize {
        if level == NONE {
            return 0;
        }
        let indexes = self.parts.get(level);
        indexes
            .and_then(|indexes| indexes.get(at as usize))
            .map_or(0, |&i| i as usize)
    }
}

impl<A: Application> std::fmt::Debug for State<'_, A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State")
            .field("plan", &self.plan.name)
            .finish_non_exhaustive()
    }
}
