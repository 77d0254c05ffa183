//! Diagnostics as text: for people with the source line and a caret, for machines on one line.
//!
//! In: diagnostics and the sources they point into. Out: text. Must not know: where it is printed; colour is an argument.

use super::{Diagnostic, Diagnostics, Severity};
use crate::source::{Sources, Span, lines};
use annotate_snippets::renderer::DEFAULT_TERM_WIDTH;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

impl Diagnostics {
    /// Every finding in the order of files and places, with source line, caret, note and help; then how many there are.
    /// Empty if there are none.
    pub fn render(&self, sources: &Sources, colour: bool) -> String {
        let mut out = String::new();
        for diagnostic in self.sorted() {
            out.push_str(&diagnostic.render(sources, colour));
            out.push('\n');
        }
        out.push_str(&self.summary());
        out
    }

    /// `file:line:column: error[GW0101]: message; help: …`, one finding a line.
    pub fn render_lines(&self, sources: &Sources) -> String {
        self.sorted()
            .iter()
            .map(|diagnostic| diagnostic.render_line(sources) + "\n")
            .collect()
    }

    /// `2 errors, 1 warning`, with a line's end; empty if there are none.
    fn summary(&self) -> String {
        let count = |severity| {
            self.sorted()
                .iter()
                .filter(|d| d.severity == severity)
                .count()
        };
        let part = |n: usize, what: &str| {
            (n > 0).then(|| format!("{n} {what}{}", if n == 1 { "" } else { "s" }))
        };
        let parts = [
            part(count(Severity::Error), "error"),
            part(count(Severity::Warning), "warning"),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        if parts.is_empty() {
            String::new()
        } else {
            parts.join(", ") + "\n"
        }
    }
}

impl Diagnostic {
    /// The finding with its source line, caret, note and help.
    pub fn render(&self, sources: &Sources, colour: bool) -> String {
        let mut out = self.header(sources, colour);
        out.push('\n');
        let level = self.level();
        let mut group = Group::with_level(level);
        let shown = self
            .span
            .filter(|span| (span.file.0 as usize) < sources.0.len());
        let note = self
            .note
            .as_ref()
            .filter(|(span, _)| (span.file.0 as usize) < sources.0.len());
        let is_far = |(other, _): &&(Span, String)| {
            shown.is_some_and(|span| {
                other.file == span.file && other.start.abs_diff(span.start) > FAR
            })
        };
        let (far, near) = (note.filter(is_far), note.filter(|note| !is_far(note)));
        if let Some(span) = shown {
            let beside = near.filter(|(other, _)| other.file == span.file);
            let mut places = vec![(span, AnnotationKind::Primary, None)];
            places.extend(
                beside.map(|(other, text)| (*other, AnnotationKind::Context, Some(text.as_str()))),
            );
            group = group.element(snippet(sources, &places));
        }
        if let Some((other, text)) = far {
            let place = format!(
                "{}:{}",
                sources.file(other.file).name,
                sources.line_col(*other)
            );
            group = group.element(Level::NOTE.message(format!("{place}: {text}")));
        }
        if let Some((other, text)) =
            note.filter(|(other, _)| shown.is_none_or(|span| span.file != other.file))
        {
            let elsewhere = snippet(
                sources,
                &[(*other, AnnotationKind::Context, Some(text.as_str()))],
            );
            group = group.element(elsewhere.path(sources.file(other.file).name.as_str()));
        }
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        if group.is_empty() {
            return out;
        }
        let renderer = if colour {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        out.push_str(&renderer.term_width(DEFAULT_TERM_WIDTH).render(&[group]));
        out.push('\n');
        out
    }

    /// The finding on one line, without colour.
    pub fn render_line(&self, sources: &Sources) -> String {
        let help = self
            .help
            .as_ref()
            .map(|help| format!("; help: {help}"))
            .unwrap_or_default();
        self.header(sources, false) + &help.replace('\n', " ")
    }

    /// `file:line:column: error[GW0101]: message`
    fn header(&self, sources: &Sources, colour: bool) -> String {
        let place = self
            .span
            .filter(|span| (span.file.0 as usize) < sources.0.len());
        let place = place
            .map(|span| {
                format!(
                    "{}:{}: ",
                    sources.file(span.file).name,
                    sources.line_col(span)
                )
            })
            .unwrap_or_default();
        let (word, style) = match self.severity {
            Severity::Error => ("error", "\u{1b}[1m\u{1b}[91m"),
            Severity::Warning => ("warning", "\u{1b}[1m\u{1b}[33m"),
        };
        let (code, message) = (self.code, &self.message);
        if colour {
            let place = if place.is_empty() {
                place
            } else {
                format!("\u{1b}[1m{place}\u{1b}[0m")
            };
            format!("{place}{style}{word}[{code}]\u{1b}[0m\u{1b}[1m: {message}\u{1b}[0m")
        } else {
            format!("{place}{word}[{code}]: {message}")
        }
    }

    fn level(&self) -> Level<'static> {
        match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        }
    }
}

/// So many bytes away the line of a note is named, not shown: all lines between would be gone through.
const FAR: u32 = 50_000;

/// The lines of one file from the first of `places` to the last.
fn snippet<'a>(
    sources: &'a Sources,
    places: &[(Span, AnnotationKind, Option<&'a str>)],
) -> Snippet<'a, Annotation<'a>> {
    let text = &sources.file(places[0].0.file).text;
    let clamp = |at: u32| floor(text, at as usize);
    let ranges: Vec<_> = places
        .iter()
        .map(|(span, ..)| clamp(span.start)..clamp(span.end.max(span.start)))
        .collect();
    let first = ranges.iter().map(|range| range.start).min().unwrap_or(0);
    let last = ranges.iter().map(|range| range.end).max().unwrap_or(0);
    let bom = if text.starts_with('\u{feff}') {
        '\u{feff}'.len_utf8()
    } else {
        0
    };
    let start = text[..first]
        .rfind('\n')
        .map_or(bom, |at| at + 1)
        .min(first);
    let end = text[last..].find('\n').map_or(text.len(), |at| last + at);
    let end = if text[last..end].ends_with('\r') {
        end - 1
    } else {
        end
    };
    let line = lines(&text[..start]) + 1;
    let annotations = places.iter().zip(ranges).map(|((_, kind, label), range)| {
        kind.span(range.start - start..range.end - start)
            .label(*label)
    });
    Snippet::source(&text[start..end])
        .line_start(line)
        .annotations(annotations)
}

/// The beginning of the character at byte `at`, or the end of the text.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
