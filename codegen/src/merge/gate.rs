//! The last check before a user's file is written.
//!
//! In: the old texts, the new ones, and a way to merge again. Out: what is wrong, if anything is.
//! Must not know: how the edits were found.

use super::edit::{Edit, disjoint};
use super::{Merge, scan};
use std::collections::{BTreeMap, BTreeSet};

/// Checks that every changed file parses, that all bytes outside of its edits are the old ones in their old order, and
/// that the next run edits nothing.
pub(super) fn gate(
    texts: &BTreeMap<String, String>,
    merge: &Merge,
    after: &scan::Scan,
    again: impl FnOnce() -> Merge,
) -> Result<(), String> {
    if let Some(broken) = &merge.gate {
        return Err(broken.clone());
    }
    for (path, text) in &merge.files {
        // What the new scan has read, or known to the last byte, need not be parsed once more.
        let parses = after.files.contains_key(path);
        if let Some(broken) = (!parses).then(|| scan::syntax_error(text)).flatten() {
            return Err(format!("`{path}` would not parse at {broken}"));
        }
        let edits = merge.edits.get(path).map_or(&[][..], Vec::as_slice);
        if let Some(old) = texts.get(path)
            && !kept(old, text, edits)
        {
            return Err(format!("`{path}` would lose bytes"));
        }
    }
    let second = again();
    let edited = second.files.keys().chain(&second.deleted).next();
    match edited {
        Some(path) => Err(format!("`{path}` would be edited again by the next run")),
        None if asked(&second) != asked(merge) => {
            Err("the next run would ask for other edits by hand".to_owned())
        }
        None => Ok(()),
    }
}

/// What is left to a hand. Where it stands may have changed with what was inserted above it.
fn asked(merge: &Merge) -> Vec<(&[String], &str, &str)> {
    let all = merge.by_hand.iter();
    all.map(|hand| (&*hand.coordinates, &*hand.reason, &*hand.patch))
        .collect()
}

/// Checks that every word and every sign is still there, in whatever file, but for those of deleted files and the modules
/// that led there.
pub(super) fn conserved(
    before: &BTreeMap<String, String>,
    after: &BTreeMap<String, String>,
    deleted: &BTreeSet<String>,
) -> Result<(), String> {
    let mut now = BTreeMap::new();
    after.values().for_each(|text| count(text, &mut now));
    for path in deleted {
        let stem = path.rsplit('/').next().unwrap_or(path);
        count("pub mod ;", &mut now);
        count(stem.trim_end_matches(".rs"), &mut now);
        count(before.get(path).map_or("", String::as_str), &mut now);
    }
    let mut was = BTreeMap::new();
    before.values().for_each(|text| count(text, &mut was));
    let lost = was
        .iter()
        .find(|(word, n)| now.get(*word).is_none_or(|now| now < n));
    match lost {
        Some((word, _)) => Err(format!("a `{word}` would be lost")),
        None => Ok(()),
    }
}

fn count<'t>(text: &'t str, words: &mut BTreeMap<&'t str, usize>) {
    let sign = |c: char| !c.is_alphanumeric() && c != '_';
    for part in text.split_inclusive(sign) {
        let word = part.trim_end_matches(sign);
        for part in [word, &part[word.len()..]] {
            if !part.trim().is_empty() {
                *words.entry(part).or_default() += 1;
            }
        }
    }
}

/// Whether the new text is the old one outside of the edits. Written apart from what applies them.
fn kept(old: &str, new: &str, edits: &[Edit]) -> bool {
    if !disjoint(old, edits) {
        return false;
    }
    let (mut from, mut rest) = (0, new);
    for Edit { range, text } in edits {
        let Some(behind) = rest
            .strip_prefix(&old[from..range.start])
            .and_then(|rest| rest.strip_prefix(&**text))
        else {
            return false;
        };
        (from, rest) = (range.end, behind);
    }
    rest == &old[from..]
}
