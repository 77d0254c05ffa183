//! Many responses to one request: server-sent events and parts.

use http_body_util::BodyExt;

use super::*;

fn subscribe(query: &str, accept: &str) -> Ask {
    post(json!({ "query": query }).to_string()).accept(accept)
}

const EVENTS: &str = "text/event-stream";

fn event(json: &str) -> String {
    format!("event: next\ndata: {json}\n\n")
}

#[test]
fn a_subscription_by_events() {
    let ticks = [0, 1].map(|n| event(&format!(r#"{{"data":{{"ticks":{n}}}}}"#)));
    let all = format!(":\n\n{}event: complete\ndata: \n\n", ticks.concat());
    let query = "subscription { ticks(count: 2) }";
    let address = format!("/graphql?query={}", query.replace(' ', "+"));
    for accept in [EVENTS, "application/json, text/event-stream"] {
        for ask in [subscribe(query, accept), fetch(&address).accept(accept)] {
            let reply = send(with(|_| {}), ask);
            assert_eq!(reply.head.status(), 200);
            assert_eq!(
                reply.header("content-type"),
                "text/event-stream; charset=utf-8"
            );
            assert_eq!(reply.header("cache-control"), "no-store");
            assert_eq!(reply.header("x-request-id").len(), 32);
            assert_eq!(reply.text(), all);
        }
    }
}

#[test]
fn who_takes_events_alone_gets_everything_by_events() {
    for (query, has) in [
        ("{ hello }", event(HELLO)),
        ("mutation { count }", event(r#"{"data":{"count":1}}"#)),
        ("{ nope }", "event: next\ndata: {\"errors\":[{".to_owned()),
        ("subscription { ticks(count: -1) }", "no clock".to_owned()),
    ] {
        let reply = send(with(|_| {}), subscribe(query, EVENTS));
        assert_eq!(reply.head.status(), 200, "{query}");
        assert!(reply.text().contains(&has), "{query}: {}", reply.text());
        assert!(
            reply.text().ends_with("event: complete\ndata: \n\n"),
            "{query}"
        );
    }
    let both = subscribe("{ hello }", "text/event-stream, application/json");
    check(both, 200, JSON, HELLO);
    let forged = subscribe("{ hello }", EVENTS).with("authorization", "Bearer forged");
    check(forged, 401, JSON, "UNAUTHENTICATED");
    let mutation = fetch("/graphql?query=mutation{count}").accept(EVENTS);
    check(mutation, 405, JSON, "must be sent by POST");
}

#[test]
fn a_subscription_needs_a_stream() {
    let query = "subscription { ticks }";
    let new = "application/graphql-response+json";
    refused(subscribe(query, new), 400, GRAPHQL, "many responses");
    refused(subscribe(query, "*/*"), 200, JSON, "many responses");
}

#[test]
fn silence_is_filled_with_comments() {
    let router = with(|options| options.keep_alive = Duration::from_millis(7));
    let ask = subscribe("subscription { ticks(count: -4) }", EVENTS);
    let body = patient().block_on(async {
        let body = router.oneshot(ask.0).await.unwrap().into_body();
        body.collect().await.unwrap().to_bytes()
    });
    let text = std::str::from_utf8(&body).unwrap();
    let mut silences = text
        .split("event: next")
        .map(|part| part.matches(":\n\n").count());
    // A tick comes after 40 milliseconds; the stream itself begins with a comment.
    assert_eq!(silences.next(), Some(6), "{text}");
    assert_eq!(silences.next(), Some(5), "{text}");
    assert_eq!(silences.count(), 1, "{text}");
}

#[test]
fn apollos_parts_have_an_envelope() {
    let accept = "multipart/mixed;boundary=\"graphql\";subscriptionSpec=1.0,application/json";
    let reply = send(
        with(|_| {}),
        subscribe("subscription { ticks(count: 2) }", accept),
    );
    let kind = "multipart/mixed; boundary=\"-\"; subscriptionSpec=1.0";
    assert_eq!(reply.header("content-type"), kind);
    let part = |n| {
        format!(
            "\r\ncontent-type: application/json; charset=utf-8\r\n\r\n\
             {{\"payload\":{{\"data\":{{\"ticks\":{n}}}}}}}\r\n---"
        )
    };
    assert_eq!(reply.text(), format!("---{}{}--\r\n", part(0), part(1)));
    let one = subscribe("{ hello }", accept);
    check(one, 200, JSON, HELLO);
}

#[test]
fn nothing_is_asked_of_the_source_before_the_client_reads() {
    let app = std::sync::Arc::new(App::default());
    let server = Server::<App>::new(std::sync::Arc::clone(&app), Services::new()).unwrap();
    let router = router(server, Options::default());
    let asked = || app.calls.lock().unwrap().len();
    runtime().block_on(async {
        let ask = subscribe("subscription { ticks(count: 50) }", EVENTS);
        let mut body = router.oneshot(ask.0).await.unwrap().into_body();
        assert_eq!(asked(), 0);
        body.frame().await.unwrap().unwrap();
        for read in 1..=10 {
            body.frame().await.unwrap().unwrap();
            assert_eq!(asked(), read);
        }
        drop(body);
        assert_eq!(app.calls.lock().unwrap().last().unwrap(), "ticks dropped");
    });
}

/// The payloads of `multipart/mixed`, taken apart as a client does.
fn parts(reply: &Reply) -> Vec<Value> {
    assert_eq!(
        reply.header("content-type"),
        "multipart/mixed; boundary=\"-\""
    );
    let text = reply.text().strip_prefix("---").unwrap();
    let text = text.strip_suffix("\r\n-----\r\n").unwrap();
    let payload = |part: &str| {
        let (head, body) = part.split_once("\r\n\r\n").unwrap();
        assert_eq!(head, "\r\ncontent-type: application/json; charset=utf-8");
        serde_json::from_str(body).unwrap()
    };
    text.split("\r\n---").map(payload).collect()
}

#[test]
fn what_is_deferred_comes_in_parts_to_those_who_take_them() {
    let query = "{ hello ... @defer { slow: hello(name: \"later\") } }";
    let ask = |accept| send(with(|_| {}), subscribe(query, accept));
    let by_parts = parts(&ask("application/json, multipart/mixed"));
    assert_eq!(by_parts[0]["data"], json!({ "hello": "Hello, world!" }));
    assert_eq!(by_parts[0]["hasNext"], true);
    let last = by_parts.last().unwrap();
    assert_eq!(last["hasNext"], false);
    assert_eq!(
        last["incremental"][0]["data"],
        json!({ "slow": "Hello, later!" })
    );
    let events = ask("application/json, text/event-stream");
    let by_events: Vec<Value> = events
        .text()
        .split("event: next\ndata: ")
        .skip(1)
        .map(|event| serde_json::from_str(event.lines().next().unwrap()).unwrap())
        .collect();
    assert_eq!(by_events, by_parts);
    // Who does not take them gets everything at once.
    let whole = json!({ "data": { "hello": "Hello, world!", "slow": "Hello, later!" } });
    for accept in [
        "*/*",
        "multipart/mixed; deferSpec=20220824, application/json",
    ] {
        let reply = ask(accept);
        assert_eq!(
            (reply.header("content-type"), reply.json()),
            (JSON, whole.clone())
        );
    }
    // A wrong document has one response.
    let wrong = subscribe(
        "{ nope ... @defer { hello } }",
        "multipart/mixed, application/json",
    );
    check(wrong, 200, JSON, "VALIDATION_FAILED");
}
