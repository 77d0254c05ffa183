//! Who may import whom, and what no source file may hold: read from the text of the sources.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// Every Rust file below a folder: path relative to it, with `/`, and text. Sorted.
fn sources(folder: &str) -> Vec<(String, String)> {
    let base = root().join(folder);
    let mut found = Vec::new();
    let mut folders = vec![base.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let name = path
                    .strip_prefix(&base)
                    .unwrap()
                    .to_string_lossy()
                    .replace('\\', "/");
                found.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "{folder} has no sources");
    found
}

/// The first segment behind `crate::` of every path in a file, tests and comments left out.
fn crate_paths(text: &str) -> BTreeSet<String> {
    let code = without_tests(text);
    let mut found = BTreeSet::new();
    for line in code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
    {
        let line = without_strings(line);
        for (at, _) in line.match_indices("crate::") {
            let rest = &line[at + "crate::".len()..];
            let names: Vec<&str> = match rest.strip_prefix('{') {
                // `use crate::{a, b::c};` on one line; longer groups are written apart by convention of this test.
                Some(group) => group
                    .split('}')
                    .next()
                    .unwrap_or(group)
                    .split(',')
                    .map(str::trim)
                    .collect(),
                None => vec![rest],
            };
            for name in names {
                let end = name
                    .find(|c: char| !c.is_alphanumeric() && c != '_')
                    .unwrap_or(name.len());
                found.insert(name[..end].to_owned());
            }
        }
    }
    found.remove("");
    found
}

/// The lines, those of items under `#[cfg(test)]` left blank.
fn without_tests(text: &str) -> String {
    let mut out = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        out.push('\n');
        if line != "#[cfg(test)]" {
            out.push_str(line);
            continue;
        }
        for line in lines.by_ref() {
            out.push('\n');
            if line == "}" || line.ends_with(';') && !line.starts_with(' ') {
                break;
            }
        }
    }
    out.trim_start_matches('\n').to_owned()
}

/// The line without what stands in quotes.
fn without_strings(line: &str) -> String {
    line.replace("\\\"", "")
        .split('"')
        .step_by(2)
        .collect::<Vec<_>>()
        .join("\"\"")
}

/// What each stage of the generator may name. A stage that is missing here fails the test.
const MAY: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("diagnostic", &["source"]),
    ("options", &["diagnostic", "source"]),
    ("ir", &["source"]),
    ("lock", &["ir"]),
    ("load", &["diagnostic", "lock", "options", "source"]),
    ("parse", &["diagnostic", "ir", "source"]),
    ("lower", &["diagnostic", "ir", "parse", "source"]),
    ("validate", &["diagnostic", "ir", "source"]),
    ("print", &["ir"]),
    ("plan", &["diagnostic", "ir", "options", "source"]),
    ("emit", &["plan"]),
    (
        "merge",
        &["diagnostic", "load", "lock", "options", "plan", "source"],
    ),
    ("migrate", &["diagnostic", "ir", "options", "source"]),
    ("patch", &[]),
    ("compare", &["ir", "parse", "print", "source"]),
    ("expand", &["plan"]),
    (
        "explain",
        &["compare", "diagnostic", "ir", "plan", "print", "source"],
    ),
    ("write", &[]),
];

/// The shell may name every stage.
const SHELL: &[&str] = &["pipeline", "build_script", "cli", "lib", "main"];

#[test]
fn the_generators_stages_know_only_what_is_before_them() {
    let mut broken = Vec::new();
    let mut seen = BTreeSet::new();
    for (file, text) in sources("codegen/src") {
        let stage = file
            .split('/')
            .next()
            .unwrap()
            .trim_end_matches(".rs")
            .to_owned();
        if SHELL.contains(&stage.as_str()) || file.ends_with("tests.rs") || file.contains("/tests/")
        {
            continue;
        }
        let Some((_, allowed)) = MAY.iter().find(|(name, _)| *name == stage) else {
            broken.push(format!(
                "{file}: `{stage}` is a new stage: say in this test what it may name"
            ));
            continue;
        };
        for name in crate_paths(&text) {
            if name != stage && !allowed.contains(&name.as_str()) {
                broken.push(format!("{file} names crate::{name}"));
            }
        }
        seen.insert(stage);
    }
    assert_eq!(broken, Vec::<String>::new());
    assert_eq!(
        seen.len(),
        MAY.len(),
        "a stage of this test's table is gone"
    );
}

#[test]
fn only_the_shell_touches_the_world() {
    let forbidden = [
        "std::fs",
        "std::env",
        "SystemTime::",
        "Instant::now",
        "std::process",
    ];
    let allowed = ["load.rs", "build_script.rs", "main.rs"];
    let mut broken = Vec::new();
    for (file, text) in sources("codegen/src") {
        if allowed.contains(&file.as_str())
            || file.starts_with("cli/")
            || file.starts_with("write/")
            || file.starts_with("build_script/")
            || file.ends_with("tests.rs")
            || file.contains("/tests/")
        {
            continue;
        }
        let code = without_tests(&text);
        broken.extend(
            forbidden
                .iter()
                .filter(|word| code.contains(**word))
                .map(|word| format!("{file}: {word}")),
        );
    }
    assert_eq!(broken, Vec::<String>::new());
}

#[test]
fn runtime_and_generator_do_not_know_each_other() {
    let names = |folder: &str, word: &str| -> Vec<String> {
        let manifest = std::fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap();
        let manifest = manifest
            .split("[dev-dependencies]")
            .next()
            .unwrap_or_default()
            .to_owned();
        manifest
            .lines()
            .filter(|line| line.starts_with(word))
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(
        names("runtime", "graphwright-codegen"),
        Vec::<String>::new()
    );
    // The command alone runs the engine, for mocks: a build script neither builds nor names it.
    let named = names("codegen", "graphwright ");
    assert!(
        named.len() == 1 && named[0].contains("optional = true"),
        "{named:?}"
    );
    assert_eq!(names("codegen", "graphwright."), Vec::<String>::new());
    let knows = |(file, text): &(String, String)| {
        let code = without_tests(text);
        let mut lines = code.lines().filter(|l| !l.trim_start().starts_with("//"));
        !file.starts_with("cli/") && lines.any(|line| names_runtime(&without_strings(line)))
    };
    let knowing: Vec<String> = sources("codegen/src")
        .into_iter()
        .filter(knows)
        .map(|(file, _)| file)
        .collect();
    assert_eq!(knowing, Vec::<String>::new());
}

/// Whether a line of code names an item of the runtime; quoted code, which the emitter has, begins with `::`.
fn names_runtime(line: &str) -> bool {
    line.match_indices("graphwright::").any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != ':')
    })
}

#[test]
fn every_module_says_what_it_is() {
    let mut broken = Vec::new();
    for folder in [
        "codegen/src",
        "runtime/src",
        "examples/hello/src",
        "tests/suite",
    ] {
        for (file, text) in sources(folder) {
            if !text.starts_with("//!") {
                broken.push(format!("{folder}/{file}"));
            }
        }
    }
    assert_eq!(
        broken,
        Vec::<String>::new(),
        "a module opens with `//!`: what comes in, what goes out"
    );
}

#[test]
fn no_shortcuts_outside_of_tests() {
    // Written apart, so that this file does not hold them.
    let forbidden = [
        concat!(".unw", "rap()"),
        concat!("to", "do!("),
        concat!("unimpl", "emented!("),
        concat!("db", "g!("),
        concat!("FIX", "ME"),
    ];
    let printing = [concat!("print", "ln!("), concat!("eprint", "ln!(")];
    let prints = ["build_script.rs", "app/output.rs", "app/log.rs"];
    let mut broken = Vec::new();
    for folder in ["codegen/src", "runtime/src"] {
        for (file, text) in sources(folder) {
            let is_test = file.ends_with("tests.rs")
                || file.contains("/tests/")
                || file.starts_with("testing");
            if is_test {
                continue;
            }
            let code = without_tests(&text);
            for (i, line) in code
                .lines()
                .enumerate()
                .filter(|(_, line)| !line.trim_start().starts_with("//"))
            {
                let words = forbidden.iter().chain(if prints.contains(&file.as_str()) {
                    &[][..]
                } else {
                    &printing[..]
                });
                let found = words.filter(|word| line.contains(**word));
                broken.extend(found.map(|word| format!("{folder}/{file}:{}: {word}", i + 1)));
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}
