//! Operations over HTTP against the running server.

use crate::server::{Server, eventually};
use serde_json::{Value, json};

#[test]
fn a_nested_query_with_a_filter_and_a_cursor() {
    let server = Server::start();
    let query = "query($after: String) {
        listings(first: 2, after: $after, filter: {region: {eq: EUROPE}}, orderBy: [{price: ASC}]) {
            totalCount
            pageInfo { hasNextPage endCursor }
            edges { cursor node { title price host { name } amenities { name } reviews { rating author { name } } } }
        }
    }";
    let first = server.data(None, query, json!({}));
    let page = &first["listings"];
    let total = page["totalCount"].as_u64().expect("a count");
    assert!(total > 2, "the seed has enough: {page:#}");
    assert_eq!(page["pageInfo"]["hasNextPage"], true);
    let mut seen = titles(page);
    let mut cursor = page["pageInfo"]["endCursor"].clone();
    while !cursor.is_null() {
        let next = server.data(None, query, json!({"after": cursor}));
        let page = &next["listings"];
        seen.extend(titles(page));
        cursor = if page["pageInfo"]["hasNextPage"] == true {
            page["pageInfo"]["endCursor"].clone()
        } else {
            Value::Null
        };
    }
    assert_eq!(seen.len() as u64, total, "every row once: {seen:?}");
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len() as u64, total, "no row twice");
}

#[test]
fn a_create_by_the_wrong_user_is_refused() {
    let server = Server::start();
    let create = "mutation { createListing(input: {title: \"Not mine to offer\", region: EUROPE, city: \"Rome\", price: \"10.00\"}) { id } }";
    let visitor = server.query(None, create, json!({}));
    assert_eq!(
        visitor["errors"][0]["extensions"]["code"], "UNAUTHENTICATED",
        "{visitor:#}"
    );
    let guest = server.login("guest@example.com");
    let refused = server.query(Some(&guest), create, json!({}));
    assert_eq!(
        refused["errors"][0]["extensions"]["code"], "FORBIDDEN",
        "{refused:#}"
    );
    let host = server.login("host@example.com");
    let made = server.data(Some(&host), create, json!({}));
    assert!(made["createListing"]["id"].is_string());
}

#[test]
fn a_booking_enqueues_its_webhook_and_the_job_runs() {
    let server = Server::start();
    let host = server.login("host@example.com");
    let receiver = crate::server::Receiver::start();
    server.data(
        Some(&host),
        "mutation($url: String!) { createWebhook(input: {url: $url}) { id } }",
        json!({"url": receiver.url}),
    );
    let guest = server.login("guest@example.com");
    let mine = server.data(
        Some(&host),
        "{ me { listings { id published } } }",
        json!({}),
    );
    let listing = mine["me"]["listings"]
        .as_array()
        .and_then(|all| all.iter().find(|l| l["published"] == true))
        .expect("the host offers something")["id"]
        .clone();
    let book = "mutation($listing: ID!) { book(listingId: $listing, startsOn: \"2030-05-01\", endsOn: \"2030-05-04\") { id total status } }";
    let booked = server.data(Some(&guest), book, json!({"listing": listing}));
    let again = server.query(Some(&guest), book, json!({"listing": listing}));
    assert_eq!(
        again["errors"][0]["extensions"]["code"], "CONFLICT",
        "the dates are taken: {again:#}"
    );

    let delivered = receiver.next();
    assert_eq!(delivered["booking"], booked["book"]["id"]);
    eventually("the run in the history", || {
        let history: Value =
            serde_json::from_str(&server.run(&["jobs", "history", "send_webhook", "--json"]))
                .ok()?;
        history
            .as_array()?
            .iter()
            .find(|run| run["state"] == "completed")
            .cloned()
    });
}

#[test]
fn what_was_committed_survives_a_kill() {
    let server = Server::start();
    let host = server.login("host@example.com");
    let create = "mutation { createListing(input: {title: \"Here to stay\", region: ASIA_PACIFIC, city: \"Kyoto\", price: \"99.50\", published: true}) { id } }";
    let id = server.data(Some(&host), create, json!({}))["createListing"]["id"].clone();
    let dir = server.kill();
    let server = Server::start_in(dir);
    let found = server.data(
        None,
        "query($id: ID!) { listing(id: $id) { title price } }",
        json!({"id": id}),
    );
    assert_eq!(
        found["listing"],
        json!({"title": "Here to stay", "price": "99.50"})
    );
}

#[test]
fn internals_stay_inside() {
    let server = Server::start();
    let answer = server.query(
        None,
        "{ listings(first: 1, after: \"no cursor\") { totalCount } }",
        json!({}),
    );
    let message = answer["errors"][0]["message"]
        .as_str()
        .expect("a message")
        .to_lowercase();
    assert!(
        !message.contains("sql") && !message.contains("base64"),
        "{answer:#}"
    );
    assert!(
        answer["errors"][0]["extensions"]["requestId"].is_string(),
        "{answer:#}"
    );
}

#[test]
fn the_command_line_lists_what_fires_next() {
    let server = Server::start();
    let next: Value = serde_json::from_str(&server.run(&["jobs", "next", "--json"])).expect("JSON");
    let names: Vec<_> = next
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|t| t["job"].as_str())
        .collect();
    assert!(
        names.contains(&"clear_expired_sessions") || names.contains(&"heartbeat"),
        "{next:#}"
    );
    server.run(&["jobs", "run", "clear_expired_sessions", "--wait"]);
    let history: Value =
        serde_json::from_str(&server.run(&["jobs", "history", "clear_expired_sessions", "--json"]))
            .expect("JSON");
    assert_eq!(history[0]["state"], "completed", "{history:#}");
}

fn titles(page: &Value) -> Vec<String> {
    page["edges"]
        .as_array()
        .expect("edges")
        .iter()
        .map(|e| e["node"]["title"].as_str().expect("a title").to_owned())
        .collect()
}
