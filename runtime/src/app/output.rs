//! What is printed for people: tables, colours, durations.
//!
//! In: texts. Out: lines. Must not know: jobs, databases.

use std::io::{self, IsTerminal as _, Write as _};

use jiff::{SignedDuration, Timestamp};

use super::args::Color;

/// Colours, or none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paint {
    on: bool,
}

impl Paint {
    /// As the user wants it for what goes to `terminal`.
    pub(super) fn new(color: Color, terminal: bool) -> Self {
        let on = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()),
        };
        Self { on }
    }

    /// For standard output.
    pub(super) fn stdout(color: Color) -> Self {
        Self::new(color, io::stdout().is_terminal())
    }

    pub(super) fn is_on(self) -> bool {
        self.on
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.wrap("1", text)
    }

    pub(super) fn dim(self, text: &str) -> String {
        self.wrap("2", text)
    }

    pub(super) fn link(self, text: &str) -> String {
        self.wrap("4;36", text)
    }

    pub(super) fn bad(self, text: &str) -> String {
        self.wrap("31", text)
    }

    pub(super) fn good(self, text: &str) -> String {
        self.wrap("32", text)
    }

    fn wrap(self, code: &str, text: &str) -> String {
        match self.on {
            true => format!("\x1b[{code}m{text}\x1b[0m"),
            false => text.to_owned(),
        }
    }
}

/// Prints a text to standard output. A reader that went away (`| head`) is no error.
pub(super) fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Columns as wide as their widest cell, two blanks between them.
pub(super) fn table(paint: Paint, head: &[&str], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([head[column].len()]).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let line = |cells: &[String]| {
        let padded = cells
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:<width$}"));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let head: Vec<String> = head.iter().map(|cell| (*cell).to_owned()).collect();
    let mut text = paint.bold(&line(&head));
    text.push('\n');
    for row in rows {
        text.push_str(&line(row));
        text.push('\n');
    }
    text
}

/// `in 5m`, `3h ago`.
pub(super) fn relative(at: Timestamp, now: Timestamp) -> String {
    let distance = at.duration_since(now);
    match distance.is_negative() {
        true => format!("{} ago", span(distance.abs())),
        false => format!("in {}", span(distance)),
    }
}

/// A duration in its two greatest units: `2d 3h`, `5m 20s`, `1.25s`, `12ms`.
pub(super) fn span(duration: SignedDuration) -> String {
    let seconds = duration.as_secs();
    let pair = |a: i64, unit: &str, b: i64, small: &str| match b {
        0 => format!("{a}{unit}"),
        _ => format!("{a}{unit} {b}{small}"),
    };
    match seconds {
        0 => format!("{}ms", duration.as_millis()),
        1..10 => format!("{:.2}s", duration.as_secs_f64()),
        10..60 => format!("{seconds}s"),
        60..3600 => pair(seconds / 60, "m", seconds % 60, "s"),
        3600..86400 => pair(seconds / 3600, "h", seconds % 3600 / 60, "m"),
        _ => pair(seconds / 86400, "d", seconds % 86400 / 3600, "h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_name_two_units() {
        let check = |millis: i64, expect: &str| {
            assert_eq!(span(SignedDuration::from_millis(millis)), expect)
        };
        check(12, "12ms");
        check(1250, "1.25s");
        check(59_999, "59s");
        check(320_000, "5m 20s");
        check(3_600_000, "1h");
        check(183_600_000, "2d 3h");
    }

    #[test]
    fn a_table_lines_up() {
        let rows = vec![
            vec!["a".to_owned(), "long cell".to_owned()],
            vec!["wörter".to_owned(), String::new()],
        ];
        let text = table(Paint { on: false }, &["ONE", "TWO"], &rows);
        assert_eq!(text, "ONE     TWO\na       long cell\nwörter\n");
    }

    #[test]
    fn colour_is_for_terminals() {
        assert_eq!(Paint::new(Color::Auto, false).bold("x"), "x");
        assert_eq!(
            Paint::new(Color::Always, false).bold("x"),
            "\x1b[1mx\x1b[0m"
        );
        assert_eq!(Paint::new(Color::Never, true).bold("x"), "x");
    }
}
