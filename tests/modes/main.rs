//! What `graphwright_codegen::build()` does in a build script, as Cargo runs it: packages in temporary folders, linked to
//! the workspace's crates, in the target folder of the tests.

mod chapter;
mod drift;
mod project;

use project::{Project, STUB};
use std::path::Path;

const SCHEMA: &str = "type Query {\n  hello(name: String!): String!\n}\n";
const MISSING: &str =
    "schema/a.graphql:2:3: error[GW0701]: `Query.hello` has no method in the crate";

/// A project with a schema and no stubs yet.
fn project(name: &str) -> Project {
    Project::new(name, &[("schema/a.graphql", SCHEMA)])
}

/// A project that a build has brought in step.
fn in_step(name: &str) -> Project {
    let project = project(name);
    project.check(&[]).passes();
    project
}

#[test]
fn a_development_build_follows_every_change_and_nothing_else() {
    let project = project("follows");
    project.check(&[]).passes().ran();
    assert!(project.get(STUB).contains("async fn hello("));
    project.settles();

    // What a person does in a stub.
    project.edit(
        STUB,
        "let _ = (cx, name);\n        Err(gw::Error::not_implemented(\"Query.hello\"))",
        "let _ = cx;\n        Ok(name)",
    );
    project.check(&[]).passes().ran();
    project.settles();

    // A new SDL file, a renamed one, a deleted one.
    project.put("schema/b.graphql", "extend type Query { later: Int }\n");
    project.check(&[]).passes().ran();
    assert!(project.get(STUB).contains("async fn later("));
    project.settles();
    let stubs = project.get(STUB);
    project.rename("schema/b.graphql", "schema/c.graphql");
    project.check(&[]).passes().ran();
    assert_eq!(project.get(STUB), stubs);
    project.settles();
    project.remove("schema/c.graphql");
    project.check(&[]).passes().ran();
    let stub = project.get(STUB);
    assert!(
        !stub.contains("async fn later("),
        "nobody had touched it: {stub}"
    );
    assert!(stub.contains("Ok(name)"));
    project.settles();

    // What was not there when Cargo was told what to watch.
    project.edit(
        "src/lib.rs",
        "pub mod resolvers;",
        "pub mod jobs;\npub mod resolvers;",
    );
    project.put("jobs.yaml", "version: 1\njobs:\n  digest:\n    description: Tells what is new\n    schedule: \"@daily\"\n");
    project.check(&[]).passes().ran();
    assert!(
        project
            .get("src/jobs/digest.rs")
            .contains("impl gw::Digest for App")
    );
    project.settles();
}

#[test]
fn a_stub_that_a_person_takes_away_or_moves_is_noticed() {
    let project = in_step("moved");
    let stub = project.get(STUB);
    let (head, block) = stub.split_once("impl ").unwrap();
    project.put("src/api.rs", &format!("{head}impl {block}"));
    project.put(STUB, "//! Nothing here.\n");
    project.edit(
        "src/lib.rs",
        "pub mod resolvers;",
        "pub mod api;\npub mod resolvers;",
    );
    project.check(&[]).passes().ran();
    assert_eq!(project.get(STUB), "//! Nothing here.\n");
    project.settles();
    project.put("src/api.rs", "//! Nothing here, either.\n");
    project.check(&[]).passes().ran();
    assert!(
        project.get(STUB).contains("async fn hello("),
        "{}",
        project.get(STUB)
    );
    project.settles();
}

#[test]
fn where_a_build_must_not_write_it_fails_with_place_and_patch() {
    type Mode = (
        &'static str,
        &'static [(&'static str, &'static str)],
        &'static str,
    );
    let modes: [Mode; 3] = [
        ("ci", &[("CI", "true")], ""),
        ("docs", &[("DOCS_RS", "1")], ""),
        (
            "checks",
            &[],
            "[package.metadata.graphwright]\nstubs = \"check\"\n",
        ),
    ];
    for (name, environment, settings) in modes {
        let project = project(name);
        project.append("Cargo.toml", settings);
        let before = project.files();
        let said = project.check(environment).fails();
        said.says(&format!("error: {name}@0.1.0: {MISSING}"));
        said.says("async fn hello(&self, cx: &gw::Context, name: String) -> gw::Result<String> {");
        said.says("graphwright sync");
        assert_eq!(project.files(), before, "{name}: nothing is written");
        project.sync();
        project.check(environment).passes();
        project.settles_with(environment);
        // A stub that somebody wrote by hand would do as well; one that is there once too often does not.
        project.edit("schema/a.graphql", "hello", "goodbye");
        let said = project.check(environment).fails();
        said.says("`Query.hello` is gone, and its stub still stands at `src/resolvers/a.rs:");
    }
}

#[test]
fn a_package_is_verified_as_it_is() {
    let project = project("packaged");
    let before = project.files();
    let said = project.package().fails();
    said.says(&format!("error: packaged@0.1.0: {MISSING}"));
    assert_eq!(project.files(), before, "nothing is written");
    project.check(&[]).passes();
    let before = project.files();
    project.package().passes();
    assert_eq!(project.files(), before);
}

#[test]
fn a_tree_that_cannot_be_written_to_is_only_checked() {
    let project = project("readonly");
    let before = project.files();
    let said = project.check_read_only().fails();
    said.says(MISSING);
    assert_eq!(project.files(), before);
    project.check(&[]).passes();
    project.check_read_only().passes();
}

#[test]
fn findings_arrive_as_messages_of_cargo() {
    let project = project("findings");
    project.put(
        "schema/a.graphql",
        "type Query {\n  hello: Strin\n  bye: Strang\n}\n",
    );
    let said = project.check(&[]).fails();
    said.says("error: findings@0.1.0: schema/a.graphql:2:10: error[GW0108]: ");
    said.says("error: findings@0.1.0: schema/a.graphql:3:8: error[GW0108]: ");
    // With the line, the caret and the way out, one below the other.
    let block = said.block("schema/a.graphql:2:10");
    let expect = [
        "2 |   hello: Strin",
        "  |          ^^^^^",
        "did you mean `String`?",
    ];
    let told = block[1..].iter().filter(|line| !line.ends_with("  |"));
    assert!(
        told.zip(expect).all(|(line, expect)| line.contains(expect)),
        "{block:#?}"
    );
    assert!(!project.folder().join(STUB).exists());

    project.put("schema/a.graphql", SCHEMA);
    project.edit("src/lib.rs", "pub mod resolvers;\n", "");
    let said = project.check(&[]).fails();
    said.says(
        "warning: findings@0.1.0: warning[GW0704]: `src/resolvers/mod.rs` is not part of the crate",
    );
    said.says("error[E0277]: `crate::App` does not answer the fields of `Query`");
    project.edit(
        "src/lib.rs",
        "pub struct App;",
        "pub mod resolvers;\npub struct App;",
    );
    project.check(&[]).passes();
    project.settles();
}

#[test]
fn builds_at_the_same_time_come_to_the_same() {
    let project = in_step("twice");
    let script = project.script();
    let targets: Vec<tempfile::TempDir> = (0..4).map(|_| tempfile::tempdir().unwrap()).collect();
    for round in 0..10 {
        // An editor's language server and a person's build, at the same moment, each with a target folder of its own.
        let field = format!("  f{round}(a: Int): Int\n}}\n");
        project.edit("schema/a.graphql", "}\n", &field);
        let runs: Vec<_> = targets
            .iter()
            .map(|out| project.spawn(&script, out.path()))
            .collect();
        for run in runs {
            let output = run.wait_with_output().unwrap();
            let said = String::from_utf8(output.stdout).unwrap();
            assert!(
                output.status.success() && !said.contains("cargo::error"),
                "{said}"
            );
        }
        let stub = project.get(STUB);
        assert_eq!(
            stub.matches(&format!("async fn f{round}(")).count(),
            1,
            "{stub}"
        );
    }
    let modules = targets
        .iter()
        .map(|out| std::fs::read(out.path().join("graphwright.rs")).unwrap());
    let modules: std::collections::BTreeSet<_> = modules.collect();
    assert_eq!(modules.len(), 1);
    let left: Vec<_> = project
        .files()
        .into_keys()
        .filter(|path| path.contains("graphwright-"))
        .collect();
    assert_eq!(left, Vec::<String>::new(), "nothing half-written stays");
    project.check(&[]).passes().ran();
    project.settles();
}

#[test]
fn an_edited_stub_costs_a_build_script_next_to_nothing() {
    let project = Project::new("quick", &project::large(300));
    project.check(&[]).passes();
    let (script, out) = (project.script(), tempfile::tempdir().unwrap());
    let run = |out: &Path| {
        let start = std::time::Instant::now();
        let output = project.spawn(&script, out).wait_with_output().unwrap();
        assert!(output.status.success());
        start.elapsed()
    };
    let whole = run(out.path());
    let least = |edit: &dyn Fn(usize)| {
        let runs = (0..5).map(|i| {
            edit(i);
            run(out.path())
        });
        runs.min().unwrap()
    };
    let again = least(&|_| {});
    let stub = project.get("src/resolvers/a.rs");
    let edited = least(&|i| {
        let body = format!("let _ = ({i}, ");
        project.put("src/resolvers/a.rs", &stub.replacen("let _ = (", &body, 3));
    });
    println!(
        "300 types, unoptimised: whole {whole:?}, nothing changed {again:?}, a stub edited {edited:?}"
    );
    assert!(edited * 5 < whole, "whole {whole:?}, edited {edited:?}");
    assert!(again * 5 < whole, "whole {whole:?}, again {again:?}");
}
