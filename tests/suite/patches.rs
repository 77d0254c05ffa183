//! `graphwright check`: its patch, taken by git itself; who may do what, in words.

use graphwright_codegen::cli::run_for_test;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const BEFORE: &[(&str, &str)] = &[
    ("Cargo.toml", "[package]\nname = \"x\"\n"),
    ("src/lib.rs", "pub mod resolvers;\n"),
    (
        "schema/a.graphql",
        "type Query {\n  one: Int\n  two(n: Int!): Int\n}\n",
    ),
    (
        "schema/crlf.graphql",
        "extend type Query {\n  crlf: Other\n}\ntype Other {\n  it: Int @resolver\n}\n",
    ),
    (
        "schema/gone.graphql",
        "type Gone {\n  it: Int @resolver\n}\nextend type Query {\n  gone: Gone\n}\n",
    ),
    (
        "schema/open.graphql",
        "type Open {\n  it: Int @resolver\n}\nextend type Query {\n  open: Open\n}\n",
    ),
];

const AFTER: &[(&str, &str)] = &[
    (
        "schema/a.graphql",
        "type Query {\n  two(n: Int, more: [String!]): Int!\n  three: Int\n}\n",
    ),
    (
        "schema/crlf.graphql",
        "extend type Query {\n  crlf: Other\n}\ntype Other {\n  before: Int @resolver\n  it: String @resolver\n  after: Int @resolver\n}\n",
    ),
    (
        "schema/open.graphql",
        "type Open {\n  it: Int @resolver\n  more: Int @resolver\n}\nextend type Query {\n  open: Open\n}\n",
    ),
    (
        "schema/new one.graphql",
        "type New {\n  it: Int @resolver\n}\nextend type Query {\n  fresh: New\n}\n",
    ),
    (
        "schema/note.graphql",
        "type Note @model @access(read: \"true\") {\n  id: ID!\n  text: String!\n}\n",
    ),
];

fn put(folder: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

fn edit(path: PathBuf, change: impl FnOnce(String) -> String) {
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(path, change(text)).unwrap();
}

fn run(folder: &Path, arguments: &[&str]) -> (u8, String, String) {
    run_for_test(&[arguments, &["-C", folder.to_str().unwrap()]].concat())
}

/// A package whose stubs wait for a new schema: one file is to be made, one to go, one has CRLF, one no last line feed.
fn waiting(folder: &Path) {
    put(folder, BEFORE);
    assert_eq!(run(folder, &["sync"]).0, 0);
    edit(folder.join("src/resolvers/crlf.rs"), |text| {
        text.replace('\n', "\r\n")
    });
    edit(folder.join("src/resolvers/open.rs"), |text| {
        text.trim_end().to_owned()
    });
    put(folder, AFTER);
    std::fs::remove_file(folder.join("schema/gone.graphql")).unwrap();
}

/// Every file of the package below the folders that are written to.
fn tree(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in std::fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true if path.ends_with(".git") => {}
                true => folders.push(path),
                false => {
                    let name = path
                        .strip_prefix(folder)
                        .unwrap()
                        .to_str()
                        .unwrap()
                        .to_owned();
                    found.insert(name, std::fs::read_to_string(&path).unwrap());
                }
            }
        }
    }
    found
}

fn git(folder: &Path, arguments: &[&str], input: &str) {
    let mut child = Command::new("git")
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("this test needs git");
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let done = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "git {arguments:?}: {said}\n{input}");
}

/// Applies the patch of a package at `below` of a working copy (or of none), standing in `from`.
#[track_caller]
fn check(below: &str, is_repository: bool, from: &str) {
    let top = tempfile::tempdir().unwrap();
    let package = top.path().join(below);
    if is_repository {
        git(top.path(), &["init", "--quiet"], "");
    }
    waiting(&package);
    let (code, patch, said) = run(&package, &["check"]);
    assert_eq!(code, 1, "{said}");
    for part in [
        "new file mode",
        "deleted file mode",
        "\\ No newline at end of file",
        "\r\n",
    ] {
        assert!(patch.contains(part), "{part:?}: {patch}");
    }
    assert!(said.contains("graphwright check | git apply"), "{said}");
    git(&top.path().join(from), &["apply"], &patch);
    let (code, patch, said) = run(&package, &["check"]);
    assert_eq!((code, patch.as_str()), (0, ""), "{said}");

    let other = tempfile::tempdir().unwrap();
    waiting(other.path());
    assert_eq!(run(other.path(), &["sync"]).0, 0);
    assert_eq!(tree(&package), tree(other.path()), "what sync writes");
}

#[test]
fn git_takes_the_patch_at_the_top() {
    check("", true, "");
}

#[test]
fn git_takes_the_patch_in_a_package_below() {
    check("services/a b", true, "services/a b");
}

#[test]
fn git_takes_the_patch_of_a_package_below_from_the_top() {
    check("services/ä", true, "");
}

#[test]
fn git_takes_the_patch_where_there_is_no_repository() {
    check("", false, "");
}

#[test]
fn a_check_says_who_may_do_more_or_less() {
    let folder = tempfile::tempdir().unwrap();
    let schema = |drop: &str, read: &str| {
        let sdl = format!(
            "type Query {{ a: Int }}\n\
             type Mutation {{ drop: Boolean! {drop} }}\n\
             enum Role {{ GUEST ADMIN }}\n\
             type Me @auth {{ id: ID! role: Role! }}\n\
             type Note @model @access(read: \"{read}\") {{ id: ID! text: String! open: Boolean! }}\n"
        );
        put(folder.path(), &[("schema/a.graphql", &sdl)]);
    };
    put(folder.path(), &BEFORE[..2]);
    schema("@access(if: \"auth.role == ADMIN\")", "self.open");
    let (_, _, said) = run(folder.path(), &["check"]);
    assert!(
        !said.contains("who may do what"),
        "there was nothing before: {said}"
    );
    assert_eq!(run(folder.path(), &["sync"]).0, 0);
    schema("", "self.open && auth != null");
    let (code, patch, said) = run(folder.path(), &["check"]);
    assert_eq!(code, 1);
    for line in [
        "Mutation.drop: `auth.role == ADMIN` -> everyone: everyone may now",
        "Note.read: `self.open` -> `self.open && auth != null`: fewer callers may",
    ] {
        assert!(said.contains(line), "{said}");
    }
    assert!(
        patch.contains("-access Mutation.drop auth.role == ADMIN\n"),
        "{patch}"
    );
    let (code, out, said) = run(folder.path(), &["check", "--json"]);
    assert_eq!((code, said.as_str()), (1, ""));
    let answer: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(answer["patch"], patch.as_str());
    assert_eq!(answer["access"][0]["name"], "Mutation.drop");
    assert_eq!(answer["access"][0]["effect"], "everyone may now");
    assert_eq!(answer["access"].as_array().unwrap().len(), 2);
}

#[test]
fn a_check_without_findings_prints_no_patch() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), BEFORE);
    assert_eq!(run(folder.path(), &["sync"]).0, 0);
    let (code, patch, said) = run(folder.path(), &["check"]);
    assert_eq!((code, patch.as_str()), (0, ""));
    assert_eq!(said, "checked 4 schema files: nothing is wrong\n");
}
