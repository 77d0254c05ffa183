//! Serving a router until told to stop.
//!
//! In: a listener, a router, a future that ends when the program should. Out: when the last request is answered.
//! Must not know: what asks for the end, what the router does.

use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::{Request, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};

/// How long a client may take for the head of a request, and for its next request.
const HEAD: Duration = Duration::from_secs(30);

/// How many connections are open at once; others wait to be taken.
const CONNECTIONS: usize = 10_000;

/// Serves HTTP/1.1 until `stop` ends, then takes no new connection and waits for requests under way, `grace` at the
/// longest; streams and WebSockets are told at once. A client has 30 seconds to send a head; at most 10,000 connections
/// are open.
///
/// # Errors
/// None at present: a connection that cannot be taken is told in the log.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send + 'static,
    grace: Duration,
) -> io::Result<()> {
    serve_so_many(CONNECTIONS, listener, router, stop, grace).await
}

async fn serve_so_many(
    connections: usize,
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send + 'static,
    grace: Duration,
) -> io::Result<()> {
    let (stopping, told) = watch::channel(());
    let room = Arc::new(Semaphore::new(connections));
    let mut stop = pin!(stop);
    loop {
        let next = async {
            let permit = Arc::clone(&room).acquire_owned().await;
            (accept(&listener).await, permit)
        };
        let (stream, permit) = tokio::select! {
            next = next => next,
            () = &mut stop => break,
        };
        let connection = connection(stream, router.clone(), Stopping(told.clone()));
        tokio::spawn(async move {
            connection.await;
            drop(permit);
        });
    }
    drop(listener);
    drop(told);
    let ended = async {
        let _ = stopping.send(());
        stopping.closed().await;
    };
    if tokio::time::timeout(grace, ended).await.is_err() {
        tracing::warn!(
            ?grace,
            "requests were still under way when the time to end them was over"
        );
    }
    Ok(())
}

/// The next connection; waits a moment where there are no more file descriptors.
async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // Responses are written whole; waiting for more would only delay them.
                let _ = stream.set_nodelay(true);
                return stream;
            }
            Err(error) if is_the_peers(&error) => {}
            Err(error) => {
                tracing::error!(%error, "a connection could not be taken");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

fn is_the_peers(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
    )
}

/// Answers the requests of a connection, until the client or the server ends it.
async fn connection(stream: TcpStream, router: Router, stopping: Stopping) {
    let router = TowerToHyperService::new(router);
    let told = stopping.clone();
    let service = service_fn(move |mut request: Request<Incoming>| {
        if may_last(&request) {
            request.extensions_mut().insert(told.clone());
        }
        router.call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    let mut stopping = Some(stopping);
    // What ends a connection early is the client's affair.
    tokio::select! {
        _ = &mut connection => return,
        () = Stopping::wait(&mut stopping) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

/// Whether the answer may be one without an end.
fn may_last(request: &Request<Incoming>) -> bool {
    let headers = request.headers();
    let streams = |value: &header::HeaderValue| {
        let value = value.to_str().unwrap_or_default();
        value.contains("event-stream") || value.contains("multipart")
    };
    headers.contains_key(header::UPGRADE) || headers.get_all(header::ACCEPT).iter().any(streams)
}

/// Tells streams and sockets that the server stops; the server waits until all of these are gone.
#[derive(Debug, Clone)]
pub(super) struct Stopping(watch::Receiver<()>);

impl Stopping {
    /// Ends when the server stops; never for a request that came another way than through [`serve`].
    pub(super) async fn wait(this: &mut Option<Stopping>) {
        match this {
            Some(Stopping(told)) => {
                // The server that is gone stops too.
                let _ = told.changed().await;
            }
            None => std::future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    async fn ask(client: &mut TcpStream) {
        let request = b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";
        client.write_all(request).await.unwrap();
    }

    async fn answer(client: &mut TcpStream) -> u8 {
        let minute = Duration::from_secs(60);
        let read = tokio::time::timeout(minute, client.read_u8());
        read.await.expect("an answer in time").unwrap()
    }

    #[tokio::test]
    async fn one_connection_too_many_waits_until_another_ends() {
        let router = Router::new().route("/", axum::routing::get(async || "ok"));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let never = std::future::pending();
        tokio::spawn(serve_so_many(2, listener, router, never, Duration::ZERO));
        let mut clients = Vec::new();
        for _ in 0..3 {
            clients.push(TcpStream::connect(address).await.unwrap());
        }
        for client in &mut clients {
            ask(client).await;
        }
        let mut third = clients.pop().unwrap();
        for client in &mut clients {
            assert_eq!(answer(client).await, b'H');
        }
        // However long that is, nothing comes; where the limit fails, the answer comes at once.
        let moment = Duration::from_millis(300);
        let early = tokio::time::timeout(moment, third.read_u8()).await;
        assert!(early.is_err(), "{early:?}");
        drop(clients.pop());
        assert_eq!(answer(&mut third).await, b'H');
    }
}
