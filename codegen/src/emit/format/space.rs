//! Where a blank stands between two tokens.
//!
//! In: a token and its neighbours. Out: whether a blank comes before it, and what it is for the next one.
//! Must not know: lines.
//!
//! Blanks are for people: no two tokens become one without them, except words.

use super::lex::Delimiter;

/// What stands before a token, as far as blanks go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Before {
    /// The beginning of a line, or an opening bracket.
    #[default]
    Nothing,
    /// A name or a literal.
    Word,
    /// A word that begins something: `impl`, `fn`, `for`.
    Opening,
    /// `pub`
    Public,
    /// Any other keyword.
    Keyword,
    /// A closing bracket, or `?`.
    Close,
    /// What belongs to the next token: `&`, `::`, `.`, `<`.
    Glue,
    /// What stands apart: `,`, `=`, `->`.
    Apart,
    /// The first half of a sign of two characters that stands apart.
    Half,
    /// The first half of `::`.
    HalfPath,
    /// The first half of `&&`, `||` or `..` that belongs to what follows.
    HalfGlue,
}

use Before::*;

impl Before {
    /// Whether an operand ends here, so that a sign is one between two.
    pub(super) fn is_operand(self) -> bool {
        matches!(self, Word | Close)
    }

    fn wants_space(self) -> bool {
        matches!(self, Keyword | Opening | Public | Apart)
    }
}

/// Whether a blank comes before an opening bracket.
pub(super) fn before_group(before: Before, delimiter: Delimiter) -> bool {
    match delimiter {
        Delimiter::Brace => !matches!(before, Nothing | Glue),
        Delimiter::Parenthesis | Delimiter::Bracket => matches!(before, Keyword | Opening | Apart),
    }
}

/// Whether a blank comes before a sign, and what it is for the next token; `next` is a sign that touches it.
pub(super) fn around(before: Before, c: u8, next: Option<u8>) -> (bool, Before) {
    match (before, c) {
        (Half, _) => {
            return (
                false,
                if next.is_some_and(|c| c == b'=') {
                    Half
                } else {
                    Apart
                },
            );
        }
        (HalfGlue, b'|') => return (false, Apart),
        (HalfPath | HalfGlue, _) => return (false, Glue),
        _ => {}
    }
    let sign = |half| (before != Nothing && before != Glue, half);
    match (c, next) {
        (b':', Some(b':')) => (before.wants_space(), HalfPath),
        // `..=>` would be read as `..=`.
        (b'=', Some(b'>')) => (before != Nothing, Half),
        (b'-', Some(b'>')) | (b'=' | b'!', Some(b'=')) => sign(Half),
        (b'+' | b'-' | b'*' | b'/' | b'%' | b'^' | b'&' | b'|' | b'<' | b'>', Some(b'=')) => {
            sign(Half)
        }
        (b'&', Some(b'&')) | (b'|', Some(b'|')) if before.is_operand() => sign(Half),
        (b'&' | b'|' | b'.', Some(n)) if n == c => (before.wants_space(), HalfGlue),
        (b',' | b';' | b':', _) => (false, Apart),
        (b'.', _) => (before.wants_space(), Glue),
        (b'?', _) => (
            before.wants_space(),
            if before.wants_space() { Glue } else { Close },
        ),
        (b'>', _) => (false, Close),
        // `impl<T>`, `for<'a>`, `fn name<T>`
        (b'<', _) => (matches!(before, Keyword | Apart), Glue),
        (b'=' | b'+' | b'/' | b'%' | b'^' | b'@', _) => sign(Apart),
        (b'&' | b'*' | b'-' | b'|', _) if before.is_operand() => (true, Apart),
        (b'\'', _) => (apart(before), Glue),
        // The bang of a macro, or a negation.
        (b'!', _) if before == Word => (false, Close),
        // `<-` would be one sign.
        (b'-', _) if before == Glue => (true, Glue),
        // As `'r#a` would.
        (b'#', _) => (apart(before), Glue),
        _ => (before.wants_space(), Glue),
    }
}

/// Whether a word or a literal needs a blank before it.
pub(super) fn apart(before: Before) -> bool {
    !matches!(before, Nothing | Glue | HalfGlue | HalfPath)
}

/// What a word is for the next token.
pub(super) fn kind(word: &str) -> Before {
    match word {
        "pub" => Public,
        "impl" | "fn" | "for" => Opening,
        "as" | "async" | "break" | "const" | "continue" | "dyn" | "else" | "enum" | "extern"
        | "if" | "in" | "let" | "loop" | "match" | "mod" | "move" | "mut" | "ref" | "return"
        | "static" | "struct" | "trait" | "type" | "unsafe" | "use" | "where" | "while" => Keyword,
        _ => Word,
    }
}
