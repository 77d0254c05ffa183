//! GraphQL over HTTP: an axum router that people nest into their own and put layers around.
//!
//! In: requests. Out: responses with the content types and status codes of the specification
//! <https://graphql.github.io/graphql-over-http/draft/>. Must not know: how operations are executed.
//!
//! What is safe by default: bodies, files and sockets are limited; what a browser sends unasked for a foreign page is
//! refused; `GET` runs no mutations; nothing of an internal error is answered. [`Options`] says what can be switched.
//!
//! `request` reads operations (`multipart` those with files), `documents` finds what they name (`persisted`, `trusted`),
//! `answer` and `stream` write one response or many (`cache`, `compress`), `websocket` does all of that over a socket.
//! `csrf` and `cors` guard the door.

mod answer;
mod cache;
mod compress;
mod cors;
mod csrf;
mod documents;
mod graphiql;
mod multipart;
mod negotiate;
mod options;
mod persisted;
mod request;
mod request_id;
mod serve;
mod stream;
mod trusted;
mod websocket;

use std::pin::pin;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use futures_util::{StreamExt as _, stream as streams};
use tracing::Instrument;

use crate::Responses;
use crate::application::Application;
use crate::engine::response::{Outcome, Response as Done};
use crate::server::Server;

use answer::Answer;
pub use cors::Cors;
use negotiate::{Accepted, Many, Media};
pub use options::{Options, Uploads, WebSockets};
pub use persisted::{DocumentStore, MemoryStore};
use request::{Asked, Operation};
#[cfg(feature = "app")]
pub(crate) use request_id::current as current_request;
use serve::Stopping;
pub use serve::serve;
pub use trusted::TrustedDocuments;
pub use websocket::ConnectionInit;

/// A router with `/graphql` (`POST`, `GET`, WebSockets, and GraphiQL for browsers) and `/health`.
///
/// It has no state left to fill in: `Router::new().nest("/api", graphwright::http::router(server, options))` works.
pub fn router<A: Application>(server: Server<A>, options: Options) -> Router {
    plan_ahead(&server, &options);
    let endpoint = Endpoint {
        inner: Arc::new((server, options)),
    };
    Router::new()
        .route("/graphql", any(graphql::<A>))
        .route("/graphql/graphiql/{file}", get(graphiql::file))
        .route("/health", get(health::<A>))
        .with_state(endpoint)
}

/// Trusted documents are known before anybody asks: their plans are ready, and a wrong one is told when the program
/// starts.
fn plan_ahead<A: Application>(server: &Server<A>, options: &Options) {
    for (id, document) in options.trusted.iter().flat_map(TrustedDocuments::iter) {
        for problem in server.engine().plan_ahead(document) {
            tracing::error!(document = id, problem, "a trusted document is not valid");
        }
    }
}

struct Endpoint<A: Application> {
    inner: Arc<(Server<A>, Options)>,
}

impl<A: Application> Clone for Endpoint<A> {
    fn clone(&self) -> Self {
        Endpoint {
            inner: Arc::clone(&self.inner),
        }
    }
}

impl<A: Application> Endpoint<A> {
    fn server(&self) -> &Server<A> {
        &self.inner.0
    }

    fn options(&self) -> &Options {
        &self.inner.1
    }
}

/// 200 when the program can work: its database answers.
async fn health<A: Application>(State(endpoint): State<Endpoint<A>>) -> Response {
    match endpoint.server().ready().await {
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
    let options = endpoint.options();
    if options.graphiql && graphiql::wanted(&request) {
        return graphiql::page();
    }
    let (parts, body) = request.into_parts();
    let cors = options.cors.as_ref();
    if let Some(answer) = cors.and_then(|cors| cors.preflight(&parts)) {
        return answer;
    }
    let origin = cors.and_then(|_| parts.headers.get(header::ORIGIN).cloned());
    let id = request_id::of(&parts.headers);
    let text = request_id::text(&id);
    // For subscribers of the user's own; the program's log puts the id on its lines without it.
    let span = tracing::debug_span!(target: "graphwright::request", "graphql", request_id = text);
    let mut response = {
        // Pinned here: who takes it by value moves all of its room.
        let answering = pin!(answer(&endpoint, Arc::new(parts), body, &id).instrument(span));
        request_id::during(&id, answering).await
    };
    let headers = response.headers_mut();
    headers.insert(request_id::HEADER, id);
    if let Some(cors) = cors {
        cors.mark(origin.as_ref(), headers);
    }
    response
}

async fn answer<A: Application>(
    endpoint: &Endpoint<A>,
    parts: Arc<Parts>,
    body: Body,
    id: &HeaderValue,
) -> Response {
    let text = request_id::text(id);
    if websocket::wanted(&parts) {
        let parts = Arc::unwrap_or_clone(parts);
        let upgraded = Box::pin(websocket::upgrade(endpoint, parts, id)).await;
        return upgraded.unwrap_or_else(|answer| answer.refuse(Media::Json, text));
    }
    let accepted = match negotiate::accepted(&parts.headers) {
        Ok(accepted) => accepted,
        Err(answer) => return answer.refuse(Media::Json, text),
    };
    match run(endpoint, parts, body, text, accepted).await {
        Ok(response) => response,
        Err(answer) => answer.refuse(accepted.media(), text),
    }
}

/// The response, or why it never came to an operation.
///
/// What is rare is boxed, here and below: every request carries room for the largest of its futures, and moves it.
async fn run<A: Application>(
    endpoint: &Endpoint<A>,
    parts: Arc<Parts>,
    body: Body,
    id: &str,
    accepted: Accepted,
) -> Result<Response, Answer> {
    let patience = endpoint.server().engine().limits().timeout;
    match request::read(&parts, body, endpoint.options(), patience).await? {
        Asked::Batch(operations) => {
            let bytes = Box::pin(batch(endpoint, &parts, id, operations)).await;
            Ok(whole(endpoint, &parts, accepted.media(), bytes).await)
        }
        Asked::One(operation) => match accepted.many {
            None => one(endpoint, parts, id, operation, accepted.media()).await,
            Some(many) => {
                Box::pin(one_or_many(endpoint, parts, id, *operation, accepted, many)).await
            }
        },
    }
}

/// The one response to an operation.
async fn one<A: Application>(
    endpoint: &Endpoint<A>,
    parts: Arc<Parts>,
    id: &str,
    mut operation: Box<Operation>,
    media: Media,
) -> Result<Response, Answer> {
    let register = documents::find(&mut operation, endpoint.options()).await?;
    let request = &operation.request;
    let responding = endpoint.server().respond(Arc::clone(&parts), id, request);
    let done = responding.await;
    if let Some(hash) = register.filter(|_| done.outcome == Outcome::Executed) {
        Box::pin(documents::keep(&hash, &request.query, endpoint.options())).await;
    }
    Ok(finish(endpoint, &parts, media, done).await)
}

/// One response, or a stream of them, whichever the operation has.
async fn one_or_many<A: Application>(
    endpoint: &Endpoint<A>,
    mut parts: Arc<Parts>,
    id: &str,
    mut operation: Operation,
    accepted: Accepted,
    many: Many,
) -> Result<Response, Answer> {
    let options = endpoint.options();
    let register = documents::find(&mut operation, options).await?;
    let mut request = operation.request;
    request.incremental = true;
    let document = register.as_ref().map(|_| request.query.clone());
    let stopping = Arc::make_mut(&mut parts).extensions.remove::<Stopping>();
    let responding = endpoint
        .server()
        .respond_many(Arc::clone(&parts), id, request);
    let responses = responding.await;
    let is_good = match &responses {
        Responses::One(done) => done.outcome == Outcome::Executed,
        Responses::Many(_) => true,
    };
    if let (true, Some(hash), Some(document)) = (is_good, register, document) {
        documents::keep(&hash, &document, options).await;
    }
    let stream = match responses {
        // A client that takes events alone gets its one response as an event, also the errors of a wrong document.
        Responses::One(done)
            if accepted.one.is_none()
                && many == Many::Events
                && matches!(done.outcome, Outcome::Executed | Outcome::Refused) =>
        {
            streams::once(std::future::ready(done)).boxed()
        }
        Responses::One(done) => {
            return Ok(finish(endpoint, &parts, accepted.media(), done).await);
        }
        Responses::Many(stream) => stream,
    };
    Ok(stream::respond(stream, many, options.keep_alive, stopping))
}

/// Operation after operation, as an array of their responses.
async fn batch<A: Application>(
    endpoint: &Endpoint<A>,
    parts: &Arc<Parts>,
    id: &str,
    operations: Vec<Operation>,
) -> Vec<u8> {
    let mut bytes = vec![b'['];
    for mut operation in operations {
        match documents::find(&mut operation, endpoint.options()).await {
            Ok(register) => {
                let request = &operation.request;
                let responding = endpoint.server().respond(Arc::clone(parts), id, request);
                let done = responding.await;
                if let Some(hash) = register.filter(|_| done.outcome == Outcome::Executed) {
                    documents::keep(&hash, &request.query, endpoint.options()).await;
                }
                bytes.extend_from_slice(&done.body);
            }
            Err(answer) => bytes.extend_from_slice(&answer.body(id)),
        }
        bytes.push(b',');
    }
    bytes.pop();
    bytes.push(b']');
    bytes
}

/// Status, headers and body of an operation's response.
async fn finish<A: Application>(
    endpoint: &Endpoint<A>,
    parts: &Parts,
    media: Media,
    done: Done,
) -> Response {
    let mut response = answer::operation(done.outcome, media);
    if let Some(policy) = done.cache
        && parts.method == Method::GET
        && cache::mark(&mut response, policy, &done.body, &parts.headers)
    {
        return response;
    }
    fill(endpoint, parts, &mut response, done.body).await;
    response
}

/// A response that is no operation's own.
async fn whole<A: Application>(
    endpoint: &Endpoint<A>,
    parts: &Parts,
    media: Media,
    bytes: Vec<u8>,
) -> Response {
    let mut response = answer::empty(StatusCode::OK, media);
    fill(endpoint, parts, &mut response, bytes).await;
    response
}

async fn fill<A: Application>(
    endpoint: &Endpoint<A>,
    parts: &Parts,
    response: &mut Response,
    bytes: Vec<u8>,
) {
    if endpoint.options().compression {
        compress::fill(response, bytes, &parts.headers).await;
    } else {
        *response.body_mut() = Body::from(bytes);
    }
}
