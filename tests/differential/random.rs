//! Requests that a seed makes, executed by both.
//!
//! Compared are: how far a request came (read, validated, its variables coerced, executed), the bytes of `data` where
//! numbers of one value are one text, and where errors are. A case is made of its seed alone; when one fails, the test
//! prints it whole, as small as it could be made.

use std::collections::BTreeMap;

use graphwright_tests::random::dice::Dice;
use graphwright_tests::random::query::Taste;
use graphwright_tests::random::schema::Schema;
use graphwright_tests::random::{data, mutate, query, schema};
use serde_json::{Value, json};

use crate::cases;
use crate::node::{GraphqlJs, Version};
use crate::ours::Ours;

/// Requests for each schema.
const REQUESTS: u64 = 12;

/// A request with all that it needs, as the oracle reads it.
fn made(seed: u64) -> Value {
    let mut dice = Dice::new(seed / REQUESTS);
    let schema = schema::schema(&mut dice);
    let tree = data::tree(&mut dice, &schema);
    let mut dice = Dice::new(!seed);
    let taste = match seed % REQUESTS {
        0..4 => Taste::default(),
        4..6 => Taste {
            wrong_variables: 15,
            ..Taste::default()
        },
        6 => Taste {
            careless: 40,
            ..Taste::default()
        },
        _ => Taste {
            wrong_variables: 5,
            careless: 3,
            ..Taste::default()
        },
    };
    let mut asked = query::request(&mut dice, &schema, taste);
    if seed % REQUESTS >= 7 {
        asked.query = mutate::mutate(&mut dice, &asked.query, &names(&schema));
    }
    let mut request = json!({
        "schema": schema.sdl, "query": asked.query, "variables": asked.variables, "operationName": asked.operation,
    });
    match seed % 2 {
        0 => request["mock"] = json!(seed.to_string()),
        _ => request["data"] = tree,
    }
    request
}

/// Names that a changed document may have.
fn names(schema: &Schema) -> Vec<String> {
    let mut names: Vec<String> = schema.types.iter().map(|ty| ty.name.clone()).collect();
    for ty in 0..schema.types.len() {
        names.extend(schema.fields(ty).iter().map(|field| field.name.clone()));
    }
    names.extend(
        [
            "skip", "include", "F0", "F1", "Asked", "query", "fragment", "on", "a0", "f0",
        ]
        .map(str::to_owned),
    );
    names
}

/// Where graphql-js departs from the edition of September 2025, or takes a freedom that it leaves.
pub(crate) fn departs(request: &Value, ours: &Value, theirs: &Value) -> Option<&'static str> {
    let query = request["query"].as_str().unwrap_or_default();
    let null_condition = |error: &Value| {
        let message = error["message"].as_str().unwrap_or_default();
        message.starts_with("Argument \"@") || message.contains("\"if\" of non-null type")
    };
    let empty = mutate::tokens(query)
        .split(|token| *token == "{")
        .skip(1)
        .any(|after| {
            let mut after = after
                .iter()
                .filter(|token| !token.trim_matches([' ', ',', '\n']).is_empty());
            after.next() == Some(&"}")
        });
    if ours["phase"] == "syntax" && empty {
        return Some(
            "2.5 Selection Sets: it takes `{ }`, the grammar asks for one selection at least",
        );
    }
    // CollectFields() skips what is not included by `true`; null is no error there.
    let errors = theirs["errors"].as_array();
    if ours["phase"] == "executed" && errors.is_some_and(|errors| errors.iter().any(null_condition))
    {
        return Some(
            "6.3.2 Field Collection: null for `@skip` or `@include` is an error of the request to it",
        );
    }
    None
}

/// How two answers differ; the empty text if they do not.
pub(crate) fn difference(ours: &Value, theirs: &Value) -> String {
    if ours["phase"] != theirs["phase"] {
        return format!(
            "we stop at {}, graphql-js at {}",
            ours["phase"], theirs["phase"]
        );
    }
    if ours["phase"] != "executed" {
        return String::new();
    }
    let (data, expect) = (cases::plain(&ours["data"]), cases::plain(&theirs["data"]));
    if data != expect {
        return format!("data\n{data}\n{expect}");
    }
    let (errors, expect) = (places(ours, theirs), places(theirs, theirs));
    if errors != expect {
        return format!("errors\n{errors:?}\n{expect:?}");
    }
    String::new()
}

/// Where errors are: path and places of each, sorted. graphql-js places an argument that cannot be coerced at its value,
/// we at the field; the specification (7.1, Errors) leaves it open.
pub(crate) fn places(answer: &Value, of: &Value) -> Vec<String> {
    let errors = |answer: &Value| answer["errors"].as_array().cloned().unwrap_or_default();
    let argument = |error: &Value| {
        error["message"]
            .as_str()
            .is_some_and(|text| text.starts_with("Argument "))
    };
    let open: Vec<Value> = errors(of)
        .into_iter()
        .filter(argument)
        .map(|error| error["path"].clone())
        .collect();
    let place = |error: &Value| match open.contains(&error["path"]) {
        true => error["path"].to_string(),
        false => format!("{} {}", error["path"], error["locations"]),
    };
    let mut places: Vec<_> = errors(answer).iter().map(place).collect();
    places.sort();
    places
}

/// The setting of that name, or what is usual.
pub(crate) fn setting(name: &str, usual: u64) -> u64 {
    let set = std::env::var(name).ok();
    set.map_or(usual, |text| {
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is a number"))
    })
}

#[test]
fn both_answer_the_same() {
    compare(Version::Newest, setting("DIFFERENTIAL_CASES", 1500));
}

/// The line before knows less of the newest edition, and nothing that differs from it.
#[test]
fn both_answer_the_same_before() {
    compare(Version::Sixteen, setting("DIFFERENTIAL_CASES", 1500) / 5);
}

fn compare(version: Version, many: u64) {
    let (mut js, mut ours) = (GraphqlJs::start(version), Ours::start());
    let first = setting("DIFFERENTIAL_SEED", 0);
    let (mut phases, mut known, mut failed) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
    for seed in first..first + many {
        let request = made(seed);
        let (found, expect) = (ours.ask(&request), js.ask(&request));
        *phases.entry(expect["phase"].to_string()).or_insert(0) += 1;
        let why = difference(&found, &expect);
        match departs(&request, &found, &expect) {
            _ if why.is_empty() => {}
            Some(section) => *known.entry(section).or_insert(0) += 1,
            None => failed.push((seed, why)),
        }
    }
    println!("{many} requests, by how far they came: {phases:?}");
    for (section, count) in known {
        println!("{count} differ: {section}");
    }
    for (seed, why) in &failed {
        println!(
            "seed {seed}: {}",
            why.chars()
                .take(300)
                .collect::<String>()
                .replace('\n', " | ")
        );
    }
    let told: Vec<_> = failed
        .iter()
        .take(setting("DIFFERENTIAL_TOLD", 3) as usize)
        .map(|(seed, why)| tell(*seed, why, &mut js, &mut ours))
        .collect();
    assert!(
        failed.is_empty(),
        "{} of {many} differ\n{}",
        failed.len(),
        told.join("\n\n")
    );
}

/// A case that differs, as small as it could be made.
fn tell(seed: u64, why: &str, js: &mut GraphqlJs, ours: &mut Ours) -> String {
    let mut request = made(seed);
    let phases = |a: &Value, b: &Value| (a["phase"].clone(), b["phase"].clone());
    let before = phases(&ours.ask(&request), &js.ask(&request));
    for part in ["query", "schema"] {
        let text = request[part].as_str().expect("a text").to_owned();
        let small = mutate::shrink(&text, 250, |text| {
            let mut smaller = request.clone();
            smaller[part] = json!(text);
            let (a, b) = (ours.ask(&smaller), js.ask(&smaller));
            phases(&a, &b) == before && !difference(&a, &b).is_empty()
        });
        request[part] = json!(small);
    }
    request["explain"] = json!(true);
    let (found, expect) = (ours.ask(&request), js.ask(&request));
    let mut values = request.clone();
    let text = |values: &mut Value, name: &str| {
        values
            .as_object_mut()
            .and_then(|members| members.remove(name))
            .unwrap_or_default()
    };
    let (schema, query) = (text(&mut values, "schema"), text(&mut values, "query"));
    format!(
        "seed {seed}: {why}\nmade smaller:\n{}\n\nquery:\n{}\n{values}\nours       {found}\ngraphql-js {expect}\n\
         again: DIFFERENTIAL_SEED={seed} DIFFERENTIAL_CASES=1 cargo test -p graphwright-tests --test differential both",
        schema.as_str().unwrap_or_default(),
        query.as_str().unwrap_or_default(),
    )
}
