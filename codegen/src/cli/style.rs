//! Colours, for terminals only.
//!
//! In: text. Out: the same with escape codes around, where the caller says that somebody sees them.
//! Must not know: what a terminal is.

/// How a piece of text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Bold,
    Dim,
    Red,
    Green,
    Yellow,
    Blue,
    Magenta,
    Cyan,
}

/// The text in a style, if colours are wanted.
pub(super) fn paint(wanted: bool, style: Style, text: &str) -> String {
    let code = match style {
        _ if !wanted || text.is_empty() => return text.to_owned(),
        Style::Bold => "1",
        Style::Dim => "2",
        Style::Red => "31",
        Style::Green => "32",
        Style::Yellow => "33",
        Style::Blue => "34",
        Style::Magenta => "35",
        Style::Cyan => "36",
    };
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}

/// A patch as `git diff` colours it.
pub(super) fn patch(wanted: bool, patch: &str) -> String {
    if !wanted {
        return patch.to_owned();
    }
    let style = |line: &str| match line.as_bytes().first() {
        _ if ["diff --git ", "--- ", "+++ ", "new file", "deleted file"]
            .iter()
            .any(|head| line.starts_with(head)) =>
        {
            Some(Style::Bold)
        }
        Some(b'@') => Some(Style::Cyan),
        Some(b'+') => Some(Style::Green),
        Some(b'-') => Some(Style::Red),
        _ => None,
    };
    let mut out = String::with_capacity(patch.len() * 2);
    for line in patch.split_inclusive('\n') {
        let (text, end) = match line.strip_suffix('\n') {
            Some(text) => (text, "\n"),
            None => (line, ""),
        };
        match style(text) {
            Some(style) => out.push_str(&paint(true, style, text)),
            None => out.push_str(text),
        }
        out.push_str(end);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_terminal_nothing_changes() {
        assert_eq!(paint(false, Style::Red, "x"), "x");
        assert_eq!(patch(false, "+x\n"), "+x\n");
    }

    #[test]
    fn a_patch_has_gits_colours() {
        let text = "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n c\n";
        let plain: Vec<&str> = text.lines().collect();
        let painted = patch(true, text);
        let codes: Vec<Option<&str>> = painted
            .lines()
            .zip(&plain)
            .map(|(line, plain)| {
                line.strip_suffix("\u{1b}[0m")
                    .map(|l| &l[..l.len() - plain.len()])
            })
            .collect();
        let code = |n| Some(n);
        assert_eq!(
            codes,
            [
                code("\u{1b}[1m"),
                code("\u{1b}[1m"),
                code("\u{1b}[1m"),
                code("\u{1b}[36m"),
                code("\u{1b}[31m"),
                code("\u{1b}[32m"),
                None
            ]
        );
    }
}
