//! The counter of development: a field that goes to the database once for each of its parents is told in the log.

#![cfg(all(feature = "app", feature = "testing", debug_assertions))]
#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "sketch/app.rs"]
#[allow(missing_docs, unreachable_pub, dead_code)]
mod app;
#[path = "sketch/generated.rs"]
#[allow(missing_docs, unreachable_pub, dead_code)]
mod generated;

use std::io::Write;
use std::sync::{Arc, Mutex};

use app::App;
use graphwright::engine::response::Request;
use graphwright::model::Db;
use graphwright::{Server, Services};

/// Where the log goes.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What the log says of an operation that finds that many books.
async fn said(books: usize) -> String {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(move || writer.clone())
        .with_ansi(false)
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let services = Services::new().with_db(Db::open("sqlite::memory:").await.unwrap());
    let server = Server::new(App::default(), services).unwrap();
    let ids: Vec<String> = (0..books).map(|_| "\"1\"".to_owned()).collect();
    let query = format!(
        "{{ nodes(ids: [{}]) {{ ... on Book {{ reviews {{ stars }} }} }} }}",
        ids.join(",")
    );
    let request = Request {
        query,
        ..Request::default()
    };
    let response = server.execute(None, "r1", &request).await;
    let body = String::from_utf8(response.body).unwrap();
    assert_eq!(body.matches("\"reviews\"").count(), books, "{body}");
    let bytes = log.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn many_turns_of_one_field_are_told() {
    let log = said(21).await;
    assert!(
        log.contains("WARN") && log.contains("Book.reviews") && log.contains("times=21"),
        "{log}"
    );
    assert!(!said(20).await.contains("Book.reviews"));
}
