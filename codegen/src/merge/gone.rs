//! Methods whose field or job is gone.
//!
//! In: blocks of the user's, the methods that are still wanted, what was generated last, the user's choices. Out: edits
//! that take away what nobody has touched; a report of the rest. Must not know: the schema.
//!
//! A method that somebody has edited stays, byte for byte, until its user says what is to become of it.

use super::edit::Edit;
use super::follow::is_untouched;
use super::scan::{ImplBlock, Method};
use super::{Choices, text};
use crate::lock::{Lock, Stub};
use std::collections::BTreeSet;

/// What becomes of a method whose field is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It goes: nobody has touched it, or its user wants it so.
    Deleted,
    /// It moves into `impl App { … }`.
    Detached,
    /// It stays, and is told.
    Kept,
}

/// A method whose field is gone.
pub(super) struct Gone<'a> {
    pub(super) method: &'a Method,
    pub(super) coordinate: &'a str,
    pub(super) fate: Fate,
}

/// The methods of a block that were generated for a field, and that no field wants any more.
pub(super) fn gone<'a>(
    old: &str,
    block: &'a ImplBlock,
    wanted: &BTreeSet<&str>,
    lock: &'a Lock,
    choices: &Choices,
) -> Vec<Gone<'a>> {
    let mut found = Vec::new();
    for method in &block.methods {
        let was: Vec<&Stub> = lock.stub(&block.trait_name, &method.name).collect();
        let Some(stub) = was.first().filter(|_| !wanted.contains(&*method.name)) else {
            continue;
        };
        let named = |list: &BTreeSet<String>| list.contains(&stub.coordinate);
        let untouched = !choices.keep_all && is_untouched(old, method, &was);
        let fate = if untouched || named(&choices.delete) {
            Fate::Deleted
        } else if named(&choices.detach) {
            Fate::Detached
        } else {
            Fate::Kept
        };
        found.push(Gone {
            method,
            coordinate: &stub.coordinate,
            fate,
        });
    }
    found
}

/// The edits for the methods of one block. `wanted` says whether its trait still exists.
pub(super) fn edits(
    old: &str,
    block: &ImplBlock,
    gone: &[Gone<'_>],
    wanted: bool,
    app: &str,
) -> Vec<Edit> {
    let leaving: Vec<&Gone<'_>> = gone.iter().filter(|g| g.fate != Fate::Kept).collect();
    let detached: Vec<&str> = leaving
        .iter()
        .filter(|g| g.fate == Fate::Detached)
        .map(|g| &old[text::lines(old, &g.method.range)])
        .collect();
    let eol = text::line_ending(old, block.close);
    let outer = text::indent_at(old, block.range.start);
    let inherent = (!detached.is_empty()).then(|| {
        let ending = if detached.last().is_some_and(|t| t.ends_with('\n')) {
            ""
        } else {
            eol
        };
        let bodies = detached.join(eol);
        format!("{outer}impl {app} {{{eol}{bodies}{ending}{outer}}}")
    });
    let methods: Vec<&Method> = leaving.iter().map(|g| g.method).collect();
    if !wanted && !block.attributes && is_all(old, block, &methods) {
        return vec![match inherent {
            // Its own indentation stands there already.
            Some(inherent) => Edit::replace(block.range.clone(), inherent.trim_start()),
            None => Edit::delete(with_blank_line(old, text::lines(old, &block.range))),
        }];
    }
    let mut edits: Vec<Edit> = leaving
        .iter()
        .map(|g| Edit::delete(with_blank_line(old, text::lines(old, &g.method.range))))
        .collect();
    if let Some(inherent) = inherent {
        let (at, _) = text::behind(old, block.range.end);
        edits.push(Edit::insert(at, format!("{eol}{eol}{inherent}")));
    }
    merged(edits)
}

/// Whether a block holds nothing but these methods and blanks.
pub(super) fn is_all(old: &str, block: &ImplBlock, methods: &[&Method]) -> bool {
    let mut from = block.open;
    for method in methods {
        if !old[from..method.range.start].trim().is_empty() {
            return false;
        }
        from = method.range.end;
    }
    old[from..block.close].trim().is_empty()
}

/// With one of the blank lines around, so that as many stay as a reader expects.
pub(super) fn with_blank_line(old: &str, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let whole = range.start == 0 || old[..range.start].ends_with('\n');
    if !whole {
        return range;
    }
    let before = old[..range.start]
        .strip_suffix('\n')
        .map(|t| t.strip_suffix('\r').unwrap_or(t));
    if let Some(before) = before
        && (before.ends_with('\n') || before.is_empty())
    {
        return before.len()..range.end;
    }
    let blank = ["\r\n", "\n"]
        .iter()
        .find(|eol| old[range.end..].starts_with(**eol));
    range.start..range.end + blank.map_or(0, |eol| eol.len())
}

/// Deletions that touch are one.
fn merged(mut edits: Vec<Edit>) -> Vec<Edit> {
    edits.sort_by_key(|edit| edit.range.start);
    let mut out: Vec<Edit> = Vec::new();
    for edit in edits {
        match out.last_mut() {
            Some(last)
                if last.text.is_empty()
                    && edit.text.is_empty()
                    && edit.range.start < last.range.end =>
            {
                last.range.end = last.range.end.max(edit.range.end);
            }
            _ => out.push(edit),
        }
    }
    out
}
