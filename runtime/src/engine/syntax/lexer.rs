//! The lexer: from bytes to tokens.
//!
//! In: a text. Out: tokens with their spans, or a mistake. Must not know: grammar.
//!
//! <https://spec.graphql.org/September2025/#sec-Appendix-Grammar-Summary.Lexical-Tokens>

use super::Mistake;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The end of the text.
    End,
    /// `!`
    Bang,
    /// `$`
    Dollar,
    /// `&`
    Amp,
    /// `(`
    ParenL,
    /// `)`
    ParenR,
    /// `...`
    Dots,
    /// `:`
    Colon,
    /// `=`
    Equals,
    /// `@`
    At,
    /// `[`
    BracketL,
    /// `]`
    BracketR,
    /// `{`
    BraceL,
    /// `|`
    Pipe,
    /// `}`
    BraceR,
    /// A name.
    Name,
    /// A whole number.
    Int,
    /// A number with a fraction or an exponent.
    Float,
    /// A string in quotes.
    String,
    /// A string in triple quotes.
    Block,
}

impl Kind {
    /// For messages.
    pub(super) fn describe(self) -> &'static str {
        match self {
            Kind::End => "the end of the document",
            Kind::Bang => "`!`",
            Kind::Dollar => "`$`",
            Kind::Amp => "`&`",
            Kind::ParenL => "`(`",
            Kind::ParenR => "`)`",
            Kind::Dots => "`...`",
            Kind::Colon => "`:`",
            Kind::Equals => "`=`",
            Kind::At => "`@`",
            Kind::BracketL => "`[`",
            Kind::BracketR => "`]`",
            Kind::BraceL => "`{`",
            Kind::Pipe => "`|`",
            Kind::BraceR => "`}`",
            Kind::Name => "a name",
            Kind::Int | Kind::Float => "a number",
            Kind::String | Kind::Block => "a string",
        }
    }
}

/// A token and where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: u32,
    pub(super) end: u32,
}

/// Where the lexer is.
#[derive(Debug)]
pub(super) struct Lexer<'d> {
    text: &'d str,
    at: usize,
    /// How many tokens there may still be.
    left: usize,
}

/// What a byte may begin.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Blank,
    Comment,
    Mark(Kind),
    Dot,
    Letter,
    Digit,
    Quote,
    Other,
}

static CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b' ' | b'\t' | b'\n' | b'\r' | b',' => Class::Blank,
            b'#' => Class::Comment,
            b'!' => Class::Mark(Kind::Bang),
            b'$' => Class::Mark(Kind::Dollar),
            b'&' => Class::Mark(Kind::Amp),
            b'(' => Class::Mark(Kind::ParenL),
            b')' => Class::Mark(Kind::ParenR),
            b':' => Class::Mark(Kind::Colon),
            b'=' => Class::Mark(Kind::Equals),
            b'@' => Class::Mark(Kind::At),
            b'[' => Class::Mark(Kind::BracketL),
            b']' => Class::Mark(Kind::BracketR),
            b'{' => Class::Mark(Kind::BraceL),
            b'|' => Class::Mark(Kind::Pipe),
            b'}' => Class::Mark(Kind::BraceR),
            b'.' => Class::Dot,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => Class::Letter,
            b'0'..=b'9' | b'-' => Class::Digit,
            b'"' => Class::Quote,
            _ => Class::Other,
        };
        byte += 1;
    }
    classes
};

/// The byte order mark: blank wherever it stands.
const MARK: &[u8] = "\u{feff}".as_bytes();

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

impl<'d> Lexer<'d> {
    pub(super) fn new(text: &'d str, tokens: usize) -> Self {
        Lexer {
            text,
            at: 0,
            left: tokens,
        }
    }

    /// The next token; at the end of the text [`Kind::End`], again and again.
    #[inline]
    pub(super) fn next(&mut self) -> Result<Token, Box<Mistake>> {
        let bytes = self.text.as_bytes();
        loop {
            let Some(&byte) = bytes.get(self.at) else {
                return Ok(self.token(Kind::End, self.at));
            };
            let start = self.at;
            let kind = match CLASSES[byte as usize] {
                Class::Blank => {
                    self.at += 1;
                    continue;
                }
                Class::Comment => {
                    self.comment();
                    continue;
                }
                Class::Other if bytes[start..].starts_with(MARK) => {
                    self.at += MARK.len();
                    continue;
                }
                _ if self.left == 0 => return Err(self.too_long()),
                Class::Letter => {
                    self.skip_while(is_name);
                    Kind::Name
                }
                Class::Mark(kind) => {
                    self.at += 1;
                    kind
                }
                Class::Dot => self.dots()?,
                Class::Digit => self.number()?,
                Class::Quote => self.string()?,
                Class::Other => return Err(self.strange(start)),
            };
            self.left -= 1;
            return Ok(self.token(kind, start));
        }
    }

    fn token(&self, kind: Kind, start: usize) -> Token {
        Token {
            kind,
            start: start as u32,
            end: self.at as u32,
        }
    }

    fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    #[inline]
    fn skip_while(&mut self, holds: fn(u8) -> bool) {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest
            .iter()
            .position(|&byte| !holds(byte))
            .unwrap_or(rest.len());
    }

    fn comment(&mut self) {
        self.skip_while(|byte| byte != b'\n' && byte != b'\r');
    }

    fn dots(&mut self) -> Result<Kind, Box<Mistake>> {
        if self.text[self.at..].starts_with("...") {
            self.at += 3;
            Ok(Kind::Dots)
        } else {
            Err(mistake(self.at, "expected `...`, found `.`"))
        }
    }

    fn number(&mut self) -> Result<Kind, Box<Mistake>> {
        let digit = |byte: u8| byte.is_ascii_digit();
        let mut kind = Kind::Int;
        if self.peek() == b'-' {
            self.at += 1;
        }
        let first = self.at;
        self.digits("a digit")?;
        if self.text.as_bytes()[first] == b'0' && self.at > first + 1 {
            return Err(mistake(first, "a number does not begin with a zero"));
        }
        if self.peek() == b'.' {
            self.at += 1;
            self.digits("a digit behind the point")?;
            kind = Kind::Float;
        }
        if matches!(self.peek(), b'e' | b'E') {
            self.at += 1;
            if matches!(self.peek(), b'+' | b'-') {
                self.at += 1;
            }
            self.digits("a digit of the exponent")?;
            kind = Kind::Float;
        }
        let behind = self.peek();
        if is_name(behind) && !digit(behind) || behind == b'.' {
            let found = behind as char;
            return Err(mistake(
                self.at,
                format!("expected the end of the number, found `{found}`"),
            ));
        }
        Ok(kind)
    }

    fn digits(&mut self, what: &str) -> Result<(), Box<Mistake>> {
        let start = self.at;
        self.skip_while(|byte| byte.is_ascii_digit());
        if self.at > start {
            return Ok(());
        }
        let found = self.text[start..].chars().next().map_or_else(
            || Kind::End.describe().to_owned(),
            |found| format!("`{}`", found.escape_debug()),
        );
        Err(mistake(start, format!("expected {what}, found {found}")))
    }

    fn string(&mut self) -> Result<Kind, Box<Mistake>> {
        let start = self.at;
        if self.text[start..].starts_with("\"\"\"") {
            return self.block();
        }
        self.at += 1;
        loop {
            self.skip_while(|byte| !matches!(byte, b'"' | b'\\' | b'\n' | b'\r'));
            match self.peek() {
                b'"' => {
                    self.at += 1;
                    return Ok(Kind::String);
                }
                // What stands behind it is no quote that ends the string.
                b'\\' if !matches!(self.text.as_bytes().get(self.at + 1), Some(b'\n' | b'\r')) => {
                    self.at += 2;
                    if self.at > self.text.len() {
                        return Err(unterminated(start));
                    }
                }
                _ => return Err(unterminated(start)),
            }
        }
    }

    fn block(&mut self) -> Result<Kind, Box<Mistake>> {
        let start = self.at;
        self.at += 3;
        loop {
            self.skip_while(|byte| !matches!(byte, b'"' | b'\\'));
            let rest = &self.text.as_bytes()[self.at..];
            if rest.is_empty() {
                return Err(unterminated(start));
            } else if rest.starts_with(b"\"\"\"") {
                self.at += 3;
                return Ok(Kind::Block);
            } else if rest.starts_with(b"\\\"\"\"") {
                self.at += 4;
            } else {
                self.at += 1;
            }
        }
    }

    #[cold]
    fn too_long(&self) -> Box<Mistake> {
        Box::new(Mistake {
            message: "the document has too many tokens".to_owned(),
            at: self.at as u32,
            too_long: true,
        })
    }

    #[cold]
    fn strange(&self, start: usize) -> Box<Mistake> {
        let found = self.text[start..].chars().next().unwrap_or_default();
        let shown = match found {
            '\'' => "`'` (a string stands in double quotes)".to_owned(),
            found => format!("`{}`", found.escape_debug()),
        };
        mistake(start, format!("unexpected character {shown}"))
    }
}

#[cold]
fn unterminated(start: usize) -> Box<Mistake> {
    mistake(start, "the string does not end")
}

#[cold]
pub(super) fn mistake(at: usize, message: impl Into<String>) -> Box<Mistake> {
    Box::new(Mistake {
        message: message.into(),
        at: at as u32,
        too_long: false,
    })
}
