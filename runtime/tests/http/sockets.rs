//! Operations over a WebSocket: the protocol `graphql-transport-ws`, message by message.

use std::sync::Arc;

use futures_util::{SinkExt, StreamExt};
use graphwright::http::WebSockets;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::io::DuplexStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Response as HandshakeResponse;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::*;

/// A client's end of a socket.
struct Client(WebSocketStream<DuplexStream>);

/// A socket over a pipe that holds a kilobyte; the headers go with the handshake.
async fn connect(router: Router, headers: &[(&'static str, &str)]) -> Result<Client, Error> {
    let (socket, response) = handshake(router, headers).await?;
    assert_eq!(response.headers()["sec-websocket-protocol"], PROTOCOL);
    assert_eq!(response.headers()["x-request-id"].len(), 32);
    Ok(Client(socket))
}

async fn handshake(
    router: Router,
    headers: &[(&'static str, &str)],
) -> Result<(WebSocketStream<DuplexStream>, HandshakeResponse), Error> {
    let (ours, theirs) = tokio::io::duplex(1 << 10);
    let service = TowerToHyperService::new(router);
    let connection = http1::Builder::new().serve_connection(TokioIo::new(theirs), service);
    tokio::spawn(connection.with_upgrades());
    let mut request = "ws://api.example.com/graphql".into_client_request()?;
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    tokio_tungstenite::client_async(request, ours).await
}

const PROTOCOL: &str = "graphql-transport-ws";

async fn open(router: Router) -> Client {
    let protocol = ("sec-websocket-protocol", PROTOCOL);
    connect(router, &[protocol]).await.unwrap()
}

/// A socket whose `connection_init` was acknowledged.
async fn ready(router: Router) -> Client {
    let mut client = open(router).await;
    client.send(json!({ "type": "connection_init" })).await;
    assert_eq!(client.next().await, json!({ "type": "connection_ack" }));
    client
}

fn subscribe(id: &str, query: &str) -> Value {
    json!({ "type": "subscribe", "id": id, "payload": { "query": query } })
}

impl Client {
    async fn send(&mut self, message: Value) {
        self.0
            .send(Message::text(message.to_string()))
            .await
            .unwrap();
    }

    /// The next message of the protocol.
    async fn next(&mut self) -> Value {
        loop {
            match self.message().await {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Ping(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    async fn message(&mut self) -> Message {
        let next = tokio::time::timeout(Duration::from_secs(20), self.0.next());
        next.await
            .expect("a message")
            .expect("an open socket")
            .unwrap()
    }

    /// The code and the reason of the end.
    async fn close(&mut self) -> (u16, String) {
        loop {
            match self.message().await {
                Message::Close(Some(CloseFrame { code, reason })) => {
                    return (code.into(), reason.to_string());
                }
                Message::Close(None) => panic!("no code"),
                _ => {}
            }
        }
    }
}

fn sockets(change: impl FnOnce(&mut WebSockets)) -> Router {
    with(|options| {
        let mut sockets = WebSockets::default();
        change(&mut sockets);
        options.websocket = Some(sockets);
    })
}

fn next(id: &str, data: Value) -> Value {
    json!({ "id": id, "type": "next", "payload": { "data": data } })
}

fn complete(id: &str) -> Value {
    json!({ "id": id, "type": "complete" })
}

#[test]
fn queries_mutations_and_subscriptions() {
    runtime().block_on(async {
        let mut client = ready(with(|_| {})).await;
        for (query, data) in [
            ("{ hello }", json!({ "hello": "Hello, world!" })),
            ("mutation { count }", json!({ "count": 1 })),
            (
                "query A { hello } query B { b: hello }",
                json!({ "b": "Hello, world!" }),
            ),
        ] {
            let mut message = subscribe("a \"quoted\" id", query);
            if query.contains("query B") {
                message["payload"]["operationName"] = json!("B");
            }
            client.send(message).await;
            assert_eq!(client.next().await, next("a \"quoted\" id", data));
            assert_eq!(client.next().await, complete("a \"quoted\" id"));
        }
        let mut message = subscribe("1", "subscription ($n: Int!) { ticks(count: $n) }");
        message["payload"]["variables"] = json!({ "n": 3 });
        client.send(message).await;
        for n in 0..3 {
            assert_eq!(client.next().await, next("1", json!({ "ticks": n })));
        }
        assert_eq!(client.next().await, complete("1"));
    });
}

#[test]
fn resolvers_read_what_a_layer_knows_of_the_request_that_opened_the_socket() {
    runtime().block_on(async {
        let known = with(|_| {}).layer(axum::Extension(Guest("Ada")));
        for (router, data) in [
            (known, json!({ "data": { "hello": "Welcome, Ada!" } })),
            (with(|_| {}), json!(null)),
        ] {
            let mut client = ready(router).await;
            client
                .send(subscribe("1", "{ hello(name: \"guest\") }"))
                .await;
            let reply = client.next().await;
            let told = &reply["payload"];
            assert_eq!(told["errors"].is_array(), data.is_null(), "{reply}");
            assert!(data.is_null() || *told == data, "{reply}");
        }
    });
}

#[test]
fn errors_before_execution_are_a_message_and_end_the_operation() {
    runtime().block_on(async {
        let mut client = ready(with(|_| {})).await;
        for (query, code) in [
            ("{ nope }", "GRAPHQL_VALIDATION_FAILED"),
            ("{", "GRAPHQL_PARSE_FAILED"),
            ("subscription { ticks(count: -1) }", "NO_CLOCK"),
        ] {
            client.send(subscribe("1", query)).await;
            let message = client.next().await;
            assert_eq!(
                (&message["type"], &message["id"]),
                (&json!("error"), &json!("1"))
            );
            let error = &message["payload"][0];
            assert_eq!(error["extensions"]["code"], code, "{message}");
            assert!(error["message"].is_string());
        }
        // Errors of fields are in the response.
        client.send(subscribe("1", "{ secret }")).await;
        let message = client.next().await;
        assert_eq!(message["type"], "next");
        assert_eq!(message["payload"]["data"], json!({ "secret": null }));
        assert_eq!(client.next().await, complete("1"));
    });
}

#[test]
fn many_operations_run_on_one_socket_up_to_the_limit() {
    runtime().block_on(async {
        let mut client = ready(sockets(|limits| limits.operations = 2)).await;
        // As many as may run do.
        for id in ["a", "b"] {
            client
                .send(subscribe(id, "subscription { ticks(count: -3) }"))
                .await;
        }
        client.send(json!({ "type": "ping" })).await;
        assert_eq!(client.next().await, json!({ "type": "pong" }));
        for id in ["c"] {
            client
                .send(subscribe(id, "subscription { ticks(count: -3) }"))
                .await;
        }
        let refused = client.next().await;
        assert_eq!(
            (&refused["type"], &refused["id"]),
            (&json!("error"), &json!("c"))
        );
        assert_eq!(
            refused["payload"][0]["extensions"]["code"],
            "LIMIT_EXCEEDED"
        );
        client.send(complete("a")).await;
        client.send(subscribe("c", "{ hello }")).await;
        let answer = client.next().await;
        assert_eq!(answer, next("c", json!({ "hello": "Hello, world!" })));
    });
}

#[test]
fn a_completed_operation_is_cancelled_and_its_id_is_free() {
    let app = Arc::new(App::default());
    let server = Server::<App>::new(Arc::clone(&app), Services::new()).unwrap();
    let router = router(server, Options::default());
    runtime().block_on(async {
        let mut client = ready(router).await;
        client
            .send(subscribe("1", "subscription { ticks(count: 90) }"))
            .await;
        assert_eq!(client.next().await, next("1", json!({ "ticks": 0 })));
        client.send(complete("1")).await;
        client.send(subscribe("1", "{ hello }")).await;
        // What was on its way before may still come, but never behind the answer of the new operation.
        loop {
            let message = client.next().await;
            if message == next("1", json!({ "hello": "Hello, world!" })) {
                break;
            }
            assert!(message["payload"]["data"]["ticks"].is_number(), "{message}");
        }
        assert_eq!(client.next().await, complete("1"));
        assert!(
            app.calls
                .lock()
                .unwrap()
                .contains(&"ticks dropped".to_owned())
        );
        // One that is not known is let be: its end may have crossed the message.
        client.send(complete("nothing")).await;
        client.send(json!({ "type": "ping" })).await;
        assert_eq!(client.next().await, json!({ "type": "pong" }));
    });
}

#[test]
fn a_client_that_goes_away_ends_its_operations() {
    let app = Arc::new(App::default());
    let server = Server::<App>::new(Arc::clone(&app), Services::new()).unwrap();
    let router = router(server, Options::default());
    runtime().block_on(async {
        let mut client = ready(router).await;
        client
            .send(subscribe("1", "subscription { ticks(count: 1000000) }"))
            .await;
        client.next().await;
        drop(client);
        let ended = || {
            app.calls
                .lock()
                .unwrap()
                .contains(&"ticks dropped".to_owned())
        };
        let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
        while !ended() {
            assert!(tokio::time::Instant::now() < deadline);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
}

#[test]
fn a_client_that_says_goodbye_is_answered() {
    runtime().block_on(async {
        let mut client = ready(with(|_| {})).await;
        client.0.close(None).await.unwrap();
        assert!(matches!(client.message().await, Message::Close(None)));
        assert!(client.0.next().await.is_none(), "a clean end");
    });
}

/// What a client sends before it is told to go.
#[track_caller]
fn closed(router: Router, messages: Vec<Message>, code: u16, has: &str) {
    let (found, reason) = patient().block_on(async {
        let mut client = open(router).await;
        for message in messages {
            client.0.send(message).await.unwrap();
        }
        client.close().await
    });
    assert_eq!(found, code, "{reason}");
    assert!(reason.contains(has), "{reason}");
}

fn text(json: Value) -> Message {
    Message::text(json.to_string())
}

#[test]
fn close_codes() {
    let init = || text(json!({ "type": "connection_init" }));
    let hello = || text(subscribe("1", "{ hello }"));
    let forever = || text(subscribe("1", "subscription { ticks(count: -3) }"));
    closed(
        with(|_| {}),
        vec![],
        4408,
        "Connection initialisation timeout",
    );
    closed(
        with(|_| {}),
        vec![text(json!({ "type": "ping" }))],
        4408,
        "timeout",
    );
    closed(with(|_| {}), vec![hello()], 4401, "Unauthorized");
    closed(
        with(|_| {}),
        vec![init(), init()],
        4429,
        "Too many initialisation requests",
    );
    let twice = vec![init(), forever(), forever()];
    closed(with(|_| {}), twice, 4409, "Subscriber for 1 already exists");
    for odd in [
        json!({}),
        json!({ "type": "start" }),
        json!({ "type": 1 }),
        json!([]),
        json!({ "type": "connection_init", "payload": "token" }),
        json!({ "type": "connection_init", "payload": [] }),
    ] {
        closed(with(|_| {}), vec![text(odd)], 4400, "Invalid message");
    }
    for odd in [
        json!({ "type": "subscribe", "payload": { "query": "{ hello }" } }),
        json!({ "type": "subscribe", "id": "", "payload": { "query": "{ hello }" } }),
        json!({ "type": "subscribe", "id": 1, "payload": { "query": "{ hello }" } }),
        json!({ "type": "subscribe", "id": "1" }),
        json!({ "type": "subscribe", "id": "1", "payload": "{ hello }" }),
        json!({ "type": "subscribe", "id": "1", "payload": {} }),
        json!({ "type": "subscribe", "id": "1", "payload": { "query": 1 } }),
        json!({ "type": "subscribe", "id": "1", "payload": { "query": "{ hello }", "variables": [] } }),
        json!({ "type": "complete" }),
        json!({ "type": "connection_ack" }),
        json!({ "type": "next", "id": "1", "payload": {} }),
    ] {
        closed(
            with(|_| {}),
            vec![init(), text(odd)],
            4400,
            "Invalid message",
        );
    }
    closed(
        with(|_| {}),
        vec![Message::text("{")],
        4400,
        "Invalid message",
    );
    closed(
        with(|_| {}),
        vec![Message::binary(vec![1])],
        4400,
        "messages are text",
    );
    // A message as long as may be is read.
    let small = || sockets(|limits| limits.message_size = 100);
    for (length, code, has) in [(100, 4400, "Invalid message"), (101, 1009, "too large")] {
        let message = Message::text("x".repeat(length));
        closed(small(), vec![message], code, has);
    }
}

#[tokio::test(start_paused = true)]
async fn who_said_hello_in_time_may_be_silent() {
    let in_time = Duration::from_millis(2990);
    for (wait, told) in [(in_time, true), (Duration::from_millis(3010), false)] {
        let mut client = open(with(|_| {})).await;
        tokio::time::sleep(wait).await;
        if !told {
            assert_eq!(client.close().await.0, 4408);
            continue;
        }
        client.send(json!({ "type": "connection_init" })).await;
        assert_eq!(client.next().await, json!({ "type": "connection_ack" }));
        tokio::time::sleep(Duration::from_secs(10)).await;
        client.send(subscribe("1", "{ hello }")).await;
        let answer = client.next().await;
        assert_eq!(answer, next("1", json!({ "hello": "Hello, world!" })));
    }
}

#[test]
fn who_connects_is_asked_of_the_head_and_of_the_first_message() {
    runtime().block_on(async {
        for (header, payload, refused) in [
            ("Bearer good", json!(null), false),
            ("Bearer forged", json!(null), true),
            (
                "Bearer good",
                json!({ "authorization": "Bearer forged" }),
                true,
            ),
            (
                "Bearer good",
                json!({ "authorization": "Bearer good" }),
                false,
            ),
            ("Bearer panic", json!({}), true),
        ] {
            let headers = [
                ("sec-websocket-protocol", PROTOCOL),
                ("authorization", header),
            ];
            let mut client = connect(with(|_| {}), &headers).await.unwrap();
            client
                .send(json!({ "type": "connection_init", "payload": payload }))
                .await;
            if refused {
                assert_eq!(client.close().await, (4403, "Forbidden".to_owned()));
            } else {
                assert_eq!(client.next().await, json!({ "type": "connection_ack" }));
            }
        }
    });
}

#[test]
fn pages_of_foreign_origins_open_no_socket() {
    let allowed = || {
        with(|options| {
            options.cors = Some(graphwright::http::Cors::allow(["https://app.example.com"]));
            let mut sockets = WebSockets::default();
            sockets.origins.push("https://old.example.com".to_owned());
            options.websocket = Some(sockets);
        })
    };
    let open_to_all = || with(|options| options.cors = Some(graphwright::http::Cors::any()));
    let sockets_for_all = || sockets(|limits| limits.origins.push("*".to_owned()));
    let protocol = ("sec-websocket-protocol", PROTOCOL);
    runtime().block_on(async {
        for (router, origin, status) in [
            (with(|_| {}), "https://api.example.com", 101),
            (with(|_| {}), "https://evil.example.com", 403),
            (with(|_| {}), "null", 403),
            (allowed(), "https://app.example.com", 101),
            (allowed(), "https://old.example.com", 101),
            (allowed(), "https://evil.example.com", 403),
            (open_to_all(), "https://evil.example.com", 403),
            (sockets_for_all(), "http://localhost:3000", 101),
        ] {
            let found = match connect(router, &[protocol, ("origin", origin)]).await {
                Ok(_) => 101,
                Err(Error::Http(response)) => response.status().as_u16(),
                Err(error) => panic!("{error}"),
            };
            assert_eq!(found, status, "{origin}");
        }
        let off = with(|options| options.websocket = None);
        let headers = [("sec-websocket-protocol", PROTOCOL)];
        match connect(off, &headers).await {
            Err(Error::Http(response)) => assert_eq!(response.status(), 501),
            _ => panic!("a socket where there are none"),
        }
    });
}

#[test]
fn a_client_of_another_protocol_is_told_by_the_code_that_clients_know() {
    runtime().block_on(async {
        let (socket, response) = handshake(with(|_| {}), &[]).await.unwrap();
        assert!(!response.headers().contains_key("sec-websocket-protocol"));
        let mut client = Client(socket);
        let told = client.close().await;
        assert_eq!(told, (4406, "Subprotocol not acceptable".to_owned()));
        // A client that asked for another one finds out by the handshake, and then gets the same.
        let headers = [("sec-websocket-protocol", "graphql-ws")];
        let refused = handshake(with(|_| {}), &headers).await;
        assert!(matches!(refused, Err(Error::Protocol(_))), "{refused:?}");
        // Among several the one that we speak is taken.
        let headers = [("sec-websocket-protocol", "graphql-ws, graphql-transport-ws")];
        connect(with(|_| {}), &headers).await.unwrap();
    });
}

#[test]
fn pings_are_answered_and_sent() {
    patient().block_on(async {
        let mut client = open(sockets(|limits| limits.ping = Duration::from_millis(10))).await;
        client
            .send(json!({ "type": "ping", "payload": { "any": 1 } }))
            .await;
        client.send(json!({ "type": "pong" })).await;
        let mut seen = (false, false);
        while seen != (true, true) {
            match client.message().await {
                Message::Ping(_) => seen.0 = true,
                Message::Text(text) => {
                    assert_eq!(text.as_str(), r#"{"type":"pong"}"#);
                    seen.1 = true;
                }
                other => panic!("{other:?}"),
            }
        }
    });
}

#[test]
fn a_client_that_says_nothing_is_given_up() {
    let app = Arc::new(App::default());
    let server = Server::<App>::new(Arc::clone(&app), Services::new()).unwrap();
    let mut options = Options::default();
    let mut sockets = WebSockets::default();
    sockets.ping = Duration::from_millis(10);
    options.websocket = Some(sockets);
    let router = router(server, options);
    runtime().block_on(async {
        let mut client = ready(router).await;
        client
            .send(subscribe("1", "subscription { ticks(count: 1000000) }"))
            .await;
        client.next().await;
        // The client lives, but reads and answers no more.
        let ended = || {
            app.calls
                .lock()
                .unwrap()
                .contains(&"ticks dropped".to_owned())
        };
        let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
        while !ended() {
            assert!(tokio::time::Instant::now() < deadline);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        drop(client);
    });
}

#[test]
fn a_slow_client_never_grows_memory() {
    let app = Arc::new(App::default());
    let server = Server::<App>::new(Arc::clone(&app), Services::new()).unwrap();
    let router = router(server, Options::default());
    let taken = || {
        let calls = app.calls.lock().unwrap();
        calls
            .iter()
            .filter(|call| call.starts_with("tick "))
            .count()
    };
    runtime().block_on(async {
        let mut client = ready(router).await;
        client
            .send(subscribe("1", "subscription { ticks(count: 1000000) }"))
            .await;
        // One thread runs both sides: this gives the server all the time it could use.
        let mut most = 0;
        for _ in 0..20_000 {
            tokio::task::yield_now().await;
            most = most.max(taken());
        }
        assert!(
            (20..150).contains(&most),
            "{most} events taken, nobody reads"
        );
        // Nothing was lost meanwhile, and it goes on.
        for n in 0..100 {
            assert_eq!(client.next().await, next("1", json!({ "ticks": n })));
        }
        assert!(taken() > 100);
    });
}

#[test]
fn a_client_that_floods_and_does_not_read_is_not_read() {
    patient().block_on(async {
        let mut client = ready(with(|_| {})).await;
        let ping = Message::text(r#"{"type":"ping"}"#);
        let mut sent = 0;
        let flood = async {
            loop {
                client.0.send(ping.clone()).await.unwrap();
                sent += 1;
            }
        };
        // The pipes hold a kilobyte each way; what the server holds is bounded, so at last nothing more goes in.
        let stuck = tokio::time::timeout(Duration::from_millis(500), flood).await;
        assert!(stuck.is_err());
        assert!(sent < 1000, "{sent} pings taken whose answers nobody reads");
    });
}
