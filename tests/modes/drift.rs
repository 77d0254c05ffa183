//! What rustc says of stubs that the schema has left behind: the cases in `drift/cases.txt`, each a program of one
//! package that is checked once.

use graphwright_codegen::options::Options;
use graphwright_codegen::{Inputs, generate};
use graphwright_tests::{target, workspace};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const CASES: &str = include_str!("../drift/cases.txt");
const SCHEMA: &str = include_str!("../drift/schema.graphql");
const JOBS: &str = include_str!("../drift/jobs.yaml");
const STUBS: &str = include_str!("../drift/stubs.rs");

struct Case {
    title: &'static str,
    /// What goes, and what stands there instead.
    changes: Vec<(String, String)>,
    expect: Vec<Expect>,
}

/// An error of rustc, as far as it is the same in all of its versions.
struct Expect {
    code: &'static str,
    line: &'static str,
    words: Vec<&'static str>,
}

/// An error of rustc.
struct Found {
    code: String,
    /// The line of the stubs.
    line: String,
    number: u64,
    text: String,
}

fn cases() -> Vec<Case> {
    CASES.split("\n## ").skip(1).map(case).collect()
}

fn case(text: &'static str) -> Case {
    let (title, rest) = text.split_once('\n').unwrap_or((text, ""));
    let mut case = Case {
        title,
        changes: Vec::new(),
        expect: Vec::new(),
    };
    let mut inserting = false;
    for line in rest.lines().filter(|line| !line.is_empty()) {
        if let Some(old) = line.strip_prefix("- ") {
            if inserting || case.changes.is_empty() {
                case.changes.push(Default::default());
            }
            inserting = false;
            push(&mut case.changes.last_mut().unwrap().0, old);
        } else if let Some(new) = line.strip_prefix("+ ") {
            inserting = true;
            push(&mut case.changes.last_mut().unwrap().1, new);
        } else {
            let mut parts = line.split(" | ");
            let (code, line) = (parts.next().unwrap(), parts.next().unwrap());
            case.expect.push(Expect {
                code,
                line,
                words: parts.collect(),
            });
        }
    }
    case
}

fn push(text: &mut String, line: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(line.trim());
}

/// A text with the lines replaced, which stand there once. Blanks before them do not count.
fn replaced(texts: &mut [String; 2], old: &str, new: &str) {
    let bare = |text: &str| text.lines().map(str::trim).collect::<Vec<_>>().join("\n");
    for text in texts {
        // YAML counts blanks, so only the lines that are replaced lose theirs.
        let Some(at) = bare(text).find(old) else {
            continue;
        };
        let first = bare(text)[..at].matches('\n').count();
        let count = old.lines().count();
        let lines: Vec<&str> = text.lines().collect();
        let indent = |line: &str| line.len() - line.trim_start().len();
        let stretch: Vec<String> = lines[first..first + count]
            .iter()
            .map(|line| line.trim().to_owned())
            .collect();
        let depth = indent(lines[first]);
        let changed = stretch.join("\n").replacen(old, new, 1);
        let changed: Vec<String> = changed
            .lines()
            .map(|line| yaml_depth(line, depth))
            .collect();
        let mut all: Vec<String> = lines[..first].iter().map(ToString::to_string).collect();
        all.extend(changed);
        all.extend(lines[first + count..].iter().map(ToString::to_string));
        *text = all.join("\n") + "\n";
        return;
    }
    panic!("{old:?} is not there");
}

/// A job's own keys stand one step deeper than its name.
fn yaml_depth(line: &str, depth: usize) -> String {
    let deeper = line.starts_with("description:") || line.starts_with("schedule:");
    format!("{}{line}", " ".repeat(if deeper { 4 } else { depth }))
}

/// The module for a case, and its migrations.
fn generated(case: &Case) -> (String, BTreeMap<String, String>) {
    let mut texts = [SCHEMA.to_owned(), JOBS.to_owned()];
    for (old, new) in &case.changes {
        replaced(&mut texts, old, new);
    }
    let mut inputs = Inputs::default();
    inputs.add_schema("schema/library.graphql", &texts[0]);
    inputs.set_jobs("jobs.yaml", &texts[1]);
    let mut output = generate(&inputs, &Options::default());
    let findings = output.diagnostics.render(&inputs.sources, false);
    output.files.retain(|path, _| path.ends_with(".sql"));
    match output.generated {
        Some(text) => (text, output.files),
        None => panic!("{}: {findings}", case.title),
    }
}

fn write(path: PathBuf, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    // What did not change is not checked again.
    if fs::read_to_string(&path).ok().as_deref() != Some(text) {
        fs::write(path, text).unwrap();
    }
}

/// The package: a program for each case.
fn package(cases: &[Case]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("drift");
    let _ = fs::remove_dir_all(folder.join("src"));
    let runtime = workspace().join("runtime");
    write(
        folder.join("Cargo.toml"),
        &format!(
            "[package]\nname = \"drift\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\ngraphwright = {{ path = {runtime:?} }}\n\n[profile.dev]\ndebug = false\n"
        ),
    );
    for (i, case) in cases.iter().enumerate() {
        let program = folder.join(format!("src/bin/c{i}"));
        write(
            program.join("main.rs"),
            "#[allow(dead_code)]\npub mod generated {\n    include!(\"generated.rs\");\n}\nmod stubs;\n\npub struct App {\n    pub books: Vec<generated::Book>,\n}\n\nfn main() {\n    let app = App { books: Vec::new() };\n    assert!(graphwright::Server::new(app, graphwright::Services::new()).is_ok());\n}\n",
        );
        write(program.join("stubs.rs"), STUBS);
        let (text, migrations) = generated(case);
        write(program.join("generated.rs"), &text);
        for (path, sql) in migrations {
            write(folder.join(path), &sql);
        }
    }
    fs::copy(workspace().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    folder
}

/// Every error of rustc, by program.
fn check(folder: &Path) -> BTreeMap<String, Vec<Found>> {
    let output = Command::new(env!("CARGO"))
        .args([
            "check",
            "--offline",
            "--keep-going",
            "--message-format=json",
        ])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target())
        .env_remove("RUSTFLAGS")
        .output()
        .unwrap();
    let mut found: BTreeMap<String, Vec<Found>> = BTreeMap::new();
    let text = String::from_utf8(output.stdout).unwrap();
    let messages = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let mut messages = messages
        .filter(|message| {
            message["package_id"]
                .as_str()
                .is_some_and(|id| id.contains("drift"))
        })
        .peekable();
    assert!(
        messages.peek().is_some(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    for message in messages {
        let program = message["target"]["name"].as_str().unwrap().to_owned();
        let errors = found.entry(program).or_default();
        let message = &message["message"];
        let spans = message["spans"].as_array().cloned().unwrap_or_default();
        let Some(primary) = spans.iter().find(|span| span["is_primary"] == true) else {
            continue;
        };
        if message["level"] != "error" {
            continue;
        }
        let outer = outermost(primary);
        let in_stubs = outer["file_name"]
            .as_str()
            .is_some_and(|name| name.ends_with("stubs.rs"));
        let line = if in_stubs {
            outer["text"][0]["text"].as_str().unwrap_or_default().trim()
        } else {
            "(generated)"
        };
        errors.push(Found {
            code: message["code"]["code"].as_str().unwrap_or("-").to_owned(),
            line: line.to_owned(),
            number: outer["line_start"].as_u64().unwrap_or_default(),
            text: said(message),
        });
    }
    found
}

/// The place in the file, where a macro was called.
fn outermost(span: &Value) -> &Value {
    match &span["expansion"]["span"] {
        Value::Null => span,
        outer => outermost(outer),
    }
}

/// The message with its labels, notes and help.
fn said(message: &Value) -> String {
    let mut text = message["message"].as_str().unwrap_or_default().to_owned();
    for span in message["spans"].as_array().into_iter().flatten() {
        if let Some(label) = span["label"].as_str() {
            text = format!("{text}; {label}");
        }
    }
    for child in message["children"].as_array().into_iter().flatten() {
        text = format!("{text}; {}", said(child));
    }
    text
}

#[test]
fn rustc_points_at_what_the_schema_left_behind() {
    let cases = cases();
    assert!(cases.len() >= 30, "{} cases", cases.len());
    let found = check(&package(&cases));
    let mut wrong = String::new();
    for (i, case) in cases.iter().enumerate() {
        let mut errors: Vec<&Found> = found.get(&format!("c{i}")).into_iter().flatten().collect();
        errors.sort_by_key(|error| error.number);
        println!("\n## {}", case.title);
        for error in &errors {
            let text = error.text.replace('\n', " ");
            println!("{} | {} | {text}", error.code, error.line);
        }
        let fits = |expect: &Expect, error: &Found| {
            expect.code.split('/').any(|code| code == error.code)
                && expect.line == error.line
                && expect.words.iter().all(|words| error.text.contains(words))
        };
        let missing = case
            .expect
            .iter()
            .filter(|expect| !errors.iter().any(|error| fits(expect, error)));
        let more = errors
            .iter()
            .filter(|error| !case.expect.iter().any(|expect| fits(expect, error)));
        wrong.extend(missing.map(|e| {
            format!(
                "\n{}: rustc does not say {} at `{}`: {:?}",
                case.title, e.code, e.line, e.words
            )
        }));
        wrong.extend(more.map(|e| {
            format!(
                "\n{}: rustc says {} at `{}`: {}",
                case.title, e.code, e.line, e.text
            )
        }));
    }
    assert!(wrong.is_empty(), "{wrong}");
}
