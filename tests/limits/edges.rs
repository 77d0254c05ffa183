//! Each limit: a request that is just inside, and one that is just outside.

use std::time::Duration;

use graphwright::Limits;
use serde_json::{Value, json};

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
        timeout: Duration::from_millis(100),
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
