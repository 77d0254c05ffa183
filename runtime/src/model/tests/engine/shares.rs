//! What one request may take: rows, bytes, tests of a filter. Each bound just below and one above.

use super::*;
use crate::engine::limits::Limits;

async fn limited(limits: Limits) -> Site {
    let mut site = site().await;
    let services = Services::new().with_db(site.w.db.clone());
    let everybody = Vec::new();
    site.server = Server::with_limits(App { everybody }, services, limits).expect("a server");
    site
}

fn refusal(found: &Json) -> (Json, Json) {
    let error = &found["errors"][0];
    (
        error["extensions"]["code"].clone(),
        error["message"].clone(),
    )
}

/// Three listings, two hosts.
const FIVE_ROWS: &str = "{ listings { nodes { title host { name } } } }";

#[tokio::test]
async fn the_rows_of_a_response_are_bounded() {
    let found = async |rows| {
        let s = limited(Limits {
            rows,
            ..Limits::default()
        })
        .await;
        ask(&s, as_caller(&s.w.root), FIVE_ROWS, json!({})).await
    };
    let five = found(5).await;
    assert_eq!(five["errors"], Json::Null, "{five}");
    assert_eq!(
        refusal(&found(4).await),
        (
            json!("LIMIT_EXCEEDED"),
            json!("the operation reads more than 4 rows")
        )
    );
}

#[tokio::test]
async fn the_bytes_of_a_response_are_bounded() {
    let found = async |response| {
        let s = limited(Limits {
            response,
            ..Limits::default()
        })
        .await;
        ask(&s, as_caller(&s.w.root), FIVE_ROWS, json!({})).await
    };
    let whole = found(usize::MAX).await;
    // All but the last bracket.
    let bytes = whole.to_string().len() - 1;
    assert_eq!(found(bytes).await, whole);
    let refused = found(bytes - 1).await;
    assert_eq!(refused["data"], Json::Null);
    assert_eq!(
        refusal(&refused),
        (
            json!("LIMIT_EXCEEDED"),
            json!(format!("the response has more than {} bytes", bytes - 1))
        )
    );
}

#[tokio::test]
async fn rows_that_lead_to_each_other_make_no_endless_response() {
    let s = site().await;
    for i in 0..60 {
        let input = json!({ "hostId": s.w.ada.id, "title": format!("L {i}"), "price": 1, "published": true });
        create(&s.w.db, Access::System, LISTING, input)
            .await
            .expect("a listing");
    }
    // 60^8 listings, all of them among 62 rows.
    let query = format!(
        "{{ users {{ {} id {} }} }}",
        "listings { host { ".repeat(8),
        "} }".repeat(8)
    );
    let start = std::time::Instant::now();
    let found = ask(&s, None, &query, json!({})).await;
    assert_eq!(refusal(&found).0, "LIMIT_EXCEEDED");
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

const FILTERED: &str = "query($f: ListingFilter) { listings(filter: $f) { totalCount } }";

#[tokio::test]
async fn the_tests_of_a_filter_are_bounded() {
    let s = site().await;
    let found = async |filter| ask(&s, None, FILTERED, json!({ "f": filter })).await;
    let wide = |n| json!({ "and": vec![json!({ "title": { "contains": "r" } }); n] });
    assert_eq!(found(wide(200)).await["data"]["listings"]["totalCount"], 2);
    let refused = json!("LIMIT_EXCEEDED");
    assert_eq!(
        refusal(&found(wide(201)).await),
        (refused.clone(), json!("a filter makes at most 200 tests"))
    );
    assert_eq!(
        refusal(&found(json!({ "and": vec![json!({}); 201] })).await).0,
        refused
    );
    let deep = |n| {
        (0..n).fold(
            json!({ "title": { "contains": "r" } }),
            |inner, _| json!({ "and": inner }),
        )
    };
    assert_eq!(found(deep(18)).await["data"]["listings"]["totalCount"], 2);
    assert_eq!(
        refusal(&found(deep(19)).await),
        (refused, json!("a filter is nested at most 20 deep"))
    );
}

#[tokio::test]
async fn a_large_variable_is_not_multiplied_by_the_document() {
    let s = site().await;
    let text = "x".repeat(500_000);
    let found = async |times| {
        let query = format!(
            "query($f: ListingFilter!) {{ listings(filter: {{ and: [{}] }}) {{ totalCount }} }}",
            "$f ".repeat(times)
        );
        ask(
            &s,
            None,
            &query,
            json!({ "f": { "title": { "eq": text } } }),
        )
        .await
    };
    assert_eq!(found(33).await["data"]["listings"]["totalCount"], 0);
    let refused = found(34).await;
    assert_eq!(refusal(&refused).0, "LIMIT_EXCEEDED", "{refused}");
}
