//! What the specification says (September 2025), section by section: cases in `spec/cases/`, executed over values of JSON.
//!
//! graphql-js answers the same cases in the differential test, so that what is expected here is not our own opinion.

#![cfg(feature = "mock")]
#![allow(
    missing_docs,
    unreachable_pub,
    dead_code,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "tests"
)]

#[path = "spec/cases.rs"]
mod cases;

use std::collections::BTreeMap;

use cases::{Case, difference};
use graphwright::engine::response::Request;
use graphwright::mock::{Data, Mock, Schema};
use graphwright::{Limits, Server, Services};
use serde_json::Value;

#[test]
fn cases_of_each_section() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (mut sections, mut wrong) = (BTreeMap::new(), Vec::new());
    let mut total = 0;
    for case in cases::all() {
        let why = match answer(&runtime, &case) {
            Ok(response) => difference(&case, &response, true),
            Err(why) => why,
        };
        *sections.entry(case.section.clone()).or_insert(0) += 1;
        total += 1;
        if !why.is_empty() {
            wrong.push(format!(
                "{} {}: {}\n{}\n{why}\n",
                case.place, case.section, case.title, case.query
            ));
        }
    }
    let key = |section: &String| -> Vec<u32> {
        let number = section.split(' ').next().unwrap_or_default();
        number
            .split('.')
            .map(|part| part.parse().unwrap_or(0))
            .collect()
    };
    let mut listed: Vec<_> = sections.into_iter().collect();
    listed.sort_by_key(|(section, _)| key(section));
    for (section, count) in listed {
        println!("{count:>5}  {section}");
    }
    println!("{total:>5}  cases");
    assert!(
        wrong.is_empty(),
        "{} of {total}\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

fn answer(runtime: &tokio::runtime::Runtime, case: &Case) -> Result<Value, String> {
    let schema = Schema::parse(&case.schema).map_err(|e| format!("schema: {e}"))?;
    let mock = match &case.data {
        None => Mock::generated(schema, ""),
        Some(tree) => Mock::with_data(
            schema,
            Data::new(tree.clone()).map_err(|m| m[0].message.clone())?,
        ),
    };
    let server =
        Server::with_limits(mock, Services::new(), Limits::default()).map_err(|e| e.to_string())?;
    let request = Request {
        query: case.query.clone(),
        variables: case.variables.as_object().cloned(),
        operation_name: case.operation.clone(),
        ..Request::default()
    };
    let response = runtime.block_on(server.execute(None, "r", &request));
    serde_json::from_slice(&response.body).map_err(|e| e.to_string())
}
