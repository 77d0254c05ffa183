//! Responses to one operation, and to requests that never came to one.
//!
//! In: outcomes, bytes, problems. Out: status, headers, body. Must not know: bodies of requests.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use super::negotiate::Media;
use crate::Code;
use crate::engine::response::{self, Outcome, Problem};

/// A request that never came to an operation.
#[derive(Debug)]
pub(super) struct Answer {
    /// `None` where it depends on the media type, as for a document that is not valid.
    status: Option<StatusCode>,
    code: Code,
    message: String,
    allow: Option<&'static str>,
}

impl Answer {
    /// A mistake of the client's, told in one sentence.
    pub(super) fn bad(status: StatusCode, message: &str) -> Self {
        Answer {
            status: Some(status),
            code: Code::BadRequest,
            message: message.to_owned(),
            allow: None,
        }
    }

    /// A well-formed request that is not executed.
    pub(super) fn refused(code: impl Into<Code>, message: &str) -> Self {
        Answer {
            status: None,
            code: code.into(),
            message: message.to_owned(),
            allow: None,
        }
    }

    /// The program's own fault, of which the log tells more.
    pub(super) fn failed() -> Self {
        Answer {
            status: Some(StatusCode::INTERNAL_SERVER_ERROR),
            code: Code::Internal,
            message: "internal error".to_owned(),
            allow: None,
        }
    }

    /// Names the methods that would do.
    pub(super) fn allow(mut self, methods: &'static str) -> Self {
        self.allow = Some(methods);
        self
    }

    /// The sentence.
    pub(super) fn message(&self) -> &str {
        &self.message
    }

    /// The JSON that tells it.
    pub(super) fn body(self, request_id: &str) -> Vec<u8> {
        let problem = Problem::new(self.code, self.message);
        response::refused(&[problem], request_id, Outcome::Refused).body
    }

    pub(super) fn refuse(self, media: Media, request_id: &str) -> Response {
        let status = self.status.unwrap_or(status(Outcome::Refused, media));
        let allow = self.allow;
        let mut response = empty(status, media);
        *response.body_mut() = Body::from(self.body(request_id));
        if let Some(methods) = allow {
            let methods = HeaderValue::from_static(methods);
            response.headers_mut().insert(header::ALLOW, methods);
        }
        response
    }
}

/// The status of an operation's response (section 6.4 of the specification).
pub(super) fn status(outcome: Outcome, media: Media) -> StatusCode {
    match (outcome, media) {
        (Outcome::Executed, _) => StatusCode::OK,
        (Outcome::MutationRefused, _) => StatusCode::METHOD_NOT_ALLOWED,
        (Outcome::Unauthenticated, _) => StatusCode::UNAUTHORIZED,
        (Outcome::TimedOut, _) => StatusCode::GATEWAY_TIMEOUT,
        (Outcome::Failed, _) => StatusCode::INTERNAL_SERVER_ERROR,
        (Outcome::Refused, Media::GraphQl) => StatusCode::BAD_REQUEST,
        (Outcome::Refused, Media::Json) => StatusCode::OK,
    }
}

/// The response to an operation, its body left out.
pub(super) fn operation(outcome: Outcome, media: Media) -> Response {
    let status = status(outcome, media);
    let mut response = empty(status, media);
    if status == StatusCode::METHOD_NOT_ALLOWED {
        let methods = HeaderValue::from_static("POST");
        response.headers_mut().insert(header::ALLOW, methods);
    }
    if status == StatusCode::UNAUTHORIZED {
        // RFC 9110 wants a challenge; this one opens no dialogue in browsers.
        let challenge = HeaderValue::from_static("Bearer");
        let headers = response.headers_mut();
        headers.insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

/// A response whose body will be of the media type, and which nobody keeps.
pub(super) fn empty(status: StatusCode, media: Media) -> Response {
    const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.reserve(4);
    headers.insert(header::CONTENT_TYPE, media.content_type());
    headers.insert(header::CACHE_CONTROL, NO_STORE);
    response
}
