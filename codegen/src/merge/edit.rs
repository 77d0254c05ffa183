//! Replacements in a text.
//!
//! In: a text, ranges of it and what is to stand there. Out: the new text, and the way back. Must not know: Rust.

use std::ops::Range;

/// Bytes of a text, and what takes their place. An insertion has an empty range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The bytes of the old text.
    pub range: Range<usize>,
    /// What stands there afterwards.
    pub text: String,
}

impl Edit {
    pub(super) fn insert(at: usize, text: impl Into<String>) -> Edit {
        Edit::replace(at..at, text)
    }

    pub(super) fn delete(range: Range<usize>) -> Edit {
        Edit::replace(range, "")
    }

    pub(super) fn replace(range: Range<usize>, text: impl Into<String>) -> Edit {
        Edit {
            range,
            text: text.into(),
        }
    }
}

/// Applies edits that do not overlap; those at one place keep their order. Answers the new text, and for each edit, in
/// the order of the text, which bytes of the new text are its own.
pub(super) fn splice(old: &str, edits: &mut [Edit]) -> (String, Vec<Range<usize>>) {
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let mut out =
        String::with_capacity(old.len() + edits.iter().map(|e| e.text.len()).sum::<usize>());
    let mut new = Vec::with_capacity(edits.len());
    let mut from = 0;
    for edit in &*edits {
        debug_assert!(from <= edit.range.start, "edits overlap");
        out.push_str(&old[from..edit.range.start]);
        new.push(out.len()..out.len() + edit.text.len());
        out.push_str(&edit.text);
        from = edit.range.end;
    }
    out.push_str(&old[from..]);
    (out, new)
}

/// Whether no two edits touch the same bytes, and all lie within the text, between its characters.
pub(super) fn disjoint(old: &str, edits: &[Edit]) -> bool {
    let mut sorted: Vec<&Range<usize>> = edits.iter().map(|edit| &edit.range).collect();
    sorted.sort_by_key(|range| (range.start, range.end));
    let within = |range: &&Range<usize>| {
        range.start <= range.end
            && old.is_char_boundary(range.start)
            && old.is_char_boundary(range.end)
    };
    sorted.iter().all(within) && sorted.windows(2).all(|pair| pair[0].end <= pair[1].start)
}
