//! The mistakes of a document, as they are found.
//!
//! In: places and messages. Out: problems for the client, in the order of the text. Must not know: rules.

use std::fmt::Write as _;

use crate::engine::response::Problem;
use crate::engine::syntax::Document;
use crate::error::Code;

/// A document with thousands of mistakes needs no thousands of errors.
pub(super) const MOST: usize = 50;

/// What is found so far.
pub(super) struct Findings {
    found: Vec<(u32, String)>,
    /// Why looking for more would cost too much.
    too_much: Option<String>,
    /// Whether messages may name what the schema has instead.
    suggest: bool,
}

impl Findings {
    pub(super) fn new(suggest: bool) -> Self {
        Findings {
            found: Vec::new(),
            too_much: None,
            suggest,
        }
    }

    /// A mistake at a byte of the text.
    #[cold]
    pub(super) fn add(&mut self, at: u32, message: String) {
        if !self.are_enough() {
            self.found.push((at, message));
        }
    }

    /// The same, with the names that are near the one that was written.
    #[cold]
    pub(super) fn add_near<'n>(
        &mut self,
        at: u32,
        mut message: String,
        written: &str,
        known: impl Iterator<Item = &'n str>,
    ) {
        if self.are_enough() {
            return;
        }
        if self.suggest {
            suggestion(&mut message, written, known);
        }
        self.found.push((at, message));
    }

    /// The document is refused for what it would cost, whatever else is found.
    #[cold]
    pub(super) fn exceeds(&mut self, message: String) {
        self.too_much = Some(message);
    }

    /// Whether there are so many that looking for more is of no use.
    pub(super) fn are_enough(&self) -> bool {
        self.found.len() > MOST
    }

    pub(super) fn into_problems(mut self, document: &Document<'_>) -> Vec<Problem> {
        if let Some(message) = self.too_much {
            return vec![Problem::new(Code::LimitExceeded, message)];
        }
        let more = self.found.len() > MOST;
        self.found.truncate(MOST);
        self.found.sort_by_key(|(at, _)| *at);
        self.found.dedup();
        let problem = |(at, message)| {
            Problem::new(Code::ValidationFailed, message).at(Some(document.place(at)))
        };
        let mut problems: Vec<_> = self.found.into_iter().map(problem).collect();
        if more {
            let message = format!("there are more mistakes: the first {MOST} are told");
            problems.push(Problem::new(Code::ValidationFailed, message));
        }
        problems
    }
}

/// `: did you mean …?`
fn suggestion<'n>(message: &mut String, written: &str, known: impl Iterator<Item = &'n str>) {
    /// More would be a list to read rather than a hint.
    const HINTS: usize = 3;
    let most = written.len() * 2 / 5;
    let mut near: Vec<(usize, &str)> = known
        .filter_map(|name| Some((distance(written, name, most)?, name)))
        .collect();
    near.sort_unstable();
    let best = near.first().map(|(distance, _)| *distance);
    near.retain(|(distance, _)| Some(*distance) == best);
    for (i, (_, name)) in near.iter().take(HINTS).enumerate() {
        let before = if i == 0 { ": did you mean " } else { " or " };
        // Writing to a `String` cannot fail.
        let _ = write!(message, "{before}`{name}`");
    }
    if !near.is_empty() {
        message.push('?');
    }
}

/// How many letters must be changed, added, left out or swapped with their neighbour, letters' case apart, if that
/// is at most so many. Long names are never near: nobody writes them by hand.
fn distance(a: &str, b: &str, most: usize) -> Option<usize> {
    const LONGEST: usize = 40;
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len().abs_diff(b.len()) > most || a.len() > LONGEST || b.len() > LONGEST {
        return None;
    }
    let mut rows = [[0_usize; LONGEST + 1]; 3];
    rows[1] = std::array::from_fn(|j| j);
    for i in 1..=a.len() {
        let [before, last, row] = &mut rows;
        row[0] = i;
        for j in 1..=b.len() {
            let same = |x: usize, y: usize| a[x].eq_ignore_ascii_case(&b[y]);
            row[j] = (last[j] + 1)
                .min(row[j - 1] + 1)
                .min(last[j - 1] + usize::from(!same(i - 1, j - 1)));
            if i > 1 && j > 1 && same(i - 1, j - 2) && same(i - 2, j - 1) {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        rows.rotate_left(1);
    }
    Some(rows[1][b.len()]).filter(|found| *found <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn near(written: &str, known: &[&str], hint: &str) {
        let mut message = String::new();
        suggestion(&mut message, written, known.iter().copied());
        assert_eq!(message, hint);
    }

    #[test]
    fn names_that_are_near_are_suggested() {
        near("nmae", &["name", "title"], ": did you mean `name`?");
        near("Name", &["name"], ": did you mean `name`?");
        near("frist", &["last", "first"], ": did you mean `first`?");
        near("titel", &["title", "titles"], ": did you mean `title`?");
        near(
            "nome",
            &["name", "node", "none"],
            ": did you mean `name` or `node` or `none`?",
        );
        near("colour", &["name", "x"], "");
        near("a", &[], "");
        near(&"a".repeat(100), &[&"a".repeat(99)], "");
    }

    #[test]
    fn distances_count_letters() {
        assert_eq!(distance("abc", "abc", 3), Some(0));
        assert_eq!(distance("abc", "acb", 3), Some(1));
        assert_eq!(distance("abc", "xyz", 3), Some(3));
        assert_eq!(distance("abc", "xyz", 2), None);
        assert_eq!(distance("", "ab", 2), Some(2));
    }
}
