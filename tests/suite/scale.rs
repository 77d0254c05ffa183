//! Schemas of others: generated, and compiled as a user's crate, one of a thousand types and every valid one of the corpus.

use crate::generated::{planned, stubs};
use crate::oracle;
use graphwright_codegen::emit;
use graphwright_codegen::options::Options;
use graphwright_codegen::source::{Source, Sources};
use graphwright_tests::target;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

const OBJECTS: usize = 500;

/// 500 objects of 6 fields, each fourth with two resolvers more; 50 interfaces, 50 unions, 250 enums, 148 inputs, and the roots.
/// All objects hold each other in one ring.
fn schema() -> String {
    let mut sdl = String::new();
    for i in 0..OBJECTS {
        let (next, far) = ((i + 1) % OBJECTS, (i * 7 + 3) % OBJECTS);
        let (face, kind, union, input) = (i % 50, i % 250, i % 50, i % 148);
        writeln!(
            sdl,
            "\"Number {i}.\"\ntype Type{i} implements Face{face} {{"
        )
        .unwrap();
        writeln!(
            sdl,
            "  id: ID!\n  name: String\n  kind: Kind{kind}!\n  scores: [Float!]!"
        )
        .unwrap();
        writeln!(sdl, "  next: Type{next}\n  any: [Any{union}!]").unwrap();
        if i % 4 == 0 {
            writeln!(
                sdl,
                "  far(first: Int! = 10, filter: Filter{input}): [Type{far}!]!"
            )
            .unwrap();
            writeln!(sdl, "  size: Int! @each(perItem: true)").unwrap();
        }
        sdl.push_str("}\n");
    }
    for i in 0..50 {
        writeln!(sdl, "interface Face{i} {{ id: ID! name: String }}").unwrap();
    }
    for i in 0..50 {
        writeln!(
            sdl,
            "union Any{i} = Type{i} | Type{} | Type{}",
            i + 100,
            i + 400
        )
        .unwrap();
    }
    for i in 0..250 {
        writeln!(sdl, "enum Kind{i} {{ LOW_{i} MIDDLE HIGH }}").unwrap();
    }
    for i in 0..148 {
        writeln!(
            sdl,
            "input Filter{i} {{ text: String! limit: Int = 5 kinds: [Kind{i}!] not: Filter{i} }}"
        )
        .unwrap();
    }
    sdl.push_str("type Query {\n");
    for i in (0..OBJECTS).step_by(20) {
        writeln!(
            sdl,
            "  type{i}(id: ID!): Type{i}\n  all{i}: [Face{}!]!",
            i % 50
        )
        .unwrap();
    }
    sdl.push_str("}\ntype Mutation {\n");
    for i in (0..OBJECTS).step_by(40) {
        writeln!(sdl, "  change{i}(filter: Filter{}!): Type{i}!", i % 148).unwrap();
    }
    sdl.push_str("}\n");
    sdl
}

/// Checks a package outside of the workspace that shares its lock and its target folder: dependencies are there already.
#[track_caller]
fn compile(name: &str, files: &[(String, String)]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(folder.join("src")).unwrap();
    let manifest = format!(
        "[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\ngraphwright = {{ path = {:?} }}\n\n[workspace]\n\n[profile.dev]\ndebug = false\n",
        root.join("runtime")
    );
    std::fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    for (file, text) in files {
        std::fs::write(folder.join("src").join(file), text).unwrap();
    }
    std::fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let start = Instant::now();
    let output = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--quiet"])
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", target())
        .env_remove("RUSTFLAGS")
        .output()
        .unwrap();
    println!("checked `{name}` in {:?}", start.elapsed());
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// A module with what was generated, its stubs, and an application; and the two files that it includes.
fn module(name: &str, sdl: &str) -> (String, [(String, String); 2]) {
    let sources = Sources(vec![Source {
        name: "schema.graphql".into(),
        text: sdl.into(),
    }]);
    let options = Options {
        app: format!("crate::{name}::App"),
        ..Options::default()
    };
    let plan = planned(&sources, &options, Vec::new());
    let files = [
        (format!("{name}.rs.generated"), emit::generate(&plan)),
        (format!("{name}.rs.stubs"), stubs(&plan)),
    ];
    let text = format!(
        "pub mod {name} {{\n    pub mod generated {{ include!(\"{name}.rs.generated\"); }}\n    mod stubs {{ use super::App; #[allow(unused_imports)] use super::generated as gw; include!(\"{name}.rs.stubs\"); }}\n    pub struct App;\n}}\n"
    );
    (text, files)
}

fn compile_modules(package: &str, modules: &[(String, String)]) {
    let (mut lib, mut all) = (String::from("#![deny(warnings)]\n"), Vec::new());
    for (name, sdl) in modules {
        let (text, files) = module(name, sdl);
        lib.push_str(&text);
        all.extend(files);
    }
    all.push(("lib.rs".to_owned(), lib));
    compile(package, &all);
}

#[test]
fn a_thousand_types_compile() {
    compile_modules("thousand", &[("thousand".to_owned(), schema())]);
}

/// Any valid SDL is a server, without a directive of ours.
#[test]
fn every_valid_document_compiles() {
    let mut documents = oracle::valid();
    // No crate can have it: see the diagnostic `TooDeep`.
    documents.retain(|document| document.name != "valid: deep lists in types");
    let modules: Vec<_> = documents
        .into_iter()
        .enumerate()
        .map(|(i, document)| {
            (
                format!("m{i}"),
                format!("# {}\n{}", document.name, document.text),
            )
        })
        .collect();
    assert!(modules.len() >= 100, "{} documents", modules.len());
    compile_modules("corpus", &modules);
}
