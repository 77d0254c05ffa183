//! The hunks of one file.
//!
//! In: two texts. Out: what stands behind `---` and `+++`; nothing for equal texts. Must not know: paths.

use similar::{Algorithm, DiffOp, DiffTag, capture_diff_slices, group_diff_ops};
use std::ops::Range;

/// Lines around a change that say where it belongs.
const CONTEXT: usize = 3;

/// What git writes behind a last line that does not end.
const NO_EOL: &str = "\\ No newline at end of file\n";

pub(super) fn hunks(old: &str, new: &str) -> String {
    let old: Vec<&str> = old.split_inclusive('\n').collect();
    let new: Vec<&str> = new.split_inclusive('\n').collect();
    // A line is a line with its end, so that a last line that gains or loses it differs.
    let ops = capture_diff_slices(Algorithm::Myers, &old, &new);
    group_diff_ops(ops, CONTEXT)
        .iter()
        .filter(|group| group.iter().any(|op| op.tag() != DiffTag::Equal))
        .map(|group| hunk(group, &old, &new))
        .collect()
}

fn hunk(group: &[DiffOp], old: &[&str], new: &[&str]) -> String {
    let span = |range: &dyn Fn(&DiffOp) -> Range<usize>| {
        let first = group.first().map_or(0, |op| range(op).start);
        first..group.last().map_or(first, |op| range(op).end)
    };
    let (was, is) = (span(&DiffOp::old_range), span(&DiffOp::new_range));
    let mut text = format!("@@ -{} +{} @@\n", numbers(&was), numbers(&is));
    for op in group {
        let (tag, was, is) = op.as_tag_tuple();
        if tag == DiffTag::Equal {
            lines(' ', &old[was], &mut text);
            continue;
        }
        lines('-', &old[was], &mut text);
        lines('+', &new[is], &mut text);
    }
    text
}

/// First line, from 1, and how many: `3,2`; an empty stretch has the line before it, a single line no count.
fn numbers(range: &Range<usize>) -> String {
    match range.len() {
        0 => format!("{},0", range.start),
        1 => (range.start + 1).to_string(),
        count => format!("{},{count}", range.start + 1),
    }
}

fn lines(mark: char, lines: &[&str], text: &mut String) {
    for line in lines {
        text.push(mark);
        text.push_str(line);
        if !line.ends_with('\n') {
            text.push('\n');
            text.push_str(NO_EOL);
        }
    }
}
