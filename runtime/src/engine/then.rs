//! A future, and what goes on when it is ready.
//!
//! In: a future, a function of its output. Out: a future of both. Must not know: fields, plans.
//!
//! An `async` block says the same in one line. But this is compiled for each resolver of a program, and it is less for
//! the compiler to do.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context as Task, Poll, ready};

use pin_project_lite::pin_project;

use crate::engine::object::BoxFuture;

/// Waits for a call, and then for what `next` makes of its output.
pub(crate) fn then<'b, F, N>(call: F, next: N) -> BoxFuture<'b, ()>
where
    F: Future + Send + 'b,
    N: FnOnce(F::Output) -> BoxFuture<'b, ()> + Send + 'b,
{
    Box::pin(Then {
        call,
        next: Some(next),
        below: None,
    })
}

pin_project! {
    struct Then<'b, F, N> {
        #[pin]
        call: F,
        next: Option<N>,
        below: Option<BoxFuture<'b, ()>>,
    }
}

impl<'b, F, N> Future for Then<'b, F, N>
where
    F: Future,
    N: FnOnce(F::Output) -> BoxFuture<'b, ()>,
{
    type Output = ();

    fn poll(self: Pin<&mut Self>, task: &mut Task<'_>) -> Poll<()> {
        let this = self.project();
        if let Some(below) = this.below {
            return below.as_mut().poll(task);
        }
        let output = ready!(this.call.poll(task));
        match this.next.take() {
            Some(next) => this.below.insert(next(output)).as_mut().poll(task),
            None => Poll::Ready(()),
        }
    }
}
