//! What browsers send for foreign pages, and what those may see.

use graphwright::http::Cors;

use super::*;

const PAGE: &str = "https://app.example.com";

fn hello_by_get() -> Ask {
    fetch("/graphql?query={hello}")
}

#[track_caller]
fn status(router: Router, ask: Ask) -> u16 {
    send(router, ask).head.status().as_u16()
}

#[test]
fn a_foreign_pages_get_is_refused() {
    let plain = || with(|_| {});
    let strict = || with(|options| options.require_preflight = true);
    assert_eq!(status(plain(), hello_by_get()), 200, "no browser");
    for site in ["same-origin", "none"] {
        let ask = hello_by_get().with("sec-fetch-site", site);
        assert_eq!(status(plain(), ask), 200, "{site}");
    }
    for site in ["cross-site", "same-site"] {
        for mode in ["no-cors", "navigate", "cors"] {
            let ask = || {
                let ask = hello_by_get().with("sec-fetch-site", site);
                ask.with("sec-fetch-mode", mode).with("origin", PAGE)
            };
            let reply = refused(
                ask(),
                403,
                JSON,
                "send the header `graphql-require-preflight`",
            );
            assert!(!reply.text().contains("Hello"));
            assert_eq!(
                status(plain(), ask().with("x-requested-with", "fetch")),
                200
            );
        }
    }
    assert_eq!(status(strict(), hello_by_get()), 403);
    for name in [
        "graphql-require-preflight",
        "apollo-require-preflight",
        "x-requested-with",
    ] {
        assert_eq!(status(strict(), hello_by_get().with(name, "1")), 200);
    }
    // JSON is never sent without a preflight.
    assert_eq!(status(strict(), hello()), 200);
    assert_eq!(
        status(plain(), hello().with("sec-fetch-site", "cross-site")),
        200
    );
    // Links to GraphiQL work from everywhere.
    let page = fetch("/graphql")
        .accept(BROWSER)
        .with("sec-fetch-site", "cross-site");
    assert_eq!(status(plain(), page), 200);
}

fn preflight(origin: &str) -> Ask {
    ask("OPTIONS", "/graphql", "")
        .with("origin", origin)
        .with("access-control-request-method", "POST")
        .with("access-control-request-headers", "content-type")
}

#[test]
fn no_foreign_page_sees_anything_unless_it_is_allowed() {
    let reply = send(with(|_| {}), preflight(PAGE));
    assert_eq!(reply.head.status(), 405);
    assert_eq!(reply.header("access-control-allow-origin"), "");
    let allowed = || with(|options| options.cors = Some(Cors::allow([PAGE])));
    let reply = send(allowed(), preflight(PAGE));
    assert_eq!(reply.head.status(), 204);
    assert_eq!(reply.header("access-control-allow-origin"), PAGE);
    assert_eq!(reply.header("access-control-allow-methods"), "GET, POST");
    let headers = reply.header("access-control-allow-headers");
    assert!(headers.contains("content-type") && headers.contains("authorization"));
    assert_eq!(reply.header("access-control-allow-credentials"), "");
    assert_eq!(reply.header("vary"), "origin");
    for other in [
        "https://app.example.com.evil.org",
        "http://app.example.com",
        "null",
    ] {
        let reply = send(allowed(), preflight(other));
        assert_eq!(reply.header("access-control-allow-origin"), "", "{other}");
        assert_eq!(reply.header("access-control-allow-headers"), "", "{other}");
    }
    let reply = send(allowed(), hello().with("origin", PAGE));
    assert_eq!(reply.header("access-control-allow-origin"), PAGE);
    assert_eq!(
        reply.header("access-control-expose-headers"),
        "x-request-id"
    );
    let reply = send(allowed(), hello());
    assert_eq!(reply.header("vary"), "origin", "for caches");
    // An allowed page may also ask by GET.
    let ask = hello_by_get()
        .with("sec-fetch-site", "cross-site")
        .with("origin", PAGE);
    assert_eq!(status(allowed(), ask), 200);
}

#[test]
fn cookies_are_for_named_origins_only() {
    let named = Cors::allow([PAGE]).credentials(true);
    let router = with(|options| options.cors = Some(named));
    let reply = send(router, hello().with("origin", PAGE));
    assert_eq!(reply.header("access-control-allow-credentials"), "true");
    let any = Cors::any().credentials(true);
    let router = with(|options| options.cors = Some(any));
    let reply = send(router, hello().with("origin", PAGE));
    assert_eq!(reply.header("access-control-allow-origin"), "*");
    assert_eq!(reply.header("access-control-allow-credentials"), "");
}
