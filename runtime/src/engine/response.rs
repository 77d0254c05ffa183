//! Requests and responses of the engine, and how errors look in a response.
//!
//! In: bytes of the data, errors with their places. Out: the JSON of a response. Must not know: HTTP.

use serde::Deserialize;

use crate::engine::out::{INDEX, Out, Raised};
use crate::engine::plan::Plan;
use crate::engine::value::InputValue;
use crate::error::{Code, Error};

/// A request for one operation.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// The document.
    #[serde(default)]
    pub query: String,
    /// Which operation of the document.
    #[serde(default)]
    pub operation_name: Option<String>,
    /// The variables' values.
    #[serde(default)]
    pub variables: Option<serde_json::Map<String, serde_json::Value>>,
    /// Whether a mutation is refused (as by HTTP GET).
    #[serde(skip)]
    pub read_only: bool,
    /// The files that the variables refer to.
    #[serde(skip)]
    pub uploads: Vec<crate::upload::Upload>,
    /// Whether parts may be delivered later (`@defer`, `@stream`): the transport can carry more than one response, and
    /// the client has said that it reads them. Otherwise everything is in one response.
    #[serde(skip)]
    pub incremental: bool,
    /// Values of the application's own for its resolvers, one of each type: read with
    /// [`Context::data`](crate::context::Context::data).
    #[serde(skip)]
    pub data: http::Extensions,
}

/// The response to one operation.
#[derive(Debug, Clone)]
pub struct Response {
    /// The JSON of the response.
    pub body: Vec<u8>,
    /// How it ended.
    pub outcome: Outcome,
    /// What caches may do with it; `None` where they may not keep it.
    pub cache: Option<CachePolicy>,
    /// What the operation may have cost by the schema, if it was executed.
    pub cost: u64,
}

/// How long caches may keep a response, and which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CachePolicy {
    /// Seconds, at least one.
    pub max_age: u32,
    /// Whether it is for its caller alone: not for caches that several share.
    pub private: bool,
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The operation was executed: the response has `data`, which may be null.
    Executed,
    /// The request was refused before execution: the response has no `data`.
    Refused,
    /// A mutation where only queries may be.
    MutationRefused,
    /// The caller could not be authenticated.
    Unauthenticated,
    /// The operation took too long.
    TimedOut,
    /// The program's own fault.
    Failed,
}

/// An error of a request as a whole.
#[derive(Debug, Clone)]
pub struct Problem {
    pub(crate) code: Code,
    pub(crate) message: String,
    pub(crate) location: Option<(u32, u32)>,
    /// What the operation costs, and what it may cost.
    pub(crate) cost: Option<(u64, u64)>,
}

impl Response {
    /// Of an operation that was executed; caches must not keep it.
    pub(crate) fn executed(body: Vec<u8>) -> Self {
        Response {
            body,
            outcome: Outcome::Executed,
            cache: None,
            cost: 0,
        }
    }
}

impl Problem {
    /// An error for the client.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Problem {
            code,
            message: message.into(),
            location: None,
            cost: None,
        }
    }

    /// An operation that costs too much.
    pub(crate) fn too_dear(cost: u64, limit: u64) -> Self {
        let message =
            format!("the operation may cost {cost}, of {limit} at most: ask for fewer items");
        Problem {
            cost: Some((cost, limit)),
            ..Problem::new(Code::LimitExceeded, message)
        }
    }

    /// With its place in the document: line and column, counted from 1.
    #[must_use]
    pub fn at(mut self, location: Option<(u32, u32)>) -> Self {
        self.location = location;
        self
    }
}

/// The response to a request that was not executed.
pub fn refused(problems: &[Problem], request_id: &str, outcome: Outcome) -> Response {
    let mut out = Out::with_capacity(256);
    out.raw(b"{\"errors\":[");
    for problem in problems {
        out.raw(b"{\"message\":");
        out.str(&problem.message);
        locations(&mut out, problem.location.into_iter());
        extensions(
            &mut out,
            &problem.code,
            (None, &[]),
            problem.cost,
            request_id,
        );
        out.byte(b'}');
        out.raw(b"},");
    }
    out.close(b']');
    out.byte(b'}');
    Response {
        body: out.into_bytes(),
        outcome,
        cache: None,
        cost: 0,
    }
}

/// The response to an operation that failed before there was data: a subscription whose source does not start.
pub(crate) fn failed_before_data(
    planned: Planned<'_>,
    raised: Raised,
    request_id: &str,
) -> Response {
    let mut out = Out::with_capacity(256);
    out.byte(b'{');
    errors(&mut out, planned, &[raised], request_id);
    out.byte(b'}');
    let mut body = out.into_bytes();
    // The comma that follows the data.
    body.remove(1);
    Response {
        body,
        outcome: Outcome::Refused,
        cache: None,
        cost: 0,
    }
}

/// A plan, and the variables' values.
pub(crate) type Planned<'a> = (&'a Plan, &'a [Option<InputValue>]);

/// The errors of an executed operation, after its data; internals go to the log.
pub(crate) fn errors(out: &mut Out, planned: Planned<'_>, raised: &[Raised], request_id: &str) {
    if raised.is_empty() {
        return;
    }
    let (plan, values) = planned;
    out.raw(b",\"errors\":[");
    let mut told: Option<&Error> = None;
    for Raised { path, error } in raised {
        let field = path.iter().rev().find(|step| **step & INDEX == 0);
        // A batch that fails as a whole fails at every parent, but is told once.
        if error.is_internal() && !told.is_some_and(|last| last.is_same(error)) {
            let field = field.map_or_else(String::new, |no| plan.field_name(*no));
            tracing::error!(request_id, field, %error, "internal error");
            told = Some(error);
        }
        out.raw(b"{\"message\":");
        out.str(error.message());
        let places = field.map(|no| plan.places_of(*no, values));
        locations(out, places.into_iter().flatten());
        write_path(out, plan, path);
        match error.bare_extensions() {
            Some(all) => bare_extensions(out, all),
            None => {
                let about = (error.about(), error.fields());
                extensions(out, error.kind(), about, None, request_id);
                for (key, value) in error.extensions() {
                    out.byte(b',');
                    out.str(key);
                    out.byte(b':');
                    out.json(value);
                }
                out.byte(b'}');
            }
        }
        out.raw(b"},");
    }
    out.close(b']');
}

fn locations(out: &mut Out, places: impl Iterator<Item = (u32, u32)>) {
    let mut places = places.peekable();
    if places.peek().is_none() {
        return;
    }
    out.raw(b",\"locations\":[");
    for (line, column) in places {
        out.raw(format!("{{\"line\":{line},\"column\":{column}}},").as_bytes());
    }
    out.close(b']');
}

/// `,"path":[…]`
pub(crate) fn write_path(out: &mut Out, plan: &Plan, path: &[u32]) {
    out.raw(b",\"path\":[");
    steps(out, plan, path);
}

/// `,"subPath":[…]`
pub(crate) fn sub_path(out: &mut Out, plan: &Plan, path: &[u32]) {
    out.raw(b",\"subPath\":[");
    steps(out, plan, path);
}

fn steps(out: &mut Out, plan: &Plan, path: &[u32]) {
    for step in path {
        match step & INDEX {
            0 => out.str(plan.key_of(*step)),
            _ => out.int(i64::from(step & !INDEX)),
        }
        out.byte(b',');
    }
    out.close(b']');
}

fn bare_extensions(out: &mut Out, all: &serde_json::Map<String, serde_json::Value>) {
    for (i, (key, value)) in all.iter().enumerate() {
        out.raw(if i == 0 { b",\"extensions\":{" } else { b"," });
        out.str(key);
        out.byte(b':');
        out.json(value);
    }
    if !all.is_empty() {
        out.byte(b'}');
    }
}

/// `,"extensions":{…`, which the caller closes.
fn extensions(
    out: &mut Out,
    code: &Code,
    (field, fields): (Option<&str>, &[(String, String)]),
    cost: Option<(u64, u64)>,
    request_id: &str,
) {
    out.raw(b",\"extensions\":{\"code\":");
    out.str(code.as_str());
    if let Some(field) = field {
        out.raw(b",\"field\":");
        out.str(field);
    }
    if !fields.is_empty() {
        out.raw(b",\"fields\":{");
        for (name, why) in fields {
            out.str(name);
            out.byte(b':');
            out.str(why);
            out.byte(b',');
        }
        out.close(b'}');
    }
    if let Some((cost, limit)) = cost {
        out.raw(b",\"cost\":");
        out.raw(cost.to_string().as_bytes());
        out.raw(b",\"limit\":");
        out.raw(limit.to_string().as_bytes());
    }
    if !request_id.is_empty() {
        out.raw(b",\"requestId\":");
        out.str(request_id);
    }
}
