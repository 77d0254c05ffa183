//! Cuts a document into its definitions, so that a mistake in one does not hide those in the others.
//!
//! In: the tokens of a file. Out: a [`Piece`] for each definition; whatever stands where no definition can begin is
//! reported, or left at the end of the piece before it, where the parser will stumble over it.

use super::lexer::{Kind, Token};
use crate::diagnostic::{Code, Diagnostics, suggest};
use crate::source::Source;

/// Words that begin a definition.
pub(super) const KEYWORDS: [&str; 8] = [
    "schema",
    "scalar",
    "type",
    "interface",
    "union",
    "enum",
    "input",
    "directive",
];

/// One definition, as indexes of tokens.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    /// The description.
    pub(super) description: Option<usize>,
    /// The word `extend`.
    pub(super) extend: Option<usize>,
    /// The keyword.
    pub(super) keyword: usize,
    /// Behind the last.
    pub(super) end: usize,
    /// The brace or parenthesis that nobody closed.
    pub(super) unclosed: Option<usize>,
}

impl Piece {
    /// Whether the lexer found something wrong in it, or right behind it.
    pub(super) fn is_faulty(&self, tokens: &[Token]) -> bool {
        let first = self.description.unwrap_or(self.keyword);
        tokens[first..tokens.len().min(self.end + 1)]
            .iter()
            .any(|t| t.faulty)
    }
}

/// The tokens of a file, to be cut.
pub(super) struct Walk<'a> {
    pub(super) source: &'a Source,
    pub(super) tokens: &'a [Token],
    /// Whether a keyword at the beginning of a line begins a definition even where it could be a name: a guess, made only
    /// about definitions that do not parse.
    pub(super) guess: bool,
}

impl Walk<'_> {
    fn is(&self, at: usize, punct: &str) -> bool {
        self.tokens.get(at).is_some_and(|t| t.is(punct))
    }

    fn name(&self, at: usize) -> Option<&str> {
        self.tokens.get(at).and_then(Token::name)
    }

    fn is_text(&self, at: usize) -> bool {
        matches!(
            self.tokens.get(at),
            Some(Token {
                kind: Kind::Text(_),
                ..
            })
        )
    }

    fn starts(&self, at: usize) -> bool {
        let word = self
            .name(at)
            .is_some_and(|name| name == "extend" || KEYWORDS.contains(&name));
        word || (self.is_text(at)
            && !self.is_text(at + 1)
            && at + 1 < self.tokens.len()
            && self.starts(at + 1))
    }

    /// The definition that begins at token `start`.
    pub(super) fn piece(&self, start: usize) -> Option<Piece> {
        let described = self.is_text(start);
        let mut keyword = start + usize::from(described);
        let extend = (self.name(keyword) == Some("extend")).then_some(keyword);
        keyword += usize::from(extend.is_some());
        let word = self.name(keyword).filter(|word| KEYWORDS.contains(word))?;
        let (end, unclosed) = self.body(word, keyword + 1);
        let end = if unclosed.is_some() {
            end
        } else {
            self.strays(end)
        };
        Some(Piece {
            description: described.then_some(start),
            extend,
            keyword,
            end,
            unclosed,
        })
    }

    /// The end of a definition whose keyword stands before `at`, and the bracket in it that is not closed.
    fn body(&self, word: &str, mut at: usize) -> (usize, Option<usize>) {
        if word == "directive" {
            at += if self.is(at, "@") { 2 } else { 1 };
            if self.is(at, "(") {
                match self.block(at) {
                    Ok(next) => at = next,
                    Err(end) => return (end, Some(at)),
                }
            }
            at += usize::from(self.name(at) == Some("repeatable"));
            if self.name(at) == Some("on") {
                at = self.names(at + 1, "|");
            }
            return (at.min(self.tokens.len()), None);
        }
        at += usize::from(word != "schema" && self.name(at).is_some());
        if matches!(word, "type" | "interface") && self.name(at) == Some("implements") {
            at = self.names(at + 1, "&");
        }
        while self.is(at, "@") {
            at += 1 + usize::from(self.name(at + 1).is_some());
            if self.is(at, "(") {
                match self.block(at) {
                    Ok(next) => at = next,
                    Err(end) => return (end, Some(at)),
                }
            }
        }
        if word == "union" && self.is(at, "=") {
            at = self.names(at + 1, "|");
        }
        match self.is(at, "{").then(|| self.block(at)) {
            Some(Err(end)) => (end, Some(at)),
            Some(Ok(next)) => (next, None),
            None => (at, None),
        }
    }

    fn names(&self, mut at: usize, between: &str) -> usize {
        at += usize::from(self.is(at, between));
        while self.name(at).is_some() && !(self.guess && self.begins_line(at) && self.starts(at)) {
            at += 1;
            if !self.is(at, between) {
                break;
            }
            at += 1;
        }
        at
    }

    /// Behind the bracket that closes the one at `open`; or where the definition ends if none does.
    fn block(&self, open: usize) -> Result<usize, usize> {
        let mut depth = 0usize;
        for at in open..self.tokens.len() {
            if self.guess && self.begins_line(at) && self.starts(at) {
                return Err(at);
            }
            match self.tokens[at].kind {
                Kind::Punct("{" | "(" | "[") => depth += 1,
                Kind::Punct("}" | ")" | "]") => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Ok(at + 1);
            }
        }
        let next =
            (open + 1..self.tokens.len()).find(|at| self.begins_line(*at) && self.starts(*at));
        Err(next.unwrap_or(self.tokens.len()))
    }

    /// Whether the token stands at the very beginning of a line, as fields do not.
    fn begins_line(&self, at: usize) -> bool {
        let start = self.tokens[at].span.start as usize;
        self.source.text.as_bytes()[..start]
            .last()
            .is_none_or(|b| matches!(b, b'\n' | b'\r'))
    }

    /// From `at` on to where the next definition begins.
    fn strays(&self, mut at: usize) -> usize {
        let mut depth = 0usize;
        while at < self.tokens.len() && (depth > 0 || !self.starts(at)) {
            match self.tokens[at].kind {
                Kind::Punct("{" | "(" | "[") => depth += 1,
                Kind::Punct("}" | ")" | "]") => depth = depth.saturating_sub(1),
                _ => {}
            }
            at += 1;
        }
        at.min(self.tokens.len())
    }

    /// Reports the token at `at`, where a definition should begin, and goes to where one does.
    pub(super) fn skip(&self, at: usize, diags: &mut Diagnostics) -> usize {
        let mut found = at;
        if self.is_text(at) || self.name(at) == Some("extend") {
            found += 1 + usize::from(self.is_text(at) && self.name(at + 1) == Some("extend"));
        }
        if self.tokens[at..self.tokens.len().min(found + 1)]
            .iter()
            .any(|t| t.faulty)
        {
            return self.strays(found + 1);
        }
        let Some(token) = self.tokens.get(found) else {
            let last = &self.tokens[found - 1];
            let message = "expected a definition, found the end of the file";
            diags
                .error(Code::Syntax, last.span, message)
                .help("this belongs to nothing: remove it, or write what it describes");
            return found;
        };
        let report = diags.error(
            Code::Syntax,
            token.span,
            format!("expected a definition, found {}", token.describe()),
        );
        match token.name() {
            Some("query" | "mutation" | "subscription" | "fragment") => {
                report.help(
                    "a schema file holds type definitions only; operations belong to clients",
                );
            }
            Some(name) => {
                report.help(suggest(name, KEYWORDS).unwrap_or_else(definition_help));
            }
            None => {
                report.help(definition_help());
            }
        }
        self.strays(found + 1)
    }
}

fn definition_help() -> String {
    format!(
        "a definition begins with one of {}, or `extend`",
        KEYWORDS.map(|word| format!("`{word}`")).join(", ")
    )
}
