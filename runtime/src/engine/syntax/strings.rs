//! The values of strings: escapes and the indentation of block strings.
//!
//! In: what stands between the quotes. Out: the value, borrowed where it is what stands there. Must not know: tokens.
//!
//! <https://spec.graphql.org/September2025/#sec-String-Value>

use std::borrow::Cow;

use super::Mistake;
use super::lexer::mistake;

/// The value of a string in quotes; `at` is the byte where `raw` begins.
pub(super) fn unescape(raw: &str, at: usize) -> Result<Cow<'_, str>, Box<Mistake>> {
    let Some(first) = raw.find('\\') else {
        return Ok(Cow::Borrowed(raw));
    };
    let mut value = String::with_capacity(raw.len());
    let (mut done, mut next) = (0, Some(first));
    while let Some(place) = next {
        value.push_str(&raw[done..place]);
        let (found, length) = escape(&raw[place..]).map_err(|why| mistake(at + place, why))?;
        value.push(found);
        done = place + length;
        next = raw[done..].find('\\').map(|further| done + further);
    }
    value.push_str(&raw[done..]);
    Ok(Cow::Owned(value))
}

/// The character that an escape stands for, and how many bytes it takes. `text` begins with the backslash.
fn escape(text: &str) -> Result<(char, usize), String> {
    let found = match text.as_bytes().get(1) {
        Some(b'u') => return unicode(text),
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'/') => '/',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        _ => {
            let shown: String = text.chars().take(2).collect();
            return Err(format!("there is no escape `{shown}`"));
        }
    };
    Ok((found, 2))
}

/// `\u{…}`, `\uXXXX`, or two of these that are a surrogate pair.
fn unicode(text: &str) -> Result<(char, usize), String> {
    if let Some(rest) = text.strip_prefix("\\u{") {
        let digits = rest.find('}').map_or("", |end| &rest[..end]);
        let code = hex(digits).and_then(char::from_u32);
        return match code {
            Some(found) => Ok((found, digits.len() + 4)),
            None => Err("`\\u{…}` wants the hexadecimal number of a character".to_owned()),
        };
    }
    let four = |text: &str| hex(text.strip_prefix("\\u")?.get(..4)?);
    let wrong = || "`\\u` wants four hexadecimal digits of a character".to_owned();
    let first = four(text).ok_or_else(wrong)?;
    if let Some(found) = char::from_u32(first) {
        return Ok((found, 6));
    }
    let second = text.get(6..).and_then(four);
    match (first, second) {
        (0xD800..=0xDBFF, Some(low @ 0xDC00..=0xDFFF)) => {
            let code = 0x1_0000 + ((first - 0xD800) << 10) + (low - 0xDC00);
            char::from_u32(code)
                .map(|found| (found, 12))
                .ok_or_else(wrong)
        }
        _ => Err("half of a surrogate pair is no character".to_owned()),
    }
}

/// A hexadecimal number of any length, as long as it fits.
fn hex(digits: &str) -> Option<u32> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    u32::from_str_radix(digits, 16).ok()
}

/// The value of a block string: <https://spec.graphql.org/September2025/#BlockStringValue()>
pub(super) fn dedent(raw: &str) -> Cow<'_, str> {
    let blank = |line: &str| line.bytes().all(|byte| matches!(byte, b' ' | b'\t'));
    if !raw.contains(['\n', '\r', '\\']) {
        return Cow::Borrowed(if blank(raw) { "" } else { raw });
    }
    let raw = match raw.contains("\\\"\"\"") {
        true => Cow::Owned(raw.replace("\\\"\"\"", "\"\"\"")),
        false => Cow::Borrowed(raw),
    };
    let lines: Vec<&str> = lines(&raw).collect();
    let indent = |line: &str| line.bytes().position(|byte| !matches!(byte, b' ' | b'\t'));
    let common = lines[1..].iter().filter_map(|line| indent(line)).min();
    let Some(first) = lines.iter().position(|line| !blank(line)) else {
        return Cow::Borrowed("");
    };
    let last = lines.iter().rposition(|line| !blank(line)).unwrap_or(first);
    let mut value = String::with_capacity(raw.len());
    for (i, line) in lines.iter().enumerate().take(last + 1).skip(first) {
        let cut = if i == 0 { 0 } else { common.unwrap_or(0) };
        if i > first {
            value.push('\n');
        }
        value.push_str(line.get(cut..).unwrap_or_default());
    }
    Cow::Owned(value)
}

/// Lines that end with `\n`, `\r\n` or `\r`.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(end) = text.find(['\n', '\r']) else {
            return rest.take();
        };
        let behind = &text[end..];
        rest = Some(behind.strip_prefix("\r\n").unwrap_or(&behind[1..]));
        Some(&text[..end])
    })
}
