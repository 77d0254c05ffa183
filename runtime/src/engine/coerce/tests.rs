//! Values of clients against the types of the schema.

use serde_json::{Value as Json, json};

use super::*;
use crate::engine::schema::SchemaDef;
use crate::engine::syntax::{Document, ast::Selection, parse};

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

/// Of the shipped scalars `Duration` alone is the user's.
fn schema() -> Schema {
    static DEF: SchemaDef = SchemaDef {
        sdl: SDL,
        types: &[],
        query: 0,
        mutation: None,
        subscription: None,
    };
    Schema::new(&DEF, &["Duration"]).unwrap()
}

/// The variables of the document's operation.
fn defined(schema: &Schema, document: &Document<'_>) -> Vec<Variable> {
    let defs = document.operations[0].variables.iter();
    let variable = |def: &crate::engine::syntax::ast::VariableDefinition<'_>| {
        let ty = TypeRef {
            no: schema.type_no(&def.ty.name).unwrap(),
            wrap: def.ty.wrap,
        };
        let default = def.default.as_ref();
        Variable {
            name: def.variable.name.text.into(),
            ty,
            default: default.map(|value| constant(schema, ty, value).unwrap()),
            at: def.span.start,
        }
    };
    defs.map(variable).collect()
}

/// The value of a variable of that type, or the message that refuses it.
fn coerced(ty: &str, default: &str, given: Json) -> Result<Option<Json>, String> {
    let schema = schema();
    let text = format!("query ($v: {ty}{default}) {{ __typename }}");
    let document = parse(&text, usize::MAX).unwrap();
    let given = given.as_object().cloned().unwrap();
    match variables(&schema, &defined(&schema, &document), &given) {
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

/// A literal of that type, or why it is none.
fn literal(ty: &str, text: &str) -> Result<Json, String> {
    let schema = schema();
    let text = format!("query ($v: {ty} = {text}) {{ f }}");
    let document = parse(&text, usize::MAX).unwrap();
    let def = &document.operations[0].variables[0];
    let ty = TypeRef {
        no: schema.type_no(&def.ty.name).unwrap(),
        wrap: def.ty.wrap,
    };
    let value = constant(&schema, ty, def.default.as_ref().unwrap());
    value.map(|value| value.to_json())
}

#[test]
fn literals_are_what_their_types_take() {
    for (ty, text, expect) in [
        ("Int", "2147483647", json!(2147483647)),
        ("Int", "-2147483648", json!(-2147483648)),
        ("Int", "null", json!(null)),
        ("Float", "3", json!(3.0)),
        ("Float", "3e2", json!(300.0)),
        (
            "Float",
            "123456789012345678901234567890",
            json!(123456789012345678901234567890.0),
        ),
        ("String", "\"\\u{41}\"", json!("A")),
        ("String", "\"\"\"a\n  b\"\"\"", json!("a\nb")),
        ("Boolean", "true", json!(true)),
        ("ID", "12", json!("12")),
        (
            "ID",
            "123456789012345678901234567890",
            json!("123456789012345678901234567890"),
        ),
        ("ID", "\"x\"", json!("x")),
        ("Mood", "SAD", json!("SAD")),
        ("[Int!]", "1", json!([1])),
        (
            "[[Int]]",
            "[1, [2, null], null]",
            json!([[1], [2, null], null]),
        ),
        ("[[Int]]", "1", json!([[1]])),
        (
            "In",
            "{ c: SAD, a: 1 }",
            json!({ "a": 1, "b": "x", "c": ["SAD"] }),
        ),
        ("In", "{ a: 1, b: null }", json!({ "a": 1, "b": null })),
        ("Pick", "{ b: \"x\" }", json!({ "b": "x" })),
        ("Any", "9223372036854775807", json!(9223372036854775807_i64)),
        ("Any", "[A, {b: 1.5}]", json!(["A", { "b": 1.5 }])),
    ] {
        assert_eq!(literal(ty, text), Ok(expect), "{ty} {text}");
    }
    for (ty, text, message) in [
        (
            "Int",
            "2147483648",
            "Int cannot represent value: 2147483648",
        ),
        ("Int", "1.0", "Int cannot represent value: 1.0"),
        ("Int", "\"1\"", "Int cannot represent value: \"1\""),
        ("Int", "A", "Int cannot represent value: A"),
        (
            "Int!",
            "null",
            "Expected non-nullable type \"Int!\" not to be null.",
        ),
        ("Float", "1e999", "Float cannot represent value: 1e999"),
        ("Float", "\"1\"", "Float cannot represent value: \"1\""),
        ("String", "1", "String cannot represent value: 1"),
        ("Boolean", "1", "Boolean cannot represent value: 1"),
        ("ID", "1.5", "ID cannot represent value: 1.5"),
        ("ID", "true", "ID cannot represent value: true"),
        ("ID", "[1]", "ID cannot represent value: [1]"),
        (
            "Mood",
            "\"SAD\"",
            "Enum \"Mood\" cannot represent non-enum value: \"SAD\".",
        ),
        (
            "Mood",
            "MAD",
            "Value \"MAD\" does not exist in \"Mood\" enum.",
        ),
        (
            "[Int!]",
            "[1, null]",
            "Expected non-nullable type \"Int!\" not to be null.",
        ),
        (
            "In",
            "{}",
            "`a` of required type \"Int!\" was not provided.",
        ),
        (
            "In",
            "{ a: 1, z: 1 }",
            "Field \"z\" is not defined by type \"In\".",
        ),
        ("In", "1", "Expected value of type \"In\" to be an object."),
        (
            "Pick",
            "{ a: 1, b: \"x\" }",
            "Exactly one key must be specified for OneOf type \"Pick\".",
        ),
        ("Pick", "{ a: null }", "Field \"a\" must be non-null."),
    ] {
        assert_eq!(literal(ty, text), Err(message.to_owned()), "{ty} {text}");
    }
}

#[test]
fn defaults_that_hold_each_other_are_refused() {
    let refused = |sdl| Schema::parse(sdl).unwrap_err();
    assert_eq!(
        refused("type Query { f(a: A): Int } input A { a: A = {} }"),
        "the default of `a`: the default of `a` does not end"
    );
    assert_eq!(
        refused("type Query { f(a: Int = \"x\"): Int }"),
        "the default of `a`: Int cannot represent value: \"x\""
    );
    let nested = "type Query { f(a: A = {}): Int } input A { b: B = {} } input B { c: Int = 3 }";
    let schema = Schema::parse(nested).unwrap();
    let default = schema.ty(schema.query).fields[0].args[0].default.as_ref();
    let value = default.and_then(|default| default.value.as_ref()).unwrap();
    assert_eq!(value.to_json(), json!({ "b": { "c": 3 } }));
}

#[test]
fn scalars_take_what_the_specification_says() {
    takes("Int", json!(-3), json!(-3));
    takes("Int", json!(2.0), json!(2));
    takes("Int", json!(2147483647), json!(2147483647));
    takes("Float", json!(3), json!(3.0));
    takes("Float", json!(3.5), json!(3.5));
    takes("ID", json!(12), json!("12"));
    takes("ID", json!(12.0), json!("12"));
    takes("ID", json!(u64::MAX), json!("18446744073709551615"));
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
    let literal = |name: &str, text: &str| literal(name, &format!("{text:?}"));
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
    let text = format!("query {variables_of} {{ f{args} }}");
    let document = parse(&text, usize::MAX).unwrap();
    let Selection::Field(field) = &document.operations[0].selections[0] else {
        panic!("a field")
    };
    let defs = defined(&schema, &document);
    let mut places = vec![None; document.variables.len()];
    for (place, def) in document.operations[0].variables.iter().enumerate() {
        places[def.variable.id as usize] = Some(place as u16);
    }
    let def = schema.field(schema.query, &field.name).unwrap();
    let plan = arguments(&schema, &def.args, &field.arguments, &Places(places)).unwrap();
    let values = variables(&schema, &defs, given.as_object().unwrap()).unwrap();
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
        "($i: Int = 1)",
        "(l: [$i, 2])",
        json!({}),
        json!({ "l": [1, 2], "d": 7 }),
    );
    arguments_are(
        "($i: Int = 1)",
        "(l: [$i, 2])",
        json!({ "i": null }),
        json!("An item of a list must not be null."),
    );
    arguments_are(
        "($p: String)",
        "(pick: { b: $p })",
        json!({}),
        json!("Exactly one key must be specified for OneOf type \"Pick\"."),
    );
    arguments_are(
        "($p: String)",
        "(pick: { b: $p })",
        json!({ "p": null }),
        json!("Field \"b\" must be non-null."),
    );
    arguments_are(
        "($l: [Int!])",
        "(l: $l, in: { a: 1, in: { a: 2, c: [SAD] } })",
        json!({ "l": 5 }),
        json!({ "l": [5], "in": { "a": 1, "b": "x", "in": { "a": 2, "b": "x", "c": ["SAD"] } }, "d": 7 }),
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
