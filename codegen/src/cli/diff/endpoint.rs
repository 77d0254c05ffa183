//! The schema of a running server, by introspection over HTTP.
//!
//! In: an address and headers. Out: the JSON of the answer. Must not know: what is made of it.

use crate::cli::Failure;
use crate::parse::{INTROSPECTION_QUERY, OLD_INTROSPECTION_QUERY};
use serde_json::{Value, json};
use std::time::Duration;

/// How long a server may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Longest answer: a schema of a hundred thousand types is below this.
const LONGEST: u64 = 256 << 20;

/// Asks for the schema; a second time in older words if the first were not understood.
pub(super) fn introspect(url: &str, headers: &[(String, String)]) -> Result<String, Failure> {
    let first = ask(url, headers, INTROSPECTION_QUERY)?;
    if has_schema(&first) {
        return Ok(first);
    }
    let second = ask(url, headers, OLD_INTROSPECTION_QUERY)?;
    match has_schema(&second) {
        true => Ok(second),
        false => Err(refused(url, &first)),
    }
}

fn has_schema(answer: &str) -> bool {
    let answer = serde_json::from_str::<Value>(answer);
    answer.is_ok_and(|answer| answer["data"]["__schema"].is_object())
}

fn ask(url: &str, headers: &[(String, String)], query: &str) -> Result<String, Failure> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .http_status_as_error(false)
        .build()
        .into();
    let mut request = agent
        .post(url)
        .header("content-type", "application/json")
        .header(
            "accept",
            "application/graphql-response+json, application/json",
        );
    for (name, value) in headers {
        request = request.header(name, value);
    }
    let body = json!({ "query": query, "operationName": "IntrospectionQuery" }).to_string();
    let unreachable = |error: ureq::Error| {
        Failure::Told(format!(
            "cannot ask `{url}` for its schema: {error}\n\nIs the server up, and is this the address of GraphQL itself?"
        ))
    };
    let mut response = request.send(body).map_err(unreachable)?;
    let status = response.status();
    let text = response
        .body_mut()
        .with_config()
        .limit(LONGEST)
        .read_to_string()
        .map_err(unreachable)?;
    // A GraphQL server says more in the body than by its status.
    if !status.is_success() && serde_json::from_str::<Value>(&text).is_err() {
        return Err(Failure::Told(format!(
            "`{url}` answers {status}\n\nIf it wants to know who asks: --header 'Authorization: Bearer TOKEN'"
        )));
    }
    Ok(text)
}

fn refused(url: &str, answer: &str) -> Failure {
    let answer = serde_json::from_str::<Value>(answer).unwrap_or_default();
    let why = match answer["errors"][0]["message"].as_str() {
        Some(message) => message.to_owned(),
        None => "its answer is not that of a GraphQL server".to_owned(),
    };
    Failure::Told(format!(
        "`{url}` does not tell its schema: {why}\n\nWhere introspection is off, compare with a file: graphwright diff schema.graphql"
    ))
}
