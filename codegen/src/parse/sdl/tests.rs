//! Documents, whole and broken, and what is made of them.

use super::*;
use crate::ir::Value;

fn read(text: &str) -> (Vec<Definition>, Vec<String>) {
    let sources = Sources(vec![Source {
        name: "a.graphql".into(),
        text: text.into(),
    }]);
    let mut diags = Diagnostics::default();
    let documents = sdl(&sources, &mut diags);
    let found = diags
        .sorted()
        .iter()
        .map(|d| {
            format!(
                "{}: {}",
                sources.line_col(d.span.expect("a place")),
                d.message
            )
        })
        .collect();
    (
        documents.into_iter().flat_map(|d| d.definitions).collect(),
        found,
    )
}

/// The default of the only field of the only input type.
fn default(text: &str) -> Value {
    let (definitions, found) = read(&format!("input I {{ a: T = {text} }}"));
    assert_eq!(found, Vec::<String>::new(), "{text}");
    let DefinitionKind::Input { fields } = &definitions[0].kind else {
        panic!("{definitions:?}")
    };
    fields[0].default.clone().expect("a default")
}

#[test]
fn values_that_graphql_parser_cannot_keep() {
    let check = |text: &str, expect: Value| assert_eq!(default(text), expect, "{text}");
    check("1e9", Value::Float("1e9".into()));
    check("1.5E05", Value::Float("1.5E05".into()));
    check("-0.0e-9", Value::Float("-0.0e-9".into()));
    check(
        "123456789012345678901234567890",
        Value::Int("123456789012345678901234567890".into()),
    );
    check(r#""\u{1F600}""#, Value::String("😀".into()));
    check(r#""\u{00000000001F600}""#, Value::String("😀".into()));
    check(r#""\uD83D\uDE00""#, Value::String("😀".into()));
    check(r#""\b""#, Value::String("\u{8}".into()));
    check(r#""a\\\"\/""#, Value::String("a\\\"/".into()));
    check(
        "{b: 1, a: 2, b: X}",
        Value::Object(vec![
            ("b".into(), Value::Int("1".into())),
            ("a".into(), Value::Int("2".into())),
            ("b".into(), Value::Enum("X".into())),
        ]),
    );
    check(
        "\"\"\"\n    a\n      b \\\"\"\"\n\n\"\"\"",
        Value::String("a\n  b \"\"\"".into()),
    );
    let deep = format!("{}{}", "[".repeat(120), "]".repeat(120));
    assert!(matches!(default(&deep), Value::List(_)));
}

#[test]
fn documents_that_graphql_parser_refuses() {
    for text in [
        "\"described\" schema { query: Q }",
        "extend schema @a",
        "extend schema { mutation: M }",
        "extend interface A implements B",
        "\u{feff}type A { a: Int }",
        "enum directive @foo(x: 1) { A }",
        "scalar scalar directive @foo(extend: Int = 1) repeatable on | FIELD",
        "type type implements & type & input @a { type: type! input(extend: [[schema!]!]): Int }",
        "directive @directive(directive: directive = directive @directive(directive: directive)) on SCHEMA | ENUM",
        "union union @union(union: union) = | union | union type A",
        "scalar extend extend scalar scalar @a extend scalar extend @a",
        "input I { a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[Int]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]] }",
    ] {
        assert_eq!(read(text).1, Vec::<String>::new(), "{text}");
    }
}

#[test]
fn names_know_their_place() {
    let (definitions, found) =
        read("# é\n\ttype A implements B & C @d(x: 1) {\n\t\t\"text\" f(a: Int = 3): [A!]! @e\n}");
    assert_eq!(found, Vec::<String>::new());
    let DefinitionKind::Object { implements, fields } = &definitions[0].kind else {
        panic!("{definitions:?}")
    };
    let at = |span: Span| (span.start, span.end);
    assert_eq!(at(definitions[0].name.span), (11, 12));
    assert_eq!(
        implements.iter().map(|i| at(i.span)).collect::<Vec<_>>(),
        [(24, 25), (28, 29)]
    );
    assert_eq!(at(definitions[0].directives[0].span), (30, 32));
    assert_eq!(at(definitions[0].directives[0].args[0].2), (36, 37));
    assert_eq!(at(fields[0].span), (50, 51));
    assert_eq!(at(fields[0].args[0].default_span), (61, 62));
    assert_eq!(at(fields[0].ty_span), (65, 70));
}

#[test]
fn types_in_other_files_are_read_like_those_of_schemas() {
    let read = |text: &str| {
        let mut diags = Diagnostics::default();
        let at = Span::new(FileId(3), 100, text.len());
        let name = Named {
            name: "a".into(),
            span: Span::new(FileId(3), 90, 1),
        };
        let found = input_type(name, text, at, &mut diags);
        let told = diags
            .sorted()
            .iter()
            .map(|d| format!("{}: {}", d.span.expect("a place").start, d.message))
            .collect::<Vec<_>>();
        found
            .map(|it| {
                (
                    it.ty.to_string(),
                    it.default,
                    it.ty_span.start,
                    it.default_span.start,
                )
            })
            .ok_or(told.join("\n"))
    };
    assert_eq!(
        read("Int! = 3"),
        Ok(("Int!".into(), Some(Value::Int("3".into())), 100, 107))
    );
    assert_eq!(read(" [ID!]"), Ok(("[ID!]".into(), None, 101, 90)));
    assert_eq!(
        read("[ID!"),
        Err("103: expected `]`, found the end of the text".into())
    );
    assert_eq!(
        read(""),
        Err("100: expected a type, found the end of the text".into())
    );
    assert_eq!(
        read("Int 3"),
        Err("104: expected nothing more, found `3`".into())
    );
    assert_eq!(
        read("Int = "),
        Err("104: expected a value, found the end of the text".into())
    );
    assert_eq!(read("Int;"), Err("103: unexpected character `;`".into()));
}
