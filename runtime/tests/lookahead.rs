//! What resolvers see of the operation below them, and what an operation that costs too much is told.

#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "sketch/app.rs"]
#[allow(missing_docs, unreachable_pub, dead_code)]
mod app;
#[path = "sketch/generated.rs"]
#[allow(missing_docs, unreachable_pub, dead_code)]
mod generated;

use app::App;
use graphwright::engine::response::{Outcome, Request};
use graphwright::{Limits, Server, Services};
use serde_json::{Value, json};

fn request(query: &str, variables: Value) -> Request {
    Request {
        query: query.to_owned(),
        variables: variables.as_object().cloned(),
        ..Request::default()
    }
}

async fn calls(query: &str, variables: Value) -> Vec<String> {
    let server = Server::new(App::default(), Services::new()).unwrap();
    let response = server.execute(None, "r1", &request(query, variables)).await;
    let body: Value = serde_json::from_slice(&response.body).unwrap();
    assert_eq!(body.get("errors"), None, "{body}");
    let mut calls = server.app().calls.lock().unwrap();
    std::mem::take(&mut *calls)
}

/// Which of the paths are selected, and which fields are.
async fn selected(paths: &str, selection: &str, variables: Value) -> (String, String) {
    let query = format!(
        "query ($v: Boolean = true) {{ hello @include(if: $v) search(text: \"paths:{paths}\") {{ {selection} }} }} fragment A on Author {{ boss {{ ...B }} }} fragment B on Author {{ n: name }}"
    );
    let query = match selection.contains("...A") {
        true => query,
        false => query.split(" fragment A").next().unwrap().to_owned(),
    };
    let mut calls = calls(&query, variables).await;
    assert_eq!(calls.len(), 2, "{calls:?}");
    let names = calls.pop().unwrap();
    (calls.pop().unwrap(), names)
}

#[tokio::test]
async fn paths_through_fragments_and_types() {
    let (paths, names) = selected(
        "id author author.name author.id boss.name name.x title",
        "... on Book { id author { name } } ...A __typename",
        json!({}),
    )
    .await;
    assert_eq!(paths, "id author author.name boss.name");
    assert_eq!(names, "id author __typename boss");
}

#[tokio::test]
async fn what_is_skipped_is_not_selected() {
    let selection =
        "... on Book { id author @include(if: $v) { name } cover @skip(if: $v) { url } }";
    let (paths, _) = selected("id author.name cover", selection, json!({ "v": true })).await;
    assert_eq!(paths, "id author.name");
    let (paths, _) = selected("id author.name cover", selection, json!({ "v": false })).await;
    assert_eq!(paths, "id cover");
}

#[tokio::test]
async fn each_resolver_sees_what_is_below_itself() {
    let query = "{ a: book(pick: { id: 1 }) { author { name } } b: book(pick: { id: 1 }) { author { boss { name } } } }";
    let mut calls = calls(query, json!({})).await;
    calls.sort();
    assert_eq!(calls, ["author of 1", "author of 1", "the boss, too"]);
}

async fn limited(cost: u64, query: &str, variables: Value) -> (Outcome, u64, Value) {
    let limits = Limits {
        cost,
        ..Limits::default()
    };
    let server = Server::with_limits(App::default(), Services::new(), limits).unwrap();
    let response = server.execute(None, "r1", &request(query, variables)).await;
    let body = serde_json::from_slice(&response.body).unwrap();
    (response.outcome, response.cost, body)
}

#[tokio::test]
async fn the_limit_is_what_still_passes() {
    let query = "query ($n: Int!) { search(text: \"x\", first: $n) { ... on Book { id author { name } } } }";
    let (outcome, cost, _) = limited(40, query, json!({ "n": 20 })).await;
    assert_eq!((outcome, cost), (Outcome::Executed, 40));
    let (outcome, _, body) = limited(39, query, json!({ "n": 20 })).await;
    assert_eq!(outcome, Outcome::Refused);
    let told = &body["errors"][0]["extensions"];
    assert_eq!(
        (&told["code"], &told["cost"], &told["limit"]),
        (&json!("LIMIT_EXCEEDED"), &json!(40), &json!(39))
    );
    assert_eq!(body.get("data"), None);
}

#[tokio::test]
async fn by_default_ordinary_queries_pass_and_piles_of_lists_do_not() {
    let limit = Limits::default().cost;
    let ordinary =
        "{ search(text: \"x\") { ... on Author { books { author { books { id } } } } } }";
    assert_eq!(
        limited(limit, ordinary, json!({})).await.0,
        Outcome::Executed
    );
    let piled = "{ search(text: \"x\", first: 100) { ... on Author { books { author { books { author { books { id } } } } } } } }";
    assert_eq!(limited(limit, piled, json!({})).await.0, Outcome::Refused);
    let huge = "{ search(text: \"x\", first: 1000000) { __typename } }";
    assert_eq!(limited(limit, huge, json!({})).await.0, Outcome::Refused);
    let aliases: String = (0..40)
        .map(|i| format!("a{i}: search(text: \"x\", first: 2000) {{ __typename }} "))
        .collect();
    assert_eq!(
        limited(limit, &format!("{{ {aliases} }}"), json!({}))
            .await
            .0,
        Outcome::Refused
    );
}
