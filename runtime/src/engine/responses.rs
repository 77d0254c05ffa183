//! Operations with more than one response: how an ordinary future sends them, one when the client asks for one.
//!
//! In: a future that sends. Out: a stream. Must not know: what the responses are made of.

use std::fmt;
use std::future::{Future, poll_fn, ready};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt};

use crate::engine::object::BoxFuture;
use crate::engine::response::Response;

/// What a request is answered with.
pub enum Responses {
    /// One response: a query, a mutation, or a request that was refused before it was executed.
    One(Response),
    /// A response for each event of a subscription, or the parts of an incremental delivery: the first one, then what
    /// follows it. The end of the stream is the end of the operation; dropping the stream cancels it. Nothing is
    /// executed, and no event is taken from the source, until the next response is asked for.
    Many(BoxStream<'static, Response>),
}

impl fmt::Debug for Responses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Responses::One(response) => f.debug_tuple("One").field(response).finish(),
            Responses::Many(_) => f.write_str("Many"),
        }
    }
}

/// Where the future of an operation leaves its responses.
pub(crate) struct Sender {
    next: Arc<Mutex<Option<Response>>>,
    ended: Arc<AtomicBool>,
}

impl Sender {
    /// Hands over the only response.
    pub(crate) async fn last(&self, response: Response) {
        self.ended.store(true, Ordering::Relaxed);
        self.send(response).await;
    }

    /// Hands a response to the stream; goes on when the stream is asked for one more. To be awaited by the future of
    /// the operation itself, not by one of several that it joins.
    pub(crate) async fn send(&self, response: Response) {
        *self.next.lock().unwrap_or_else(PoisonError::into_inner) = Some(response);
        let mut handed_over = false;
        // Nobody is to be woken: the stream is polled when its consumer wants more.
        poll_fn(move |_| match std::mem::replace(&mut handed_over, true) {
            false => Poll::Pending,
            true => Poll::Ready(()),
        })
        .await;
    }
}

/// The stream of what a future sends.
pub(crate) fn stream<F>(run: impl FnOnce(Sender) -> F) -> BoxStream<'static, Response>
where
    F: Future<Output = ()> + Send + 'static,
{
    started(run).0
}

/// The same, as one response if the future has no more to send than that.
pub(crate) async fn one_or_many<F>(run: impl FnOnce(Sender) -> F) -> Option<Responses>
where
    F: Future<Output = ()> + Send + 'static,
{
    let (mut stream, ended) = started(run);
    let first = stream.next().await?;
    Some(match ended.load(Ordering::Relaxed) {
        true => Responses::One(first),
        false => Responses::Many(Box::pin(stream::once(ready(first)).chain(stream))),
    })
}

fn started<F>(run: impl FnOnce(Sender) -> F) -> (BoxStream<'static, Response>, Arc<AtomicBool>)
where
    F: Future<Output = ()> + Send + 'static,
{
    let (next, ended) = (Arc::new(Mutex::new(None)), Arc::new(AtomicBool::new(false)));
    let sender = Sender {
        next: Arc::clone(&next),
        ended: Arc::clone(&ended),
    };
    let sent = Sent {
        run: Some(Box::pin(run(sender))),
        next,
    };
    (Box::pin(sent), ended)
}

struct Sent {
    run: Option<BoxFuture<'static, ()>>,
    next: Arc<Mutex<Option<Response>>>,
}

impl Stream for Sent {
    type Item = Response;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Response>> {
        let Some(run) = &mut self.run else {
            return Poll::Ready(None);
        };
        let ended = run.as_mut().poll(task).is_ready();
        if ended {
            self.run = None;
        }
        let sent = self
            .next
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        match sent {
            None if !ended => Poll::Pending,
            sent => Poll::Ready(sent),
        }
    }
}
