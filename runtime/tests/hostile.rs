//! Thousands of documents and variables that nobody would write, from a seed: no panic, no internal error, always a
//! response of the right shape, in bounded time.

#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "sketch/app.rs"]
#[allow(missing_docs, unreachable_pub, dead_code)]
mod app;
#[path = "sketch/dice.rs"]
#[allow(missing_docs, unreachable_pub, dead_code)]
mod dice;
#[path = "sketch/generated.rs"]
#[allow(missing_docs, unreachable_pub, dead_code)]
mod generated;

use std::time::{Duration, Instant};

use app::App;
use dice::Dice;
use graphwright::engine::response::{Outcome, Request};
use graphwright::{Server, Services};
use serde_json::{Map, Value, json};

/// Documents that work, of all that the language has; none asks for what fails on purpose.
const GOOD: &[&str] = &[
    "{ hello }",
    "query Q($n: String! = \"x\", $t: Boolean = true) { a: hello(name: $n) @include(if: $t) __typename }",
    "{ search(text: \"x\\u{1F422}\", first: 2) { __typename ... on Book { title mood reviews(first: 2) { stars text } } ...A } } fragment A on Author { name boss { name } }",
    "query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Author { books { id cover { url } } } ... on Book @skip(if: false) { mood } } }",
    "query ($p: BookPick!) { book(pick: $p) { id cover { photographer { id name books { title } } } } }",
    "mutation ($i: RenameInput!) { a: rename(input: $i) { title } b: rename(input: { id: 2, title: null, mood: SAD, tags: [\"x\", \"y\"] }) { id } count }",
    "{ __schema { types { name isOneOf fields(includeDeprecated: true) { name args { defaultValue } } } directives { name locations } } }",
    "query ($n: String!) { __type(name: $n) { ...T } } fragment T on __Type { kind ofType { kind } possibleTypes { name } }",
    "query A { hello } query B { b: hello(name: \"\"\"a\n  block\"\"\") }",
];

const TOKENS: &[&str] = &[
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ":",
    "$",
    "!",
    "=",
    "@",
    "...",
    " ",
    "\n",
    "\"",
    "\"\"\"",
    "\\u",
    "#",
    "&",
    "|",
    ",",
    "query",
    "mutation",
    "subscription",
    "fragment",
    "on",
    "null",
    "true",
    "-1",
    "1e999",
    "0x",
    "99999999999999999999",
    "1.5",
    "hello",
    "search",
    "book",
    "id",
    "Book",
    "A",
    "$n",
    "$p",
    "__typename",
    "__schema",
    "@skip(if: $t)",
    "@include(if: true)",
    "...A",
    "... on Node",
    "\u{0}",
    "\u{feff}",
    "é",
    "𝒳",
    "\r",
];

impl Dice {
    /// A place between two characters.
    fn place(&mut self, text: &str) -> usize {
        let mut at = self.below(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    /// Mostly a few characters, sometimes more.
    fn range(&mut self, text: &str) -> std::ops::Range<usize> {
        let a = self.place(text);
        let most = if self.below(4) == 0 { 80 } else { 6 };
        let length = self.below(most);
        let rest = &text[a..];
        let end = rest.char_indices().nth(length);
        a..a + end.map_or(rest.len(), |(at, _)| at)
    }

    fn noise(&mut self) -> String {
        let length = self.below(300);
        let bytes: Vec<u8> = (0..length).map(|_| self.number() as u8).collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn tokens(&mut self) -> String {
        let length = self.below(60);
        let tokens: Vec<_> = (0..length).map(|_| *self.of(TOKENS)).collect();
        tokens.join(if self.below(2) == 0 { " " } else { "" })
    }

    /// A good document with one to three changes.
    fn mutant(&mut self) -> String {
        let mut text = (*self.of(GOOD)).to_owned();
        for _ in 0..=self.below(3) {
            let (range, token) = (self.range(&text), *self.of(TOKENS));
            match self.below(5) {
                0 => text.replace_range(range, ""),
                1 => text.insert_str(range.start, token),
                2 => {
                    let again = text[range.clone()].repeat(self.below(4));
                    text.insert_str(range.end, &again);
                }
                3 => {
                    let other = *self.of(GOOD);
                    let piece = &other[self.range(other)];
                    text.replace_range(range, piece);
                }
                _ => {
                    let short = range.start
                        ..text[range.start..]
                            .chars()
                            .next()
                            .map_or(range.start, |c| range.start + c.len_utf8());
                    text.replace_range(short, token);
                }
            }
        }
        text
    }

    fn value(&mut self, depth: usize) -> Value {
        match self.below(if depth == 0 { 7 } else { 9 }) {
            0 => Value::Null,
            1 => json!(self.below(2) == 0),
            2 => json!(self.number() as i64),
            3 => json!(f64::from_bits(self.number())),
            4 => json!(self.below(5)),
            5 => json!(self.of(&["1", "a1", "SAD", "Book", "", "𝒳", "\u{0}", "Book 1"])),
            6 => json!(self.noise()),
            7 => (0..self.below(4)).map(|_| self.value(depth - 1)).collect(),
            _ => Value::Object(self.members(&["id", "title", "mood", "tags", "x"], depth - 1)),
        }
    }

    fn members(&mut self, names: &[&str], depth: usize) -> Map<String, Value> {
        let length = self.below(4);
        (0..length)
            .map(|_| ((*self.of(names)).to_owned(), self.value(depth)))
            .collect()
    }
}

/// Executes all of them; answers how many were executed and how many were refused.
fn run(seed: u64, requests: usize, make: impl Fn(&mut Dice) -> Request) -> (usize, usize) {
    let server = Server::new(App::default(), Services::new()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (mut dice, mut executed) = (Dice::new(seed), 0);
    for number in 0..requests {
        let request = make(&mut dice);
        let start = Instant::now();
        let response = runtime.block_on(server.execute(None, "r", &request));
        let took = start.elapsed();
        let told = format!("request {number} of seed {seed}: {request:?}");
        assert!(took < Duration::from_secs(20), "{took:?} for {told}");
        let body: Value =
            serde_json::from_slice(&response.body).unwrap_or_else(|e| panic!("{e}: {told}"));
        let errors = body.get("errors").and_then(Value::as_array);
        assert!(
            errors.is_none_or(|errors| !errors.is_empty()),
            "{body} for {told}"
        );
        assert!(
            errors
                .into_iter()
                .flatten()
                .all(|e| e["message"].is_string() && e["extensions"]["code"] != "INTERNAL"),
            "{body} for {told}"
        );
        match response.outcome {
            Outcome::Executed => {
                assert!(
                    body["data"].is_object() || errors.is_some(),
                    "{body} for {told}"
                );
                executed += 1;
            }
            Outcome::Refused => assert!(
                body.get("data").is_none() && errors.is_some(),
                "{body} for {told}"
            ),
            other => panic!("{other:?} for {told}"),
        }
    }
    (executed, requests - executed)
}

fn document(query: String) -> Request {
    Request {
        query,
        ..Request::default()
    }
}

#[test]
fn noise_is_refused() {
    let (executed, _) = run(1, 1000, |dice| document(dice.noise()));
    assert_eq!(executed, 0);
    run(2, 1500, |dice| document(dice.tokens()));
}

#[test]
fn changed_documents_are_executed_or_refused() {
    let fitting = json!({
        "n": "Book", "t": true, "ids": ["1", "a2", "3"], "p": { "id": 1 }, "i": { "id": 4, "tags": "x" },
    });
    let (executed, refused) = run(3, 3000, |dice| Request {
        query: dice.mutant(),
        variables: fitting.as_object().cloned(),
        operation_name: (dice.below(4) == 0)
            .then(|| (*dice.of(&["A", "B", "Q", "", "é"])).to_owned()),
        ..Request::default()
    });
    // Both ways are walked, or the changes were too small or too large to find anything.
    assert!(executed > 100 && refused > 100, "{executed} {refused}");
}

#[test]
fn any_value_for_a_variable_is_taken_or_refused() {
    let (executed, refused) = run(4, 3000, |dice| Request {
        query: (*dice.of(GOOD)).to_owned(),
        variables: Some(dice.members(&["n", "t", "ids", "p", "i"], 3)),
        operation_name: (dice.below(2) == 0).then(|| "A".to_owned()),
        ..Request::default()
    });
    assert!(executed > 100 && refused > 100, "{executed} {refused}");
}

/// Shapes whose cost grows faster than their length, unless somebody thought of it.
#[test]
fn documents_that_are_made_to_be_expensive_are_refused_quickly() {
    let spread: String = (0..200)
        .map(|i| {
            format!(
                "fragment F{i} on Author {{ boss {{ ...F{0} ...F{0} }} }} ",
                i + 1
            )
        })
        .collect();
    let cycle = "fragment A on Query { ...B } fragment B on Query { ...A }";
    let aliases: String = (0..5000).map(|i| format!("a{i}: hello ")).collect();
    let same = "hello ".repeat(9000);
    for (query, limits) in [
        (format!("{{ nodes(ids: [\"a9\"]) {{ ...F0 }} }} {spread} fragment F200 on Author {{ name }}"), true),
        (format!("{{ ...A }} {cycle}"), true),
        (format!("{{ {aliases} }}"), true),
        (format!("{{ {same} }}"), true),
        ("{ book(pick: ".to_owned() + &"[".repeat(20_000), true),
        ("{ ".repeat(30_000), true),
        (format!("{{ hello(name: \"{}\") }}", "x".repeat(70_000)), true),
        (format!("query ($v: {}Int{}) {{ hello }}", "[".repeat(4000), "]".repeat(4000)), true),
        (format!("{{ hello {} }}", "@skip(if: false) ".repeat(3000)), true),
        ("{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } }".to_owned(), true),
        ("{ hello }".to_owned(), false),
    ] {
        let (executed, refused) = run(0, 1, |_| document(query.clone()));
        assert_eq!((executed, refused), if limits { (0, 1) } else { (1, 0) }, "{}", &query[..60.min(query.len())]);
    }
}
