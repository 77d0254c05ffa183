//! The published attacks, against the defaults.

use std::collections::BTreeSet;
use std::time::Duration;

use graphwright::Limits;
use serde_json::{Value, json};

use crate::{ask, server};

/// What one refused request may take, where code is not optimised: CPU time of the thread.
const TIME: Duration = Duration::from_secs(2);
const MEMORY: usize = 96 << 20;

#[derive(Default)]
struct Table {
    lines: Vec<String>,
    wrong: Vec<String>,
}

impl Table {
    /// Asks, and notes whether the answer is one of these codes, soon and small.
    fn attack(&mut self, name: &str, codes: &[&str], query: &str, variables: Value) {
        let server = server(Limits::default());
        // Once before, so that what a server keeps does not count.
        ask(&server, "{ id }", json!({}));
        let found = ask(&server, query, variables);
        let line = format!(
            "{name:<44} {:>9} {:>8.1} {:>8} {:>8}  {} {}",
            query.len(),
            found.took.as_secs_f64() * 1000.0,
            found.bytes >> 10,
            found.body,
            found.code,
            found.message.chars().take(70).collect::<String>()
        );
        // One that names a large variable often is stopped while it is executed: the response has a limit of its own.
        let most = if name.ends_with("named often") {
            17 << 20
        } else {
            64 << 10
        };
        let small = found.body < most || found.code == "ok";
        if !codes.contains(&found.code.as_str())
            || found.took > TIME
            || found.bytes > MEMORY
            || !small
        {
            self.wrong.push(line.clone());
        }
        self.lines.push(line);
    }
}

const LIMIT: &[&str] = &["LIMIT_EXCEEDED"];
const INVALID: &[&str] = &["GRAPHQL_VALIDATION_FAILED"];
const REFUSED: &[&str] = &[
    "LIMIT_EXCEEDED",
    "GRAPHQL_VALIDATION_FAILED",
    "GRAPHQL_PARSE_FAILED",
    "BAD_USER_INPUT",
    "BAD_REQUEST",
];

fn many(n: usize, make: impl Fn(usize) -> String) -> String {
    (0..n).map(make).collect::<Vec<_>>().join(" ")
}

/// Fields of one response key whose selection sets are merged in ever other ways: each object type of the interface has
/// two of them, which lead to others.
pub(crate) fn merged_ways(levels: usize) -> String {
    const WIDTH: usize = 18;
    let mut text = "{ node { ...F0x0 ...F0x1 } }".to_owned();
    let mut reached = BTreeSet::from([0, 1]);
    for level in 0..levels {
        let mut next = BTreeSet::new();
        for no in std::mem::take(&mut reached) {
            let mut below = |way: usize| {
                let other = (no * (way + 2) + way * way + 1) % WIDTH;
                next.insert(other);
                match level + 1 == levels {
                    true => "next { id }".to_owned(),
                    false => format!("next {{ ...F{}x{other} }}", level + 1),
                }
            };
            let mut parts = String::new();
            for (i, ty) in ["Person", "Place", "Thing"].iter().enumerate() {
                parts += &format!("... on {ty} {{ {} {} }} ", below(2 * i), below(2 * i + 1));
            }
            text += &format!(" fragment F{level}x{no} on Node {{ {parts} }}");
        }
        reached = next;
    }
    text
}

#[test]
fn published_attacks_are_stopped_by_the_defaults() {
    let mut table = Table::default();
    let none = || json!({});
    let t = &mut table;
    // Alias overload, field duplication, directive overload.
    t.attack(
        "alias overload",
        LIMIT,
        &format!("{{ {} }}", many(2000, |i| format!("a{i}: id"))),
        none(),
    );
    t.attack(
        "alias overload below the root",
        LIMIT,
        &format!("{{ friend {{ {} }} }}", many(500, |i| format!("a{i}: id"))),
        none(),
    );
    t.attack(
        "field duplication",
        LIMIT,
        &format!("{{ {} }}", "id ".repeat(9000)),
        none(),
    );
    t.attack(
        "field duplication below the root",
        &["ok", "LIMIT_EXCEEDED"],
        &format!("{{ friend {{ {} }} }}", "id ".repeat(9000)),
        none(),
    );
    t.attack(
        "object duplication",
        &["ok", "LIMIT_EXCEEDED"],
        &format!("{{ friend {{ {} }} }}", "friend { id } ".repeat(2000)),
        none(),
    );
    t.attack(
        "directive overload",
        REFUSED,
        &format!("{{ id {} }}", "@aa".repeat(3000)),
        none(),
    );
    t.attack(
        "directive overload, valid ones",
        LIMIT,
        &format!(
            "{{ {} }}",
            many(45, |_| format!("id {}", "@skip(if: false) ".repeat(13)))
        ),
        none(),
    );
    // Fragments.
    t.attack(
        "circular fragments",
        INVALID,
        "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
        none(),
    );
    t.attack(
        "a large circle of fragments",
        REFUSED,
        &format!(
            "{{ ...F0 }} {}",
            many(1000, |i| format!(
                "fragment F{i} on Query {{ ...F{} }}",
                (i + 1) % 1000
            ))
        ),
        none(),
    );
    t.attack(
        "a fragment of itself",
        INVALID,
        "{ ...A } fragment A on Query { id ...A ...A }",
        none(),
    );
    let bomb = many(60, |i| {
        format!("fragment F{i} on Query {{ ...F{0} ...F{0} }}", i + 1)
    });
    t.attack(
        "fragment bomb, 2^60 spreads",
        &["ok"],
        &format!("{{ ...F0 }} {bomb} fragment F60 on Query {{ id }}"),
        none(),
    );
    let bomb = many(17, |i| {
        format!(
            "fragment F{i} on Person {{ a: friend {{ ...F{0} }} b: friend {{ ...F{0} }} }}",
            i + 1
        )
    });
    t.attack(
        "fragment bomb through fields, 2^17",
        LIMIT,
        &format!("{{ friend {{ ...F0 }} }} {bomb} fragment F17 on Person {{ id }}"),
        none(),
    );
    let bomb = many(300, |i| {
        format!(
            "fragment F{i} on Person {{ friend {{ ...F{0} ...F{0} }} }}",
            i + 1
        )
    });
    t.attack(
        "fragment bomb, deep",
        LIMIT,
        &format!("{{ friend {{ ...F0 }} }} {bomb} fragment F300 on Person {{ id }}"),
        none(),
    );
    let ways = many(20, |i| {
        format!(
            "fragment F{i} on Query {{ ...F{n} @include(if: $a{i}) ...F{n} @skip(if: $a{i}) }}",
            n = i + 1
        )
    });
    let vars = many(20, |i| format!("$a{i}: Boolean!"));
    let given: Value = (0..20)
        .map(|i| (format!("a{i}"), json!(true)))
        .collect::<serde_json::Map<_, _>>()
        .into();
    t.attack(
        "conditions, 2^20 ways",
        LIMIT,
        &format!("query({vars}) {{ ...F0 }} {ways} fragment F20 on Query {{ id }}"),
        given,
    );
    t.attack(
        "unused fragments",
        REFUSED,
        &format!(
            "{{ id }} {}",
            many(800, |i| format!("fragment F{i} on Query {{ id }}"))
        ),
        none(),
    );
    t.attack(
        "every fragment spreads every other",
        REFUSED,
        &format!(
            "{{ ...F0 }} {}",
            many(60, |i| format!(
                "fragment F{i} on Query {{ {} }}",
                many(60, |j| format!("...F{j}"))
            ))
        ),
        none(),
    );
    // Fields that must be compared with each other.
    t.attack(
        "overlapping fields, quadratic",
        &["ok", "LIMIT_EXCEEDED"],
        &format!("{{ friend {{ {} }} }}", "friend { id } ".repeat(2400)),
        none(),
    );
    t.attack(
        "overlapping fields in fragments",
        &["ok", "LIMIT_EXCEEDED", "GRAPHQL_VALIDATION_FAILED"],
        &format!(
            "{{ friend {{ {} }} }} {}",
            many(400, |i| format!("...F{i}")),
            many(400, |i| format!(
                "fragment F{i} on Person {{ friend {{ id name }} }}"
            ))
        ),
        none(),
    );
    t.attack(
        "overlapping fields that differ",
        REFUSED,
        &format!(
            "{{ friend {{ {} }} }}",
            many(90, |i| format!(
                "x: {}",
                if i % 2 == 0 { "id" } else { "name" }
            ))
        ),
        none(),
    );
    t.attack(
        "overlapping fields with arguments",
        REFUSED,
        &format!("{{ {} }}", many(49, |i| format!("int(v: {i})"))),
        none(),
    );
    t.attack(
        "overlapping fields, exponentially many ways",
        LIMIT,
        &merged_ways(9),
        none(),
    );
    // Depth.
    t.attack(
        "deep nesting",
        REFUSED,
        &format!(
            "{{ {} id {} }}",
            "friend { ".repeat(1500),
            "} ".repeat(1500)
        ),
        none(),
    );
    t.attack(
        "deep nesting without an end",
        REFUSED,
        &"{ friend ".repeat(7000),
        none(),
    );
    t.attack(
        "deep inline fragments",
        REFUSED,
        &format!("{{ {} id {} }}", "... { ".repeat(4000), "} ".repeat(4000)),
        none(),
    );
    t.attack(
        "deep lists",
        REFUSED,
        &format!("{{ json(v: {}{}) }}", "[".repeat(4900), "]".repeat(4900)),
        none(),
    );
    t.attack(
        "deep objects",
        REFUSED,
        &format!(
            "{{ json(v: {}1{}) }}",
            "{a: ".repeat(3000),
            "}".repeat(3000)
        ),
        none(),
    );
    t.attack(
        "deep types of variables",
        REFUSED,
        &format!(
            "query($v: {}Int{}) {{ id }}",
            "[".repeat(4900),
            "]".repeat(4900)
        ),
        none(),
    );
    t.attack(
        "deep interfaces, 3^18 types",
        LIMIT,
        &format!(
            "{{ {} id {} }}",
            "node { next ".replacen("node { next", "node {", 1) + &"next { ".repeat(17),
            "} ".repeat(18)
        ),
        none(),
    );
    t.attack(
        "introspection depth",
        LIMIT,
        &format!(
            "{{ __schema {{ types {{ {} name {} }} }} }}",
            "fields { type { ".repeat(9),
            "} } ".repeat(9)
        ),
        none(),
    );
    t.attack(
        "introspection depth, within 20",
        &["LIMIT_EXCEEDED", "GRAPHQL_VALIDATION_FAILED"],
        &format!(
            "{{ __schema {{ types {{ {} name {} }} }} }}",
            "fields { type { ".repeat(7),
            "} } ".repeat(7)
        ),
        none(),
    );
    t.attack(
        "introspection, many times",
        &["ok", "LIMIT_EXCEEDED", "GRAPHQL_VALIDATION_FAILED"],
        &format!(
            "{{ {} }}",
            many(45, |i| format!(
                "a{i}: __schema {{ types {{ fields {{ args {{ name }} }} }} }}"
            ))
        ),
        none(),
    );
    // Much of something.
    t.attack("tokens", LIMIT, &"{ id } ".repeat(9000), none());
    t.attack(
        "bytes",
        LIMIT,
        &format!("{{ text(v: \"{}\") }}", "x".repeat(100_000)),
        none(),
    );
    t.attack(
        "a comment of 64 KiB",
        REFUSED,
        &format!("#{}\n{{ id }}", "x".repeat(66_000)),
        none(),
    );
    t.attack(
        "commas",
        &["ok"],
        &format!("{{ id {} }}", ",".repeat(60_000)),
        none(),
    );
    t.attack(
        "many operations",
        REFUSED,
        &many(1900, |i| format!("query Q{i} {{ id }}")),
        none(),
    );
    t.attack(
        "many variables",
        REFUSED,
        &format!("query({}) {{ id }}", many(2400, |i| format!("$v{i}: Int"))),
        none(),
    );
    t.attack(
        "many arguments",
        REFUSED,
        &format!("{{ int({}) }}", many(3000, |i| format!("a{i}: 1"))),
        none(),
    );
    t.attack(
        "many mistakes",
        REFUSED,
        &format!("{{ friend {{ {} }} }}", many(4000, |i| format!("nope{i}"))),
        none(),
    );
    t.attack(
        "many near misses",
        REFUSED,
        &format!(
            "{{ friend {{ {} }} }}",
            many(4000, |i| format!("friendd{i}"))
        ),
        none(),
    );
    // Literals.
    t.attack(
        "an Int of 60,000 digits",
        INVALID,
        &format!("{{ int(v: {}) }}", "9".repeat(60_000)),
        none(),
    );
    t.attack(
        "a Float of a huge exponent",
        &["ok", "GRAPHQL_VALIDATION_FAILED"],
        "{ json(v: 1e999999999999) }",
        none(),
    );
    t.attack(
        "a Float of 60,000 digits",
        &["ok", "GRAPHQL_VALIDATION_FAILED"],
        &format!("{{ json(v: 0.{}) }}", "3".repeat(60_000)),
        none(),
    );
    t.attack(
        "block string of 60,000 lines",
        &["ok"],
        &format!("{{ text(v: \"\"\"{}\"\"\") }}", "\n".repeat(60_000)),
        none(),
    );
    t.attack(
        "block string, stairs of indentation",
        &["ok"],
        &format!(
            "{{ text(v: \"\"\"{}\"\"\") }}",
            many(350, |i| format!("\n{}x", " ".repeat(i)))
        ),
        none(),
    );
    t.attack(
        "unicode escapes",
        &["ok"],
        &format!("{{ text(v: \"{}\") }}", "\\u{1F422}".repeat(7000)),
        none(),
    );
    t.attack(
        "an escape of many digits",
        &["ok", "GRAPHQL_PARSE_FAILED"],
        &format!("{{ text(v: \"\\u{{{}41}}\") }}", "0".repeat(60_000)),
        none(),
    );
    t.attack(
        "control characters",
        &["ok", "GRAPHQL_PARSE_FAILED"],
        &format!("{{ text(v: \"{}\") }}", "\u{1}".repeat(10_000)),
        none(),
    );
    // Variables.
    let v = |ty: &str, field: &str| format!("query($v: {ty}) {{ {field}(v: $v) }}");
    t.attack(
        "a list of 100,000 items",
        &["ok", "BAD_USER_INPUT"],
        &v("[Int]", "ints"),
        json!({ "v": vec![1; 100_000] }),
    );
    t.attack(
        "100,000 wrong items",
        &["BAD_USER_INPUT"],
        &v("[Int]", "ints"),
        json!({ "v": vec!["x"; 100_000] }),
    );
    let deep = (0..100).fold(json!({ "n": 1 }), |inner, _| json!({ "left": inner }));
    t.attack(
        "a deep object",
        &["ok", "BAD_USER_INPUT"],
        &v("Tree", "tree"),
        json!({ "v": deep }),
    );
    let deep = (0..100).fold(json!({ "a": 1 }), |inner, _| json!({ "b": inner }));
    t.attack(
        "a deep one of",
        &["ok", "BAD_USER_INPUT"],
        &v("Pick", "pick"),
        json!({ "v": deep }),
    );
    let unknown: Value = (0..50_000)
        .map(|i| (format!("f{i}"), json!(i)))
        .collect::<serde_json::Map<_, _>>()
        .into();
    t.attack(
        "50,000 unknown fields",
        &["BAD_USER_INPUT"],
        &v("Tree", "tree"),
        json!({ "v": unknown }),
    );
    let unknown: serde_json::Map<_, _> = (0..50_000).map(|i| (format!("f{i}"), json!(i))).collect();
    t.attack(
        "50,000 variables that nobody asked for",
        &["ok"],
        "{ id }",
        Value::Object(unknown),
    );
    let fields = many(49, |i| format!("a{i}: echo(v: $v)"));
    t.attack(
        "one large variable, named often",
        LIMIT,
        &format!("query($v: Json) {{ {fields} }}"),
        json!({ "v": vec![1; 100_000] }),
    );
    t.attack(
        "one large text, named often",
        LIMIT,
        &format!("query($v: Json) {{ {fields} }}"),
        json!({ "v": "x".repeat(900_000) }),
    );
    // Lists that multiply.
    t.attack(
        "lists in lists in lists",
        &["ok", "LIMIT_EXCEEDED"],
        &format!(
            "{{ people(first: 1000) {} }}",
            "{ friends ".repeat(8) + "{ id }" + &" }".repeat(8)
        ),
        none(),
    );
    println!(
        "{:<44} {:>9} {:>8} {:>8} {:>8}  answer",
        "attack", "bytes", "ms", "KiB", "response"
    );
    println!("{}", table.lines.join("\n"));
    assert!(
        table.wrong.is_empty(),
        "{} attacks\n{}",
        table.wrong.len(),
        table.wrong.join("\n")
    );
}
