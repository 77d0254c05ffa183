//! Answers without a server: one request after the other, for programs that are not asynchronous.
//!
//! In: mocks, requests. Out: JSON. Must not know: where requests come from.

use std::collections::HashMap;
use std::io;

use futures_util::StreamExt;

use super::{Mock, limits};
use crate::engine::response::{Request, Response};
use crate::{Responses, Server, Services};

/// Answers requests to mocks. Each schema is read once.
#[derive(Debug)]
pub struct Player {
    runtime: tokio::runtime::Runtime,
    servers: HashMap<&'static str, Server<Mock>>,
}

/// Nesting that the limits allow needs more than the two megabytes that a thread has by default.
const STACK: usize = 64 << 20;

impl Player {
    /// Starts the thread that answers.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn new() -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_stack_size(STACK)
            .enable_time()
            .build()?;
        Ok(Player {
            runtime,
            servers: HashMap::new(),
        })
    }

    /// The response to a request: a JSON object; to a subscription that has begun, a JSON array of the events' responses.
    ///
    /// # Errors
    /// The engine cannot work with the schema.
    pub fn answer(&mut self, mock: Mock, request: Request) -> crate::Result<Vec<u8>> {
        let server = match self.servers.get(mock.schema().sdl()) {
            Some(server) => server.with_app(mock),
            None => {
                let sdl = mock.schema().sdl();
                let server = Server::with_limits(mock, Services::new(), limits())?;
                self.servers.insert(sdl, server.clone());
                server
            }
        };
        let answer = async move {
            match server.stream(None, "", request).await {
                Responses::One(response) => response.body,
                Responses::Many(events) => array(&events.collect::<Vec<_>>().await),
            }
        };
        Ok(self.runtime.block_on(self.runtime.spawn(answer))?)
    }
}

fn array(responses: &[Response]) -> Vec<u8> {
    let bodies: Vec<&[u8]> = responses.iter().map(|response| &*response.body).collect();
    [b"[", &*bodies.join(&b","[..]), b"]"].concat()
}
