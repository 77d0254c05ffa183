//! Rows that user code found, in operations that are delivered in parts.

use futures_util::StreamExt as _;

use super::*;
use crate::Responses;

async fn parts(site: &Site, query: &str) -> Vec<Json> {
    let request = Request {
        query: query.to_owned(),
        incremental: true,
        ..Request::default()
    };
    let auth = as_caller(&site.w.ada);
    let responses = match site.server.stream(auth, "r1", request).await {
        Responses::One(response) => vec![response],
        Responses::Many(stream) => stream.collect().await,
    };
    let read = |body: &[u8]| serde_json::from_slice(body).expect("JSON");
    responses.iter().map(|found| read(&found.body)).collect()
}

#[tokio::test]
async fn a_part_waits_for_its_rows() {
    let s = site().await;
    let found = parts(
        &s,
        "{ me { name } ... @defer { byKey: everybody { name listings { title } } } }",
    )
    .await;
    assert_eq!(found[0]["data"], json!({ "me": { "name": "Ada" } }));
    let part = &found[1]["incremental"][0];
    let ada =
        json!({ "name": "Ada", "listings": [{ "title": "Bright loft" }, { "title": "Draft" }] });
    assert_eq!(
        part["data"],
        json!({ "byKey": [ada, null, { "name": "Bob", "listings": [] }, ada] })
    );
    assert_eq!(part["errors"][0]["path"], json!(["byKey", 1]));
}

#[tokio::test]
async fn rows_of_later_items_are_loaded_later_and_together() {
    let s = site().await;
    let before = s.w.db.statements();
    let query = "{ everybody @stream(initialCount: 1) { name listings { title } } }";
    let found = parts(&s, query).await;
    assert_eq!(s.w.db.statements() - before, 4);
    let ada =
        json!({ "name": "Ada", "listings": [{ "title": "Bright loft" }, { "title": "Draft" }] });
    assert_eq!(found[0]["data"], json!({ "everybody": [ada] }));
    let part = &found[1]["incremental"][0];
    assert_eq!(
        part["items"],
        json!([null, { "name": "Bob", "listings": [] }, ada])
    );
    assert_eq!(part["errors"][0]["path"], json!(["everybody", 1]));
    assert_eq!(found[1]["hasNext"], json!(false));
}
