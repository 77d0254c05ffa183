//! What the inputs are tried on, and what must hold of every answer.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use graphwright::engine::response::{Outcome, Request};
use graphwright::http::{Options, router};
use graphwright::mock::{Mock, Schema as Sdl};
use graphwright::{Server, Services};
use graphwright_tests::random::schema::Schema;
use http_body_util::BodyExt;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tower::ServiceExt;

use crate::input::{self, Input};

/// A server for each schema.
pub(crate) struct Targets {
    schemas: Vec<Schema>,
    servers: Vec<Server<Mock>>,
    routers: Vec<axum::Router>,
    /// Where the routers are served, for sockets.
    addresses: Vec<std::net::SocketAddr>,
    runtime: tokio::runtime::Runtime,
}

impl Targets {
    pub(crate) fn new() -> Self {
        // What panics is caught and told once, with its input.
        std::panic::set_hook(Box::new(|_| {
            PANICS.fetch_add(1, Relaxed);
        }));
        let schemas = schemas();
        let server = |schema: &Schema| {
            let parsed =
                Sdl::parse(&schema.sdl).unwrap_or_else(|e| panic!("{e:?}\n{}", schema.sdl));
            Server::new(Mock::generated(parsed, "fuzz"), Services::new()).expect("a schema")
        };
        let servers: Vec<_> = schemas.iter().map(server).collect();
        let routers = servers
            .iter()
            .map(|server| router(server.clone(), Options::default()))
            .collect();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let routers: Vec<axum::Router> = routers;
        let serve = |router: &axum::Router| {
            let router = router.clone();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
                    .await
                    .expect("a port");
                let address = listener.local_addr().expect("an address");
                tokio::spawn(async move { axum::serve(listener, router).await });
                address
            })
        };
        let addresses = routers.iter().map(serve).collect();
        Targets {
            schemas,
            servers,
            routers,
            addresses,
            runtime,
        }
    }

    pub(crate) fn schemas(&self) -> &[Schema] {
        &self.schemas
    }

    /// Tries the input.
    pub(crate) fn run(&mut self, input: &Input) -> Result<(), String> {
        let run = || match input {
            Input::Request { .. } => self.request(input),
            Input::Http { .. } => self.http(input),
            Input::Socket { schema, frames } => self.socket(*schema, frames),
            Input::Sdl(text) => {
                drop(Sdl::parse(text));
                Ok(())
            }
            Input::Splice(case) => case.check().map(drop),
        };
        let before = PANICS.load(Relaxed);
        let done = catch_unwind(AssertUnwindSafe(run));
        // One in a task of its own is caught there.
        if done.is_ok() && PANICS.load(Relaxed) > before {
            return Err("a task panicked".to_owned());
        }
        done.unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
            Err(format!("panic: {}", text.unwrap_or("without a text")))
        })
    }

    fn request(&self, input: &Input) -> Result<(), String> {
        let Input::Request {
            schema,
            query,
            variables,
            operation,
            ..
        } = input
        else {
            return Ok(());
        };
        let request = Request {
            query: query.clone(),
            variables: variables.clone(),
            operation_name: operation.clone(),
            ..Request::default()
        };
        let response = self
            .runtime
            .block_on(self.servers[*schema].execute(None, "r", &request));
        let text = || {
            String::from_utf8_lossy(&response.body[..response.body.len().min(2000)]).into_owned()
        };
        let body: Value =
            serde_json::from_slice(&response.body).map_err(|e| format!("{e}: {}", text()))?;
        let errors = errors(&body)?;
        let fits = match response.outcome {
            Outcome::Executed => {
                body["data"].is_object()
                    || body.get("data").is_some_and(Value::is_null) && errors > 0
            }
            Outcome::Refused => body.get("data").is_none() && errors > 0,
            _ => false,
        };
        if fits {
            Ok(())
        } else {
            Err(format!("{:?} with {}", response.outcome, text()))
        }
    }

    fn http(&self, input: &Input) -> Result<(), String> {
        let Input::Http {
            schema,
            method,
            address,
            headers,
            body,
        } = input
        else {
            return Ok(());
        };
        let mut request = axum::http::Request::builder()
            .method(method.as_str())
            .uri(address);
        for (name, value) in headers {
            request = request.header(name, value.as_slice());
        }
        // What the client's library would refuse to send is no matter.
        let Ok(request) = request.body(axum::body::Body::from(body.clone())) else {
            return Ok(());
        };
        let router = self.routers[*schema].clone();
        self.runtime.block_on(async {
            let response = router.oneshot(request).await.expect("infallible");
            let (head, body) = response.into_parts();
            let body = body
                .collect()
                .await
                .map_err(|e| format!("the body broke off: {e}"))?
                .to_bytes();
            if head.status.is_server_error() {
                return Err(format!(
                    "{}: {}",
                    head.status,
                    String::from_utf8_lossy(&body)
                ));
            }
            let media = head
                .headers
                .get("content-type")
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default();
            let plain = !head.headers.contains_key("content-encoding");
            if plain && media.contains("json") && !body.is_empty() {
                let body: Value = serde_json::from_slice(&body)
                    .map_err(|e| format!("{e}: {}", String::from_utf8_lossy(&body)))?;
                match &body {
                    Value::Array(all) => all.iter().try_for_each(|one| errors(one).map(drop)),
                    one => errors(one).map(drop),
                }
            } else {
                Ok(())
            }
        })
    }
}

impl Targets {
    /// Opens a WebSocket, sends the frames and a closing one, and waits for the server to let go.
    fn socket(&self, schema: usize, frames: &[(u8, Vec<u8>)]) -> Result<(), String> {
        const HELLO: &str = "GET /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
            Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
            Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n";
        self.runtime.block_on(async {
            let failed = |e: std::io::Error| format!("the socket: {e}");
            let mut socket = tokio::net::TcpStream::connect(self.addresses[schema])
                .await
                .map_err(failed)?;
            let mut sent = HELLO.as_bytes().to_vec();
            let end = (0x88, vec![0x03, 0xe8]);
            for (head, body) in frames.iter().chain([&end]) {
                sent.push(*head);
                // Masked with zeros.
                match body.len() {
                    length @ 0..126 => sent.push(0x80 | length as u8),
                    length => {
                        sent.push(0x80 | 127);
                        sent.extend((length as u64).to_be_bytes());
                    }
                }
                sent.extend([0; 4]);
                sent.extend(body);
            }
            // The server may have closed already.
            let _ = socket.write_all(&sent).await;
            let _ = socket.shutdown().await;
            let mut answer = Vec::new();
            let read =
                tokio::time::timeout(Duration::from_secs(3), socket.read_to_end(&mut answer)).await;
            match read {
                Err(_) => Err("the server does not close the socket".to_owned()),
                // Closed while something was still on its way to it.
                Ok(Err(_)) => Ok(()),
                Ok(_) if answer.starts_with(b"HTTP/1.1 101") => Ok(()),
                Ok(_) => Err(format!("no socket: {}", String::from_utf8_lossy(&answer))),
            }
        })
    }
}

static PANICS: AtomicUsize = AtomicUsize::new(0);

pub(crate) fn schemas() -> Vec<Schema> {
    input::schemas()
}

/// How many errors a response has; each of them must be one that a client may see.
fn errors(body: &Value) -> Result<usize, String> {
    let Some(errors) = body.get("errors") else {
        return Ok(0);
    };
    let errors = errors
        .as_array()
        .filter(|errors| !errors.is_empty())
        .ok_or("`errors` is no list, or an empty one")?;
    for error in errors {
        if !error["message"].is_string() || error["extensions"]["code"] == "INTERNAL" {
            return Err(format!("error {error}"));
        }
    }
    Ok(errors.len())
}
