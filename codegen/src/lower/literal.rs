//! From the value of a literal back to its bytes in the file.
//!
//! In: the text of a literal. Out: ranges in it. Must not know: files, directives.

use std::ops::Range;

/// The bytes of a literal that make a part of its value; `None` if literal and value do not belong together.
pub(super) fn part(literal: &str, value: &str, part: Range<usize>) -> Option<Range<usize>> {
    let places = if literal.starts_with("\"\"\"") {
        block(literal)?
    } else {
        line(literal)?
    };
    if places.len() != value.len() {
        return None;
    }
    let end = literal.len() - if literal.starts_with("\"\"\"") { 3 } else { 1 };
    let start = places.get(part.start).copied().unwrap_or(end);
    let stop = match part.end.checked_sub(1) {
        Some(last) if part.end > part.start => {
            let next = places.get(part.end).copied().unwrap_or(end);
            let last = *places.get(last)?;
            // Behind the last byte's own characters, not behind the line break that follows it.
            next.min(
                last + literal[last..]
                    .find(['\n', '\r'])
                    .unwrap_or(usize::MAX - last)
                    .max(1),
            )
        }
        _ => start,
    };
    Some(start..stop.max(start))
}

/// The bytes of item number `index` of a list literal of names, numbers and strings.
pub(super) fn item(literal: &str, index: usize) -> Option<Range<usize>> {
    if !literal.starts_with('[') {
        return (index == 0).then_some(0..literal.len());
    }
    let mut at = 1;
    let mut found = 0;
    loop {
        let rest = literal.get(at..)?;
        let first = rest.chars().next()?;
        let len = match first {
            ']' => return None,
            '#' => {
                at += rest.find('\n')?;
                continue;
            }
            '"' => {
                let mut escaped = false;
                1 + rest[1..].find(|c| {
                    let closes = c == '"' && !escaped;
                    escaped = c == '\\' && !escaped;
                    closes
                })? + 1
            }
            c if c.is_whitespace() || c == ',' => {
                at += c.len_utf8();
                continue;
            }
            _ => rest.find(|c: char| c.is_whitespace() || matches!(c, ',' | ']' | '#'))?,
        };
        if found == index {
            return Some(at..at + len);
        }
        found += 1;
        at += len;
    }
}

/// For each byte of the value of `"…"`, the byte of the literal where its character begins.
fn line(literal: &str) -> Option<Vec<usize>> {
    let inner = literal.strip_prefix('"')?.strip_suffix('"')?;
    let mut places = Vec::new();
    let mut at = 0;
    while let Some(c) = inner[at..].chars().next() {
        let (from, into) = match (c, inner.as_bytes().get(at + 1)) {
            ('\\', Some(b'u')) => unicode(&inner[at..])?,
            ('\\', _) => (2, 1),
            _ => (c.len_utf8(), c.len_utf8()),
        };
        places.extend(std::iter::repeat_n(at + 1, into));
        at += from;
    }
    Some(places)
}

/// Bytes of an escape in the literal and of its character in the value.
fn unicode(text: &str) -> Option<(usize, usize)> {
    let hex = |text: &str| u32::from_str_radix(text, 16).ok();
    if let Some(rest) = text.strip_prefix("\\u{") {
        let end = rest.find('}')?;
        return Some((end + 4, char::from_u32(hex(&rest[..end])?)?.len_utf8()));
    }
    let first = hex(text.get(2..6)?)?;
    match char::from_u32(first) {
        Some(c) => Some((6, c.len_utf8())),
        None => Some((12, 4)),
    }
}

/// The same for `"""…"""`: common indentation, and blank lines at both ends, are no part of the value (section 2.9.4).
fn block(literal: &str) -> Option<Vec<usize>> {
    let inner = literal.strip_prefix("\"\"\"")?.strip_suffix("\"\"\"")?;
    let mut lines: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    while let Some(end) = inner[start..].find(['\n', '\r']).map(|i| start + i) {
        lines.push(start..end);
        start = end
            + if inner[end..].starts_with("\r\n") {
                2
            } else {
                1
            };
    }
    lines.push(start..inner.len());
    let blanks = |line: &Range<usize>| {
        inner[line.clone()]
            .bytes()
            .take_while(|b| matches!(b, b' ' | b'\t'))
            .count()
    };
    let is_blank = |line: &Range<usize>| blanks(line) == line.len();
    let indent = lines
        .iter()
        .skip(1)
        .filter(|l| !is_blank(l))
        .map(blanks)
        .min()
        .unwrap_or(0);
    let first = lines.iter().position(|l| !is_blank(l))?;
    let last = lines.iter().rposition(|l| !is_blank(l))?;
    let mut places = Vec::new();
    for (number, line) in lines.iter().enumerate().take(last + 1).skip(first) {
        if number > first {
            places.push(3 + line.start - 1); // the line break before it
        }
        let mut at = if number == 0 {
            line.start
        } else {
            line.end.min(line.start + indent)
        };
        while at < line.end {
            let escaped = inner[at..].starts_with("\\\"\"\"");
            if escaped {
                places.extend([3 + at + 1, 3 + at + 2, 3 + at + 3]);
                at += 4;
            } else {
                places.push(3 + at);
                at += 1;
            }
        }
    }
    Some(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts() {
        for (literal, value, find) in [
            (r#""self.a == auth.b""#, "self.a == auth.b", "auth"),
            (r#""a == \"x\" && ö.bc""#, "a == \"x\" && ö.bc", "bc"),
            (r#""\u00e4 \u{1F600} \uD83D\uDE00 bc""#, "ä 😀 😀 bc", "bc"),
            (
                "\"\"\"\n    self.a\n      || bc\n  \"\"\"",
                "self.a\n  || bc",
                "bc",
            ),
            ("\"\"\"x \\\"\"\" bc\"\"\"", "x \"\"\" bc", "bc"),
            ("\"\"\"\r\n  a ||\r\n  bc\r\n\"\"\"", "a ||\nbc", "bc"),
        ] {
            let at = value.find(find).expect("in the value");
            let found = part(literal, value, at..at + find.len()).expect(literal);
            assert_eq!(&literal[found], find, "{literal}");
        }
        assert_eq!(part("\"abc\"", "abc", 3..3), Some(4..4));
        assert_eq!(part("\"abc\"", "abcd", 0..1), None);
    }

    #[test]
    fn items() {
        let list = "[A, \"b\\\"c\" # d\n E]";
        let show = |index| item(list, index).map(|range| &list[range]);
        assert_eq!(
            [show(0), show(1), show(2), show(3)],
            [Some("A"), Some("\"b\\\"c\""), Some("E"), None]
        );
        assert_eq!(item("A", 0), Some(0..1));
    }
}
