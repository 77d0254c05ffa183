//! Deferred work while it is under way: which parts of an operation may run, which of them are done.
//!
//! In: the groups of a plan, the level pass. Out: written parts, by group. Must not know: payloads, clients.
//!
//! The level pass is one future. A group waits in it at its gate until the driver opens it; a part of the operation is
//! through when none of its fields runs any more. So each field holds a token from its call to its descent, by when the
//! fields below it hold theirs.

use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, AtomicU16, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

use futures_util::future::join_all;

use crate::application::Application;
use crate::engine::execute::too_large;
use crate::engine::level::{self, Erased, allowed};
use crate::engine::object::BoxFuture;
use crate::engine::out::{Found, Out, Raised};
use crate::engine::plan::{Field, Group, Plan, Sel};
use crate::engine::state::State;
use crate::engine::writer::write_erased;

/// The group of what is in the first response.
pub(crate) const FIRST: u16 = 0;

/// The deferred work of one operation.
#[derive(Debug)]
pub(crate) struct Work {
    /// By number: [`FIRST`], then [`Group::no`].
    groups: Box<[Progress]>,
    /// By [`Field::no`]: the group whose token the field holds, plus one.
    held: Box<[AtomicU16]>,
    /// Bytes that may be written in all.
    bytes: usize,
    /// Those that still may.
    left: AtomicUsize,
}

#[derive(Debug, Default)]
struct Progress {
    running: AtomicUsize,
    open: AtomicBool,
    waiting: Mutex<Option<Waker>>,
    parts: Mutex<Option<Vec<Part>>>,
}

/// What a group says of one object.
#[derive(Debug)]
pub(crate) struct Part {
    /// The fields, or the items of a list; `None` if a null went all the way up.
    pub(crate) data: Option<Vec<u8>>,
    pub(crate) errors: Vec<Raised>,
    /// What is deferred further.
    pub(crate) found: Vec<Found>,
    /// The items before one that failed, with their errors.
    pub(crate) kept: Option<(Vec<u8>, Vec<Raised>)>,
}

impl Work {
    /// For a plan, with so many bytes to write.
    pub(crate) fn new(plan: &Plan, bytes: usize) -> Self {
        Work {
            groups: (0..=plan.groups).map(|_| Progress::default()).collect(),
            held: plan.fields.iter().map(|_| AtomicU16::new(0)).collect(),
            bytes,
            left: AtomicUsize::new(bytes),
        }
    }

    /// Whether no field of the first response runs.
    pub(crate) fn first_is_through(&self) -> bool {
        self.groups[FIRST as usize].running.load(Ordering::Acquire) == 0
    }

    /// Lets a group run.
    pub(crate) fn open(&self, group: u16) {
        let progress = &self.groups[group as usize];
        progress.open.store(true, Ordering::Release);
        if let Some(waker) = lock(&progress.waiting).take() {
            waker.wake();
        }
    }

    /// What a group has written since this was asked last: a part for each object, by its index in the level.
    pub(crate) fn take(&self, group: u16) -> Option<Vec<Part>> {
        lock(&self.groups[group as usize].parts).take()
    }

    /// The field's own part is done: what is below it holds tokens of its own.
    pub(crate) fn release(&self, field: &Field) {
        let Some(held) = self.held.get(field.no as usize) else {
            return;
        };
        if let Some(group) = held.swap(0, Ordering::AcqRel).checked_sub(1) {
            self.groups[group as usize]
                .running
                .fetch_sub(1, Ordering::AcqRel);
        }
    }

    fn hold(&self, field: &Field, group: u16) {
        self.groups[group as usize]
            .running
            .fetch_add(1, Ordering::AcqRel);
        self.held[field.no as usize].store(group + 1, Ordering::Release);
    }

    /// Something of the group runs until the answer is dropped.
    #[cfg(feature = "sqlite")]
    pub(crate) fn enter(&self, group: u16) -> Entered<'_> {
        let running = &self.groups[group as usize].running;
        running.fetch_add(1, Ordering::AcqRel);
        Entered { running }
    }

    /// Waits until the group may run.
    pub(crate) async fn gate(&self, group: u16) {
        let progress = &self.groups[group as usize];
        poll_fn(|task| {
            *lock(&progress.waiting) = Some(task.waker().clone());
            match progress.open.load(Ordering::Acquire) {
                true => Poll::Ready(()),
                false => Poll::Pending,
            }
        })
        .await;
    }

    /// Runs the levels of a group until none of its own fields runs any more; answers whether nothing at all does.
    pub(crate) async fn through(&self, group: u16, below: &mut BoxFuture<'_, ()>) -> bool {
        let running = &self.groups[group as usize].running;
        let mut ended = false;
        poll_fn(|task| {
            ended = below.as_mut().poll(task).is_ready();
            match ended || running.load(Ordering::Acquire) == 0 {
                true => Poll::Ready(ended),
                false => Poll::Pending,
            }
        })
        .await
    }

    /// Leaves what a group says.
    pub(crate) fn finish(&self, group: u16, parts: Vec<Part>) {
        *lock(&self.groups[group as usize].parts) = Some(parts);
    }

    /// A buffer for a part, as large as parts may still be.
    pub(crate) fn buffer(&self) -> Out {
        Out::with_capacity(256).limited(self.left.load(Ordering::Relaxed))
    }

    /// Why a part is not whole that has no room in its buffer; its place is that of the part.
    #[cold]
    pub(crate) fn too_large(&self) -> Raised {
        Raised {
            path: Vec::new(),
            error: too_large(self.bytes),
        }
    }

    /// So many bytes were written.
    pub(crate) fn wrote(&self, bytes: usize) {
        let left = self.left.load(Ordering::Relaxed);
        self.left
            .store(left.saturating_sub(bytes), Ordering::Relaxed);
    }
}

/// See [`Work::enter`].
#[cfg(feature = "sqlite")]
pub(crate) struct Entered<'w> {
    running: &'w AtomicUsize,
}

#[cfg(feature = "sqlite")]
impl Drop for Entered<'_> {
    fn drop(&mut self) {
        self.running.fetch_sub(1, Ordering::AcqRel);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// `visit_object` of an operation with deferred parts.
pub(crate) fn visit<'b, 'a: 'b, 's: 'a, A: Application>(
    st: &'a State<'s, A>,
    work: &'a Work,
    sel: &'a Sel,
    parents: Erased<'b, 'a, 's, A>,
) -> BoxFuture<'b, ()> {
    let mut all: Vec<BoxFuture<'b, ()>> = Vec::new();
    for &place in &sel.work {
        let field = &sel.fields[place as usize];
        if allowed(st, field) {
            work.hold(field, sel.group);
            let visit = level::field(st, field, parents);
            all.push(Box::pin(async move {
                visit.await;
                work.release(field);
            }));
        }
    }
    for group in sel.later.iter().flat_map(|later| &later.groups) {
        all.push(Box::pin(visit_group(st, work, group, parents)));
    }
    Box::pin(async move {
        join_all(all).await;
    })
}

/// `visit_in_turn` of a mutation with deferred parts: the next root field runs when nothing of the first response does.
pub(crate) async fn visit_in_turn<'a, 's: 'a, A: Application>(
    st: &'a State<'s, A>,
    work: &'a Work,
    sel: &'a Sel,
    root: Erased<'_, 'a, 's, A>,
) {
    let mut held: Vec<BoxFuture<'_, ()>> = Vec::new();
    for &place in &sel.work {
        let field = &sel.fields[place as usize];
        if !allowed(st, field) {
            continue;
        }
        work.hold(field, FIRST);
        let visit = level::field(st, field, root);
        let mut visit: BoxFuture<'_, ()> = Box::pin(async move {
            visit.await;
            work.release(field);
        });
        let mut ended = false;
        poll_fn(|task| {
            ended = visit.as_mut().poll(task).is_ready();
            match ended || work.first_is_through() {
                true => Poll::Ready(()),
                false => Poll::Pending,
            }
        })
        .await;
        if !ended {
            held.push(visit);
        }
        if let Err(error) = st.cx.settle(false).await {
            tracing::error!(request_id = st.cx.request_id(), %error, "could not roll back");
        }
    }
    join_all(held).await;
}

async fn visit_group<'b, 'a: 'b, 's: 'a, A: Application>(
    st: &'a State<'s, A>,
    work: &'a Work,
    group: &'a Group,
    parents: Erased<'b, 'a, 's, A>,
) {
    work.gate(group.no).await;
    let mut below = visit(st, work, &group.sel, parents);
    let ended = work.through(group.no, &mut below).await;
    let parts = (0..parents.count()).map(|i| write(st, work, &group.sel, parents, i));
    work.finish(group.no, parts.collect());
    if !ended {
        below.await;
    }
}

fn write<'a, 's: 'a, A: Application>(
    st: &State<'s, A>,
    work: &Work,
    sel: &Sel,
    parents: Erased<'_, 'a, 's, A>,
    i: usize,
) -> Part {
    let mut out = work.buffer();
    let mut value = |f: &Field, out: &mut Out| parents.write_field(st, f, i, out);
    let written = write_erased(st, sel, i, &mut out, &mut value);
    let (mut errors, found) = (out.take_errors(), out.take_found());
    let full = out.is_full();
    if full {
        errors = vec![work.too_large()];
    }
    let failed = written.is_err() || full;
    let bytes = out.into_bytes();
    work.wrote(bytes.len());
    Part {
        data: (!failed).then_some(bytes),
        errors,
        found: if failed { Vec::new() } else { found },
        kept: None,
    }
}

/// The level below a field: once it has been polled, its fields hold their tokens, and the field's own can go.
pub(crate) fn descend<'a>(
    work: &'a Work,
    field: &'a Field,
    mut below: BoxFuture<'a, ()>,
) -> BoxFuture<'a, ()> {
    Box::pin(poll_fn(move |task| {
        let polled = below.as_mut().poll(task);
        work.release(field);
        polled
    }))
}
