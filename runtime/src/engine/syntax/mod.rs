//! GraphQL's language: from text to a tree of slices of the text.
//!
//! In: a text and how many tokens it may have. Out: a [`Document`], or the one mistake that stopped the reader.
//! Must not know: schemas, values of variables.
//!
//! One reader for executable documents and for type system documents, as the September 2025 specification has them
//! (<https://spec.graphql.org/September2025/#sec-Appendix-Grammar-Summary>). Names and most values are slices of the
//! text; lines and columns are computed for messages only.

pub mod ast;
mod lexer;
pub mod name;
mod parser;
mod print;
mod strings;
mod system;
#[cfg(test)]
mod tests;
mod wrap;

use std::fmt;

pub use self::ast::Document;
pub use self::name::Name;
pub use self::wrap::Wrap;

/// How deep selection sets, values and types may be nested in each other.
pub const NESTING: usize = 200;

/// Why a text is no document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// What was expected and what was found.
    pub message: String,
    /// Byte of the text where it was found.
    pub at: u32,
    /// Whether the text may be one, but has more tokens than it may.
    pub too_long: bool,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Mistake {}

/// Reads a document of at most that many tokens (punctuators, names, values; neither commas nor comments).
///
/// # Errors
/// The text is no document, it has too many tokens, it is nested deeper than [`NESTING`], or it has 4 GiB or more.
pub fn parse(text: &str, tokens: usize) -> Result<Document<'_>, Box<Mistake>> {
    parser::document(text, tokens)
}

/// Line and column of a byte of the text, each counted from 1. A column is a character; `\r\n` ends one line.
pub fn place(text: &str, at: u32) -> (u32, u32) {
    let before = text.get(..at as usize).unwrap_or(text);
    let bytes = before.as_bytes();
    let ends = |i: usize| match bytes[i] {
        b'\n' => true,
        // The text itself is asked, for `at` may lie between the two.
        b'\r' => text.as_bytes().get(i + 1) != Some(&b'\n'),
        _ => false,
    };
    let (mut line, mut start) = (1, 0);
    for i in (0..bytes.len()).filter(|&i| ends(i)) {
        line += 1;
        start = i + 1;
    }
    (line, before[start..].chars().count() as u32 + 1)
}
