//! What becomes of a response on its way: compression, caches.

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

/// A mock of fields that say how long they keep, and of one that does not.
fn keeping() -> Router {
    let schema = graphwright::mock::Schema::parse(
        "enum CacheControlScope { PUBLIC PRIVATE }
        directive @cacheControl(maxAge: Int, scope: CacheControlScope) on FIELD_DEFINITION
        type Query {
          news: String @cacheControl(maxAge: 60)
          mine: String @cacheControl(maxAge: 30, scope: PRIVATE)
          now: String
        }",
    );
    let mock = graphwright::mock::Mock::generated(schema.unwrap(), "0");
    router(
        Server::new(mock, Services::new()).unwrap(),
        Options::default(),
    )
}

#[test]
fn caches_may_keep_what_says_so() {
    for (query, control) in [
        ("{news}", "max-age=60, public"),
        ("{mine}", "max-age=30, private"),
        ("{news,mine}", "max-age=30, private"),
        ("{now}", "no-store"),
        ("{news,now}", "no-store"),
        ("{news,nope}", "no-store"),
    ] {
        let address = format!("/graphql?query={query}");
        let reply = send(keeping(), fetch(&address));
        assert_eq!(reply.header("cache-control"), control, "{query}");
        let keeps = control != "no-store";
        assert_eq!(reply.header("etag").starts_with("W/"), keeps, "{query}");
        assert_eq!(reply.header("vary") == "accept", keeps, "{query}");
        let posted = send(keeping(), post(json!({ "query": query }).to_string()));
        assert_eq!(posted.header("cache-control"), "no-store", "{query}");
        assert_eq!(posted.header("etag"), "");
    }
}

#[test]
fn what_a_client_has_is_not_sent_again() {
    let ask = || fetch("/graphql?query={news}");
    let first = send(keeping(), ask());
    let tag = first.header("etag");
    for given in [
        tag,
        tag.trim_start_matches("W/"),
        &format!("\"x\", {tag}"),
        "*",
    ] {
        let reply = send(keeping(), ask().with("if-none-match", given));
        assert_eq!(reply.head.status(), 304, "{given}");
        assert!(reply.body.is_empty());
        assert_eq!(reply.header("etag"), tag);
        assert_eq!(reply.header("cache-control"), "max-age=60, public");
        assert_eq!(reply.header("content-type"), "");
    }
    for given in ["\"x\"", "W/\"x\""] {
        let reply = send(keeping(), ask().with("if-none-match", given));
        assert_eq!(
            (reply.head.status().as_u16(), reply.text()),
            (200, first.text())
        );
    }
}
