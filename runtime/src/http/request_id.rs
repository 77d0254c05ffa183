//! The id that a request has in the log, in its errors and in its response's header.
//!
//! In: headers. Out: a short text that is safe in a header and a log. Must not know: anything else of the request.

use axum::http::{HeaderMap, HeaderName};

/// The header that brings an id and answers it.
pub(super) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The id that the client or a proxy gave, if it is harmless; else a new one.
pub(super) fn of(headers: &HeaderMap) -> String {
    headers
        .get(HEADER)
        .and_then(|value| value.to_str().ok())
        .filter(|id| harmless(id))
        .map_or_else(|| uuid::Uuid::now_v7().to_string(), str::to_owned)
}

fn harmless(id: &str) -> bool {
    (1..=64).contains(&id.len())
        && id
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_harmless_id_is_kept_and_another_replaced() {
        let of = |id: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(HEADER, id.parse().expect("a header"));
            super::of(&headers)
        };
        assert_eq!(of("abc-1.2_3"), "abc-1.2_3");
        for odd in ["", "a b", "<script>", &"x".repeat(65)] {
            assert_eq!(of(odd).len(), 36, "{odd}");
        }
    }
}
