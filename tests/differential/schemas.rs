//! Pairs of schemas that a seed makes, compared by `graphwright diff`'s stage and by graphql-js.
//!
//! Compared are kinds and grades, and that both speak of the same thing. Two schemas of different seeds have most names in
//! common and little else, so every kind of change comes up.

use graphwright_codegen::compare::{Change, Level, compare};
use graphwright_codegen::diagnostic::Diagnostics;
use graphwright_codegen::{Inputs, ir, pipeline};
use graphwright_tests::random::dice::Dice;
use graphwright_tests::random::schema;
use serde_json::{Value, json};
use std::collections::BTreeMap;

use crate::node::{GraphqlJs, Version};

/// Pairs, unless `DIFFERENTIAL_SCHEMAS` says another number.
const PAIRS: u64 = 400;

/// A schema, and directives that operations can hold.
fn sdl(seed: u64) -> String {
    let dice = &mut Dice::new(seed);
    let mut sdl = schema::schema(dice).sdl;
    for no in 0..dice.from(1, 3) {
        let args: Vec<String> = (0..dice.below(3))
            .map(|arg| {
                let ty = dice.of(&["Int", "Int!", "[Int]", "String", "[Int!]!"]);
                let default = match (*ty, dice.percent(40)) {
                    ("Int" | "Int!", true) => format!(" = {}", dice.below(3)),
                    _ => String::new(),
                };
                format!("a{arg}: {ty}{default}")
            })
            .collect();
        let args = match args.is_empty() {
            true => String::new(),
            false => format!("({})", args.join(", ")),
        };
        let repeatable = if dice.percent(50) { " repeatable" } else { "" };
        let locations = dice.of(&["FIELD", "QUERY", "FIELD | QUERY", "FIELD | INLINE_FRAGMENT"]);
        sdl.push_str(&format!(
            "directive @d{no}{args}{repeatable} on {locations}\n"
        ));
    }
    sdl
}

fn resolved(sdl: &str) -> ir::Schema {
    let mut inputs = Inputs::default();
    inputs.add_schema("a.graphql", sdl);
    let mut diags = Diagnostics::default();
    let ir = pipeline::resolve(&inputs, &mut diags);
    assert!(
        !diags.has_errors(),
        "{}",
        diags.render(&inputs.sources, false)
    );
    ir.schema
}

/// A change that graphql-js grades as well, in its words; `None` for what it does not look at.
fn in_their_words(change: &Change) -> Option<(String, &'static str)> {
    let (kind, level) = match change.kind {
        "INPUT_BECAME_ONE_OF"
        | "INPUT_CEASED_TO_BE_ONE_OF"
        | "ROOT_ADDED"
        | "ROOT_REMOVED"
        | "ROOT_CHANGED"
        | "SPECIFIED_BY_CHANGED" => return None,
        // They tell of another type only where there is no default to tell of.
        "ARG_CHANGED_KIND_SAFE" | "FIELD_CHANGED_KIND_SAFE" => return None,
        // A default that goes makes what must not be null required.
        "ARG_BECAME_REQUIRED" => ("ARG_DEFAULT_VALUE_CHANGE", Level::Dangerous),
        "INPUT_FIELD_BECAME_REQUIRED" => ("INPUT_FIELD_DEFAULT_VALUE_CHANGE", Level::Dangerous),
        // Leaving out what has a default now means something else.
        kind @ ("ARG_DEFAULT_VALUE_ADDED" | "INPUT_FIELD_DEFAULT_VALUE_ADDED") => {
            (kind, Level::Safe)
        }
        kind => (kind, change.level),
    };
    let level = match level {
        Level::Breaking => "breaking",
        Level::Dangerous => "dangerous",
        Level::Safe => "safe",
    };
    Some((kind.to_owned(), level))
}

/// Whether a change that they tell is one that we look at.
fn is_ours(change: &Value) -> bool {
    let (kind, text) = (change["type"].as_str(), change["description"].as_str());
    let built_in = ["Int", "Float", "String", "Boolean", "ID"]
        .iter()
        .any(|name| text.is_some_and(|text| text == format!("{name} was added.")));
    let safe = ["ARG_CHANGED_KIND_SAFE", "FIELD_CHANGED_KIND_SAFE"];
    !built_in
        && text.is_none_or(|text| !text.starts_with("Standard scalar "))
        && kind.is_none_or(|kind| !safe.contains(&kind))
}

/// The names in a coordinate.
fn names(coordinate: &str) -> Vec<&str> {
    let parts = coordinate.split(['.', '(', ')', ':', '@']);
    parts.filter(|part| !part.is_empty()).collect()
}

fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .collect()
}

/// What only one of the two tells.
fn differences(ours: &[Change], theirs: &[Value]) -> Vec<String> {
    let mut left: Vec<&Value> = theirs.iter().filter(|change| is_ours(change)).collect();
    let mut found = Vec::new();
    for change in ours {
        let Some((kind, level)) = in_their_words(change) else {
            continue;
        };
        let is_same = |other: &&Value| {
            let text = words(other["description"].as_str().unwrap_or_default());
            other["type"] == *kind
                && other["level"] == level
                && names(&change.coordinate)
                    .iter()
                    .all(|name| text.contains(name))
        };
        match left.iter().position(is_same) {
            Some(at) => drop(left.remove(at)),
            None => found.push(format!("only ours: {change:?}")),
        }
    }
    found.extend(left.iter().map(|change| format!("only theirs: {change}")));
    found
}

#[test]
fn both_grade_changes_the_same() {
    let pairs =
        std::env::var("DIFFERENTIAL_SCHEMAS").map_or(PAIRS, |n| n.parse().expect("a number"));
    let mut theirs = GraphqlJs::start(Version::Newest);
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in 0..pairs {
        let (before, after) = (sdl(2 * seed), sdl(2 * seed + 1));
        let ours = compare(&resolved(&before), &resolved(&after));
        let answer = theirs.ask(&json!({ "compare": [before, after] }));
        let told = answer["changes"]
            .as_array()
            .unwrap_or_else(|| panic!("{answer}"));
        let found = differences(&ours, told);
        assert!(
            found.is_empty(),
            "pair {seed}:\n{before}\n---\n{after}\n---\n{}",
            found.join("\n")
        );
        for change in &ours {
            *kinds.entry(change.kind).or_default() += 1;
        }
    }
    let count: usize = kinds.values().sum();
    println!(
        "{pairs} pairs of schemas, {count} changes of {} kinds: {kinds:?}",
        kinds.len()
    );
    assert!(kinds.len() >= 30, "{kinds:?}");
}
