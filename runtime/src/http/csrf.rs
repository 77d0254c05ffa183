//! Requests that a foreign page makes a browser send, with the user's cookies, and that the user does not know of.
//!
//! In: a request's head. Out: nothing, or the answer that refuses it. Must not know: operations.
//!
//! A browser asks first (a preflight) before it sends a foreign page's `application/json`, or a header that is not on a
//! short list. What it sends unasked is `GET` and the types of forms. `GET` changes nothing here, but a foreign page
//! could make the server work and measure how long.

use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};

use super::answer::Answer;
use super::cors::Cors;

/// Headers that no browser sends to a foreign origin unasked.
const ON_PURPOSE: &[&str] = &[
    "graphql-require-preflight",
    "apollo-require-preflight",
    "x-requested-with",
];

/// Refuses a `GET` that might be a foreign page's; `strict` asks every client for the header.
pub(super) fn get(parts: &Parts, strict: bool, cors: Option<&Cors>) -> Result<(), Answer> {
    if (strict || is_from_elsewhere(&parts.headers, cors)) && !is_on_purpose(&parts.headers) {
        return Err(refused());
    }
    Ok(())
}

/// Refuses a multipart request that might be a foreign page's form.
pub(super) fn form(parts: &Parts) -> Result<(), Answer> {
    match is_on_purpose(&parts.headers) {
        true => Ok(()),
        false => Err(refused()),
    }
}

fn is_on_purpose(headers: &HeaderMap) -> bool {
    ON_PURPOSE.iter().any(|name| headers.contains_key(*name))
}

/// Whether a browser says that another site's page wants this (<https://w3c.github.io/webappsec-fetch-metadata/>), and
/// it is none that may use the endpoint.
fn is_from_elsewhere(headers: &HeaderMap, cors: Option<&Cors>) -> bool {
    let Some(site) = headers.get("sec-fetch-site") else {
        return false;
    };
    let origin = headers.get(header::ORIGIN);
    let allowed = cors
        .zip(origin)
        .is_some_and(|(cors, origin)| cors.allows(origin));
    (site == "cross-site" || site == "same-site") && !allowed
}

fn refused() -> Answer {
    Answer::bad(
        StatusCode::FORBIDDEN,
        "this request could be a foreign page's: send the header `graphql-require-preflight` with it",
    )
}
