//! The conformance cases, asked of graphql-js: what we expect of ourselves is what it answers, but where a case says why not.

use serde_json::json;

use crate::cases;
use crate::node::{GraphqlJs, Version};

#[test]
fn graphql_js_answers_the_conformance_cases() {
    let mut js = GraphqlJs::start(Version::Newest);
    let (mut asked, mut wrong) = (0, Vec::new());
    for case in cases::all() {
        let mut request = json!({ "schema": case.schema, "query": case.query, "variables": case.variables, "operationName": case.operation });
        match &case.data {
            Some(tree) => request["data"] = tree.clone(),
            None => request["mock"] = json!(""),
        }
        let answer = js.ask(&request);
        asked += 1;
        let why = cases::difference(&case, &answer, false);
        if why.is_empty() == case.departs.is_some() {
            wrong.push(format!(
                "{} {}: {}\n{}\n{why}\n{answer}\n",
                case.place, case.section, case.title, case.query
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {asked}\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
