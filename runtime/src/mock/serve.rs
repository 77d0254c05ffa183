//! A mock as a server of its own.
//!
//! In: a mock, a port. Out: responses over HTTP until the process is told to stop. Must not know: files.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

#[cfg(unix)]
use tokio::signal::unix::{SignalKind, signal};

use super::{Mock, limits};
use crate::{Server, Services, http};

/// Serves on that port of this machine alone (0 takes a free one) until SIGINT or SIGTERM; `ready` learns the address.
///
/// # Errors
/// The port is taken, or the engine cannot work with the schema.
pub fn serve(mock: Mock, port: u16, ready: impl FnOnce(SocketAddr)) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let server = Server::with_limits(mock, Services::new(), limits())
            .map_err(|error| io::Error::other(error.to_string()))?;
        let address = listener.local_addr()?;
        ready(address);
        let mut options = http::Options {
            // A front end under development is served from another port, and nothing here is secret.
            cors: Some(http::Cors::any()),
            ..http::Options::default()
        };
        if let Some(sockets) = &mut options.websocket {
            sockets.origins.push("*".to_owned());
        }
        let router = http::router(server, options);
        http::serve(listener, router, stop(), GRACE).await
    })
}

/// How long requests under way may take when the process is told to stop.
const GRACE: Duration = Duration::from_secs(1);

/// Ends when the process is told to stop.
async fn stop() {
    #[cfg(unix)]
    if let Ok(mut terminated) = signal(SignalKind::terminate()) {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminated.recv() => {}
        }
        return;
    }
    let _ = tokio::signal::ctrl_c().await;
}
