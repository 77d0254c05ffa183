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
            line: lines(head) as u32 + 1,
            column: line.chars().count() as u32 + 1,
        }
    }
}

/// How many lines end in a text.
pub(crate) fn lines(text: &str) -> usize {
    // So many bytes that their sum fits into one: the compiler counts them many at a time.
    let chunks = text.as_bytes().chunks(255);
    let ends = |chunk: &[u8]| -> u8 { chunk.iter().map(|&byte| u8::from(byte == b'\n')).sum() };
    chunks.map(|chunk| usize::from(ends(chunk))).sum()
}

/// The sources with the beginnings of their lines, for whoever asks for many places.
#[derive(Debug, Clone)]
pub struct Places<'a> {
    sources: &'a Sources,
    /// For each file, the byte behind each line feed.
    lines: Vec<Vec<u32>>,
}

impl<'a> Places<'a> {
    /// Looks at every text once.
    pub fn new(sources: &'a Sources) -> Self {
        let lines = sources.0.iter().map(|source| {
            let feeds = source.text.match_indices('\n');
            feeds.map(|(at, _)| at as u32 + 1).collect()
        });
        Places {
            sources,
            lines: lines.collect(),
        }
    }

    /// `schema/user.graphql:3:6`; nothing for a span of other sources.
    pub fn of(&self, span: Span) -> Option<String> {
        let (source, lines) = self
            .sources
            .0
            .get(span.file.0 as usize)
            .zip(self.lines.get(span.file.0 as usize))?;
        let before = lines.partition_point(|&start| start <= span.start);
        let start = before.checked_sub(1).map_or(0, |i| lines[i]);
        let line = source.text.get(start as usize..span.start as usize)?;
        // A byte order mark is no character of the first line.
        let line = line.strip_prefix('\u{feff}').unwrap_or(line);
        let (line, column) = (before + 1, line.chars().count() + 1);
        Some(format!("{}:{line}:{column}", source.name))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_sources() {
        let text = "\u{feff}type Ä {\r\n  ö: Int\n\n  b: Int\n}";
        let sources = Sources(vec![Source {
            name: "a".to_owned(),
            text: text.to_owned(),
        }]);
        let places = Places::new(&sources);
        for (at, _) in text.char_indices() {
            let span = Span::new(FileId(0), at, 1);
            let expect = format!("a:{}", sources.line_col(span));
            assert_eq!(places.of(span), Some(expect));
        }
        assert_eq!(places.of(Span::new(FileId(1), 0, 1)), None);
    }
}
