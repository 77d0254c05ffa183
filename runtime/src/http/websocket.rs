//! Operations over a WebSocket, by the protocol `graphql-transport-ws`
//! (<https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>).
//!
//! In: a request to upgrade. Out: a socket that lives until either side ends it. Must not know: how operations run.
//!
//! Each operation is a task that pulls its responses and puts them into a queue of [`QUEUE`] messages that all of the
//! socket share; the socket takes from it what it can write. So a client that does not read stops the operations, and
//! holds [`QUEUE`] messages twice, [`BUFFER`] bytes, and one message for each operation, however many events there are.

use std::collections::{HashMap, VecDeque};
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Poll, ready};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::FromRequestParts;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{Instant, MissedTickBehavior};

use super::answer::Answer;
use super::options::{Options, WebSockets};
use super::request::{Members, Operation};
use super::serve::Stopping;
use super::{Endpoint, documents, request_id};
use crate::Responses;
use crate::application::Application;
use crate::engine::response::{Outcome, Response as Done};

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

/// How long a client may take to answer the end of its socket.
const FAREWELL: Duration = Duration::from_secs(2);

/// Whether the request wants a WebSocket.
pub(super) fn wanted(parts: &Parts) -> bool {
    let upgrade = parts.headers.get(header::UPGRADE);
    upgrade.is_some_and(|name| name.as_bytes().eq_ignore_ascii_case(b"websocket"))
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
    if upgrade.selected_protocol().is_none() {
        let needed = "a WebSocket here needs `sec-websocket-protocol: graphql-transport-ws`";
        return Err(Answer::bad(StatusCode::BAD_REQUEST, needed));
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
    let upgrade = upgrade
        .max_message_size(limits.message_size)
        .max_frame_size(limits.message_size)
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER);
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

/// A message of an operation.
struct Event {
    id: Arc<str>,
    /// Tells a late event of an operation from those of a later one of the same id.
    serial: u64,
    text: String,
    last: bool,
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

/// An operation on its way.
struct Run<A: Application> {
    endpoint: Endpoint<A>,
    parts: Arc<Parts>,
    request_id: String,
    id: Arc<str>,
    serial: u64,
    events: mpsc::Sender<Event>,
}

impl<A: Application> Run<A> {
    async fn operate(self, mut operation: Operation) {
        let options = self.endpoint.options();
        let register = match documents::find(&mut operation, options).await {
            Ok(register) => register,
            Err(answer) => {
                let text = self.failed(&answer.body(&self.request_id));
                return self.send(text, true).await;
            }
        };
        let mut request = operation.request;
        request.incremental = true;
        let document = register.as_ref().map(|_| request.query.clone());
        let (parts, id) = (Arc::clone(&self.parts), self.request_id.as_str());
        let responses = self.endpoint.server().respond_many(parts, id, request);
        match responses.await {
            Responses::One(done) if done.outcome != Outcome::Executed => {
                return self.send(self.failed(&done.body), true).await;
            }
            Responses::One(done) => {
                self.keep(register, document).await;
                self.send(self.next(&done), false).await;
            }
            Responses::Many(mut stream) => {
                self.keep(register, document).await;
                while let Some(done) = stream.next().await {
                    self.send(self.next(&done), false).await;
                }
            }
        }
        let text = format!(r#"{{"id":{},"type":"complete"}}"#, quoted(&self.id));
        self.send(text, true).await;
    }

    async fn keep(&self, hash: Option<String>, document: Option<String>) {
        if let (Some(hash), Some(document)) = (hash, document) {
            documents::keep(&hash, &document, self.endpoint.options()).await;
        }
    }

    fn next(&self, done: &Done) -> String {
        self.message("next", &done.body)
    }

    /// The protocol tells errors before execution as a list.
    fn failed(&self, body: &[u8]) -> String {
        let list = body
            .strip_prefix(b"{\"errors\":")
            .and_then(|rest| rest.strip_suffix(b"}"));
        self.message("error", list.unwrap_or(b"[]"))
    }

    fn message(&self, kind: &str, payload: &[u8]) -> String {
        let id = quoted(&self.id);
        let payload = String::from_utf8_lossy(payload);
        format!(r#"{{"id":{id},"type":"{kind}","payload":{payload}}}"#)
    }

    /// Waits for room in the queue.
    async fn send(&self, text: String, last: bool) {
        let event = Event {
            id: Arc::clone(&self.id),
            serial: self.serial,
            text,
            last,
        };
        // A socket that is gone drops this task too.
        let _ = self.events.send(event).await;
    }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
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

/// Writes all that waits. Nothing is lost when this is dropped half-way.
async fn write(
    sink: &mut SplitSink<WebSocket, Message>,
    outbox: &mut VecDeque<Message>,
    wrote: &mut u64,
) -> Result<(), axum::Error> {
    poll_fn(|task| {
        loop {
            if outbox.is_empty() {
                ready!(sink.poll_flush_unpin(task))?;
                return Poll::Ready(Ok(()));
            }
            ready!(sink.poll_ready_unpin(task))?;
            if let Some(message) = outbox.pop_front() {
                sink.start_send_unpin(message)?;
                *wrote += 1;
            }
        }
    })
    .await
}

/// Ends the socket: the close frame must not be lost in what the client still sends.
async fn farewell(
    mut sink: SplitSink<WebSocket, Message>,
    mut stream: SplitStream<WebSocket>,
    code: u16,
    mut reason: String,
) {
    // A close frame has room for 123 bytes.
    while reason.len() > 123 {
        reason.pop();
    }
    let frame = CloseFrame {
        code,
        reason: reason.into(),
    };
    let told = async {
        if sink.send(Message::Close(Some(frame))).await.is_ok() {
            while let Some(Ok(_)) = stream.next().await {}
        }
    };
    // Who does not answer is gone, or does not matter any more.
    let _ = tokio::time::timeout(FAREWELL, told).await;
}

/// Whether the other side still lives.
#[derive(Default)]
struct Health {
    heard: bool,
    missed: u8,
    stuck: u8,
}

impl Health {
    /// To be asked once a span: false for a client that said nothing for two of them though it was listened to, or took
    /// nothing for three though there was something.
    fn is_good(&mut self, listened: bool, is_stuck: bool) -> bool {
        self.missed = match std::mem::take(&mut self.heard) || !listened {
            true => 0,
            false => self.missed + 1,
        };
        self.stuck = match is_stuck {
            true => self.stuck + 1,
            false => 0,
        };
        self.missed < 3 && self.stuck < 3
    }
}
