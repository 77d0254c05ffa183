//! How a file is written: line endings, indentation, and what stands before its first token.
//!
//! In: texts. Out: answers about them, and generated text turned into the file's own manner.
//! Must not know: Rust's grammar.

/// Bytes that syn leaves out before it counts: a byte order mark and a `#!` line.
pub(super) fn skipped_prefix(text: &str) -> usize {
    let bom = if text.starts_with('\u{feff}') {
        '\u{feff}'.len_utf8()
    } else {
        0
    };
    let body = &text[bom..];
    // `#![…]` is an attribute, `#!/usr/bin/env …` is not.
    match body.strip_prefix("#!") {
        Some(rest) if !rest.trim_start().starts_with('[') => {
            bom + body.find('\n').unwrap_or(body.len())
        }
        _ => bom,
    }
}

/// The line ending in use at a place: that of the line itself, else the file's first, else `\n`.
pub(super) fn line_ending(text: &str, at: usize) -> &'static str {
    let here = text[at..].find('\n').map(|i| at + i);
    match here.or_else(|| text.find('\n')) {
        Some(end) if text[..end].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// The blank start of the line on which `at` stands.
pub(super) fn indent_at(text: &str, at: usize) -> &str {
    let start = text[..at].rfind('\n').map_or(0, |i| i + 1);
    let line = &text[start..at];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// Whether only blanks stand before `at` on its line.
pub(super) fn begins_line(text: &str, at: usize) -> bool {
    let start = text[..at].rfind('\n').map_or(0, |i| i + 1);
    text[start..at].chars().all(|c| c == ' ' || c == '\t')
}

/// One step of indentation: a tab where the file uses tabs, else four blanks.
pub(super) fn unit(text: &str) -> &'static str {
    if text.lines().any(|line| line.starts_with('\t')) {
        "\t"
    } else {
        "    "
    }
}

/// Where to insert behind something that ends at `at`: the end of its line if only blanks or a `//` comment follow,
/// else `at` itself. The answer says which it was: `true` for a whole line.
pub(super) fn behind(text: &str, at: usize) -> (usize, bool) {
    let end = text[at..].find('\n').map_or(text.len(), |i| at + i);
    let end = if text[at..end].ends_with('\r') {
        end - 1
    } else {
        end
    };
    let rest = text[at..end].trim();
    if rest.is_empty() || rest.starts_with("//") {
        (end, true)
    } else {
        (at, false)
    }
}

/// The whole lines of something that shares them with nothing else; else the thing itself.
pub(super) fn lines(old: &str, range: &std::ops::Range<usize>) -> std::ops::Range<usize> {
    let (end, alone) = behind(old, range.end);
    if !alone || !begins_line(old, range.start) || !old[range.end..end].trim().is_empty() {
        return range.clone();
    }
    let start = range.start - indent_at(old, range.start).len();
    let next = old[end..].find('\n').map_or(old.len(), |i| end + i + 1);
    start..next
}

/// Generated text (`\n`, four blanks a step, no indentation of its own) in the manner of a file.
pub(super) fn dress(text: &str, indent: &str, unit: &str, eol: &str) -> String {
    let mut out = String::with_capacity(text.len() * 5 / 4);
    for (i, line) in text.trim_end().split('\n').enumerate() {
        out.push_str(if i == 0 { "" } else { eol });
        let body = line.trim_start_matches(' ');
        if !body.is_empty() {
            out.push_str(indent);
            let steps = (line.len() - body.len()) / 4;
            (0..steps).for_each(|_| out.push_str(unit));
            out.push_str(body);
        }
    }
    out
}

/// Generated text with the names that stubs use replaced by others where the file does not have them in scope.
/// `names` are pairs of a bare name and what to write instead.
pub(super) fn requalify(text: &str, names: &[(&str, &str)]) -> String {
    if names.is_empty() {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_alphabetic() || c == '_') {
        let word_end = rest[start..]
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .map_or(rest.len(), |i| start + i);
        let (word, after) = (&rest[start..word_end], &rest[word_end..]);
        out.push_str(&rest[..start]);
        let qualified = out.ends_with(':') && out.ends_with("::") || out.ends_with('"');
        match names.iter().find(|(name, _)| *name == word) {
            Some((_, instead)) if !qualified => out.push_str(instead),
            _ => out.push_str(word),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prefix_that_syn_skips() {
        assert_eq!(skipped_prefix("fn a() {}"), 0);
        assert_eq!(skipped_prefix("\u{feff}fn a() {}"), 3);
        assert_eq!(skipped_prefix("#!/bin/x\nfn a() {}"), 8);
        assert_eq!(skipped_prefix("\u{feff}#!/bin/x\r\nfn a() {}"), 12);
        assert_eq!(skipped_prefix("#![allow(x)]\n"), 0);
    }

    #[test]
    fn behind_a_closing_brace() {
        let check =
            |text: &str, expect: (usize, bool)| assert_eq!(behind(text, 1), expect, "{text:?}");
        check("}\nx", (1, true));
        check("}\r\nx", (1, true));
        check("}  // end\nx", (9, true));
        check("} // Ende für ä\r\nx", ("} // Ende für ä".len(), true));
        check("} }\n", (1, false));
        check("} /* a\n b */", (1, false));
        check("}", (1, true));
    }

    #[test]
    fn whole_lines_are_those_that_hold_nothing_else() {
        let check = |text: &str, expect: &str| {
            let at = text.find("fn").expect("a function");
            assert_eq!(&text[lines(text, &(at..at + 2))], expect, "{text:?}");
        };
        check("a\n  fn \nb", "  fn \n");
        check("a\r\n\tfn\r\nb", "\tfn\r\n");
        check("fn", "fn");
        check("a\n  fn // b\nc", "fn");
        check("a\n  fn b\nc", "fn");
        check("a\n  fn}\nc", "fn");
        check("a fn\nc", "fn");
    }

    #[test]
    fn generated_text_takes_the_files_manner() {
        assert_eq!(
            dress("a {\n    b\n\n}\n", "\t", "\t", "\r\n"),
            "\ta {\r\n\t\tb\r\n\r\n\t}"
        );
    }

    #[test]
    fn only_whole_unqualified_names_are_requalified() {
        let names = [("gw", "crate::generated"), ("App", "crate::App")];
        assert_eq!(
            requalify(
                "impl gw::QueryResolvers for App { x: gwx, y::gw, \"gw.x\" }",
                &names
            ),
            "impl crate::generated::QueryResolvers for crate::App { x: gwx, y::gw, \"gw.x\" }"
        );
    }
}
