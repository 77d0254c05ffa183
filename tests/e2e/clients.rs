//! Clients that people use, of npm, against the runtime's own server.

use std::sync::{Arc, mpsc};
use std::time::Duration;

use graphwright::{Server, Services, http};
use serde_json::{Value, json};

use crate::App;
use crate::chromium::Chromium;
use crate::node;
use crate::server::eventually;

/// The sketch, served for as long as the process lives; answers its authority.
fn start(app: Arc<App>) -> String {
    let (tell, address) = mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let server = Server::<App>::new(app, Services::new()).unwrap();
            let router = http::router(server, http::Options::default());
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            tell.send(listener.local_addr().unwrap()).unwrap();
            let forever = std::future::pending();
            http::serve(listener, router, forever, Duration::ZERO).await
        })
    });
    address.recv().unwrap().to_string()
}

/// What a program told, once the source that it left was dropped.
fn told(program: &str, scheme: &str) -> Value {
    let app = Arc::new(App::default());
    let authority = start(Arc::clone(&app));
    let mut told = node::run(program, &[&format!("{scheme}://{authority}/graphql")]);
    let dropped = || {
        let calls = app.calls.lock().unwrap();
        let began = calls.iter().filter(|call| *call == "tick 0").count();
        let ended = calls.iter().filter(|call| *call == "ticks dropped").count();
        (began == ended).then_some(())
    };
    eventually("every source is dropped", dropped);
    told.pop().expect("a line")
}

fn ticks(count: i32) -> Value {
    (0..count)
        .map(|n| json!({ "data": { "ticks": n } }))
        .collect()
}

#[test]
fn graphql_ws_talks_to_us() {
    let told = told("ws.mjs", "ws");
    let hello = json!([{ "data": { "hello": "Hello, world!" } }]);
    assert_eq!(told["query"], hello);
    assert_eq!(told["mutation"], json!([{ "data": { "count": 1 } }]));
    assert_eq!(told["ticks"], ticks(3));
    let books = json!([
        { "data": { "books": { "id": "1", "author": { "name": "Author 1" } } } },
        { "data": { "books": null } },
    ]);
    assert_eq!(told["books"], books);
    assert_eq!(told["errors"], json!(["GRAPHQL_VALIDATION_FAILED"]));
    assert_eq!(told["many"], json!(vec![20; 50]));
    assert_eq!((&told["left"], &told["pongs"]), (&json!(1), &json!(true)));
    assert_eq!(told["known"], hello);
    assert_eq!(told["forged"], json!([4403, "Forbidden"]));
    assert_eq!(told["plain"], json!([4406, "Subprotocol not acceptable"]));
}

#[test]
fn graphql_sse_talks_to_us() {
    let told = told("sse.mjs", "http");
    assert_eq!(
        told["query"],
        json!([{ "data": { "hello": "Hello, world!" } }])
    );
    assert_eq!(told["mutation"], json!([{ "data": { "count": 1 } }]));
    assert_eq!(told["ticks"], ticks(3));
    assert_eq!(told["errors"], json!(["GRAPHQL_VALIDATION_FAILED"]));
    assert_eq!(told["many"], json!(vec![20; 20]));
    assert_eq!(told["left"], json!(1));
}

#[test]
fn graphiql_runs_a_subscription() {
    let url = format!("http://{}/graphql", start(Arc::new(App::default())));
    let mut page = Chromium::start();
    page.open(&url);
    page.wait_for("document.querySelector('.graphiql-query-editor .CodeMirror') !== null");
    page.wait_for("document.querySelector('button.graphiql-execute-button') !== null");
    page.evaluate(
        "document.querySelector('.graphiql-query-editor .CodeMirror').CodeMirror.setValue('subscription { ticks(count: 5) }')",
    );
    page.evaluate("document.querySelector('button.graphiql-execute-button').click()");
    // The pane shows the last event.
    page.wait_for(
        r#"(document.querySelector('.result-window .CodeMirror')?.CodeMirror.getValue() ?? '').includes('"ticks": 4')"#,
    );
}
