//! The id that a request has in the log, in its errors and in its response's header.
//!
//! In: headers. Out: a short text that is safe in a header and a log. Must not know: anything else of the request.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::{HeaderMap, HeaderName, HeaderValue};

/// The header that brings an id and answers it.
pub(super) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The id that the client or a proxy gave, if it is harmless; else a new one.
pub(super) fn of(headers: &HeaderMap) -> HeaderValue {
    match headers.get(HEADER).filter(|id| harmless(id.as_bytes())) {
        Some(id) => id.clone(),
        None => new(),
    }
}

/// The id as text.
pub(super) fn text(id: &HeaderValue) -> &str {
    // Both a harmless and a new one are ASCII.
    id.to_str().unwrap_or_default()
}

/// 32 hexadecimal digits: 16 of the process, 16 of a count that is scattered so that ids are told apart at a glance.
/// No two of a process are alike, and asking the system for randomness each time would cost more than a small query.
fn new() -> HeaderValue {
    static PROCESS: OnceLock<(u64, u64)> = OnceLock::new();
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let (process, odd) = *PROCESS.get_or_init(|| {
        let (a, b) = uuid::Uuid::new_v4().as_u64_pair();
        (a ^ (b << 32), b | 1)
    });
    let count = COUNT.fetch_add(1, Ordering::Relaxed).wrapping_mul(odd);
    let mut digits = [0; 32];
    hex(process, &mut digits[..16]);
    // Multiplying by an odd number and reversing both lose nothing.
    hex(count.swap_bytes(), &mut digits[16..]);
    HeaderValue::from_bytes(&digits).expect("hexadecimal digits are a header's value")
}

fn hex(mut number: u64, digits: &mut [u8]) {
    for digit in digits.iter_mut().rev() {
        *digit = b"0123456789abcdef"[(number & 15) as usize];
        number >>= 4;
    }
}

fn harmless(id: &[u8]) -> bool {
    (1..=64).contains(&id.len())
        && id
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_harmless_id_is_kept_and_another_replaced() {
        let of = |id: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(HEADER, id.parse().expect("a header"));
            text(&super::of(&headers)).to_owned()
        };
        assert_eq!(of("abc-1.2_3"), "abc-1.2_3");
        for odd in ["", "a b", "<script>", &"x".repeat(65)] {
            assert_eq!(of(odd).len(), 32, "{odd}");
        }
    }

    #[test]
    fn new_ids_differ() {
        let ids: std::collections::HashSet<_> =
            (0..1000).map(|_| text(&new()).to_owned()).collect();
        assert_eq!(ids.len(), 1000);
    }
}
