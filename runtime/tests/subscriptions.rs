//! Subscriptions of the sketch: the source, its events, what goes wrong, and who waits for whom.
//!
//! <https://spec.graphql.org/September2025/#sec-Subscription>

#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "sketch/app.rs"]
#[allow(missing_docs, unreachable_pub, dead_code)]
mod app;
#[path = "sketch/generated.rs"]
#[allow(missing_docs, unreachable_pub, dead_code)]
mod generated;

use std::time::Duration;

use app::App;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use graphwright::engine::response::{Outcome, Request, Response};
use graphwright::{Limits, Responses, Server, Services};
use serde_json::{Value, json};

fn server(timeout: Duration) -> Server<App> {
    let limits = Limits {
        timeout,
        ..Limits::default()
    };
    Server::with_limits(App::default(), Services::new(), limits).unwrap()
}

fn request(query: &str, variables: Value) -> Request {
    Request {
        query: query.to_owned(),
        variables: variables.as_object().cloned(),
        ..Request::default()
    }
}

fn read(response: &Response) -> Value {
    serde_json::from_slice(&response.body)
        .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&response.body)))
}

/// A response with the errors shortened to message, path and code.
fn short(response: &Response) -> Value {
    let mut found = read(response);
    if let Some(errors) = found.get_mut("errors").and_then(Value::as_array_mut) {
        for e in errors {
            *e = json!([e["message"], e["path"], e["extensions"]["code"]]);
        }
    }
    found
}

async fn start(
    server: &Server<App>,
    query: &str,
    variables: Value,
) -> BoxStream<'static, Response> {
    match server.stream(None, "r1", request(query, variables)).await {
        Responses::Many(stream) => stream,
        Responses::One(response) => panic!("{}", read(&response)),
    }
}

/// All responses of a subscription.
async fn events(query: &str, variables: Value) -> Vec<Value> {
    let server = server(Duration::from_secs(5));
    let responses = start(&server, query, variables).await;
    responses.map(|response| short(&response)).collect().await
}

/// The one response of a request that never became a subscription.
async fn refused(server: &Server<App>, query: &str) -> Value {
    match server.stream(None, "r1", request(query, json!({}))).await {
        Responses::One(response) => {
            assert_eq!(response.outcome, Outcome::Refused);
            short(&response)
        }
        Responses::Many(_) => panic!("it was subscribed: {query}"),
    }
}

fn calls(server: &Server<App>) -> Vec<String> {
    std::mem::take(&mut *server.app().calls.lock().unwrap())
}

#[tokio::test]
async fn an_event_is_a_response() {
    let found = events("subscription { ticks }", json!({})).await;
    let expect = [0, 1, 2].map(|tick| json!({ "data": { "ticks": tick } }));
    assert_eq!(found, expect);
}

#[tokio::test]
async fn variables_aliases_fragments_and_resolvers_below() {
    let query = "subscription ($ids: [ID!]!, $short: Boolean!) { b: books(ids: $ids) { ...F author { name } } }
        fragment F on Book { id title @skip(if: $short) cover { photographer { id } } }";
    let found = events(query, json!({ "ids": ["1", "4", "x"], "short": true })).await;
    let cover = json!({ "photographer": { "id": "a1" } });
    assert_eq!(
        found,
        [
            json!({ "data": { "b": { "id": "1", "cover": cover, "author": { "name": "Author 1" } } } }),
            json!({ "data": { "b": { "id": "4", "cover": cover, "author": null } } }),
            json!({ "data": { "b": null } }),
        ]
    );
}

#[tokio::test]
async fn an_error_below_is_in_its_events_response() {
    let query = "subscription { books(ids: [\"2\", \"1\"]) { id author { name } } }";
    let found = events(query, json!({})).await;
    assert_eq!(
        found,
        [
            json!({ "data": { "books": { "id": "2", "author": null } },
                    "errors": [["the author is shy", ["books", "author"], "SHY"]] }),
            json!({ "data": { "books": { "id": "1", "author": { "name": "Author 1" } } } }),
        ]
    );
}

#[tokio::test]
async fn an_event_that_is_an_error_fails_the_field_and_the_next_one_comes() {
    let found = events("subscription { t: ticks(count: 102) }", json!({})).await;
    assert_eq!(found.len(), 102);
    assert_eq!(
        found[100],
        json!({ "data": null, "errors": [["a tick was lost", ["t"], "BAD_USER_INPUT"]] })
    );
    assert_eq!(found[101], json!({ "data": { "t": 101 } }));
}

#[tokio::test]
async fn a_panic_of_the_source_ends_the_subscription() {
    let found = events("subscription { ticks(count: 300) }", json!({})).await;
    assert_eq!(found.len(), 201);
    let code = &found[200]["errors"][0];
    assert_eq!(code, &json!(["internal error", null, "INTERNAL"]));
}

#[tokio::test(start_paused = true)]
async fn a_source_that_does_not_start() {
    let server = server(Duration::from_millis(50));
    for (query, message, path, code) in [
        (
            "subscription { t: ticks(count: -1) }",
            "no clock",
            json!(["t"]),
            "NO_CLOCK",
        ),
        (
            "subscription { ticks(count: -2) }",
            "internal error",
            json!(["ticks"]),
            "INTERNAL",
        ),
        (
            "subscription { ticks(count: -3) }",
            "the subscription took too long to start",
            json!(["ticks"]),
            "TIMEOUT",
        ),
        (
            "subscription { secrets }",
            "sign in first",
            json!(["secrets"]),
            "UNAUTHENTICATED",
        ),
    ] {
        let found = refused(&server, query).await;
        assert_eq!(found["errors"], json!([[message, path, code]]), "{query}");
        assert_eq!(found.get("data"), None, "{query}");
    }
    assert_eq!(
        calls(&server),
        Vec::<String>::new(),
        "no resolver was called"
    );
}

#[tokio::test]
async fn a_refused_request_is_one_response() {
    let server = server(Duration::from_secs(5));
    for query in [
        "subscription { ticks nothing }",
        "subscription { ticks secrets }",
        "subscription { __typename }",
        "subscription {",
        "subscription ($n: Int!) { ticks(count: $n) }",
    ] {
        let found = refused(&server, query).await;
        assert!(
            found["errors"].is_array() && found.get("data").is_none(),
            "{query}: {found}"
        );
    }
}

#[tokio::test]
async fn a_transport_with_one_response_refuses_subscriptions() {
    let server = server(Duration::from_secs(5));
    let asked = request("subscription { ticks }", json!({}));
    let found = short(&server.execute(None, "r1", &asked).await);
    assert_eq!(found["errors"][0][2], "BAD_REQUEST");
    assert_eq!(calls(&server), Vec::<String>::new());
}

#[tokio::test]
async fn queries_and_mutations_have_one_response() {
    let server = server(Duration::from_secs(5));
    for (query, expect) in [
        ("{ hello }", json!({ "data": { "hello": "Hello, world!" } })),
        ("mutation { count }", json!({ "data": { "count": 1 } })),
    ] {
        match server.stream(None, "r1", request(query, json!({}))).await {
            Responses::One(response) => assert_eq!(read(&response), expect),
            Responses::Many(_) => panic!("{query}"),
        }
    }
}

#[tokio::test]
async fn the_source_is_asked_only_when_the_client_is() {
    let server = server(Duration::from_secs(5));
    let mut stream = start(&server, "subscription { ticks(count: 1000000) }", json!({})).await;
    assert_eq!(calls(&server), Vec::<String>::new(), "nobody has asked yet");
    for tick in 0..3 {
        stream.next().await.unwrap();
        assert_eq!(calls(&server), [format!("tick {tick}")]);
    }
}

#[tokio::test]
async fn dropping_the_responses_drops_the_source() {
    let server = server(Duration::from_secs(5));
    let mut stream = start(&server, "subscription { ticks }", json!({})).await;
    stream.next().await.unwrap();
    assert_eq!(calls(&server), ["tick 0"]);
    drop(stream);
    assert_eq!(calls(&server), ["ticks dropped"]);
}

/// Polls once and goes away, as a client that closes its connection.
fn give_up<T>(future: impl Future<Output = T>) {
    let mut future = std::pin::pin!(future);
    let mut task = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(future.as_mut().poll(&mut task).is_pending());
}

#[tokio::test]
async fn a_client_that_goes_away_takes_its_resolvers_along() {
    let server = server(Duration::from_secs(5));
    let query = "{ a: hello(name: \"forever\") b: hello(name: \"forever\") }";
    give_up(server.execute(None, "r1", &request(query, json!({}))));
    assert_eq!(calls(&server), ["hello dropped", "hello dropped"]);
    give_up(server.stream(None, "r1", request(query, json!({}))));
    assert_eq!(calls(&server), ["hello dropped", "hello dropped"]);

    let turns = "mutation { rename(input: { id: 1 }) { id } count }";
    give_up(server.stream(None, "r1", request(turns, json!({}))));
    let ran = calls(&server);
    assert_eq!(ran.len(), 1, "the next root field never ran: {ran:?}");
    assert!(ran[0].starts_with("rename"));
}

#[tokio::test]
async fn the_end_stays_the_end() {
    let server = server(Duration::from_secs(5));
    let mut stream = start(&server, "subscription { ticks(count: 1) }", json!({})).await;
    assert!(stream.next().await.is_some());
    assert!(stream.next().await.is_none());
    assert!(stream.next().await.is_none());
    assert_eq!(calls(&server), ["tick 0", "ticks dropped"]);
}

/// A subscription may last: only what runs for one event is limited.
#[tokio::test(start_paused = true)]
async fn time_is_limited_for_an_event_and_not_for_the_stream() {
    let server = server(Duration::from_millis(20));
    let slow = "subscription { ticks(count: -4) }";
    let found: Vec<_> = start(&server, slow, json!({})).await.collect().await;
    let found: Vec<_> = found.iter().map(read).collect();
    assert_eq!(
        found,
        [0, 1].map(|tick| json!({ "data": { "ticks": tick } }))
    );

    let query = "subscription { books(ids: [\"777\", \"1\"]) { author { name } } }";
    let found: Vec<_> = start(&server, query, json!({})).await.collect().await;
    assert_eq!(found[0].outcome, Outcome::TimedOut);
    let author = json!({ "author": { "name": "Author 1" } });
    assert_eq!(read(&found[1]), json!({ "data": { "books": author } }));
}
