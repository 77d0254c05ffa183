//! Operations that name their document, and several in one request.

use std::sync::Arc;

use graphwright::http::{DocumentStore, MemoryStore, TrustedDocuments};

use super::*;

/// The hash of nothing that is known.
const NO_HASH: &str = "c4d1a0c0a1d6b0e4f8f0f0b7f2b1bb7b7a2b0c0d0e0f0a0b0c0d0e0f0a0b0c0d";

fn sha256(text: &str) -> String {
    use sha2::Digest;
    let hex = |byte: &u8| format!("{byte:02x}");
    sha2::Sha256::digest(text).iter().map(hex).collect()
}

fn named(hash: &str, query: Option<&str>) -> Value {
    let extensions = json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } });
    match query {
        Some(query) => json!({ "query": query, "extensions": extensions }),
        None => json!({ "extensions": extensions }),
    }
}

#[track_caller]
fn expect(router: &Router, ask: Ask, status: u16, has: &str) -> Reply {
    let reply = send(router.clone(), ask);
    assert_eq!(reply.head.status(), status, "{}", reply.text());
    assert!(
        reply.text().contains(has),
        "{has} is not in {}",
        reply.text()
    );
    reply
}

#[test]
fn a_persisted_query_is_sent_once() {
    let router = with(|_| {});
    let hash = sha256("{ hello }");
    let by_hash = || post(named(&hash, None).to_string());
    let missing = r#"{"errors":[{"message":"PersistedQueryNotFound","extensions":{"code":"PERSISTED_QUERY_NOT_FOUND""#;
    expect(&router, by_hash(), 200, missing);
    let new = "application/graphql-response+json";
    expect(&router, by_hash().accept(new), 400, missing);
    let whole = named(&hash, Some("{ hello }")).to_string();
    expect(&router, post(whole), 200, HELLO);
    expect(&router, by_hash(), 200, HELLO);
    let extensions = named(&hash, None)["extensions"].to_string();
    let address = format!("/graphql?extensions={}", extensions.replace('"', "%22"));
    expect(&router, fetch(&address), 200, HELLO);
    // Hexadecimal has two cases.
    let upper = named(&hash.to_uppercase(), None).to_string();
    expect(&router, post(upper), 200, HELLO);
}

#[test]
fn a_persisted_query_is_what_its_hash_says() {
    let router = with(|_| {});
    let other = named(NO_HASH, Some("{ hello }")).to_string();
    expect(&router, post(other), 400, "is not the hash of `query`");
    expect(
        &router,
        post(named("abc", None).to_string()),
        400,
        "64 hexadecimal digits",
    );
    for odd in [
        json!(1),
        json!({}),
        json!({ "version": 2, "sha256Hash": NO_HASH }),
        json!({ "version": 1 }),
    ] {
        let body = json!({ "query": "{ hello }", "extensions": { "persistedQuery": odd } });
        expect(
            &router,
            post(body.to_string()),
            400,
            "`version` 1 and `sha256Hash`",
        );
    }
    // What is not valid is not kept.
    let hash = sha256("{ nope }");
    expect(
        &router,
        post(named(&hash, Some("{ nope }")).to_string()),
        200,
        "VALIDATION",
    );
    expect(
        &router,
        post(named(&hash, None).to_string()),
        200,
        "PersistedQueryNotFound",
    );
}

#[test]
fn persisted_queries_can_be_switched_off_and_kept_elsewhere() {
    let hash = sha256("{ hello }");
    let off = with(|options| options.persisted = None);
    for query in [None, Some("{ hello }")] {
        let body = named(&hash, query).to_string();
        expect(&off, post(body), 200, "PERSISTED_QUERY_NOT_SUPPORTED");
    }
    let store = Arc::new(MemoryStore::new(1 << 20));
    let router = with(|options| options.persisted = Some(store.clone()));
    expect(
        &router,
        post(named(&hash, Some("{ hello }")).to_string()),
        200,
        HELLO,
    );
    let kept = futures_util::FutureExt::now_or_never(store.get(&hash));
    assert_eq!(kept.unwrap().unwrap().as_deref(), Some("{ hello }"));
}

/// A store that does not work.
#[derive(Debug)]
struct Broken;

impl DocumentStore for Broken {
    fn get<'a>(
        &'a self,
        _: &'a str,
    ) -> futures_util::future::BoxFuture<'a, graphwright::Result<Option<Arc<str>>>> {
        Box::pin(async { Err(graphwright::Error::internal("redis at 10.0.0.7 is away")) })
    }

    fn put<'a>(
        &'a self,
        _: &'a str,
        _: &'a str,
    ) -> futures_util::future::BoxFuture<'a, graphwright::Result<()>> {
        Box::pin(async { Err(graphwright::Error::internal("redis at 10.0.0.7 is away")) })
    }
}

#[test]
fn a_store_that_fails_does_not_tell_why() {
    let router = with(|options| options.persisted = Some(Arc::new(Broken)));
    let hash = sha256("{ hello }");
    let reply = expect(
        &router,
        post(named(&hash, None).to_string()),
        500,
        "internal error",
    );
    assert!(!reply.text().contains("redis"));
    expect(
        &router,
        post(named(&hash, Some("{ hello }")).to_string()),
        200,
        HELLO,
    );
}

fn trusted(others: bool) -> Router {
    let manifest = r#"{ "hi": "query Hi { hello }", "bad": "{ nope }" }"#;
    let documents = TrustedDocuments::from_manifest(manifest).unwrap();
    with(|options| options.trusted = Some(documents.allow_others(others)))
}

#[test]
fn only_trusted_documents_are_executed() {
    let router = trusted(false);
    let hash = sha256("query Hi { hello }");
    for body in [
        json!({ "documentId": "hi" }),
        json!({ "documentId": format!("sha256:{hash}") }),
        json!({ "documentId": "hi", "operationName": "Hi", "query": "{ broken }" }),
        json!({ "query": "query Hi { hello }" }),
        named(&hash, None),
    ] {
        expect(&router, post(body.to_string()), 200, HELLO);
    }
    expect(&router, fetch("/graphql?documentId=hi"), 200, HELLO);
    for (body, code) in [
        (json!({ "query": "{ hello }" }), "DOCUMENT_NOT_TRUSTED"),
        (
            named(&sha256("{ hello }"), Some("{ hello }")),
            "DOCUMENT_NOT_TRUSTED",
        ),
        (named(&sha256("{ hello }"), None), "DOCUMENT_NOT_TRUSTED"),
        (json!({ "documentId": "nothing" }), "DOCUMENT_NOT_FOUND"),
        (json!({ "documentId": "bad" }), "VALIDATION_FAILED"),
    ] {
        expect(&router, post(body.to_string()), 200, code);
        let new = "application/graphql-response+json";
        expect(&router, post(body.to_string()).accept(new), 400, code);
    }
}

#[test]
fn others_are_executed_beside_trusted_ones_where_that_is_allowed() {
    let router = trusted(true);
    for body in [
        json!({ "documentId": "hi" }),
        json!({ "query": "{ hello }" }),
        named(&sha256("{ hello }"), Some("{ hello }")),
        named(&sha256("{ hello }"), None),
    ] {
        expect(&router, post(body.to_string()), 200, HELLO);
    }
    let body = json!({ "documentId": "nothing" }).to_string();
    expect(&router, post(body), 200, "DOCUMENT_NOT_FOUND");
    let no_trusted = with(|_| {});
    let body = json!({ "documentId": "hi" }).to_string();
    expect(&no_trusted, post(body), 200, "DOCUMENT_NOT_FOUND");
    let odd = json!({ "documentId": 1 }).to_string();
    expect(&no_trusted, post(odd), 400, "`documentId` must be a string");
}

#[test]
fn batches_are_taken_up_to_their_limit_where_they_are_allowed() {
    let router = with(|options| options.batch = 3);
    let hello = json!({ "query": "{ hello }" });
    let count = json!({ "query": "mutation { count }" });
    let reply = expect(
        &router,
        post(json!([count, hello, count]).to_string()),
        200,
        "",
    );
    let wanted = json!([
        { "data": { "count": 1 } },
        { "data": { "hello": "Hello, world!" } },
        { "data": { "count": 2 } },
    ]);
    assert_eq!(reply.json(), wanted, "in their order");
    assert_eq!(reply.header("content-type"), JSON);
    let mixed = json!([hello, { "query": "{ nope }" }, named(NO_HASH, None)]);
    let reply = expect(&router, post(mixed.to_string()), 200, HELLO);
    let codes = [1, 2].map(|i| reply.json()[i]["errors"][0]["extensions"]["code"].clone());
    assert_eq!(
        codes,
        ["GRAPHQL_VALIDATION_FAILED", "PERSISTED_QUERY_NOT_FOUND"]
    );
    expect(&router, post(hello.to_string()), 200, HELLO);
    let four = json!([hello, hello, hello, hello]);
    expect(
        &router,
        post(four.to_string()),
        400,
        "a batch may have 3 operations",
    );
    for (body, has) in [
        ("[]", "the batch has no operation"),
        ("[1]", "each operation must be a JSON object"),
        (r#"[["{ hello }"]]"#, "each operation must be a JSON object"),
        (r#"[{"query":1}]"#, "`query` must be a string"),
        ("[", "the body is not JSON"),
    ] {
        expect(&router, post(body), 400, has);
    }
}
