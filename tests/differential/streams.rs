//! Operations with more than one response, executed by both: what `@defer` and `@stream` deliver later, and the events of
//! subscriptions.
//!
//! What comes when is left to a server, so the data is compared when all of it is there. Errors are compared by their
//! places, but those that stand in what became null: which of them is told depends on what came first. Where a part fails
//! as a whole, what is left of the data depends on what was deferred at all; then only that each payload fits is checked.

use std::collections::{BTreeMap, BTreeSet};

use graphwright_tests::random::dice::Dice;
use graphwright_tests::random::query::Taste;
use graphwright_tests::random::{data, query, schema};
use serde_json::{Map, Value, json};

use crate::cases;
use crate::node::{GraphqlJs, Version};
use crate::ours::Ours;
use crate::random::{departs, difference, places, setting};

/// Requests for each schema.
const REQUESTS: u64 = 12;

fn made(seed: u64, subscription: bool) -> Value {
    let mut dice = Dice::new(seed / REQUESTS);
    let schema = schema::schema(&mut dice).subscribing();
    let mut tree = data::tree(&mut dice, &schema);
    if subscription {
        tree = data::events(&mut dice, &schema);
    }
    let mut dice = Dice::new(!seed);
    let taste = Taste {
        later: 60,
        subscription,
        ..Taste::default()
    };
    let taste = match subscription {
        true => Taste { later: 0, ..taste },
        false => taste,
    };
    let asked = query::request(&mut dice, &schema, taste);
    let mut request = json!({
        "schema": schema.sdl, "query": asked.query, "variables": asked.variables, "operationName": asked.operation, "many": true,
    });
    match seed.is_multiple_of(2) && !subscription {
        true => request["mock"] = json!(seed.to_string()),
        false => request["data"] = tree,
    }
    request
}

/// What a client has in the end.
struct Merged {
    data: Value,
    errors: Vec<Value>,
    /// Whether a part failed as a whole.
    failed: bool,
    /// How many parts came later.
    later: usize,
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// All responses put together; or what is wrong with one of them.
fn merged(responses: &[Value]) -> Result<Merged, String> {
    let (first, rest) = responses.split_first().ok_or("no response")?;
    let mut all = Merged {
        data: first["data"].clone(),
        errors: list(&first["errors"]).to_vec(),
        failed: false,
        later: 0,
    };
    let (mut open, mut ids) = (BTreeMap::new(), BTreeSet::new());
    for (no, response) in std::iter::once(first).chain(rest).enumerate() {
        for pending in list(&response["pending"]) {
            let id = pending["id"].to_string();
            if !ids.insert(id.clone()) {
                return Err(format!("announced twice: {pending}"));
            }
            open.insert(id, pending["path"].clone());
        }
        for part in list(&response["incremental"]) {
            let path = open.get(&part["id"].to_string());
            let path = path.ok_or_else(|| format!("not announced: {part}"))?;
            let path: Vec<_> = list(path).iter().chain(list(&part["subPath"])).collect();
            let path: Vec<Value> = path.into_iter().cloned().collect();
            let place = at(&mut all.data, &path).map_err(|e| format!("{e}: {part}"))?;
            put(place, part)?;
            all.errors.extend(list(&part["errors"]).to_vec());
            all.later += 1;
        }
        // Its place may have come with the same response.
        for pending in list(&response["pending"]) {
            at(&mut all.data, list(&pending["path"])).map_err(|e| format!("{e}: {pending}"))?;
        }
        for done in list(&response["completed"]) {
            if open.remove(&done["id"].to_string()).is_none() {
                return Err(format!("not announced: {done}"));
            }
            all.failed |= !list(&done["errors"]).is_empty();
        }
        let more = response["hasNext"] == true;
        if more != (no + 1 < responses.len()) {
            return Err(format!("hasNext is wrong: {response}"));
        }
    }
    all.errors.iter_mut().for_each(once);
    match open.is_empty() {
        true => Ok(all),
        false => Err(format!("never completed: {open:?}")),
    }
}

/// Each place of an error once, in the order of the text: graphql-js tells one again that stands in a fragment which is
/// deferred here and not there.
fn once(error: &mut Value) {
    let key = |place: &Value| (place["line"].as_u64(), place["column"].as_u64());
    if let Some(places) = error["locations"].as_array_mut() {
        places.sort_by_key(key);
        places.dedup();
    }
}

fn at<'v>(data: &'v mut Value, path: &[Value]) -> Result<&'v mut Value, String> {
    path.iter().try_fold(data, |value, step| {
        let found = match step {
            Value::String(key) => value.get_mut(key.as_str()),
            step => value.get_mut(step.as_u64().unwrap_or(u64::MAX) as usize),
        };
        found.ok_or_else(|| format!("there is no {step} of {path:?}"))
    })
}

fn put(place: &mut Value, part: &Value) -> Result<(), String> {
    match (place, &part["items"], &part["data"]) {
        (Value::Array(items), Value::Array(more), _) => items.extend(more.clone()),
        (place @ Value::Object(_), Value::Null, Value::Object(_)) => join(place, &part["data"]),
        (place, ..) => return Err(format!("{part} does not fit {place}")),
    }
    Ok(())
}

fn join(into: &mut Value, from: &Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                join(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (Value::Array(into), Value::Array(from)) if into.len() == from.len() => {
            into.iter_mut().zip(from).for_each(|(a, b)| join(a, b));
        }
        (into, from) => *into = from.clone(),
    }
}

/// With members in the order of their names: that of the response depends on what came when.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let members: BTreeMap<_, _> = members.iter().collect();
            let members = members.into_iter().map(|(k, v)| (k.clone(), sorted(v)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

/// How two deliveries differ; the empty text if they do not.
fn differ(ours: &Value, theirs: &Value, tally: &mut BTreeMap<&'static str, usize>) -> String {
    if ours["phase"] != theirs["phase"] {
        return format!("{} and {}", ours["phase"], theirs["phase"]);
    }
    if ours["phase"] != "executed" {
        *tally.entry("refused").or_default() += 1;
        return String::new();
    }
    let ours = match merged(list(&ours["responses"])) {
        Ok(ours) => ours,
        Err(why) => return format!("ours: {why}"),
    };
    let theirs = match merged(list(&theirs["responses"])) {
        Ok(theirs) => theirs,
        Err(why) => return format!("graphql-js: {why}"),
    };
    *tally.entry("parts of ours").or_default() += ours.later;
    *tally.entry("parts of graphql-js").or_default() += theirs.later;
    if ours.failed || theirs.failed {
        *tally.entry("a part failed").or_default() += 1;
        return String::new();
    }
    *tally.entry("compared").or_default() += 1;
    let (data, expect) = (sorted(&ours.data), sorted(&theirs.data));
    if cases::plain(&data) != cases::plain(&expect) {
        return format!("data\n{data}\n{expect}");
    }
    let all = [&ours.errors[..], &theirs.errors[..]].concat();
    let all = json!({ "errors": all });
    let told = |merged: &Merged| -> BTreeSet<String> {
        places(&json!({ "errors": merged.errors }), &all)
            .into_iter()
            .collect()
    };
    let both = [told(&ours), told(&theirs)];
    for (errors, others) in [(&ours.errors, &both[1]), (&theirs.errors, &both[0])] {
        for error in errors {
            let known = places(&json!({ "errors": [error] }), &all);
            if !known.iter().all(|place| others.contains(place))
                && !is_below_null(&ours.data, error)
            {
                return format!("only one tells {error}");
            }
        }
    }
    String::new()
}

fn is_below_null(data: &Value, error: &Value) -> bool {
    let path = list(&error["path"]);
    (0..path.len()).any(|length| {
        let found = at(&mut data.clone(), &path[..length]).map(|value| value.is_null());
        found.unwrap_or(true)
    })
}

fn check(
    many: u64,
    subscription: bool,
    compare: impl Fn(&Value, &Value, &Value, &mut BTreeMap<&'static str, usize>) -> String,
) -> BTreeMap<&'static str, usize> {
    let (mut js, mut ours) = (GraphqlJs::start(Version::Newest), Ours::start());
    let first = setting("DIFFERENTIAL_SEED", 0);
    let (mut tally, mut failed) = (BTreeMap::new(), Vec::new());
    for seed in first..first + many {
        let request = made(seed, subscription);
        let (found, expect) = (ours.ask(&request), js.ask(&request));
        let why = compare(&request, &found, &expect, &mut tally);
        if !why.is_empty() {
            failed.push(format!(
                "seed {seed}: {why}\n{request}\nours       {found}\ngraphql-js {expect}"
            ));
        }
    }
    println!("{many} requests: {tally:?}");
    failed.truncate(setting("DIFFERENTIAL_TOLD", 3) as usize);
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
    tally
}

#[test]
fn both_deliver_the_same_in_the_end() {
    let many = setting("DIFFERENTIAL_CASES", 1500) / 2;
    let tally = check(many, false, |request, ours, theirs, tally| {
        let why = differ(ours, theirs, tally);
        match !why.is_empty() && null_condition(request, ours, theirs) {
            true => String::new(),
            false => why,
        }
    });
    if many >= 700 {
        assert!(
            tally["compared"] > 200 && tally["parts of ours"] > 50,
            "{tally:?}"
        );
    }
}

/// [`departs`], wherever the error is told.
fn null_condition(request: &Value, ours: &Value, theirs: &Value) -> bool {
    let all = list(&theirs["responses"]).iter().flat_map(|response| {
        let parts = ["incremental", "completed"].map(|name| list(&response[name]));
        let parts = parts.into_iter().flatten();
        std::iter::once(response)
            .chain(parts)
            .flat_map(|part| list(&part["errors"]))
    });
    let all = json!({ "phase": "executed", "errors": all.cloned().collect::<Vec<_>>() });
    departs(request, ours, &all).is_some()
}

#[test]
fn both_send_the_same_events() {
    let many = setting("DIFFERENTIAL_CASES", 1500) / 4;
    let tally = check(many, true, |request, ours, theirs, tally| {
        if ours["phase"] != theirs["phase"] {
            return format!("{} and {}", ours["phase"], theirs["phase"]);
        }
        let (mine, others) = (list(&ours["responses"]), list(&theirs["responses"]));
        if mine.len() != others.len() {
            return format!("{} events and {}", mine.len(), others.len());
        }
        for (mine, other) in mine.iter().zip(others) {
            let executed = |response: &Value| {
                let mut response = response.clone();
                response["phase"] = json!("executed");
                response
            };
            let (mine, other) = (executed(mine), executed(other));
            let why = difference(&mine, &other);
            if !why.is_empty() && departs(request, &mine, &other).is_none() {
                return why;
            }
            *tally.entry("events").or_default() += 1;
        }
        String::new()
    });
    if many >= 300 {
        assert!(tally["events"] > 200, "{tally:?}");
    }
}
