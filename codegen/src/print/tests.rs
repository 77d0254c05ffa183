//! Printed SDL reads back as the schema it came from.

use crate::diagnostic::Diagnostics;
use crate::ir::Value;
use crate::lower;
use crate::parse;
use crate::source::{FileId, Source};

fn schema(text: &str) -> crate::ir::Schema {
    let mut diags = Diagnostics::default();
    let source = Source {
        name: "a.graphql".into(),
        text: text.into(),
    };
    let document = parse::document(FileId(0), &source, &mut diags);
    let schema = lower::schema(&[document], &mut diags);
    assert!(!diags.has_errors(), "{diags:?}\n{text}");
    schema
}

/// Prints `text`, and what was printed once more.
fn check(text: &str, expect: &str) {
    let printed = super::sdl(&schema(text));
    assert_eq!(printed, expect);
    assert_eq!(super::sdl(&schema(&printed)), printed, "printing is stable");
}

#[test]
fn every_kind_is_printed() {
    check(
        r#"
        "The door" type Query implements Node & A { id: ID! "x" f(a: [Int!]! = [1, 2], b: In = {n: "\"q\"", e: RED}): [U!] @deprecated g: E @deprecated(reason: "old\nand tired") }
        interface Node { id: ID! } interface A implements Node { id: ID! }
        union U = Query
        enum E { "r" RED GREEN @deprecated }
        input In { n: String = null e: E, f: Float = 1.5e3, b: Boolean = true }
        input Pick @oneOf { a: Int b: Int }
        scalar S @specifiedBy(url: "https://example.org")
        directive @mine("what" a: Int = 1, b: E) repeatable on FIELD | OBJECT
        "#,
        "directive @mine(\n  \"what\"\n  a: Int = 1\n  b: E\n) repeatable on FIELD | OBJECT\n\n\
         directive @oneOf on INPUT_OBJECT\n\n\
         interface A implements Node {\n  id: ID!\n}\n\n\
         enum E {\n  \"r\"\n  RED\n  GREEN @deprecated\n}\n\n\
         input In {\n  n: String = null\n  e: E\n  f: Float = 1.5e3\n  b: Boolean = true\n}\n\n\
         interface Node {\n  id: ID!\n}\n\n\
         input Pick @oneOf {\n  a: Int\n  b: Int\n}\n\n\
         \"The door\"\ntype Query implements Node & A {\n  id: ID!\n  \"x\"\n  f(a: [Int!]! = [1, 2], b: In = {n: \"\\\"q\\\"\", e: RED}): [U!] @deprecated\n  \
         g: E @deprecated(reason: \"old\\nand tired\")\n}\n\n\
         scalar S @specifiedBy(url: \"https://example.org\")\n\n\
         union U = Query\n",
    );
}

#[test]
fn descriptions_keep_every_character() {
    for text in [
        "one",
        "a\nb",
        "a\n  b\n\nc",
        " a\nb",
        "  a\n  b",
        "a\n",
        "\na",
        "say \"\"\"so\"\"\"\nü",
        "tab\there\nx",
        "back\\slash\nx",
        "a\\",
    ] {
        let quoted = super::value(&Value::String(text.to_owned()));
        let input = format!("{quoted} type Query {{ a: Int }}");
        let found = schema(&input).types["Query"].description.clone();
        assert_eq!(found.as_deref(), Some(text));
        let again = schema(&super::sdl(&schema(&input))).types["Query"]
            .description
            .clone();
        assert_eq!(again.as_deref(), Some(text));
    }
}

#[test]
fn a_schema_definition_only_where_it_is_needed() {
    let starts = |text: &str| {
        super::sdl(&schema(text))
            .split('{')
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    assert_eq!(starts("type Query { a: Int }"), "type Query ");
    assert_eq!(starts("schema { query: Q } type Q { a: Int }"), "schema ");
    assert_eq!(
        starts("schema { query: Query } type Query { a: Int } type Mutation { a: Int }"),
        "schema "
    );
    assert_eq!(
        starts("\"d\" schema { query: Query } type Query { a: Int }"),
        "\"d\"\nschema "
    );
}

#[test]
fn what_is_hidden_stays_hidden() {
    let mut schema = schema("type Query { a: Int secret: Int @hidden } type Auth { id: ID }");
    if let Some(auth) = schema.types.get_mut("Auth") {
        auth.hidden = true;
    }
    assert_eq!(super::sdl(&schema), "type Query {\n  a: Int\n}\n");
}

/// Prints `text`; what was printed prints the same.
fn printed(text: &str) -> String {
    let printed = super::sdl(&schema(text));
    check(&printed, &printed);
    printed
}

#[test]
fn what_a_field_costs_and_how_long_it_keeps_is_public() {
    let found = printed(
        "type Query {
            page(first: Int @cost(weight: \"2\")): T @listSize(slicingArguments: [\"first\"], sizedFields: [\"items\"]) @resolver
        }
        type T @cacheControl(maxAge: 60, scope: PRIVATE) { items: [E] }
        enum E @cost(weight: \"1\") { A }",
    );
    for part in [
        "directive @cacheControl(",
        "directive @cost(",
        "directive @listSize(",
        "enum CacheControlScope {",
        "enum E @cost(weight: \"1\") {",
        "page(first: Int @cost(weight: \"2\")): T @listSize(slicingArguments: [\"first\"], sizedFields: [\"items\"])\n",
        "type T @cacheControl(maxAge: 60, scope: PRIVATE) {",
    ] {
        assert!(found.contains(part), "{part}\n{found}");
    }
    assert!(!found.contains("@resolver"), "{found}");

    let own = printed(
        "directive @cost(much: Boolean) on FIELD_DEFINITION type Query { a: Int @cost(much: true) }",
    );
    assert!(
        own.contains("a: Int\n"),
        "a directive of theirs means what they say\n{own}"
    );
    let unused = printed("type Query { a: Int }");
    assert_eq!(unused, "type Query {\n  a: Int\n}\n");
}
