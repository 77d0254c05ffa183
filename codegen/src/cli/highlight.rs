//! Rust in colours.
//!
//! In: well-formed Rust. Out: the same with escape codes. Must not know: what it says.

use super::style::{Style, paint};

const KEYWORDS: [&str; 37] = [
    "as", "async", "await", "const", "crate", "dyn", "else", "enum", "extern", "false", "fn",
    "for", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub", "ref",
    "return", "Self", "self", "static", "struct", "super", "trait", "true", "type", "union",
    "unsafe", "use", "where", "while",
];

/// The text in colours, if they are wanted.
pub(super) fn rust(wanted: bool, text: &str) -> String {
    if !wanted {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (len, style) = token(rest, first);
        let (piece, behind) = rest.split_at(len);
        match style {
            Some(style) => out.push_str(&paint(true, style, piece)),
            None => out.push_str(piece),
        }
        rest = behind;
    }
    out
}

/// The length of the token that the text begins with, and its style.
fn token(text: &str, first: char) -> (usize, Option<Style>) {
    let to = |end: Option<usize>| end.unwrap_or(text.len());
    if text.starts_with("//") {
        return (to(text.find('\n')), Some(Style::Dim));
    }
    if text.starts_with("#[") {
        return (to(text.find(']').map(|at| at + 1)), Some(Style::Yellow));
    }
    if let Some(len) = raw_string(text) {
        return (len, Some(Style::Green));
    }
    if first == '"' {
        return (string(text), Some(Style::Green));
    }
    if first == '\'' {
        let name = text[1..].find(|c: char| !c.is_alphanumeric() && c != '_');
        let len = 1 + name.unwrap_or(text.len() - 1);
        return match text[len..].starts_with('\'') && len > 1 {
            true => (len + 1, Some(Style::Green)),
            false => (len, Some(Style::Magenta)),
        };
    }
    if first.is_ascii_digit() {
        let len = to(text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_'));
        return (len, Some(Style::Cyan));
    }
    if first.is_alphabetic() || first == '_' {
        let len = to(text.find(|c: char| !c.is_alphanumeric() && c != '_'));
        let style = match &text[..len] {
            word if KEYWORDS.contains(&word) => Some(Style::Blue),
            _ if first.is_uppercase() => Some(Style::Cyan),
            _ => None,
        };
        return (len, style);
    }
    (first.len_utf8(), None)
}

/// The length of `r#"…"#`.
fn raw_string(text: &str) -> Option<usize> {
    let rest = text.strip_prefix('r')?;
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    let body = rest[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let at = body.find(&end)?;
    Some(1 + hashes + 1 + at + end.len())
}

/// The length of `"…"`.
fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '"' if !escaped => return at + 1,
            '\\' if !escaped => escaped = true,
            _ => escaped = false,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tokens with a style.
    fn styled(text: &str) -> Vec<(&str, Style)> {
        let (mut found, mut rest) = (Vec::new(), text);
        while let Some(first) = rest.chars().next() {
            let (len, style) = token(rest, first);
            found.extend(style.map(|style| (&rest[..len], style)));
            rest = &rest[len..];
        }
        found
    }

    #[test]
    fn tokens_have_their_styles() {
        use Style::*;
        assert_eq!(
            styled(
                "/// doc\n#[derive(Debug)] pub fn a<'b>(x: &'b str) -> Vec<u8> { \"a\\\"b\" + r#\"c\"d\"# + 'e' + 12u8 }"
            ),
            [
                ("/// doc", Dim),
                ("#[derive(Debug)]", Yellow),
                ("pub", Blue),
                ("fn", Blue),
                ("'b", Magenta),
                ("'b", Magenta),
                ("Vec", Cyan),
                ("\"a\\\"b\"", Green),
                ("r#\"c\"d\"#", Green),
                ("'e'", Green),
                ("12u8", Cyan),
            ]
        );
    }

    #[test]
    fn only_escape_codes_are_added() {
        let text = "fn r#type() { \"ä\" } // é";
        let painted = rust(true, text);
        let mut plain = painted.replace("\u{1b}[0m", "");
        for code in [2, 32, 33, 34, 35, 36] {
            plain = plain.replace(&format!("\u{1b}[{code}m"), "");
        }
        assert_eq!(plain, text);
        assert_ne!(painted, text);
        assert_eq!(rust(false, text), text);
    }
}
