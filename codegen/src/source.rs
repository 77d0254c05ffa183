//! Input files and places in them.
//!
//! In: names and texts. Out: [`LineCol`] and [`Span`] that every later stage carries along.
//! Must not know: where the texts came from, what language they are in.

use std::fmt;

/// One input file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The path as the user knows it, relative to the package, with `/`.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// The input files of one run, in the order in which they are read (sorted by name).
#[derive(Debug, Clone, Default)]
pub struct Sources(pub Vec<Source>);

/// Number of a file in [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A stretch of a file, in bytes. Empty spans stand at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// Byte behind the last.
    pub end: u32,
}

/// Line and column, both from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineCol {
    /// The line, from 1.
    pub line: u32,
    /// The character in the line, from 1.
    pub column: u32,
}

impl Sources {
    /// The file with this number.
    ///
    /// # Panics
    /// If the number is not of these sources.
    pub fn file(&self, id: FileId) -> &Source {
        &self.0[id.0 as usize]
    }

    /// The files with their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        self.0
            .iter()
            .enumerate()
            .map(|(i, s)| (FileId(i as u32), s))
    }

    /// Where a span begins.
    pub fn line_col(&self, span: Span) -> LineCol {
        let text = &self.file(span.file).text;
        let mut at = (span.start as usize).min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let head = &text[..at];
        let line = head.rfind('\n').map_or(head, |i| &head[i + 1..]);
        // A byte order mark is no character of the first line.
        let line = line.strip_prefix('\u{feff}').unwrap_or(line);
        LineCol {
            line: head.matches('\n').count() as u32 + 1,
            column: line.chars().count() as u32 + 1,
        }
    }
}

impl Span {
    /// A span of `len` bytes.
    pub fn new(file: FileId, start: usize, len: usize) -> Self {
        Span {
            file,
            start: start as u32,
            end: (start + len) as u32,
        }
    }
}

impl fmt::Display for LineCol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}
