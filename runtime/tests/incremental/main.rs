//! Incremental delivery on the sketch: what comes at once, what comes later, and under which name.
//!
//! <https://github.com/graphql/graphql-spec/pull/1110>

#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "../sketch/app.rs"]
#[allow(missing_docs, unreachable_pub, dead_code)]
mod app;
#[path = "../sketch/dice.rs"]
#[allow(missing_docs, unreachable_pub, dead_code)]
mod dice;
#[path = "../sketch/generated.rs"]
#[allow(missing_docs, unreachable_pub, dead_code)]
mod generated;
mod random;

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
            match incremental["items"].as_array() {
                Some(items) => at.as_array_mut().unwrap().extend(items.clone()),
                None => merge(at, &incremental["data"]),
            }
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

#[tokio::test(start_paused = true)]
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

#[tokio::test]
async fn the_items_of_a_list_come_later_and_resolvers_stay_batched() {
    let server = server(Duration::from_secs(5));
    let query = "{ nodes(ids: [1, 2, 3]) @stream(initialCount: 1, label: \"rest\") { ... on Book { id author { name } } } }";
    let asked = request(query, json!({}), true);
    let Responses::Many(mut stream) = server.stream(None, "r1", asked).await else {
        panic!("one response");
    };
    stream.next().await.unwrap();
    assert_eq!(*server.app().calls.lock().unwrap(), ["author of 1"]);
    stream.next().await.unwrap();
    let calls = server.app().calls.lock().unwrap().clone();
    assert_eq!(calls, ["author of 1", "author of 2"]);
    assert!(stream.next().await.is_none());
    assert_eq!(
        agrees(query, json!({})).await,
        [
            json!({ "data": { "nodes": [{ "id": "1", "author": { "name": "Author 1" } }] },
                    "pending": [{ "id": "0", "path": ["nodes"], "label": "rest" }], "hasNext": true }),
            json!({ "incremental": [{ "id": "0", "items": [{ "id": "2", "author": null }, { "id": "3", "author": null }],
                        "errors": [["the author is shy", ["nodes", 1, "author"], "SHY"]] }],
                    "completed": [{ "id": "0" }], "hasNext": false }),
        ]
    );
}

#[tokio::test]
async fn a_list_may_come_without_an_item_and_without_an_object() {
    let query =
        "{ nodes(ids: [x, 1, y]) @stream { id ... on Book { reviews(first: 1) { stars } } } }";
    let found = agrees(&query.replace("x, 1, y", "\"x\", 1, \"y\""), json!({})).await;
    assert_eq!(found[0]["data"], json!({ "nodes": [] }));
    assert_eq!(
        found[1]["incremental"],
        json!([{ "id": "0", "items": [null, { "id": "1", "reviews": [{ "stars": 1 }] }, null] }])
    );
    let query = "{ nodes(ids: [\"x\", \"y\"]) @stream { ... on Book { author { name } } } }";
    let found = agrees(query, json!({})).await;
    assert_eq!(
        found[1]["incremental"],
        json!([{ "id": "0", "items": [null, null] }])
    );
    let query = "{ nodes(ids: []) @stream { ... on Book { author { name } } } }";
    assert_eq!(agrees(query, json!({})).await.len(), 1);
}

#[tokio::test]
async fn a_list_without_more_items_or_without_resolvers_comes_whole() {
    for query in [
        "{ nodes(ids: [1, 2]) @stream(initialCount: 2) { ... on Book { author { name } } } }",
        "{ nodes(ids: [1, 2]) @stream { id } }",
        "{ nodes(ids: [1, 2]) @stream(if: false) { ... on Book { author { name } } } }",
    ] {
        let found = agrees(query, json!({})).await;
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].get("hasNext"), None);
    }
}

#[tokio::test]
async fn variables_decide_what_of_a_list_comes_at_once() {
    let query = "query ($now: Int! = 1, $on: Boolean = true) {
        nodes(ids: [1, 4, 5]) @stream(initialCount: $now, if: $on) { ... on Book { id author { name } } } }";
    for (variables, at_once) in [
        (json!({}), 1),
        (json!({ "now": 2 }), 2),
        (json!({ "now": 9 }), 3),
        (json!({ "on": false }), 3),
    ] {
        let found = agrees(query, variables).await;
        assert_eq!(found[0]["data"]["nodes"].as_array().unwrap().len(), at_once);
        assert_eq!(found.len(), if at_once == 3 { 1 } else { 2 });
    }
    let found = payloads(query, json!({ "now": -1 })).await;
    let message = "`initialCount` of `@stream` must not be negative";
    assert_eq!(
        found,
        [json!({ "data": null, "errors": [[message, ["nodes"], "BAD_USER_INPUT"]] })]
    );
    let found = payloads(
        "{ hello book(pick: { id: 1 }) { author { books @stream(initialCount: -2) { id } } } }",
        json!({}),
    )
    .await;
    assert_eq!(
        found,
        [
            json!({ "data": { "hello": "Hello, world!", "book": { "author": null } },
                 "errors": [[message, ["book", "author", "books"], "BAD_USER_INPUT"]] })
        ]
    );
}

#[tokio::test]
async fn an_item_that_must_not_be_null_ends_its_list_with_the_errors() {
    let query = "{ search(text: \"x\") @stream(initialCount: 1) { __typename ... on Book { cover { photographer { name } } } } }";
    let found = payloads(query, json!({})).await;
    let book = json!({ "__typename": "Book", "cover": { "photographer": { "name": "Author 1" } } });
    assert_eq!(found[0]["data"], json!({ "search": [book] }));
    let path = json!(["search", 3, "cover", "photographer"]);
    assert_eq!(
        found[1],
        json!({ "incremental": [{ "id": "0", "items": [{ "__typename": "Author" }, book] }],
                "completed": [{ "id": "0", "errors": [["the photographer is unknown", path, "BAD_USER_INPUT"]] }], "hasNext": false })
    );
    let query = query.replace("initialCount: 1", "initialCount: 3");
    let found = payloads(&query, json!({})).await;
    assert_eq!(
        found[1],
        json!({ "completed": [{ "id": "0", "errors": [["the photographer is unknown", path, "BAD_USER_INPUT"]] }], "hasNext": false })
    );
}

#[tokio::test]
async fn each_parent_has_a_list_of_its_own() {
    let server = server(Duration::from_secs(5));
    let query = "{ nodes(ids: [\"a1\", \"a2\", \"a1\"]) { ... on Author { books @stream(initialCount: 1) { id author { name } } } } }";
    agrees(query, json!({})).await;
    let found = payloads_of(&server, query, json!({})).await;
    assert_eq!(
        found[0]["pending"],
        json!([{ "id": "0", "path": ["nodes", 0, "books"] }, { "id": "1", "path": ["nodes", 2, "books"] }])
    );
    let late = json!([{ "id": "2", "author": null }]);
    let error = |index: usize| {
        json!([[
            "the author is shy",
            ["nodes", index, "books", 1, "author"],
            "SHY"
        ]])
    };
    assert_eq!(
        found[1]["incremental"],
        json!([
            { "id": "0", "items": late, "errors": error(0) },
            { "id": "1", "items": late, "errors": error(2) },
        ])
    );
    let calls = server.app().calls.lock().unwrap().clone();
    assert_eq!(calls, ["books of 3", "author of 3", "author of 2"]);
}

/// What graphql-js 17.1 answers when the last two items wait for the same time, word for word.
#[tokio::test]
async fn fragments_in_items_are_announced_with_them() {
    let query = "{ search: nodes(ids: [1, 4, 5, 6]) @stream(initialCount: 2) { ... on Book { id ... @defer(label: \"d\") { author { name } } } } }";
    let found = agrees(query, json!({})).await;
    assert_eq!(
        found[..2],
        [
            json!({ "data": { "search": [{ "id": "1" }, { "id": "4" }] },
                    "pending": [
                        { "id": "0", "path": ["search", 0], "label": "d" },
                        { "id": "1", "path": ["search", 1], "label": "d" },
                        { "id": "2", "path": ["search"] },
                    ], "hasNext": true }),
            json!({ "hasNext": true,
                    "pending": [
                        { "id": "3", "path": ["search", 2], "label": "d" },
                        { "id": "4", "path": ["search", 3], "label": "d" },
                    ],
                    "incremental": [{ "id": "2", "items": [{ "id": "5" }, { "id": "6" }] }],
                    "completed": [{ "id": "2" }] }),
        ]
    );
}

/// What graphql-js 17.1 answers, word for word.
#[tokio::test]
async fn a_list_in_a_deferred_fragment_is_announced_when_that_is_there() {
    let query = "{ hello ... @defer(label: \"d\") { books: nodes(ids: [1, 2, 4]) @stream(initialCount: 2) { ... on Book { id author { name } } } } }";
    assert_eq!(
        agrees(query, json!({})).await,
        [
            json!({ "data": { "hello": "Hello, world!" },
                    "pending": [{ "id": "0", "path": [], "label": "d" }], "hasNext": true }),
            json!({ "hasNext": true, "pending": [{ "id": "1", "path": ["books"] }],
                    "incremental": [{ "id": "0",
                        "data": { "books": [{ "id": "1", "author": { "name": "Author 1" } }, { "id": "2", "author": null }] },
                        "errors": [["the author is shy", ["books", 1, "author"], "SHY"]] }],
                    "completed": [{ "id": "0" }] }),
            json!({ "hasNext": false, "incremental": [{ "id": "1", "items": [{ "id": "4", "author": null }] }],
                    "completed": [{ "id": "1" }] }),
        ]
    );
}

#[tokio::test]
async fn lists_in_items_of_lists_and_beside_fragments() {
    for (query, parts) in [
        (
            "{ nodes(ids: [\"a1\", \"a2\", 1]) @stream(initialCount: 1) { id
                ... on Author { books @stream { id author { name books @stream(initialCount: 1) { id reviews(first: 1) { stars } } } } }
                ... on Book { reviews(first: 2) { stars } author { id } } } }",
            4,
        ),
        (
            "{ ... @defer { nodes(ids: [1, 4]) @stream { id ... on Book { author { id ... @defer { books { id } } } } } }
               ... @defer { again: nodes(ids: [1, 4]) { id ... on Book { author { name } } } } hello }",
            5,
        ),
        // What two fragments defer comes whole.
        (
            "{ ...F @defer(label: \"a\") ...F @defer(label: \"b\") }
             fragment F on Query { nodes(ids: [1, 4]) @stream { ... on Book { author { name } } } }",
            2,
        ),
        (
            "{ shelves { label favourites(first: 3) @stream(initialCount: 2) { author { name } } } }",
            2,
        ),
        (
            "{ shelves @stream(initialCount: 1) { label keeper { books { id } } } book(pick: { id: 1 }) { ... @defer { author { name } } } }",
            2,
        ),
    ] {
        let found = agrees(query, json!({})).await;
        assert!(found[0]["data"].is_object(), "{found:?}");
        assert_eq!(found.len(), parts, "{found:#?}");
    }
}

#[tokio::test(start_paused = true)]
async fn items_that_take_too_long_are_completed_with_an_error() {
    let server = server(Duration::from_millis(50));
    let query =
        "{ nodes(ids: [1, 777]) @stream(initialCount: 1) { ... on Book { id author { name } } } }";
    let found = payloads_of(&server, query, json!({})).await;
    assert_eq!(
        found[1],
        json!({ "completed": [{ "id": "0", "errors": [["the operation took too long", ["nodes"], "TIMEOUT"]] }], "hasNext": false })
    );
}

#[tokio::test]
async fn parts_are_written_up_to_the_limit_of_the_response() {
    let limits = Limits {
        response: 120,
        ..Limits::default()
    };
    let server = Server::with_limits(App::default(), Services::new(), limits).unwrap();
    let query =
        "{ nodes(ids: [1, 4, 5, 6]) @stream { ... on Book { reviews(first: 5) { stars } } } }";
    let found = payloads_of(&server, query, json!({})).await;
    let stars: Vec<_> = (1..=5).map(|stars| json!({ "stars": stars })).collect();
    assert_eq!(
        found[1],
        json!({ "incremental": [{ "id": "0", "items": [{ "reviews": stars }] }],
                "completed": [{ "id": "0", "errors": [["the response has more than 120 bytes", ["nodes"], "LIMIT_EXCEEDED"]] }],
                "hasNext": false })
    );
    let query = "{ ... @defer { book(pick: { id: 1 }) { a: reviews(first: 5) { stars } b: reviews(first: 5) { stars } } } }";
    let found = payloads_of(&server, query, json!({})).await;
    assert_eq!(
        found[1],
        json!({ "completed": [{ "id": "0", "errors": [["the response has more than 120 bytes", [], "LIMIT_EXCEEDED"]] }],
                "hasNext": false })
    );
}
