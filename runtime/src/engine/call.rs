//! How resolvers are called: what is common to all of them, so that generated code only names the method and its slot.
//!
//! In: arguments, futures of the user's methods. Out: filled slots, and the level below. Must not know: bytes, HTTP.
//!
//! Each function here takes the future of a call, and where its answers are kept: the constructor of the slot's variant,
//! and how that variant is read again. Generated code has no async block of its own: one that holds the futures of many
//! methods costs the compiler more than all else. What is here is compiled for each resolver of a program, so it is
//! little: [`then`] and [`together`] have the rest.

use std::future::Future;

use crate::application::Application;
use crate::engine::level::{Batch, descend};
use crate::engine::object::{BoxFuture, Composite, nothing};
use crate::engine::plan::Field;
use crate::engine::state::State;
use crate::engine::subscribe::{EventSource, Events, event_source};
use crate::engine::then::then;
use crate::engine::together::{Calls, together};
use crate::engine::value::{Args, FromInput};
use crate::{Error, Result};

/// Makes the slot of a field.
type Put<'r, A, T> = fn(Vec<Result<T>>) -> <A as Application>::Slot<'r>;

/// Reads it again; `None` if it is another field's.
type Get<'r, A, T> = for<'s> fn(&'s <A as Application>::Slot<'r>) -> Option<&'s Vec<Result<T>>>;

/// A root field that answers scalars.
pub fn one_leaf<'b, 'a: 'b, 'r, A: Application, T: Send + 'a>(
    st: &'a State<'r, A>,
    f: &'a Field,
    call: impl Future<Output = Result<T>> + Send + 'b,
    put: Put<'r, A, T>,
) -> BoxFuture<'b, ()> {
    then(call, move |found| kept(st, f, put(vec![found])))
}

/// A root field that answers objects.
pub fn one<'b, 'a: 'b, 'r, A: Application, T: Composite<A> + 'a>(
    st: &'a State<'r, A>,
    f: &'a Field,
    call: impl Future<Output = Result<T>> + Send + 'b,
    put: Put<'r, A, T>,
    get: Get<'r, A, T>,
) -> BoxFuture<'b, ()> {
    then(call, move |found| below(st, f, put(vec![found]), get))
}

/// A batched resolver of scalars.
pub fn batched_leaf<'b, 'a: 'b, 'r, A: Application, T: Send + 'a>(
    st: &'a State<'r, A>,
    f: &'a Field,
    parents: usize,
    call: impl Future<Output = Result<Batch<T>>> + Send + 'b,
    put: Put<'r, A, T>,
) -> BoxFuture<'b, ()> {
    then(call, move |found| kept(st, f, put(batch(found, parents))))
}

/// A batched resolver of objects.
pub fn batched<'b, 'a: 'b, 'r, A: Application, T: Composite<A> + 'a>(
    st: &'a State<'r, A>,
    f: &'a Field,
    parents: usize,
    call: impl Future<Output = Result<Batch<T>>> + Send + 'b,
    put: Put<'r, A, T>,
    get: Get<'r, A, T>,
) -> BoxFuture<'b, ()> {
    then(call, move |found| {
        below(st, f, put(batch(found, parents)), get)
    })
}

/// A resolver of scalars that takes one parent at a time.
pub fn each_leaf<'b, 'a: 'b, 'r, A: Application, T: Send + 'a>(
    st: &'a State<'r, A>,
    f: &'a Field,
    calls: Calls<impl Future<Output = Result<T>> + Send + 'b>,
    put: Put<'r, A, T>,
) -> BoxFuture<'b, ()> {
    together(calls, move |found| kept(st, f, put(found)))
}

/// A resolver of objects that takes one parent at a time.
pub fn each<'b, 'a: 'b, 'r, A: Application, T: Composite<A> + 'a>(
    st: &'a State<'r, A>,
    f: &'a Field,
    calls: Calls<impl Future<Output = Result<T>> + Send + 'b>,
    put: Put<'r, A, T>,
    get: Get<'r, A, T>,
) -> BoxFuture<'b, ()> {
    together(calls, move |found| below(st, f, put(found), get))
}

/// A root field of a mutation that answers scalars: a transaction of its own.
pub fn in_turn_leaf<'b, 'a: 'b, 'r, A: Application, T: Send + 'a>(
    st: &'a State<'r, A>,
    f: &'a Field,
    calls: Calls<impl Future<Output = Result<T>> + Send + 'b>,
    put: Put<'r, A, T>,
) -> BoxFuture<'b, ()> {
    Box::pin(async move {
        st.put(f, put(in_transactions(st, calls).await));
    })
}

/// A root field of a mutation that answers objects: a transaction of its own, committed before its selection is read.
pub fn in_turn<'b, 'a: 'b, 'r, A: Application, T: Composite<A> + 'a>(
    st: &'a State<'r, A>,
    f: &'a Field,
    calls: Calls<impl Future<Output = Result<T>> + Send + 'b>,
    put: Put<'r, A, T>,
    get: Get<'r, A, T>,
) -> BoxFuture<'b, ()> {
    Box::pin(async move {
        let found = in_transactions(st, calls).await;
        below(st, f, put(found), get).await;
    })
}

/// A root field of a subscription.
pub fn subscribed<'a, T: 'static, S: 'static>(
    call: impl Future<Output = Result<Events<T>>> + Send + 'a,
    variant: fn(Result<T>) -> S,
) -> BoxFuture<'a, Result<EventSource<S>>> {
    Box::pin(async move { Ok(event_source(call.await?, variant)) })
}

/// What a directive of the schema's own does before a resolver, which is not called if that fails: the same error for
/// each parent then.
pub fn hooked<'b, 'a: 'b, 'r, A: Application, T>(
    st: &'a State<'r, A>,
    f: &'a Field,
    parents: usize,
    hook: impl Future<Output = Result<()>> + Send + 'b,
    put: Put<'r, A, T>,
    call: impl FnOnce() -> BoxFuture<'b, ()> + Send + 'b,
) -> BoxFuture<'b, ()>
where
    T: 'b,
{
    Box::pin(async move {
        match hook.await {
            Ok(()) => call().await,
            Err(error) => refused(st, f, error, parents, put).await,
        }
    })
}

/// The same before a subscription starts.
pub fn hooked_events<'a, S: 'static>(
    hook: impl Future<Output = Result<()>> + Send + 'a,
    call: impl FnOnce() -> BoxFuture<'a, Result<EventSource<S>>> + Send + 'a,
) -> BoxFuture<'a, Result<EventSource<S>>> {
    Box::pin(async move {
        hook.await?;
        call().await
    })
}

/// A root field of a subscription whose arguments do not fit.
pub fn not_subscribed<'a, S: 'static>(error: Error) -> BoxFuture<'a, Result<EventSource<S>>> {
    Box::pin(std::future::ready(Err(error)))
}

/// Why a subscription's root has no source for a field that it does not have.
pub fn no_such_source() -> Error {
    Error::internal("the schema has no such subscription")
}

/// A field that could not be asked for: the same error for each parent.
#[cold]
pub fn refused<'b, 'a: 'b, 'r, A: Application, T>(
    st: &'a State<'r, A>,
    f: &'a Field,
    error: Error,
    parents: usize,
    put: Put<'r, A, T>,
) -> BoxFuture<'b, ()> {
    st.put(f, put(failed(error, parents)));
    nothing()
}

fn kept<'a, 'r, A: Application>(
    st: &'a State<'r, A>,
    f: &'a Field,
    slot: A::Slot<'r>,
) -> BoxFuture<'a, ()> {
    st.put(f, slot);
    nothing()
}

fn below<'a, 'r, A: Application, T: Composite<A> + 'a>(
    st: &'a State<'r, A>,
    f: &'a Field,
    slot: A::Slot<'r>,
    get: Get<'r, A, T>,
) -> BoxFuture<'a, ()> {
    match st.put(f, slot).and_then(get) {
        Some(found) => descend(st, f, found),
        None => nothing(),
    }
}

async fn in_transactions<A: Application, T, F: Future<Output = Result<T>> + Send>(
    st: &State<'_, A>,
    calls: Calls<F>,
) -> Vec<Result<T>> {
    let mut found = Vec::with_capacity(1);
    for call in calls.in_turn() {
        found.push(match st.cx.begin().await {
            Ok(()) => settle(st, call.await).await,
            Err(error) => Err(error),
        });
    }
    found
}

/// The resolver of a root field of a mutation has answered: commits, or takes everything back.
pub(crate) async fn settle<A: Application, T>(st: &State<'_, A>, found: Result<T>) -> Result<T> {
    match (st.cx.settle(found.is_ok()).await, found) {
        (Ok(()), found) => found,
        (Err(error), Ok(_)) => Err(error),
        (Err(lost), Err(error)) => {
            tracing::error!(request_id = st.cx.request_id(), error = %lost, "could not roll back");
            Err(error)
        }
    }
}

/// The results of a batched resolver for its parents. A batch of the wrong length fails as a whole: nobody could tell
/// whose value is missing.
pub fn batch<T>(found: Result<Batch<T>>, parents: usize) -> Vec<Result<T>> {
    match found.map(Batch::into_results) {
        Ok(results) if results.len() == parents => results,
        Ok(results) => failed(wrong_length(results.len(), parents), parents),
        Err(error) => failed(error, parents),
    }
}

#[cold]
fn wrong_length(answered: usize, parents: usize) -> Error {
    Error::internal(format!(
        "a batched resolver answered {answered} values for {parents} parents"
    ))
}

/// The same error for every parent.
#[cold]
pub fn failed<T>(error: Error, parents: usize) -> Vec<Result<T>> {
    let mut all = Vec::with_capacity(parents);
    for _ in 0..parents {
        all.push(Err(error.clone()));
    }
    all
}

/// The arguments of one position, read once for all parents.
#[derive(Debug)]
pub struct Arguments<'a> {
    args: Result<Args<'a>>,
}

impl<'a> Arguments<'a> {
    /// Those of this field.
    pub fn of<A: Application>(st: &'a State<'_, A>, f: &Field) -> Self {
        Arguments { args: st.args(f) }
    }

    /// The next argument; `None` if it or one before it does not fit.
    pub fn get<T: FromInput>(&mut self, name: &str) -> Option<T> {
        match self.args.as_ref().ok()?.get(name) {
            Ok(value) => Some(value),
            Err(error) => {
                self.args = Err(error);
                None
            }
        }
    }

    /// Why an argument does not fit.
    pub fn error(self) -> Error {
        match self.args {
            Err(error) => error,
            Ok(_) => Error::internal("all arguments fit"),
        }
    }
}
