//! Operations over a WebSocket, by the protocol `graphql-transport-ws`
//! (<https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>).
//!
//! In: a request to upgrade. Out: a socket that lives until either side ends it. Must not know: how operations run.
//!
//! Each operation is a task that pulls its responses and puts them into a queue of [`QUEUE`] messages that all of the
//! socket share; the socket takes from it what it can write. So a client that does not read stops the operations, and
//! holds [`QUEUE`] messages twice, [`BUFFER`] bytes, and one message for each operation, however many events there are.

mod operation;
mod wire;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::FromRequestParts;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{SinkExt as _, StreamExt as _};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{Instant, MissedTickBehavior};

use self::operation::{Event, Run};
use self::wire::{FAREWELL, Health, farewell, write};
use super::answer::Answer;
use super::options::{Options, WebSockets};
use super::request::Members;
use super::serve::Stopping;
use super::{Endpoint, request_id};
use crate::application::Application;

/// The payload of a client's `connection_init`: an extension of the [`Parts`] that `authenticate` gets.
///
/// # Example
///
/// ```
/// use graphwright::{Parts, http::ConnectionInit};
///
/// /// The token of the header, or of the first message of a WebSocket, which in browsers has no such header.
/// fn token(parts: &Parts) -> Option<&str> {
///     match parts.extensions.get::<ConnectionInit>() {
///         Some(ConnectionInit(payload)) => payload["authorization"].as_str(),
///         None => parts.headers.get("authorization")?.to_str().ok(),
///     }
/// }
/// ```
#[derive(Debug, Clone, Default)]
pub struct ConnectionInit(pub Value);

const PROTOCOL: &str = "graphql-transport-ws";

/// How many messages wait for the socket, and how many for the queue before it.
const QUEUE: usize = 16;

/// How many bytes are read and written at once.
const BUFFER: usize = 4 << 10;

/// Whether the request wants a WebSocket.
pub(super) fn wanted(parts: &Parts) -> bool {
    let upgrade = || parts.headers.get(header::UPGRADE);
    parts.method == Method::GET
        && upgrade().is_some_and(|name| name.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// Takes the socket, if the page that asks may have it.
pub(super) async fn upgrade<A: Application>(
    endpoint: &Endpoint<A>,
    mut parts: Parts,
    id: &HeaderValue,
) -> Result<Response, Answer> {
    let Some(limits) = endpoint.options().websocket.clone() else {
        let off = "this endpoint takes no WebSockets";
        return Err(Answer::bad(StatusCode::NOT_IMPLEMENTED, off));
    };
    if !may_connect(&parts.headers, endpoint.options(), &limits) {
        let foreign = "a page of this origin may not open a WebSocket here";
        return Err(Answer::bad(StatusCode::FORBIDDEN, foreign));
    }
    let upgrade = match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => upgrade.protocols([PROTOCOL]),
        Err(rejection) => return Ok(rejection.into_response()),
    };
    let upgrade = upgrade
        .max_message_size(limits.message_size)
        .max_frame_size(limits.message_size)
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER);
    if upgrade.selected_protocol().is_none() {
        // Clients of the protocol know this code; of a response that refuses the upgrade browsers tell them nothing.
        let refuse = |io: WebSocket| {
            let (sink, stream) = io.split();
            farewell(sink, stream, 4406, "Subprotocol not acceptable".to_owned())
        };
        return Ok(upgrade.on_upgrade(refuse));
    }
    let stopping = parts.extensions.remove::<Stopping>();
    let socket = Socket {
        endpoint: endpoint.clone(),
        id: request_id::text(id).to_owned(),
        state: State::New(Box::new(parts)),
        outbox: VecDeque::new(),
        running: HashMap::new(),
        tasks: JoinSet::new(),
        serial: 0,
    };
    Ok(upgrade.on_upgrade(move |io| socket.run(io, limits, stopping)))
}

/// Pages of the endpoint's own origin and of those that are allowed; clients that are no browsers tell none. Browsers
/// send cookies with a WebSocket wherever it comes from, so nothing else stops a foreign page.
fn may_connect(headers: &HeaderMap, options: &Options, limits: &WebSockets) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return true;
    };
    let host = headers.get(header::HOST).map(HeaderValue::as_bytes);
    let own = origin
        .to_str()
        .ok()
        .and_then(|origin| origin.split_once("://"))
        .is_some_and(|(_, authority)| Some(authority.as_bytes()) == host);
    let cors = options.cors.as_ref();
    let named = |known: &String| known == "*" || known.as_bytes() == origin.as_bytes();
    own || limits.origins.iter().any(named)
        || cors.is_some_and(|cors| !cors.is_open() && cors.allows(origin))
}

struct Socket<A: Application> {
    endpoint: Endpoint<A>,
    id: String,
    state: State,
    outbox: VecDeque<Message>,
    running: HashMap<String, Running>,
    /// Dropped with the socket, and the operations with them.
    tasks: JoinSet<()>,
    serial: u64,
}

enum State {
    /// `connection_init` has not come.
    New(Box<Parts>),
    /// Whose socket this is.
    Known(Arc<Parts>),
}

struct Running {
    serial: u64,
    task: AbortHandle,
}

/// Why a socket is ended: code and reason.
type Close = (u16, String);

#[derive(Deserialize)]
struct Incoming {
    #[serde(rename = "type")]
    kind: Kind,
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    payload: Value,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Kind {
    ConnectionInit,
    Ping,
    Pong,
    Subscribe,
    Complete,
}

impl<A: Application> Socket<A> {
    async fn run(mut self, io: WebSocket, limits: WebSockets, mut stopping: Option<Stopping>) {
        let (mut sink, mut stream) = io.split();
        let (events, mut queue) = mpsc::channel(QUEUE);
        let init = Instant::now() + limits.init_timeout;
        let mut beat = tokio::time::interval_at(Instant::now() + limits.ping, limits.ping);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // What is written may not be flushed yet; what was written since the last beat.
        let (mut dirty, mut wrote) = (false, 0);
        let mut health = Health::default();
        let (code, reason) = loop {
            dirty |= !self.outbox.is_empty();
            let has_room = self.outbox.len() < QUEUE;
            let is_new = matches!(self.state, State::New(_));
            tokio::select! {
                written = write(&mut sink, &mut self.outbox, &mut wrote), if dirty => {
                    if written.is_err() {
                        return;
                    }
                    dirty = false;
                }
                message = stream.next(), if has_room => {
                    health.heard = true;
                    let taken = match message {
                        None => return,
                        Some(Ok(Message::Close(_))) => {
                            // The answer to it waits to be written.
                            let _ = tokio::time::timeout(FAREWELL, sink.close()).await;
                            return;
                        }
                        Some(Ok(Message::Text(text))) => self.take(&text, &limits, &events).await,
                        Some(Ok(Message::Binary(_))) => Err(invalid("messages are text")),
                        Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(()),
                        Some(Err(error)) => Err(too_much(&error)),
                    };
                    if let Err(close) = taken {
                        break close;
                    }
                }
                Some(event) = queue.recv(), if has_room => self.pass_on(event),
                () = tokio::time::sleep_until(init), if is_new => {
                    break (4408, "Connection initialisation timeout".to_owned());
                }
                _ = beat.tick() => {
                    let is_stuck = dirty && std::mem::take(&mut wrote) == 0;
                    if !health.is_good(has_room, is_stuck) {
                        // Nobody is there to be told.
                        return;
                    }
                    self.outbox.push_back(Message::Ping(Bytes::new()));
                }
                () = Stopping::wait(&mut stopping) => {
                    break (1001, "the server stops".to_owned());
                }
            }
        };
        self.tasks.abort_all();
        farewell(sink, stream, code, reason).await;
    }

    /// A message of the client.
    async fn take(
        &mut self,
        text: &str,
        limits: &WebSockets,
        events: &mpsc::Sender<Event>,
    ) -> Result<(), Close> {
        let message: Incoming = serde_json::from_str(text)
            .map_err(|_| invalid("this is no message of the protocol"))?;
        match message.kind {
            Kind::ConnectionInit => self.init(message.payload).await,
            Kind::Ping => {
                self.outbox.push_back(Message::text(r#"{"type":"pong"}"#));
                Ok(())
            }
            Kind::Pong => Ok(()),
            Kind::Subscribe => {
                let State::Known(parts) = &self.state else {
                    return Err((4401, "Unauthorized".to_owned()));
                };
                let parts = Arc::clone(parts);
                self.subscribe(message, parts, limits, events)
            }
            Kind::Complete => {
                let id = message
                    .id
                    .ok_or_else(|| invalid("`complete` has no `id`"))?;
                if let Some(running) = self.running.remove(&id) {
                    running.task.abort();
                    while self.tasks.try_join_next().is_some() {}
                }
                Ok(())
            }
        }
    }

    async fn init(&mut self, payload: Value) -> Result<(), Close> {
        let State::New(parts) = &mut self.state else {
            return Err((4429, "Too many initialisation requests".to_owned()));
        };
        if !matches!(payload, Value::Null | Value::Object(_)) {
            return Err(invalid(
                "the payload of `connection_init` must be an object",
            ));
        }
        parts.extensions.insert(ConnectionInit(payload));
        let server = self.endpoint.server();
        if server.authenticate(parts, &self.id).await.is_err() {
            return Err((4403, "Forbidden".to_owned()));
        }
        self.state = State::Known(Arc::new((**parts).clone()));
        let ack = Message::text(r#"{"type":"connection_ack"}"#);
        self.outbox.push_back(ack);
        Ok(())
    }

    fn subscribe(
        &mut self,
        message: Incoming,
        parts: Arc<Parts>,
        limits: &WebSockets,
        events: &mpsc::Sender<Event>,
    ) -> Result<(), Close> {
        let id = message.id.filter(|id| !id.is_empty());
        let id = id.ok_or_else(|| invalid("`subscribe` has no `id`"))?;
        let operation = serde_json::from_value::<Members>(message.payload)
            .map_err(|_| invalid("the payload of `subscribe` must be an object"))
            .and_then(|members| members.operation().map_err(|e| invalid(e.message())))?;
        if self.running.contains_key(&id) {
            return Err((4409, format!("Subscriber for {id} already exists")));
        }
        self.serial += 1;
        let run = Run {
            endpoint: self.endpoint.clone(),
            parts,
            request_id: format!("{}.{}", self.id, self.serial),
            id: id.as_str().into(),
            serial: self.serial,
            events: events.clone(),
        };
        if self.running.len() >= limits.operations {
            let many = format!("a socket may run {} operations at once", limits.operations);
            let refused = Answer::refused("LIMIT_EXCEEDED", &many).body(&run.request_id);
            let text = run.failed(&refused);
            self.outbox.push_back(Message::text(text));
            return Ok(());
        }
        while self.tasks.try_join_next().is_some() {}
        let (serial, task) = (self.serial, self.tasks.spawn(run.operate(operation)));
        self.running.insert(id, Running { serial, task });
        Ok(())
    }

    /// A message of an operation that still runs.
    fn pass_on(&mut self, event: Event) {
        let running = self.running.get(&*event.id);
        if running.is_none_or(|running| running.serial != event.serial) {
            return;
        }
        if event.last {
            self.running.remove(&*event.id);
        }
        self.outbox.push_back(Message::text(event.text));
    }
}

fn invalid(why: &str) -> Close {
    (4400, format!("Invalid message: {why}"))
}

/// What tungstenite refuses: a message above the limit, or bytes that are no WebSocket's.
fn too_much(error: &axum::Error) -> Close {
    match error.to_string().contains("too long") {
        true => (1009, "the message is too large".to_owned()),
        false => (1002, "this is no WebSocket message".to_owned()),
    }
}
