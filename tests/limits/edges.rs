//! Each limit: a request that is just inside, and one that is just outside.

use std::time::Duration;

use graphwright::Limits;
use serde_json::{Value, json};

use crate::attacks::merged_ways;
use crate::{ask, server};

/// The request inside must be answered, the one outside refused with that code.
#[track_caller]
fn edge(name: &str, limits: Limits, inside: (&str, Value), outside: (&str, Value), code: &str) {
    let server = server(limits);
    let found = ask(&server, inside.0, inside.1);
    assert_eq!(
        (found.code.as_str(), found.message.as_str()),
        ("ok", "ok"),
        "{name}: {}",
        inside.0
    );
    let found = ask(&server, outside.0, outside.1);
    assert_eq!(found.code, code, "{name}: {}: {}", outside.0, found.message);
    println!("{name:<14} {:<60} {}", found.message, code);
}

fn document(name: &str, limits: Limits, inside: &str, outside: &str) {
    edge(
        name,
        limits,
        (inside, json!({})),
        (outside, json!({})),
        "LIMIT_EXCEEDED",
    );
}

fn usual() -> Limits {
    Limits::default()
}

#[test]
fn each_limit_at_its_edge() {
    document(
        "bytes",
        Limits {
            bytes: 6,
            ..usual()
        },
        "{ id }",
        "{ id  }",
    );
    document(
        "tokens",
        Limits {
            tokens: 4,
            ..usual()
        },
        "{ id int }",
        "{ id int id }",
    );
    document(
        "depth",
        Limits {
            depth: 3,
            ..usual()
        },
        "{ friend { friend { id } } }",
        "{ friend { friend { friend { id } } } }",
    );
    let through = |levels: &str| {
        format!(
            "{{ ...F }} fragment F on Query {{ friend {{ ...G }} }} fragment G on Person {levels}"
        )
    };
    document(
        "depth",
        Limits {
            depth: 3,
            ..usual()
        },
        &through("{ friend { id } }"),
        &through("{ friend { friend { id } } }"),
    );
    document(
        "aliases",
        Limits {
            aliases: 2,
            ..usual()
        },
        "{ a: id b: id }",
        "{ a: id b: id c: id }",
    );
    document(
        "aliases",
        Limits {
            aliases: 1,
            ..usual()
        },
        "{ a: id ...F } fragment F on Query { id }",
        "{ a: id ...F } fragment F on Query { b: id }",
    );
    document(
        "root fields",
        Limits {
            root_fields: 2,
            ..usual()
        },
        "{ id int }",
        "{ id int text }",
    );
    document(
        "root fields",
        Limits {
            root_fields: 2,
            ..usual()
        },
        "{ id ... { int } }",
        "{ id ...F } fragment F on Query { int text }",
    );
    document(
        "directives",
        Limits {
            directives: 2,
            ..usual()
        },
        "{ id @skip(if: true) int @skip(if: true) }",
        "{ id @skip(if: true) int @skip(if: true) @include(if: true) }",
    );
    document(
        "fields",
        Limits {
            fields: 20,
            ..usual()
        },
        "{ friend { id } }",
        "{ node { next { next { id next { id } } } } }",
    );
    document(
        "cost",
        Limits {
            cost: 40,
            ..usual()
        },
        "{ friend { friends { id } } }",
        "{ friend { friends { friends { id } } } }",
    );
    let list = |list| Limits {
        cost: 40,
        list,
        ..usual()
    };
    document(
        "list",
        list(5),
        "{ friend { friends { friends { id } } } }",
        "{ friend { friends { friends { friends { id } } } } }",
    );
    // One document, and limits that differ by one.
    let three = "{ friend { friends { id } } }";
    let fields = |fields| Limits { fields, ..usual() };
    turning("fields", fields, three, "operation asks for more than");
    let cost = |cost| Limits {
        cost: cost as u64,
        ..usual()
    };
    turning("cost", cost, three, "the operation may cost");
    let text = |n: usize| {
        (
            String::from("query($v: String) { text(v: $v) }"),
            json!({ "v": "x".repeat(n) }),
        )
    };
    let (inside, outside) = (text(80), text(200));
    edge(
        "response",
        Limits {
            response: 128,
            ..usual()
        },
        (&inside.0, inside.1),
        (&outside.0, outside.1),
        "LIMIT_EXCEEDED",
    );
    let introspection = "{ __schema { queryType { name } } }";
    let closed = Limits {
        introspection: false,
        ..usual()
    };
    edge(
        "introspection",
        closed,
        ("{ __typename }", json!({})),
        (introspection, json!({})),
        "GRAPHQL_VALIDATION_FAILED",
    );
    let short = Limits {
        timeout: Duration::from_millis(500),
        ..usual()
    };
    edge(
        "timeout",
        short,
        ("{ id }", json!({})),
        ("{ slow }", json!({})),
        "TIMEOUT",
    );
}

/// There is one value of the limit at which a document turns from refused to answered.
#[track_caller]
fn turning(name: &str, limits: impl Fn(usize) -> Limits, document: &str, has: &str) {
    let asked = |limit| ask(&server(limits(limit)), document, json!({}));
    let inside = (1..200).find(|limit| asked(*limit).code == "ok");
    let inside = inside.unwrap_or_else(|| panic!("{name}: {document} is never answered"));
    assert!(inside > 1, "{name}");
    for limit in 1..inside {
        let found = asked(limit);
        assert_eq!(found.code, "LIMIT_EXCEEDED", "{name}: {limit}");
        assert!(found.message.contains(has), "{name}: {}", found.message);
    }
    assert_eq!(asked(inside + 1).code, "ok", "{name}");
}

/// Limits that are not configured.
#[test]
fn each_limit_that_is_fixed_at_its_edge() {
    let deep = || Limits {
        depth: 1000,
        ..usual()
    };
    let check = |name, inside: String, outside: String, code| {
        let (inside, outside) = ((&*inside, json!({})), (&*outside, json!({})));
        edge(name, deep(), inside, outside, code);
    };
    let inline = |n: usize| format!("{} id {}", "{ ... ".repeat(n - 1) + "{", "}".repeat(n));
    check("nesting", inline(200), inline(201), "GRAPHQL_PARSE_FAILED");
    let lists = |n: usize| {
        let (open, close) = ("[".repeat(n), "]".repeat(n));
        format!("{{ json(v: {open}1{close}) }}")
    };
    check("nesting", lists(199), lists(200), "GRAPHQL_PARSE_FAILED");
    let ty = |n: usize| {
        let (open, close) = ("[".repeat(n), "]".repeat(n));
        format!("query ($v: {open}Json{close}) {{ json(v: $v) }}")
    };
    let typed = server(deep());
    assert_eq!(
        ask(&typed, &ty(31), json!({})).code,
        "GRAPHQL_VALIDATION_FAILED"
    );
    assert_eq!(ask(&typed, &ty(32), json!({})).code, "GRAPHQL_PARSE_FAILED");
    // Each fragment is a selection set in the one before.
    let chain = |n: usize| {
        let fragments = (1..n - 1).map(|i| format!("fragment F{i} on Query {{ ...F{} }} ", i + 1));
        let fragments: String = fragments.collect();
        format!(
            "{{ ...F1 }} {fragments} fragment F{} on Query {{ id }}",
            n - 1
        )
    };
    check("sets", chain(400), chain(401), "LIMIT_EXCEEDED");
    let introspection = |n: usize| {
        format!(
            "{{ __type(name: \"Query\") {{ {} name {} }} }}",
            "fields { type { ".repeat(n),
            "} } ".repeat(n)
        )
    };
    check(
        "introspection",
        introspection(2),
        introspection(3),
        "LIMIT_EXCEEDED",
    );
}

#[test]
fn merging_fields_may_cost_so_much_only() {
    let limits = Limits {
        fields: 10_000_000,
        cost: u64::MAX,
        ..usual()
    };
    let server = server(limits);
    let asked = |levels| ask(&server, &merged_ways(levels), json!({}));
    let (last, first) = (asked(6), asked(7));
    assert_eq!((&*last.code, &*last.message), ("ok", "ok"));
    let refused = (&*first.code, &*first.message);
    let why = "the document asks for the same fields in too many ways";
    assert_eq!(refused, ("LIMIT_EXCEEDED", why));
}

#[test]
fn a_value_that_is_named_often_is_copied_so_often_only() {
    let named = |n: usize| {
        let fields: String = (0..n).map(|i| format!("a{i}: echo(v: $v) ")).collect();
        format!("query($v: Json) {{ {fields} }}")
    };
    let value = |items: usize| json!({ "v": vec![1; items] });
    let limits = || Limits {
        response: 1 << 30,
        ..usual()
    };
    edge(
        "copies",
        limits(),
        (&named(40), value(1000)),
        (&named(40), value(20_000)),
        "LIMIT_EXCEEDED",
    );
}

#[test]
fn an_error_tells_so_many_places_only() {
    let server = server(usual());
    let found = |repeats: usize| {
        let query = format!("{{ failing {{ {}}} }}", "no ".repeat(repeats));
        ask(&server, &query, json!({})).body
    };
    let (few, most, many) = (found(31), found(32), found(8000));
    assert!(few < most, "{few} {most}");
    assert_eq!(most, many, "the first 32 places are told");
}
