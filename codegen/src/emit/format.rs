//! Tokens as text: items with a blank line between them, modules indented.
//!
//! In: items. Out: text that is read by people, too. Must not know: what the items are.
//!
//! One pass over the tokens, without trees: for a large schema, formatting is most of what generating costs.
//! What stands between brackets stays on its line where it fits; else each element has a line of its own. No token is
//! added and none left out, but that documentation is written as comments.

mod lex;
mod space;

use super::tokens::Tokens;
use lex::{Delimiter, Kind, Token};
use proc_macro2::Literal;
use space::Before;
use std::borrow::Cow;

const WIDTH: usize = 100;

/// Appends the items of one module.
pub(super) fn items(items: impl IntoIterator<Item = Tokens>, text: &mut String) {
    print(items, 0, text);
}

/// Appends a module with a name for the runtime's one path, if it needs one; nothing for a module without items.
pub(super) fn module(head: &str, body: impl IntoIterator<Item = Tokens>, text: &mut String) {
    const PATH: &str = "    use ::graphwright::__private::v1 as __gw;\n\n";
    let before = text.len();
    text.push_str(head);
    text.push_str(" {\n");
    text.push_str(PATH);
    let start = text.len();
    print(body, 1, text);
    if text.len() == start {
        text.truncate(before);
        return;
    }
    if !text[start..].contains("__gw::") {
        text.replace_range(start - PATH.len()..start, "");
    }
    text.push_str("}\n");
}

/// Appends a text as a literal that can be read: raw where that is possible.
pub(super) fn raw_string(text: &str, out: &mut String) {
    if text.contains('\r') {
        out.push_str(&Literal::string(text).to_string());
        return;
    }
    let mut hashes = String::from("#");
    while text.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    for part in ["r", &hashes, "\"", text, "\"", &hashes] {
        out.push_str(part);
    }
}

fn print(items: impl IntoIterator<Item = Tokens>, indent: usize, text: &mut String) {
    let mut out = Out {
        text: std::mem::take(text),
        indent,
        ..Out::default()
    };
    let (mut tokens, mut is_first) = (Vec::new(), true);
    for item in items.into_iter().filter(|item| !item.is_empty()) {
        if !std::mem::take(&mut is_first) {
            out.text.push('\n');
        }
        lex::lex(&item.text, &mut tokens);
        let mut printer = Printer {
            source: &item.text,
            out: &mut out,
        };
        printer.elements(&tokens);
    }
    *text = out.text;
}

/// What is printed so far.
#[derive(Default)]
struct Out {
    text: String,
    indent: usize,
    /// Where the last line begins.
    line: usize,
    before: Before,
    /// Between the bars of a closure.
    closure: bool,
}

struct Printer<'p> {
    source: &'p str,
    out: &'p mut Out,
}

impl<'p> Printer<'p> {
    fn text(&self, token: Token) -> &'p str {
        &self.source[token.start as usize..token.end as usize]
    }

    /// A line, or more, for each element.
    fn elements(&mut self, mut tokens: &[Token]) {
        while !tokens.is_empty() {
            self.begin_line();
            let (element, rest) = tokens.split_at(self.end_of_element(tokens));
            self.element(element);
            self.out.text.push('\n');
            tokens = rest;
        }
    }

    fn begin_line(&mut self) {
        self.out.line = self.out.text.len();
        for _ in 0..self.out.indent {
            self.out.text.push_str("    ");
        }
        self.out.before = Before::Nothing;
    }

    fn element(&mut self, mut tokens: &[Token]) {
        while let Some((attribute, rest)) = attribute(tokens) {
            match self.doc(attribute) {
                Some(text) => self.comment(&text),
                None => self.sequence(attribute),
            }
            if rest.is_empty() {
                return;
            }
            self.out.text.push('\n');
            self.begin_line();
            tokens = rest;
        }
        self.sequence(tokens);
    }

    fn comment(&mut self, text: &str) {
        for (i, line) in text.split('\n').enumerate() {
            if i > 0 {
                self.out.text.push('\n');
                self.begin_line();
            }
            self.out.text.push_str("///");
            self.out.text.push_str(line);
        }
    }

    /// Tokens, on as few lines as their groups allow.
    fn sequence(&mut self, mut tokens: &[Token]) {
        while let [token, rest @ ..] = tokens {
            tokens = rest;
            if let Kind::Open(delimiter, between) = token.kind {
                let (inside, behind) = rest.split_at(between as usize);
                tokens = &behind[1..];
                self.group(delimiter, inside, signature_rest(tokens));
            } else {
                self.token(*token, rest.first());
            }
        }
    }

    fn token(&mut self, token: Token, next: Option<&Token>) {
        match token.kind {
            Kind::Word => {
                let word = self.text(token);
                self.apart();
                self.out.text.push_str(word);
                self.out.before = space::kind(word);
            }
            Kind::Literal => {
                self.apart();
                self.out.text.push_str(self.text(token));
                self.out.before = Before::Word;
            }
            Kind::Punct(c, joint) => self.sign(c, joint, next),
            Kind::Doc | Kind::Open(..) | Kind::Close(_) => {}
        }
    }

    /// A blank, if the next word needs one.
    fn apart(&mut self) {
        if space::apart(self.out.before) {
            self.out.text.push(' ');
        }
    }

    fn sign(&mut self, c: u8, joint: bool, next: Option<&Token>) {
        let next = match next.map(|next| next.kind) {
            Some(Kind::Punct(next, _)) if joint => Some(next),
            _ => None,
        };
        let (mut space, mut after) = space::around(self.out.before, c, next);
        if c == b'|' && !joint {
            if self.out.closure {
                (space, after) = (false, Before::Apart);
            }
            self.out.closure = !self.out.closure && !self.out.before.is_operand();
        }
        if space {
            self.out.text.push(' ');
        }
        self.out.text.push(char::from(c));
        self.out.before = after;
    }

    /// `room` is what has to fit on the line behind it.
    fn group(&mut self, delimiter: Delimiter, inside: &[Token], room: &[Token]) {
        let mark = (self.out.text.len(), self.out.before);
        // Most that does not fit is far too long, which need not be tried.
        let least = mark.0 - self.out.line + lex::len(inside);
        let may_fit = least <= WIDTH || inside.is_empty();
        if may_fit && self.flat_group(delimiter, inside) || inside.is_empty() {
            let (end, before) = (self.out.text.len(), self.out.before);
            let fits = self.flat(room);
            self.out.text.truncate(end);
            self.out.before = before;
            if fits || inside.is_empty() {
                return;
            }
        }
        self.out.text.truncate(mark.0);
        self.out.before = mark.1;
        let close = self.open(delimiter);
        match trailing_group(delimiter, inside) {
            true => {
                self.out.before = Before::Nothing;
                self.sequence(inside);
            }
            false => {
                self.out.text.push('\n');
                self.out.indent += 1;
                self.elements(inside);
                self.out.indent -= 1;
                self.begin_line();
            }
        }
        self.out.text.push(close);
        self.out.before = Before::Close;
    }

    /// Writes the opening bracket; answers the closing one.
    fn open(&mut self, delimiter: Delimiter) -> char {
        if space::before_group(self.out.before, delimiter) {
            self.out.text.push(' ');
        }
        let (open, close) = match delimiter {
            Delimiter::Parenthesis => ('(', ')'),
            Delimiter::Bracket => ('[', ']'),
            Delimiter::Brace => ('{', '}'),
        };
        self.out.text.push(open);
        close
    }

    /// Writes a group on the line; answers whether that is possible. If not, some of it stands there.
    fn flat_group(&mut self, delimiter: Delimiter, inside: &[Token]) -> bool {
        let block = delimiter == Delimiter::Brace;
        if block && has_sign(inside, b';') {
            return false;
        }
        let close = self.open(delimiter);
        self.out.before = Before::Nothing;
        let blank = if block && !inside.is_empty() { " " } else { "" };
        self.out.text.push_str(blank);
        if !self.flat(inside) {
            return false;
        }
        self.out.text.push_str(blank);
        self.out.text.push(close);
        self.out.before = Before::Close;
        self.fits()
    }

    fn flat(&mut self, mut tokens: &[Token]) -> bool {
        while let [token, rest @ ..] = tokens {
            let done = match token.kind {
                Kind::Open(delimiter, between) => {
                    let (inside, behind) = rest.split_at(between as usize);
                    tokens = &behind[1..];
                    self.flat_group(delimiter, inside)
                }
                Kind::Doc => false,
                Kind::Punct(b'#', _)
                    if attribute(tokens).is_some_and(|(it, _)| self.is_doc(it)) =>
                {
                    false
                }
                _ => {
                    tokens = rest;
                    self.token(*token, rest.first());
                    true
                }
            };
            if !done || !self.fits() {
                return false;
            }
        }
        true
    }

    fn fits(&self) -> bool {
        self.out.text.len() - self.out.line <= WIDTH
    }

    /// How many tokens the first element of a block or a list has: up to a comma, a semicolon, or a block that ends it.
    fn end_of_element(&self, tokens: &[Token]) -> usize {
        let mut i = 0;
        while let Some((_, rest)) = attribute(&tokens[i..]) {
            i = tokens.len() - rest.len();
        }
        while i < tokens.len() {
            let is_block = matches!(tokens[i].kind, Kind::Open(Delimiter::Brace, _));
            let ends = matches!(tokens[i].kind, Kind::Punct(b',' | b';', _));
            if let Kind::Open(_, between) = tokens[i].kind {
                i += between as usize + 1;
            }
            i += 1;
            if ends || is_block && self.is_end(tokens.get(i)) {
                break;
            }
        }
        i
    }

    /// Whether a block before this token ends an element.
    fn is_end(&self, next: Option<&Token>) -> bool {
        next.is_none_or(|next| match next.kind {
            Kind::Punct(c, _) => b"#&*:'".contains(&c),
            Kind::Word => !matches!(self.text(*next), "else" | "as"),
            _ => true,
        })
    }

    fn is_doc(&self, attribute: &[Token]) -> bool {
        match attribute {
            [_, _, word, sign, literal, _] => {
                let kinds = (sign.kind, literal.kind);
                self.text(*word) == "doc" && matches!(kinds, (Kind::Punct(b'=', _), Kind::Literal))
            }
            _ => false,
        }
    }

    /// The documentation that an attribute is; one of several lines is as many comments.
    fn doc(&self, attribute: &[Token]) -> Option<Cow<'p, str>> {
        if let [
            Token {
                kind: Kind::Doc,
                start,
                end,
                ..
            },
        ] = *attribute
        {
            return Some(Cow::Borrowed(
                &self.source[start as usize + 1..end as usize - 1],
            ));
        }
        if !self.is_doc(attribute) {
            return None;
        }
        let written = self.text(attribute[4]);
        let text = match unescaped(written) {
            Some(text) => text,
            None => syn::parse_str::<syn::LitStr>(written).ok()?.value(),
        };
        // Four slashes would be a comment.
        let slashes = text.starts_with('/') || text.contains("\n/");
        (!slashes && !text.contains('\r')).then_some(Cow::Owned(text))
    }
}

/// Whether such a sign stands here, outside of groups.
fn has_sign(tokens: &[Token], sign: u8) -> bool {
    let mut i = 0;
    while let Some(token) = tokens.get(i) {
        match token.kind {
            Kind::Punct(c, _) if c == sign => return true,
            Kind::Open(_, between) => i += between as usize + 2,
            _ => i += 1,
        }
    }
    false
}

/// Whether a group of one element ends in a group itself, which then need not be moved to the right.
fn trailing_group(delimiter: Delimiter, inside: &[Token]) -> bool {
    delimiter != Delimiter::Brace
        && matches!(inside.last().map(|last| last.kind), Some(Kind::Close(1..)))
        && !has_sign(inside, b',')
}

/// What follows a list of parameters up to the body, if this is one.
fn signature_rest(behind: &[Token]) -> &[Token] {
    match behind {
        [
            Token {
                kind: Kind::Punct(b'-', true),
                ..
            },
            Token {
                kind: Kind::Punct(b'>', _),
                ..
            },
            ..,
        ] => {
            let mut end = 0;
            while let Some(token) = behind.get(end) {
                match token.kind {
                    Kind::Open(Delimiter::Brace, _) => break,
                    Kind::Open(_, between) => end += between as usize + 2,
                    _ => end += 1,
                }
            }
            &behind[..end]
        }
        _ => &[],
    }
}

/// The attribute, or the documentation, at the beginning, and what follows.
fn attribute(tokens: &[Token]) -> Option<(&[Token], &[Token])> {
    let kinds = (tokens.first()?.kind, tokens.get(1).map(|next| next.kind));
    match kinds {
        (Kind::Doc, _) => Some(tokens.split_at(1)),
        (Kind::Punct(b'#', _), Some(Kind::Open(Delimiter::Bracket, between))) => {
            Some(tokens.split_at(between as usize + 3))
        }
        _ => None,
    }
}

/// The text of a literal with the usual escapes only.
fn unescaped(literal: &str) -> Option<String> {
    let mut rest = literal.strip_prefix('"')?.strip_suffix('"')?;
    let mut text = String::with_capacity(rest.len());
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        text.push(match rest.as_bytes().get(at + 1)? {
            b'n' => '\n',
            b't' => '\t',
            b'"' => '"',
            b'\'' => '\'',
            b'\\' => '\\',
            _ => return None,
        });
        rest = &rest[at + 2..];
    }
    text.push_str(rest);
    Some(text)
}

#[cfg(test)]
mod tests;
