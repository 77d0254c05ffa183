//! Compression.

use super::*;

/// A response of some kilobytes.
fn large() -> Ask {
    let query = "{ __schema { types { name kind fields { name isDeprecated } } } }";
    post(json!({ "query": query }).to_string())
}

fn unpacked(bytes: &[u8]) -> Value {
    serde_json::from_reader(flate2::read::GzDecoder::new(bytes)).unwrap()
}

#[test]
fn large_responses_are_compressed_for_those_who_take_it() {
    let router = with(|_| {});
    let plain = send(router.clone(), large());
    assert_eq!(plain.header("content-encoding"), "");
    assert_eq!(plain.header("vary"), "accept-encoding");
    let packed = send(
        router.clone(),
        large().with("accept-encoding", "br, gzip;q=0.8"),
    );
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert_eq!(packed.header("vary"), "accept-encoding");
    assert!(packed.body.len() * 3 < plain.body.len());
    assert_eq!(unpacked(&packed.body), plain.json());
    for taken in ["identity", "br", "gzip;q=0", "*;q=0"] {
        let reply = send(router.clone(), large().with("accept-encoding", taken));
        assert_eq!(reply.header("content-encoding"), "", "{taken}");
    }
    let small = send(router, hello().with("accept-encoding", "gzip"));
    assert_eq!(
        (small.header("content-encoding"), small.text()),
        ("", HELLO)
    );
    let off = with(|options| options.compression = false);
    let reply = send(off, large().with("accept-encoding", "gzip"));
    assert_eq!(reply.header("content-encoding"), "");
}
