//! The router, driven without a socket: what a client gets for each kind of request.
#![cfg(feature = "http")]
#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "../sketch/app.rs"]
#[allow(missing_docs, unreachable_pub, dead_code)]
mod app;
#[path = "../sketch/generated.rs"]
#[allow(missing_docs, unreachable_pub, dead_code)]
mod generated;

mod bodies;
mod documents;
mod doors;
mod forms;
mod serving;
mod sockets;
mod streams;

use std::time::Duration;

use app::{App, Guest};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Request, Response, header};
use axum::routing::get;
use graphwright::http::{Options, router};
use graphwright::{Limits, Server, Services};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

const JSON: &str = "application/json; charset=utf-8";
const GRAPHQL: &str = "application/graphql-response+json; charset=utf-8";
const HELLO: &str = r#"{"data":{"hello":"Hello, world!"}}"#;

/// A router of small limits.
fn small() -> Router {
    let limits = Limits {
        timeout: Duration::from_millis(50),
        ..Limits::default()
    };
    let server = Server::with_limits(App::default(), Services::new(), limits).unwrap();
    let mut options = Options::default();
    options.body_limit = 200;
    router(server, options)
}

/// A router with some options changed.
fn with(change: impl FnOnce(&mut Options)) -> Router {
    let server = Server::new(App::default(), Services::new()).unwrap();
    let mut options = Options::default();
    change(&mut options);
    router(server, options)
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

/// One whose clock goes on only while nobody has anything to do: what is answered at all is answered in time, however busy
/// the machine is, and nobody waits for what takes too long.
fn patient() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap()
}

/// A request as a client would send it.
struct Ask(Request<Body>);

/// `POST /graphql` of JSON.
fn post(body: impl Into<Body>) -> Ask {
    ask("POST", "/graphql", body).with("content-type", "application/json")
}

/// `GET` of that address.
fn fetch(address: &str) -> Ask {
    ask("GET", address, Body::empty())
}

fn ask(method: &str, address: &str, body: impl Into<Body>) -> Ask {
    let request = Request::builder().method(method).uri(address);
    Ask(request.body(body.into()).unwrap())
}

impl Ask {
    /// With this header, and no other of its name.
    fn with(mut self, name: &'static str, value: &str) -> Ask {
        self.0.headers_mut().insert(name, value.parse().unwrap());
        self
    }

    fn without(mut self, name: &str) -> Ask {
        self.0.headers_mut().remove(name);
        self
    }

    fn accept(self, media: &str) -> Ask {
        self.with("accept", media)
    }
}

struct Reply {
    head: Response<()>,
    body: Bytes,
}

impl Reply {
    fn header(&self, name: &str) -> &str {
        let value = self.head.headers().get(name);
        value.map_or("", |value| value.to_str().unwrap())
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

fn send(router: Router, ask: Ask) -> Reply {
    patient().block_on(async {
        let (head, body) = router.oneshot(ask.0).await.unwrap().into_parts();
        Reply {
            head: Response::from_parts(head, ()),
            body: body.collect().await.unwrap().to_bytes(),
        }
    })
}

/// Status, content type, and a piece of the body.
#[track_caller]
fn check(ask: Ask, status: u16, media: &str, has: &str) -> Reply {
    let reply = send(small(), ask);
    let found = (reply.head.status().as_u16(), reply.header("content-type"));
    let text = String::from_utf8_lossy(&reply.body);
    assert_eq!(found, (status, media), "{text}");
    assert!(text.contains(has), "{has} is not in {text}");
    reply
}

/// A request that never comes to an operation: told as an error without data, with the id that the header has too.
#[track_caller]
fn refused(ask: Ask, status: u16, media: &str, has: &str) -> Reply {
    let reply = check(ask, status, media, has);
    let json = reply.json();
    assert!(json.get("data").is_none(), "{json}");
    let id = &json["errors"][0]["extensions"]["requestId"];
    assert_eq!(id, reply.header("x-request-id"), "{json}");
    assert_eq!(reply.header("cache-control"), "no-store");
    reply
}

fn hello() -> Ask {
    post(r#"{"query":"{ hello }"}"#)
}

#[test]
fn the_answer_has_the_media_type_that_the_client_likes() {
    check(hello(), 200, JSON, HELLO);
    check(hello().accept("*/*"), 200, JSON, HELLO);
    check(hello().accept("application/json"), 200, JSON, HELLO);
    let new = "application/graphql-response+json";
    check(hello().accept(new), 200, GRAPHQL, HELLO);
    let both = format!("{new}, application/json;q=0.9");
    check(hello().accept(&both), 200, GRAPHQL, HELLO);
    let neither = "this endpoint answers application/graphql-response+json and application/json";
    refused(hello().accept("text/plain"), 406, JSON, neither);
    refused(hello().accept("text/html"), 406, JSON, neither);
    refused(
        hello().accept("application/xml, text/*"),
        406,
        JSON,
        neither,
    );
}

#[test]
fn only_json_in_utf_8_is_read() {
    for good in [
        "application/json",
        "application/json; charset=utf-8",
        "Application/JSON;charset=\"UTF-8\"",
        "application/json; profile=x",
    ] {
        check(hello().with("content-type", good), 200, JSON, HELLO);
    }
    let why = "send the request as `content-type: application/json` in UTF-8";
    for bad in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/graphql",
        "application/json; charset=latin1",
        "application/jsonx",
        "",
    ] {
        refused(hello().with("content-type", bad), 415, JSON, why);
    }
    refused(hello().without("content-type"), 415, JSON, why);
    let name = "Žofie 🐢";
    let body =
        json!({ "query": "query ($n: String!) { hello(name: $n) }", "variables": { "n": name } });
    check(post(body.to_string()), 200, JSON, name);
    refused(post(&b"{\"query\":\"\xff\"}"[..]), 400, JSON, "not JSON");
}

#[test]
fn members_have_their_types() {
    for (body, has) in [
        ("", "the body is not JSON: line 1, column 0"),
        ("{", "the body is not JSON: line 1, column 1"),
        (
            "{\n\"query\": x}",
            "the body is not JSON: line 2, column 10",
        ),
        ("{} {}", "the body is not JSON"),
        ("[]", "batches are not taken"),
        (r#"[{"query":"{ hello }"}]"#, "batches are not taken"),
        ("null", "must be a JSON object"),
        ("\"{ hello }\"", "must be a JSON object"),
        ("{}", "the body has no `query`"),
        (r#"{"query":null}"#, "the body has no `query`"),
        (r#"{"query":1}"#, "`query` must be a string"),
        (r#"{"query":["{ hello }"]}"#, "`query` must be a string"),
        (
            r#"{"query":"{ hello }","operationName":{}}"#,
            "`operationName` must be a string",
        ),
        (
            r#"{"query":"{ hello }","operationName":0}"#,
            "`operationName` must be a string",
        ),
        (
            r#"{"query":"{ hello }","variables":"{}"}"#,
            "`variables` must be an object",
        ),
        (
            r#"{"query":"{ hello }","variables":[]}"#,
            "`variables` must be an object",
        ),
        (
            r#"{"query":"{ hello }","extensions":0}"#,
            "`extensions` must be an object",
        ),
    ] {
        refused(post(body), 400, JSON, has);
        let new = "application/graphql-response+json";
        refused(post(body).accept(new), 400, GRAPHQL, has);
    }
    for body in [
        r#"{"query":"{ hello }","operationName":null,"variables":null,"extensions":null}"#,
        r#"{"query":"{ hello }","variables":{},"extensions":{"any":[1]},"unknown":1}"#,
        r#"{"query":"query A { hello } query B { count: hello }","operationName":"A"}"#,
    ] {
        check(post(body), 200, JSON, HELLO);
    }
}

#[test]
fn status_codes_of_requests_that_are_refused_before_execution() {
    for (query, variables, has) in [
        ("{", json!({}), "PARSE_FAILED"),
        ("{ nope }", json!({}), "VALIDATION_FAILED"),
        (
            "query A { hello } query B { hello }",
            json!({}),
            "BAD_REQUEST",
        ),
        (
            "query ($n: String!) { hello(name: $n) }",
            json!({}),
            "BAD_USER_INPUT",
        ),
        (
            "query ($n: String!) { hello(name: $n) }",
            json!({ "n": 1 }),
            "Variable \\\"$n\\\"",
        ),
    ] {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let new = "application/graphql-response+json";
        refused(post(body.clone()).accept(new), 400, GRAPHQL, has);
        refused(post(body), 200, JSON, has);
    }
}

#[test]
fn an_executed_operation_is_200_whatever_its_fields_say() {
    let new = "application/graphql-response+json";
    for (query, has) in [
        (
            "{ broken }",
            r#"{"data":null,"errors":[{"message":"internal error""#,
        ),
        (
            "{ hello(name: \\\"panic\\\") }",
            r#"{"data":null,"errors":[{"message":"internal error""#,
        ),
        ("{ secret }", r#"{"data":{"secret":null},"errors":["#),
    ] {
        let body = format!(r#"{{"query":"{query}"}}"#);
        let reply = check(post(body.clone()).accept(new), 200, GRAPHQL, has);
        assert!(!reply.text().contains("invalid digit"), "{}", reply.text());
        assert!(!reply.text().contains("a bug"), "{}", reply.text());
        check(post(body), 200, JSON, has);
    }
}

#[test]
fn resolvers_read_what_a_layer_knows_of_the_request() {
    let welcome = r#"{"data":{"hello":"Welcome, Ada!"}}"#;
    let query = r#"{"query":"{ hello(name: \"guest\") }"}"#;
    let batch = format!("[{query},{query}]");
    for (ask, expect) in [
        (post(query), welcome.to_owned()),
        (post(batch), format!("[{welcome},{welcome}]")),
        (
            post(query).accept("multipart/mixed, application/json"),
            welcome.to_owned(),
        ),
    ] {
        let known = with(|options| options.batch = 2).layer(axum::Extension(Guest("Ada")));
        assert_eq!(send(known, ask).text(), expect);
    }
    let nobody = send(with(|_| {}), post(query));
    assert!(nobody.text().contains("no guest"), "{}", nobody.text());
}

#[test]
fn get_asks_and_never_changes() {
    check(fetch("/graphql?query=%7B+hello%20%7D"), 200, JSON, HELLO);
    let new = "application/graphql-response+json";
    check(
        fetch("/graphql?query={hello}&cachebuster=1").accept(new),
        200,
        GRAPHQL,
        HELLO,
    );
    check(
        fetch(
            "/graphql?query=query($n:String!){hello(name:$n)}&variables=%7B%22n%22:%22B%C3%B6%22%7D&extensions={}",
        ),
        200,
        JSON,
        "Hello, Bö!",
    );
    check(
        fetch("/graphql?query=query+A{hello}query+B{b:hello}&operationName=B&variables="),
        200,
        JSON,
        r#"{"data":{"b":"#,
    );
    for (query, has) in [
        ("", "the address has no `query`"),
        ("?variables={}", "the address has no `query`"),
        ("?query={hello}&variables={", "`variables` is not JSON"),
        (
            "?query={hello}&variables=1",
            "`variables` must be an object",
        ),
        (
            "?query={hello}&extensions=[]",
            "`extensions` must be an object",
        ),
        (
            "?query={hello}&query={hello}",
            "the query string is not well-formed",
        ),
    ] {
        refused(fetch(&format!("/graphql{query}")), 400, JSON, has);
    }
    for address in [
        "/graphql?query=mutation{count}",
        "/graphql?query=query+A{hello}mutation+B{count}&operationName=B",
    ] {
        let reply = refused(fetch(address), 405, JSON, "a mutation must be sent by POST");
        assert_eq!(reply.header("allow"), "POST");
        refused(
            fetch(address).accept(new),
            405,
            GRAPHQL,
            "a mutation must be sent by POST",
        );
    }
    check(
        post(r#"{"query":"mutation { count }"}"#),
        200,
        JSON,
        r#"{"data":{"count":1}}"#,
    );
}

#[test]
fn other_methods_are_told_which_would_do() {
    for method in ["PUT", "PATCH", "DELETE", "OPTIONS", "BREW"] {
        let reply = refused(
            ask(method, "/graphql", "{}"),
            405,
            JSON,
            "this endpoint takes GET and POST",
        );
        assert_eq!(reply.header("allow"), "GET, POST", "{method}");
    }
}

/// A body of these pieces, whose length no header tells.
fn chunks(pieces: &'static [&'static str]) -> Body {
    let pieces = pieces.iter().map(|piece| Ok::<_, std::io::Error>(*piece));
    Body::from_stream(futures_util::stream::iter(pieces))
}

#[test]
fn bodies_have_a_limit_with_and_without_a_length() {
    let padded = |length: usize| format!("{:<length$}", r#"{"query":"{ hello }"}"#);
    check(post(padded(200)), 200, JSON, HELLO);
    refused(post(padded(201)), 413, JSON, "the body is too large");
    check(
        post(chunks(&["{\"query\":", "\"{ hello }\"", "}"])),
        200,
        JSON,
        HELLO,
    );
    const MANY: &[&str] = &["          "; 21];
    refused(post(chunks(MANY)), 413, JSON, "the body is too large");
    let broken = futures_util::stream::iter([Ok("{"), Err(std::io::Error::other("reset"))]);
    let body = Body::from_stream(broken);
    refused(post(body), 400, JSON, "the body could not be read");
    let forever = futures_util::stream::pending::<Result<Bytes, std::io::Error>>();
    let body = Body::from_stream(forever);
    refused(post(body), 408, JSON, "the body took too long");
}

#[test]
fn the_request_id_is_the_clients_if_it_is_harmless() {
    let reply = check(hello().with("x-request-id", "a-b_c.9"), 200, JSON, HELLO);
    assert_eq!(reply.header("x-request-id"), "a-b_c.9");
    let broken = post(r#"{"query":"{ broken }"}"#).with("x-request-id", "mine");
    check(broken, 200, JSON, r#""requestId":"mine""#);
    for odd in ["a b", "<b>", ""] {
        let reply = refused(post("").with("x-request-id", odd), 400, JSON, "not JSON");
        assert_eq!(reply.header("x-request-id").len(), 32, "{odd}");
    }
    let ids = [0, 1].map(|_| send(small(), hello()).header("x-request-id").to_owned());
    assert_ne!(ids[0], ids[1]);
}

#[test]
fn who_cannot_be_authenticated_is_told_no_more_than_that() {
    let signed = |token: &str| hello().with("authorization", token);
    check(signed("Bearer good"), 200, JSON, HELLO);
    let reply = refused(signed("Bearer forged"), 401, JSON, "the token is not ours");
    assert_eq!(
        reply.json()["errors"][0]["extensions"]["code"],
        "UNAUTHENTICATED"
    );
    assert_eq!(reply.header("www-authenticate"), "Bearer");
    for token in ["Bearer broken", "Bearer panic"] {
        let reply = refused(signed(token), 500, JSON, "INTERNAL");
        assert_eq!(reply.json()["errors"][0]["message"], "internal error");
    }
    refused(signed("Bearer forever"), 504, JSON, "TIMEOUT");
}

#[test]
fn an_operation_that_takes_too_long_is_a_504() {
    let slow = || post(r#"{"query":"{ hello(name: \"forever\") }"}"#);
    refused(slow(), 504, JSON, "TIMEOUT");
    refused(
        slow().accept("application/graphql-response+json"),
        504,
        GRAPHQL,
        "TIMEOUT",
    );
}

/// What a browser sends when a person opens an address.
const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

#[test]
fn browsers_get_graphiql_and_clients_do_not() {
    let page = check(
        fetch("/graphql").accept(BROWSER),
        200,
        "text/html; charset=utf-8",
        "GraphiQL",
    );
    let policy = page.header("content-security-policy");
    for part in [
        "default-src 'none'",
        "script-src 'self';",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert!(
        !page.text().contains("<script>"),
        "the policy would stop it"
    );
    refused(fetch("/graphql"), 400, JSON, "the address has no `query`");
    refused(
        fetch("/graphql").accept("*/*"),
        400,
        JSON,
        "the address has no `query`",
    );
    check(
        fetch("/graphql?query={hello}").accept(BROWSER),
        200,
        JSON,
        HELLO,
    );
    let mut options = Options::default();
    options.graphiql = false;
    let server = Server::new(App::default(), Services::new()).unwrap();
    let reply = send(router(server, options), fetch("/graphql").accept(BROWSER));
    assert_eq!(reply.head.status(), 400);
}

#[test]
fn the_page_finds_its_files_wherever_the_router_is_nested() {
    let router = Router::new().nest("/api", small());
    let page = send(router.clone(), fetch("/api/graphql").accept(BROWSER));
    let files: Vec<_> = page
        .text()
        .split('"')
        .filter_map(|piece| piece.strip_prefix("graphql/graphiql/"))
        .collect();
    assert_eq!(files.len(), 6, "{files:?}");
    for name in files {
        let reply = send(
            router.clone(),
            fetch(&format!("/api/graphql/graphiql/{name}")),
        );
        assert_eq!(reply.head.status(), 200, "{name}");
        let kind = if name.ends_with(".js") {
            "text/javascript"
        } else {
            "text/css"
        };
        assert!(reply.header("content-type").starts_with(kind), "{name}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        let packed = reply.body.starts_with(&[0x1f, 0x8b]);
        assert_eq!(
            reply.header("content-encoding"),
            if packed { "gzip" } else { "" },
            "{name}"
        );
        assert!(packed || reply.body.len() < 10_000, "{name}");
    }
    for nothing in ["x.js", "..%2Fmod.rs", ""] {
        let reply = send(
            router.clone(),
            fetch(&format!("/api/graphql/graphiql/{nothing}")),
        );
        assert_eq!(reply.head.status(), 404, "{nothing}");
    }
}

#[test]
fn people_nest_the_router_and_put_layers_around() {
    async fn stamp(
        request: axum::extract::Request,
        next: axum::middleware::Next,
    ) -> axum::response::Response {
        let mut response = next.run(request).await;
        response
            .headers_mut()
            .insert("x-layer", header::HeaderValue::from_static("mine"));
        response
    }
    let router = Router::new()
        .route("/", get(|| async { "home" }))
        .nest("/api", small())
        .layer(axum::middleware::from_fn(stamp));
    for (address, status, has) in [
        ("/", 200, "home"),
        ("/api/graphql?query={hello}", 200, HELLO),
        ("/api/graphql", 400, "no `query`"),
        ("/api/health", 200, "ok"),
        ("/graphql?query={hello}", 404, ""),
        ("/api/nothing", 404, ""),
    ] {
        let reply = send(router.clone(), fetch(address));
        assert_eq!(reply.head.status(), status, "{address}");
        assert!(reply.text().contains(has), "{address}: {}", reply.text());
        assert_eq!(reply.header("x-layer"), "mine", "{address}");
    }
}

#[test]
fn health_without_a_database_is_good() {
    check(fetch("/health"), 200, "text/plain; charset=utf-8", "ok\n");
    assert_eq!(send(small(), ask("POST", "/health", "")).head.status(), 405);
}

#[cfg(feature = "sqlite")]
#[test]
fn health_is_the_databases() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let db = graphwright::model::Db::temporary().await.unwrap();
        let services = Services::new().with_db(db.clone());
        let router = router(
            Server::new(App::default(), services).unwrap(),
            Options::default(),
        );
        let status =
            async |router: Router| router.oneshot(fetch("/health").0).await.unwrap().status();
        assert_eq!(status(router.clone()).await, 200);
        db.close().await;
        assert_eq!(status(router).await, 503);
    });
}
