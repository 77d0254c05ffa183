//! The level pass: breadth-first over the positions of the plan that have a resolver.
//!
//! In: a state, a selection, the objects that stand on it. Out: filled slots. Must not know: bytes, HTTP.
//!
//! Sibling fields run at the same time, and each goes on to its own next level without waiting for the others.
//! A list of n parents costs one call of a batched resolver.

use std::any::Any;
use std::collections::HashMap;
use std::future::{Future, poll_fn};
use std::hash::Hash;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context as Task, Poll};

use futures_util::future::join_all;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt as _, StreamExt as _};

use crate::application::Application;
use crate::engine::lookahead::Position;
use crate::engine::object::{BoxFuture, Composite, Node, Object, nothing};
use crate::engine::out::{Out, Written};
use crate::engine::plan::{Field, NONE, Origin, Sel};
use crate::engine::state::State;
use crate::engine::{stream, work};
use crate::{Error, Result, model};

/// The objects that stand on a selection, whatever their type is: all that the level pass has to know of them. Whatever
/// is written against this is compiled once for an application, not once for each of its types.
pub(crate) trait Parents<'a, 's, A: Application>: Send + Sync {
    /// [`Object::visit_field`]
    fn visit_field<'b>(&'b self, st: &'a State<'s, A>, f: &'a Field) -> BoxFuture<'b, ()>
    where
        'a: 'b;

    /// How many there are.
    fn count(&self) -> usize;

    /// [`Object::write_field`] of number `i`.
    fn write_field(&self, st: &State<'s, A>, f: &Field, i: usize, out: &mut Out) -> Written;
}

/// See [`Parents`].
pub(crate) type Erased<'b, 'a, 's, A> = &'b (dyn Parents<'a, 's, A> + 'b);

macro_rules! parents {
    ($([$($more:tt)*] $parents:ty),+) => { $(
        impl<'a, 's: 'a, A: Application, T: Object<A>, $($more)*> Parents<'a, 's, A> for $parents {
            fn visit_field<'b>(&'b self, st: &'a State<'s, A>, f: &'a Field) -> BoxFuture<'b, ()>
            where
                'a: 'b,
            {
                T::visit_field(st, f, self)
            }

            fn count(&self) -> usize {
                self.len()
            }

            fn write_field(&self, st: &State<'s, A>, f: &Field, i: usize, out: &mut Out) -> Written {
                self[i].write_field(st, f, i, out)
            }
        }
    )+ };
}

parents!([] Vec<&'a T>, [] [&'a T; 1]);

/// [`visit_object`] of parents that nobody else keeps.
pub(crate) fn visit_owned<'a, 's: 'a, A: Application>(
    st: &'a State<'s, A>,
    sel: &'a Sel,
    parents: Box<dyn Parents<'a, 's, A> + 'a>,
) -> BoxFuture<'a, ()> {
    Box::pin(async move { visit_object(st, sel, &*parents).await })
}

/// Visits all fields of a selection that need it, for all objects that stand on it.
///
/// What is ready at once costs nothing but its own future: only the fields that really wait are kept.
pub(crate) fn visit_object<'b, 'a: 'b, 's: 'a, A: Application>(
    st: &'a State<'s, A>,
    sel: &'a Sel,
    parents: Erased<'b, 'a, 's, A>,
) -> impl Future<Output = ()> + Send + 'b {
    let mut deferring = st.work.map(|work| work::visit(st, work, sel, parents));
    let mut waiting = None;
    poll_fn(move |task| {
        if let Some(visit) = &mut deferring {
            return visit.poll_unpin(task);
        }
        let waiting = match &mut waiting {
            Some(waiting) => waiting,
            none => match started(st, sel, parents, task) {
                none if none.is_empty() => return Poll::Ready(()),
                some => none.insert(Waiting::from(some)),
            },
        };
        waiting.poll(task)
    })
}

/// Polls the future of each field once; answers those that are not ready.
fn started<'b, 'a: 'b, 's: 'a, A: Application>(
    st: &'a State<'s, A>,
    sel: &'a Sel,
    parents: Erased<'b, 'a, 's, A>,
    task: &mut Task<'_>,
) -> Vec<Guarded<'b, 'a, 's, A>> {
    let mut waiting = Vec::new();
    for &place in &sel.work {
        let f = &sel.fields[place as usize];
        if allowed(st, f) {
            let mut visit = field(st, f, parents);
            if visit.poll_unpin(task).is_pending() {
                waiting.push(visit);
            }
        }
    }
    waiting
}

/// How many fields one waker serves.
const TOGETHER: usize = 30;

/// Fields that wait for something.
enum Waiting<F> {
    /// Few enough that a wake-up which polls them all stays cheap.
    Few(Vec<F>),
    /// Each with a waker of its own.
    Many(FuturesUnordered<F>),
}

impl<F: Future<Output = ()> + Unpin> Waiting<F> {
    fn from(fields: Vec<F>) -> Self {
        if fields.len() <= TOGETHER {
            Waiting::Few(fields)
        } else {
            Waiting::Many(fields.into_iter().collect())
        }
    }

    fn poll(&mut self, task: &mut Task<'_>) -> Poll<()> {
        match self {
            Waiting::Few(fields) => {
                fields.retain_mut(|field| field.poll_unpin(task).is_pending());
                if fields.is_empty() {
                    Poll::Ready(())
                } else {
                    Poll::Pending
                }
            }
            Waiting::Many(fields) => loop {
                match fields.poll_next_unpin(task) {
                    Poll::Ready(Some(())) => {}
                    Poll::Ready(None) => return Poll::Ready(()),
                    Poll::Pending => return Poll::Pending,
                }
            },
        }
    }
}

/// The root fields of a mutation: one after the other, each with all its levels.
pub(crate) async fn visit_in_turn<'a, 's: 'a, A: Application>(
    st: &'a State<'s, A>,
    sel: &'a Sel,
    root: Erased<'_, 'a, 's, A>,
) {
    if let Some(work) = st.work {
        return work::visit_in_turn(st, work, sel, root).await;
    }
    for &place in &sel.work {
        let f = &sel.fields[place as usize];
        if allowed(st, f) {
            field(st, f, root).await;
            // Nothing is left to do after a resolver that answered; one that panicked left its transaction open.
            if let Err(error) = st.cx.settle(false).await {
                tracing::error!(request_id = st.cx.request_id(), %error, "could not roll back");
            }
        }
    }
}

/// Whether the level pass may go to the field.
pub fn allowed<A: Application>(st: &State<'_, A>, f: &Field) -> bool {
    f.plain || (st.included(f) && st.refusal(f).is_none())
}

/// The future of one field, guarded.
pub(crate) fn field<'b, 'a: 'b, 's: 'a, A: Application>(
    st: &'a State<'s, A>,
    f: &'a Field,
    parents: Erased<'b, 'a, 's, A>,
) -> Guarded<'b, 'a, 's, A> {
    let inner = match f.origin {
        Origin::Operation => model::visit_operation(st, f),
        // What runs before the first `await` of user code may panic as well as what runs after it.
        _ => match catch_unwind(AssertUnwindSafe(|| parents.visit_field(st, f))) {
            Ok(visit) => visit,
            Err(panic) => {
                panicked(st, f, &*panic);
                nothing()
            }
        },
    };
    Guarded {
        st,
        f,
        visit: Caught { inner },
    }
}

#[cold]
fn panicked<A: Application>(st: &State<'_, A>, f: &Field, panic: &(dyn Any + Send)) {
    let (field, request_id) = (st.plan.field_name(f.no), st.cx.request_id());
    let panic = panic_text(panic);
    tracing::error!(field, request_id, panic, "a resolver panicked");
}

/// The future of a field whose panic costs no more than its value: the slot stays empty, the log tells.
pub fn guarded<'b, 'a: 'b, A: Application>(
    st: &'a State<'_, A>,
    f: &'a Field,
    inner: BoxFuture<'b, ()>,
) -> BoxFuture<'b, ()> {
    let visit = Caught { inner };
    Box::pin(Guarded { st, f, visit })
}

/// See [`guarded`].
pub(crate) struct Guarded<'b, 'a, 's, A: Application> {
    st: &'a State<'s, A>,
    f: &'a Field,
    visit: Caught<'b, ()>,
}

impl<A: Application> Future for Guarded<'_, '_, '_, A> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, task: &mut Task<'_>) -> Poll<()> {
        let entered = Position::new(self.st.plan, self.f).enter();
        let polled = self.visit.poll_unpin(task);
        drop(entered);
        let Poll::Ready(ended) = polled else {
            return Poll::Pending;
        };
        if let Err(panic) = ended {
            panicked(self.st, self.f, &*panic);
        }
        Poll::Ready(())
    }
}

/// Runs levels at the same time.
pub fn all<'b>(mut levels: Vec<BoxFuture<'b, ()>>) -> BoxFuture<'b, ()> {
    match levels.len() {
        0 => nothing(),
        1 => levels.swap_remove(0),
        _ => Box::pin(async move {
            join_all(levels).await;
        }),
    }
}

/// Goes on below a resolver's field: all objects that it answered, as one level.
pub fn descend<'a, A: Application, T: Composite<A>>(
    st: &'a State<'_, A>,
    f: &'a Field,
    found: &'a [Result<T>],
) -> BoxFuture<'a, ()> {
    if f.sub.level() == NONE {
        return nothing();
    }
    if T::LIST
        && let (Some(stream), Some(work)) = (&f.stream, st.work)
    {
        return stream::visit(st, work, f, stream, found);
    }
    let mut level = Level::new(found.len());
    for result in found {
        level.skip();
        if let Ok(value) = result {
            value.gather(&mut level.kids);
        }
    }
    level.visit(st, f)
}

/// The objects below a field while they are gathered: `add` once for each parent.
#[derive(Debug)]
pub struct Level<'a, N> {
    pub(crate) kids: Vec<&'a N>,
    starts: Vec<u32>,
}

impl<'a, N: Send + Sync> Level<'a, N> {
    /// For so many parents.
    pub fn new(parents: usize) -> Self {
        Level {
            kids: Vec::with_capacity(parents),
            starts: Vec::with_capacity(parents),
        }
    }

    /// The next parent's objects.
    pub fn add<A: Application, T: Composite<A, Node = N>>(&mut self, value: &'a T) {
        self.skip();
        value.gather(&mut self.kids);
    }

    /// The next parent has none.
    pub fn skip(&mut self) {
        self.starts.push(self.kids.len() as u32);
    }

    /// Goes on below the field.
    pub fn visit<A: Application>(self, st: &'a State<'_, A>, f: &'a Field) -> BoxFuture<'a, ()>
    where
        N: Node<A>,
    {
        st.put_starts(f, self.starts);
        if self.kids.is_empty() {
            return nothing();
        }
        let below = N::visit(st, f, self.kids);
        match st.work {
            None => below,
            Some(work) => work::descend(work, f, below),
        }
    }
}

/// What a batched resolver answers: one result for each parent, in their order.
///
/// # Example
///
/// ```
/// use std::collections::HashMap;
/// use graphwright::Batch;
///
/// struct Book { author: u32 }
/// let (a, b) = (Book { author: 1 }, Book { author: 2 });
/// let parents = [&a, &b, &a];
/// let found = HashMap::from([(1, "Ada"), (2, "Grace")]); // one query for `Batch::keys(&parents, |b| b.author)`
/// let batch = Batch::by_key(&parents, |b| b.author, &found);
/// assert_eq!(batch.len(), 3);
/// ```
#[derive(Debug)]
pub struct Batch<T> {
    results: Vec<Result<T>>,
}

impl<T> Batch<T> {
    /// How many results it holds.
    pub fn len(&self) -> usize {
        self.results.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.results.is_empty()
    }

    pub(crate) fn into_results(self) -> Vec<Result<T>> {
        self.results
    }

    /// The keys of the parents, each once, in the order of their first appearance.
    pub fn keys<'p, P, K: Eq + Hash + Clone>(
        parents: &[&'p P],
        key: impl Fn(&'p P) -> K,
    ) -> Vec<K> {
        let mut seen = std::collections::HashSet::with_capacity(parents.len());
        parents
            .iter()
            .map(|parent| key(parent))
            .filter(|key| seen.insert(key.clone()))
            .collect()
    }

    /// Gives each parent what was found under its key; a key without a value is an error `NOT_FOUND` for that parent.
    pub fn by_key<'p, P, K: Eq + Hash>(
        parents: &[&'p P],
        key: impl Fn(&'p P) -> K,
        found: &HashMap<K, T>,
    ) -> Self
    where
        T: Clone,
    {
        parents
            .iter()
            .map(|parent| {
                found
                    .get(&key(parent))
                    .cloned()
                    .ok_or_else(|| Error::not_found("the value"))
            })
            .collect()
    }

    /// Gives each parent what was found under its key, or the default (`None`, an empty list).
    pub fn by_key_or_default<'p, P, K: Eq + Hash>(
        parents: &[&'p P],
        key: impl Fn(&'p P) -> K,
        found: &HashMap<K, T>,
    ) -> Self
    where
        T: Clone + Default,
    {
        parents
            .iter()
            .map(|parent| Ok(found.get(&key(parent)).cloned().unwrap_or_default()))
            .collect()
    }
}

impl<T> From<Vec<T>> for Batch<T> {
    fn from(values: Vec<T>) -> Self {
        Batch {
            results: values.into_iter().map(Ok).collect(),
        }
    }
}

impl<T> FromIterator<Result<T>> for Batch<T> {
    fn from_iter<I: IntoIterator<Item = Result<T>>>(results: I) -> Self {
        Batch {
            results: results.into_iter().collect(),
        }
    }
}

/// A future whose panics are caught.
pub(crate) struct Caught<'a, T> {
    pub(crate) inner: BoxFuture<'a, T>,
}

impl<T> Future for Caught<'_, T> {
    type Output = std::result::Result<T, Box<dyn Any + Send>>;

    fn poll(mut self: Pin<&mut Self>, task: &mut Task<'_>) -> Poll<Self::Output> {
        match catch_unwind(AssertUnwindSafe(|| self.inner.as_mut().poll(task))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(value)) => Poll::Ready(Ok(value)),
            Err(panic) => Poll::Ready(Err(panic)),
        }
    }
}

/// The message of a panic.
pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a panic without a message")
}
