//! What the user is told about a mistake: a stable code, a place, a sentence and a way out.
//!
//! In: findings of every stage. Out: a collection that is rendered once, at the end.
//! Must not know: what the stages do.

mod code;
mod render;
mod suggest;

pub use code::Code;
pub use suggest::{closest, suggest};

use crate::source::Span;

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is generated.
    Error,
    /// Worth a look; generation goes on.
    Warning,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable code.
    pub code: Code,
    /// How grave it is.
    pub severity: Severity,
    /// Where: `None` only for findings about no file in particular.
    pub span: Option<Span>,
    /// One sentence without a full stop; names in backticks.
    pub message: String,
    /// A further place with a remark, such as the first of two definitions.
    pub note: Option<(Span, String)>,
    /// What to do about it.
    pub help: Option<String>,
}

/// The findings of a run.
#[derive(Debug, Clone, Default)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Reports an error.
    pub fn error(&mut self, code: Code, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        self.push(Severity::Error, code, Some(span), message.into())
    }

    /// Reports a warning.
    pub fn warn(&mut self, code: Code, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        self.push(Severity::Warning, code, Some(span), message.into())
    }

    /// Reports an error that belongs to no place in a file.
    pub fn general(&mut self, code: Code, message: impl Into<String>) -> &mut Diagnostic {
        self.push(Severity::Error, code, None, message.into())
    }

    /// Reports a warning that belongs to no place in a file.
    pub fn general_warning(&mut self, code: Code, message: impl Into<String>) -> &mut Diagnostic {
        self.push(Severity::Warning, code, None, message.into())
    }

    /// Two steps at once. Findings are told by their places, in whatever order they are found.
    pub(crate) fn both<A, B: Send>(
        &mut self,
        first: impl FnOnce(&mut Self) -> A,
        second: impl FnOnce(&mut Self) -> B + Send,
    ) -> (A, B) {
        std::thread::scope(|scope| {
            let second = scope.spawn(|| {
                let mut found = Self::default();
                (second(&mut found), found)
            });
            let first = first(self);
            let second = second.join();
            let (second, found) = second.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            self.extend(found);
            (first, second)
        })
    }

    /// Adds the findings of another run.
    pub fn extend(&mut self, other: Diagnostics) {
        self.0.extend(other.0);
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether anything forbids to go on.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|d| d.severity == Severity::Error)
    }

    /// The findings, by file and place; what was found twice, once.
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut all: Vec<_> = self.0.iter().collect();
        all.sort_by_key(|d| (d.span, d.code));
        all.dedup();
        all
    }

    fn push(
        &mut self,
        severity: Severity,
        code: Code,
        span: Option<Span>,
        message: String,
    ) -> &mut Diagnostic {
        self.0.push(Diagnostic {
            code,
            severity,
            span,
            message,
            note: None,
            help: None,
        });
        let last = self.0.len() - 1;
        &mut self.0[last]
    }
}

impl Diagnostic {
    /// Says what to do about it.
    pub fn help(&mut self, text: impl Into<String>) -> &mut Self {
        self.help = Some(text.into());
        self
    }

    /// Says what to do about it, if there is something to say.
    pub fn help_opt(&mut self, text: Option<String>) -> &mut Self {
        if text.is_some() {
            self.help = text;
        }
        self
    }

    /// Points at a further place.
    pub fn note(&mut self, span: Span, text: impl Into<String>) -> &mut Self {
        self.note = Some((span, text.into()));
        self
    }
}

#[cfg(test)]
mod tests;
