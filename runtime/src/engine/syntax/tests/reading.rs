//! Documents: what stands where, and what may not stand there.

use super::super::ast::{OperationKind, Selection, System, TypeBody};
use super::super::{NESTING, parse};
use super::{refuses, takes};

#[test]
fn an_operation_has_its_parts() {
    let text = "# comment\nquery Q($a: Int = 1 @d, \"for people\" $b: [ID!]!) @e(x: $a) { b: c(x: 1, y: $b) @f { d } ...F @g ... on T @h { e } ... { f } }";
    let document = takes(text);
    let operation = &document.operations[0];
    assert_eq!(operation.kind, OperationKind::Query);
    assert_eq!(operation.name.unwrap(), "Q");
    assert_eq!(document.slice(operation.span), &text[10..]);
    assert_eq!(operation.directives[0].name, "e");
    assert!(operation.directives[0].argument("x").is_some());
    assert!(operation.directives[0].argument("y").is_none());
    let [a, b] = operation.variables.as_slice() else {
        panic!("two variables")
    };
    assert_eq!((a.variable.name.text, a.variable.id), ("a", 0));
    assert_eq!(document.slice(a.span), "$a: Int = 1 @d");
    assert!(a.default.is_some() && a.directives.len() == 1 && a.description.is_none());
    assert_eq!(b.description.as_deref(), Some("for people"));
    let [
        Selection::Field(field),
        Selection::Spread(spread),
        Selection::Inline(on),
        Selection::Inline(bare),
    ] = operation.selections.as_slice()
    else {
        panic!("{:?}", operation.selections)
    };
    assert_eq!((field.key().text, field.name.text), ("b", "c"));
    assert_eq!(document.slice(field.span), "b: c(x: 1, y: $b) @f { d }");
    assert_eq!((field.arguments.len(), field.selections.len()), (2, 1));
    assert_eq!(spread.name, "F");
    assert!(document.fragment(spread).is_none());
    assert_eq!(on.on.unwrap(), "T");
    assert!(bare.on.is_none());
    assert_eq!((document.aliases, document.directives), (1, 5));
    let names: Vec<_> = document.variables.iter().map(|name| name.text).collect();
    assert_eq!(names, ["a", "b"]);
}

#[test]
fn spreads_find_the_first_fragment_of_their_name() {
    let many: String = (0..40)
        .map(|i| format!("fragment F{i} on T {{ ...F{} }} ", (i + 7) % 40))
        .collect();
    let text =
        format!("{{ ...A ...B ...F3 }} fragment B on T {{ b }} fragment B on T {{ c }} {many}");
    let document = takes(&text);
    let spreads: Vec<_> = document.operations[0]
        .selections
        .iter()
        .map(|selection| match selection {
            Selection::Spread(spread) => document.fragment_no(spread),
            _ => panic!("a spread"),
        })
        .collect();
    assert_eq!(spreads, [None, Some(0), Some(5)]);
    for fragment in &document.fragments[2..] {
        let Selection::Spread(spread) = &fragment.selections[0] else {
            panic!("a spread")
        };
        assert_eq!(document.fragment(spread).unwrap().name, spread.name);
    }
}

#[test]
fn variables_have_one_number_a_name() {
    let uses: String = (0..30).map(|i| format!("f{i}(x: $v{}) ", i % 15)).collect();
    let text = format!("query A($v3: Int) {{ {uses} }} query B($v3: Int, $w: Int) {{ f }}");
    let document = takes(&text);
    assert_eq!(document.variables.len(), 16);
    let [a, b] = document.operations.as_slice() else {
        panic!("two operations")
    };
    assert_eq!(a.variables[0].variable.id, b.variables[0].variable.id);
    assert_eq!(document.variables[b.variables[1].variable.id as usize], "w");
}

#[test]
fn descriptions_stand_before_definitions() {
    let document = takes(
        "\"q\" query Q { f } \"\"\"\n  m\n\"\"\" mutation { f } \"f\" fragment F on T { f } \"t\" type T \"s\" schema { query: Q } \"d\" directive @d on FIELD",
    );
    let texts: Vec<_> = document
        .operations
        .iter()
        .map(|o| o.description.as_deref())
        .collect();
    assert_eq!(texts, [Some("q"), Some("m")]);
    assert_eq!(document.fragments[0].description.as_deref(), Some("f"));
    let texts: Vec<_> = document
        .system
        .iter()
        .map(|def| match def {
            System::Schema(def) => def.description.as_deref(),
            System::Type(def) => def.description.as_deref(),
            System::Directive(def) => def.description.as_deref(),
        })
        .collect();
    assert_eq!(texts, [Some("t"), Some("s"), Some("d")]);
    refuses(
        "\"q\" { f }",
        "expected a definition (such as `query` or `type`), found `{`",
        (1, 5),
    );
    refuses(
        "\"x\" extend type T @d",
        "expected a definition (such as `query` or `type`), found `extend`",
        (1, 5),
    );
}

#[test]
fn what_is_missing_is_named() {
    for (text, message, place) in [
        (
            "",
            "expected a definition (such as `query` or `type`), found the end of the document",
            (1, 1),
        ),
        (
            "# nothing\n",
            "expected a definition (such as `query` or `type`), found the end of the document",
            (2, 1),
        ),
        (
            "{",
            "expected a name, found the end of the document",
            (1, 2),
        ),
        (
            "{ f ",
            "expected a name, found the end of the document",
            (1, 5),
        ),
        ("{ }", "expected a name, found `}`", (1, 3)),
        ("{ f { } }", "expected a name, found `}`", (1, 7)),
        ("{ f() }", "expected a name, found `)`", (1, 5)),
        ("{ f(a) }", "expected `:`, found `)`", (1, 6)),
        ("{ f(a: ) }", "expected a value, found `)`", (1, 8)),
        ("{ f: }", "expected a name, found `}`", (1, 6)),
        ("{ f: g: h }", "expected a name, found `:`", (1, 7)),
        (
            "{ f } }",
            "expected a definition (such as `query` or `type`), found `}`",
            (1, 7),
        ),
        (
            "query",
            "expected `{`, found the end of the document",
            (1, 6),
        ),
        ("query () { f }", "expected `$`, found `)`", (1, 8)),
        ("query ($a) { f }", "expected `:`, found `)`", (1, 10)),
        (
            "query ($a: Int = $b) { f }",
            "expected a constant value, found a variable",
            (1, 18),
        ),
        (
            "query ($a: Int = [{ b: $b }]) { f }",
            "expected a constant value, found a variable",
            (1, 24),
        ),
        (
            "query ($a: Int @d(x: $b)) { f }",
            "expected a constant value, found a variable",
            (1, 22),
        ),
        (
            "query Q { f } quarry",
            "expected a definition (such as `query` or `type`), found `quarry`",
            (1, 15),
        ),
        (
            "fragment on on T { f }",
            "expected the name of a fragment, found `on`",
            (1, 10),
        ),
        ("fragment F { f }", "expected `on`, found `{`", (1, 12)),
        ("fragment F on { f }", "expected a name, found `{`", (1, 15)),
        (
            "fragment F($a: Int) on T { f }",
            "expected `on`, found `(`",
            (1, 11),
        ),
        ("{ ... }", "expected `{`, found `}`", (1, 7)),
        ("{ ... on }", "expected a name, found `}`", (1, 10)),
        ("{ f @ }", "expected a name, found `}`", (1, 7)),
        ("{ f .. g }", "expected `...`, found `.`", (1, 5)),
        ("{ f\n  ? }", "unexpected character `?`", (2, 3)),
        ("{\r\n  é }", "unexpected character `é`", (2, 3)),
        ("{ é", "unexpected character `é`", (1, 3)),
        ("\u{feff}{ \u{0} }", "unexpected character `\\0`", (1, 4)),
        ("{ \"é\" f }", "expected a name, found a string", (1, 3)),
        (
            "{ f(x: \"é\" \"é\") }",
            "expected a name, found a string",
            (1, 12),
        ),
    ] {
        refuses(text, message, place);
    }
}

#[test]
fn definitions_of_a_type_system_have_their_parts() {
    let document = takes(
        r#"
        schema @d { query: Q mutation: M subscription: S }
        extend schema @d
        extend schema { mutation: M }
        "text" scalar Date @specifiedBy(url: "u")
        type T implements & A & B @d { "f" f("a" a: Int = 1 @d, b: [In!]! = [{}]): [T!]! @deprecated }
        interface A implements B { f: Int }
        union U @d = | A | B
        enum E { "v" A @d B on }
        input In @oneOf { a: Int = 1 @d b: In }
        directive @d("a" a: Int = 1 @d) repeatable on | FIELD | ENUM_VALUE
        directive @e on SCHEMA
        type Empty
        extend type T implements C
        extend union U = C
        extend enum E { D }
        extend input In { c: Int }
        extend scalar Date @d
        extend interface A @d
        union Nothing
        "#,
    );
    assert_eq!(document.system.len(), 19);
    let System::Type(ty) = &document.system[4] else {
        panic!("a type")
    };
    assert!(!ty.extend && ty.name == "T");
    let TypeBody::Object(body) = &ty.body else {
        panic!("an object")
    };
    assert_eq!(body.interfaces, ["A", "B"]);
    let field = &body.fields[0];
    assert_eq!(field.description.as_deref(), Some("f"));
    assert_eq!(field.ty.to_string(), "[T!]!");
    let [a, b] = field.arguments.as_slice() else {
        panic!("two arguments")
    };
    assert_eq!(a.description.as_deref(), Some("a"));
    assert!(a.default.is_some() && a.directives.len() == 1);
    assert_eq!(b.ty.to_string(), "[In!]!");
    let System::Directive(directive) = &document.system[9] else {
        panic!("a directive")
    };
    assert!(directive.repeatable);
    let names: Vec<_> = directive.locations.iter().map(|l| l.name()).collect();
    assert_eq!(names, ["FIELD", "ENUM_VALUE"]);
}

#[test]
fn wrong_definitions_of_a_type_system_are_refused() {
    for (text, message, place) in [
        ("type T {}", "expected a name, found `}`", (1, 9)),
        (
            "type T implements { f: Int }",
            "expected a name, found `{`",
            (1, 19),
        ),
        (
            "type T implements A B { f: Int }",
            "expected a definition (such as `query` or `type`), found `B`",
            (1, 21),
        ),
        ("type T { f }", "expected `:`, found `}`", (1, 12)),
        ("type T { f(): Int }", "expected a name, found `)`", (1, 12)),
        (
            "type T { f: Int = 1 }",
            "expected a name, found `=`",
            (1, 17),
        ),
        (
            "enum E { true }",
            "expected the name of an enum value, found `true`",
            (1, 10),
        ),
        ("union U = | | A", "expected a name, found `|`", (1, 13)),
        (
            "schema { Query: Q }",
            "expected `query`, `mutation` or `subscription`, found `Query`",
            (1, 10),
        ),
        (
            "schema",
            "expected `{`, found the end of the document",
            (1, 7),
        ),
        (
            "extend type T",
            "expected what is added to the type, found the end of the document",
            (1, 14),
        ),
        (
            "extend scalar T",
            "expected what is added to the type, found the end of the document",
            (1, 16),
        ),
        (
            "extend schema",
            "expected `{`, found the end of the document",
            (1, 14),
        ),
        (
            "extend query { f }",
            "expected what to extend (such as `type`), found `query`",
            (1, 8),
        ),
        (
            "extend directive @d on FIELD",
            "expected what to extend (such as `type`), found `directive`",
            (1, 8),
        ),
        (
            "directive @d on FIELDS",
            "expected a location of directives, found `FIELDS`",
            (1, 17),
        ),
        ("directive d on FIELD", "expected `@`, found `d`", (1, 11)),
        (
            "directive @d FIELD",
            "expected `on`, found `FIELD`",
            (1, 14),
        ),
        (
            "input I { a: Int = $v }",
            "expected a constant value, found a variable",
            (1, 20),
        ),
        (
            "type T @d(a: $v)",
            "expected a constant value, found a variable",
            (1, 14),
        ),
    ] {
        refuses(text, message, place);
    }
    // A selection set behind a union is an operation of its own.
    assert_eq!(takes("union U = A { f }").operations.len(), 1);
}

#[test]
fn nesting_has_an_end() {
    for (open, inner, close) in [
        ("{ a ", "{ b }", "}"),
        ("{ ... ", "{ b }", "}"),
        ("{ a(x: [", "1", "]) }"),
        ("{ a(x: {y: [", "1", "]}) }"),
    ] {
        // What opens a document opens once, what nests may open again and again.
        let (head, nests) = match open.split_once("x: ") {
            Some((_, nests)) => ("{ a(x: ", nests),
            None => ("", open),
        };
        let ends = close.trim_end_matches(") }");
        let tail = &close[ends.len()..];
        let deep = |n: usize| format!("{head}{}{inner}{}{tail}", nests.repeat(n), ends.repeat(n));
        takes(&deep(90));
        let mistake = parse(&deep(100_000), usize::MAX).unwrap_err();
        assert_eq!(
            mistake.message,
            "the document is nested more than 200 levels deep"
        );
    }
    let edge = |n: usize| format!("{}b{}", "{ a ".repeat(n - 1) + "{ ", " }".repeat(n));
    takes(&edge(NESTING));
    assert!(parse(&edge(NESTING + 1), usize::MAX).is_err());
}

#[test]
fn tokens_are_counted_without_commas_and_comments() {
    let text = "{ a, b # comment\n, c(x: \"s\") }";
    assert!(parse(text, 10).is_ok());
    let mistake = parse(text, 9).unwrap_err();
    assert!(mistake.too_long);
    assert_eq!(mistake.at as usize, text.len() - 1);
    assert!(parse("{", 0).unwrap_err().too_long);
    assert!(!parse("?", 1).unwrap_err().too_long);
}

#[test]
fn lines_end_in_three_ways() {
    let text = "a\nb\r\nc\rd é f";
    let places: Vec<_> = text
        .char_indices()
        .map(|(i, _)| super::super::place(text, i as u32))
        .collect();
    assert_eq!(
        places,
        [
            (1, 1),
            (1, 2),
            (2, 1),
            (2, 2),
            (2, 3),
            (3, 1),
            (3, 2),
            (4, 1),
            (4, 2),
            (4, 3),
            (4, 4),
            (4, 5)
        ]
    );
    assert_eq!(super::super::place("", 0), (1, 1));
    assert_eq!(super::super::place("é", 1), (1, 2));
}
