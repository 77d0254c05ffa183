//! Tokens as text: items with a blank line between them, modules indented.
//!
//! In: items. Out: text that is read by people, too. Must not know: what the items are.
//!
//! One pass over the tokens, without a syntax tree: for a large schema, formatting is most of what generating costs.
//! What stands between brackets stays on its line where it fits; else each element has a line of its own. No token is
//! added and none left out, but that documentation is written as comments.

mod space;

use proc_macro2::{Delimiter, Ident, Literal, TokenStream, TokenTree};
use space::Before;
use std::fmt::Write as _;

const WIDTH: usize = 100;

/// Items of one module as text.
pub(super) fn items(items: Vec<TokenStream>) -> String {
    let mut printer = Printer::default();
    printer.items(items);
    printer.out
}

/// A module with a name for the runtime's one path, if it needs one; nothing for a module without items.
pub(super) fn module(head: &str, body: Vec<TokenStream>) -> String {
    const PATH: &str = "    use ::graphwright::__private::v1 as __gw;\n\n";
    let mut printer = Printer {
        out: format!("{head} {{\n{PATH}"),
        indent: 1,
        ..Printer::default()
    };
    let start = printer.out.len();
    printer.items(body);
    let mut text = printer.out;
    if text.len() == start {
        return String::new();
    }
    if !text[start..].contains("__gw::") {
        text.replace_range(start - PATH.len()..start, "");
    }
    text.push_str("}\n");
    text
}

/// A text as a literal that can be read: raw where that is possible.
pub(super) fn raw_string(text: &str) -> String {
    if text.contains('\r') {
        return Literal::string(text).to_string();
    }
    let mut hashes = String::from("#");
    while text.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    format!("r{hashes}\"{text}\"{hashes}")
}

/// A token, or a group of them that can be walked more than once without being copied.
enum Tree {
    Word(Ident),
    Punct(char, bool),
    Literal(Literal),
    Group(Delimiter, Vec<Tree>),
}

fn trees(tokens: TokenStream) -> Vec<Tree> {
    let tree = |token| match token {
        TokenTree::Ident(word) => Tree::Word(word),
        TokenTree::Punct(punct) => Tree::Punct(
            punct.as_char(),
            punct.spacing() == proc_macro2::Spacing::Joint,
        ),
        TokenTree::Literal(literal) => Tree::Literal(literal),
        TokenTree::Group(group) => {
            let (delimiter, inside) = (group.delimiter(), group.stream());
            // The last owner of the tokens need not copy them.
            drop(group);
            Tree::Group(delimiter, trees(inside))
        }
    };
    tokens.into_iter().map(tree).collect()
}

#[derive(Default)]
struct Printer {
    out: String,
    indent: usize,
    /// Where the last line begins.
    line: usize,
    before: Before,
    /// Between the bars of a closure.
    closure: bool,
}

impl Printer {
    fn items(&mut self, items: Vec<TokenStream>) {
        let items = items.into_iter().filter(|item| !item.is_empty());
        for (i, item) in items.enumerate() {
            if i > 0 {
                self.out.push('\n');
            }
            self.elements(&trees(item));
        }
    }

    /// A line, or more, for each element.
    fn elements(&mut self, mut trees: &[Tree]) {
        while !trees.is_empty() {
            self.begin_line();
            let (element, rest) = trees.split_at(end_of_element(trees));
            self.element(element);
            self.out.push('\n');
            trees = rest;
        }
    }

    fn begin_line(&mut self) {
        self.line = self.out.len();
        for _ in 0..self.indent {
            self.out.push_str("    ");
        }
        self.before = Before::Nothing;
    }

    fn element(&mut self, mut trees: &[Tree]) {
        while let Some((attribute, rest)) = attribute(trees) {
            match doc(attribute) {
                Some(text) => self.comment(&text),
                None => self.sequence(attribute),
            }
            if rest.is_empty() {
                return;
            }
            self.out.push('\n');
            self.begin_line();
            trees = rest;
        }
        self.sequence(trees);
    }

    fn comment(&mut self, text: &str) {
        for (i, line) in text.split('\n').enumerate() {
            if i > 0 {
                self.out.push('\n');
                self.begin_line();
            }
            self.out.push_str("///");
            self.out.push_str(line);
        }
    }

    /// Tokens, on as few lines as their groups allow.
    fn sequence(&mut self, trees: &[Tree]) {
        for (i, tree) in trees.iter().enumerate() {
            match tree {
                Tree::Group(delimiter, inside) => {
                    let room = signature_rest(&trees[i + 1..]);
                    self.group(*delimiter, inside, room);
                }
                _ => self.token(tree, trees.get(i + 1)),
            }
        }
    }

    fn token(&mut self, tree: &Tree, next: Option<&Tree>) {
        match tree {
            Tree::Word(word) => {
                let start = self.apart();
                let _ = write!(self.out, "{word}");
                self.before = space::kind(&self.out[start..]);
            }
            Tree::Literal(literal) => {
                self.apart();
                let _ = write!(self.out, "{literal}");
                self.before = Before::Word;
            }
            Tree::Punct(c, joint) => self.sign(*c, *joint, next),
            Tree::Group(..) => {}
        }
    }

    /// A blank, if the next word needs one; answers where the word begins.
    fn apart(&mut self) -> usize {
        if space::apart(self.before) {
            self.out.push(' ');
        }
        self.out.len()
    }

    fn sign(&mut self, c: char, joint: bool, next: Option<&Tree>) {
        let (mut space, mut after) = space::around(self.before, c, joint, next);
        if c == '|' && !joint {
            if self.closure {
                (space, after) = (false, Before::Apart);
            }
            self.closure = !self.closure && !self.before.is_operand();
        }
        if space {
            self.out.push(' ');
        }
        self.out.push(c);
        self.before = after;
    }

    /// `room` is what has to fit on the line behind it.
    fn group(&mut self, delimiter: Delimiter, inside: &[Tree], room: &[Tree]) {
        let mark = (self.out.len(), self.before);
        if self.flat_group(delimiter, inside) || inside.is_empty() {
            let (end, before) = (self.out.len(), self.before);
            let fits = self.flat(room);
            self.out.truncate(end);
            self.before = before;
            if fits || inside.is_empty() {
                return;
            }
        }
        self.out.truncate(mark.0);
        self.before = mark.1;
        let close = self.open(delimiter);
        match trailing_group(delimiter, inside) {
            true => {
                self.before = Before::Nothing;
                self.sequence(inside);
            }
            false => {
                self.out.push('\n');
                self.indent += 1;
                self.elements(inside);
                self.indent -= 1;
                self.begin_line();
            }
        }
        self.out.push_str(close);
        self.before = Before::Close;
    }

    /// Writes the opening bracket; answers the closing one.
    fn open(&mut self, delimiter: Delimiter) -> &'static str {
        if space::before_group(self.before, delimiter) {
            self.out.push(' ');
        }
        let (open, close) = match delimiter {
            Delimiter::Parenthesis => ("(", ")"),
            Delimiter::Bracket => ("[", "]"),
            Delimiter::Brace => ("{", "}"),
            Delimiter::None => ("", ""),
        };
        self.out.push_str(open);
        close
    }

    /// Writes a group on the line; answers whether that is possible. If not, some of it stands there.
    fn flat_group(&mut self, delimiter: Delimiter, inside: &[Tree]) -> bool {
        let block = delimiter == Delimiter::Brace;
        if block
            && inside
                .iter()
                .any(|tree| matches!(tree, Tree::Punct(';', _)))
        {
            return false;
        }
        let close = self.open(delimiter);
        self.before = Before::Nothing;
        let blank = if block && !inside.is_empty() { " " } else { "" };
        self.out.push_str(blank);
        if !self.flat(inside) {
            return false;
        }
        self.out.push_str(blank);
        self.out.push_str(close);
        self.before = Before::Close;
        self.fits()
    }

    fn flat(&mut self, trees: &[Tree]) -> bool {
        for (i, tree) in trees.iter().enumerate() {
            let done = match tree {
                Tree::Group(delimiter, inside) => self.flat_group(*delimiter, inside),
                Tree::Punct('#', _) if attribute(&trees[i..]).is_some_and(|(it, _)| is_doc(it)) => {
                    false
                }
                _ => {
                    self.token(tree, trees.get(i + 1));
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
        self.out.len() - self.line <= WIDTH
    }
}

/// Whether a group of one element ends in a group itself, which then need not be moved to the right.
fn trailing_group(delimiter: Delimiter, inside: &[Tree]) -> bool {
    let comma = |tree: &Tree| matches!(tree, Tree::Punct(',', _));
    delimiter != Delimiter::Brace
        && matches!(inside.last(), Some(Tree::Group(_, inner)) if !inner.is_empty())
        && !inside.iter().any(comma)
}

/// What follows a list of parameters up to the body, if this is one.
fn signature_rest(behind: &[Tree]) -> &[Tree] {
    match behind {
        [Tree::Punct('-', true), Tree::Punct('>', _), ..] => {
            let body = |tree: &Tree| matches!(tree, Tree::Group(Delimiter::Brace, _));
            let end = behind.iter().position(body).unwrap_or(behind.len());
            &behind[..end]
        }
        _ => &[],
    }
}

/// How many tokens the first element of a block or a list has: up to a comma, a semicolon, or a block that ends it.
fn end_of_element(trees: &[Tree]) -> usize {
    let mut i = 0;
    while let Some((_, rest)) = attribute(&trees[i..]) {
        i = trees.len() - rest.len();
    }
    while i < trees.len() {
        let ends = match &trees[i] {
            Tree::Punct(',' | ';', _) => true,
            Tree::Group(Delimiter::Brace, _) => match trees.get(i + 1) {
                Some(Tree::Punct(c, _)) => "#&*:'".contains(*c),
                Some(Tree::Word(word)) => *word != "else" && *word != "as",
                Some(Tree::Group(Delimiter::Parenthesis, _)) | None => true,
                Some(_) => true,
            },
            _ => false,
        };
        i += 1;
        if ends {
            break;
        }
    }
    i
}

/// The attribute at the beginning, and what follows.
fn attribute(trees: &[Tree]) -> Option<(&[Tree], &[Tree])> {
    match trees {
        [Tree::Punct('#', _), Tree::Group(Delimiter::Bracket, _), ..] => Some(trees.split_at(2)),
        _ => None,
    }
}

fn is_doc(attribute: &[Tree]) -> bool {
    let [_, Tree::Group(_, inside)] = attribute else {
        return false;
    };
    matches!(&inside[..], [Tree::Word(word), Tree::Punct('=', _), Tree::Literal(_)] if *word == "doc")
}

/// The documentation that an attribute is; one of several lines is as many comments.
fn doc(attribute: &[Tree]) -> Option<String> {
    let [_, Tree::Group(_, inside)] = attribute else {
        return None;
    };
    let Some(Tree::Literal(literal)) = inside.get(2).filter(|_| is_doc(attribute)) else {
        return None;
    };
    let written = literal.to_string();
    let text = match unescaped(&written) {
        Some(text) => text,
        None => syn::parse_str::<syn::LitStr>(&written).ok()?.value(),
    };
    // Four slashes would be a comment.
    let slashes = text.starts_with('/') || text.contains("\n/");
    (!slashes && !text.contains('\r')).then_some(text)
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
