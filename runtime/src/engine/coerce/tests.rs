//! Values of clients against the types of the schema.

use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};
use serde_json::{Value as Json, json};

use super::*;

const SDL: &str = r#"
type Query { f(i: Int, fl: Float, s: String, b: Boolean, id: ID, m: Mood, l: [Int!], ll: [[Int]], in: In, pick: Pick, any: Any, d: Int! = 7): Int }
enum Mood { HAPPY SAD }
input In { a: Int! b: String = "x" c: [Mood!] in: In }
input Pick @oneOf { a: Int b: String }
scalar Any
scalar DateTime
scalar Decimal
scalar BigInt
scalar Duration
input At { at: DateTime! many: [DateTime!] }
directive @oneOf on INPUT_OBJECT
"#;

fn schema() -> Valid<Schema> {
    Schema::parse_and_validate(SDL, "s").unwrap()
}

/// Of the shipped scalars `Duration` alone is the user's.
fn types(schema: &Valid<Schema>) -> Types<'_> {
    Types {
        schema,
        bound: &["Duration"],
    }
}

/// The value of a variable of that type, or the message that refuses it.
fn coerced(ty: &str, default: &str, given: Json) -> Result<Option<Json>, String> {
    let schema = schema();
    let text = format!("query ($v: {ty}{default}) {{ __typename }}");
    let document = apollo_compiler::ast::Document::parse(text, "q").unwrap();
    let operation = document
        .to_executable(&schema)
        .unwrap()
        .operations
        .get(None)
        .unwrap()
        .clone();
    let def = &operation.variables[0];
    let default = def
        .default_value
        .as_deref()
        .map(|value| constant(types(&schema), &def.ty, value).unwrap());
    let def = Variable {
        name: "v".into(),
        ty: (*def.ty).clone(),
        default,
        location: None,
    };
    let given = given.as_object().cloned().unwrap();
    match variables(types(&schema), &[def], &given) {
        Ok(mut values) => Ok(values.remove(0).map(|value| value.to_json())),
        Err(mut mistakes) => Err(mistakes.remove(0).0),
    }
}

#[track_caller]
fn takes(ty: &str, given: Json, expect: Json) {
    assert_eq!(
        coerced(ty, "", json!({ "v": given })),
        Ok(Some(expect)),
        "{ty}"
    );
}

#[track_caller]
fn refuses(ty: &str, given: Json, message: &str) {
    assert_eq!(
        coerced(ty, "", json!({ "v": given })),
        Err(format!("Variable \"$v\" {message}")),
        "{ty}"
    );
}

#[test]
fn scalars_take_what_the_specification_says() {
    takes("Int", json!(-3), json!(-3));
    takes("Int", json!(2.0), json!(2));
    takes("Int", json!(2147483647), json!(2147483647));
    takes("Float", json!(3), json!(3.0));
    takes("Float", json!(3.5), json!(3.5));
    takes("ID", json!(12), json!("12"));
    takes("ID", json!("x"), json!("x"));
    takes("String", json!(""), json!(""));
    takes("Boolean", json!(false), json!(false));
    takes(
        "Any",
        json!({ "a": [1, "x", null, { "b": 1.5 }] }),
        json!({ "a": [1, "x", null, { "b": 1.5 }] }),
    );
    takes("Mood", json!("SAD"), json!("SAD"));
    takes("Int", json!(null), json!(null));
}

#[test]
fn scalars_refuse_the_rest() {
    refuses(
        "Int",
        json!("1"),
        "got invalid value; Int cannot represent non-integer value: \"1\"",
    );
    refuses(
        "Int",
        json!(1.5),
        "got invalid value; Int cannot represent non-integer value: 1.5",
    );
    refuses(
        "Int",
        json!(true),
        "got invalid value; Int cannot represent non-integer value: true",
    );
    refuses(
        "Int",
        json!(2147483648_i64),
        "got invalid value; Int cannot represent non 32-bit signed integer value: 2147483648",
    );
    refuses(
        "Float",
        json!("1"),
        "got invalid value; Float cannot represent non numeric value: \"1\"",
    );
    refuses(
        "String",
        json!(1),
        "got invalid value; String cannot represent a non string value: 1",
    );
    refuses(
        "Boolean",
        json!(1),
        "got invalid value; Boolean cannot represent a non boolean value: 1",
    );
    refuses(
        "ID",
        json!(1.5),
        "got invalid value; ID cannot represent value: 1.5",
    );
    refuses(
        "ID",
        json!(true),
        "got invalid value; ID cannot represent value: true",
    );
    refuses(
        "Mood",
        json!("ANGRY"),
        "got invalid value; Value \"ANGRY\" does not exist in \"Mood\" enum.",
    );
    refuses(
        "Mood",
        json!(1),
        "got invalid value; Enum \"Mood\" cannot represent non-string value: 1.",
    );
    refuses(
        "Int!",
        json!(null),
        "of non-null type \"Int!\" must not be null.",
    );
}

#[test]
fn shipped_scalars_are_read_before_anything_runs() {
    let now = "2026-01-31T09:30:00Z";
    takes("DateTime", json!(now), json!(now));
    takes("Decimal", json!("12.50"), json!("12.50"));
    takes("Decimal", json!(12), json!(12));
    takes(
        "BigInt",
        json!("9223372036854775807"),
        json!("9223372036854775807"),
    );
    let why = "`soon` is not a DateTime (RFC 3339, such as 2026-01-31T09:30:00Z)";
    refuses(
        "DateTime",
        json!("soon"),
        &format!("got invalid value; {why}"),
    );
    refuses(
        "DateTime!",
        json!(5),
        "got invalid value; expected a string, found 5",
    );
    refuses(
        "[DateTime]",
        json!([now, null, "soon"]),
        &format!("got invalid value at \"v[2]\"; {why}"),
    );
    refuses(
        "At",
        json!({ "at": now, "many": ["soon"] }),
        &format!("got invalid value at \"v.many[0]\"; {why}"),
    );
    refuses(
        "BigInt",
        json!("9223372036854775808"),
        "got invalid value; expected a 64-bit integer, found \"9223372036854775808\"",
    );
    // One of the user's own takes what the user's type takes.
    takes("Duration", json!("a while"), json!("a while"));
    takes("Any", json!("soon"), json!("soon"));
}

#[test]
fn literals_of_shipped_scalars_are_read_too() {
    let literal = |name: &str, text: &str| {
        let schema = schema();
        let ty = apollo_compiler::ast::Type::Named(apollo_compiler::Name::new(name).unwrap());
        let value = apollo_compiler::ast::Value::String(text.to_owned());
        constant(types(&schema), &ty, &value).map(|value| value.to_json())
    };
    assert_eq!(
        literal("DateTime", "2026-01-31T09:30:00Z"),
        Ok(json!("2026-01-31T09:30:00Z"))
    );
    assert_eq!(
        literal("Decimal", "x"),
        Err("`x` is not a Decimal (such as \"12.50\")".to_owned())
    );
    assert_eq!(literal("Duration", "a while"), Ok(json!("a while")));
}

#[test]
fn one_value_stands_for_a_list_of_it() {
    takes("[Int!]", json!(1), json!([1]));
    takes("[Int!]", json!([1, 2]), json!([1, 2]));
    takes("[Int]", json!([null, 2]), json!([null, 2]));
    takes("[[Int]]", json!([1, [2, null]]), json!([[1], [2, null]]));
    takes("[[Int]]", json!(1), json!([[1]]));
    refuses(
        "[Int!]",
        json!([1, null]),
        "got invalid value at \"v[1]\"; Expected non-nullable type \"Int!\" not to be null.",
    );
    refuses(
        "[[Int]]",
        json!([[1], ["x"]]),
        "got invalid value at \"v[1][0]\"; Int cannot represent non-integer value: \"x\"",
    );
}

#[test]
fn input_objects_fill_in_defaults_and_name_the_place_of_a_mistake() {
    takes("In", json!({ "a": 1 }), json!({ "a": 1, "b": "x" }));
    takes(
        "In",
        json!({ "b": null, "a": 1 }),
        json!({ "a": 1, "b": null }),
    );
    takes(
        "In",
        json!({ "a": 1, "c": "SAD", "in": { "a": 2 } }),
        json!({ "a": 1, "b": "x", "c": ["SAD"], "in": { "a": 2, "b": "x" } }),
    );
    refuses(
        "In",
        json!({}),
        "got invalid value; Field \"a\" of required type \"Int!\" was not provided.",
    );
    refuses(
        "In",
        json!({ "a": 1, "z": 1 }),
        "got invalid value; Field \"z\" is not defined by type \"In\".",
    );
    refuses(
        "In",
        json!(5),
        "got invalid value; Expected type \"In\" to be an object.",
    );
    refuses(
        "In",
        json!({ "a": 1, "in": { "a": "x" } }),
        "got invalid value at \"v.in.a\"; Int cannot represent non-integer value: \"x\"",
    );
    refuses(
        "In",
        json!({ "a": 1, "in": { "a": 1, "c": ["SAD", "MAD"] } }),
        "got invalid value at \"v.in.c[1]\"; Value \"MAD\" does not exist in \"Mood\" enum.",
    );
}

#[test]
fn one_of_takes_exactly_one() {
    takes("Pick", json!({ "a": 1 }), json!({ "a": 1 }));
    refuses(
        "Pick",
        json!({}),
        "got invalid value; Exactly one key must be specified for OneOf type \"Pick\".",
    );
    refuses(
        "Pick",
        json!({ "a": 1, "b": null }),
        "got invalid value; Exactly one key must be specified for OneOf type \"Pick\".",
    );
    refuses(
        "Pick",
        json!({ "a": null }),
        "got invalid value; Field \"a\" must be non-null.",
    );
}

#[test]
fn absent_is_not_null() {
    assert_eq!(coerced("Int", "", json!({})), Ok(None));
    assert_eq!(coerced("Int", " = 4", json!({})), Ok(Some(json!(4))));
    assert_eq!(
        coerced("Int", " = 4", json!({ "v": null })),
        Ok(Some(json!(null)))
    );
    assert_eq!(coerced("Int! ", "= 4", json!({})), Ok(Some(json!(4))));
    assert_eq!(
        coerced("Int!", "", json!({})),
        Err("Variable \"$v\" of required type \"Int!\" was not provided.".to_owned())
    );
}

/// The arguments of `f`, with these variables.
#[track_caller]
fn arguments_are(variables_of: &str, args: &str, given: Json, expect: Json) {
    let schema = schema();
    let document = ExecutableDocument::parse_and_validate(
        &schema,
        format!("query {variables_of} {{ f{args} }}"),
        "q",
    )
    .unwrap();
    let operation = document.operations.get(None).unwrap();
    let field = operation.root_fields(&document).next().unwrap();
    let defs: Vec<_> = operation
        .variables
        .iter()
        .map(|def| Variable {
            name: def.name.as_str().into(),
            ty: (*def.ty).clone(),
            default: def
                .default_value
                .as_deref()
                .map(|value| constant(types(&schema), &def.ty, value).unwrap()),
            location: None,
        })
        .collect();
    let plan = arguments(
        types(&schema),
        &field.definition.arguments,
        &field.arguments,
        &defs,
    )
    .unwrap();
    let values = variables(types(&schema), &defs, given.as_object().unwrap()).unwrap();
    let made = match make(&plan, &values, &mut usize::MAX.clone()) {
        ArgSet::Constant(values) => values.to_vec(),
        ArgSet::Made(values) => match values {
            Ok(values) => values,
            Err(error) => return assert_eq!(json!(error.message()), expect),
        },
    };
    assert_eq!(InputValue::Object(made).to_json(), expect);
}

#[test]
fn literals_are_coerced_like_variables() {
    arguments_are(
        "",
        "(fl: 1, id: 2, l: 3, m: SAD, in: { a: 1 }, ll: [[1], 2])",
        json!({}),
        json!({ "fl": 1.0, "id": "2", "m": "SAD", "l": [3], "ll": [[1], [2]], "in": { "a": 1, "b": "x" }, "d": 7 }),
    );
    arguments_are(
        "",
        "(any: { a: [1, X, \"s\", 1.5, true, null] }, s: null, d: 1)",
        json!({}),
        json!({ "s": null, "any": { "a": [1, "X", "s", 1.5, true, null] }, "d": 1 }),
    );
}

#[test]
fn variables_fill_the_holes_of_literals() {
    arguments_are("($i: Int)", "(i: $i)", json!({}), json!({ "d": 7 }));
    arguments_are(
        "($i: Int)",
        "(i: $i)",
        json!({ "i": null }),
        json!({ "i": null, "d": 7 }),
    );
    arguments_are("($i: Int)", "(d: $i)", json!({}), json!({ "d": 7 }));
    arguments_are(
        "($i: Int)",
        "(d: $i)",
        json!({ "i": null }),
        json!("\"d\" must not be null."),
    );
    arguments_are(
        "($i: Int!, $s: String)",
        "(in: { a: $i, b: $s })",
        json!({ "i": 5 }),
        json!({ "in": { "a": 5, "b": "x" }, "d": 7 }),
    );
    arguments_are(
        "($i: Int!, $s: String)",
        "(in: { a: $i, b: $s })",
        json!({ "i": 5, "s": null }),
        json!({ "in": { "a": 5, "b": null }, "d": 7 }),
    );
    arguments_are(
        "($i: Int)",
        "(ll: [[$i, 1]])",
        json!({}),
        json!({ "ll": [[null, 1]], "d": 7 }),
    );
    arguments_are(
        "($i: Any)",
        "(any: { deep: [$i] })",
        json!({ "i": { "x": 1 } }),
        json!({ "any": { "deep": [{ "x": 1 }] }, "d": 7 }),
    );
    arguments_are(
        "($i: Int!)",
        "(pick: { a: $i })",
        json!({ "i": 1 }),
        json!({ "pick": { "a": 1 }, "d": 7 }),
    );
}
