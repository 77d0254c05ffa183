//! Subscriptions: the list's items are the events.

use super::{ask, events, generated, with_data};
use serde_json::{Value, json};

const SDL: &str = "
  type Query { a: Int }
  type Subscription {
    ticks(from: Int = 1, list: [Int!]): Int
    must: Int!
    news(kind: String): News
  }
  type News { title: String at: Int! by: Author }
  type Author { name: String news: [News] }
";

async fn check(data: Value, query: &str, variables: Value, expect: Value) {
    let found = events(with_data(SDL, data), query, variables).await;
    assert_eq!(found, expect, "{query}");
}

/// One event whose data is that.
fn event(data: Value) -> Value {
    json!({ "data": data })
}

#[tokio::test]
async fn items_are_events() {
    let ticks = json!([
        event(json!({"t": 1})),
        event(json!({"t": null})),
        event(json!({"t": 3}))
    ]);
    check(
        json!({"ticks": [1, null, 3]}),
        "subscription { t: ticks }",
        json!({}),
        ticks,
    )
    .await;
    check(
        json!({"ticks": []}),
        "subscription { ticks }",
        json!({}),
        json!([]),
    )
    .await;
    let author = json!({"name": "Ada", "news": [{"title": "B"}]});
    let data = json!({"news": [{"title": "A", "at": 1, "by": {"$ref": "ada"}}], "ada": author});
    let query = "subscription { news { __typename title by { name news { title } } } }";
    let news = json!({"__typename": "News", "title": "A", "by": {"name": "Ada", "news": [{"title": "B"}]}});
    check(
        data,
        query,
        json!({}),
        json!([event(json!({"news": news}))]),
    )
    .await;
}

#[tokio::test]
async fn instructions_make_lists_and_stand_in_them() {
    let data = json!({"ticks": [{"$arg": "from"}, {"$incr": "n"}, {"$incr": "n"}]});
    let query = "subscription ($f: Int) { ticks(from: $f) }";
    let expect = |from: i32| {
        let tick = |n: i32| event(json!({ "ticks": n }));
        json!([tick(from), tick(1), tick(2)])
    };
    check(data.clone(), query, json!({"f": 7}), expect(7)).await;
    check(data, query, json!({}), expect(1)).await;
    let by_kind = json!({"news": {
        "$switch": "kind", "cases": {"none": []}, "default": [{"title": {"$arg": "kind"}, "at": 1}],
    }});
    check(
        by_kind.clone(),
        "subscription { news(kind: \"none\") { at } }",
        json!({}),
        json!([]),
    )
    .await;
    let one = json!([event(json!({"news": {"title": null}}))]);
    check(
        by_kind,
        "subscription { news(kind: \"x\") { title } }",
        json!({}),
        one,
    )
    .await;
    let of_argument = json!({"ticks": {"$arg": "list"}});
    let two = json!([event(json!({"ticks": 5})), event(json!({"ticks": 6}))]);
    check(
        of_argument,
        "subscription { ticks(list: [5, 6]) }",
        json!({}),
        two,
    )
    .await;
    let mapped =
        json!({"ticks": {"$map": "list", "cases": {"1": 10}, "default": {"$arg": "from"}}});
    let two = json!([event(json!({"ticks": 10})), event(json!({"ticks": 3}))]);
    check(
        mapped,
        "subscription { ticks(from: 3, list: [1, 2]) }",
        json!({}),
        two,
    )
    .await;
}

#[tokio::test]
async fn an_event_that_fails_is_one_response() {
    let data = json!({"must": [1, {"$error": "late", "$extensions": {"n": 1}}, null, 4]});
    let error = |message: &str| json!({"message": message, "locations": [{"line": 1, "column": 16}], "path": ["must"]});
    let mut late = error("late");
    late["extensions"] = json!({"n": 1});
    let expect = json!([
        event(json!({"must": 1})),
        {"data": null, "errors": [late]},
        {"data": null, "errors": [error("Cannot return null for non-nullable field Subscription.must.")]},
        event(json!({"must": 4})),
    ]);
    check(data, "subscription { must }", json!({}), expect).await;
}

#[tokio::test]
async fn what_is_no_list_has_no_events() {
    for (data, message) in [
        (
            json!({}),
            "`Subscription.ticks` needs a list: its items are the events",
        ),
        (
            json!({"ticks": 3}),
            "`Subscription.ticks` needs a list: its items are the events",
        ),
        (json!({"ticks": {"$error": "closed"}}), "closed"),
        (
            json!({"ticks": {"$ref": "ticks"}}),
            "`$ref` goes in a circle",
        ),
    ] {
        let found = events(with_data(SDL, data), "subscription { ticks }", json!({})).await;
        assert_eq!(found["errors"][0]["message"], message, "{found}");
        assert_eq!(found["errors"][0]["path"], json!(["ticks"]), "{found}");
        assert_eq!(found.get("data"), None, "{found}");
    }
}

#[tokio::test(start_paused = true)]
async fn events_take_their_time() {
    let later = |ms: u64, value: Value| json!({"$delay": ms, "value": value});
    let data = json!({
        "ticks": later(100, json!([later(60_000, json!(1)), {"$incr": "n"}])),
        "news": [{"at": later(10, json!(1)), "title": later(20, json!("T"))}],
    });
    let start = tokio::time::Instant::now();
    let both = json!([event(json!({"ticks": 1})), event(json!({"ticks": 1}))]);
    check(data.clone(), "subscription { ticks }", json!({}), both).await;
    assert_eq!(
        start.elapsed().as_millis(),
        60_100,
        "longer than an operation may take"
    );
    let start = tokio::time::Instant::now();
    let one = json!([event(json!({"news": {"at": 1, "title": "T"}}))]);
    check(data, "subscription { news { at title } }", json!({}), one).await;
    assert_eq!(start.elapsed().as_millis(), 20);
}

#[tokio::test]
async fn generated_values_have_one_event() {
    let sdl = "type Query { news: [Int!]! } type Subscription { news: [Int!]! }";
    let once = events(generated(sdl, "1"), "subscription { n: news }", json!({})).await;
    let asked = ask(generated(sdl, "1"), "{ n: news }", json!({})).await;
    assert_eq!(once, json!([asked]));
}
