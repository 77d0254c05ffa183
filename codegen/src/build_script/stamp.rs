//! What the last run of this build script saw and said, kept in `OUT_DIR`: the same again needs no work.
//!
//! In: settings, inputs, what a run had to say. Out: how much of it still holds. Must not know: how anything is generated.
//!
//! The stamp holds the texts themselves. Nothing is hashed and no date of an input is trusted, so what is found to be
//! the same is the same. A run's result is a function of these texts, the settings, whether it may write, and the
//! generator, which is known by the build script's own file; the module that was made is known by its size and date.
//!
//! Two things need less than a whole run: an edit inside of functions, which leaves stubs in step, and any other edit
//! of Rust files, which leaves the generated module as it is.

use super::bodies::same_but_for_bodies;
use crate::load::Inputs;
use crate::merge::LookedAt;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::ops::Range;
use std::path::Path;

/// Name of the file, in `OUT_DIR`.
const FILE: &str = "graphwright.stamp";

/// How much of the last run still holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Held {
    /// All of it: the lines that were said to Cargo.
    All(Vec<String>),
    /// The generated module.
    Module,
    /// Nothing that is known of.
    Nothing,
}

/// A finished run.
pub(super) struct Run<'a> {
    /// Generator, mode and settings.
    pub(super) key: &'a str,
    /// The inputs as they are after the run.
    pub(super) inputs: &'a Inputs,
    /// The Rust files that decided.
    pub(super) looked_at: &'a BTreeMap<String, LookedAt>,
    /// What Cargo is told.
    pub(super) lines: &'a [String],
}

/// Compares with what the last run saw.
pub(super) fn held(out: &Path, module: &Path, key: &str, inputs: &Inputs) -> Held {
    let text = fs::read_to_string(out.join(FILE)).unwrap_or_default();
    match parse(&text) {
        Some(parts) if identity(module).is_some() => compare(&parts, module, key, inputs),
        _ => Held::Nothing,
    }
}

/// Forgets the last run, before anything of what it made is changed.
pub(super) fn forget(out: &Path) -> io::Result<()> {
    match fs::remove_file(out.join(FILE)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Keeps a run. What cannot be kept is done again by the next one.
pub(super) fn keep(out: &Path, module: &Path, run: &Run<'_>) {
    let Some(identity) = identity(module) else {
        return;
    };
    let mut text = String::new();
    let mut put = |kind: char, name: &str, body: &str| {
        text.push_str(&format!(
            "{kind} {} {}\n{name}{body}\n",
            name.len(),
            body.len()
        ));
    };
    put('k', "", run.key);
    put('m', "", &identity);
    put('l', "", &run.lines.join("\n"));
    for (kind, name, body) in made_from(run.inputs) {
        put(kind, name, body);
    }
    put('x', "", &run.inputs.lock);
    for (name, body) in &run.inputs.rust {
        match run.looked_at.get(name) {
            Some(looked) => {
                put('r', name, body);
                let bodies = looked.bodies.iter();
                let bodies: Vec<_> = bodies.map(|b| format!("{} {}", b.start, b.end)).collect();
                put('b', name, &bodies.join("\n"));
            }
            None => put('o', name, ""),
        }
    }
    let staged = out.join(format!("{FILE}.new"));
    let kept = fs::write(&staged, text).and_then(|()| fs::rename(&staged, out.join(FILE)));
    if kept.is_err() {
        let _ = fs::remove_file(&staged);
    }
}

/// The texts that the generated module is made from, each with the kind of its part.
fn made_from(inputs: &Inputs) -> impl Iterator<Item = (char, &str, &str)> {
    let sources = inputs.sources.iter().map(|(id, source)| {
        let kind = match () {
            () if inputs.schema.contains(&id) => 's',
            () if inputs.jobs == Some(id) => 'j',
            () => 'c',
        };
        (kind, &*source.name, &*source.text)
    });
    let migrations = inputs.migrations.iter();
    sources.chain(migrations.map(|(name, text)| ('g', &**name, &**text)))
}

/// Size and date of a file; nothing if it cannot be looked at.
pub(super) fn identity(path: &Path) -> Option<String> {
    let file = fs::metadata(path).ok()?;
    Some(format!("{} {:?}", file.len(), file.modified().ok()?))
}

struct Part<'a> {
    kind: char,
    name: &'a str,
    body: &'a str,
}

fn parse(mut text: &str) -> Option<Vec<Part<'_>>> {
    let mut parts = Vec::new();
    while !text.is_empty() {
        let (head, rest) = text.split_once('\n')?;
        let mut head = head.split(' ');
        let kind = head.next()?.chars().next()?;
        let name = head.next()?.parse::<usize>().ok()?;
        let end = name + head.next()?.parse::<usize>().ok()?;
        let (name, body) = (rest.get(..name)?, rest.get(name..end)?);
        parts.push(Part { kind, name, body });
        text = rest.get(end..)?.strip_prefix('\n')?;
    }
    Some(parts)
}

fn compare(parts: &[Part<'_>], module: &Path, key: &str, inputs: &Inputs) -> Held {
    let of = |kind: char| parts.iter().filter(move |part| part.kind == kind);
    let one = |kind: char| of(kind).next().map(|part| part.body);
    let before = parts.iter().filter(|part| "sjcg".contains(part.kind));
    let module_holds = one('k') == Some(key)
        && one('m') == identity(module).as_deref()
        && before
            .map(|part| (part.kind, part.name, part.body))
            .eq(made_from(inputs));
    if !module_holds {
        return Held::Nothing;
    }
    let names: BTreeSet<&str> = of('r').chain(of('o')).map(|part| part.name).collect();
    let all = one('x') == Some(&inputs.lock)
        && names.into_iter().eq(inputs.rust.keys().map(String::as_str))
        && of('r').zip(of('b')).all(|(file, bodies)| {
            let bodies = bodies.body.lines().filter_map(range);
            same_but_for_bodies(
                file.body,
                &inputs.rust[file.name],
                &bodies.collect::<Vec<_>>(),
            )
        });
    match one('l') {
        Some(lines) if all => Held::All(lines.lines().map(str::to_owned).collect()),
        _ => Held::Module,
    }
}

fn range(line: &str) -> Option<Range<usize>> {
    let (start, end) = line.split_once(' ')?;
    Some(start.parse().ok()?..end.parse().ok()?)
}
