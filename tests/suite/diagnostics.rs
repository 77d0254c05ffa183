//! The cases in `tests/diagnostics/<CodeName>/`: input, and what the user is told.
//!
//! A case is a file `name.graphql`, or a folder `name/` of `*.graphql` files and perhaps `jobs.yaml`; what is expected stands
//! beside the file in `name.stderr`, or in the folder in `stderr`. A folder with a `Cargo.toml` is a package, with stubs and
//! migrations, and what is expected is what `graphwright check` says of it.

use crate::golden::{compare, entries, folder};
use graphwright_codegen::cli::run_for_test;
use graphwright_codegen::diagnostic::{Code, Diagnostics};
use graphwright_codegen::generate;
use graphwright_codegen::load::Inputs;
use graphwright_codegen::options::Options;
use std::fs;
use std::path::{Path, PathBuf};

struct Case {
    code: String,
    inputs: Inputs,
    expected: PathBuf,
}

/// What the arguments of jobs can be in a manifest that stands alone.
const SCHEMA: &str = "
type Query { a: Int }
enum Region { EUROPE AMERICAS }
input Range { from: Date! to: Date, top: Int! = 3 }
input Either @oneOf { id: ID name: String }
";

fn is(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|found| found == extension)
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for group in entries(&folder("diagnostics")) {
        let code = group.file_name().unwrap().to_str().unwrap().to_string();
        for path in entries(&group) {
            let files = if path.is_dir() {
                entries(&path)
            } else {
                vec![path.clone()]
            };
            let mut inputs = Inputs::default();
            if files.iter().any(|file| file.ends_with("Cargo.toml")) {
                continue;
            }
            for file in files {
                let name = file.file_name().unwrap().to_str().unwrap().to_string();
                if is(&file, "graphql") {
                    inputs.add_schema(&name, &fs::read_to_string(&file).unwrap());
                } else if is(&file, "yaml") {
                    inputs.set_jobs(&name, &fs::read_to_string(&file).unwrap());
                }
            }
            if inputs.jobs.is_some() && inputs.schema.is_empty() {
                inputs.add_schema("schema.graphql", SCHEMA);
            }
            if inputs.schema.is_empty() {
                continue;
            }
            let expected = if path.is_dir() {
                path.join("stderr")
            } else {
                path.with_extension("stderr")
            };
            cases.push(Case {
                code: code.clone(),
                inputs,
                expected,
            });
        }
    }
    cases
}

/// What a run of the generator finds.
fn findings(inputs: &Inputs) -> Diagnostics {
    generate(inputs, &Options::default()).diagnostics
}

#[test]
fn every_case_is_told_as_expected() {
    let (mut wrong, cases) = (Vec::new(), cases());
    assert!(cases.len() >= 100, "{} cases", cases.len());
    for case in cases {
        let diags = findings(&case.inputs);
        let shown = diags.render(&case.inputs.sources, false);
        if !diags.sorted().iter().any(|d| d.code.name() == case.code) {
            wrong.push(format!(
                "{}: no {} among the findings\n{shown}",
                case.expected.display(),
                case.code
            ));
        } else if let Err(difference) = compare(&case.expected, &shown) {
            wrong.push(difference);
        }
    }
    assert!(
        wrong.is_empty(),
        "{} cases differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_package_is_told_as_expected() {
    let (mut wrong, mut count) = (Vec::new(), 0);
    for group in entries(&folder("diagnostics")) {
        let name = group.file_name().unwrap().to_str().unwrap();
        let code = Code::ALL.iter().find(|code| code.name() == name).unwrap();
        let packages = entries(&group);
        for package in packages
            .iter()
            .filter(|path| path.join("Cargo.toml").exists())
        {
            let (_, _, said) = run_for_test(&["check", "-C", package.to_str().unwrap()]);
            assert!(
                said.contains(&format!("[{code}]")),
                "{}: no {name} among the findings\n{said}",
                package.display()
            );
            wrong.extend(compare(&package.join("stderr"), &said).err());
            count += 1;
        }
    }
    assert!(count >= 8, "{count} packages");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_code_has_a_case() {
    let folders: Vec<String> = entries(&folder("diagnostics"))
        .iter()
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_string())
        .collect();
    let names: Vec<&str> = Code::ALL.iter().map(|code| code.name()).collect();
    let missing: Vec<&str> = Code::ALL
        .iter()
        .filter(|code| of_text(**code))
        .map(|code| code.name())
        .filter(|name| !folders.iter().any(|f| f == name))
        .collect();
    let unknown: Vec<&String> = folders
        .iter()
        .filter(|folder| !names.contains(&folder.as_str()))
        .collect();
    assert!(
        missing.is_empty() && unknown.is_empty(),
        "codes without cases: {missing:?}; folders without codes: {unknown:?}"
    );
}

/// Whether a text of bearable length can have this mistake.
fn of_text(code: Code) -> bool {
    // A disk that fails, a schema of 65,535 types, a mistake of our own that a check of the result would find, and data
    // of a mock, which the tests of the command have.
    !matches!(
        code,
        Code::Io | Code::TooMany | Code::StubGate | Code::MockData
    )
}
