//! Strings and block strings, section 2.9.4 of the specification.
//!
//! In: text that starts with a quote. Out: the value, the length of the literal and what is wrong in it.

use std::borrow::Cow;
use std::ops::Range;

/// A string literal that was read.
pub(super) struct Read {
    /// The value, with escapes resolved.
    pub(super) value: String,
    /// Bytes of the literal, with its quotes.
    pub(super) len: usize,
    /// What is wrong in it.
    pub(super) faults: Vec<Fault>,
}

/// A mistake in a string literal.
pub(super) struct Fault {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) message: String,
    pub(super) help: &'static str,
}

/// Reads the literal at the beginning of `text`.
pub(super) fn read(text: &str) -> Read {
    if text.starts_with("\"\"\"") {
        block(text)
    } else {
        line(text)
    }
}

fn line(text: &str) -> Read {
    let mut read = Read {
        value: String::new(),
        len: 1,
        faults: Vec::new(),
    };
    loop {
        let rest = &text[read.len..];
        match rest.chars().next() {
            None | Some('\n' | '\r') => {
                let help = "close it with `\"`; text over several lines stands between `\"\"\"` and `\"\"\"`";
                read.fault(0..read.len, "the string is not closed", help);
                return read;
            }
            Some('"') => {
                read.len += 1;
                return read;
            }
            Some('\\') => read.escape(rest),
            Some(_) => {
                let plain = rest.find(['"', '\\', '\n', '\r']).unwrap_or(rest.len());
                read.value.push_str(&rest[..plain]);
                read.len += plain;
            }
        }
    }
}

impl Read {
    fn fault(&mut self, place: Range<usize>, message: impl Into<String>, help: &'static str) {
        self.faults.push(Fault {
            start: place.start,
            end: place.end,
            message: message.into(),
            help,
        });
    }

    fn escape(&mut self, rest: &str) {
        let at = self.len;
        let Some(c) = rest[1..]
            .chars()
            .next()
            .filter(|c| !matches!(c, '\n' | '\r'))
        else {
            self.len += 1;
            return;
        };
        if c == 'u' {
            return self.unicode(rest);
        }
        self.len += 1 + c.len_utf8();
        match simple_escape(c) {
            Some(c) => self.value.push(c),
            None => {
                let help = "the escapes are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX and \\u{X…}";
                self.fault(at..self.len, format!("unknown escape `\\{c}`"), help);
            }
        }
    }

    fn unicode(&mut self, rest: &str) {
        let at = self.len;
        let (code, mut len) = hex_escape(rest);
        let high = code.filter(|high| (0xD800..0xDC00).contains(high) && !rest.starts_with("\\u{"));
        let low = high.and_then(|_| {
            let (low, low_len) = hex_escape(&rest[len..]);
            let fixed = !rest[len..].starts_with("\\u{");
            low.filter(|low| fixed && (0xDC00..0xE000).contains(low))
                .map(|low| (low, low_len))
        });
        let scalar = match (high, low) {
            (Some(high), Some((low, low_len))) => {
                len += low_len;
                Some(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
            }
            _ => code,
        };
        self.len += len;
        match scalar.and_then(char::from_u32) {
            Some(c) => self.value.push(c),
            None => {
                let help = "write four hexadecimal digits (`\\u00E9`), a pair of surrogates, or the code point in braces (`\\u{1F600}`)";
                self.fault(
                    at..self.len,
                    format!("`{}` is not a character", &rest[..len]),
                    help,
                );
            }
        }
    }
}

fn simple_escape(c: char) -> Option<char> {
    Some(match c {
        '"' | '\\' | '/' => c,
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        _ => return None,
    })
}

/// The number of a `\u` escape at the beginning of `text` and the escape's length, however malformed.
fn hex_escape(text: &str) -> (Option<u32>, usize) {
    let Some(body) = text.strip_prefix("\\u") else {
        return (None, 0);
    };
    let (digits, len) = match body.strip_prefix('{') {
        Some(braced) => {
            let digits = braced.len()
                - braced
                    .trim_start_matches(|c: char| c.is_ascii_hexdigit())
                    .len();
            let closed = braced[digits..].starts_with('}');
            (
                if closed { &braced[..digits] } else { "" },
                3 + digits + usize::from(closed),
            )
        }
        None => {
            let digits = body
                .bytes()
                .take(4)
                .take_while(u8::is_ascii_hexdigit)
                .count();
            (if digits == 4 { &body[..4] } else { "" }, 2 + digits)
        }
    };
    // Leading zeros are allowed in any number, so the value decides, not the length.
    let significant = digits.trim_start_matches('0');
    let value = match (digits.is_empty(), significant) {
        (true, _) => None,
        (false, "") => Some(0),
        (false, hex) => u32::from_str_radix(hex, 16).ok(),
    };
    (value, len)
}

fn block(text: &str) -> Read {
    // Nearly all hold no sign that could be an escape.
    if let Some(end) = closing(text)
        && !text[3..end].contains('\\')
    {
        return Read {
            value: dedent(&text[3..end]),
            len: end + 3,
            faults: Vec::new(),
        };
    }
    let mut at = 3;
    let mut raw = String::new();
    loop {
        let rest = &text[at..];
        if rest.starts_with("\"\"\"") {
            return Read {
                value: dedent(&raw),
                len: at + 3,
                faults: Vec::new(),
            };
        }
        if rest.starts_with("\\\"\"\"") {
            raw.push_str("\"\"\"");
            at += 4;
            continue;
        }
        if rest.is_empty() {
            let mut read = Read {
                value: dedent(&raw),
                len: at,
                faults: Vec::new(),
            };
            read.fault(
                0..3,
                "the block string is not closed",
                "close it with `\"\"\"`",
            );
            return read;
        }
        // What begins with a sign that decides nothing goes with what follows it.
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let plain = rest[first..].find(['"', '\\']);
        let plain = plain.map_or(rest.len(), |plain| first + plain);
        raw.push_str(&rest[..plain]);
        at += plain;
    }
}

/// Where the first three quotes stand behind those at the beginning.
fn closing(text: &str) -> Option<usize> {
    let mut at = 3;
    loop {
        at += text[at..].find('"')?;
        if text[at..].starts_with("\"\"\"") {
            return Some(at);
        }
        at += 1;
    }
}

/// The specification's `BlockStringValue()`: common indentation and blank lines at both ends go.
fn dedent(raw: &str) -> String {
    let unix = match raw.contains('\r') {
        true => Cow::Owned(raw.replace("\r\n", "\n").replace('\r', "\n")),
        false => Cow::Borrowed(raw),
    };
    if !unix.contains('\n') {
        let blank = unix.trim_matches([' ', '\t']).is_empty();
        return if blank {
            String::new()
        } else {
            unix.into_owned()
        };
    }
    let lines = || unix.split('\n');
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let blank = |line: &str| indent(line) == line.len();
    let indented = lines().skip(1).filter(|line| !blank(line));
    let common = indented.map(indent).min().unwrap_or(0);
    let mut out = String::with_capacity(unix.len());
    // Behind the last line that is not blank.
    let mut end = None;
    for (i, line) in lines().enumerate() {
        let cut = if i == 0 { 0 } else { common };
        let line = line.get(cut..).unwrap_or("");
        if end.is_some() {
            out.push('\n');
        }
        if !blank(line) {
            out.push_str(line);
            end = Some(out.len());
        } else if end.is_some() {
            out.push_str(line);
        }
    }
    out.truncate(end.unwrap_or(0));
    out
}
