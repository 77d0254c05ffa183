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
            let copy = place.root.join("target/package/x-0.1.0");
            std::fs::create_dir_all(copy.join("schema")).unwrap();
            for path in ["Cargo.toml", "schema/a.graphql"] {
                std::fs::copy(place.root.join(path), copy.join(path)).unwrap();
            }
            place.root = copy;
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
        "src/resolvers",
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
