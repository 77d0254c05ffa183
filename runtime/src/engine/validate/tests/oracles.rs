//! The verdicts of others over the corpus: apollo-compiler's and graphql-js's.
//!
//! Where one of them answers otherwise, the document says so with a line of `!apollo` or `!graphql-js` and the reason.

#![allow(clippy::print_stdout, reason = "figures, shown with `--nocapture`")]

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Rule, corpus, sdl};
use crate::engine::js::GraphqlJs;

/// Compares the verdicts of an oracle, in the order of the documents: whether it finds mistakes, and which.
fn compare(oracle: &str, rules: &[Rule], verdicts: impl Fn(&Rule) -> Vec<Vec<String>>) {
    let (mut wrong, mut differ) = (Vec::new(), 0);
    for rule in rules {
        let verdicts = verdicts(rule);
        assert_eq!(verdicts.len(), rule.cases.len());
        for (case, messages) in rule.cases.iter().zip(verdicts) {
            let known = case
                .other
                .iter()
                .any(|line| line.starts_with(&format!("!{oracle} ")));
            differ += usize::from(known);
            if (case.breaks != messages.is_empty()) == known {
                wrong.push(format!(
                    "{}, {}\n{}\n{oracle}: {messages:?}\n",
                    case.file, case.title, case.text
                ));
            }
        }
    }
    println!("{oracle} differs from us about {differ} documents, each with its reason");
    assert!(
        wrong.is_empty(),
        "{} verdicts are not as the corpus says:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn apollo_compiler_agrees() {
    let mut schemas = BTreeMap::new();
    let rules = corpus();
    for rule in &rules {
        schemas.entry(rule.schema.clone()).or_insert_with(|| {
            // It does not know `@oneOf` by itself, nor the field of `__Type` that tells it.
            let text = sdl(&rule.schema)
                + "\ndirective @oneOf on INPUT_OBJECT\nextend type __Type { isOneOf: Boolean }";
            apollo_compiler::Schema::parse_and_validate(text, "schema.graphql").unwrap()
        });
    }
    compare("apollo", &rules, |rule| {
        let schema = &schemas[&rule.schema];
        let verdict = |text: &str| match apollo_compiler::ExecutableDocument::parse_and_validate(
            schema, text, "",
        ) {
            Ok(_) => Vec::new(),
            Err(no) => no
                .errors
                .iter()
                .map(|error| error.to_json().message)
                .collect(),
        };
        rule.cases.iter().map(|case| verdict(&case.text)).collect()
    });
}

#[test]
fn graphql_js_agrees() {
    let js = std::cell::RefCell::new(GraphqlJs::start());
    compare("graphql-js", &corpus(), |rule| {
        let texts: Vec<_> = rule.cases.iter().map(|case| &case.text).collect();
        let answer = js
            .borrow_mut()
            .ask(&json!({"schema": sdl(&rule.schema), "validate": texts}));
        let messages = |verdict: &Value| {
            let messages = verdict.as_array().unwrap().iter();
            messages
                .map(|message| message.as_str().unwrap().to_owned())
                .collect()
        };
        answer.as_array().unwrap().iter().map(messages).collect()
    });
}
