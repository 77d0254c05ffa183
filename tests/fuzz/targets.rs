//! What the inputs are tried on, and what must hold of every answer.

use std::panic::{AssertUnwindSafe, catch_unwind};

use graphwright::engine::response::{Outcome, Request};
use graphwright::http::{Options, router};
use graphwright::mock::{Mock, Schema as Sdl};
use graphwright::{Server, Services};
use graphwright_tests::random::schema::Schema;
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

use crate::input::{self, Input};

/// A server for each schema.
pub(crate) struct Targets {
    schemas: Vec<Schema>,
    servers: Vec<Server<Mock>>,
    routers: Vec<axum::Router>,
    runtime: tokio::runtime::Runtime,
}

impl Targets {
    pub(crate) fn new() -> Self {
        // What panics is caught and told once, with its input.
        std::panic::set_hook(Box::new(|_| {}));
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
        Targets {
            schemas,
            servers,
            routers,
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
            Input::Sdl(text) => {
                drop(Sdl::parse(text));
                Ok(())
            }
        };
        catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
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
