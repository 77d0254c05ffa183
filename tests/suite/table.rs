//! What regeneration does to the files of a user, event by event, for resolvers and for jobs: by the command, in a folder.

use graphwright_codegen::cli::run_for_test;
use std::fs;

struct Project(tempfile::TempDir);

const SCHEMA: &str = "type Query {\n  one(a: Int): Int\n  two: String!\n}\n";
const JOBS: &str = "version: 1\njobs:\n  daily:\n    args: {top: Int!}\n    enabled: false\n  nightly:\n    enabled: false\n";
const QUERY: &str = "src/resolvers/a.rs";
const DAILY: &str = "src/jobs/daily.rs";

impl Project {
    fn new() -> Project {
        let project = Project(tempfile::tempdir().unwrap());
        project.put("Cargo.toml", "[package]\nname = \"x\"\n");
        project.put(
            "src/lib.rs",
            "pub mod jobs;\npub mod resolvers;\npub struct App;\n",
        );
        project.put("schema/a.graphql", SCHEMA);
        project.put("jobs.yaml", JOBS);
        assert_eq!(project.sync(&[]).0, 0);
        project
    }

    fn put(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn get(&self, path: &str) -> String {
        fs::read_to_string(self.0.path().join(path)).unwrap_or_default()
    }

    fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.get(path);
        assert!(text.contains(from), "{from:?}\n{text}");
        self.put(path, &text.replace(from, to));
    }

    fn schema(&self, from: &str, to: &str) {
        self.edit("schema/a.graphql", from, to);
    }

    fn sync(&self, more: &[&str]) -> (u8, String) {
        let dir = self.0.path().to_string_lossy().into_owned();
        let (code, _, said) = run_for_test(&[&["sync", "-C", &dir], more].concat());
        (code, said)
    }

    /// A run that succeeds, after which another has nothing to do.
    fn synced(&self, more: &[&str]) -> String {
        let (code, said) = self.sync(more);
        assert_eq!(code, 0, "{said}");
        let (code, again) = self.sync(&[]);
        assert_eq!(
            (code, &*again),
            (0, "everything is in step with the schema\n")
        );
        said
    }

    /// Every file of the package and its text.
    fn all(&self) -> Vec<(String, String)> {
        let mut found = Vec::new();
        let mut folders = vec![self.0.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let text = fs::read(&path).unwrap();
                    let name = path.to_string_lossy().into_owned();
                    found.push((name, String::from_utf8_lossy(&text).into_owned()));
                }
            }
        }
        found.sort();
        found
    }
}

const MINE: &str = "// mine\n        Ok(gw::Error::not_implemented(\"mine\"))?";

#[test]
fn an_added_field_follows_its_sibling_and_an_added_job_gets_a_file() {
    let project = Project::new();
    let tabs = project
        .get(QUERY)
        .replace("    ", "\t")
        .replace('\n', "\r\n");
    project.put(QUERY, &tabs);
    project.schema("  two:", "  between: Float\n  two:");
    project.edit(
        "jobs.yaml",
        "  nightly:",
        "  hourly:\n    enabled: false\n  nightly:",
    );
    project.synced(&[]);
    let query = project.get(QUERY);
    let place = |name: &str| query.find(&format!("\tasync fn {name}(")).unwrap();
    assert!(
        place("one") < place("between") && place("between") < place("two"),
        "{query}"
    );
    assert!(query.contains("\r\n\tasync fn between(&self, cx: &gw::Context) -> gw::Result<Option<f64>> {\r\n\t\tlet _ = cx;\r\n"), "{query:?}");
    assert_eq!(query.matches('\n').count(), query.matches("\r\n").count());
    assert!(
        project
            .get("src/jobs/hourly.rs")
            .contains("impl gw::Hourly for App")
    );
    assert!(
        project
            .get("src/jobs/mod.rs")
            .ends_with("pub mod daily;\npub mod hourly;\npub mod nightly;\n")
    );
}

#[test]
fn a_changed_type_is_followed_where_it_is_as_generated() {
    let project = Project::new();
    project.edit(
        QUERY,
        "a: gw::Nullable<i32>",
        "mut a : gw::Nullable< i32 > /* how many */",
    );
    project.edit(QUERY, "-> gw::Result<String>", "-> Mine");
    project.schema("one(a: Int): Int", "one(a: [String!]): Boolean!");
    project.schema("two: String!", "two: Int!");
    project.synced(&[]);
    let query = project.get(QUERY);
    assert!(query.contains("async fn one(&self, cx: &gw::Context, mut a : gw::Nullable<Vec<String>> /* how many */) -> gw::Result<bool> {"), "{query}");
    assert!(
        query.contains("async fn two(&self, cx: &gw::Context) -> Mine {"),
        "left to rustc: {query}"
    );
    // A job's arguments are a generated struct: its stub need not change with them.
    let before = project.get(DAILY);
    project.edit("jobs.yaml", "{top: Int!}", "{top: String!, more: Int}");
    project.synced(&[]);
    assert_eq!(project.get(DAILY), before);
}

#[test]
fn arguments_come_and_go_and_the_body_stays() {
    let project = Project::new();
    project.edit(
        QUERY,
        "        Err(gw::Error::not_implemented(\"Query.one\"))",
        "        let _ = a;\n        // mine\n        Ok(None)",
    );
    project.schema("one(a: Int)", "one(first: Int!, a: Int, last: [ID!]!)");
    project.synced(&[]);
    let query = project.get(QUERY);
    assert!(query.contains("cx: &gw::Context, first: i32, a: gw::Nullable<i32>, last: Vec<gw::Id>) -> gw::Result<Option<i32>> {\n        let _ = (cx, a);\n        let _ = a;\n        // mine\n"), "{query}");
    project.schema(
        "one(first: Int!, a: Int, last: [ID!]!)",
        "one(last: [ID!]!)",
    );
    project.synced(&[]);
    let query = project.get(QUERY);
    assert!(query.contains("cx: &gw::Context, last: Vec<gw::Id>) -> gw::Result<Option<i32>> {\n        let _ = (cx, a);\n        let _ = a;\n"), "rustc points at `a`: {query}");
}

#[test]
fn a_description_changes_no_stub() {
    let project = Project::new();
    let before = project.all();
    project.schema("  one(", "  \"What it is about.\"\n  one(");
    project.edit(
        "jobs.yaml",
        "  daily:\n",
        "  daily:\n    description: Once a day\n",
    );
    project.synced(&[]);
    let stubs = |all: Vec<(String, String)>| -> Vec<_> {
        all.into_iter()
            .filter(|(path, _)| path.ends_with(".rs") || path.ends_with(".lock"))
            .collect()
    };
    assert_eq!(stubs(project.all()), stubs(before));
}

#[test]
fn untouched_stubs_go_with_their_fields_and_jobs() {
    let project = Project::new();
    project.schema("  one(a: Int): Int\n", "");
    project.edit(
        "jobs.yaml",
        "  daily:\n    args: {top: Int!}\n    enabled: false\n",
        "",
    );
    let said = project.synced(&[]);
    assert!(
        said.contains("deleted `Query.one`, which stood at src/resolvers/a.rs:7"),
        "{said}"
    );
    assert!(
        said.contains("deleted src/jobs/daily.rs, which held nothing any more"),
        "{said}"
    );
    assert!(!project.get(QUERY).contains("fn one("));
    assert_eq!(project.get(DAILY), "");
    assert!(!project.get("src/jobs/mod.rs").contains("daily"));
    assert!(!project.get("graphwright.lock").contains("daily"));
}

/// A project whose edited field and job are gone from the inputs.
fn orphans() -> Project {
    let project = Project::new();
    project.edit(
        QUERY,
        "Err(gw::Error::not_implemented(\"Query.one\"))",
        MINE,
    );
    project.edit(DAILY, "Err(gw::Error::not_implemented(\"daily\"))", MINE);
    project.schema("  one(a: Int): Int\n", "");
    project.edit(
        "jobs.yaml",
        "  daily:\n    args: {top: Int!}\n    enabled: false\n",
        "",
    );
    project
}

#[test]
fn edited_stubs_stay_until_their_user_decides() {
    let project = orphans();
    let before = (project.get(QUERY), project.get(DAILY));
    for _ in 0..2 {
        let (code, said) = project.sync(&[]);
        assert_eq!(code, 1, "{said}");
        for name in ["Query.one", "daily"] {
            assert!(
                said.contains(&format!("`{name}` is gone, and the method at `src/")),
                "{said}"
            );
            assert!(
                said.contains(&format!("graphwright sync --detach {name}")),
                "{said}"
            );
            assert!(
                said.contains(&format!("graphwright sync --delete {name}")),
                "{said}"
            );
        }
        assert_eq!((project.get(QUERY), project.get(DAILY)), before);
    }
    project.synced(&["--detach", "Query.one", "--detach", "daily"]);
    let (query, daily) = (project.get(QUERY), project.get(DAILY));
    for text in [&query, &daily] {
        assert!(
            text.contains("impl App {\n    async fn ") && text.contains(MINE),
            "{text}"
        );
    }
    assert!(!daily.contains("impl gw::Daily"), "{daily}");

    let project = orphans();
    project.synced(&["--delete", "Query.one", "--delete", "daily"]);
    assert!(!project.get(QUERY).contains("mine"));
    assert_eq!(project.get(DAILY), "");
    // A choice about something else is a slip of the keyboard.
    let (code, said) = orphans().sync(&["--delete", "Query.on"]);
    assert_eq!(code, 1);
    assert!(
        said.contains(
            "`Query.on` is no edited method of a field that is gone; there is Query.one, daily"
        ),
        "{said}"
    );
}

#[test]
fn renames_change_identifiers_only() {
    let project = Project::new();
    project.edit(
        QUERY,
        "Err(gw::Error::not_implemented(\"Query.one\"))",
        MINE,
    );
    project.edit(DAILY, "Err(gw::Error::not_implemented(\"daily\"))", MINE);
    let (query, daily) = (project.get(QUERY), project.get(DAILY));
    project.schema(
        "one(a: Int): Int",
        "first(a: Int): Int @renamedFrom(name: \"one\")",
    );
    project.edit("jobs.yaml", "  daily:", "  every_day:");
    let said = project.synced(&["--rename", "daily=every_day"]);
    assert!(
        said.contains("renamed `Query.one` to `Query.first`"),
        "{said}"
    );
    assert!(said.contains("renamed `daily` to `every_day`"), "{said}");
    assert_eq!(project.get(QUERY), query.replace("fn one(", "fn first("));
    let expect = daily
        .replace("gw::Daily for", "gw::EveryDay for")
        .replace("gw::DailyArgs", "gw::EveryDayArgs");
    assert_eq!(project.get(DAILY), expect);
}

#[test]
fn without_a_rename_a_pair_of_equal_shape_is_asked_about() {
    let project = Project::new();
    project.edit(
        QUERY,
        "Err(gw::Error::not_implemented(\"Query.one\"))",
        MINE,
    );
    project.schema("one(a: Int): Int", "first(a: Int): Int");
    let (code, said) = project.sync(&[]);
    assert_eq!(code, 1);
    assert!(
        said.contains("graphwright sync --rename Query.one=Query.first   it is `Query.first` now"),
        "{said}"
    );
    assert!(project.get(QUERY).contains("mine"));
    // The new field has a stub of its own meanwhile; the rename is refused until that is out of the way, or simply done.
    let (code, said) = project.sync(&["--rename", "Query.one=Query.first"]);
    assert_eq!(code, 0, "{said}");
    let query = project.get(QUERY);
    assert_eq!(query.matches("fn first(").count(), 1, "{query}");
    assert!(
        query.contains("mine") && !query.contains("fn one("),
        "{query}"
    );
}

#[test]
fn what_was_moved_stays_where_it_is() {
    let project = Project::new();
    // The type moves to another SDL file; the user's blocks stand wherever the user wants.
    project.put("schema/b.graphql", SCHEMA);
    fs::remove_file(project.0.path().join("schema/a.graphql")).unwrap();
    let query = project.get(QUERY);
    project.synced(&[]);
    assert_eq!(project.get(QUERY), query);
    assert_eq!(project.get("src/resolvers/b.rs"), "");
    project.put("src/resolvers/mod.rs", "");
    fs::remove_file(project.0.path().join(QUERY)).unwrap();
    project.put(
        "src/lib.rs",
        "pub mod jobs;\npub mod resolvers;\npub struct App;\nmod api { pub mod v1; }\n",
    );
    project.put("src/api/v1.rs", &query);
    project.edit("schema/b.graphql", "  two:", "  three: Int\n  two:");
    project.synced(&[]);
    assert!(project.get("src/api/v1.rs").contains("fn three("));
    // On request it goes where the layout says.
    let said = project.synced(&["--relayout"]);
    assert!(
        said.contains("moved `QueryResolvers` from src/api/v1.rs to src/resolvers/b.rs"),
        "{said}"
    );
    assert!(project.get("src/resolvers/b.rs").contains("fn three("));
}

#[test]
fn helpers_imports_and_modules_are_untouched() {
    let project = Project::new();
    let own = "\u{feff}#!/usr/bin/env run\n//! Größe 日本 🦀\n#![allow(unused)]\nuse std::{fmt, fmt::Write as _};\nuse crate::{App, generated as gw};\nmod inner { pub fn x() { /* } */ } }\n";
    let query = project.get(QUERY);
    let body = &query[query.find("impl ").unwrap()..];
    let tail = "\nfn helper() -> &'static str { r#\"} impl gw::QueryResolvers for App { \"# }\nmacro_rules! m { () => {} }\nm!();\n// the end";
    project.put(QUERY, &format!("{own}{body}{tail}"));
    project.schema("  two:", "  three: Int\n  two:");
    project.synced(&[]);
    let now = project.get(QUERY);
    assert!(
        now.starts_with(own) && now.ends_with(tail) && now.contains("fn three("),
        "{now}"
    );
}

/// Cases of files that nobody can edit with certainty: what is done to the file, and what is said.
const REFUSED: [(&str, &str, &str); 4] = [
    (
        "impl gw::QueryResolvers for App {",
        "impl gw::QueryResolvers for App {{",
        "does not parse",
    ),
    (
        "    async fn two",
        "    forward!(other);\n    async fn two",
        "has a macro call inside",
    ),
    (
        "impl gw::QueryResolvers for App {",
        "wrap! {\nimpl gw::QueryResolvers for App {",
        "does not parse",
    ),
    (
        "impl gw::QueryResolvers for App {\n",
        "#[cfg(unix)]\nimpl gw::QueryResolvers for App {}\n#[cfg(not(unix))]\nimpl gw::QueryResolvers for App {\n",
        "is implemented in 2 blocks",
    ),
];

#[test]
fn a_file_that_cannot_be_edited_is_skipped_with_the_patch_and_the_others_are_done() {
    for (from, to, reason) in REFUSED {
        let project = Project::new();
        project.edit(QUERY, from, to);
        let before = project.get(QUERY);
        project.schema("  two:", "  three(x: Int!): Int\n  two:");
        project.put("schema/b.graphql", "extend type Query {\n  four: Int\n}\ntype Other {\n  id: ID!\n  five: Int @resolver\n}\n");
        project.edit(
            "jobs.yaml",
            "  nightly:",
            "  hourly:\n    enabled: false\n  nightly:",
        );
        for _ in 0..2 {
            let (code, said) = project.sync(&[]);
            assert_eq!(code, 1, "{to}: {said}");
            assert!(said.contains(reason), "{to}: {said}");
            assert!(
                said.contains(
                    "async fn three(&self, cx: &gw::Context, x: i32) -> gw::Result<Option<i32>> {"
                ),
                "the patch: {said}"
            );
            assert_eq!(project.get(QUERY), before);
            assert!(
                project
                    .get("src/jobs/hourly.rs")
                    .contains("impl gw::Hourly"),
                "{to}"
            );
        }
        let dir = project.0.path().to_string_lossy().into_owned();
        let (code, _, said) = run_for_test(&["check", "-C", &dir]);
        assert_eq!(code, 1, "{said}");
        assert!(said.contains("async fn three("), "{said}");
    }
}

#[test]
fn a_method_that_a_cfg_doubles_is_told_when_its_field_changes() {
    let project = Project::new();
    let text = project.get(QUERY);
    let begin = text.find("    async fn one").unwrap();
    let end = text.find("    async fn two").unwrap();
    let one = &text[begin..end];
    let both = format!("    #[cfg(unix)]\n{one}    #[cfg(not(unix))]\n{one}");
    project.put(QUERY, &text.replace(one, &both));
    let before = project.get(QUERY);
    project.synced(&[]);
    project.schema("one(a: Int)", "one(a: Int, b: Int)");
    let (code, said) = project.sync(&[]);
    assert_eq!(code, 1, "{said}");
    assert!(
        said.contains("a `cfg` decides which of its methods counts"),
        "{said}"
    );
    assert!(said.contains("b: gw::Nullable<i32>"), "the patch: {said}");
    assert_eq!(project.get(QUERY), before);
    // What stands above it is done all the same.
    project.schema("  one(", "  zero: Int\n  one(");
    let (code, said) = project.sync(&[]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("a `cfg` decides"), "{said}");
    assert!(project.get(QUERY).contains("fn zero(") && project.get(QUERY).contains(&both));
    // A job's, too.
    let project = Project::new();
    project.edit(
        DAILY,
        "    async fn run",
        "    #[cfg(unix)]\n    async fn run",
    );
    let before = project.get(DAILY);
    project.edit("jobs.yaml", "  daily:", "  every_day:");
    let (code, said) = project.sync(&["--rename", "daily=every_day"]);
    assert_eq!(code, 1, "{said}");
    assert_eq!(project.get(DAILY), before);
}

#[test]
fn files_of_jobs_that_cannot_be_edited_are_skipped_as_well() {
    let project = Project::new();
    project.edit(
        DAILY,
        "impl gw::Daily for App {",
        "impl gw::Daily for App {{",
    );
    let before = project.get(DAILY);
    project.schema("  two:", "  three: Int\n  two:");
    let (code, said) = project.sync(&[]);
    assert_eq!(code, 1, "{said}");
    assert!(
        said.contains("src/jobs/daily.rs:") && said.contains("does not parse"),
        "{said}"
    );
    assert_eq!(project.get(DAILY), before);
    assert!(project.get(QUERY).contains("fn three("));
}
