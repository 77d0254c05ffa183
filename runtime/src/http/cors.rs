//! Cross-origin resource sharing: which foreign pages may use the endpoint
//! (<https://fetch.spec.whatwg.org/#http-cors-protocol>).
//!
//! In: an allow-list, a request's head. Out: headers of its response; the answer to a preflight.
//! Must not know: bodies, operations.

use std::sync::Arc;

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;

/// Which origins may use the endpoint from their pages.
#[derive(Debug, Clone)]
pub struct Cors {
    origins: Origins,
    credentials: bool,
    headers: HeaderValue,
}

#[derive(Debug, Clone)]
enum Origins {
    Any,
    These(Arc<[String]>),
}

/// The headers that pages may send; `*` would leave out `authorization`.
const HEADERS: &str = "content-type, accept, authorization, x-request-id, graphql-require-preflight, \
                       apollo-require-preflight, x-requested-with, x-apollo-operation-name, apollographql-client-name, \
                       apollographql-client-version";

impl Cors {
    /// Pages of these origins, each as a browser tells it: `https://app.example.com`, without a path.
    pub fn allow(origins: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let origins = origins.into_iter().map(Into::into).collect();
        Self::of(Origins::These(origins))
    }

    /// Pages of every origin: for public data. Browsers then send no cookies, whatever [`credentials`] says.
    ///
    /// [`credentials`]: Cors::credentials
    pub fn any() -> Self {
        Self::of(Origins::Any)
    }

    fn of(origins: Origins) -> Self {
        Cors {
            origins,
            credentials: false,
            headers: HeaderValue::from_static(HEADERS),
        }
    }

    /// Whether browsers send cookies along. False unless told otherwise.
    #[must_use]
    pub fn credentials(mut self, credentials: bool) -> Self {
        self.credentials = credentials;
        self
    }

    /// Whether pages of that origin may use the endpoint.
    pub(super) fn allows(&self, origin: &HeaderValue) -> bool {
        match &self.origins {
            Origins::Any => true,
            Origins::These(these) => these
                .iter()
                .any(|known| known.as_bytes() == origin.as_bytes()),
        }
    }

    /// Whether every page may, without cookies.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.origins, Origins::Any)
    }

    /// The answer to a preflight, if this is one.
    pub(super) fn preflight(&self, parts: &Parts) -> Option<Response> {
        let asks = parts.method == Method::OPTIONS
            && parts.headers.contains_key(header::ORIGIN)
            && parts
                .headers
                .contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
        if !asks {
            return None;
        }
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        let headers = response.headers_mut();
        if self.mark(parts.headers.get(header::ORIGIN), headers) {
            let methods = HeaderValue::from_static("GET, POST");
            headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
            headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, self.headers.clone());
            let age = HeaderValue::from_static("600");
            headers.insert(header::ACCESS_CONTROL_MAX_AGE, age);
        }
        Some(response)
    }

    /// Tells the browser whether the page may see the response.
    pub(super) fn mark(&self, origin: Option<&HeaderValue>, headers: &mut HeaderMap) -> bool {
        if self.is_open() {
            let any = HeaderValue::from_static("*");
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, any);
        } else {
            // The response differs by the origin even where there is none.
            headers.append(header::VARY, HeaderValue::from_static("origin"));
            let Some(origin) = origin.filter(|origin| self.allows(origin)) else {
                return false;
            };
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            if self.credentials {
                let yes = HeaderValue::from_static("true");
                headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, yes);
            }
        }
        let seen = HeaderValue::from_static("x-request-id");
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, seen);
        true
    }
}
