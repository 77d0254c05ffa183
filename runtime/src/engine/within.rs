//! A future within its time, its panics caught.
//!
//! In: a future, a time. Out: its output, or how it ended otherwise. Must not know: what it does.

use std::any::Any;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::{Context as Task, Poll};
use std::time::Duration;

use tokio::task::unconstrained;

/// How a future ended.
pub(crate) enum Ended<T> {
    /// With its output.
    Well(T),
    /// With a panic.
    Panicked(Box<dyn Any + Send>),
    /// Not within its time.
    TimedOut,
}

/// Runs a future for so long at most, counted from when it waits for the first time: most operations never do, and
/// cost no timer.
pub(crate) async fn within<F: Future>(limit: Duration, future: F) -> Ended<F::Output> {
    let (mut future, mut timer) = (pin!(future), pin!(None));
    poll_fn(|task| {
        if let Poll::Ready(ended) = polled(future.as_mut(), task) {
            return Poll::Ready(ended);
        }
        if timer.is_none() {
            // A future that uses up its share of the worker at every poll must not keep the timer from being asked.
            timer.set(Some(unconstrained(tokio::time::sleep(limit))));
        }
        match timer.as_mut().as_pin_mut() {
            Some(timer) => timer.poll(task).map(|()| Ended::TimedOut),
            None => Poll::Pending,
        }
    })
    .await
}

fn polled<F: Future>(future: Pin<&mut F>, task: &mut Task<'_>) -> Poll<Ended<F::Output>> {
    match catch_unwind(AssertUnwindSafe(|| future.poll(task))) {
        Ok(poll) => poll.map(Ended::Well),
        Err(panic) => Poll::Ready(Ended::Panicked(panic)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run<F: Future>(limit: Duration, future: F) -> Ended<F::Output> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        runtime.block_on(within(limit, future))
    }

    const SHORT: Duration = Duration::from_millis(5);
    const LONG: Duration = Duration::from_secs(600);

    #[test]
    fn the_three_ends() {
        assert!(matches!(run(SHORT, async { 7 }), Ended::Well(7)));
        let paused = async {
            tokio::task::yield_now().await;
            8
        };
        assert!(matches!(run(LONG, paused), Ended::Well(8)));
        let never = std::future::pending::<()>();
        assert!(matches!(run(SHORT, never), Ended::TimedOut));
        let panic = async { panic!("no") };
        assert!(matches!(run::<_>(LONG, panic), Ended::Panicked(_)));
    }

    #[test]
    fn a_future_that_wakes_itself_for_ever_is_ended() {
        let busy = async {
            loop {
                tokio::task::consume_budget().await;
                tokio::task::yield_now().await;
            }
        };
        let ended: Ended<()> = run(SHORT, busy);
        assert!(matches!(ended, Ended::TimedOut));
    }
}
