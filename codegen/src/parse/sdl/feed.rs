//! Hands one definition to graphql-parser, and puts its complaints in our words and places.
//!
//! graphql-parser 0.4.1 decides what is well-formed. What it gets is not the user's text but its tokens, one a line, so
//! that a line number is the number of a token, with placeholders for all that it cannot read or loses: descriptions,
//! constant values, type references, locations, the roots of a schema, the word `extend`.

use super::lexer::{Kind, Token};
use super::split::{KEYWORDS, Piece};
use super::value::{self, Unexpected};
use crate::diagnostic::{Code, Diagnostics};
use graphql_parser::schema::{Definition, parse_schema};

/// The structure of a definition: graphql-parser's tree, full of placeholders.
pub(super) type Tree = Definition<'static, String>;

/// Parses one definition; reports why it cannot be parsed.
pub(super) fn parse(tokens: &[Token], piece: &Piece, diags: &mut Diagnostics) -> Option<Tree> {
    let mut feed = Feed {
        tokens,
        piece,
        text: String::new(),
        lines: Vec::new(),
    };
    if let Err(unexpected) = feed.fill() {
        feed.report(
            unexpected.at,
            unexpected.message.to_string(),
            unexpected.help.map(str::to_string),
            diags,
        );
        return None;
    }
    match parse_schema::<String>(&feed.text) {
        Ok(document) => document.into_static().definitions.into_iter().next(),
        Err(error) => {
            let (line, expected) = read_error(&error.to_string());
            let at = feed
                .lines
                .get(line.saturating_sub(1))
                .copied()
                .unwrap_or(piece.end);
            feed.report(at, format!("expected {expected}"), None, diags);
            None
        }
    }
}

struct Feed<'a> {
    tokens: &'a [Token],
    piece: &'a Piece,
    text: String,
    /// The token behind each line of the text.
    lines: Vec<usize>,
}

impl<'a> Feed<'a> {
    fn token(&self, at: usize) -> Option<&'a Token> {
        self.tokens[..self.piece.end].get(at)
    }

    fn is(&self, at: usize, punct: &str) -> bool {
        self.token(at).is_some_and(|t| t.is(punct))
    }

    fn put(&mut self, at: usize, text: &str) {
        self.lines.push(at);
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn put_token(&mut self, at: usize) {
        match &self.tokens[at].kind {
            Kind::Name(text) => self.put(at, text),
            Kind::Punct(text) => self.put(at, text),
            Kind::Int(_) | Kind::Float(_) => self.put(at, "0"),
            Kind::Text(_) => self.put(at, "\"\""),
        }
    }

    fn fill(&mut self) -> Result<(), Unexpected> {
        let mut at = self.piece.keyword;
        let word = self.tokens[at].name().unwrap_or_default();
        self.put_token(at);
        at += 1;
        if word == "directive" {
            return self.directive(at);
        }
        if word != "schema" && at < self.piece.end {
            self.put_token(at);
            at += 1;
        }
        while at < self.piece.end {
            at = if self.is(at, "@") {
                self.directive_use(at)?
            } else if word == "schema" {
                self.roots(at)
            } else if self.is(at, ":") {
                self.put_token(at);
                self.type_and_default(at + 1)?
            } else {
                self.put_token(at);
                at + 1
            };
        }
        if word == "schema" && self.piece.extend.is_some() && !self.text.contains('{') {
            self.put(self.piece.end, "{");
            self.put(self.piece.end, "}");
        }
        Ok(())
    }

    fn directive(&mut self, mut at: usize) -> Result<(), Unexpected> {
        let mut locations = false;
        let mut depth = 0usize;
        if self.is(at, "@") && at + 1 < self.piece.end {
            self.put_token(at);
            self.put_token(at + 1);
            at += 2;
        }
        while at < self.piece.end {
            depth += usize::from(self.is(at, "("));
            depth = depth.saturating_sub(usize::from(self.is(at, ")")));
            at = if self.is(at, "@") {
                self.directive_use(at)?
            } else if self.is(at, ":") {
                self.put_token(at);
                self.type_and_default(at + 1)?
            } else if locations && self.token(at).is_some_and(|t| t.name().is_some()) {
                self.put(at, "FIELD");
                at + 1
            } else {
                locations |= depth == 0 && self.token(at).is_some_and(|t| t.name() == Some("on"));
                self.put_token(at);
                at + 1
            };
        }
        if locations && self.text.ends_with("on\n") {
            return Err(Unexpected {
                at: self.piece.end,
                message: "expected a location",
                help: None,
            });
        }
        Ok(())
    }

    /// `@name(arg: value …)`, from its `@` on.
    fn directive_use(&mut self, mut at: usize) -> Result<usize, Unexpected> {
        self.put_token(at);
        at += 1;
        if self.token(at).is_some_and(|t| t.name().is_some()) {
            self.put_token(at);
            at += 1;
        }
        if !self.is(at, "(") {
            return Ok(at);
        }
        self.put_token(at);
        at += 1;
        while self.token(at).is_some_and(|t| t.name().is_some()) && self.is(at + 1, ":") {
            self.put_token(at);
            self.put_token(at + 1);
            let (_, next) = value::value(&self.tokens[..self.piece.end], at + 2)?;
            self.put(at + 2, "0");
            at = next;
        }
        Ok(at)
    }

    /// A type reference behind `:`, and `= value` if it follows.
    fn type_and_default(&mut self, at: usize) -> Result<usize, Unexpected> {
        let tokens = &self.tokens[..self.piece.end];
        let (_, mut next) = value::type_ref(tokens, at)?;
        self.put(at, "T");
        if self.is(next, "=") {
            self.put_token(next);
            let value_at = next + 1;
            (_, next) = value::value(tokens, value_at)?;
            self.put(value_at, "0");
        }
        Ok(next)
    }

    /// `{ query: Query … }` of a schema: read by us, for graphql-parser refuses what a rule should report.
    fn roots(&mut self, at: usize) -> usize {
        let mut next = at + 1;
        let name = |at: usize| self.token(at).is_some_and(|t| t.name().is_some());
        while name(next) && self.is(next + 1, ":") && name(next + 2) {
            next += 3;
        }
        if next > at + 1 && self.is(at, "{") && self.is(next, "}") {
            self.put_token(at);
            self.put_token(next);
            return next + 1;
        }
        if self.is(at, "{") {
            // As a body of fields it would be read just like this, and what is wrong is found at the right token.
            self.put(at, "{");
            let wrong = if next == at + 1 && self.is(next, "}") {
                next
            } else {
                next.min(self.piece.end)
            };
            self.put(wrong, "0");
            return self.piece.end;
        }
        self.put_token(at);
        at + 1
    }

    fn report(&self, at: usize, message: String, help: Option<String>, diags: &mut Diagnostics) {
        let (span, found) = match self.token(at) {
            Some(token) => (token.span, token.describe()),
            None => {
                let last = self.tokens[self.piece.end - 1].span;
                let found = if self.piece.end == self.tokens.len() {
                    "the end of the file".into()
                } else {
                    self.tokens[self.piece.end].describe()
                };
                (last, found)
            }
        };
        let report = diags.error(Code::Syntax, span, format!("{message}, found {found}"));
        report.help_opt(help);
        if let Some(open) = self.piece.unclosed
            && self.token(at).is_none()
        {
            report.note(
                self.tokens[open].span,
                format!("this {} is not closed", self.tokens[open].describe()),
            );
        }
    }
}

/// The line of graphql-parser's message, and what it expected there.
fn read_error(text: &str) -> (usize, String) {
    let line = text
        .split("Parse error at ")
        .nth(1)
        .and_then(|rest| rest.split(':').next())
        .and_then(|line| line.trim().parse().ok())
        .unwrap_or(usize::MAX);
    let listed = text
        .lines()
        .find_map(|line| line.strip_prefix("Expected "))
        .unwrap_or_default();
    let mut words: Vec<&str> = Vec::new();
    for word in listed
        .split([',', ' '])
        .map(|word| word.trim_matches('`'))
        .filter(|word| !word.is_empty() && *word != "or")
    {
        let word = match word {
            "StringValue" | "BlockString" => continue,
            "end" | "of" | "input" | "extend" => continue,
            word if KEYWORDS.contains(&word) => continue,
            word => word,
        };
        if !words.contains(&word) {
            words.push(word);
        }
    }
    (line, list(&words))
}

/// `a`, `b` or `c`
fn list(words: &[&str]) -> String {
    let shown: Vec<String> = words
        .iter()
        .map(|word| {
            if *word == "Name" {
                "a name".into()
            } else {
                format!("`{word}`")
            }
        })
        .collect();
    match shown.split_last() {
        None => "a definition".into(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
    }
}
