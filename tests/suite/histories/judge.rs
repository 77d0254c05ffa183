//! What must hold of a run, seen from outside: by comparing files line by line and asking syn what stands where.

use super::Run;
use graphwright_codegen::lock::Lock;
use graphwright_codegen::merge::How;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use syn::spanned::Spanned;

/// A method of a block for the application, and its lines.
#[derive(Debug, Clone)]
pub(super) struct Stands {
    pub(super) trait_name: String,
    pub(super) method: String,
    pub(super) lines: RangeInclusive<usize>,
    /// The lines of the block.
    pub(super) block: RangeInclusive<usize>,
    bytes: std::ops::Range<usize>,
}

/// The methods in a file.
pub(super) fn methods(text: &str) -> Vec<Stands> {
    let Ok(file) = syn::parse_file(text) else {
        return Vec::new();
    };
    let bom = text.len() - text.trim_start_matches('\u{feff}').len();
    let mut found = Vec::new();
    within(&file.items, bom, &mut found);
    found
}

fn within(items: &[syn::Item], skipped: usize, found: &mut Vec<Stands>) {
    let lines = |span: proc_macro2::Span| span.start().line..=span.end().line;
    for item in items {
        match item {
            syn::Item::Mod(module) => {
                if let Some((_, items)) = &module.content {
                    within(items, skipped, found);
                }
            }
            syn::Item::Impl(block) => {
                let name = block
                    .trait_
                    .as_ref()
                    .and_then(|(path, _)| path.segments.last());
                for part in &block.items {
                    if let (syn::ImplItem::Fn(f), Some(name)) = (part, name) {
                        let bytes = f.span().byte_range();
                        found.push(Stands {
                            trait_name: name.ident.to_string(),
                            method: f.sig.ident.to_string(),
                            lines: lines(f.span()),
                            block: lines(block.span()),
                            bytes: bytes.start + skipped..bytes.end + skipped,
                        });
                    }
                }
            }
            _ => {}
        }
    }
}

/// Checks one run.
pub(super) fn judge(run: &Run<'_>) -> Result<(), String> {
    if let Some(finding) = run
        .findings
        .lines()
        .find(|line| line.contains("error[GW0705]"))
    {
        return Err(finding.to_owned());
    }
    // What moves has another order behind it; that nothing is lost is seen below.
    if !run.choices.relayout && run.choices.detach.is_empty() {
        lines(run)?;
    }
    conserved(run)?;
    marks(run)?;
    stubs(run)
}

/// Every line that belongs to no method that a run says it changed is still there, in the old order.
fn lines(run: &Run<'_>) -> Result<(), String> {
    for (path, old) in run.before {
        let new = match run.after.get(path) {
            Some(new) => new,
            None if run.output.deleted.contains(path) => "",
            None => return Err(format!("{path} is gone")),
        };
        if new == old {
            continue;
        }
        let changed: BTreeSet<&str> = run.output.changed.iter().map(|c| &*c.place).collect();
        let all = methods(old);
        let allowed = |line: usize, text: &str| {
            let method = |stands: &&Stands| {
                let mut lines = stands.lines.clone();
                lines.any(|line| changed.contains(&*format!("{path}:{line}")))
            };
            let mut of_changed = all.iter().filter(method);
            // A block goes or gets a new name with its methods.
            let heads = |s: &Stands| {
                let mut same = all.iter().filter(|other| other.block == s.block);
                s.block.contains(&line) && same.all(|other| line <= *other.lines.start())
            };
            let near = |s: &Stands| heads(s) || text == "}";
            of_changed.any(|s| s.lines.contains(&line) || near(s))
                || text.starts_with("pub mod ")
                || run.output.deleted.contains(path) && !text.contains("mark")
        };
        let mut rest = cut(new).into_iter();
        let stay = cut(old).into_iter().filter(|(n, t)| !allowed(*n, t));
        for (number, text) in stay {
            if !rest.any(|(_, new)| new == text) {
                return Err(format!("{path}:{number} is gone: {text:?}"));
            }
        }
    }
    Ok(())
}

/// A text line by line, cut at braces as well, for an insertion may stand behind one: number of the line, from 1, and text.
fn cut(text: &str) -> Vec<(usize, &str)> {
    let lines = text.lines().enumerate();
    let parts = lines.flat_map(|(i, line)| {
        let parts = line.split_inclusive(['{', '}']);
        parts.map(move |part| (i + 1, part.trim()))
    });
    parts.filter(|(_, part)| !part.is_empty()).collect()
}

/// Whether somebody wants the method gone in which a mark stands.
fn unwanted(run: &Run<'_>, mark: &str) -> bool {
    let around = place(run.before, mark);
    let coordinate = around.and_then(|(_, stands)| coordinate(run.lock_before, &stands));
    coordinate.is_some_and(|coordinate| run.choices.delete.contains(&coordinate))
}

/// What was written is somewhere, once.
fn conserved(run: &Run<'_>) -> Result<(), String> {
    let (mut was, mut is) = (run.user.marks_in(run.before), run.user.marks_in(run.after));
    was.retain(|mark| !unwanted(run, mark));
    was.sort_unstable();
    is.sort_unstable();
    match was == is {
        true => Ok(()),
        false => Err(format!("marks were {was:?}, are {is:?}")),
    }
}

/// Where a mark stands: the method around it.
fn place<'t>(texts: &'t BTreeMap<String, String>, mark: &str) -> Option<(&'t str, Stands)> {
    texts.iter().find_map(|(path, text)| {
        let at = text.find(mark)?;
        let around = methods(text)
            .into_iter()
            .find(|stands| stands.bytes.contains(&at))?;
        Some((path.as_str(), around))
    })
}

fn coordinate(lock: &Lock, stands: &Stands) -> Option<String> {
    let mut stubs = lock.stub(&stands.trait_name, stands.method.trim_start_matches("r#"));
    stubs.next().map(|stub| stub.coordinate.clone())
}

/// Every body that the user wrote is there once, and serves its field or is reported.
fn marks(run: &Run<'_>) -> Result<(), String> {
    for mark in run.user.marks.iter().filter(|mark| !unwanted(run, mark)) {
        let count: usize = run
            .after
            .values()
            .map(|text| text.matches(&**mark).count())
            .sum();
        if count != 1 {
            return Err(format!("the body with {mark:?} is there {count} times"));
        }
        let was = place(run.before, mark).and_then(|(_, s)| coordinate(run.lock_before, &s));
        let (Some(was), Some((path, now))) = (was, place(run.after, mark)) else {
            // A method of the user's own: nothing to be followed.
            continue;
        };
        let renamed = run
            .output
            .changed
            .iter()
            .find(|c| c.how == How::Renamed(was.clone()));
        let expect = renamed.map_or(&was, |c| &c.coordinate);
        let is = coordinate(run.lock_after, &now);
        let told = run.told(expect);
        let wanted = run.coordinates.contains(expect);
        if is.as_ref() != Some(expect) || !wanted && !told {
            return Err(format!(
                "{path}: the body with {mark:?} was that of {was}, is that of {is:?}; wanted: {wanted}, told: {told}"
            ));
        }
    }
    Ok(())
}

/// Every field and job has one method, and the lock knows it.
fn stubs(run: &Run<'_>) -> Result<(), String> {
    let mut standing: BTreeMap<String, usize> = BTreeMap::new();
    for text in run.after.values() {
        for stands in methods(text) {
            if let Some(coordinate) = coordinate(run.lock_after, &stands) {
                *standing.entry(coordinate).or_default() += 1;
            }
        }
    }
    for coordinate in run.coordinates {
        let count = standing.get(coordinate).copied().unwrap_or_default();
        if count != 1 && !run.told(coordinate) {
            return Err(format!("{coordinate} has {count} methods"));
        }
    }
    for stub in run.lock_after.stubs.values().flatten() {
        let known = run.coordinates.contains(&stub.coordinate) || run.told(&stub.coordinate);
        if !known || !standing.contains_key(&stub.coordinate) {
            return Err(format!(
                "the lock has {}, which stands nowhere",
                stub.coordinate
            ));
        }
    }
    Ok(())
}
