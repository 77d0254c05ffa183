//! Rust as people lay it out, and as nobody should: texts taken apart into pieces and put together otherwise.
//!
//! In: a text and dice. Out: another text: with [`reformat`] of the same meaning, with [`mutate`] of any.

use super::dice::Dice;

/// What a piece of a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Blanks and line breaks.
    Blank,
    /// `// …` without its line break, `/// …` and `//! …` as well.
    Line,
    /// `/* … */`
    Block,
    /// Strings, characters, of whatever sort.
    Literal,
    /// Names, keywords, numbers, lifetimes.
    Word,
    /// One character of punctuation.
    Punct,
}

/// A text as its pieces, which make it up without a gap.
pub fn pieces(text: &str) -> Vec<(Kind, &str)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (kind, length) = match first {
            c if c.is_whitespace() => {
                let end = rest.find(|c: char| !c.is_whitespace());
                (Kind::Blank, end.unwrap_or(rest.len()))
            }
            '/' if rest.starts_with("//") => {
                let end = rest.find(['\n', '\r']);
                (Kind::Line, end.unwrap_or(rest.len()))
            }
            '/' if rest.starts_with("/*") => (Kind::Block, block(rest)),
            '"' => (Kind::Literal, quoted(rest, 0)),
            'r' | 'b' | 'c' if prefixed(rest).is_some() => {
                (Kind::Literal, prefixed(rest).unwrap_or(1))
            }
            '\'' => character(rest),
            c if c.is_alphanumeric() || c == '_' => {
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
                (Kind::Word, end.unwrap_or(rest.len()))
            }
            c => (Kind::Punct, c.len_utf8()),
        };
        found.push((kind, &rest[..length]));
        rest = &rest[length..];
    }
    found
}

/// A nested comment's length.
fn block(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        if text[at..].starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if text[at..].starts_with("*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                return at;
            }
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// The length of a string whose quote stands at `from`.
fn quoted(text: &str, from: usize) -> usize {
    let mut escaped = false;
    for (at, c) in text[from + 1..].char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return from + 1 + at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of `r"…"`, `br#"…"#`, `b"…"`, `c"…"`.
fn prefixed(text: &str) -> Option<usize> {
    let letters = text.find(|c: char| !matches!(c, 'r' | 'b' | 'c'))?;
    let raw = text[..letters].contains('r');
    let hashes = text[letters..].len() - text[letters..].trim_start_matches('#').len();
    let quote = letters + hashes;
    let fits = letters <= 2 && text[quote..].starts_with('"') && (raw || hashes == 0);
    fits.then(|| match raw {
        false => quoted(text, quote),
        true => {
            let end = format!("\"{}", "#".repeat(hashes));
            let found = text[quote + 1..].find(&end);
            found.map_or(text.len(), |at| quote + 1 + at + end.len())
        }
    })
}

/// A character or a lifetime.
fn character(text: &str) -> (Kind, usize) {
    let mut chars = text.char_indices().skip(1);
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), _) => {
            let end = text[3.min(text.len())..].find('\'');
            (Kind::Literal, end.map_or(text.len(), |at| at + 4))
        }
        (Some(_), Some((at, '\''))) => (Kind::Literal, at + 1),
        _ => {
            let end = text[1..].find(|c: char| !c.is_alphanumeric() && c != '_');
            (Kind::Word, end.map_or(text.len(), |at| at + 1))
        }
    }
}

/// The same tokens and comments with other blanks: another indentation, everything on lines of its own, or as it comes.
pub fn reformat(text: &str, dice: &mut Dice) -> String {
    let manner = dice.below(6);
    match manner {
        0 => reindent(text, "  "),
        1 => reindent(text, "\t"),
        2 => reindent(text, "   "),
        3 => split_heads(text),
        4 => join_heads(text),
        _ => scattered(text, dice),
    }
}

fn reindent(text: &str, unit: &str) -> String {
    let mut out = String::new();
    for line in text.split_inclusive('\n') {
        let body = line.trim_start_matches([' ', '\t']);
        let steps = line[..line.len() - body.len()].replace('\t', "    ").len() / 4;
        out += &unit.repeat(steps);
        out += body;
    }
    out
}

/// One parameter a line, as rustfmt has it where a line is too long.
fn split_heads(text: &str) -> String {
    text.replace(
        "(&self, cx: &gw::Context",
        "(\n        &self,\n        cx: &gw::Context",
    )
}

/// The opposite.
fn join_heads(text: &str) -> String {
    text.replace("(\n        &self,\n        ", "(&self, ")
}

/// Any blanks where there are some.
fn scattered(text: &str, dice: &mut Dice) -> String {
    let eol = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut out = String::new();
    let mut after_line = false;
    for (kind, piece) in pieces(text) {
        if kind != Kind::Blank {
            out += piece;
            after_line = kind == Kind::Line;
            continue;
        }
        match dice.below(8) {
            // What ends a comment stays.
            _ if after_line => out += piece,
            0 => out += " ",
            1 => out += eol,
            2 => out += "  \t ",
            _ => out += piece,
        }
    }
    out
}

/// Anything but Rust, perhaps.
pub fn mutate(text: &str, dice: &mut Dice) -> String {
    let mut parts: Vec<String> = pieces(text)
        .into_iter()
        .map(|(_, p)| p.to_owned())
        .collect();
    for _ in 0..dice.from(1, 4) {
        let at = dice.below(parts.len());
        let other = dice.below(parts.len());
        match dice.below(12) {
            0..=2 if !parts.is_empty() => drop(parts.remove(at)),
            3 if !parts.is_empty() => {
                let again = parts[other].clone();
                parts.insert(at, again);
            }
            4 if !parts.is_empty() => parts.swap(at, other),
            5 if !parts.is_empty() => parts.truncate(at),
            6 => parts.insert(at, nested(dice)),
            7 if !parts.is_empty() => {
                let range = at.min(other)..at.max(other).min(at.min(other) + 40);
                drop(parts.drain(range));
            }
            _ => parts.insert(at, (*dice.of(SNIPPETS)).to_owned()),
        }
    }
    parts.concat()
}

/// Something in something in something.
fn nested(dice: &mut Dice) -> String {
    let depth = *dice.of(&[3, 40, 400, 4000]);
    let (open, close) = dice.of(NESTS);
    format!("{}x{}", open.repeat(depth), close.repeat(depth))
}

const NESTS: &[(&str, &str)] = &[
    ("(", ")"),
    ("[", "]"),
    ("{", "}"),
    ("/*", "*/"),
    ("Vec<", ">"),
    ("!", ""),
    ("- ", ""),
    ("&", ""),
    ("|x| ", ""),
    ("x = ", ""),
    ("if x {} else ", ""),
    ("return ", ""),
    ("mod m {", "}"),
    ("m!(", ")"),
    ("fn f() {", "}"),
    ("#[a]\n", ""),
    ("x.", ""),
    ("x + ", ""),
    ("a::", ""),
];

const SNIPPETS: &[&str] = &[
    "\r",
    "\r\n",
    "\n",
    "\0",
    "\u{feff}",
    "\u{200b}",
    "\u{2028}",
    "é",
    "日本",
    "🦀",
    " ",
    "\t",
    "//",
    "// x\n",
    "/// doc\n",
    "//! doc\n",
    "/*",
    "*/",
    "/* a /* b */ c */",
    "/** d */",
    "#!",
    "#![allow(x)]",
    "#[cfg(a)]",
    "#[cfg(not(a))]",
    "#[doc = \"x\"]",
    "#[",
    "]",
    "{",
    "}",
    "(",
    ")",
    "\"",
    "'",
    "'a",
    "'a'",
    "'\\''",
    "b'x'",
    "r\"",
    "r#\"}\"#",
    "r#",
    "r##\"a\"#b\"##",
    "c\"x\"",
    "b\"\\xff\"",
    "\"\\u{1F980}\"",
    "1..=2",
    "0x",
    "1e",
    "1_u8",
    "::",
    "->",
    "=>",
    "..",
    "...",
    "|",
    "||",
    "&&",
    "!",
    "?",
    ";",
    ",",
    "<",
    ">",
    "<<",
    ">>",
    "=",
    "@",
    "$",
    "$x:ty",
    "~",
    "`",
    "\\",
    "self",
    "&self",
    "&'r self",
    "mut self: Box<Self>",
    "r#type",
    "r#self",
    "crate",
    "super",
    "dyn",
    "impl",
    "for",
    "where",
    "async",
    "unsafe",
    "const",
    "extern \"C\"",
    "fn",
    "fn one() {}",
    "async fn alpha(&self) {}",
    "impl gw::Query for App {",
    "impl gw::Query for App {}",
    "impl<T> gw::Query for App where T: X {}",
    "impl !gw::Query for App {}",
    "unsafe impl gw::Query for App {}",
    "m!();",
    "m! {}",
    "m![one]",
    "macro_rules! m { ($x:ty) => {} }",
    "wrap! { impl gw::Query for App {} }",
    "use gw::Query as Q;",
    "use a::{b, c as d, self as e, *};",
    "mod a;",
    "mod b { use super::*; }",
    "#[path = \"../x.rs\"] mod c;",
    "pub mod resolvers;",
    "union U { a: u8 }",
    "auto trait T {}",
    "let x else { return };",
    "builtin # x",
    "/*x*/impl gw::Query for App{fn alpha(){}}/*y*/",
    "type App = ();",
    "struct App;",
    "_",
    "yield",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_make_up_the_text() {
        let text = "fn a<'b>(x: &'b str) -> char { /* a /* b */ c */ let y = r#\"}\"\"#; '\\'' } // ende é\r\n\"\\\"{\" b'x' 'c' r#type 1.5";
        let found = pieces(text);
        assert_eq!(
            found.iter().map(|(_, piece)| *piece).collect::<String>(),
            text
        );
        let of = |kind| -> Vec<&str> {
            found
                .iter()
                .filter(|(k, _)| *k == kind)
                .map(|(_, p)| *p)
                .collect()
        };
        assert_eq!(
            of(Kind::Literal),
            ["r#\"}\"\"#", "'\\''", "\"\\\"{\"", "'x'", "'c'"]
        );
        assert_eq!(of(Kind::Block), ["/* a /* b */ c */"]);
        assert_eq!(of(Kind::Line), ["// ende é"]);
    }

    #[test]
    fn other_blanks_are_the_same_tokens() {
        let text = "fn a(&self, cx: &gw::Context) {\n    // one\n    b(\"x  y\");\n}\n";
        let tokens = |text: &str| -> Vec<String> {
            let parts = pieces(text)
                .into_iter()
                .filter(|(kind, _)| *kind != Kind::Blank);
            parts.map(|(_, piece)| piece.to_owned()).collect()
        };
        for seed in 0..100 {
            let other = reformat(text, &mut Dice::new(seed));
            assert_eq!(tokens(&other), tokens(text), "{other}");
        }
    }
}
