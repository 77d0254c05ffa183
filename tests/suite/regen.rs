//! Regeneration, as triples: what a first run makes, what a user then does to it together with a change of the schema,
//! and what the next run makes of that.
//!
//! `regen/<case>/before` holds inputs and the stubs that the first run adds; `stub-edited` the changed inputs and the
//! user's files; `after` the files that the second run changes, and `findings.txt` where it has something to say.

use graphwright_codegen::load::{Loaded, load};
use graphwright_codegen::lock::FILE;
use graphwright_codegen::{Output, generate};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("regen");
    let mut cases: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    cases.sort();
    assert!(cases.len() >= 5, "{cases:?}");
    cases
}

/// A run over the texts of a folder, some of them replaced.
fn run(
    folder: &Path,
    changed: &BTreeMap<String, String>,
) -> (Output, BTreeMap<String, String>, String) {
    let Loaded {
        mut inputs,
        options,
        ..
    } = load(folder, |_| {});
    if folder.ends_with("before") {
        // The stubs that lie there are what the run is to make.
        inputs.rust.retain(|path, _| path == "src/lib.rs");
    }
    let (lock, rust): (BTreeMap<_, _>, BTreeMap<_, _>) = changed
        .clone()
        .into_iter()
        .partition(|(path, _)| path == FILE);
    inputs.rust.extend(rust);
    inputs.lock = lock.into_values().next().unwrap_or_default();
    let output = generate(&inputs, &options);
    let findings = output.diagnostics.render(&inputs.sources, false);
    (output, inputs.rust, findings)
}

/// Compares what a run writes with the files of a folder, or writes them there when asked to.
fn compare(folder: &Path, files: &BTreeMap<String, String>) {
    for (path, text) in files {
        let path = folder.join(path);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            assert!(
                std::env::var_os("CI").is_none(),
                "golden files are not updated in CI"
            );
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, text).unwrap();
        }
        let expect = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(
            *text,
            expect,
            "{}; UPDATE_GOLDEN=1 accepts it",
            path.display()
        );
    }
}

#[test]
fn every_case_comes_out_as_written_down() {
    for case in cases() {
        // The inputs alone give the stubs that lie beside them.
        let (first, _, _) = run(&case.join("before"), &BTreeMap::new());
        let made: BTreeMap<_, _> = first
            .files
            .into_iter()
            .filter(|(path, _)| path.ends_with(".rs") || path == FILE)
            .collect();
        compare(&case.join("before"), &made);
        let (again, texts, _) = run(&case.join("before"), &made);
        assert_eq!(
            again.files,
            BTreeMap::new(),
            "{}: a second run changes nothing",
            case.display()
        );
        assert!(
            texts.keys().any(|path| path.starts_with("src/resolvers/")),
            "{}",
            case.display()
        );

        let known: BTreeMap<_, _> = made.into_iter().filter(|(path, _)| path == FILE).collect();
        let (second, texts, findings) = run(&case.join("stub-edited"), &known);
        assert!(second.generated.is_some(), "{findings}");
        let mut after = second.files.clone();
        if !findings.is_empty() {
            after.insert("findings.txt".into(), findings);
        }
        compare(&case.join("after"), &after);
        assert!(
            !after.is_empty(),
            "{}: the change asks for something",
            case.display()
        );
        nothing_lost(&case, &texts, &second.files);
        let mut files = known.clone();
        files.extend(second.files);
        let (third, _, _) = run(&case.join("stub-edited"), &files);
        assert_eq!(
            third.files,
            BTreeMap::new(),
            "{}: a third run changes nothing",
            case.display()
        );
    }
}

/// Every byte of the user's is there, in its order.
fn nothing_lost(case: &Path, before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) {
    for (path, text) in after {
        let mut bytes = text.bytes();
        let kept = before
            .get(path)
            .is_none_or(|old| old.bytes().all(|byte| bytes.any(|found| found == byte)));
        assert!(kept, "{}: {path} lost something", case.display());
    }
}
