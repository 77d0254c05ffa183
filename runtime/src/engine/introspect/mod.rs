//! Introspection: `__schema` and `__type`, answered by apollo-compiler and kept as bytes.
//!
//! In: a validated document. Out: JSON for each root field. Must not know: applications, requests' state.
//!
//! Without variables the bytes are rendered at plan time, so that a hot answer is a copy.

pub(crate) mod one_of;

use apollo_compiler::collections::HashMap;
use apollo_compiler::response::{JsonMap, serde_json_bytes};
use apollo_compiler::schema::Implementers;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Name, Schema};

/// What the plan holds of an operation's introspection.
#[derive(Debug)]
pub(crate) enum Introspection {
    /// The operation does not ask for it.
    None,
    /// The values of the root fields, in the order of `Origin::Constant`.
    Rendered(Box<[Box<[u8]>]>),
    /// It depends on variables.
    PerRequest(Box<Asked>),
}

/// An operation with introspection.
#[derive(Debug)]
pub(crate) struct Asked {
    /// The document, as [`one_of::ask_for_names`] leaves it.
    pub(crate) document: Valid<ExecutableDocument>,
    pub(crate) operation: Option<Name>,
    /// The response keys, in the order of `Origin::Constant`.
    pub(crate) keys: Box<[Box<str>]>,
}

/// The values of the root fields; the error is for the client.
pub(crate) fn render(
    schema: &Valid<Schema>,
    implementers: &HashMap<Name, Implementers>,
    asked: &Asked,
    variables: JsonMap,
) -> Result<Box<[Box<[u8]>]>, String> {
    let operation = asked
        .document
        .operations
        .get(asked.operation.as_deref())
        .map_err(|e| e.message().to_string())?;
    apollo_compiler::introspection::check_max_depth(&asked.document, operation)
        .map_err(|e| e.message().to_string())?;
    let variables = Valid::assume_valid(variables);
    let answer = apollo_compiler::introspection::partial_execute(
        schema,
        implementers,
        &asked.document,
        operation,
        &variables,
    )
    .map_err(|e| e.message().to_string())?;
    let data = one_of::fill_in(schema, answer.data.unwrap_or_default());
    Ok(asked
        .keys
        .iter()
        .map(|key| {
            let value = data
                .get(&**key)
                .map(|value| serde_json::to_vec(value).unwrap_or_else(|_| b"null".to_vec()));
            value.unwrap_or_else(|| b"null".to_vec()).into_boxed_slice()
        })
        .collect())
}

/// Variables as apollo-compiler wants them.
pub(crate) fn json_map(values: impl Iterator<Item = (String, serde_json::Value)>) -> JsonMap {
    values
        .map(|(name, value)| (name.into(), serde_json_bytes::Value::from(value)))
        .collect()
}
