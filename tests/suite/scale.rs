//! A schema of a thousand types: generated, and compiled as a user's crate.

use crate::generated::{planned, stubs};
use graphwright_codegen::emit;
use graphwright_codegen::options::Options;
use graphwright_codegen::source::{Source, Sources};
use std::fmt::Write;
use std::path::{Path, PathBuf};
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
            writeln!(sdl, "  size: Int! @each").unwrap();
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

/// A package outside of the workspace that shares its lock and its target folder: dependencies are there already.
fn package(folder: &Path, generated: &str, stubs: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    std::fs::create_dir_all(folder.join("src")).unwrap();
    let manifest = format!(
        "[package]\nname = \"thousand\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\ngraphwright = {{ path = {:?} }}\n\n[workspace]\n\n[profile.dev]\ndebug = false\n",
        root.join("runtime")
    );
    let head = "#![deny(warnings)]\npub mod generated { include!(\"graphwright.rs\"); }\nmod stubs { use super::App; use super::generated as gw; include!(\"stubs.rs\"); }\npub struct App;\n";
    let files = [
        ("Cargo.toml", manifest.as_str()),
        ("src/lib.rs", head),
        ("src/graphwright.rs", generated),
        ("src/stubs.rs", stubs),
    ];
    for (file, text) in files {
        std::fs::write(folder.join(file), text).unwrap();
    }
    std::fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
}

fn target() -> PathBuf {
    let binary = std::env::current_exe().unwrap();
    binary.ancestors().nth(3).unwrap().to_owned()
}

#[test]
fn a_thousand_types_compile() {
    let sources = Sources(vec![Source {
        name: "schema.graphql".into(),
        text: schema(),
    }]);
    let start = Instant::now();
    let plan = planned(&sources, &Options::default(), Vec::new());
    let generated = emit::generate(&plan);
    println!(
        "generated {} kB in {:?}",
        generated.len() / 1024,
        start.elapsed()
    );
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("thousand");
    package(&folder, &generated, &stubs(&plan));
    let start = Instant::now();
    let output = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--quiet"])
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", target())
        .env_remove("RUSTFLAGS")
        .output()
        .unwrap();
    println!("checked in {:?}", start.elapsed());
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
