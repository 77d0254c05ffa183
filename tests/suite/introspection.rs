//! `graphwright schema --json` answers what apollo-compiler answers for the same SDL.

use apollo_compiler::request::coerce_variable_values;
use apollo_compiler::response::JsonMap;
use apollo_compiler::{ExecutableDocument, Schema};
use graphwright_codegen::cli::run_for_test;
use serde_json::Value;

const QUERY: &str = "query { __schema { description queryType { name } mutationType { name } subscriptionType { name }
  types { ...T } directives { name description isRepeatable locations args(includeDeprecated: true) { ...I } } } }
fragment T on __Type { kind name description specifiedByURL
  fields(includeDeprecated: true) { name description args(includeDeprecated: true) { ...I } type { ...R } isDeprecated deprecationReason }
  inputFields(includeDeprecated: true) { ...I } interfaces { ...R }
  enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...R } }
fragment I on __InputValue { name description type { ...R } defaultValue isDeprecated deprecationReason }
fragment R on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } }";

/// The schema of the answer in an order and a shape that do not depend on who answers.
fn normal(mut answer: Value) -> Value {
    let schema = answer["data"]["__schema"].take();
    strip(schema)
}

fn strip(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let meta = map
                .get("name")
                .and_then(Value::as_str)
                .is_some_and(is_builtin);
            let kept = map.into_iter().filter(|(key, value)| {
                // Words of the specification, in whichever words; `isOneOf` is younger than the other's knowledge.
                let words = meta && key == "description";
                !words && key != "isOneOf" && !(key == "ofType" && value.is_null())
            });
            let mut kept: Vec<_> = kept
                .map(|(key, value)| match value {
                    // Their members' descriptions are words of the specification too.
                    Value::Array(items) if meta => (
                        key,
                        Value::Array(items.into_iter().map(undescribed).map(strip).collect()),
                    ),
                    value => (key, strip(value)),
                })
                .collect();
            kept.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(kept.into_iter().collect())
        }
        Value::Array(items) => {
            let mut items: Vec<Value> = items.into_iter().map(strip).collect();
            if items.iter().all(|item| {
                item["fields"] != Value::Null
                    || item["kind"].is_string()
                    || item["locations"].is_array()
            }) {
                items.sort_by_key(|item| item["name"].as_str().map(str::to_owned));
            }
            Value::Array(items)
        }
        other => other,
    }
}

fn undescribed(mut value: Value) -> Value {
    if let Some(map) = value.as_object_mut() {
        map.remove("description");
    }
    if let Some(args) = value.get_mut("args").and_then(Value::as_array_mut) {
        args.iter_mut()
            .for_each(|arg| *arg = undescribed(arg.take()));
    }
    value
}

fn is_builtin(name: &str) -> bool {
    name.starts_with("__")
        || [
            "Boolean",
            "Float",
            "ID",
            "Int",
            "String",
            "skip",
            "include",
            "deprecated",
            "specifiedBy",
        ]
        .contains(&name)
}

fn check(dir: &std::path::Path, arguments: &[&str]) {
    let dir = dir.to_string_lossy();
    let run = |more: &[&str]| run_for_test(&[&["schema", "-C", &dir], arguments, more].concat());
    let (code, sdl, findings) = run(&[]);
    assert_eq!(code, 0, "{findings}");
    let schema = Schema::parse_and_validate(sdl, "public.graphql").unwrap();
    let query = ExecutableDocument::parse_and_validate(&schema, QUERY, "query.graphql").unwrap();
    let operation = query.operations.get(None).unwrap();
    let variables = coerce_variable_values(&schema, operation, &JsonMap::new()).unwrap();
    let theirs = apollo_compiler::introspection::partial_execute(
        &schema,
        &schema.implementers_map(),
        &query,
        operation,
        &variables,
    )
    .unwrap();
    let mut theirs = normal(serde_json::to_value(theirs).unwrap());
    let (code, json, _) = run(&["--json"]);
    assert_eq!(code, 0);
    let mut ours = normal(serde_json::from_str(&json).unwrap());
    // Of the built-in scalars each lists those that it deems in use; the younger directive is known to one alone.
    for answer in [&mut ours, &mut theirs] {
        answer["types"]
            .as_array_mut()
            .unwrap()
            .retain(|ty| !["Float", "ID", "Int"].contains(&ty["name"].as_str().unwrap()));
        answer["directives"]
            .as_array_mut()
            .unwrap()
            .retain(|d| d["name"] != "oneOf");
    }
    let list = |value: &Value, key: &str| -> Vec<String> {
        value[key]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(list(&ours, "types"), list(&theirs, "types"));
    for (our, their) in ours["types"]
        .as_array()
        .unwrap()
        .iter()
        .zip(theirs["types"].as_array().unwrap())
    {
        assert_eq!(our, their);
    }
    assert_eq!(ours, theirs);
}

#[test]
fn a_schema_of_every_kind() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("a.graphql"),
        r#"
        "The service" schema { query: Root mutation: Change }
        directive @mine("what" a: Int = 1, b: [E!] = [A]) repeatable on FIELD | OBJECT
        "Root" type Root implements Node { id: ID! f(a: [Int!]! = [1, 2], b: In = {n: "x", e: B} @deprecated): [[U!]]! @deprecated(reason: "old") s: S }
        type Change { set(pick: Pick!): Boolean! }
        interface Node { id: ID! } interface Named implements Node { id: ID! name: String }
        type Thing implements Named & Node { id: ID! name: String e: E }
        union U = Root | Thing
        "Letters" enum E { "first" A B @deprecated C @deprecated(reason: "no \"more\"") }
        input In { n: String = null e: E, f: Float = 1.5, b: Boolean = true }
        input Pick @oneOf { a: Int b: Int }
        scalar S @specifiedBy(url: "https://example.org")
        "#,
    )
    .unwrap();
    check(folder.path(), &["--schema", "a.graphql"]);
}

#[test]
fn the_booking_example() {
    check(
        &std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/booking"),
        &[],
    );
}
