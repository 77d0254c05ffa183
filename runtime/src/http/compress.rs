//! Compression of whole responses.
//!
//! In: a response's bytes, what the client takes. Out: fewer bytes. Must not know: streams, which are never compressed.

use std::io::Write as _;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::negotiate::takes_coding;

/// Below this, headers and time cost more than there is to gain.
const LEAST: usize = 1 << 10;

/// From this on it takes long enough to be in the way of other requests of the thread.
const LONG: usize = 256 << 10;

/// A response of these bytes, compressed if that is worth it and the client takes it.
pub(super) async fn fill(response: &mut Response, bytes: Vec<u8>, request: &HeaderMap) {
    if bytes.len() < LEAST {
        *response.body_mut() = Body::from(bytes);
        return;
    }
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
    if !takes_coding(request, "gzip") {
        *response.body_mut() = Body::from(bytes);
        return;
    }
    let bytes = Bytes::from(bytes);
    let packed = match bytes.len() < LONG {
        true => Some(pack(&bytes)),
        false => {
            let bytes = bytes.clone();
            let packing = tokio::task::spawn_blocking(move || pack(&bytes));
            packing.await.ok()
        }
    };
    if packed.is_some() {
        let gzip = HeaderValue::from_static("gzip");
        headers.insert(header::CONTENT_ENCODING, gzip);
    }
    *response.body_mut() = Body::from(packed.unwrap_or(bytes));
}

/// Fast rather than small: JSON shrinks to a fifth either way.
fn pack(bytes: &[u8]) -> Bytes {
    let mut packer = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::fast());
    let packed = packer.write_all(bytes).and_then(|()| packer.finish());
    packed.expect("memory takes all bytes").into()
}
