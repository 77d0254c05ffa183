//! The server's loop: its end, and clients that dawdle.

use std::future::Future;

use graphwright::http::serve;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::*;

struct Served {
    stop: oneshot::Sender<()>,
    server: JoinHandle<std::io::Result<()>>,
    address: std::net::SocketAddr,
}

async fn start(router: Router, grace: Duration) -> Served {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, told) = oneshot::channel();
    let told = async {
        let _ = told.await;
    };
    let server = tokio::spawn(serve(listener, router, told, grace));
    Served {
        stop,
        server,
        address,
    }
}

async fn soon<T>(future: impl Future<Output = T>) -> T {
    let done = tokio::time::timeout(Duration::from_secs(20), future);
    done.await.expect("not so slow")
}

const LONG: Duration = Duration::from_secs(3600);

async fn request(address: std::net::SocketAddr, query: &str, accept: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let body = json!({ "query": query }).to_string();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\naccept: {accept}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all((head + &body).as_bytes()).await.unwrap();
    stream
}

async fn read_until(stream: &mut TcpStream, end: &str) -> String {
    let mut text = String::new();
    while !text.contains(end) {
        let mut bytes = [0; 1024];
        let n = soon(stream.read(&mut bytes)).await.unwrap();
        assert!(n > 0, "ended after {text}");
        text.push_str(std::str::from_utf8(&bytes[..n]).unwrap());
    }
    text
}

#[test]
fn a_server_that_stops_answers_what_is_under_way_and_nothing_new() {
    runtime().block_on(async {
        let served = start(with(|_| {}), LONG).await;
        let mut idle = request(served.address, "{ hello }", "*/*").await;
        read_until(&mut idle, HELLO).await;
        let mut events = request(
            served.address,
            "subscription { ticks(count: -4) }",
            "text/event-stream",
        )
        .await;
        read_until(&mut events, ":\n\n").await;
        served.stop.send(()).unwrap();
        // A stream would never end by itself: it is told, and ends as it should.
        read_until(&mut events, "event: complete\ndata: \n\n\r\n0\r\n\r\n").await;
        let mut rest = Vec::new();
        soon(idle.read_to_end(&mut rest)).await.unwrap();
        assert!(rest.is_empty());
        drop(events);
        soon(served.server).await.unwrap().unwrap();
        assert!(TcpStream::connect(served.address).await.is_err());
    });
}

#[test]
fn grace_is_not_without_an_end() {
    runtime().block_on(async {
        let limits = Limits {
            timeout: LONG,
            ..Limits::default()
        };
        let server = Server::with_limits(App::default(), Services::new(), limits).unwrap();
        let served = start(
            router(server, Options::default()),
            Duration::from_millis(20),
        )
        .await;
        let _stuck = request(served.address, "{ hello(name: \"forever\") }", "*/*").await;
        let mut answered = request(served.address, "{ hello }", "*/*").await;
        read_until(&mut answered, HELLO).await;
        served.stop.send(()).unwrap();
        soon(served.server).await.unwrap().unwrap();
    });
}

#[test]
fn sockets_are_told_that_the_server_stops() {
    use futures_util::{SinkExt, StreamExt};
    use tokio_tungstenite::tungstenite::Message;
    use tokio_tungstenite::tungstenite::client::IntoClientRequest;
    runtime().block_on(async {
        let served = start(with(|_| {}), LONG).await;
        let stream = TcpStream::connect(served.address).await.unwrap();
        let mut request = "ws://localhost/graphql".into_client_request().unwrap();
        let protocol = "graphql-transport-ws".parse().unwrap();
        request
            .headers_mut()
            .insert("sec-websocket-protocol", protocol);
        let (mut socket, _) = tokio_tungstenite::client_async(request, stream)
            .await
            .unwrap();
        let init = Message::text(r#"{"type":"connection_init"}"#);
        socket.send(init).await.unwrap();
        assert!(matches!(
            soon(socket.next()).await,
            Some(Ok(Message::Text(_)))
        ));
        served.stop.send(()).unwrap();
        let end = loop {
            match soon(socket.next()).await.unwrap().unwrap() {
                Message::Close(Some(frame)) => break frame,
                Message::Ping(_) => {}
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(u16::from(end.code), 1001);
        drop(socket);
        soon(served.server).await.unwrap().unwrap();
    });
}

/// The clock stands still but for those who wait: half a minute passes in no time.
#[test]
fn a_head_must_come_in_time() {
    patient().block_on(async {
        let served = start(with(|_| {}), Duration::ZERO).await;
        let mut slow = TcpStream::connect(served.address).await.unwrap();
        slow.write_all(b"POST /graphql HTTP/1.1\r\nhost:")
            .await
            .unwrap();
        let began = tokio::time::Instant::now();
        let mut rest = Vec::new();
        let _ = slow.read_to_end(&mut rest).await;
        let waited = began.elapsed();
        assert!((25..60).contains(&waited.as_secs()), "{waited:?}");
    });
}
