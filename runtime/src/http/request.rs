//! Reading a GraphQL request from an HTTP request.
//!
//! In: method, headers, query string, body. Out: an operation to run, or the answer that refuses it.
//! Must not know: the schema.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Query;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::negotiate::Answer;
use crate::engine::response::Request;

/// The operation of a request (sections 5.2 and 5.3 of the specification).
pub(super) async fn read(
    parts: &Parts,
    body: Body,
    limit: usize,
    patience: Duration,
) -> Result<Request, Answer> {
    match parts.method {
        Method::POST => {
            json_expected(parts)?;
            from_body(&whole(body, limit, patience).await?)
        }
        Method::GET => from_query_string(parts),
        _ => Err(Answer::bad(
            StatusCode::METHOD_NOT_ALLOWED,
            "this endpoint takes GET and POST",
        )
        .allow("GET, POST")),
    }
}

/// The body, if all of it comes in time.
async fn whole(body: Body, limit: usize, patience: Duration) -> Result<Bytes, Answer> {
    let read = Limited::new(body, limit).collect();
    match tokio::time::timeout(patience, read).await {
        Ok(Ok(read)) => Ok(read.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Answer::bad(
            StatusCode::PAYLOAD_TOO_LARGE,
            "the body is too large",
        )),
        Ok(Err(_)) => Err(bad("the body could not be read")),
        Err(_) => Err(Answer::bad(
            StatusCode::REQUEST_TIMEOUT,
            "the body took too long",
        )),
    }
}

/// Only JSON: a type that a foreign page's form can send needs no preflight, and would let that page act for the user.
fn json_expected(parts: &Parts) -> Result<(), Answer> {
    let given = parts
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let mut pieces = given.split(';').map(str::trim);
    let is_json = pieces
        .next()
        .is_some_and(|name| name.eq_ignore_ascii_case("application/json"));
    let is_utf8 = pieces
        .filter_map(|piece| piece.split_once('='))
        .filter(|(key, _)| key.trim().eq_ignore_ascii_case("charset"))
        .all(|(_, value)| value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8"));
    if is_json && is_utf8 {
        return Ok(());
    }
    Err(Answer::bad(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "send the request as `content-type: application/json` in UTF-8",
    ))
}

fn from_body(bytes: &[u8]) -> Result<Request, Answer> {
    let value: Value = serde_json::from_slice(bytes).map_err(|e| {
        bad(&format!(
            "the body is not JSON: line {}, column {}",
            e.line(),
            e.column()
        ))
    })?;
    let Value::Object(mut members) = value else {
        return Err(bad(
            "the body must be a JSON object with `query`; batches are not taken",
        ));
    };
    let query = match members.remove("query") {
        Some(Value::String(query)) => query,
        Some(_) => return Err(bad("`query` must be a string")),
        None => return Err(bad("the body has no `query`")),
    };
    let operation_name = match members.remove("operationName") {
        None | Some(Value::Null) => None,
        Some(Value::String(name)) => Some(name),
        Some(_) => return Err(bad("`operationName` must be a string")),
    };
    let variables = object(members.remove("variables"), "`variables` must be an object")?;
    object(
        members.remove("extensions"),
        "`extensions` must be an object",
    )?;
    Ok(Request {
        query,
        operation_name,
        variables: Some(variables),
        read_only: false,
        uploads: Vec::new(),
        incremental: false,
    })
}

/// What the query string of a `GET` may say; unknown names are let be, as caches add some.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Address {
    query: Option<String>,
    operation_name: Option<String>,
    variables: Option<String>,
    extensions: Option<String>,
}

fn from_query_string(parts: &Parts) -> Result<Request, Answer> {
    let Query(address) = Query::<Address>::try_from_uri(&parts.uri)
        .map_err(|_| bad("the query string is not well-formed"))?;
    let json = |name: &str, text: Option<String>| -> Result<Map<String, Value>, Answer> {
        let value = text
            .filter(|text| !text.is_empty())
            .map(|text| serde_json::from_str(&text))
            .transpose();
        object(
            value.map_err(|_| bad(&format!("`{name}` is not JSON")))?,
            &format!("`{name}` must be an object"),
        )
    };
    let query = address
        .query
        .ok_or_else(|| bad("the address has no `query`"))?;
    let operation_name = address.operation_name.filter(|name| !name.is_empty());
    let variables = json("variables", address.variables)?;
    json("extensions", address.extensions)?;
    Ok(Request {
        query,
        operation_name,
        variables: Some(variables),
        read_only: true,
        uploads: Vec::new(),
        incremental: false,
    })
}

fn object(value: Option<Value>, otherwise: &str) -> Result<Map<String, Value>, Answer> {
    match value {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(map)) => Ok(map),
        Some(_) => Err(bad(otherwise)),
    }
}

fn bad(message: &str) -> Answer {
    Answer::bad(StatusCode::BAD_REQUEST, message)
}
