//! How resolvers are called: what is common to all of them, so that generated code only names the method and its slot.
//!
//! In: arguments, futures of the user's methods. Out: filled slots, and the level below. Must not know: bytes, HTTP.
//!
//! Each function here takes the future of a call, and keeps its answers. Generated code has no async block of its own: one that holds the futures of many
//! methods costs the compiler more than all else. What is here is compiled for each resolver of a program, so it is
//! little: `then` and `together` have the rest.

use std::future::Future;

use crate::application::Application;
use crate::context::Context;
use crate::engine::answers::{Answered, Failed, Leaves, Objects};
use crate::engine::level::Batch;
use crate::engine::object::{BoxFuture, Composite, nothing};
use crate::engine::plan::Field;
use crate::engine::state::State;
use crate::engine::subscribe::{EventSource, Events, event_source};
use crate::engine::then::then;
use crate::engine::together::{Calls, together};
use crate::engine::value::{Args, FromInput};
use crate::scalar::Leaf;
use crate::{Error, Result};

/// A root field that answers scalars.
pub fn one_leaf<'b, 'a: 'b, 'r, A, T>(
    st: &'a State<'r, A>,
    f: &'a Field,
    call: impl Future<Output = Result<T>> + Send + 'b,
) -> BoxFuture<'b, ()>
where
    A: Application<Slot<'r> = Answered<'r, A>>,
    T: Leaf + Send + Sync + 'r,
{
    then(call, move |found| {
        keep(st, f, Box::new(Leaves(vec![found])))
    })
}

/// A root field that answers objects.
pub fn one<'b, 'a: 'b, 'r, A, T>(
    st: &'a State<'r, A>,
    f: &'a Field,
    call: impl Future<Output = Result<T>> + Send + 'b,
) -> BoxFuture<'b, ()>
where
    A: Application<Slot<'r> = Answered<'r, A>>,
    T: Composite<A> + 'r,
{
    then(call, move |found| {
        keep(st, f, Box::new(Objects::new([found])))
    })
}

/// A batched resolver of scalars.
pub fn batched_leaf<'b, 'a: 'b, 'r, A, T>(
    st: &'a State<'r, A>,
    f: &'a Field,
    parents: usize,
    call: impl Future<Output = Result<Batch<T>>> + Send + 'b,
) -> BoxFuture<'b, ()>
where
    A: Application<Slot<'r> = Answered<'r, A>>,
    T: Leaf + Send + Sync + 'r,
{
    then(call, move |found| match batch(found, parents) {
        Ok(results) => keep(st, f, Box::new(Leaves(results))),
        Err(error) => refused(st, f, error),
    })
}

/// A batched resolver of objects.
pub fn batched<'b, 'a: 'b, 'r, A, T>(
    st: &'a State<'r, A>,
    f: &'a Field,
    parents: usize,
    call: impl Future<Output = Result<Batch<T>>> + Send + 'b,
) -> BoxFuture<'b, ()>
where
    A: Application<Slot<'r> = Answered<'r, A>>,
    T: Composite<A> + 'r,
{
    then(call, move |found| match batch(found, parents) {
        Ok(results) => keep(st, f, Box::new(Objects::new(results))),
        Err(error) => refused(st, f, error),
    })
}

/// A resolver of scalars that takes one parent at a time.
pub fn each_leaf<'b, 'a: 'b, 'r, A, T>(
    st: &'a State<'r, A>,
    f: &'a Field,
    calls: Calls<impl Future<Output = Result<T>> + Send + 'b>,
) -> BoxFuture<'b, ()>
where
    A: Application<Slot<'r> = Answered<'r, A>>,
    T: Leaf + Send + Sync + 'r,
{
    together(calls, move |found| keep(st, f, Box::new(Leaves(found))))
}

/// A resolver of objects that takes one parent at a time.
pub fn each<'b, 'a: 'b, 'r, A, T>(
    st: &'a State<'r, A>,
    f: &'a Field,
    calls: Calls<impl Future<Output = Result<T>> + Send + 'b>,
) -> BoxFuture<'b, ()>
where
    A: Application<Slot<'r> = Answered<'r, A>>,
    T: Composite<A> + 'r,
{
    together(calls, move |found| {
        keep(st, f, Box::new(Objects::new(found)))
    })
}

/// A root field of a mutation that answers scalars: a transaction of its own.
pub fn in_turn_leaf<'b, 'a: 'b, 'r, A, T>(
    st: &'a State<'r, A>,
    f: &'a Field,
    calls: Calls<impl Future<Output = Result<T>> + Send + 'b>,
) -> BoxFuture<'b, ()>
where
    A: Application<Slot<'r> = Answered<'r, A>>,
    T: Leaf + Send + Sync + 'r,
{
    then(in_transactions(st.cx, calls), move |found| {
        keep(st, f, Box::new(Leaves(found)))
    })
}

/// A root field of a mutation that answers objects: a transaction of its own, committed before its selection is read.
pub fn in_turn<'b, 'a: 'b, 'r, A, T>(
    st: &'a State<'r, A>,
    f: &'a Field,
    calls: Calls<impl Future<Output = Result<T>> + Send + 'b>,
) -> BoxFuture<'b, ()>
where
    A: Application<Slot<'r> = Answered<'r, A>>,
    T: Composite<A> + 'r,
{
    then(in_transactions(st.cx, calls), move |found| {
        keep(st, f, Box::new(Objects::new(found)))
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
pub fn hooked<'b, 'a: 'b, 'r, A: Application<Slot<'r> = Answered<'r, A>>>(
    st: &'a State<'r, A>,
    f: &'a Field,
    hook: impl Future<Output = Result<()>> + Send + 'b,
    call: impl FnOnce() -> BoxFuture<'b, ()> + Send + 'b,
) -> BoxFuture<'b, ()> {
    then(hook, move |passed| match passed {
        Ok(()) => call(),
        Err(error) => refused(st, f, error),
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
pub fn refused<'a, 'r, A: Application<Slot<'r> = Answered<'r, A>>>(
    st: &'a State<'r, A>,
    f: &'a Field,
    error: Error,
) -> BoxFuture<'a, ()> {
    keep(st, f, Box::new(Failed(error)))
}

/// Keeps the answers for the writer, and goes on below.
fn keep<'a, 'r, A: Application<Slot<'r> = Answered<'r, A>>>(
    st: &'a State<'r, A>,
    f: &'a Field,
    answers: Answered<'r, A>,
) -> BoxFuture<'a, ()> {
    match st.put(f, answers) {
        Some(answers) => answers.descend(st, f),
        None => nothing(),
    }
}

async fn in_transactions<Auth, T, F: Future<Output = Result<T>> + Send>(
    cx: &Context<Auth>,
    calls: Calls<F>,
) -> Vec<Result<T>> {
    let mut found = Vec::with_capacity(1);
    for call in calls.in_turn() {
        found.push(match cx.begin().await {
            Ok(()) => settle(cx, call.await).await,
            Err(error) => Err(error),
        });
    }
    found
}

/// The resolver of a root field of a mutation has answered: commits, or takes everything back.
pub(crate) async fn settle<Auth, T>(cx: &Context<Auth>, found: Result<T>) -> Result<T> {
    match (cx.settle(found.is_ok()).await, found) {
        (Ok(()), found) => found,
        (Err(error), Ok(_)) => Err(error),
        (Err(lost), Err(error)) => {
            tracing::error!(request_id = cx.request_id(), error = %lost, "could not roll back");
            Err(error)
        }
    }
}

/// The results of a batched resolver for its parents. A batch of the wrong length fails as a whole: nobody could tell
/// whose value is missing.
pub(crate) fn batch<T>(found: Result<Batch<T>>, parents: usize) -> Result<Vec<Result<T>>> {
    let results = found?.into_results();
    match results.len() == parents {
        true => Ok(results),
        false => Err(wrong_length(results.len(), parents)),
    }
}

#[cold]
fn wrong_length(answered: usize, parents: usize) -> Error {
    Error::internal(format!(
        "a batched resolver answered {answered} values for {parents} parents"
    ))
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
