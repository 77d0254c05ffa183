//! What one request may cost: each limit at its edge, and the published attacks against the defaults.
//!
//! The tables are printed with `cargo test -p graphwright-tests --test limits -- --nocapture`.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "tests"
)]

mod attacks;
mod edges;
#[path = "../fuzz/memory.rs"]
mod memory;

use std::time::Duration;

use graphwright::engine::response::Request;
use graphwright::mock::{Data, Mock, Schema};
use graphwright::{Limits, Server, Services};
use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};

#[global_allocator]
static COUNTING: memory::Counting = memory::Counting;

const SDL: &str = "
    type Query { id: ID int(v: Int): Int json(v: Json): Json ints(v: [Int]): Int text(v: String): String slow: Int
        node: Node friend: Person people(first: Int): [Person!] tree(v: Tree): Json pick(v: Pick): Int echo(v: Json): Json
        failing: [Failing] }
    type Failing { no: Int }
    interface Node { id: ID next: Node }
    type Person implements Node { id: ID next: Node name: String friend: Person friends: [Person!] }
    type Place implements Node { id: ID next: Node name: String }
    type Thing implements Node { id: ID next: Node name: Int }
    input Tree { left: Tree right: Tree leaves: [Tree!] n: Int }
    input Pick @oneOf { a: Int b: Pick }
    scalar Json
    type Mutation { id: ID }";

/// What came of a request.
struct Outcome {
    /// `ok`, or the code of the first error.
    code: String,
    message: String,
    body: usize,
    took: Duration,
    bytes: usize,
}

fn server(limits: Limits) -> Server<Mock> {
    let data = json!({ "id": "1", "slow": { "$delay": 60_000, "value": 1 }, "echo": { "$arg": "v" }, "text": { "$arg": "v" },
        "people": [{ "name": "x".repeat(1000) }, { "name": "y" }], "failing": vec![json!({ "no": { "$error": "no" } }); 200] });
    let mock = Mock::with_data(Schema::parse(SDL).unwrap(), Data::new(data).unwrap());
    Server::with_limits(mock, Services::new(), limits).unwrap()
}

/// The CPU time that this thread has used: a busy machine does not count.
fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

fn ask(server: &Server<Mock>, query: &str, variables: Value) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let request = Request {
        query: query.to_owned(),
        variables: variables.as_object().cloned(),
        ..Request::default()
    };
    let (before, start) = (memory::begin(), cpu());
    let response = runtime.block_on(server.execute(None, "r", &request));
    let (took, bytes) = (
        cpu().saturating_sub(start),
        memory::peak().saturating_sub(before),
    );
    let body: Value = serde_json::from_slice(&response.body).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or("ok").to_owned();
    Outcome {
        code: text(&body["errors"][0]["extensions"]["code"]),
        message: text(&body["errors"][0]["message"]),
        body: response.body.len(),
        took,
        bytes,
    }
}
