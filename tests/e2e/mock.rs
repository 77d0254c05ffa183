//! `graphwright mock` as a process: it says where it is, answers over HTTP, and ends when it is told to.

use crate::server::{generator, post};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_mock_serves_on_a_free_port() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("a.graphql"),
        "type Query { me: User } type User { name: String }",
    )
    .unwrap();
    std::fs::write(
        folder.path().join("d.json"),
        r#"{"me": {"name": {"$delay": 5, "value": "Ada"}}}"#,
    )
    .unwrap();
    let mut child = Killed(
        Command::new(generator())
            .args([
                "mock",
                "--schema",
                "a.graphql",
                "--data",
                "d.json",
                "--port",
                "0",
            ])
            .current_dir(folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap(),
    );
    let mut lines = BufReader::new(child.0.stdout.take().unwrap()).lines();
    let mut greeting = String::new();
    while !greeting.contains("Stop ") {
        greeting += &(lines.next().unwrap().unwrap() + "\n");
    }
    let from = greeting.find("http://127.0.0.1:").unwrap();
    let url = greeting[from..].split("/graphql").next().unwrap();
    assert!(
        greeting.contains("from d.json") && greeting.contains("{ me { name } }"),
        "{greeting}"
    );
    let answer: Value =
        serde_json::from_str(&post(url, None, "{ me { name } }", json!({}))).unwrap();
    assert_eq!(answer, json!({"data": {"me": {"name": "Ada"}}}));
    let page = ureq::get(format!("{url}/graphql"))
        .header("accept", "text/html")
        .call()
        .unwrap();
    assert!(
        page.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/html")
    );
    let port = url.rsplit(':').next().unwrap();
    let second = Command::new(generator())
        .args(["mock", "--schema", "a.graphql", "--port", port])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8(second.stderr).unwrap();
    assert!(
        !second.status.success() && said.contains("is taken"),
        "{said}"
    );
    // A page of another origin may ask.
    let preflight = ureq::options(format!("{url}/graphql"))
        .header("origin", "http://localhost:5173")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type")
        .call()
        .unwrap();
    assert_eq!(preflight.headers()["access-control-allow-origin"], "*");
    let told = Command::new("kill")
        .args(["-TERM", &child.0.id().to_string()])
        .status()
        .unwrap();
    assert!(told.success());
    assert!(
        child.0.wait().unwrap().success(),
        "it ends when it is told to"
    );
}

/// A response comes as soon as it is there: a test suite may wait for it before it sends the next line.
#[test]
fn lines_are_answered_one_by_one() {
    let mut child = Killed(
        Command::new(generator())
            .args(["mock", "--stdin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap(),
    );
    let mut input = child.0.stdin.take().unwrap();
    let mut lines = BufReader::new(child.0.stdout.take().unwrap()).lines();
    for i in 0..3 {
        let line = json!({"schema": "type Query { a: Int }", "data": {"a": i}, "query": "{ a }"});
        writeln!(input, "{line}").unwrap();
        let answer: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
        assert_eq!(answer, json!({"data": {"a": i}}));
    }
    drop(input);
    assert!(lines.next().is_none());
    assert!(child.0.wait().unwrap().success());
}
