//! Our engine over the same values.
//!
//! In: requests as the oracle reads them. Out: answers of the same shape. Must not know: what they are compared with.

use futures_util::StreamExt;
use graphwright::engine::response::{Outcome, Request, Response};
use graphwright::mock::{Data, Mock, Schema};
use graphwright::{Limits, Responses, Server, Services};
use serde_json::{Value, json};

pub(crate) struct Ours {
    runtime: tokio::runtime::Runtime,
    /// The server of the last schema and values: requests often have the same ones.
    last: Option<(Value, Server<Mock>)>,
}

impl Ours {
    pub(crate) fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        Ours {
            runtime: runtime.expect("a runtime"),
            last: None,
        }
    }

    /// Phase, data and errors; or, with `many` set, phase and responses.
    pub(crate) fn ask(&mut self, asked: &Value) -> Value {
        let of = json!([asked["schema"], asked["data"], asked["mock"]]);
        if self.last.as_ref().is_none_or(|(last, _)| *last != of) {
            match server(asked) {
                Ok(server) => self.last = Some((of, server)),
                Err(why) => return json!({ "phase": "schema", "errors": [{ "message": why }] }),
            }
        }
        let (_, server) = self.last.as_ref().expect("just set");
        let many = asked["many"] == true;
        let request = Request {
            query: asked["query"].as_str().expect("a text").to_owned(),
            variables: asked["variables"].as_object().cloned(),
            operation_name: asked["operationName"].as_str().map(str::to_owned),
            incremental: many,
            ..Request::default()
        };
        if !many {
            let response = self.runtime.block_on(server.execute(None, "r", &request));
            let (mut answer, phase) = read(&response);
            answer["phase"] = json!(phase);
            return answer;
        }
        let responses: Vec<_> = self.runtime.block_on(async {
            match server.stream(None, "r", request).await {
                Responses::One(response) => vec![response],
                Responses::Many(stream) => stream.collect().await,
            }
        });
        let responses: Vec<_> = responses.iter().map(read).collect();
        let phase = responses.first().map_or("executed", |(_, phase)| *phase);
        let bodies: Vec<_> = responses.into_iter().map(|(body, _)| body).collect();
        json!({ "phase": phase, "responses": bodies })
    }
}

/// The body of a response, and how far its request came.
fn read(response: &Response) -> (Value, &'static str) {
    let body: Value = serde_json::from_slice(&response.body).expect("a response is JSON");
    let phase = match (
        &response.outcome,
        body["errors"][0]["extensions"]["code"].as_str(),
    ) {
        (Outcome::Executed, _) => "executed",
        // A subscription whose source does not start.
        (Outcome::Refused, _) if body["errors"][0]["path"].is_array() => "executed",
        (Outcome::Refused, Some("GRAPHQL_PARSE_FAILED")) => "syntax",
        (Outcome::Refused, Some("GRAPHQL_VALIDATION_FAILED")) => "validation",
        (Outcome::Refused, Some("BAD_USER_INPUT")) => "variables",
        (Outcome::Refused, Some("BAD_REQUEST")) => "operation",
        _ => "crash",
    };
    (body, phase)
}

fn server(asked: &Value) -> Result<Server<Mock>, String> {
    let schema =
        Schema::parse(asked["schema"].as_str().expect("a text")).map_err(|e| e.to_string())?;
    let mock = match asked.get("data") {
        None => Mock::generated(schema, asked["mock"].as_str().expect("a seed")),
        Some(tree) => {
            let data = Data::new(tree.clone()).map_err(|mistakes| mistakes[0].message.clone())?;
            Mock::with_data(schema, data)
        }
    };
    Server::with_limits(mock, Services::new(), unlimited()).map_err(|e| e.to_string())
}

/// The limits are not what is compared here.
fn unlimited() -> Limits {
    Limits {
        bytes: usize::MAX / 2,
        tokens: usize::MAX / 2,
        depth: 1000,
        aliases: 100_000,
        root_fields: 100_000,
        directives: 100_000,
        fields: 10_000_000,
        cost: u64::MAX,
        ..Limits::default()
    }
}
