//! Content types and status codes of GraphQL over HTTP.
//!
//! In: `Accept`, outcomes. Out: responses. Must not know: bodies of requests.

use std::cmp::Reverse;

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
    fn name(self) -> &'static str {
        match self {
            Media::GraphQl => "application/graphql-response+json",
            Media::Json => "application/json",
        }
    }

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
        if status == StatusCode::UNAUTHORIZED {
            // RFC 9110 wants a challenge; this one opens no dialogue in browsers.
            let challenge = header::HeaderValue::from_static("Bearer");
            answer
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, challenge);
        }
        answer
    }
}

/// The media type to answer in; `application/json` for a client that does not say.
pub(super) fn accepted(headers: &HeaderMap) -> Result<Media, Answer> {
    let ranges: Vec<_> = headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(range)
        .collect();
    if ranges.is_empty() {
        return Ok(Media::Json);
    }
    [Media::Json, Media::GraphQl]
        .into_iter()
        .filter_map(|media| Some((liking(media, &ranges)?, media)))
        .max_by_key(|(liking, _)| *liking)
        .map(|(_, media)| media)
        .ok_or_else(|| {
            Answer::bad(
                StatusCode::NOT_ACCEPTABLE,
                "this endpoint answers application/graphql-response+json and application/json",
            )
        })
}

/// How well the client likes a media type: by quality, then by whether it is named, then by what comes first; the most
/// specific of the ranges that match decides (RFC 9110, section 12.5.1). `None` for one that it does not take.
fn liking(media: Media, ranges: &[(String, u16)]) -> Option<(u16, u8, Reverse<usize>)> {
    let matching = ranges.iter().enumerate().filter_map(|(place, range)| {
        let specific = match range.0.as_str() {
            name if name == media.name() => 2,
            "application/*" => 1,
            "*/*" => 0,
            _ => return None,
        };
        Some((specific, Reverse(place), range.1))
    });
    let (specific, place, quality) = matching.max()?;
    // `application/json` is what everybody can read, so it is the one for who takes anything.
    let named = if specific == 2 {
        2
    } else {
        u8::from(media == Media::Json)
    };
    (quality > 0).then_some((quality, named, place))
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
        check(
            Some("*/*, application/graphql-response+json"),
            Some(Media::GraphQl),
        );
        check(
            Some("application/graphql-response+json;q=0.5, */*;q=0.1"),
            Some(Media::GraphQl),
        );
        check(Some("application/json;q=0, */*"), Some(Media::GraphQl));
        check(
            Some("application/graphql-response+json;q=0, application/*"),
            Some(Media::Json),
        );
        check(Some("text/html, */*;q=0.8"), Some(Media::Json));
        check(Some("*/*;q=0"), None);
        check(Some("text/plain"), None);
        check(Some("application/json; charset=latin1"), None);
        check(Some("application/json;q=0"), None);
    }
}
