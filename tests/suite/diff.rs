//! `graphwright diff`: where versions come from, what is printed, exit codes.

use crate::golden::{entries, folder};
use graphwright_codegen::cli::run_for_test;
use serde_json::Value;
use std::path::Path;
use std::process::Command;

fn put(folder: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

fn git(folder: &Path, arguments: &[&str]) {
    let done = Command::new("git")
        .args(["-c", "user.name=x", "-c", "user.email=x@example.com"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .expect("this test needs git");
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "git {arguments:?}: {said}");
}

fn commit(folder: &Path) {
    git(folder, &["add", "--all"]);
    git(folder, &["commit", "--quiet", "--message", "x"]);
}

fn diff(folder: &Path, arguments: &[&str]) -> (u8, String, String) {
    run_for_test(&[&["diff", "-C", folder.to_str().unwrap()], arguments].concat())
}

const MANIFEST: (&str, &str) = ("Cargo.toml", "[package]\nname = \"x\"\n");

/// A working copy with a package in a folder, whose schema lies in two files, one of them outside of the package.
fn repository() -> (tempfile::TempDir, std::path::PathBuf) {
    let top = tempfile::tempdir().unwrap();
    git(top.path(), &["init", "--quiet", "--initial-branch=main"]);
    let package = top.path().join("services/ä b");
    put(
        &package,
        &[
            (
                "Cargo.toml",
                "[package]\nname = \"x\"\n[package.metadata.graphwright]\nschema = [\"schema/*.graphql\", \"../shared.graphql\"]\n",
            ),
            (
                "schema/a.graphql",
                "type Query {\n  one: Int\n  two: Shared\n}\n",
            ),
            ("schema/deep/not.graphql", "type Query { not: Read }"),
            ("../shared.graphql", "type Shared { it: Int }\n"),
        ],
    );
    commit(top.path());
    (top, package)
}

#[test]
fn a_revision_of_git_is_compared_with() {
    let (top, package) = repository();
    let (code, out, said) = diff(&package, &[]);
    assert_eq!(
        (code, out.as_str(), said.as_str()),
        (0, "", "clients see no change since `HEAD`\n")
    );
    put(
        &package,
        &[(
            "schema/a.graphql",
            "type Query {\n  one: Int!\n  three: Int\n}\n",
        )],
    );
    put(
        &package,
        &[("../shared.graphql", "type Shared { it: String }\n")],
    );
    for arguments in [&[][..], &["main"], &["--git", "main"]] {
        let (code, out, said) = diff(&package, arguments);
        assert_eq!(code, 1, "{said}");
        let lines: Vec<&str> = out.lines().collect();
        assert_eq!(
            lines,
            [
                "breaking   Query.two    the field is gone: operations with it are refused  (".to_owned()
                    + arguments.last().copied().unwrap_or("HEAD")
                    + ":services/ä b/schema/a.graphql:3:3)",
                "breaking   Shared.it    `Int` is `String` now  (../shared.graphql:1:19)".to_owned(),
                "safe       Query.one    `Int` is `Int!` now, which promises more  (schema/a.graphql:2:8)".to_owned(),
                "safe       Query.three  the field is new: `Int`  (schema/a.graphql:3:3)".to_owned(),
            ]
        );
        assert!(said.contains("4 changes since `"), "{said}");
        assert!(said.contains("2 breaking, 0 dangerous, 2 safe"), "{said}");
    }
    commit(top.path());
    let (code, _, said) = diff(&package, &["main~1", "--to", "main"]);
    assert_eq!(code, 1);
    assert!(said.contains("from `main~1` to `main`"), "{said}");
}

#[test]
fn what_cannot_be_compared_with_is_told() {
    let (top, package) = repository();
    let check = |folder: &Path, arguments: &[&str], parts: &[&str]| {
        let (code, out, said) = diff(folder, arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{said}");
        for part in parts {
            assert!(said.contains(part), "no `{part}` in\n{said}");
        }
    };
    check(
        &package,
        &["mian"],
        &[
            "`mian` is no file, no folder and no revision",
            "git fetch origin main",
        ],
    );
    check(
        &package,
        &["--git=--output=x"],
        &["no revision that git knows"],
    );
    check(
        &package,
        &["schema/none.graphql"],
        &["`schema/none.graphql` is no file"],
    );
    check(
        &package,
        &["http://127.0.0.1:1/graphql"],
        &[
            "cannot ask `http://127.0.0.1:1/graphql`",
            "Is the server up",
        ],
    );
    put(
        &package,
        &[
            ("empty/x.txt", ""),
            ("bad.graphql", "type Query {\n  a: Usr\n}\n"),
            ("bad.json", "{\"data\": 1}"),
            ("no.json", "{"),
        ],
    );
    check(
        &package,
        &["empty"],
        &["no *.graphql file in the folder `empty`"],
    );
    check(
        &package,
        &["bad.graphql"],
        &[
            "bad.graphql:2:6: error[GW0108]",
            "the schema of `bad.graphql` has mistakes",
        ],
    );
    check(
        &package,
        &["bad.json"],
        &["`bad.json` has no schema: there is no `__schema` in it"],
    );
    check(&package, &["no.json"], &["this is no JSON"]);
    let alone = tempfile::tempdir().unwrap();
    put(
        alone.path(),
        &[MANIFEST, ("schema/a.graphql", "type Query { a: Int }")],
    );
    check(
        alone.path(),
        &["main"],
        &["is in no git working copy", "graphwright diff old.graphql"],
    );
    put(
        top.path(),
        &[
            ("new/Cargo.toml", MANIFEST.1),
            ("new/schema/a.graphql", "type Query { a: Int }"),
        ],
    );
    check(
        &top.path().join("new"),
        &["main"],
        &["`main` has no `new/Cargo.toml`: this project was not there"],
    );
    put(&package, &[("schema/a.graphql", "type Query { a: Usr }")]);
    commit(top.path());
    put(&package, &[("schema/a.graphql", "type Query { a: Int }")]);
    check(
        &package,
        &["main"],
        &[
            "main:services/ä b/schema/a.graphql:1:17: error[",
            "the schema of `main` has mistakes",
        ],
    );
}

#[test]
fn grades_decide_about_the_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    put(
        folder.path(),
        &[
            ("a.graphql", "type Query { a: E } enum E { A }"),
            ("b.graphql", "type Query { a: E } enum E { A B }"),
            ("c.graphql", "type Query { a: E b: Int } enum E { A B }"),
        ],
    );
    let code = |from: &str, to: &str, fail_on: &str| {
        diff(folder.path(), &[from, "--to", to, "--fail-on", fail_on]).0
    };
    for (from, to, expect) in [
        ("a.graphql", "a.graphql", [0, 0, 0]),
        ("b.graphql", "c.graphql", [0, 0, 0]),
        ("a.graphql", "b.graphql", [0, 1, 0]),
        ("b.graphql", "a.graphql", [1, 1, 0]),
    ] {
        let found = ["breaking", "dangerous", "none"].map(|fail_on| code(from, to, fail_on));
        assert_eq!(found, expect, "{from} {to}");
    }
    assert_eq!(diff(folder.path(), &["a.graphql", "--fail-on", "all"]).0, 2);
}

#[test]
fn changes_are_json_for_machines() {
    let folder = tempfile::tempdir().unwrap();
    put(
        folder.path(),
        &[
            ("old/a.graphql", "type Query {\n  a: Int\n}"),
            ("old/deep/b.gql", "extend type Query { b: Int }"),
            ("new.graphql", "type Query {\n  b: Int!\n}"),
        ],
    );
    let (code, out, said) = diff(folder.path(), &["old", "--to", "new.graphql", "--json"]);
    assert_eq!((code, said.as_str()), (1, ""));
    let answer: Value = serde_json::from_str(&out).unwrap();
    let expect = serde_json::json!({
        "base": "`old`", "to": "`new.graphql`", "breaking": 1, "dangerous": 0, "safe": 1,
        "changes": [
            {
                "level": "breaking", "kind": "FIELD_REMOVED", "coordinate": "Query.a",
                "message": "the field is gone: operations with it are refused",
                "before": {"file": "old/a.graphql", "line": 2, "column": 3}, "after": null,
            },
            {
                "level": "safe", "kind": "FIELD_CHANGED_KIND_SAFE", "coordinate": "Query.b",
                "message": "`Int` is `Int!` now, which promises more",
                "before": {"file": "old/deep/b.gql", "line": 1, "column": 24},
                "after": {"file": "new.graphql", "line": 2, "column": 6},
            },
        ],
    });
    assert_eq!(answer, expect);
}

#[test]
fn who_may_do_what_is_compared_between_projects() {
    let top = tempfile::tempdir().unwrap();
    let sdl = |rule: &str, renamed: &str| {
        format!(
            "type Query {{ a: Int }}\ntype Mutation {{ {renamed} drop: Int {rule} }}\ntype Me @auth {{ id: ID! admin: Boolean! }}\n"
        )
    };
    put(
        top.path(),
        &[MANIFEST, ("schema/a.graphql", &sdl("", "put: Int"))],
    );
    git(top.path(), &["init", "--quiet", "--initial-branch=main"]);
    commit(top.path());
    put(
        top.path(),
        &[(
            "schema/a.graphql",
            &sdl(
                "@access(if: \"auth.admin\")",
                "keep: Int @renamedFrom(name: \"put\")",
            ),
        )],
    );
    let (code, out, _) = diff(top.path(), &["main"]);
    assert_eq!(code, 1);
    assert!(
        out.contains("dangerous  Mutation.drop  everyone -> `auth.admin`: fewer callers may"),
        "{out}"
    );
    // To a client a new name is another field.
    assert!(
        out.contains("breaking   Mutation.put   the field is called `keep` now"),
        "{out}"
    );
    assert!(out.contains("safe       Mutation.keep"), "{out}");
    // A file need not be what the generator reads, so its rules say nothing.
    put(
        top.path(),
        &[(
            "old.graphql",
            "type Query { a: Int } type Mutation { drop: Int }",
        )],
    );
    let (_, out, _) = diff(top.path(), &["old.graphql"]);
    assert!(!out.contains("fewer callers"), "{out}");
}

#[test]
fn a_schema_told_by_introspection_or_printed_is_itself() {
    let mut checked = 0;
    for case in entries(&folder("golden")) {
        let path = case.join("schema.graphql");
        let Ok(sdl) = std::fs::read_to_string(&path) else {
            continue;
        };
        let copy = tempfile::tempdir().unwrap();
        put(copy.path(), &[("schema.graphql", &sdl)]);
        let dir = copy.path().to_str().unwrap();
        for (name, options) in [("told.json", &["--json"][..]), ("printed.graphql", &[])] {
            let command = [
                &["schema", "-C", dir, "--schema", "schema.graphql"],
                options,
            ]
            .concat();
            let (code, out, said) = run_for_test(&command);
            assert_eq!(code, 0, "{}: {said}", path.display());
            put(copy.path(), &[(name, &out)]);
            for (from, to) in [(name, "schema.graphql"), ("schema.graphql", name)] {
                let (code, out, said) = diff(copy.path(), &[from, "--to", to]);
                assert_eq!(
                    (code, out.as_str()),
                    (0, ""),
                    "{} {from}: {said}",
                    path.display()
                );
            }
        }
        checked += 1;
    }
    assert!(checked >= 8, "{checked} schemas");
}
