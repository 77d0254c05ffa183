//! What `graphwright new` makes builds, runs and answers.

use graphwright_codegen::cli::run_for_test;
use graphwright_tests::{target, workspace};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The body of the answer to a GraphQL request.
fn post(address: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    let length = body.len();
    let head = "POST /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nAccept: application/json";
    write!(stream, "{head}\r\nContent-Length: {length}\r\n\r\n{body}").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
        .split("\r\n\r\n")
        .nth(1)
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn a_new_project_builds_runs_and_answers() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().to_string_lossy().into_owned();
    let checkout = workspace().to_string_lossy().into_owned();
    let (code, _, said) = run_for_test(&[
        "new",
        "note-book",
        "-C",
        &dir,
        "--graphwright-path",
        &checkout,
    ]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("cd note-book && cargo run"), "{said}");
    let project = folder.path().join("note-book");
    let (code, _, said) = run_for_test(&["check", "-C", &project.to_string_lossy()]);
    assert_eq!(code, 0, "a new project is complete: {said}");

    // The workspace's own choice of versions, so that nothing has to be asked of a registry.
    std::fs::copy(workspace().join("Cargo.lock"), project.join("Cargo.lock")).unwrap();
    let built = Command::new(env!("CARGO"))
        .args(["build", "--offline"])
        .current_dir(&project)
        .env("CARGO_TARGET_DIR", target())
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env_remove("CI")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&built.stderr);
    assert!(built.status.success(), "{said}");
    assert!(!said.contains("warning: `note-book`"), "{said}");

    let program = target().join("debug/note-book");
    let mut server = Server(
        Command::new(program)
            .args(["--address", "127.0.0.1:0"])
            .current_dir(&project)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap(),
    );
    let mut lines = BufReader::new(server.0.stdout.take().unwrap()).lines();
    let address = lines
        .by_ref()
        .map_while(Result::ok)
        .find_map(|line| {
            line.split("http://")
                .nth(1)
                .and_then(|rest| rest.split('/').next())
                .map(str::to_owned)
        })
        .expect("the program says where it listens");

    assert_eq!(
        post(&address, r#"{"query":"{ hello }"}"#),
        r#"{"data":{"hello":"Hello, world!"}}"#
    );
    let create = r#"{"query":"mutation { createNote(input: { text: \"milk\" }) { text done } }"}"#;
    assert_eq!(
        post(&address, create),
        r#"{"data":{"createNote":{"text":"milk","done":false}}}"#
    );
    let list = r#"{"query":"{ notes(filter: { text: { contains: \"il\" } }) { totalCount nodes { text } } }"}"#;
    assert_eq!(
        post(&address, list),
        r#"{"data":{"notes":{"totalCount":1,"nodes":[{"text":"milk"}]}}}"#
    );
}

#[test]
fn a_name_that_cannot_be_and_a_folder_that_is_there_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().to_string_lossy().into_owned();
    for name in ["1st", "a.b", "type", "test", "ä"] {
        let (code, _, said) = run_for_test(&["new", name, "-C", &dir]);
        assert_eq!(code, 1, "{name}");
        assert!(said.contains("cannot be the name of a package"), "{said}");
    }
    std::fs::create_dir_all(folder.path().join("full")).unwrap();
    std::fs::write(folder.path().join("full/file"), "mine").unwrap();
    let (code, _, said) = run_for_test(&["new", "full", "-C", &dir]);
    assert_eq!(code, 1);
    assert!(
        said.contains("exists already") && said.contains("--path DIR"),
        "{said}"
    );
    assert_eq!(
        std::fs::read_dir(folder.path().join("full"))
            .unwrap()
            .count(),
        1
    );
}
