//! One operation of a socket: a task that pulls its responses and puts their messages into the socket's queue.
//!
//! In: an operation. Out: messages of the protocol. Must not know: the socket, other operations.

use std::sync::Arc;

use axum::http::request::Parts;
use futures_util::StreamExt as _;
use serde_json::Value;
use tokio::sync::mpsc;

use crate::Responses;
use crate::application::Application;
use crate::engine::response::{Outcome, Response as Done};
use crate::http::request::Operation;
use crate::http::{Endpoint, documents};

/// An operation on its way.
pub(super) struct Run<A: Application> {
    pub(super) endpoint: Endpoint<A>,
    pub(super) parts: Arc<Parts>,
    pub(super) request_id: String,
    pub(super) id: Arc<str>,
    pub(super) serial: u64,
    pub(super) events: mpsc::Sender<Event>,
}

impl<A: Application> Run<A> {
    pub(super) async fn operate(self, mut operation: Operation) {
        let options = self.endpoint.options();
        let register = match documents::find(&mut operation, options).await {
            Ok(register) => register,
            Err(answer) => {
                let text = self.failed(&answer.body(&self.request_id));
                return self.send(text, true).await;
            }
        };
        let mut request = operation.request;
        request.incremental = true;
        let document = register.as_ref().map(|_| request.query.clone());
        let (parts, id) = (Arc::clone(&self.parts), self.request_id.as_str());
        let responses = self.endpoint.server().respond_many(parts, id, request);
        match responses.await {
            Responses::One(done) if done.outcome != Outcome::Executed => {
                return self.send(self.failed(&done.body), true).await;
            }
            Responses::One(done) => {
                self.keep(register, document).await;
                self.send(self.next(&done), false).await;
            }
            Responses::Many(mut stream) => {
                self.keep(register, document).await;
                while let Some(done) = stream.next().await {
                    self.send(self.next(&done), false).await;
                }
            }
        }
        let text = format!(r#"{{"id":{},"type":"complete"}}"#, quoted(&self.id));
        self.send(text, true).await;
    }

    async fn keep(&self, hash: Option<String>, document: Option<String>) {
        if let (Some(hash), Some(document)) = (hash, document) {
            documents::keep(&hash, &document, self.endpoint.options()).await;
        }
    }

    fn next(&self, done: &Done) -> String {
        self.message("next", &done.body)
    }

    /// The protocol tells errors before execution as a list.
    pub(super) fn failed(&self, body: &[u8]) -> String {
        let list = body
            .strip_prefix(b"{\"errors\":")
            .and_then(|rest| rest.strip_suffix(b"}"));
        self.message("error", list.unwrap_or(b"[]"))
    }

    fn message(&self, kind: &str, payload: &[u8]) -> String {
        let id = quoted(&self.id);
        let payload = String::from_utf8_lossy(payload);
        format!(r#"{{"id":{id},"type":"{kind}","payload":{payload}}}"#)
    }

    /// Waits for room in the queue.
    async fn send(&self, text: String, last: bool) {
        let event = Event {
            id: Arc::clone(&self.id),
            serial: self.serial,
            text,
            last,
        };
        // A socket that is gone drops this task too.
        let _ = self.events.send(event).await;
    }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// A message of an operation.
pub(super) struct Event {
    pub(super) id: Arc<str>,
    /// Tells a late event of an operation from those of a later one of the same id.
    pub(super) serial: u64,
    pub(super) text: String,
    pub(super) last: bool,
}
