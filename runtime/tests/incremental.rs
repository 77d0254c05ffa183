//! Incremental delivery on the sketch: what comes at once, what comes later, and under which name.
//!
//! <https://github.com/graphql/graphql-spec/pull/1110>

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
use graphwright::engine::response::Request;
use graphwright::{Limits, Responses, Server, Services};
use serde_json::{Value, json};

fn server(timeout: Duration) -> Server<App> {
    let limits = Limits {
        timeout,
        ..Limits::default()
    };
    Server::with_limits(App::default(), Services::new(), limits).unwrap()
}

fn request(query: &str, variables: Value, incremental: bool) -> Request {
    Request {
        query: query.to_owned(),
        variables: variables.as_object().cloned(),
        incremental,
        ..Request::default()
    }
}

/// Errors shortened to message, path and code, wherever they are.
fn shorten(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if let Some(errors) = map.get_mut("errors").and_then(Value::as_array_mut) {
                for e in errors {
                    *e = json!([e["message"], e["path"], e["extensions"]["code"]]);
                }
            }
            map.values_mut().for_each(shorten);
        }
        Value::Array(items) => items.iter_mut().for_each(shorten),
        _ => {}
    }
}

async fn payloads_of(server: &Server<App>, query: &str, variables: Value) -> Vec<Value> {
    let responses = match server
        .stream(None, "r1", request(query, variables, true))
        .await
    {
        Responses::One(response) => vec![response],
        Responses::Many(stream) => stream.collect().await,
    };
    let read = |body: &Vec<u8>| {
        let mut found: Value = serde_json::from_slice(body)
            .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(body)));
        shorten(&mut found);
        found
    };
    responses
        .iter()
        .map(|response| read(&response.body))
        .collect()
}

async fn payloads(query: &str, variables: Value) -> Vec<Value> {
    payloads_of(&server(Duration::from_secs(5)), query, variables).await
}

/// What a client has in the end: the first data with everything that came later.
fn merged(payloads: &[Value]) -> Value {
    let mut data = payloads[0]["data"].clone();
    let mut paths = std::collections::HashMap::new();
    for payload in payloads {
        for pending in payload["pending"].as_array().into_iter().flatten() {
            paths.insert(
                pending["id"].clone(),
                pending["path"].as_array().unwrap().clone(),
            );
        }
        for incremental in payload["incremental"].as_array().into_iter().flatten() {
            let mut path = paths[&incremental["id"]].clone();
            path.extend(
                incremental["subPath"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .cloned(),
            );
            let mut at = &mut data;
            for step in &path {
                at = match step {
                    Value::Number(index) => &mut at[index.as_u64().unwrap() as usize],
                    key => &mut at[key.as_str().unwrap()],
                };
            }
            merge(at, &incremental["data"]);
        }
    }
    data
}

fn merge(into: &mut Value, from: &Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from.clone(),
    }
}

/// Every query answers in parts what it answers at once, and the last payload says that it is the last.
async fn agrees(query: &str, variables: Value) -> Vec<Value> {
    let server = server(Duration::from_secs(5));
    let whole = server
        .execute(None, "r1", &request(query, variables.clone(), false))
        .await;
    let whole: Value = serde_json::from_slice(&whole.body).unwrap();
    let parts = payloads_of(&server, query, variables).await;
    assert_eq!(merged(&parts), whole["data"], "{query}\n{parts:#?}");
    if parts.len() > 1 {
        let more: Vec<_> = parts
            .iter()
            .map(|part| part["hasNext"].as_bool().unwrap())
            .collect();
        assert!(more[..more.len() - 1].iter().all(|more| *more) && !more[more.len() - 1]);
    }
    parts
}

#[tokio::test]
async fn a_deferred_fragment_comes_in_a_payload_of_its_own() {
    let query = "{ book(pick: { id: 1 }) { id ...Slow @defer(label: \"slow\") } } fragment Slow on Book { author { name } title }";
    assert_eq!(
        agrees(query, json!({})).await,
        [
            json!({ "data": { "book": { "id": "1" } },
                    "pending": [{ "id": "0", "path": ["book"], "label": "slow" }], "hasNext": true }),
            json!({ "incremental": [{ "id": "0", "data": { "author": { "name": "Author 1" }, "title": "Book 1" } }],
                    "completed": [{ "id": "0" }], "hasNext": false }),
        ]
    );
}

#[tokio::test]
async fn the_root_may_be_deferred() {
    let found = agrees(
        "{ hello ... @defer { book(pick: { id: 1 }) { id } } }",
        json!({}),
    )
    .await;
    assert_eq!(found[0]["data"], json!({ "hello": "Hello, world!" }));
    assert_eq!(found[0]["pending"], json!([{ "id": "0", "path": [] }]));
    assert_eq!(
        found[1]["incremental"],
        json!([{ "id": "0", "data": { "book": { "id": "1" } } }])
    );
}

#[tokio::test]
async fn each_object_of_a_list_has_a_part_and_resolvers_stay_batched() {
    let server = server(Duration::from_secs(5));
    let query = "{ search(text: \"x\") { ... on Book { id ... @defer { author { name } } } } }";
    let found = payloads_of(&server, query, json!({})).await;
    let pending: Vec<_> = found[0]["pending"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["path"].clone())
        .collect();
    assert_eq!(
        pending,
        [
            json!(["search", 0]),
            json!(["search", 2]),
            json!(["search", 3])
        ]
    );
    assert_eq!(found.len(), 2);
    assert_eq!(
        found[1]["incremental"],
        json!([
            { "id": "0", "data": { "author": { "name": "Author 1" } } },
            { "id": "1", "data": { "author": null }, "errors": [["the author is shy", ["search", 2, "author"], "SHY"]] },
            { "id": "2", "data": { "author": null } },
        ])
    );
    let calls = server.app().calls.lock().unwrap().clone();
    assert_eq!(calls, ["search x Absent", "author of 3"]);
}

#[tokio::test]
async fn what_is_asked_for_at_once_too_is_not_deferred() {
    let query = "{ book(pick: { id: 1 }) { author { id } ... @defer { author { id name books { id } } } } }";
    let found = agrees(query, json!({})).await;
    assert_eq!(
        found[0]["data"]["book"],
        json!({ "author": { "id": "a1" } })
    );
    assert_eq!(
        found[1]["incremental"],
        json!([{ "id": "0", "subPath": ["author"], "data": { "name": "Author 1", "books": [{ "id": "1" }, { "id": "2" }] } }])
    );
}

#[tokio::test]
async fn what_two_fragments_defer_comes_once() {
    let query = "{ book(pick: { id: 1 }) { id
        ... @defer(label: \"a\") { author { name } }
        ... @defer(label: \"b\") { author { name } reviews { stars } } } }";
    let found = agrees(query, json!({})).await;
    let labels: Vec<_> = found[0]["pending"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["label"].clone())
        .collect();
    assert_eq!(labels, ["a", "b"]);
    let all: Vec<_> = found
        .iter()
        .skip(1)
        .flat_map(|p| p["incremental"].as_array().unwrap().clone())
        .collect();
    let authors = all
        .iter()
        .filter(|part| part["data"].get("author").is_some());
    assert_eq!(authors.count(), 1, "{all:?}");
    let completed: Vec<_> = found
        .iter()
        .skip(1)
        .flat_map(|p| p["completed"].as_array().unwrap().clone())
        .collect();
    assert_eq!(completed.len(), 2);
}

#[tokio::test]
async fn a_fragment_in_a_deferred_one_is_announced_when_its_turn_comes() {
    let query = "{ book(pick: { id: 1 }) { id
        ... @defer(label: \"outer\") { author { name ... @defer(label: \"inner\") { books { id reviews(first: 1) { stars } } } } } } }";
    let found = agrees(query, json!({})).await;
    assert_eq!(
        found[0]["pending"],
        json!([{ "id": "0", "path": ["book"], "label": "outer" }])
    );
    assert_eq!(
        found[1]["pending"],
        json!([{ "id": "1", "path": ["book", "author"], "label": "inner" }])
    );
    assert_eq!(found[1]["completed"], json!([{ "id": "0" }]));
    assert_eq!(found[2]["completed"], json!([{ "id": "1" }]));
}

#[tokio::test]
async fn conditions_decide_in_each_request() {
    let query = "query ($now: Boolean!) { book(pick: { id: 1 }) { id ... @defer(if: $now) { author { name } } } }";
    assert_eq!(agrees(query, json!({ "now": true })).await.len(), 2);
    assert_eq!(agrees(query, json!({ "now": false })).await.len(), 1);
    let skipped = "query ($s: Boolean!) { book(pick: { id: 1 }) { id ... @defer { author @skip(if: $s) { name } } } }";
    assert_eq!(agrees(skipped, json!({ "s": true })).await.len(), 1);
    assert_eq!(agrees(skipped, json!({ "s": false })).await.len(), 2);
    assert_eq!(
        agrees(
            "{ book(pick: { id: 1 }) { ... @defer(if: false) { author { name } } } }",
            json!({})
        )
        .await
        .len(),
        1
    );
}

#[tokio::test]
async fn what_needs_no_resolver_comes_at_once() {
    let found = agrees(
        "{ book(pick: { id: 1 }) { id ... @defer { title mood cover { url } } } }",
        json!({}),
    )
    .await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].get("hasNext"), None);
}

#[tokio::test]
async fn a_null_that_goes_all_the_way_up_completes_the_fragment_with_its_errors() {
    let query = "{ hello ... @defer(label: \"bad\") { broken fine: hello } ... @defer { book(pick: { id: 1 }) { id } } }";
    let found = payloads(query, json!({})).await;
    assert_eq!(found[0]["data"], json!({ "hello": "Hello, world!" }));
    let mut completed: Vec<_> = found
        .iter()
        .skip(1)
        .flat_map(|p| p["completed"].as_array().unwrap().clone())
        .collect();
    completed.sort_by_key(|done| done["id"].as_str().map(str::to_owned));
    assert_eq!(
        completed,
        [
            json!({ "id": "0", "errors": [["internal error", ["broken"], "INTERNAL"]] }),
            json!({ "id": "1" }),
        ]
    );
    let data: Vec<_> = found
        .iter()
        .skip(1)
        .flat_map(|p| p["incremental"].as_array().into_iter().flatten().cloned())
        .collect();
    assert_eq!(
        data,
        [json!({ "id": "1", "data": { "book": { "id": "1" } } })]
    );
}

#[tokio::test]
async fn nothing_is_delivered_below_what_became_null() {
    let query = "{ book(pick: { id: 3 }) { cover { photographer { name } ... @defer { photographer { id books { id } } } } } hello }";
    let found = payloads(query, json!({})).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(
        found[0]["data"],
        json!({ "book": null, "hello": "Hello, world!" })
    );
}

#[tokio::test]
async fn mutations_run_in_turn_and_defer_below_their_fields() {
    let server = server(Duration::from_secs(5));
    let query = "mutation { a: rename(input: { id: 1, title: \"x\" }) { title ... @defer { author { name } } } count }";
    let found = payloads_of(&server, query, json!({})).await;
    assert_eq!(
        found[0]["data"],
        json!({ "a": { "title": "x" }, "count": 2 })
    );
    assert_eq!(
        found[1]["incremental"],
        json!([{ "id": "0", "data": { "author": { "name": "Author 1" } } }])
    );
    assert_eq!(
        server.app().calls.lock().unwrap()[1..],
        ["count", "author of 1"]
    );
}

#[tokio::test]
async fn a_part_that_takes_too_long_is_completed_with_an_error() {
    let server = server(Duration::from_millis(50));
    let query = "{ hello ... @defer { forever: hello(name: \"forever\") } }";
    let found = payloads_of(&server, query, json!({})).await;
    assert_eq!(found[0]["data"], json!({ "hello": "Hello, world!" }));
    assert_eq!(
        found[1],
        json!({ "completed": [{ "id": "0", "errors": [["the operation took too long", [], "TIMEOUT"]] }], "hasNext": false })
    );
}

#[tokio::test]
async fn a_panic_in_a_deferred_part_costs_its_field() {
    let query = "{ hello ... @defer { panic: hello(name: \"panic\") } }";
    let found = payloads(query, json!({})).await;
    assert_eq!(
        found[1]["completed"][0]["errors"],
        json!([["internal error", ["panic"], "INTERNAL"]])
    );
}

#[tokio::test]
async fn nothing_deferred_runs_before_it_is_asked_for() {
    let server = server(Duration::from_secs(5));
    let query = "{ book(pick: { id: 1 }) { id ... @defer { author { name } } } }";
    let asked = request(query, json!({}), true);
    let Responses::Many(mut stream) = server.stream(None, "r1", asked).await else {
        panic!("one response");
    };
    stream.next().await.unwrap();
    assert!(server.app().calls.lock().unwrap().is_empty());
    stream.next().await.unwrap();
    assert_eq!(*server.app().calls.lock().unwrap(), ["author of 1"]);
    assert!(stream.next().await.is_none());
}
