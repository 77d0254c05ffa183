//! Serving a router until told to stop.
//!
//! In: a listener, a router, a future that ends when the program should. Out: when the last request is answered.
//! Must not know: what asks for the end.

use std::future::{Future, IntoFuture};
use std::io;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// Serves until `stop` ends, then takes no new connection and waits for requests under way, `grace` at the longest.
///
/// # Errors
/// The listener failed.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send + 'static,
    grace: Duration,
) -> io::Result<()> {
    let (stopping, stopped) = oneshot::channel();
    let signal = async move {
        stop.await;
        let _ = stopping.send(());
    };
    let served = axum::serve(listener, router)
        .with_graceful_shutdown(signal)
        .into_future();
    let deadline = async move {
        // An error means that the server ended by itself; then there is nothing to wait for.
        if stopped.await.is_ok() {
            tokio::time::sleep(grace).await;
        } else {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        result = served => result,
        () = deadline => {
            tracing::warn!(?grace, "requests were still under way when the time to end them was over");
            Ok(())
        }
    }
}
