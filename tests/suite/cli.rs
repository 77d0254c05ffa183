//! The `graphwright` command: exit codes, and what goes where.

use graphwright_codegen::cli::run_for_test;
use serde_json::Value;

/// A package in a folder of its own.
fn package(files: &[(&str, &str)]) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let dir = folder.path().to_string_lossy().into_owned();
    (folder, dir)
}

const MANIFEST: (&str, &str) = ("Cargo.toml", "[package]\nname = \"x\"\n");

#[test]
fn check_tells_findings_apart_from_success() {
    let (_folder, dir) = package(&[
        MANIFEST,
        ("good.graphql", "type Query { a: Int }"),
        (
            "bad.graphql",
            "type Query {\n  ä: Int\n  a: Usr\n}\ntype User { id: ID }",
        ),
        (
            "jobs.yaml",
            "version: 1\njobs:\n  x:\n    schedule: \"@daily\"\n",
        ),
        (
            "typed.yaml",
            "version: 1\njobs:\n  x:\n    args: { of: Region! }\n",
        ),
        ("deep.graphql", "type Query { a: [[[[[[[[[Int]]]]]]]]] }"),
        (
            "bad.yaml",
            "version: 1\njobs:\n  x:\n    schedul: \"@daily\"\n",
        ),
    ]);
    let run = |arguments: &[&str]| run_for_test(&[&["check", "-C", &dir], arguments].concat());
    let (code, out, said) = run(&["--schema", "good.graphql"]);
    assert_eq!(
        (code, out.as_str(), said.as_str()),
        (0, "", "checked 1 schema file: nothing is wrong\n")
    );
    let (code, out, said) = run(&["--schema", "bad.graphql"]);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(said.contains("bad.graphql:3:6: error["), "{said}");
    assert_eq!(run(&["--jobs", "jobs.yaml"]).0, 0);
    let (code, _, said) = run(&["--jobs", "bad.yaml"]);
    assert_eq!(code, 1);
    assert!(said.contains("bad.yaml:4:5: error["), "{said}");
    let (code, _, said) = run(&["--jobs", "typed.yaml"]);
    assert_eq!(code, 0, "the schema may define the type: {said}");
    assert!(
        said.contains("warning[") && said.contains("known with `--schema FILE…`"),
        "{said}"
    );
    assert!(!said.contains("nothing is wrong"), "{said}");
    let (code, _, said) = run(&["--jobs", "typed.yaml", "--schema", "good.graphql"]);
    assert_eq!(code, 1);
    assert!(said.contains("typed.yaml:4:17: error["), "{said}");
    assert_eq!(
        run(&["--schema", "deep.graphql"]).0,
        1,
        "no crate could have it"
    );
    let (code, _, said) = run(&["--schema", "none.graphql"]);
    assert_eq!(code, 1);
    assert!(said.contains("cannot read `none.graphql`"), "{said}");
}

#[test]
fn check_answers_machines_in_json() {
    let (_folder, dir) = package(&[(
        "bad.graphql",
        "type Query {\n  a: Usr\n}\ntype User { id: ID }",
    )]);
    let (code, out, said) =
        run_for_test(&["check", "-C", &dir, "--schema", "bad.graphql", "--json"]);
    assert_eq!((code, said.as_str()), (1, ""));
    let answer: Value = serde_json::from_str(&out).unwrap();
    let [finding] = answer["findings"].as_array().unwrap().as_slice() else {
        panic!("{out}")
    };
    let place = serde_json::json!({ "file": "bad.graphql", "line": 2, "column": 6, "endLine": 2, "endColumn": 9 });
    assert_eq!(finding["place"], place);
    assert_eq!(
        (&finding["severity"], &finding["help"]),
        (&"error".into(), &"did you mean `User`?".into())
    );
}

#[test]
fn generate_adds_once_and_check_is_content() {
    let (folder, dir) = package(&[
        MANIFEST,
        ("schema/a.graphql", "type Query { a: Int }"),
        ("src/lib.rs", "pub mod resolvers;\n"),
    ]);
    let run = |command: &str| run_for_test(&[command, "-C", &dir]);
    let (code, _, said) = run("check");
    assert_eq!(code, 1);
    assert!(
        said.contains("`Query.a` has no method in the crate"),
        "{said}"
    );
    assert!(
        !folder.path().join("src/resolvers").exists(),
        "check writes nothing"
    );
    let (code, _, said) = run("generate");
    assert_eq!(code, 0);
    assert!(
        said.contains("added `Query.a` to src/resolvers/a.rs\n"),
        "{said}"
    );
    assert_eq!(
        run("generate"),
        (
            0,
            String::new(),
            "everything is in step with the schema\n".into()
        )
    );
    assert_eq!(run("check").0, 0);
}

#[test]
fn sync_tells_machines_what_it_did() {
    let (_folder, dir) = package(&[
        MANIFEST,
        ("schema/a.graphql", "type Query { a: Int }"),
        ("src/lib.rs", "pub mod resolvers;\n"),
    ]);
    let sync = || {
        let (code, out, said) = run_for_test(&["sync", "--json", "-C", &dir]);
        assert_eq!(said, "");
        (code, serde_json::from_str::<Value>(&out).unwrap())
    };
    let (code, done) = sync();
    assert_eq!(code, 0);
    assert_eq!(done["added"][1]["coordinate"], "Query.a", "{done}");
    let written = serde_json::json!([
        "graphwright.lock",
        "src/resolvers/a.rs",
        "src/resolvers/mod.rs"
    ]);
    assert_eq!(done["written"], written);
    let (code, done) = sync();
    assert_eq!((code, &done["written"]), (0, &serde_json::json!([])));
    std::fs::write(format!("{dir}/schema/a.graphql"), "type Query { b: Int! }").unwrap();
    let (_, done) = sync();
    assert_eq!(done["changed"][0]["how"], "deleted", "{done}");
    std::fs::write(format!("{dir}/schema/a.graphql"), "type Query { b: Itn! }").unwrap();
    let (code, done) = sync();
    assert_eq!(
        (code, &done["findings"][0]["name"]),
        (1, &Value::from("UnknownType"))
    );
    std::fs::write(format!("{dir}/Cargo.toml"), "[package").unwrap();
    let (code, done) = sync();
    assert_eq!(
        (code, &done["findings"][0]["name"]),
        (1, &Value::from("Settings"))
    );
}

#[test]
fn sync_follows_new_names_and_asks_about_what_is_gone() {
    let (folder, dir) = package(&[
        MANIFEST,
        (
            "schema/a.graphql",
            "type Query { one(n: Int!): Int, two: Int, three: Int }",
        ),
        ("src/lib.rs", "pub mod resolvers;\n"),
    ]);
    let sync = |arguments: &[&str]| run_for_test(&[&["sync", "-C", &dir], arguments].concat());
    let stubs = folder.path().join("src/resolvers/a.rs");
    let read = || std::fs::read_to_string(&stubs).unwrap();
    let schema = |text: &str| std::fs::write(folder.path().join("schema/a.graphql"), text).unwrap();
    assert_eq!(sync(&[]).0, 0);
    let mine = read()
        .replace(
            "Err(gw::Error::not_implemented(\"Query.one\"))",
            "Ok(Some(n)) // one",
        )
        .replace(
            "Err(gw::Error::not_implemented(\"Query.two\"))",
            "Ok(Some(2)) // two",
        );
    std::fs::write(&stubs, &mine).unwrap();

    // The untouched method goes, the edited ones stay until somebody says more.
    schema("type Query { first(n: Int!): Int }");
    let (code, _, said) = sync(&[]);
    assert_eq!(code, 1);
    assert!(
        said.contains("deleted `Query.three`, which stood at src/resolvers/a.rs:"),
        "{said}"
    );
    assert!(
        said.contains("sync --rename Query.one=Query.first"),
        "{said}"
    );
    assert!(said.contains("sync --detach Query.two"), "{said}");
    assert!(read().contains("// one") && read().contains("// two"));

    // A slip of the keyboard changes nothing.
    for slip in [
        ["--detach", "Query.tow"],
        ["--delete", "Query.first"],
        ["--rename", "Query.won=Query.first"],
    ] {
        let before = read();
        let (code, _, said) = sync(&slip);
        assert!(code == 1 && said.starts_with("error: "), "{said}");
        assert_eq!(read(), before);
    }
    assert_eq!(sync(&["--rename", "Query.one"]).0, 2);

    let (code, _, said) = sync(&["--delete", "Query.two"]);
    assert!(code == 1 && said.contains("deleted `Query.two`"), "{said}");
    assert!(read().contains("// one") && !read().contains("// two"));
    let lock = folder.path().join("graphwright.lock");
    let (before, locked) = (read(), std::fs::read(&lock).unwrap());
    let (code, _, said) = sync(&["--detach", "Query.one"]);
    assert!(code == 0 && said.contains("detached `Query.one`"), "{said}");
    assert!(
        read().contains("\nimpl App {\n    async fn one("),
        "{}",
        read()
    );
    std::fs::write(&stubs, before).unwrap();
    std::fs::write(&lock, locked).unwrap();
    schema("type Query { best(n: Int!): Int @renamedFrom(name: \"first\"), all: Int }");
    let (code, _, said) = sync(&["--rename", "Query.one=Query.all"]);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("renamed `Query.one` to `Query.all`"),
        "{said}"
    );
    assert!(
        said.contains("renamed `Query.first` to `Query.best`"),
        "{said}"
    );
    assert!(
        read().contains("fn all(&self, cx: &gw::Context) -> ") && read().contains("// one"),
        "{}",
        read()
    );
}

#[test]
fn every_command_says_what_to_type() {
    let commands = [
        "new",
        "sync",
        "check",
        "watch",
        "diff",
        "explain",
        "expand",
        "schema",
        "mock",
        "completions",
    ];
    for command in commands {
        let (code, help, _) = run_for_test(&[command, "--help"]);
        assert_eq!(code, 0);
        assert!(help.contains("Example"), "{command}: {help}");
    }
    let (code, _, said) = run_for_test(&["chek"]);
    assert_eq!(code, 2);
    assert!(said.contains("'check'"), "{said}");
    let empty = tempfile::tempdir().unwrap();
    let (code, _, said) = run_for_test(&["check", "-C", &empty.path().to_string_lossy()]);
    assert_eq!(code, 1);
    assert!(
        said.contains("there is no Cargo.toml") && said.contains("graphwright new NAME"),
        "{said}"
    );
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let (code, script, _) = run_for_test(&["completions", shell]);
        assert_eq!(code, 0);
        for word in commands
            .iter()
            .chain(&["fail-on", "--header", "--poll", "--directives"])
        {
            assert!(
                script.contains(word.trim_start_matches('-')),
                "{shell}: {word}"
            );
        }
    }
    let (code, directives, _) = run_for_test(&["schema", "--directives"]);
    assert!(code == 0 && directives.contains("directive @model("));
    assert!(directives.contains("\"The type is a table of the database.\"\ndirective @model("));
}
