//! The id that a request has in the log, in its errors and in its response's header.
//!
//! In: headers. Out: a short text that is safe in a header and a log. Must not know: anything else of the request.
//!
//! The log of the program asks for the id when it writes a line: that costs a request a store on each side of a poll,
//! where a span that every subscriber keeps and formats costs more than a small query.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::pin;
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

/// What a harmless id may have.
const LONGEST: usize = 64;

/// An id where it needs no memory of its own.
#[derive(Clone, Copy)]
#[cfg_attr(
    not(feature = "app"),
    allow(dead_code, reason = "the program's log reads it")
)]
struct Kept {
    bytes: [u8; LONGEST],
    len: u8,
}

thread_local! {
    static POLLED: Cell<Kept> = const { Cell::new(Kept { bytes: [0; LONGEST], len: 0 }) };
}

impl From<&HeaderValue> for Kept {
    fn from(id: &HeaderValue) -> Self {
        let mut bytes = [0; LONGEST];
        let len = id.len().min(LONGEST);
        bytes[..len].copy_from_slice(&id.as_bytes()[..len]);
        let len = len as u8;
        Kept { bytes, len }
    }
}

/// A future; while it is polled, its request is the [`current`] one.
pub(super) async fn during<F: Future>(id: &HeaderValue, future: F) -> F::Output {
    let (kept, mut future) = (Kept::from(id), pin!(future));
    poll_fn(|task| {
        let _entered = Entered(POLLED.replace(kept));
        future.as_mut().poll(task)
    })
    .await
}

/// Puts back what was current before, also after a panic.
struct Entered(Kept);

impl Drop for Entered {
    fn drop(&mut self) {
        POLLED.set(self.0);
    }
}

/// Hands over the id of the request that this thread works for, if it works for one.
#[cfg(feature = "app")]
pub(crate) fn current<T>(read: impl FnOnce(&str) -> T) -> Option<T> {
    let kept = POLLED.get();
    let text = std::str::from_utf8(&kept.bytes[..usize::from(kept.len)]).unwrap_or_default();
    (!text.is_empty()).then(|| read(text))
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
    (1..=LONGEST).contains(&id.len())
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

    #[cfg(feature = "app")]
    #[test]
    fn the_id_is_there_while_its_request_is_polled() {
        let read = || current(str::to_owned);
        let ids = ["a", &"b".repeat(LONGEST)].map(|id| HeaderValue::from_str(id).expect("ASCII"));
        let [a, b] = ids.each_ref().map(|id| text(id).to_owned());
        let both = async {
            let asked = during(&ids[1], async {
                (read(), tokio::task::yield_now().await, read())
            });
            let (inner, (), after) = asked.await;
            (inner, after, read())
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let runtime = runtime.expect("a runtime");
        let found = runtime.block_on(during(&ids[0], both));
        assert_eq!(found, (Some(b.clone()), Some(b), Some(a)));
        assert_eq!(read(), None);
    }

    #[test]
    fn new_ids_differ() {
        let ids: std::collections::HashSet<_> =
            (0..1000).map(|_| text(&new()).to_owned()).collect();
        assert_eq!(ids.len(), 1000);
    }
}
