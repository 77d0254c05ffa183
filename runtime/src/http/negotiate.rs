//! What a client takes: media types of one response and of many (RFC 9110, section 12.5.1).
//!
//! In: `Accept`. Out: how to answer. Must not know: bodies, operations.

use std::cmp::Reverse;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};

use super::answer::Answer;

/// The media type of one response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/graphql-response+json`: the status tells whether there is `data`.
    GraphQl,
    /// `application/json`: 200 for every request that is a well-formed GraphQL request.
    Json,
}

/// How many responses to one operation are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Many {
    /// `text/event-stream`: server-sent events.
    Events,
    /// `multipart/mixed`: a part for each.
    Parts {
        /// Whether the client speaks Apollo's protocol for subscriptions, which puts each response into an envelope.
        envelope: bool,
    },
}

/// What a client takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Accepted {
    /// The type of one response; `None` if the client takes streams alone.
    pub(super) one: Option<Media>,
    /// How to send many, if the client takes that.
    pub(super) many: Option<Many>,
}

impl Accepted {
    /// One response in a type.
    const fn one(media: Media) -> Self {
        Accepted {
            one: Some(media),
            many: None,
        }
    }

    /// The type of a response that is no part of a stream.
    pub(super) fn media(self) -> Media {
        self.one.unwrap_or(Media::Json)
    }
}

impl Media {
    fn name(self) -> &'static str {
        match self {
            Media::GraphQl => "application/graphql-response+json",
            Media::Json => "application/json",
        }
    }

    pub(super) const fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Media::GraphQl => "application/graphql-response+json; charset=utf-8",
            Media::Json => "application/json; charset=utf-8",
        })
    }
}

/// How to answer; `application/json` for a client that does not say.
pub(super) fn accepted(headers: &HeaderMap) -> Result<Accepted, Answer> {
    let mut given = headers.get_all(header::ACCEPT).iter();
    // What most clients send needs no thought.
    match (given.next().map(HeaderValue::as_bytes), given.next()) {
        (None | Some(b"*/*" | b"application/json"), None) => return Ok(Accepted::one(Media::Json)),
        (Some(b"application/graphql-response+json"), None) => {
            return Ok(Accepted::one(Media::GraphQl));
        }
        _ => {}
    }
    let ranges: Vec<Range<'_>> = headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(range)
        .collect();
    if ranges.is_empty() {
        return Ok(Accepted::one(Media::Json));
    }
    let one = [Media::Json, Media::GraphQl]
        .into_iter()
        .filter_map(|media| Some((liking(media, &ranges)?, media)))
        .max_by_key(|(liking, _)| *liking)
        .map(|(_, media)| media);
    let many = ranges
        .iter()
        .enumerate()
        .filter_map(|(place, range)| Some((range.quality, Reverse(place), many(range)?)))
        .filter(|(quality, ..)| *quality > 0)
        .max_by_key(|(quality, place, _)| (*quality, *place))
        .map(|(.., many)| many);
    if one.is_none() && many.is_none() {
        return Err(Answer::bad(
            StatusCode::NOT_ACCEPTABLE,
            "this endpoint answers application/graphql-response+json and application/json",
        ));
    }
    Ok(Accepted { one, many })
}

/// A stream must be asked for by name. Who names the old format of incremental delivery (`deferSpec`), which we do not
/// write, is better served by one response.
fn many(range: &Range<'_>) -> Option<Many> {
    if range.is("text/event-stream") {
        return Some(Many::Events);
    }
    let envelope = range.params.contains("subscriptionSpec");
    let is_known = envelope || !range.params.contains("deferSpec");
    (range.is("multipart/mixed") && is_known).then_some(Many::Parts { envelope })
}

/// How well the client likes a media type: by quality, then by whether it is named, then by what comes first; the most
/// specific of the ranges that match decides. `None` for one that it does not take.
fn liking(media: Media, ranges: &[Range<'_>]) -> Option<(u16, u8, Reverse<usize>)> {
    let matching = ranges.iter().enumerate().filter_map(|(place, range)| {
        let specific = match range {
            range if !range.utf8 => return None,
            range if range.is(media.name()) => 2,
            range if range.is("application/*") => 1,
            range if range.is("*/*") => 0,
            _ => return None,
        };
        Some((specific, Reverse(place), range.quality))
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

/// A media range.
struct Range<'h> {
    name: &'h str,
    params: &'h str,
    /// In thousandths.
    quality: u16,
    /// Whether it asks for no other character set than the one that we write.
    utf8: bool,
}

impl Range<'_> {
    fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

/// One media range; `None` for an empty one.
fn range(text: &str) -> Option<Range<'_>> {
    let (name, params) = text.split_once(';').unwrap_or((text, ""));
    let name = name.trim();
    if name.is_empty() {
        return None;
    }
    let mut range = Range {
        name,
        params,
        quality: 1000,
        utf8: true,
    };
    for (key, value) in params.split(';').filter_map(|part| part.split_once('=')) {
        let (key, value) = (key.trim(), value.trim().trim_matches('"'));
        if key.eq_ignore_ascii_case("q") {
            range.quality = quality(value)?;
        } else if key.eq_ignore_ascii_case("charset") {
            range.utf8 &= value.eq_ignore_ascii_case("utf-8");
        }
    }
    Some(range)
}

/// A weight in thousandths.
fn quality(text: &str) -> Option<u16> {
    Some((text.parse::<f32>().ok()?.clamp(0.0, 1.0) * 1000.0) as u16)
}

/// Whether the client takes a coding of the response's bytes (RFC 9110, section 12.5.3).
pub(super) fn takes_coding(headers: &HeaderMap, coding: &str) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(range)
        .find(|range| range.is(coding))
        .is_some_and(|range| range.quality > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(accept: Option<&str>) -> Option<Accepted> {
        let mut headers = HeaderMap::new();
        if let Some(accept) = accept {
            headers.insert(header::ACCEPT, accept.parse().expect("a header"));
        }
        accepted(&headers).ok()
    }

    fn check(accept: Option<&str>, expect: Option<Media>) {
        assert_eq!(ask(accept), expect.map(Accepted::one), "{accept:?}");
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

    #[test]
    fn streams_are_for_those_who_name_them() {
        let parts = |envelope| Some(Many::Parts { envelope });
        for (accept, one, many) in [
            ("text/event-stream", None, Some(Many::Events)),
            (
                "application/json, text/event-stream",
                Some(Media::Json),
                Some(Many::Events),
            ),
            (
                "multipart/mixed; deferSpec=20220824, application/json",
                Some(Media::Json),
                None,
            ),
            (
                "application/json, multipart/mixed",
                Some(Media::Json),
                parts(false),
            ),
            (
                "multipart/mixed;subscriptionSpec=\"1.0\", application/json",
                Some(Media::Json),
                parts(true),
            ),
            (
                "application/graphql-response+json, multipart/mixed;q=0.4, text/event-stream;q=0.5",
                Some(Media::GraphQl),
                Some(Many::Events),
            ),
            ("text/event-stream;q=0, */*", Some(Media::Json), None),
            ("text/*", None, None),
        ] {
            let expect = (one.is_some() || many.is_some()).then_some(Accepted { one, many });
            assert_eq!(ask(Some(accept)), expect, "{accept}");
        }
    }

    #[test]
    fn codings_are_for_those_who_name_them() {
        for (given, expect) in [
            ("gzip", true),
            ("deflate, GZIP;q=0.5", true),
            ("gzip;q=0", false),
            ("*", false),
            ("", false),
            ("br", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, given.parse().expect("a header"));
            assert_eq!(takes_coding(&headers, "gzip"), expect, "{given}");
        }
    }
}
