//! Reading GraphQL requests from HTTP requests.
//!
//! In: method, headers, query string, body. Out: operations to run, or the answer that refuses them.
//! Must not know: the schema, documents.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Query;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::answer::Answer;
use super::options::Options;
use super::{csrf, multipart};
use crate::engine::response::Request;

/// An operation, and how its document is named if it is not given.
#[derive(Debug)]
pub(super) struct Operation {
    /// What to run; the document is empty until it is found.
    pub(super) request: Request,
    /// The id of a trusted document.
    pub(super) id: Option<String>,
    /// The hash of a persisted one.
    pub(super) hash: Option<String>,
}

/// What a request asks for.
#[derive(Debug)]
pub(super) enum Asked {
    One(Box<Operation>),
    /// At least one.
    Batch(Vec<Operation>),
}

/// The operations of a request (sections 5.2 and 5.3 of the specification).
pub(super) async fn read(
    parts: &Parts,
    body: Body,
    options: &Options,
    patience: Duration,
) -> Result<Asked, Answer> {
    match parts.method {
        Method::POST => match content_type(parts) {
            Content::Json => {
                let body = in_time(patience, whole(body, options.body_limit)).await?;
                from_body(&body, options.batch)
            }
            Content::Form => {
                let Some(uploads) = &options.uploads else {
                    return Err(not_json());
                };
                csrf::form(parts)?;
                let read = multipart::read(parts, body, options, uploads);
                Box::pin(in_time(uploads.timeout, read)).await
            }
            Content::Other => Err(not_json()),
        },
        Method::GET => {
            csrf::get(parts, options.require_preflight, options.cors.as_ref())?;
            from_query_string(parts)
        }
        _ => Err(Answer::bad(
            StatusCode::METHOD_NOT_ALLOWED,
            "this endpoint takes GET and POST",
        )
        .allow("GET, POST")),
    }
}

/// Waits so long at most. A body that has arrived already is there at the second poll (hyper hands it over when it is
/// asked for), and costs no timer.
async fn in_time<T>(
    patience: Duration,
    read: impl Future<Output = Result<T, Answer>>,
) -> Result<T, Answer> {
    let (mut read, mut timer, mut polled) = (pin!(read), pin!(None), false);
    poll_fn(|task| {
        if let Poll::Ready(read) = read.as_mut().poll(task) {
            return Poll::Ready(read);
        }
        if !std::mem::replace(&mut polled, true) {
            task.waker().wake_by_ref();
            return Poll::Pending;
        }
        if timer.is_none() {
            timer.set(Some(tokio::time::sleep(patience)));
        }
        match timer.as_mut().as_pin_mut() {
            Some(timer) => timer.poll(task).map(|()| Err(too_late())),
            None => Poll::Pending,
        }
    })
    .await
}

fn too_late() -> Answer {
    Answer::bad(StatusCode::REQUEST_TIMEOUT, "the body took too long")
}

/// The body, if it is no longer than that.
async fn whole(body: Body, limit: usize) -> Result<Bytes, Answer> {
    match Limited::new(body, limit).collect().await {
        Ok(read) => Ok(read.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large()),
        Err(_) => Err(bad("the body could not be read")),
    }
}

pub(super) fn too_large() -> Answer {
    Answer::bad(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large")
}

enum Content {
    /// In UTF-8.
    Json,
    /// `multipart/form-data`
    Form,
    /// Also what a foreign page's form can send without a preflight, which would let that page act for the user.
    Other,
}

fn content_type(parts: &Parts) -> Content {
    let Some(given) = parts.headers.get(header::CONTENT_TYPE) else {
        return Content::Other;
    };
    if given == "application/json" {
        return Content::Json;
    }
    let mut pieces = given.to_str().unwrap_or_default().split(';').map(str::trim);
    let name = pieces.next().unwrap_or_default();
    if name.eq_ignore_ascii_case("multipart/form-data") {
        return Content::Form;
    }
    let is_utf8 = pieces
        .filter_map(|piece| piece.split_once('='))
        .filter(|(key, _)| key.trim().eq_ignore_ascii_case("charset"))
        .all(|(_, value)| value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8"));
    match name.eq_ignore_ascii_case("application/json") && is_utf8 {
        true => Content::Json,
        false => Content::Other,
    }
}

fn not_json() -> Answer {
    Answer::bad(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "send the request as `content-type: application/json` in UTF-8",
    )
}

/// One operation, or an array of them up to a number (0: no arrays).
pub(super) fn from_body(bytes: &[u8], batch: usize) -> Result<Asked, Answer> {
    match bytes.iter().find(|b| !b.is_ascii_whitespace()) {
        Some(b'[') if batch == 0 => Err(bad(
            "the body must be a JSON object with `query`; batches are not taken",
        )),
        Some(b'[') => {
            let all: Vec<Members> = serde_json::from_slice(bytes).map_err(|e| no_json(&e))?;
            match all.len() {
                0 => Err(bad("the batch has no operation")),
                n if n > batch => Err(bad(&format!("a batch may have {batch} operations"))),
                _ => {
                    let operations = all.into_iter().map(Members::operation);
                    operations.collect::<Result<_, _>>().map(Asked::Batch)
                }
            }
        }
        Some(b'{') => {
            let members: Members = serde_json::from_slice(bytes).map_err(|e| no_json(&e))?;
            Ok(Asked::One(Box::new(members.operation()?)))
        }
        _ => match serde_json::from_slice::<Value>(bytes) {
            Ok(_) => Err(bad("the body must be a JSON object with `query`")),
            Err(e) => Err(no_json(&e)),
        },
    }
}

fn no_json(error: &serde_json::Error) -> Answer {
    let (line, column) = (error.line(), error.column());
    bad(&match error.is_data() {
        true => "each operation must be a JSON object with `query`".to_owned(),
        false => format!("the body is not JSON: line {line}, column {column}"),
    })
}

/// The members of a request, their types not refused yet.
#[derive(Debug, Default)]
pub(super) struct Members {
    query: Text,
    operation_name: Text,
    variables: Value,
    extensions: Value,
    document_id: Text,
}

/// A member that must be a string.
#[derive(Debug, Default)]
enum Text {
    /// It is missing, or null.
    #[default]
    None,
    Some(String),
    /// It is no string.
    Other,
}

impl Text {
    fn read(self, otherwise: &str) -> Result<Option<String>, Answer> {
        match self {
            Text::None => Ok(None),
            Text::Some(text) => Ok(Some(text)),
            Text::Other => Err(bad(otherwise)),
        }
    }
}

/// As [`Value`] does it, but what a string must not be is read over.
impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }

            fn visit_str<E>(self, text: &str) -> Result<Text, E> {
                Ok(Text::Some(text.to_owned()))
            }

            fn visit_unit<E>(self) -> Result<Text, E> {
                Ok(Text::None)
            }

            fn visit_bool<E>(self, _: bool) -> Result<Text, E> {
                Ok(Text::Other)
            }

            fn visit_i64<E>(self, _: i64) -> Result<Text, E> {
                Ok(Text::Other)
            }

            fn visit_u64<E>(self, _: u64) -> Result<Text, E> {
                Ok(Text::Other)
            }

            fn visit_f64<E>(self, _: f64) -> Result<Text, E> {
                Ok(Text::Other)
            }

            fn visit_seq<S: SeqAccess<'de>>(self, mut items: S) -> Result<Text, S::Error> {
                while items.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Text::Other)
            }

            fn visit_map<M: MapAccess<'de>>(self, mut members: M) -> Result<Text, M::Error> {
                while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Text::Other)
            }
        }
        deserializer.deserialize_any(Any)
    }
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "camelCase")]
enum Member {
    Query,
    OperationName,
    Variables,
    Extensions,
    DocumentId,
    /// Members that we do not know are let be.
    #[serde(other)]
    Other,
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Members, M::Error> {
                let mut members = Members::default();
                while let Some(name) = map.next_key::<Member>()? {
                    match name {
                        Member::Query => members.query = map.next_value()?,
                        Member::OperationName => members.operation_name = map.next_value()?,
                        Member::Variables => members.variables = map.next_value()?,
                        Member::Extensions => members.extensions = map.next_value()?,
                        Member::DocumentId => members.document_id = map.next_value()?,
                        Member::Other => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(Object)
    }
}

impl Members {
    /// The operation, if every member has its type and they name a document.
    pub(super) fn operation(self) -> Result<Operation, Answer> {
        let query = self.query.read("`query` must be a string")?;
        let operation_name = self.operation_name;
        let operation_name = operation_name.read("`operationName` must be a string")?;
        let variables = object(self.variables, "`variables` must be an object")?;
        let extensions = object(self.extensions, "`extensions` must be an object")?;
        let id = self.document_id.read("`documentId` must be a string")?;
        let hash = persisted(&extensions)?;
        if query.is_none() && id.is_none() && hash.is_none() {
            return Err(bad("the body has no `query`"));
        }
        Ok(Operation {
            request: Request {
                query: query.unwrap_or_default(),
                operation_name,
                variables: Some(variables),
                ..Request::default()
            },
            id,
            hash,
        })
    }
}

/// The hash in the extension of automatic persisted queries.
fn persisted(extensions: &Map<String, Value>) -> Result<Option<String>, Answer> {
    let Some(given) = extensions.get("persistedQuery").filter(|v| !v.is_null()) else {
        return Ok(None);
    };
    match (given["version"].as_u64(), given["sha256Hash"].as_str()) {
        (Some(1), Some(hash)) => Ok(Some(hash.to_ascii_lowercase())),
        _ => Err(bad(
            "`extensions.persistedQuery` must have `version` 1 and `sha256Hash`",
        )),
    }
}

/// What the query string of a `GET` may say; unknown names are let be, as caches add some.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Address {
    query: Option<String>,
    operation_name: Option<String>,
    variables: Option<String>,
    extensions: Option<String>,
    document_id: Option<String>,
}

fn from_query_string(parts: &Parts) -> Result<Asked, Answer> {
    let Query(address) = Query::<Address>::try_from_uri(&parts.uri)
        .map_err(|_| bad("the query string is not well-formed"))?;
    let json = |name: &str, text: Option<String>| -> Result<Map<String, Value>, Answer> {
        let value = text
            .filter(|text| !text.is_empty())
            .map(|text| serde_json::from_str(&text))
            .transpose();
        let value = value.map_err(|_| bad(&format!("`{name}` is not JSON")))?;
        object(
            value.unwrap_or_default(),
            &format!("`{name}` must be an object"),
        )
    };
    let variables = json("variables", address.variables)?;
    let hash = persisted(&json("extensions", address.extensions)?)?;
    if address.query.is_none() && address.document_id.is_none() && hash.is_none() {
        return Err(bad("the address has no `query`"));
    }
    Ok(Asked::One(Box::new(Operation {
        request: Request {
            query: address.query.unwrap_or_default(),
            operation_name: address.operation_name.filter(|name| !name.is_empty()),
            variables: Some(variables),
            read_only: true,
            ..Request::default()
        },
        id: address.document_id,
        hash,
    })))
}

fn object(value: Value, otherwise: &str) -> Result<Map<String, Value>, Answer> {
    match value {
        Value::Null => Ok(Map::new()),
        Value::Object(map) => Ok(map),
        _ => Err(bad(otherwise)),
    }
}

pub(super) fn bad(message: &str) -> Answer {
    Answer::bad(StatusCode::BAD_REQUEST, message)
}
