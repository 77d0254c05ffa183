//! Any schema without code: generated values, and data with instructions.

#![allow(clippy::unwrap_used, reason = "tests")]

mod data;
mod subscriptions;
mod values;

use futures_util::StreamExt;
use graphwright::engine::response::{Request, Response};
use graphwright::mock::{Data, Mock, Schema};
use graphwright::{Responses, Server, Services};
use serde_json::{Value, json};

/// The response of a mock to one request.
async fn ask(mock: Mock, query: &str, variables: Value) -> Value {
    let server = Server::new(mock, Services::new()).unwrap();
    let request = Request {
        query: query.to_owned(),
        variables: variables.as_object().cloned(),
        ..Request::default()
    };
    let response = server.execute(None, "", &request).await;
    serde_json::from_slice(&response.body).unwrap()
}

fn generated(sdl: &str, seed: &str) -> Mock {
    Mock::generated(Schema::parse(sdl).unwrap(), seed)
}

fn with_data(sdl: &str, data: Value) -> Mock {
    Mock::with_data(Schema::parse(sdl).unwrap(), Data::new(data).unwrap())
}

/// The response's data, when there are no errors.
fn data_of(response: &Value) -> &Value {
    assert_eq!(response["errors"], json!(null), "{response}");
    &response["data"]
}

/// The response of a mock to a subscription's request: an array of responses, or the one that refused it.
async fn events(mock: Mock, query: &str, variables: Value) -> Value {
    let server = Server::new(mock, Services::new()).unwrap();
    let request = Request {
        query: query.to_owned(),
        variables: variables.as_object().cloned(),
        ..Request::default()
    };
    let read = |response: &Response| serde_json::from_slice(&response.body).unwrap();
    match server.stream(None, "", request).await {
        Responses::One(response) => read(&response),
        Responses::Many(stream) => {
            let responses: Vec<Response> = stream.collect().await;
            responses.iter().map(read).collect::<Vec<Value>>().into()
        }
    }
}
