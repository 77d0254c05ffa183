//! The corpus of `runtime/tests/validation`: every rule of the specification with documents that break it and documents that
//! come near.
//!
//! A file under `rules` is a rule; its documents stand behind lines of `--- breaks: …` or `--- valid: …`, each followed by
//! lines of `=> line:column message` (what we find) and `! oracle: why` (an oracle that answers otherwise, and what in the
//! specification decides). `UPDATE_GOLDEN=1` writes the findings anew.

#![allow(clippy::print_stdout, reason = "figures, shown with `--nocapture`")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::*;
use crate::engine::syntax;

mod mutants;
mod oracles;

/// One document of the corpus.
struct Case {
    file: String,
    title: String,
    breaks: bool,
    text: String,
    /// The lines of `=>`.
    found: Vec<String>,
    /// The names of the oracles that answer otherwise.
    other: Vec<String>,
}

struct Rule {
    path: PathBuf,
    /// What stands before the first document.
    head: String,
    schema: String,
    cases: Vec<Case>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/validation")
}

fn sdl(name: &str) -> String {
    fs::read_to_string(folder().join(format!("{name}.graphql"))).unwrap()
}

fn schema(sdl: &str) -> Schema {
    Schema::parse(sdl.to_owned().leak()).unwrap()
}

fn corpus() -> Vec<Rule> {
    let mut paths: Vec<_> = fs::read_dir(folder().join("rules"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths.into_iter().map(rule).collect()
}

fn rule(path: PathBuf) -> Rule {
    let text = fs::read_to_string(&path).unwrap();
    let file = path.file_stem().unwrap().to_str().unwrap().to_owned();
    let mut parts = text.split("\n--- ");
    let head = parts.next().unwrap().to_owned();
    let schema = head
        .lines()
        .find_map(|line| line.strip_prefix("# schema: "));
    let schema = schema.unwrap_or("harbour").to_owned();
    let cases = parts.map(|part| case(&file, part)).collect();
    Rule {
        path,
        head,
        schema,
        cases,
    }
}

fn case(file: &str, part: &str) -> Case {
    let (title, body) = part.split_once('\n').unwrap();
    let (found, rest): (Vec<_>, Vec<_>) = body.lines().partition(|line| line.starts_with("=> "));
    let (other, text): (Vec<_>, Vec<_>) = rest.into_iter().partition(|line| line.starts_with('!'));
    Case {
        file: file.to_owned(),
        title: title.to_owned(),
        breaks: match title.split_once(':').unwrap().0 {
            "breaks" => true,
            "valid" => false,
            other => panic!("{file}: {other}"),
        },
        text: text.join("\n").trim_end().to_owned(),
        found: found.into_iter().map(str::to_owned).collect(),
        other: other.into_iter().map(str::to_owned).collect(),
    }
}

/// As the corpus has them.
fn lines(problems: &[Problem]) -> Vec<String> {
    let line = |problem: &Problem| match problem.location {
        Some((line, column)) => format!("=> {line}:{column} {}", problem.message),
        None => format!("=> {}", problem.message),
    };
    problems.iter().map(line).collect()
}

fn found(schema: &Schema, text: &str) -> Vec<String> {
    let document = syntax::parse(text, usize::MAX).unwrap_or_else(|no| panic!("{no}: {text}"));
    lines(&validate(schema, &document, true))
}

#[test]
fn every_rule_finds_what_breaks_it_and_nothing_else() {
    let (mut counts, mut wrong) = (String::new(), Vec::new());
    let (mut all_breaking, mut all_valid) = (0, 0);
    for mut rule in corpus() {
        let schema = schema(&sdl(&rule.schema));
        let (mut breaking, mut valid) = (0, 0);
        for case in &mut rule.cases {
            *(if case.breaks {
                &mut breaking
            } else {
                &mut valid
            }) += 1;
            let found = found(&schema, &case.text);
            let update = std::env::var_os("UPDATE_GOLDEN").is_some();
            if found != case.found && !update || found.is_empty() == case.breaks {
                let (want, got) = (case.found.join("\n"), found.join("\n"));
                wrong.push(format!(
                    "{}, {}\n{}\nexpected:\n{want}\nfound:\n{got}\n",
                    case.file, case.title, case.text
                ));
            }
            case.found = found;
        }
        (all_breaking, all_valid) = (all_breaking + breaking, all_valid + valid);
        let title = rule.head.lines().next().unwrap().trim_start_matches("# ");
        writeln!(counts, "{breaking:4} breaking {valid:4} valid  {title}").unwrap();
        assert!(breaking >= 3 && valid >= 2, "{title}: too few documents");
        update(&rule);
    }
    println!("{counts}{all_breaking:4} breaking {all_valid:4} valid  in all");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Writes a rule's file anew if that is asked for.
fn update(rule: &Rule) {
    if std::env::var_os("UPDATE_GOLDEN").is_none() {
        return;
    }
    assert!(std::env::var_os("CI").is_none(), "not in CI");
    let mut text = rule.head.clone();
    for case in &rule.cases {
        write!(text, "\n--- {}\n{}\n", case.title, case.text).unwrap();
        for line in case.found.iter().chain(&case.other) {
            writeln!(text, "{line}").unwrap();
        }
    }
    fs::write(&rule.path, text).unwrap();
}

#[test]
fn every_rule_has_its_documents() {
    let rules =
        fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/engine/validate/rules"));
    let files = corpus();
    for rule in rules.unwrap() {
        let path = rule.unwrap().path();
        let name = path.file_stem().unwrap();
        if name == "mod" {
            continue;
        }
        let known = files
            .iter()
            .any(|rule| rule.path.file_stem().unwrap() == name);
        assert!(known, "no documents for {}", path.display());
    }
}

#[test]
fn suggestions_can_be_switched_off() {
    let schema = schema(&sdl("harbour"));
    for rule in corpus() {
        if rule.schema != "harbour" {
            continue;
        }
        for case in rule.cases {
            let document = syntax::parse(&case.text, usize::MAX).unwrap();
            let with = validate(&schema, &document, true);
            let without = validate(&schema, &document, false);
            assert_eq!(with.len(), without.len());
            for (with, without) in with.iter().zip(&without) {
                let cut = with.message.split(": did you mean").next().unwrap();
                assert_eq!(without.message, cut);
            }
        }
    }
}

#[test]
fn a_document_with_thousands_of_mistakes_is_told_a_few() {
    let text = format!("{{ {} }}", "nope ".repeat(3000));
    let schema = schema(&sdl("harbour"));
    let found = found(&schema, &text);
    assert_eq!(found.len(), findings::MOST + 1);
    assert!(found.last().unwrap().contains("more mistakes"), "{found:?}");
}

/// Hostile documents: each is answered in a time that no quadratic method would keep.
#[test]
fn no_document_takes_long() {
    let schema = schema(&sdl("harbour"));
    let n = 3000;
    let join = |each: &dyn Fn(usize) -> String| (0..n).map(each).collect::<String>();
    let documents = [
        ("fields", format!("{{ {} }}", "port { name } ".repeat(n))),
        ("keys", format!("{{ {} }}", join(&|i| format!("a{i}: port {{ name }} ")))),
        (
            "a chain of fragments",
            format!(
                "{{ port {{ ...F0 }} }} {} fragment F{n} on Port {{ name }}",
                join(&|i| format!("fragment F{i} on Port {{ ...F{} }} ", i + 1))
            ),
        ),
        (
            "a fan of fragments",
            format!(
                "{{ port {{ {} }} }} {}",
                join(&|i| format!("...F{i} ")),
                join(&|i| format!("fragment F{i} on Port {{ name berths }} "))
            ),
        ),
        (
            "each fragment spreads the next two",
            format!(
                "{{ port {{ ...F0 }} }} {} fragment F{n} on Port {{ name }} fragment F{} on Port {{ name }}",
                join(&|i| format!("fragment F{i} on Port {{ ...F{} ...F{} }} ", i + 1, i + 2)),
                n + 1
            ),
        ),
        (
            "fields through fragments, deeper and deeper",
            format!(
                "{{ tug {{ ...F0 }} }} {} fragment F{n} on Tug {{ name }}",
                join(&|i| format!("fragment F{i} on Tug {{ sister {{ ...F{n} }} sister {{ ...F{n} }} }} ", n = i + 1))
            ),
        ),
        (
            "each key leads two ways",
            format!(
                "{{ tug {{ ...F0 ...G0 }} }} {} fragment F200 on Tug {{ name }} fragment G200 on Tug {{ name }}",
                (0..200)
                    .map(|i| {
                        let n = i + 1;
                        format!(
                            "fragment F{i} on Tug {{ a: sister {{ ...F{n} }} b: sister {{ ...F{n} ...G{n} }} }} \
                             fragment G{i} on Tug {{ a: sister {{ ...G{n} ...F{n} }} b: sister {{ ...G{n} }} }} "
                        )
                    })
                    .collect::<String>()
            ),
        ),
        (
            "lists of sets, exponentially many",
            format!(
                "{{ tug {{ ...F0 }} }} {}",
                (0..60)
                    .map(|i| {
                        let n = i + 1;
                        format!(
                            "fragment F{i} on Tug {{ a: sister {{ ...F{n} }} b: sister {{ ...F{n} }} a: sister {{ ...X{i} }} \
                             a: sister {{ name }} b: sister {{ name }} }} fragment X{i} on Tug {{ name }} "
                        )
                    })
                    .collect::<String>()
                    + "fragment F60 on Tug { name }"
            ),
        ),
        (
            "operations that share fragments and variables",
            format!(
                "{} fragment F on Takes {{ ints(v: [{}]) ...G }} fragment G on Takes {{ int(v: 1) }}",
                (0..500).map(|i| format!("query Q{i}($a: Int) {{ takes {{ ...F }} }} ")).collect::<String>(),
                "$a ".repeat(2500)
            ),
        ),
        ("directives", format!("{{ port {} {{ name }} }}", "@note(text: \"x\") ".repeat(n))),
        ("arguments", format!("{{ port({}) {{ name }} }}", join(&|i| format!("a{i}: 1 ")))),
        ("an object", format!("{{ takes {{ date(v: {{ {} }}) }} }}", join(&|i| format!("a{i}: 1 ")))),
        (
            "objects in another order",
            format!(
                "{{ takes {{ date(v: {{ {} }}) date(v: {{ {} }}) }} }}",
                join(&|i| format!("a{i}: 1 ")),
                join(&|i| format!("a{}: 1 ", n - 1 - i))
            ),
        ),
        ("variables", format!("query Q({}) {{ takes {{ ints(v: [{}]) }} }}",
            join(&|i| format!("$a{i}: Int ")), join(&|i| format!("$a{i} ")))),
        ("operations", join(&|i| format!("query Q{i} {{ port {{ name }} }} "))),
    ];
    for (what, text) in documents {
        let start = Instant::now();
        let document = syntax::parse(&text, usize::MAX).unwrap_or_else(|no| panic!("{what}: {no}"));
        let problems = validate(&schema, &document, true);
        let took = start.elapsed();
        println!("{what}: {took:?}, {} problems", problems.len());
        // Of debug code on a busy machine; a quadratic method takes minutes.
        assert!(took < Duration::from_secs(20), "{what}: {took:?}");
    }
}
