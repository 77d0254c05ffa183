//! `schema`: what clients see.
//!
//! In: the generated tables. Out: SDL, or the answer to the introspection query. Must not know: databases.

use std::process::ExitCode;
use std::sync::Arc;

use crate::application::Application;
use crate::context::Services;
use crate::engine::response::{Outcome, Request};
use crate::{Limits, Server};

use super::failure::Failure;
use super::output;

pub(super) async fn print<A: Application>(app: &Arc<A>, json: bool) -> Result<ExitCode, Failure> {
    let sdl = app.definition().schema.sdl;
    let text = match json {
        false => sdl.to_owned(),
        true => introspect(app).await?,
    };
    output::print(&format!("{}\n", text.trim_end()))?;
    Ok(ExitCode::SUCCESS)
}

async fn introspect<A: Application>(app: &Arc<A>) -> Result<String, Failure> {
    let limits = Limits {
        introspection: true,
        ..Limits::default()
    };
    let server = Server::<A>::with_limits(Arc::clone(app), Services::new(), limits)?;
    let request = Request {
        query: INTROSPECTION.to_owned(),
        ..Request::default()
    };
    let response = server.execute(None, "schema", &request).await;
    let text = String::from_utf8_lossy(&response.body).into_owned();
    match response.outcome {
        Outcome::Executed => Ok(text),
        _ => Err(Failure::new(format!(
            "the schema cannot be introspected: {text}"
        ))),
    }
}

/// What client tools ask for: all of the schema, types wrapped up to nine times.
const INTROSPECTION: &str = "query IntrospectionQuery {
  __schema {
    description
    queryType { name } mutationType { name } subscriptionType { name }
    types { ...T }
    directives { name description isRepeatable locations args(includeDeprecated: true) { ...V } }
  }
}
fragment T on __Type {
  kind name description specifiedByURL
  fields(includeDeprecated: true) {
    name description args(includeDeprecated: true) { ...V } type { ...R } isDeprecated deprecationReason
  }
  inputFields(includeDeprecated: true) { ...V }
  interfaces { ...R }
  enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
  possibleTypes { ...R }
}
fragment V on __InputValue { name description type { ...R } defaultValue isDeprecated deprecationReason }
fragment R on __Type {
  kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
  ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } }
}";
