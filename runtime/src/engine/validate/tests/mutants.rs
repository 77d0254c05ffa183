//! Documents that nobody thought of: the corpus with tokens left out, doubled, swapped and put elsewhere, judged by us and by
//! graphql-js.
//!
//! The generator is seeded, so every run judges the same documents.

#![allow(clippy::print_stdout, reason = "figures, shown with `--nocapture`")]

use std::collections::BTreeMap;

use serde_json::json;

use super::{corpus, found, schema, sdl};
use crate::engine::js::GraphqlJs;
use crate::engine::syntax;

const MUTANTS: usize = 3000;

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % n as u64) as usize
    }

    fn of(&mut self, places: &[usize]) -> Option<usize> {
        let n = places.len();
        (n > 0).then(|| places[self.below(n)])
    }
}

/// A text's tokens, near enough: names with what stands before them, strings, numbers, the rest by the character.
fn tokens(text: &str) -> Vec<&str> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.' || c == '-';
    let (mut tokens, mut rest) = (Vec::new(), text.trim_start());
    while let Some(first) = rest.chars().next() {
        let len = if first == '"' {
            rest[1..].find('"').map_or(rest.len(), |end| end + 2)
        } else if is_name(first) {
            rest.find(|c| !is_name(c)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (token, after) = rest.split_at(len);
        tokens.push(token);
        rest = after.trim_start();
    }
    tokens
}

/// Selections to put anywhere.
const SELECTIONS: &[&str] = &[
    "name",
    "__typename",
    "x: name",
    "x: __typename",
    "label: name",
    "... on Ferry { cars x: label }",
    "... on Tug { cars label: name }",
    "... on Vessel { home { name } }",
    "... on Named { name }",
    "... @include(if: true) { name }",
    "port { name berths(free: true) }",
    "vessel(id: 1) { name ... on Ferry { speed } ... on Tug { speed } }",
    "length(unit: FOOT)",
    "crew(rank: MATE) { name friend { name } }",
    "sister { name home { name } }",
    "sister { x: name }",
    "home { x: name }",
    "berths",
    "int(v: $a)",
    "ints(v: [$a, 1])",
    "filter(v: { name: $a })",
    "mooring(v: { berth: $a })",
    "newVessel(v: { name: \"x\", length: 1 })",
    "rank(v: MATE)",
    "takes { int(v: 1) }",
    "...F",
    "...G",
    "...A @skip(if: $a)",
];

/// One change or two, most of which leave a document a document.
fn mutate(random: &mut Random, text: &str, pool: &[&str]) -> String {
    let mut tokens: Vec<_> = tokens(text).into_iter().map(str::to_owned).collect();
    let letter = |token: &str| token.as_bytes()[0].is_ascii_alphabetic();
    for _ in 0..=random.below(2) {
        let places = |fits: &dyn Fn(&str) -> bool| -> Vec<usize> {
            (0..tokens.len()).filter(|i| fits(&tokens[*i])).collect()
        };
        let (names, braces) = (
            places(&letter),
            places(&|token| token == "{" || token == "}"),
        );
        let (Some(name), Some(brace)) = (random.of(&names), random.of(&braces)) else {
            break;
        };
        match random.below(12) {
            0 => {
                tokens.remove(random.below(tokens.len()));
            }
            1 => tokens.insert(name, tokens[name].clone()),
            2 | 3 => tokens.swap(name, random.of(&names).unwrap_or(name)),
            4..=7 => {
                let names: Vec<_> = pool.iter().filter(|token| letter(token)).collect();
                tokens[name] = (*names[random.below(names.len())]).to_owned();
            }
            _ => {
                let behind = usize::from(tokens[brace] == "{");
                let selection = SELECTIONS[random.below(SELECTIONS.len())];
                tokens.insert(brace + behind, selection.to_owned());
            }
        }
    }
    // A dollar or an at sign belongs to the name behind it.
    tokens.join(" ").replace("$ ", "$").replace("@ ", "@")
}

/// What the corpus says graphql-js does otherwise.
fn is_known(ours: &[String], theirs: &[String], text: &str) -> bool {
    let all = |messages: &[String], part: &str| {
        !messages.is_empty() && messages.iter().all(|message| message.contains(part))
    };
    // Its reader takes an empty selection set: https://spec.graphql.org/September2025/#SelectionSet
    all(ours, "syntax: expected a name, found `}`")
        || text.contains("\"\"\"")
        || theirs.is_empty()
            && (all(ours, "in a `@oneOf` input object") || all(ours, "range of a `Float`"))
        || ours.is_empty()
            && all(
                theirs,
                "must be non-nullable to be used for OneOf Input Object",
            )
}

#[test]
fn graphql_js_judges_mutants_alike() {
    let text = sdl("harbour");
    let schema = schema(&text);
    let rules = corpus();
    let cases: Vec<_> = rules
        .iter()
        .filter(|rule| rule.schema == "harbour")
        .flat_map(|rule| &rule.cases)
        .collect();
    let all: Vec<_> = cases.iter().flat_map(|case| tokens(&case.text)).collect();
    let mut random = Random(1);
    let mutants: Vec<_> = (0..MUTANTS)
        .map(|_| {
            // Mostly of those that are valid: two wrongs do not make a right.
            let case = loop {
                let case = &cases[random.below(cases.len())];
                if !case.breaks || random.below(4) == 0 {
                    break case;
                }
            };
            mutate(&mut random, &case.text, &all)
        })
        .collect();
    let verdicts = GraphqlJs::start().ask(&json!({"schema": text, "validate": mutants}));
    let (mut wrong, mut counts) = (Vec::new(), BTreeMap::<&str, usize>::new());
    for (mutant, verdict) in mutants.iter().zip(verdicts.as_array().unwrap()) {
        let theirs: Vec<String> = serde_json::from_value(verdict.clone()).unwrap();
        let no_document = theirs
            .first()
            .is_some_and(|message| message.starts_with("syntax: "));
        let ours = match syntax::parse(mutant, usize::MAX) {
            Ok(_) if no_document => vec!["nothing wrong with the syntax".to_owned()],
            Ok(_) => found(&schema, mutant),
            Err(_) if no_document => {
                *counts.entry("no document").or_default() += 1;
                continue;
            }
            Err(no) => vec![format!("syntax: {no}")],
        };
        let same = ours.is_empty() == theirs.is_empty() && !no_document;
        let kind = match (same, ours.is_empty()) {
            (true, true) => "valid",
            (true, false) => "invalid",
            (false, _) => "different",
        };
        *counts.entry(kind).or_default() += 1;
        if !same && !is_known(&ours, &theirs, mutant) {
            wrong.push(format!(
                "{mutant}\nours: {ours:#?}\ngraphql-js: {theirs:#?}"
            ));
        }
    }
    println!("{counts:?}");
    assert!(
        wrong.is_empty(),
        "{} verdicts differ:\n{}",
        wrong.len(),
        wrong.join("\n\n")
    );
    assert!(
        counts["valid"] > MUTANTS / 20 && counts["invalid"] > MUTANTS / 4,
        "{counts:?}"
    );
}
