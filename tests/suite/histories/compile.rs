//! Some states of histories, really compiled: one workspace of small crates, one `cargo check`.

use super::{History, judge, number};
use graphwright_codegen::lock::{self, Lock};
use graphwright_tests::{target, workspace};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

/// A run whose both ends are compiled.
struct Sample {
    seed: u64,
    before: BTreeMap<String, String>,
    generated: String,
    lock: Lock,
    history: History,
}

impl Sample {
    /// A history up to some run.
    fn new(seed: u64) -> Sample {
        let mut history = History::new(seed);
        for _ in 0..2 + seed % 4 {
            history.edit();
            // What a run leaves to the user is not compiled until it is done; here nobody does it.
            history.step().unwrap();
        }
        history.edit();
        let before = history.user.texts.clone();
        let (generated, lock) = (history.generated(), lock::parse(&history.lock));
        history.step().unwrap();
        Sample {
            seed,
            before,
            generated,
            lock,
            history,
        }
    }

    /// The methods that the run was about, by trait and name.
    fn touched(&self) -> BTreeSet<(String, String)> {
        let after = lock::parse(&self.history.lock);
        let wanted: BTreeSet<String> = self.history.world.coordinates().into_iter().collect();
        let keys = self.lock.stubs.keys().chain(after.stubs.keys());
        keys.filter(|key| {
            let stubs = after.stubs.get(*key);
            let gone = stubs.is_some_and(|s| s.iter().any(|s| !wanted.contains(&s.coordinate)));
            gone || self.lock.stubs.get(*key) != stubs
        })
        .map(|key| (key.trait_name.clone(), key.method.clone()))
        .collect()
    }
}

fn write(folder: &Path, name: &str, texts: &BTreeMap<String, String>, generated: &str) {
    let put = |path: &str, text: &str| {
        let path = folder.join(name).join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let runtime = workspace().join("runtime");
    put(
        "Cargo.toml",
        &format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\ngraphwright = {{ path = {:?} }}\n",
            runtime.to_string_lossy()
        ),
    );
    for (path, text) in texts {
        let text = match path == "src/lib.rs" {
            // The module as a file beside the others: there is no build script here.
            true => text.replace("graphwright::include!();", "pub mod generated;"),
            false => text.clone(),
        };
        put(path, &text);
    }
    put("src/generated.rs", generated);
}

/// The errors of each crate: file within it, line, message.
type Errors = BTreeMap<String, Vec<(String, usize, String)>>;

fn check(folder: &Path) -> Errors {
    let output = Command::new(env!("CARGO"))
        .args([
            "check",
            "--offline",
            "--workspace",
            "--keep-going",
            "--message-format=json",
        ])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target())
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("RUSTFLAGS", std::env::var("RUSTFLAGS").unwrap_or_default())
        .output()
        .unwrap();
    let mut errors = Errors::new();
    let mut checked = BTreeSet::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let message: Value = serde_json::from_str(line).unwrap_or_default();
        let name = message["target"]["name"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        checked.insert(name.clone());
        let inner = &message["message"];
        if message["reason"] != "compiler-message" || inner["level"] != "error" {
            continue;
        }
        let spans = inner["spans"].as_array().cloned().unwrap_or_default();
        // The last line only counts the others.
        let Some(span) = spans.iter().find(|span| span["is_primary"] == true) else {
            continue;
        };
        let path = span["file_name"].as_str().unwrap_or_default();
        let path = path.find("src/").map_or(path, |at| &path[at..]);
        let line = span["line_start"].as_u64().unwrap_or_default() as usize;
        let text = inner["rendered"].as_str().unwrap_or_default().to_owned();
        errors
            .entry(name)
            .or_default()
            .push((path.to_owned(), line, text));
    }
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        checked.iter().any(|name| name.ends_with("_after")),
        "{said}"
    );
    errors
}

/// Whether an error is at something that the run was about.
fn belongs(sample: &Sample, (path, line, text): &(String, usize, String)) -> bool {
    let Some(source) = sample.history.user.texts.get(path) else {
        return false;
    };
    let touched = sample.touched();
    let is = |trait_name: &str, method: &str| {
        touched.contains(&(
            trait_name.to_owned(),
            method.trim_start_matches("r#").to_owned(),
        ))
    };
    let all = judge::methods(source);
    let mut near = all
        .iter()
        .filter(|s| s.lines.contains(line) || s.block.start() == line);
    if near.any(|stands| is(&stands.trait_name, &stands.method)) {
        return true;
    }
    // A user's alias of what has another type now, or of a type that is gone.
    let words = source.lines().nth(line - 1).unwrap_or_default();
    words.trim_start().starts_with("type Mine") || text.contains("type Mine")
}

#[test]
fn what_compiled_compiles_or_rustc_points_at_the_change() {
    let folder = tempfile::tempdir().unwrap();
    let count = number("GRAPHWRIGHT_COMPILED", 8);
    let samples: Vec<Sample> = (0..count).map(|i| Sample::new(1_000 + i)).collect();
    let mut members = Vec::new();
    for Sample {
        seed,
        before,
        generated,
        history,
        ..
    } in &samples
    {
        for (end, texts, generated) in [
            ("before", before, generated),
            ("after", &history.user.texts, &history.generated()),
        ] {
            let name = format!("history_{seed}_{end}");
            write(folder.path(), &name, texts, generated);
            members.push(format!("{name:?}"));
        }
    }
    let manifest = format!(
        "[workspace]\nresolver = \"3\"\nmembers = [{}]\n",
        members.join(", ")
    );
    fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
    fs::copy(
        workspace().join("Cargo.lock"),
        folder.path().join("Cargo.lock"),
    )
    .unwrap();
    let errors = check(folder.path());
    let (mut clean, mut at_change, mut broken) = (0, 0, 0);
    for sample in &samples {
        let of = |end: &str| errors.get(&format!("history_{}_{end}", sample.seed));
        if of("before").is_some() {
            broken += 1;
        }
        match of("after") {
            None => clean += 1,
            // What did not compile before may go on so.
            Some(_) if of("before").is_some() => {}
            Some(after) => {
                let elsewhere = after.iter().find(|error| !belongs(sample, error));
                if let Some((path, line, text)) = elsewhere {
                    let source = &sample.history.user.texts[path];
                    panic!(
                        "seed {}: {path}:{line}: {text}\n{:?}\n{source}",
                        sample.seed,
                        sample.touched()
                    );
                }
                at_change += 1;
            }
        }
    }
    println!(
        "{count} runs compiled: {clean} clean, {at_change} with errors at the change, {broken} broken before"
    );
    assert!(
        broken * 2 < count,
        "{broken} of {count} did not compile before"
    );
    assert!(clean > 0, "none of {count} compiled");
}
