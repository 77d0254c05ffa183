//! Content types and status codes of GraphQL over HTTP.
//!
//! In: `Accept`, outcomes. Out: responses. Must not know: bodies of requests.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;

use crate::Code;
use crate::engine::response::{self, Outcome, Problem};

/// The media type of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/graphql-response+json`: the status tells whether there is `data`.
    GraphQl,
    /// `application/json`: 200 for every request that is a well-formed GraphQL request.
    Json,
}

/// A request that never came to an operation.
#[derive(Debug)]
pub(super) struct Answer {
    status: StatusCode,
    message: String,
    allow: Option<&'static str>,
}

impl Answer {
    /// A mistake of the client's, told in one sentence.
    pub(super) fn bad(status: StatusCode, message: &str) -> Self {
        Answer {
            status,
            message: message.to_owned(),
            allow: None,
        }
    }

    /// Names the methods that would do.
    pub(super) fn allow(mut self, methods: &'static str) -> Self {
        self.allow = Some(methods);
        self
    }

    pub(super) fn refuse(self, media: Media, request_id: &str) -> Response {
        let problem = Problem::new(Code::BadRequest, self.message);
        let refused = response::refused(&[problem], request_id, Outcome::Refused);
        let mut response = super::body(self.status, media, refused.body);
        if let Some(methods) = self.allow {
            response
                .headers_mut()
                .insert(header::ALLOW, header::HeaderValue::from_static(methods));
        }
        response
    }
}

impl Media {
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Media::GraphQl => "application/graphql-response+json; charset=utf-8",
            Media::Json => "application/json; charset=utf-8",
        }
    }

    /// The response to an operation (section 6.4 of the specification).
    pub(super) fn respond(self, response: response::Response) -> Response {
        let status = match (response.outcome, self) {
            (Outcome::Executed, _) => StatusCode::OK,
            (Outcome::MutationRefused, _) => StatusCode::METHOD_NOT_ALLOWED,
            (Outcome::Unauthenticated, _) => StatusCode::UNAUTHORIZED,
            (Outcome::TimedOut, _) => StatusCode::GATEWAY_TIMEOUT,
            (Outcome::Failed, _) => StatusCode::INTERNAL_SERVER_ERROR,
            (Outcome::Refused, Media::GraphQl) => StatusCode::BAD_REQUEST,
            (Outcome::Refused, Media::Json) => StatusCode::OK,
        };
        let mut answer = super::body(status, self, response.body);
        if status == StatusCode::METHOD_NOT_ALLOWED {
            answer
                .headers_mut()
                .insert(header::ALLOW, header::HeaderValue::from_static("POST"));
        }
        answer
    }
}

/// The media type to answer in; `application/json` for a client that does not say.
pub(super) fn accepted(headers: &HeaderMap) -> Result<Media, Answer> {
    let mut ranges = headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(range)
        .peekable();
    if ranges.peek().is_none() {
        return Ok(Media::Json);
    }
    let mut best: Option<(Media, u16)> = None;
    for (media, quality) in ranges.filter_map(|(name, quality)| Some((media(&name)?, quality))) {
        if quality > best.map_or(0, |(_, q)| q) {
            best = Some((media, quality));
        }
    }
    best.map(|(media, _)| media).ok_or_else(|| {
        Answer::bad(
            StatusCode::NOT_ACCEPTABLE,
            "this endpoint answers application/graphql-response+json and application/json",
        )
    })
}

fn media(name: &str) -> Option<Media> {
    match name {
        "application/graphql-response+json" => Some(Media::GraphQl),
        "application/json" | "application/*" | "*/*" => Some(Media::Json),
        _ => None,
    }
}

/// One media range and its quality in thousandths (RFC 9110, section 12.5.1); `None` for an empty one and for a
/// character set that we do not write.
fn range(text: &str) -> Option<(String, u16)> {
    let mut parts = text.split(';').map(str::trim);
    let name = parts
        .next()
        .filter(|name| !name.is_empty())?
        .to_ascii_lowercase();
    let mut quality = 1000;
    for (key, value) in parts.filter_map(|part| part.split_once('=')) {
        let value = value.trim().trim_matches('"');
        match key.trim().to_ascii_lowercase().as_str() {
            "q" => quality = (value.parse::<f32>().ok()?.clamp(0.0, 1.0) * 1000.0) as u16,
            "charset" if !value.eq_ignore_ascii_case("utf-8") => {
                return Some((String::new(), quality));
            }
            _ => {}
        }
    }
    Some((name, quality))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(accept: Option<&str>, expect: Option<Media>) {
        let mut headers = HeaderMap::new();
        if let Some(accept) = accept {
            headers.insert(header::ACCEPT, accept.parse().expect("a header"));
        }
        assert_eq!(accepted(&headers).ok(), expect, "{accept:?}");
    }

    #[test]
    fn the_media_type_is_what_the_client_likes_best() {
        check(None, Some(Media::Json));
        check(Some("*/*"), Some(Media::Json));
        check(Some("application/json"), Some(Media::Json));
        check(
            Some("application/graphql-response+json"),
            Some(Media::GraphQl),
        );
        check(
            Some("application/graphql-response+json, application/json"),
            Some(Media::GraphQl),
        );
        check(
            Some("application/json, application/graphql-response+json"),
            Some(Media::Json),
        );
        check(
            Some("application/json;q=0.5, application/graphql-response+json;q=0.9"),
            Some(Media::GraphQl),
        );
        check(Some("application/json; charset=utf-8"), Some(Media::Json));
        check(Some("APPLICATION/JSON"), Some(Media::Json));
        check(Some("text/plain"), None);
        check(Some("application/json; charset=latin1"), None);
        check(Some("application/json;q=0"), None);
    }
}
