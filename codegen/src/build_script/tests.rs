//! Builds of small packages in temporary folders.

use super::*;

const SCHEMA: &str = "type Query {\n  hello(name: String!): String!\n}\n";

struct Package(tempfile::TempDir);

impl Package {
    fn new(files: &[(&str, &str)]) -> Package {
        let package = Package(tempfile::tempdir().unwrap());
        package.put("Cargo.toml", "[package]\nname = \"x\"\n");
        package.put("src/lib.rs", "pub mod resolvers;\n");
        for (path, text) in files {
            package.put(path, text);
        }
        package
    }

    fn put(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn get(&self, path: &str) -> Option<String> {
        std::fs::read_to_string(self.0.path().join(path)).ok()
    }

    fn place(&self) -> Place {
        Place {
            root: self.0.path().into(),
            out: self.0.path().join("out"),
            ci: None,
            docs_rs: false,
            generator: Some("this".into()),
        }
    }

    /// The errors and warnings of a build.
    fn build(&self, change: impl FnOnce(&mut Place)) -> Vec<String> {
        let mut place = self.place();
        change(&mut place);
        let lines = run(&place, Vec::new());
        lines
            .into_iter()
            .filter(|line| !line.starts_with("cargo::rerun-if"))
            .collect()
    }
}

#[test]
fn a_development_build_writes_module_and_stubs_once() {
    let package = Package::new(&[("schema/a.graphql", SCHEMA)]);
    assert_eq!(package.build(|_| {}), Vec::<String>::new());
    assert!(
        package
            .get("out/graphwright.rs")
            .unwrap()
            .contains("QueryResolvers")
    );
    assert_eq!(
        package.get("src/resolvers/mod.rs").unwrap().lines().last(),
        Some("pub mod a;")
    );
    let stub = package.get("src/resolvers/a.rs").unwrap();
    assert!(
        stub.starts_with(
            "//! Resolvers of `schema/a.graphql`.\n\nuse crate::App;\nuse crate::generated as gw;\n"
        ),
        "{stub}"
    );
    assert!(
        stub.contains(
            "    async fn hello(&self, cx: &gw::Context, name: String) -> gw::Result<String> {\n"
        ),
        "{stub}"
    );
    assert_eq!(
        package.build(|place| place.ci = Some("true".into())),
        Vec::<String>::new(),
        "nothing is missing now"
    );
}

#[test]
fn everywhere_else_a_missing_stub_is_an_error() {
    let checks: [fn(&mut Place); 3] = [
        |place| place.ci = Some("1".into()),
        |place| place.docs_rs = true,
        |place| {
            // As Cargo unpacks what it has packaged or fetched.
            std::fs::write(place.root.join("Cargo.toml.orig"), "").unwrap();
        },
    ];
    for check in checks {
        let package = Package::new(&[("schema/a.graphql", SCHEMA)]);
        let lines = package.build(check);
        assert_eq!(
            lines[0],
            "cargo::error=schema/a.graphql:2:3: error[GW0701]: `Query.hello` has no method in the crate"
        );
        assert!(
            lines
                .iter()
                .any(|line| line.contains("async fn hello(&self")),
            "{lines:#?}"
        );
        assert!(
            package.get("out/graphwright.rs").is_some(),
            "the module is written all the same"
        );
        assert_eq!(package.get("src/resolvers/a.rs"), None);
    }
    let package = Package::new(&[("schema/a.graphql", SCHEMA)]);
    package.put(
        "Cargo.toml",
        "[package.metadata.graphwright]\nstubs = \"check\"\n",
    );
    assert!(package.build(|_| {})[0].contains("GW0701"));
    package.put("Cargo.toml", "[package]\n");
    assert_eq!(
        package.build(|place| place.ci = Some("false".into())),
        Vec::<String>::new()
    );
}

#[test]
fn mistakes_are_errors_of_the_build_and_nothing_is_written() {
    let package = Package::new(&[("schema/a.graphql", "type Query {\n  hello: Strin\n}\n")]);
    package.put("out/graphwright.rs", "// old");
    let lines = package.build(|_| {});
    assert!(
        lines[0].starts_with("cargo::error=schema/a.graphql:2:10: error[GW"),
        "{lines:#?}"
    );
    assert_eq!(package.get("out/graphwright.rs").unwrap(), "// old");
    assert_eq!(package.get("src/resolvers/a.rs"), None);

    let package = Package::new(&[]);
    assert!(
        package.build(|_| {})[0]
            .starts_with("cargo::error=error[GW0004]: no SDL file matches `schema/*.graphql`")
    );
    package.put(
        "Cargo.toml",
        "[package.metadata.graphwright]\nschma = \"a\"\n",
    );
    assert!(
        package.build(|_| {})[0]
            .starts_with("cargo::error=Cargo.toml:2:1: error[GW0003]: unknown setting `schma`")
    );
}

#[test]
fn a_stub_that_cannot_be_added_is_an_error_beside_the_generated_module() {
    let package = Package::new(&[
        ("schema/a.graphql", SCHEMA),
        ("src/resolvers/mod.rs", "pub mod a;\n"),
        ("src/resolvers/a.rs", "impl gw::QueryResolvers for App {\n"),
    ]);
    let lines = package.build(|_| {});
    assert!(lines[0].starts_with("cargo::error=schema/a.graphql:2:3: error[GW0703]: `Query.hello` has no method, and `src/resolvers/a.rs:"), "{lines:#?}");
    assert!(package.get("out/graphwright.rs").is_some());
    assert_eq!(
        package.get("src/resolvers/a.rs").unwrap(),
        "impl gw::QueryResolvers for App {\n"
    );
}

#[test]
fn a_folder_that_the_crate_does_not_name_is_a_warning() {
    let package = Package::new(&[("schema/a.graphql", SCHEMA), ("src/lib.rs", "\n")]);
    let lines = package.build(|_| {});
    assert_eq!(
        lines[0],
        "cargo::warning=warning[GW0704]: `src/resolvers/mod.rs` is not part of the crate"
    );
}

#[test]
fn cargo_is_told_of_every_input_that_exists() {
    let package = Package::new(&[
        ("schema/a.graphql", SCHEMA),
        ("schema/b.graphql", "extend type Query { b: Int }\n"),
    ]);
    run(&package.place(), Vec::new());
    package.put("jobs.yaml", "version: 1\n");
    let lines = run(&package.place(), Vec::new());
    for path in [
        "Cargo.toml",
        "schema",
        "schema/a.graphql",
        "schema/b.graphql",
        "jobs.yaml",
        "src/lib.rs",
        "src/resolvers/mod.rs",
        "src/resolvers/a.rs",
    ] {
        assert!(
            lines.contains(&format!("cargo::rerun-if-changed={path}")),
            "{path}: {lines:#?}"
        );
    }
    assert!(
        !lines
            .iter()
            .any(|line| line.contains("src/main.rs") || line.contains("=migrations")),
        "{lines:#?}"
    );
    assert!(lines.contains(&"cargo::rerun-if-env-changed=CI".to_owned()));
}

#[test]
fn settings_by_code_win() {
    let package = Package::new(&[("api/deep/x.graphql", SCHEMA)]);
    let build = Build::new()
        .schema(["api/**/*.graphql"])
        .app("crate::state::Server")
        .resolvers("src/api")
        .layout(Layout::Type);
    let lines = run(&package.place(), build.changes);
    assert!(
        !lines.iter().any(|line| line.starts_with("cargo::error")),
        "{lines:#?}"
    );
    let stub = package.get("src/api/query.rs").unwrap();
    assert!(stub.contains("use crate::state::Server;\n"), "{stub}");
    assert!(
        stub.contains("impl gw::QueryResolvers for Server {\n"),
        "{stub}"
    );
}

/// How much of the last run holds, in words.
fn held(package: &Package, change: impl FnOnce(&mut Place)) -> &'static str {
    let mut place = package.place();
    change(&mut place);
    let Loaded {
        inputs, options, ..
    } = load::load(&place.root, |_| {});
    let key = place.key(&options).unwrap();
    match stamp::held(&place.out, &place.module(), &key, &inputs) {
        Held::All(_) => "all",
        Held::Module => "module",
        Held::Nothing => "nothing",
    }
}

/// A package with stubs in step, of which one is edited.
fn in_step() -> Package {
    let package = Package::new(&[
        ("schema/a.graphql", SCHEMA),
        ("src/lib.rs", "pub mod resolvers;\nmod util;\n"),
        ("src/util.rs", "pub fn help() {}\n"),
        ("src/stray.rs", "// no module leads here\n"),
    ]);
    assert_eq!(package.build(|_| {}), Vec::<String>::new());
    package
}

#[test]
fn a_method_that_cannot_be_right_is_warned_of_and_left_alone() {
    let package = in_step();
    let stub = package.get("src/resolvers/a.rs").unwrap();
    let other = stub.replace("name: String", "name: Option<String>");
    package.put("src/resolvers/a.rs", &other);
    for _ in 0..2 {
        let said = package.build(|_| {}).join("\n");
        assert!(
            said.starts_with("cargo::warning=schema/a.graphql:2:3: warning[GW0710]"),
            "{said}"
        );
        assert!(
            said.contains("graphwright sync --follow Query.hello"),
            "{said}"
        );
        assert_eq!(package.get("src/resolvers/a.rs").as_ref(), Some(&other));
    }
    package.put("src/resolvers/a.rs", &stub);
    assert_eq!(package.build(|_| {}), Vec::<String>::new());
}

#[test]
fn an_edit_costs_what_it_changes() {
    let check = |path: &str, from: &str, to: &str, expect: &str| {
        let package = in_step();
        let old = package.get(path).unwrap_or_default();
        assert!(old.contains(from), "{path}: {old}");
        package.put(path, &old.replacen(from, to, 1));
        assert_eq!(held(&package, |_| {}), expect, "{path}: {from:?} is {to:?}");
        // Whatever is skipped: the answer and the files are those of a run that knows nothing.
        let quick = package.build(|_| {});
        let stub = package.get("src/resolvers/a.rs");
        let module = package.get("out/graphwright.rs");
        std::fs::remove_dir_all(package.0.path().join("out")).unwrap();
        assert_eq!(package.build(|_| {}), quick);
        assert_eq!(package.get("src/resolvers/a.rs"), stub);
        assert_eq!(package.get("out/graphwright.rs"), module);
    };
    let stub = "src/resolvers/a.rs";
    check(stub, "let _ = (cx, name);", "let _ = (cx, name);", "all");
    check(
        stub,
        "let _ = (cx, name);",
        "let _ = cx;\n        dbg!(name);",
        "all",
    );
    check(
        stub,
        "let _ = (cx, name);",
        "impl Clone for App {}",
        "module",
    );
    check(stub, "name: String", "_name: String", "module");
    check(
        stub,
        "use crate::App;",
        "use crate::App;\n// mine",
        "module",
    );
    check(stub, "}\n}\n", "}\n}\n\nfn helper() {}\n", "module");
    check(stub, "    async fn hello", "    async fn bye", "module");
    check("src/util.rs", "{}", "{ let a = 1; }", "all");
    check("src/util.rs", "fn help", "fn assist", "module");
    check("src/stray.rs", "no module", "no mod", "all");
    check("src/new.rs", "", "// new", "module");
    check(lock::FILE, "Query.hello", "Query.bye", "module");
    check("schema/a.graphql", "type", "# a comment\ntype", "nothing");
    check(
        "schema/b.graphql",
        "",
        "extend type Query { b: Int }",
        "nothing",
    );
    check("jobs.yaml", "", "version: 1\n", "nothing");
    check("Cargo.toml", "[package]", "# mine\n[package]", "nothing");
}

#[test]
fn another_place_is_another_run() {
    let package = in_step();
    assert_eq!(held(&package, |_| {}), "all");
    assert_eq!(
        held(&package, |place| place.ci = Some("1".into())),
        "nothing"
    );
    assert_eq!(
        held(&package, |place| place.generator = Some("that".into())),
        "nothing"
    );
    package.put("out/graphwright.rs", "// cut off");
    assert_eq!(held(&package, |_| {}), "nothing");
    package.build(|_| {});
    assert_eq!(held(&package, |_| {}), "all");
    package.put("out/graphwright.stamp", "k 1 9999999999\n");
    assert_eq!(held(&package, |_| {}), "nothing");
}

#[test]
fn a_run_with_findings_is_not_taken_for_one_without() {
    let package = in_step();
    // Warned of on every run.
    package.put("src/lib.rs", "mod util;\n");
    let lines = package.build(|_| {});
    assert!(lines[0].contains("is not part of the crate"), "{lines:#?}");
    assert_eq!(held(&package, |_| {}), "all");
    assert_eq!(package.build(|_| {}), lines);
    // A mistake forgets what was.
    package.put("schema/a.graphql", "type Query { hello: Strin }");
    let lines = package.build(|_| {});
    assert!(lines[0].starts_with("cargo::error"), "{lines:#?}");
    assert_eq!(held(&package, |_| {}), "nothing");
    assert_eq!(package.build(|_| {}), lines);
}

#[test]
fn what_is_written_is_as_old_as_what_it_was_made_from() {
    use std::time::{Duration, SystemTime};
    let package = Package::new(&[("schema/a.graphql", SCHEMA)]);
    let hour_ago = SystemTime::now() - Duration::from_secs(3600);
    let date = |path: &str| {
        let file = std::fs::metadata(package.0.path().join(path)).unwrap();
        file.modified().unwrap()
    };
    for path in ["Cargo.toml", "src/lib.rs", "schema/a.graphql"] {
        let path = package.0.path().join(path);
        let file = std::fs::File::options().write(true).open(path).unwrap();
        file.set_modified(hour_ago).unwrap();
    }
    package.build(|_| {});
    for path in ["src/resolvers/a.rs", "src/resolvers/mod.rs", lock::FILE] {
        assert!(date(path) > date("schema/a.graphql"), "{path}");
        assert!(date(path) < hour_ago + Duration::from_secs(1), "{path}");
    }
}

#[cfg(unix)]
#[test]
fn what_is_not_there_yet_is_watched_for() {
    let package = Package::new(&[("schema/a.graphql", SCHEMA)]);
    let lines = run(&package.place(), Vec::new());
    let folder = package.0.path().join("out/graphwright-watch");
    assert!(
        lines.contains(&format!("cargo::rerun-if-changed={}", folder.display())),
        "{lines:#?}"
    );
    let link = std::fs::read_link(folder.join("jobs.yaml")).unwrap();
    assert_eq!(link, package.0.path().join("jobs.yaml"));
    let made = folder.symlink_metadata().unwrap().modified().unwrap();
    assert!(made < std::time::SystemTime::now() - std::time::Duration::from_secs(3600));
}

/// A stub that cannot be edited is an error with the place and the text to add, wherever the build runs; what can be done
/// is done.
#[test]
fn what_cannot_be_edited_fails_the_build_with_the_patch() {
    let cases = [
        (
            "impl gw::QueryResolvers for App {",
            "impl gw::QueryResolvers for App {{",
            "does not parse",
        ),
        (
            "    async fn hello",
            "    forward!(x);\n    async fn hello",
            "has a macro call inside",
        ),
        (
            "impl gw::QueryResolvers for App {",
            "#[cfg(a)]\nimpl gw::QueryResolvers for App {}\n#[cfg(b)]\nimpl gw::QueryResolvers for App {",
            "in 2 blocks",
        ),
    ];
    for (from, to, reason) in cases {
        let package = Package::new(&[("schema/a.graphql", SCHEMA)]);
        package.put(
            "jobs.yaml",
            "version: 1\njobs:\n  daily:\n    enabled: false\n",
        );
        package.put("src/lib.rs", "pub mod resolvers;\npub mod jobs;\n");
        assert_eq!(package.build(|_| {}), Vec::<String>::new());
        let stub = package.get("src/resolvers/a.rs").unwrap().replace(from, to);
        package.put("src/resolvers/a.rs", &stub);
        package.put(
            "schema/a.graphql",
            &SCHEMA.replace("}", "  more(x: Int!): Int\n}"),
        );
        package.put(
            "jobs.yaml",
            "version: 1\njobs:\n  daily:\n    enabled: false\n  nightly:\n    enabled: false\n",
        );
        let modes: [fn(&mut Place); 2] = [|_| {}, |place| place.ci = Some("true".into())];
        for mode in modes {
            let lines = package.build(mode);
            let first = lines
                .iter()
                .find(|line| line.contains("Query.more"))
                .unwrap();
            assert!(
                first.starts_with("cargo::error=schema/a.graphql:"),
                "{lines:#?}"
            );
            assert!(lines.iter().any(|line| line.contains(reason)), "{lines:#?}");
            assert!(
                lines.iter().any(|line| line.starts_with("cargo::error=")
                    && line.contains("async fn more(&self, cx: &gw::Context, x: i32)")),
                "{lines:#?}"
            );
        }
        assert_eq!(package.get("src/resolvers/a.rs").unwrap(), stub);
        assert!(
            package.get("src/jobs/nightly.rs").is_some(),
            "the others are done"
        );
    }
    // A job's block that holds a macro call: its method may be made by it, so nothing is added or said.
    let package = Package::new(&[("schema/a.graphql", SCHEMA)]);
    package.put(
        "jobs.yaml",
        "version: 1\njobs:\n  daily:\n    enabled: false\n",
    );
    package.put("src/lib.rs", "pub mod resolvers;\npub mod jobs;\n");
    package.put("src/jobs/mod.rs", "pub mod daily;\n");
    package.put(
        "src/jobs/daily.rs",
        "use crate::{App, generated as gw};\nimpl gw::Daily for App { forward!(other); }\n",
    );
    let lines = package.build(|_| {});
    assert!(
        lines.iter().any(|line| line
            .contains("`daily` has no method, and `src/jobs/daily.rs:2` cannot be edited")),
        "{lines:#?}"
    );
    assert!(
        lines
            .iter()
            .any(|line| line.contains("async fn run(&self, cx: &gw::JobContext")),
        "{lines:#?}"
    );
}

/// What a run leaves that was killed after its first file: the journal, the old text and the new one in place.
fn interrupt(package: &Package) {
    package.put(".graphwright/.gitignore", "*\n");
    package.put(".graphwright/lock", "");
    package.put(
        ".graphwright/0.old",
        &package.get("src/resolvers/a.rs").unwrap(),
    );
    package.put("src/resolvers/a.rs", "// half of it\n");
    // FNV-1a of that text.
    let hash = "// half of it\n"
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
        });
    let journal = format!("graphwright journal 1\nreplace {hash:016x} src/resolvers/a.rs\nend\n");
    package.put(".graphwright/journal", &journal);
}

#[test]
fn a_build_begins_with_undoing_a_run_that_was_killed() {
    let package = Package::new(&[("schema/a.graphql", SCHEMA)]);
    package.build(|_| {});
    let stub = package.get("src/resolvers/a.rs");
    interrupt(&package);
    // Where nothing may be written it is told.
    let lines = package.build(|place| place.ci = Some("true".into()));
    assert_eq!(
        lines,
        [
            "cargo::error=error[GW0002]: a run of graphwright did not end here; run `graphwright sync`"
        ]
    );
    assert_eq!(package.build(|_| {}), Vec::<String>::new());
    assert_eq!(package.get("src/resolvers/a.rs"), stub);
    assert!(!package.0.path().join(".graphwright").exists());
}

#[test]
fn builds_at_once_and_a_user_who_saves_meanwhile_do_not_disturb_each_other() {
    let package = Package::new(&[("schema/a.graphql", SCHEMA)]);
    package.build(|_| {});
    let stub = package.get("src/resolvers/a.rs").unwrap();
    let fields = |n: usize| (0..n).map(|i| format!("  f{i}: Int\n")).collect::<String>();
    std::thread::scope(|scope| {
        for other in 0..3 {
            let package = &package;
            scope.spawn(move || {
                for n in 0..8 {
                    if other == 0 {
                        // At once, as editors do: half a schema is another schema.
                        let text = SCHEMA.replace("}", &format!("{}}}", fields(n)));
                        package.put("draft", &text);
                        let path = |name: &str| package.0.path().join(name);
                        std::fs::rename(path("draft"), path("schema/a.graphql")).unwrap();
                    }
                    // Each as a Cargo of its own has it: `cargo build`, rust-analyzer.
                    let lines =
                        package.build(|place| place.out = place.root.join(format!("out{other}")));
                    let busy =
                        |line: &String| line.contains("run it again") || line.contains("out of");
                    assert!(
                        lines
                            .iter()
                            .all(|line| busy(line) || line.contains("schema/")),
                        "{lines:#?}"
                    );
                }
            });
        }
    });
    package.build(|_| {});
    let now = package.get("src/resolvers/a.rs").unwrap();
    assert!(now.starts_with(&stub[..stub.rfind('}').unwrap()]), "{now}");
    for n in 0..7 {
        assert_eq!(now.matches(&format!("fn f{n}(")).count(), 1, "{now}");
    }
    assert!(!package.0.path().join(".graphwright").exists());
    assert_eq!(
        package.build(|place| place.ci = Some("true".into())),
        Vec::<String>::new()
    );
}
