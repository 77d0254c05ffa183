//! GraphiQL at the endpoint's own address, from files inside the binary.
//!
//! In: a browser's request. Out: the page and its files. Must not know: the schema; the page asks for it.

use axum::extract::{Path, Request};
use axum::http::{Method, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

/// Name, type, whether it is compressed, bytes.
type File = (&'static str, &'static str, bool, &'static [u8]);

const FILES: &[File] = &[
    (
        "react.js",
        SCRIPT,
        true,
        include_bytes!("../../assets/graphiql/react.js.gz"),
    ),
    (
        "react-dom.js",
        SCRIPT,
        true,
        include_bytes!("../../assets/graphiql/react-dom.js.gz"),
    ),
    (
        "graphiql.js",
        SCRIPT,
        true,
        include_bytes!("../../assets/graphiql/graphiql.js.gz"),
    ),
    (
        "graphiql.css",
        STYLE,
        true,
        include_bytes!("../../assets/graphiql/graphiql.css.gz"),
    ),
    (
        "page.js",
        SCRIPT,
        false,
        include_bytes!("../../assets/graphiql/page.js"),
    ),
    (
        "page.css",
        STYLE,
        false,
        include_bytes!("../../assets/graphiql/page.css"),
    ),
];

/// Scripts from here alone; styles may be set by the page's scripts, as its editor does.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; \
     img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Whether a browser opens the address to look at it.
pub(super) fn wanted(request: &Request) -> bool {
    request.method() == Method::GET
        && request
            .uri()
            .query()
            .is_none_or(|query| !query.split('&').any(|pair| pair.starts_with("query=")))
        && request
            .headers()
            .get_all(header::ACCEPT)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .any(|value| {
                value
                    .split(',')
                    .any(|range| range.trim_start().starts_with("text/html"))
            })
}

/// The page.
pub(super) fn page() -> Response {
    let headers = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (
        headers,
        Html(include_str!("../../assets/graphiql/index.html")),
    )
        .into_response()
}

/// One of the page's files. Every browser that runs GraphiQL unpacks gzip.
pub(super) async fn file(Path(name): Path<String>) -> Response {
    let Some(&(_, kind, packed, bytes)) = FILES.iter().find(|file| file.0 == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "public, max-age=3600"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    if packed {
        (headers, [(header::CONTENT_ENCODING, "gzip")], bytes).into_response()
    } else {
        (headers, bytes).into_response()
    }
}
