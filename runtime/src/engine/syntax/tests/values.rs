//! Values: numbers, strings, block strings, lists and objects, types.

use super::super::ast::{Selection, Value, ValueKind};
use super::{refuses, takes};

/// A value, written so that tests can compare it.
fn shown(value: &Value<'_>) -> String {
    match &value.kind {
        ValueKind::Variable(variable) => format!("${}", variable.name),
        ValueKind::Int(text) => format!("int {text}"),
        ValueKind::Float(text) => format!("float {text}"),
        ValueKind::String(text) => format!("{text:?}"),
        ValueKind::Boolean(value) => format!("{value}"),
        ValueKind::Null => "null".to_owned(),
        ValueKind::Enum(name) => format!("enum {name}"),
        ValueKind::List(items) => {
            let items: Vec<_> = items.iter().map(shown).collect();
            format!("[{}]", items.join(", "))
        }
        ValueKind::Object(fields) => {
            let fields: Vec<_> = fields
                .iter()
                .map(|field| format!("{}: {}", field.name, shown(&field.value)))
                .collect();
            format!("{{{}}}", fields.join(", "))
        }
    }
}

#[track_caller]
fn reads(literal: &str, expect: &str) {
    let text = format!("{{ f(x: {literal}) }}");
    let document = takes(&text);
    let Selection::Field(field) = &document.operations[0].selections[0] else {
        panic!("a field")
    };
    let value = &field.arguments[0].value;
    assert_eq!(shown(value), expect, "{literal}");
    assert_eq!(document.slice(value.span), literal);
    // What is printed means the same, and is printed the same again.
    let printed = value.to_string();
    let text = format!("{{ f(x: {printed}) }}");
    let document = takes(&text);
    let Selection::Field(field) = &document.operations[0].selections[0] else {
        panic!("a field")
    };
    assert_eq!(shown(&field.arguments[0].value), expect, "{printed}");
    assert_eq!(field.arguments[0].value.to_string(), printed);
}

#[track_caller]
fn wrong(literal: &str, message: &str, column: u32) {
    refuses(&format!("{{ f(x: {literal}) }}"), message, (1, column + 7));
}

#[test]
fn numbers_keep_every_digit() {
    for number in ["0", "-0", "1", "-12", "123456789012345678901234567890"] {
        reads(number, &format!("int {number}"));
    }
    for number in [
        "0.0",
        "-1.50",
        "1e9",
        "1E+05",
        "0e-0",
        "1.5E05",
        "3.14159265358979323846",
    ] {
        reads(number, &format!("float {number}"));
    }
}

#[test]
fn numbers_end_where_they_end() {
    wrong("01", "a number does not begin with a zero", 1);
    wrong("-", "expected a digit, found `)`", 2);
    wrong("-a", "expected a digit, found `a`", 2);
    wrong("1.", "expected a digit behind the point, found `)`", 3);
    wrong("1.e1", "expected a digit behind the point, found `e`", 3);
    wrong("1e", "expected a digit of the exponent, found `)`", 3);
    wrong("1e+", "expected a digit of the exponent, found `)`", 4);
    wrong("1x", "expected the end of the number, found `x`", 2);
    wrong("1_000", "expected the end of the number, found `_`", 2);
    wrong("1.5.2", "expected the end of the number, found `.`", 4);
    wrong("0xF1", "expected the end of the number, found `x`", 2);
    wrong(".5", "expected `...`, found `.`", 1);
    wrong("+5", "unexpected character `+`", 1);
}

#[test]
fn strings_resolve_their_escapes() {
    reads(r#""""#, r#""""#);
    reads(r#""plain, # and {""#, r#""plain, # and {""#);
    reads(
        r#""\" \\ \/ \b \f \n \r \t""#,
        r#""\" \\ / \u{8} \u{c} \n \r \t""#,
    );
    reads(r#""\u0041\u00e9""#, r#""Aé""#);
    reads(r#""\u{1F600}\u{41}\u{0000041}""#, r#""😀AA""#);
    reads(r#""\uD83D\uDE00""#, r#""😀""#);
    reads("\"a\tb é 😀\"", r#""a\tb é 😀""#);
    reads(r#""\\""#, r#""\\""#);
}

#[test]
fn strings_refuse_what_is_no_text() {
    wrong("\"a", "the string does not end", 1);
    wrong("\"a\nb\"", "the string does not end", 1);
    wrong("\"a\\\nb\"", "the string does not end", 1);
    wrong(r#""a\""#, "the string does not end", 1);
    wrong(r#""ab\x""#, "there is no escape `\\x`", 4);
    wrong(
        r#""\u12""#,
        "`\\u` wants four hexadecimal digits of a character",
        2,
    );
    wrong(
        r#""\u+123""#,
        "`\\u` wants four hexadecimal digits of a character",
        2,
    );
    for half in [
        r#""\uD83D""#,
        r#""\uDE00""#,
        r#""\uD83D\u0041""#,
        r#""\uDE00\uD83D""#,
    ] {
        wrong(half, "half of a surrogate pair is no character", 2);
    }
    for code in [
        r#""\u{}""#,
        r#""\u{110000}""#,
        r#""\u{D800}""#,
        r#""\u{12""#,
        r#""\u{FFFFFFFFF}""#,
    ] {
        wrong(
            code,
            "`\\u{…}` wants the hexadecimal number of a character",
            2,
        );
    }
    refuses(
        "{ f(x: 'a') }",
        "unexpected character `'` (a string stands in double quotes)",
        (1, 8),
    );
    refuses("\"", "the string does not end", (1, 1));
    refuses("\"\\", "the string does not end", (1, 1));
    refuses("\"\"\"\\", "the string does not end", (1, 1));
}

#[test]
fn block_strings_lose_their_indentation() {
    let block =
        |raw: &str, expect: &str| reads(&format!("\"\"\"{raw}\"\"\""), &format!("{expect:?}"));
    block("", "");
    block(" ", "");
    block("one line", "one line");
    block("  one line  ", "  one line  ");
    block(
        "\n    Hello,\n      World!\n\n    Yours,\n      GraphQL.\n  ",
        "Hello,\n  World!\n\nYours,\n  GraphQL.",
    );
    block("first\n    second\n      third", "first\nsecond\n  third");
    block("\n\n  a\n\n", "a");
    block("\n  a\n\tb\n", " a\nb");
    block("\r\n  a\r  b\r\n", "a\nb");
    block("\n  a\n \n  b\n", "a\n\nb");
    block("a \\\"\"\" b", "a \"\"\" b");
    block("a \\n \\u0041", "a \\n \\u0041");
    block(" \" \"\" ", " \" \"\" ");
    block("\n   \n \n", "");
    block("é\n  é", "é\né");
    wrong("\"\"\"a", "the string does not end", 1);
    wrong("\"\"\"a\\\"\"\"", "the string does not end", 1);
}

#[test]
fn other_values_are_what_they_look_like() {
    reads("true", "true");
    reads("false", "false");
    reads("null", "null");
    reads("TRUE", "enum TRUE");
    reads("on", "enum on");
    reads("$v", "$v");
    reads("[]", "[]");
    reads("[1 2, [$a], {b: C}]", "[int 1, int 2, [$a], {b: enum C}]");
    reads("{}", "{}");
    reads(
        "{a: 1, a: 2 null: null}",
        "{a: int 1, a: int 2, null: null}",
    );
    wrong("]", "expected a value, found `]`", 1);
    wrong("[1", "expected a value, found `)`", 3);
    wrong("{a}", "expected `:`, found `}`", 3);
    wrong("{1: a}", "expected a name, found `1`", 2);
    wrong("$", "expected a name, found `)`", 2);
    wrong("$ 1", "expected a name, found `1`", 3);
}

#[test]
fn types_are_printed_as_they_are_written() {
    for ty in [
        "Int",
        "Int!",
        "[Int]",
        "[Int!]",
        "[Int]!",
        "[Int!]!",
        "[[Int!]]!",
        "[[[Int]!]!]!",
    ] {
        let text = format!("query ($v: {ty}) {{ f }}");
        let document = takes(&text);
        let found = &document.operations[0].variables[0].ty;
        assert_eq!(found.to_string(), ty);
        assert_eq!(document.slice(found.span), ty);
        let mut wrap = found.wrap;
        let mut rest = ty;
        loop {
            assert_eq!(wrap.is_non_null(), rest.ends_with('!'), "{rest}");
            rest = rest.trim_end_matches('!');
            assert_eq!(wrap.nullable().around("Int").to_string(), rest);
            assert_eq!(
                wrap.required().around("Int").to_string(),
                format!("{rest}!")
            );
            assert_eq!(wrap.is_list(), rest.starts_with('['));
            let Some(item) = wrap.item() else { break };
            rest = &rest[1..rest.len() - 1];
            assert_eq!(item.around("Int").to_string(), rest);
            assert_eq!(
                item.list().map(|list| list.nullable()),
                Some(wrap.nullable())
            );
            wrap = item;
        }
        assert_eq!(rest, "Int");
    }
    let lists = |n: usize| format!("query ($v: {}Int{}) {{ f }}", "[".repeat(n), "]".repeat(n));
    takes(&lists(31));
    refuses(
        &lists(32),
        "a type has at most 31 lists in each other",
        (1, 12),
    );
    refuses(
        "query ($v: Int!!) { f }",
        "expected `$`, found `!`",
        (1, 16),
    );
    refuses(
        "query ($v: []) { f }",
        "expected a name, found `]`",
        (1, 13),
    );
    refuses("query ($v: [Int) { f }", "expected `]`, found `)`", (1, 16));
}
