//! Text as a row of tokens.
//!
//! In: Rust as `quote!` makes it. Out: tokens with their places; brackets know how far away their partners are.
//! Must not know: lines and blanks.

use super::super::tokens::DOC;

/// A token of a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Where its text stands.
    pub(super) start: u32,
    pub(super) end: u32,
    /// How many bytes the tokens before it have.
    pub(super) before: u32,
}

impl Token {
    fn len(&self) -> u32 {
        self.end - self.start
    }
}

/// How many bytes neighbours have together, without blanks between them.
pub(super) fn len(tokens: &[Token]) -> usize {
    match tokens {
        [] => 0,
        [first, .., last] | [first @ last] => (last.before + last.len() - first.before) as usize,
    }
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Literal,
    /// A sign, and whether another one touches it.
    Punct(u8, bool),
    /// Lines of documentation.
    Doc,
    /// An opening bracket; so many tokens stand between it and its partner.
    Open(Delimiter, u32),
    /// A closing bracket, likewise.
    Close(u32),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Delimiter {
    Parenthesis,
    Bracket,
    Brace,
}

/// The tokens of a text, in place of what is there. Brackets are in pairs: `quote!` sees to that.
pub(super) fn lex(text: &str, tokens: &mut Vec<Token>) {
    let (bytes, mut at, mut open) = (text.as_bytes(), 0, Vec::new());
    let mut before = 0;
    tokens.clear();
    while let Some(&byte) = bytes.get(at) {
        let (kind, end) = match byte {
            b' ' | b'\n' | b'\r' | b'\t' => {
                at += 1;
                continue;
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => word(bytes, at),
            b'0'..=b'9' => (Kind::Literal, number(bytes, at)),
            b'"' => (Kind::Literal, quoted(bytes, at, b'"')),
            b'\'' => quote(text, at),
            b'(' => opened(Delimiter::Parenthesis, tokens.len(), at, &mut open),
            b'[' => opened(Delimiter::Bracket, tokens.len(), at, &mut open),
            b'{' => opened(Delimiter::Brace, tokens.len(), at, &mut open),
            b')' | b']' | b'}' => (closed(tokens, &mut open), at + 1),
            _ if byte == DOC as u8 => (Kind::Doc, documentation(text, at)),
            sign => (Kind::Punct(sign, is_sign(bytes.get(at + 1))), at + 1),
        };
        let token = Token {
            kind,
            start: at as u32,
            end: end as u32,
            before,
        };
        before += token.len();
        tokens.push(token);
        at = end;
    }
}

fn opened(delimiter: Delimiter, index: usize, at: usize, open: &mut Vec<usize>) -> (Kind, usize) {
    open.push(index);
    (Kind::Open(delimiter, 0), at + 1)
}

fn closed(tokens: &mut [Token], open: &mut Vec<usize>) -> Kind {
    let index = open.pop().expect("brackets are in pairs");
    let between = (tokens.len() - index - 1) as u32;
    if let Kind::Open(_, distance) = &mut tokens[index].kind {
        *distance = between;
    }
    Kind::Close(between)
}

fn is_sign(byte: Option<&u8>) -> bool {
    byte.is_some_and(|byte| {
        byte.is_ascii_punctuation()
            && !matches!(
                byte,
                b'"' | b'(' | b')' | b'[' | b']' | b'_' | b'`' | b'{' | b'}' | b'\\'
            )
    })
}

/// What words are made of.
const WORD: [bool; 256] = {
    let (mut word, mut byte) = ([false; 256], 0);
    while byte < 256 {
        let it = byte as u8;
        word[byte] = it.is_ascii_alphanumeric() || it == b'_' || it >= 0x80;
        byte += 1;
    }
    word
};

/// The end of the letters and digits that begin here.
fn letters(bytes: &[u8], at: usize) -> usize {
    let mut end = at;
    while end < bytes.len() && WORD[bytes[end] as usize] {
        end += 1;
    }
    end
}

/// A word, a raw one, or a literal that begins with letters.
fn word(bytes: &[u8], at: usize) -> (Kind, usize) {
    let end = letters(bytes, at);
    match bytes.get(end) {
        Some(b'"' | b'\'' | b'#') => prefixed(bytes, at, end),
        _ => (Kind::Word, end),
    }
}

/// `b"…"`, `r#"…"#`, `b'…'`, `r#raw`, or a word that a sign follows.
fn prefixed(bytes: &[u8], at: usize, end: usize) -> (Kind, usize) {
    match (&bytes[at..end], bytes[end]) {
        (b"b" | b"c", b'"') | (b"b", b'\'') => (Kind::Literal, quoted(bytes, end, bytes[end])),
        (b"r" | b"br" | b"cr", b'"' | b'#') => match raw(bytes, end) {
            Some(end) => (Kind::Literal, end),
            None => (Kind::Word, letters(bytes, end + 1)),
        },
        _ => (Kind::Word, end),
    }
}

/// The end of a raw string whose signs begin here; none is there in front of a raw word.
fn raw(bytes: &[u8], at: usize) -> Option<usize> {
    let hashes = bytes[at..].iter().take_while(|&&byte| byte == b'#').count();
    let inside = at + hashes + 1;
    if bytes.get(at + hashes) != Some(&b'"') {
        return None;
    }
    let is_end = |place: &usize| {
        bytes[*place] == b'"'
            && bytes[place + 1..]
                .iter()
                .take_while(|&&byte| byte == b'#')
                .count()
                >= hashes
    };
    (inside..bytes.len())
        .find(is_end)
        .map(|place| place + 1 + hashes)
}

/// Behind the sign that ends what begins with it.
fn quoted(bytes: &[u8], at: usize, sign: u8) -> usize {
    let mut end = at + 1;
    while end < bytes.len() && bytes[end] != sign {
        end += if bytes[end] == b'\\' { 2 } else { 1 };
    }
    end + 1
}

/// Behind the second sign of documentation, which knows no escapes.
fn documentation(text: &str, at: usize) -> usize {
    let inside = &text[at + 1..];
    at + 1 + inside.find(DOC).map_or(inside.len(), |len| len + 1)
}

/// A character, or the sign of a lifetime.
fn quote(text: &str, at: usize) -> (Kind, usize) {
    let mut inside = text[at + 1..].chars();
    match (inside.next(), inside.next()) {
        (Some('\\'), _) => (Kind::Literal, quoted(text.as_bytes(), at, b'\'')),
        (Some(c), Some('\'')) => (Kind::Literal, at + 2 + c.len_utf8()),
        _ => (Kind::Punct(b'\'', true), at + 1),
    }
}

/// The end of a number. A point belongs to it before another digit, or where neither a name nor a point follows.
fn number(bytes: &[u8], at: usize) -> usize {
    let mut end = letters(bytes, at);
    let point = bytes.get(end) == Some(&b'.');
    let behind = bytes.get(end + 1).copied().unwrap_or(b' ');
    if point && behind.is_ascii_digit() {
        end = letters(bytes, end + 1);
    } else if point && !WORD[behind as usize] && behind != b'.' {
        return end + 1;
    }
    let exponent = matches!(bytes[end - 1], b'e' | b'E') && !bytes[at..].starts_with(b"0x");
    if exponent && matches!(bytes.get(end), Some(b'+' | b'-')) {
        return letters(bytes, end + 1);
    }
    end
}
