//! Hands one definition to graphql-parser, and puts its complaints in our words and places.
//!
//! graphql-parser 0.4.1 decides what is well-formed. What it gets is not the user's text but its tokens, one a line, so
//! that a line number is the number of a token, with placeholders for all that it cannot read or loses: descriptions,
//! constant values, type references, locations, the roots of a schema, the word `extend`. Its tree, which borrows from that
//! text, goes to [`zip`] at once.

use super::lexer::{Kind, Token};
use super::split::{KEYWORDS, Piece};
use super::syntax::Definition;
use super::value::{self, Unexpected};
use super::zip;
use crate::diagnostic::{Code, Diagnostics};
use graphql_parser::schema::parse_schema;

/// Why a definition does not parse.
pub(super) struct Fault {
    /// The token where it goes wrong; behind the last of the piece, its end.
    at: usize,
    message: String,
    help: Option<String>,
}

/// Parses one definition.
pub(super) fn parse(tokens: &[Token], piece: &Piece) -> Result<Definition, Fault> {
    let mut feed = Feed {
        tokens,
        piece,
        text: String::new(),
        lines: Vec::new(),
    };
    feed.fill().map_err(|it| Fault {
        at: it.at,
        message: it.message.into(),
        help: it.help.map(str::to_string),
    })?;
    let parsed = parse_schema::<&str>(&feed.text).map_err(|error| {
        let (line, expected) = read_error(&error.to_string());
        let at = feed
            .lines
            .get(line.saturating_sub(1))
            .copied()
            .unwrap_or(piece.end);
        Fault {
            at,
            message: format!("expected {expected}"),
            help: feed.help(at),
        }
    })?;
    match parsed.definitions.first() {
        Some(tree) => Ok(zip::zip(tokens, piece, tree)),
        None => Err(Fault {
            at: piece.keyword,
            message: "expected a definition".into(),
            help: None,
        }),
    }
}

impl Fault {
    /// The token where it goes wrong.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Tells the user, unless the lexer has told already.
    pub(super) fn report(&self, tokens: &[Token], piece: &Piece, diags: &mut Diagnostics) {
        if piece.is_faulty(tokens) {
            return;
        }
        let inside = tokens[..piece.end].get(self.at);
        let found = tokens
            .get(self.at)
            .map_or("the end of the file".into(), Token::describe);
        let span = inside.unwrap_or(&tokens[piece.end - 1]).span;
        let report = diags.error(
            Code::Syntax,
            span,
            format!("{}, found {found}", self.message),
        );
        report.help_opt(self.help.clone());
        if let Some(open) = piece.unclosed.filter(|_| inside.is_none()) {
            report.note(
                tokens[open].span,
                format!("this {} is not closed", tokens[open].describe()),
            );
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
                self.roots(at)?
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
        // Without it, graphql-parser would take a second `!` for the first.
        if tokens[next - 1].is("!") {
            self.put_token(next - 1);
        }
        if self.is(next, "=") {
            self.put_token(next);
            let value_at = next + 1;
            (_, next) = value::value(tokens, value_at)?;
            self.put(value_at, "0");
        }
        Ok(next)
    }

    /// `{ query: Query … }` of a schema: read by us, for graphql-parser refuses what a rule should report.
    fn roots(&mut self, at: usize) -> Result<usize, Unexpected> {
        self.put_token(at);
        if !self.is(at, "{") {
            return Ok(at + 1);
        }
        let name = |at: usize| self.token(at).is_some_and(|t| t.name().is_some());
        let wrong = |at, message| {
            Err(Unexpected {
                at,
                message,
                help: None,
            })
        };
        let mut next = at + 1;
        while !self.is(next, "}") || next == at + 1 {
            if !name(next) {
                return wrong(next, "expected `query`, `mutation` or `subscription`");
            }
            if !self.is(next + 1, ":") {
                return wrong(next + 1, "expected `:`");
            }
            if !name(next + 2) {
                return wrong(next + 2, "expected a type");
            }
            next += 3;
        }
        self.put_token(next);
        Ok(next + 1)
    }

    /// What to do where two names stand side by side in a list of interfaces or members.
    fn help(&self, at: usize) -> Option<String> {
        let names = self.token(at)?.name().is_some() && self.token(at - 1)?.name().is_some();
        let listed = self.tokens[self.piece.keyword..at]
            .iter()
            .rev()
            .skip(1)
            .step_by(2);
        let before = listed
            .take_while(|t| t.is("&") || t.is("|") || t.is("=") || t.name() == Some("implements"))
            .last()?;
        let between = if before.name().is_some() || before.is("&") {
            "&"
        } else {
            "|"
        };
        names.then(|| format!("put `{between}` between the names"))
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
    // In a list of `name: value`, graphql-parser expects the colon before the name, too.
    if words.contains(&"Name") && words.contains(&")") {
        words.retain(|word| *word != ":");
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
