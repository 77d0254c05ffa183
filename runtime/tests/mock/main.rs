//! Any schema without code: generated values, and data with instructions.

#![allow(clippy::unwrap_used, reason = "tests")]

mod data;
mod values;

use graphwright::engine::response::Request;
use graphwright::mock::{Data, Mock, Schema};
use graphwright::{Server, Services};
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
