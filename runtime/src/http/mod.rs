//! GraphQL over HTTP: an axum router that people nest into their own and put layers around.
//!
//! In: requests. Out: responses with the content types and status codes of the specification
//! <https://graphql.github.io/graphql-over-http/draft/>. Must not know: how operations are executed.
//!
//! What is safe by default: bodies are limited; only `application/json` is read, so that a browser sends a foreign
//! page's request with a preflight or not at all; `GET` runs queries only; nothing of an internal error is answered.

mod graphiql;
mod negotiate;
mod request;
mod request_id;
mod serve;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use tracing::Instrument;

use crate::application::Application;
use crate::server::Server;

use negotiate::{Answer, Media};
pub use serve::serve;

/// How the endpoint behaves.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// Greatest size of a request's body, in bytes. 1 MiB unless told otherwise.
    pub body_limit: usize,
    /// Whether browsers that open the address get GraphiQL. True unless told otherwise.
    pub graphiql: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            body_limit: 1 << 20,
            graphiql: true,
        }
    }
}

/// A router with `/graphql` (`POST`, `GET`, and GraphiQL for browsers) and `/health`.
///
/// It has no state left to fill in: `Router::new().nest("/api", graphwright::http::router(server, options))` works.
pub fn router<A: Application>(server: Server<A>, options: Options) -> Router {
    let endpoint = Endpoint { server, options };
    Router::new()
        .route("/graphql", any(graphql::<A>))
        .route("/graphql/graphiql/{file}", get(graphiql::file))
        .route("/health", get(health::<A>))
        .with_state(endpoint)
}

struct Endpoint<A: Application> {
    server: Server<A>,
    options: Options,
}

impl<A: Application> Clone for Endpoint<A> {
    fn clone(&self) -> Self {
        Endpoint {
            server: self.server.clone(),
            options: self.options.clone(),
        }
    }
}

/// 200 when the program can work: its database answers.
async fn health<A: Application>(State(endpoint): State<Endpoint<A>>) -> Response {
    match endpoint.server.ready().await {
        Ok(()) => (StatusCode::OK, "ok\n").into_response(),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "the database does not answer\n",
            )
                .into_response()
        }
    }
}

async fn graphql<A: Application>(
    State(endpoint): State<Endpoint<A>>,
    request: Request,
) -> Response {
    if endpoint.options.graphiql && graphiql::wanted(&request) {
        return graphiql::page();
    }
    let id = request_id::of(request.headers());
    let span = tracing::info_span!("graphql", request_id = %id);
    let mut response = answer(&endpoint, request, &id).instrument(span).await;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(request_id::HEADER, value);
    }
    response
}

async fn answer<A: Application>(endpoint: &Endpoint<A>, request: Request, id: &str) -> Response {
    let media = match negotiate::accepted(request.headers()) {
        Ok(media) => media,
        Err(answer) => return answer.refuse(Media::Json, id),
    };
    match run(endpoint, request, id, media).await {
        Ok(response) => response,
        Err(answer) => answer.refuse(media, id),
    }
}

/// The operation's response, or why it never came to one.
async fn run<A: Application>(
    endpoint: &Endpoint<A>,
    request: Request,
    id: &str,
    media: Media,
) -> Result<Response, Answer> {
    let (parts, body) = request.into_parts();
    let (limit, patience) = (
        endpoint.options.body_limit,
        endpoint.server.engine().limits().timeout,
    );
    let operation = request::read(&parts, body, limit, patience).await?;
    Ok(media.respond(endpoint.server.respond(&parts, id, &operation).await))
}

/// A response with a body of the media type.
fn body(status: StatusCode, media: Media, bytes: Vec<u8>) -> Response {
    (
        status,
        [
            (header::CONTENT_TYPE, media.content_type()),
            (header::CACHE_CONTROL, "no-store"),
        ],
        bytes,
    )
        .into_response()
}
