//! The lexical grammar of GraphQL (September 2025), section 2.1 of the specification.
//!
//! In: the text of a file. Out: tokens with spans, strings already unescaped; mistakes reported and skipped.
//! Must not know: what tokens mean together.

use super::string;
use crate::diagnostic::{Code, Diagnostics};
use crate::source::{FileId, Span};

/// A lexical token.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Span,
    /// Whether something was wrong in it or right before it, and is reported: what follows from that is not.
    pub(super) faulty: bool,
}

/// What a token is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    Name(String),
    Punct(&'static str),
    Int(String),
    Float(String),
    /// A string or block string, by its value.
    Text(String),
}

impl Token {
    /// Whether this is the punctuator.
    pub(super) fn is(&self, punct: &str) -> bool {
        matches!(self.kind, Kind::Punct(p) if p == punct)
    }

    /// The name, if it is one.
    pub(super) fn name(&self) -> Option<&str> {
        match &self.kind {
            Kind::Name(name) => Some(name),
            _ => None,
        }
    }

    /// How a message speaks of it.
    pub(super) fn describe(&self) -> String {
        match &self.kind {
            Kind::Name(text) | Kind::Int(text) | Kind::Float(text) => format!("`{text}`"),
            Kind::Punct(text) => format!("`{text}`"),
            Kind::Text(_) => "a string".into(),
        }
    }
}

/// The punctuator that a text begins with.
fn punctuator(text: &str) -> Option<&'static str> {
    Some(match text.as_bytes().first()? {
        b'!' => "!",
        b'$' => "$",
        b'&' => "&",
        b'(' => "(",
        b')' => ")",
        b'.' if text.starts_with("...") => "...",
        b':' => ":",
        b'=' => "=",
        b'@' => "@",
        b'[' => "[",
        b']' => "]",
        b'{' => "{",
        b'|' => "|",
        b'}' => "}",
        _ => return None,
    })
}

/// Splits `text`, which starts at byte `offset` of the file, into tokens.
pub(super) fn lex(file: FileId, text: &str, offset: usize, diags: &mut Diagnostics) -> Vec<Token> {
    let mut lexer = Lexer {
        file,
        text,
        offset,
        at: 0,
        tokens: Vec::new(),
        faulty: false,
        diags,
    };
    while let Some(c) = lexer.rest().chars().next() {
        lexer.step(c);
    }
    lexer.tokens
}

struct Lexer<'a> {
    file: FileId,
    text: &'a str,
    offset: usize,
    at: usize,
    tokens: Vec<Token>,
    faulty: bool,
    diags: &'a mut Diagnostics,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, self.offset + start, end - start)
    }

    fn step(&mut self, c: char) {
        match c {
            ' ' | '\t' | '\n' | '\r' | ',' => self.at += run(self.rest(), is_ignored),
            '\u{feff}' => self.at += c.len_utf8(),
            '#' => self.at += self.rest().find(['\n', '\r']).unwrap_or(self.rest().len()),
            '_' | 'a'..='z' | 'A'..='Z' => {
                let len = run(self.rest(), is_name);
                self.push(Kind::Name(self.rest()[..len].to_string()), len);
            }
            '-' | '0'..='9' => self.number(),
            '"' => self.string(),
            _ => match punctuator(self.rest()) {
                Some(punct) => self.push(Kind::Punct(punct), punct.len()),
                None => self.stray(c),
            },
        }
    }

    fn push(&mut self, kind: Kind, len: usize) {
        let span = self.span(self.at, self.at + len);
        self.tokens.push(Token {
            kind,
            span,
            faulty: self.faulty,
        });
        self.faulty = false;
        self.at += len;
    }

    fn stray(&mut self, c: char) {
        let span = self.span(self.at, self.at + c.len_utf8());
        let shown = if c.is_control() {
            format!("U+{:04X}", c as u32)
        } else {
            format!("`{c}`")
        };
        let help = match c {
            ';' => Some("definitions and fields need nothing between them"),
            '\'' | '\u{2018}' | '\u{2019}' | '\u{201c}' | '\u{201d}' | '`' => {
                Some("strings stand in double quotes: `\"text\"`")
            }
            '/' => Some(
                "a comment starts with `#`, a description stands in double quotes before what it describes",
            ),
            '.' => Some(
                "the only token with dots is `...`, and a number has digits on both sides of its point",
            ),
            _ if c.is_alphabetic() => Some("names have the letters a to z, A to Z, digits and `_`"),
            _ => None,
        };
        self.diags
            .error(Code::Syntax, span, format!("unexpected character {shown}"))
            .help_opt(help.map(str::to_string));
        self.faulty = true;
        // A comment of other languages is one mistake, not one a character.
        let comment = self
            .rest()
            .starts_with("//")
            .then(|| self.rest().find('\n').unwrap_or(self.rest().len()));
        self.at += comment.unwrap_or(c.len_utf8());
    }

    fn number(&mut self) {
        let rest = self.rest();
        let len = number_run(rest);
        let text = rest[..len].to_string();
        let float = match classify(&text) {
            Ok(float) => float,
            Err(help) => {
                let span = self.span(self.at, self.at + len);
                self.diags
                    .error(Code::Syntax, span, format!("`{text}` is not a number"))
                    .help(help);
                self.faulty = true;
                false
            }
        };
        self.push(
            if float {
                Kind::Float(text)
            } else {
                Kind::Int(text)
            },
            len,
        );
    }

    fn string(&mut self) {
        let read = string::read(self.rest());
        for fault in read.faults {
            let span = self.span(self.at + fault.start, self.at + fault.end);
            self.diags
                .error(Code::Syntax, span, fault.message)
                .help(fault.help);
            self.faulty = true;
        }
        self.push(Kind::Text(read.value), read.len);
    }
}

/// How many bytes at the beginning are of a kind.
fn run(text: &str, take: impl Fn(u8) -> bool) -> usize {
    let other = text.bytes().position(|byte| !take(byte));
    other.unwrap_or(text.len())
}

fn is_ignored(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b',')
}

fn is_name(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric()
}

/// The length of a number with all that sticks to it: what the specification forbids to follow is taken in, to be refused as a whole.
fn number_run(text: &str) -> usize {
    let mut len = usize::from(text.starts_with('-'));
    loop {
        len += run(&text[len..], |byte| byte == b'.' || is_name(byte));
        let signed = text[len..].starts_with(['+', '-']) && exponent_open(&text[..len]);
        if !signed {
            return len;
        }
        len += 1;
    }
}

/// Whether a sign may go on this number: it ends in an `e` behind digits.
fn exponent_open(text: &str) -> bool {
    text.ends_with(['e', 'E'])
        && text
            .trim_start_matches('-')
            .starts_with(|c: char| c.is_ascii_digit())
}

/// Whether a number is a float, or what is wrong with it.
fn classify(text: &str) -> Result<bool, &'static str> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    if whole.starts_with(|c: char| c.is_ascii_digit()) && !digits(whole) {
        return Err("no letter follows a number directly");
    }
    if !digits(whole) {
        return Err("a number starts with a digit, or with `-` and a digit");
    }
    if whole.len() > 1 && whole.starts_with('0') {
        return Err("a number has no leading zeros");
    }
    if fraction.is_some_and(|fraction| !digits(fraction)) {
        return Err("digits, and nothing else, follow the point of a number");
    }
    if exponent.is_some_and(|e| !digits(e.strip_prefix(['+', '-']).unwrap_or(e))) {
        return Err("an exponent is `e`, a sign if you like, and digits");
    }
    Ok(fraction.is_some() || exponent.is_some())
}
