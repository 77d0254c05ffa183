//! Calls of a resolver that takes one parent at a time, waited for at the same time.
//!
//! In: futures, one for each parent. Out: their outputs, in the same order. Must not know: fields, plans.
//!
//! All futures lie in one allocation. Those that are not ready at once get wakers of their own, for which they are polled
//! a second time; from then on only those that were woken are. What drives them does not know their type, so that it is
//! not compiled for each resolver of a program.

#![allow(
    unsafe_code,
    reason = "the standard library has no safe way yet from a list to its items, pinned"
)]

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context as Task, Poll};

use futures_buffered::FuturesUnorderedBounded;
use futures_util::StreamExt as _;
use pin_project_lite::pin_project;

use crate::engine::object::BoxFuture;

/// The calls of a resolver, one for each parent.
pub struct Calls<F: Future> {
    calls: Vec<Call<F>>,
}

impl<F: Future> std::fmt::Debug for Calls<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Calls")
            .field("calls", &self.calls.len())
            .finish()
    }
}

impl<F: Future> Calls<F> {
    /// For so many parents.
    pub fn new(parents: usize) -> Self {
        Calls {
            calls: Vec::with_capacity(parents),
        }
    }

    /// The next parent's call.
    pub fn add(&mut self, future: F) {
        self.calls.push(Call {
            future,
            output: None,
        });
    }

    /// The calls, for one after the other.
    pub(crate) fn in_turn(self) -> impl Iterator<Item = F> {
        self.calls.into_iter().map(|call| call.future)
    }
}

pin_project! {
    /// A future, and its output when it is there.
    struct Call<F: Future> {
        #[pin]
        future: F,
        output: Option<F::Output>,
    }
}

impl<F: Future> Future for Call<F> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, task: &mut Task<'_>) -> Poll<()> {
        let this = self.project();
        if this.output.is_none() {
            match this.future.poll(task) {
                Poll::Ready(output) => *this.output = Some(output),
                Poll::Pending => return Poll::Pending,
            }
        }
        Poll::Ready(())
    }
}

/// Waits for all calls, and then for what `next` makes of their outputs, in the order of the parents.
pub(crate) fn together<'b, F, N>(calls: Calls<F>, next: N) -> BoxFuture<'b, ()>
where
    F: Future<Output: Send> + Send + 'b,
    N: FnOnce(Vec<F::Output>) -> BoxFuture<'b, ()> + Send + 'b,
{
    let Calls { calls } = calls;
    Box::pin(run(Box::new(Together { calls, next })))
}

async fn run<'b>(mut set: Box<dyn Set<'b> + 'b>) {
    drive(set.calls()).await;
    set.next().await;
}

/// Calls that are under way, whatever their type is.
trait Set<'b>: Send {
    fn calls(&mut self) -> Vec<Erased<'_>>;

    /// What comes after them.
    fn next(self: Box<Self>) -> BoxFuture<'b, ()>;
}

/// The calls lie still from the first time that one of them is polled: nothing is added or taken away.
struct Together<F: Future, N> {
    calls: Vec<Call<F>>,
    next: N,
}

impl<'b, F, N> Set<'b> for Together<F, N>
where
    F: Future<Output: Send> + Send + 'b,
    N: FnOnce(Vec<F::Output>) -> BoxFuture<'b, ()> + Send,
{
    fn calls(&mut self) -> Vec<Erased<'_>> {
        let mut erased: Vec<Erased<'_>> = Vec::with_capacity(self.calls.len());
        for call in &mut self.calls {
            // SAFETY: no call is moved before it is dropped, see above; and nobody else gets at its future.
            erased.push(unsafe { Pin::new_unchecked(call) });
        }
        erased
    }

    fn next(mut self: Box<Self>) -> BoxFuture<'b, ()> {
        let mut outputs = Vec::with_capacity(self.calls.len());
        for call in &mut self.calls {
            if let Some(output) = call.output.take() {
                outputs.push(output);
            }
        }
        (self.next)(outputs)
    }
}

/// A call, whatever its type is.
type Erased<'c> = Pin<&'c mut (dyn Future<Output = ()> + Send + 'c)>;

/// Runs all calls. Those that are ready at once cost no more than that.
async fn drive(mut calls: Vec<Erased<'_>>) {
    poll_fn(|task| {
        calls.retain_mut(|call| call.as_mut().poll(task).is_pending());
        Poll::Ready(())
    })
    .await;
    if !calls.is_empty() {
        let mut waiting: FuturesUnorderedBounded<_> = calls.into_iter().collect();
        while waiting.next().await.is_some() {}
    }
}
