//! `__Type.isOneOf` of the September 2025 specification, which apollo-compiler does not know yet.
//!
//! In: a document, an answer. Out: the same, so that apollo-compiler can answer it; the same, with the field's values.
//! Must not know: requests.
//!
//! The field is added to `__Type`, so that validation knows it and introspection shows it. To be answered it is asked as
//! the type's `name`, under a response key that no document can have; the name tells the type, and so the value.

use apollo_compiler::executable::{Selection, SelectionSet};
use apollo_compiler::response::{JsonMap, JsonValue};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Name, Schema};

/// SDL that adds the field.
pub(crate) const SDL: &str = "\nextend type __Type { isOneOf: Boolean }\n";

/// What the response keys begin with meanwhile: no name does.
const MARK: char = '?';

/// Asks for `name` instead.
pub(crate) fn ask_for_names(
    schema: &Schema,
    document: Valid<ExecutableDocument>,
) -> Valid<ExecutableDocument> {
    let mut document = document.into_inner();
    let operations = &mut document.operations;
    let operations = operations
        .anonymous
        .iter_mut()
        .chain(operations.named.values_mut());
    for operation in operations {
        rename(schema, &mut operation.make_mut().selection_set);
    }
    for fragment in document.fragments.values_mut() {
        rename(schema, &mut fragment.make_mut().selection_set);
    }
    Valid::assume_valid(document)
}

fn rename(schema: &Schema, set: &mut SelectionSet) {
    for selection in &mut set.selections {
        match selection {
            Selection::Field(field) => {
                let field = field.make_mut();
                rename(schema, &mut field.selection_set);
                if set.ty != "__Type" || field.name != "isOneOf" {
                    continue;
                }
                if let Ok(name) = schema.type_field("__Type", "name") {
                    let key = format!("{MARK}{}", field.response_key());
                    field.alias = Some(Name::new_unchecked(&key));
                    field.name = name.name.clone();
                    field.definition = name.node.clone();
                }
            }
            Selection::InlineFragment(inline) => {
                rename(schema, &mut inline.make_mut().selection_set);
            }
            Selection::FragmentSpread(_) => {}
        }
    }
}

/// Puts the values where the names are.
pub(super) fn fill_in(schema: &Schema, map: JsonMap) -> JsonMap {
    let entries = map.into_iter().map(|(key, value)| {
        match key.as_str().strip_prefix(MARK).map(str::to_owned) {
            Some(asked) => (asked.into(), is_one_of(schema, value.as_str())),
            None => (key, walk(schema, value)),
        }
    });
    entries.collect()
}

fn walk(schema: &Schema, value: JsonValue) -> JsonValue {
    match value {
        JsonValue::Object(map) => JsonValue::Object(fill_in(schema, map)),
        JsonValue::Array(items) => {
            JsonValue::Array(items.into_iter().map(|item| walk(schema, item)).collect())
        }
        leaf => leaf,
    }
}

/// Null for what is no input object.
fn is_one_of(schema: &Schema, name: Option<&str>) -> JsonValue {
    match name.and_then(|name| schema.types.get(name)) {
        Some(ExtendedType::InputObject(object)) => object.directives.has("oneOf").into(),
        _ => JsonValue::Null,
    }
}
