//! Introspection against graphql-js and apollo-compiler: the same JSON.

use serde_json::{Map, Value, json};

use super::*;
use crate::engine::js::GraphqlJs;
use crate::engine::syntax;
use crate::engine::syntax::ast::{Selection, ValueKind};
use crate::engine::value::InputValue;

fn read(name: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(name);
    let text = std::fs::read_to_string(path).unwrap();
    // graphql-js does not execute a schema with directives of incremental delivery.
    let lines = text.lines().filter(|line| {
        !line.starts_with("directive @defer") && !line.starts_with("directive @stream")
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn schema(sdl: &str) -> Schema {
    Schema::parse(sdl.to_owned().leak()).unwrap()
}

const SCHEMAS: [&str; 3] = [
    "introspection/archive.graphql",
    "validation/harbour.graphql",
    "validation/bare.graphql",
];

/// The data of an operation that asks for nothing but introspection.
fn ours(schema: &Schema, query: &str, variables: &Value) -> Result<Value, String> {
    let document = syntax::parse(query, usize::MAX).unwrap();
    let problems = crate::engine::validate::validate(schema, &document, true);
    assert!(problems.is_empty(), "{problems:?}");
    let operation = &document.operations[0];
    let mut keys = Vec::<Box<str>>::new();
    root_keys(&document, &operation.selections, &mut keys);
    let values = |name: &str| {
        let def = operation
            .variables
            .iter()
            .find(|def| def.variable.name == name)?;
        let json = match (variables.get(name), &def.default) {
            (Some(value), _) => value.clone(),
            (None, Some(value)) => serde_json::from_str(document.slice(value.span)).unwrap(),
            (None, None) => return None,
        };
        Some(match json {
            Value::Bool(value) => InputValue::Bool(value),
            Value::String(text) => InputValue::Str(text),
            _ => InputValue::Null,
        })
    };
    let asked = Asked {
        document: &document,
        operation,
        keys: &keys,
    };
    let bounds = Bounds {
        bytes: 1 << 20,
        fields: 5_000,
    };
    let rendered = render(schema, asked, &values, bounds)?;
    assert_eq!(
        asked.keep().render(schema, &values, bounds).unwrap(),
        rendered
    );
    let data = keys.iter().zip(&rendered).map(|(key, bytes)| {
        let value: Value = serde_json::from_slice(bytes)
            .unwrap_or_else(|no| panic!("{no}: {}", String::from_utf8_lossy(bytes)));
        (key.to_string(), value)
    });
    Ok(Value::Object(data.collect::<Map<_, _>>()))
}

/// The response keys of an operation's root, each once, as the planner answers them.
fn root_keys(
    document: &syntax::Document<'_>,
    selections: &[Selection<'_>],
    keys: &mut Vec<Box<str>>,
) {
    for selection in selections {
        match selection {
            Selection::Field(field) if !keys.iter().any(|key| **key == *field.key()) => {
                keys.push((&*field.key()).into())
            }
            Selection::Field(_) => {}
            Selection::Inline(inline) => root_keys(document, &inline.selections, keys),
            Selection::Spread(spread) => root_keys(
                document,
                &document.fragment(spread).unwrap().selections,
                keys,
            ),
        }
    }
}

/// What may differ is made alike: the order of what has none, the layout of defaults, what others say of what is built in.
fn normal(value: &mut Value, oracle: &str) {
    let built_in = ["String", "Int", "Float", "Boolean", "ID"];
    let directives = [
        "skip",
        "include",
        "deprecated",
        "specifiedBy",
        "oneOf",
        "defer",
        "stream",
    ];
    match value {
        Value::Object(map) => {
            for key in ["types", "directives", "possibleTypes", "interfaces"] {
                if let Some(Value::Array(items)) = map.get_mut(key) {
                    items.retain(|item| {
                        let name = item["name"].as_str().unwrap_or("");
                        !(name.starts_with("__")
                            || built_in.contains(&name) && key == "types"
                            || directives.contains(&name) && key == "directives")
                    });
                    items.sort_by_key(|item| item["name"].as_str().unwrap_or("").to_owned());
                }
            }
            if let Some(Value::String(text)) = map.get_mut("defaultValue") {
                let asked = format!("{{f(a:{text})}}");
                let document = syntax::parse(&asked, usize::MAX).unwrap();
                let Selection::Field(field) = &document.operations[0].selections[0] else {
                    panic!()
                };
                *text = format!("{:?}", plain(&field.arguments[0].value.kind));
            }
            if oracle == "apollo" && map.get("isOneOf").is_some() {
                map.remove("isOneOf");
            }
            map.values_mut().for_each(|value| normal(value, oracle));
        }
        Value::Array(items) => items.iter_mut().for_each(|value| normal(value, oracle)),
        _ => {}
    }
}

/// A value without its places.
fn plain(value: &ValueKind<'_>) -> Value {
    match value {
        ValueKind::String(text) => json!(text),
        ValueKind::List(items) => items.iter().map(|item| plain(&item.kind)).collect(),
        ValueKind::Object(fields) => Value::Object(
            fields
                .iter()
                .map(|field| (field.name.text.to_owned(), plain(&field.value.kind)))
                .collect(),
        ),
        ValueKind::Int(text) | ValueKind::Float(text) => json!({"number": text}),
        ValueKind::Enum(name) => json!({"name": name.text}),
        ValueKind::Boolean(value) => json!(value),
        ValueKind::Null => Value::Null,
        ValueKind::Variable(_) => unreachable!("a default is constant"),
    }
}

/// Queries beside the full one, with variables.
fn queries() -> Vec<(&'static str, Value)> {
    vec![
        ("{ __type(name: \"Nobody\") { name } }", json!({})),
        ("{ __type(name: \"\") { name } }", json!({})),
        ("{ a: __type(name: \"ID\") { name kind fields { name } } b: __type(name: \"__Type\") { kind } }", json!({})),
        ("query Q($n: String!) { __type(name: $n) { __typename k: kind n: name n: name } }", json!({"n": "Query"})),
        ("query Q($n: String = \"Query\") { __type(name: $n) { name fields { name } } }", json!({})),
        (
            "query Q($d: Boolean, $s: Boolean!) { __schema { types { name @skip(if: $s) kind @include(if: $s)
                fields(includeDeprecated: $d) { name args(includeDeprecated: $d) { name } }
                enumValues(includeDeprecated: $d) { name } inputFields(includeDeprecated: $d) { name } }
                directives { name args(includeDeprecated: $d) { name } } } }",
            json!({"d": true, "s": false}),
        ),
        (
            "query Q($s: Boolean!) { b: __schema @include(if: $s) { queryType { name @skip(if: false) } } }",
            json!({"s": true}),
        ),
        (
            "query Q($s: Boolean! = true) { __schema { ...A @include(if: $s) ... @skip(if: $s) { description } queryType { fields { name } } } }
             fragment A on __Schema { queryType { name ...B } } fragment B on __Type { fields { type { name } name } }",
            json!({}),
        ),
        ("{ __schema { types { name fields { name isDeprecated } enumValues { name } inputFields { name } } } }", json!({})),
        ("{ __schema { queryType { ofType { name } fields { type { kind ofType { kind ofType { kind ofType { name } } } } } } } }", json!({})),
        ("{ __schema { types { name possibleTypes { name possibleTypes { name } interfaces { name } } interfaces { name interfaces { name } } } } }", json!({})),
    ]
}

#[test]
fn graphql_js_answers_the_same() {
    let mut js = GraphqlJs::start();
    let full = read("introspection/full.graphql");
    for name in SCHEMAS {
        let sdl = read(name);
        let schema = schema(&sdl);
        let mut asked = queries();
        asked.push((&full, json!({})));
        let requests: Vec<_> = asked
            .iter()
            .map(|(query, variables)| json!({"query": query, "variables": variables}))
            .collect();
        let answers = js.ask(&json!({"schema": sdl, "execute": requests}));
        for ((query, variables), mut theirs) in
            asked.iter().zip(answers.as_array().unwrap().clone())
        {
            assert!(theirs["errors"].is_null(), "{query}: {theirs}");
            let mut ours = ours(&schema, query, variables).unwrap();
            normal(&mut ours, "graphql-js");
            normal(&mut theirs["data"], "graphql-js");
            same(&ours, &theirs["data"], &format!("{name}: {query}"));
        }
    }
}

#[test]
fn apollo_compiler_answers_the_same() {
    let full = read("introspection/full.graphql").replace("isOneOf", "");
    for name in SCHEMAS {
        let sdl = read(name);
        let ours_schema = schema(&sdl);
        let theirs = apollo_compiler::Schema::parse_and_validate(
            sdl + "\ndirective @oneOf on INPUT_OBJECT",
            "",
        )
        .unwrap();
        let document =
            apollo_compiler::ExecutableDocument::parse_and_validate(&theirs, &full, "").unwrap();
        let answer = apollo_compiler::introspection::partial_execute(
            &theirs,
            &theirs.implementers_map(),
            &document,
            document.operations.iter().next().unwrap(),
            &apollo_compiler::validation::Valid::assume_valid(
                apollo_compiler::response::JsonMap::new(),
            ),
        );
        let mut answer = serde_json::to_value(answer.unwrap().data.unwrap()).unwrap();
        let mut ours = ours(&ours_schema, &full, &json!({})).unwrap();
        normal(&mut ours, "apollo");
        normal(&mut answer, "apollo");
        same(&ours, &answer, name);
    }
}

/// Names the first place that differs.
#[track_caller]
fn same(ours: &Value, theirs: &Value, what: &str) {
    match (ours, theirs) {
        (Value::Object(a), Value::Object(b)) => {
            let keys = |map: &Map<String, Value>| map.keys().cloned().collect::<Vec<_>>();
            assert_eq!(keys(a), keys(b), "{what}");
            a.iter()
                .for_each(|(key, value)| same(value, &b[key], &format!("{what} .{key}")));
        }
        (Value::Array(a), Value::Array(b)) => {
            assert_eq!(a.len(), b.len(), "{what}:\n{ours}\n{theirs}");
            for (i, (a, b)) in a.iter().zip(b).enumerate() {
                same(a, b, &format!("{what} [{i} {}]", a["name"]));
            }
        }
        _ => assert_eq!(ours, theirs, "{what}"),
    }
}

#[test]
fn what_is_built_in_is_told() {
    let schema = schema("type Query { a: Int }");
    let data = ours(
        &schema,
        "{ __schema { types { name kind } directives { name } } }",
        &json!({}),
    )
    .unwrap();
    let names = |of: &Value| {
        of.as_array()
            .unwrap()
            .iter()
            .map(|item| item["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let types = names(&data["__schema"]["types"]);
    for name in [
        "Query",
        "Int",
        "String",
        "Boolean",
        "__Schema",
        "__Type",
        "__TypeKind",
        "__Field",
        "__InputValue",
        "__EnumValue",
        "__Directive",
        "__DirectiveLocation",
    ] {
        assert!(
            types.iter().any(|known| known == name),
            "{name} in {types:?}"
        );
    }
    let directives = names(&data["__schema"]["directives"]);
    for name in ["skip", "include", "deprecated", "specifiedBy", "oneOf"] {
        assert!(
            directives.iter().any(|known| known == name),
            "{name} in {directives:?}"
        );
    }
}

#[track_caller]
fn refused(query: &str, why: &str) {
    let schema = schema(&read(SCHEMAS[0]));
    let no = ours(&schema, query, &json!({})).unwrap_err();
    assert!(no.contains(why), "{no}");
}

#[test]
fn introspection_is_bounded() {
    let nested = |levels: usize| {
        format!(
            "{{ __schema {{ types {{ {} name {} }} }} }}",
            "fields { type { ".repeat(levels),
            "} }".repeat(levels)
        )
    };
    let schema = schema(&read(SCHEMAS[0]));
    assert!(ours(&schema, &nested(2), &json!({})).is_ok());
    refused(&nested(3), "nested too deeply");
    refused(
        "{ __schema { types { possibleTypes { interfaces { possibleTypes { name } } } } } }",
        "nested too deeply",
    );
    refused(
        "{ __schema { types { ...A } } } fragment A on __Type { fields { type { ...B } } } fragment B on __Type { interfaces { inputFields { name } } }",
        "nested too deeply",
    );
    let wide: String = (0..400).map(|i| format!("a{i}: __schema {{ types {{ fields {{ type {{ fields {{ name description }} }} }} }} }} ")).collect();
    refused(&format!("{{ {wide} }}"), "larger than");
    let doubled: String = (0..18)
        .map(|i| {
            format!(
                "fragment F{i} on __Type {{ a: ofType {{ ...F{n} }} b: ofType {{ ...F{n} }} }} ",
                n = i + 1
            )
        })
        .collect();
    refused(
        &format!(
            "{{ __schema {{ queryType {{ ...F0 }} }} }} {doubled} fragment F18 on __Type {{ name }}"
        ),
        "too many fields",
    );
}
