//! The last check before a user's file is written.
//!
//! In: the old texts, the new ones, and a way to merge again. Out: what is wrong, if anything is.
//! Must not know: how the edits were found.

use super::{Merge, scan};
use std::collections::BTreeMap;
use std::ops::Range;

/// Checks that every changed file parses, holds its old bytes in their old order, and needs no second edit.
pub(super) fn gate(
    texts: &BTreeMap<String, String>,
    merge: &Merge,
    again: impl Fn(&BTreeMap<String, String>) -> Merge,
) -> Result<(), String> {
    if merge.files.is_empty() {
        return Ok(());
    }
    let mut after = texts.clone();
    for (path, text) in &merge.files {
        if let Some(broken) = scan::syntax_error(text) {
            return Err(format!("`{path}` would not parse at {broken}"));
        }
        let inserted = merge.inserted.get(path).map_or(&[][..], Vec::as_slice);
        if texts
            .get(path)
            .is_some_and(|old| without(text, inserted) != *old)
        {
            return Err(format!("`{path}` would lose bytes"));
        }
        after.insert(path.clone(), text.clone());
    }
    let second = again(&after);
    match second.files.keys().next() {
        Some(path) => Err(format!("`{path}` would be edited again by the next run")),
        None if second.by_hand != merge.by_hand => {
            Err("the next run would ask for other edits by hand".to_owned())
        }
        None => Ok(()),
    }
}

/// The text without the bytes that were inserted.
fn without(text: &str, inserted: &[Range<usize>]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for range in inserted {
        out.push_str(&text[from..range.start]);
        from = range.end;
    }
    out.push_str(&text[from..]);
    out
}
