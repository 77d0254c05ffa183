//! What caches may keep, and what a client has already (RFC 9110 sections 8.8.3 and 13, RFC 9111).
//!
//! In: a response's policy and bytes. Out: `cache-control`, `etag`, 304. Must not know: how the policy came about.

use std::fmt::Write as _;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use sha2::{Digest, Sha256};

use crate::engine::response::CachePolicy;

/// Lets caches keep a response to `GET`. True if the client has the same bytes already: then they are not sent again.
pub(super) fn mark(
    response: &mut Response,
    policy: CachePolicy,
    bytes: &[u8],
    request: &HeaderMap,
) -> bool {
    let scope = if policy.private { "private" } else { "public" };
    let control = format!("max-age={}, {scope}", policy.max_age);
    let tag = tag(bytes);
    let has_it = has(request, &tag);
    let headers = response.headers_mut();
    for (name, value) in [(header::CACHE_CONTROL, control), (header::ETAG, tag)] {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    }
    headers.append(header::VARY, HeaderValue::from_static("accept"));
    if has_it {
        headers.remove(header::CONTENT_TYPE);
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Body::empty();
    }
    has_it
}

/// Weak: the same response may come compressed or not.
fn tag(bytes: &[u8]) -> String {
    let mut tag = String::from("W/\"");
    for byte in &Sha256::digest(bytes)[..16] {
        // Writing to a String does not fail.
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    tag
}

fn has(request: &HeaderMap, tag: &str) -> bool {
    request
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.trim_start_matches("W/") == &tag[2..])
}
