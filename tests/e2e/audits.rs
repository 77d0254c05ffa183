//! The audits of npm's `graphql-http`, which go through the specification of GraphQL over HTTP
//! (<https://graphql.github.io/graphql-over-http/draft/>).

use std::collections::BTreeMap;

use std::process::{Command, Stdio};

use crate::node;
use crate::server::{Process, Server, generator, listening};

/// Runs all audits, prints the table, and fails unless each passes.
#[track_caller]
fn audit(what: &str, url: &str) {
    let audits = node::run("audits.mjs", &[url]);
    let mut levels: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut failed = Vec::new();
    for audit in &audits {
        let (name, good) = (audit["name"].as_str().unwrap(), audit["status"] == "ok");
        let level = levels.entry(name.split(' ').next().unwrap()).or_default();
        level.0 += usize::from(good);
        level.1 += 1;
        eprintln!(
            "{:<7} {} {name}",
            audit["status"].as_str().unwrap(),
            audit["id"]
        );
        if !good {
            failed.push(format!("{name}: {}", audit["reason"]));
        }
    }
    for (level, (good, all)) in &levels {
        eprintln!("{what}: {level} {good}/{all}");
    }
    assert!(audits.len() > 50, "only {} audits ran", audits.len());
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn the_booking_server_passes_every_audit() {
    let server = Server::start();
    audit("booking", &format!("{}/graphql", server.url));
}

#[test]
fn the_mock_server_passes_every_audit() {
    let folder = tempfile::tempdir().unwrap();
    let schema = "type Query { a: Int } type Mutation { b: Int } type Subscription { c: Int }";
    std::fs::write(folder.path().join("api.graphql"), schema).unwrap();
    let mut mock = Command::new(generator())
        .args(["mock", "--schema", "api.graphql", "--port", "0"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let url = listening(mock.stdout.take().unwrap());
    let _ended_with_the_test = Process(mock);
    audit("mock", &format!("{url}/graphql"));
}
