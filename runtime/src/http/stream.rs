//! Many responses to one request: server-sent events (<https://github.com/graphql/graphql-over-http/blob/main/rfcs>,
//! the distinct connections mode of graphql-sse) and `multipart/mixed` (incremental delivery over HTTP).
//!
//! In: a stream of responses. Out: a body that is written as fast as the client reads. Must not know: operations.
//!
//! Nothing is asked of the operation until the connection has room: a client that does not read holds one response.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};

use super::negotiate::Many;
use super::serve::Stopping;
use crate::engine::response;

/// What is sent around the responses.
struct Frame {
    content_type: &'static str,
    start: &'static str,
    before: &'static str,
    after: &'static str,
    /// What is sent in a silence.
    silence: &'static str,
    end: &'static str,
}

const EVENTS: Frame = Frame {
    content_type: "text/event-stream; charset=utf-8",
    start: ":\n\n",
    before: "event: next\ndata: ",
    after: "\n\n",
    silence: ":\n\n",
    end: "event: complete\ndata: \n\n",
};

/// The delimiter follows each part at once, so that the client knows that the part is whole.
const PARTS: Frame = Frame {
    content_type: "multipart/mixed; boundary=\"-\"",
    start: "---",
    before: "\r\ncontent-type: application/json; charset=utf-8\r\n\r\n",
    after: "\r\n---",
    silence: "",
    end: "--\r\n",
};

/// Apollo's protocol for subscriptions over multipart: an empty object is a sign of life.
const ENVELOPES: Frame = Frame {
    content_type: "multipart/mixed; boundary=\"-\"; subscriptionSpec=1.0",
    before: "\r\ncontent-type: application/json; charset=utf-8\r\n\r\n{\"payload\":",
    after: "}\r\n---",
    silence: "\r\ncontent-type: application/json; charset=utf-8\r\n\r\n{}\r\n---",
    ..PARTS
};

struct State {
    frame: &'static Frame,
    responses: BoxStream<'static, response::Response>,
    keep_alive: Duration,
    stopping: Option<Stopping>,
    at: At,
}

enum At {
    Start,
    Middle,
    End,
}

/// The response that brings them all; a server that stops ends it.
pub(super) fn respond(
    responses: BoxStream<'static, response::Response>,
    many: Many,
    keep_alive: Duration,
    stopping: Option<Stopping>,
) -> Response {
    let frame = match many {
        Many::Events => &EVENTS,
        Many::Parts { envelope: true } => &ENVELOPES,
        Many::Parts { envelope: false } => &PARTS,
    };
    let state = State {
        frame,
        responses,
        keep_alive,
        stopping,
        at: At::Start,
    };
    let pieces = stream::unfold(state, async |mut state| {
        let piece = state.next().await?;
        Some((Ok::<_, std::convert::Infallible>(piece), state))
    });
    let mut response = Response::new(Body::from_stream(pieces));
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(frame.content_type),
    );
    let no_store = HeaderValue::from_static("no-store");
    headers.insert(header::CACHE_CONTROL, no_store);
    // nginx would hold events back.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

impl State {
    async fn next(&mut self) -> Option<Bytes> {
        match self.at {
            At::Start => {
                self.at = At::Middle;
                return Some(Bytes::from_static(self.frame.start.as_bytes()));
            }
            At::Middle => {}
            At::End => return None,
        }
        let silence = match self.frame.silence {
            "" => Duration::MAX,
            _ => self.keep_alive,
        };
        let next = tokio::select! {
            next = tokio::time::timeout(silence, self.responses.next()) => next,
            () = Stopping::wait(&mut self.stopping) => Ok(None),
        };
        Some(match next {
            Ok(Some(response)) => self.frame.around(&response.body),
            Ok(None) => {
                self.at = At::End;
                Bytes::from_static(self.frame.end.as_bytes())
            }
            Err(_) => Bytes::from_static(self.frame.silence.as_bytes()),
        })
    }
}

impl Frame {
    fn around(&self, body: &[u8]) -> Bytes {
        let pieces = [self.before.as_bytes(), body, self.after.as_bytes()];
        pieces.concat().into()
    }
}
