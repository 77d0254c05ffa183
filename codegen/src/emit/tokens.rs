//! What the generated file is made of before it is laid out: text of which only the tokens count.
//!
//! In: pieces that `quote!` names. Out: one text, to be read by `format`. Must not know: lines and blanks.
//!
//! The `quote!` of this module has the syntax of the crate `quote`, and half a million pieces of a large schema cost it a
//! copy each, where trees of tokens would cost several allocations. What is made once for each field uses it; both may be
//! mixed, for the crate's tokens can be put into these.

use crate::plan::Ty;
use proc_macro2::TokenStream;
use std::fmt::Write as _;

/// Tokens, with blanks between them.
#[derive(Debug, Clone, Default)]
pub(super) struct Tokens {
    pub(super) text: String,
}

/// Bytes that most pieces fit into.
const PIECE: usize = 120;

/// Around documentation, which is no token: lines as they stand behind `///`.
pub(super) const DOC: char = '\u{1}';

impl Tokens {
    /// No tokens yet, some to come.
    pub(super) fn begin() -> Tokens {
        Tokens {
            text: String::with_capacity(PIECE),
        }
    }

    /// Whole tokens.
    pub(super) fn text(&mut self, tokens: &str) {
        self.text.push(' ');
        self.text.push_str(tokens);
    }

    /// Documentation of what follows.
    pub(super) fn doc(&mut self, text: &str) {
        // Four slashes would be a comment.
        let slashes = text.starts_with('/') || text.contains("\n/");
        if slashes || text.contains(['\r', DOC]) {
            self.text(" #[doc =");
            text.put(self);
            self.text("]");
            return;
        }
        self.text.push(DOC);
        self.text.push_str(text);
        self.text.push(DOC);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

impl From<TokenStream> for Tokens {
    fn from(tokens: TokenStream) -> Tokens {
        Tokens {
            text: tokens.to_string(),
        }
    }
}

/// What can stand behind a `#` in `quote!`.
pub(super) trait Put {
    fn put(&self, out: &mut Tokens);
}

/// A Rust name that was made by `plan`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Name<'n>(&'n str);

/// The token of a name.
pub(super) fn ident(name: &str) -> Name<'_> {
    Name(name)
}

/// A number without the name of its type.
#[derive(Debug, Clone, Copy)]
pub(super) struct Number(pub(super) usize);

impl Put for Tokens {
    fn put(&self, out: &mut Tokens) {
        out.text(&self.text);
    }
}

/// Documentation, a line each.
#[derive(Debug, Clone)]
pub(super) enum Docs<'d> {
    /// Of the schema.
    Lines(&'d [String]),
    /// Where it has none.
    Line(String),
}

impl<'d> Docs<'d> {
    /// These lines, or one of our own.
    pub(super) fn or(lines: &'d [String], otherwise: impl FnOnce() -> String) -> Docs<'d> {
        match lines {
            [] => Docs::Line(otherwise()),
            lines => Docs::Lines(lines),
        }
    }
}

impl Put for Docs<'_> {
    fn put(&self, out: &mut Tokens) {
        let lines = match self {
            Docs::Lines(lines) => lines,
            Docs::Line(line) => std::slice::from_ref(line),
        };
        if lines.is_empty() {
            return;
        }
        let parts = lines.iter().enumerate().flat_map(|(i, line)| {
            let end = if i == 0 { "" } else { "\n" };
            [end, if line.is_empty() { "" } else { " " }, &**line]
        });
        if lines.iter().any(|line| line.contains(['\r', '\n', DOC])) {
            return out.doc(&parts.collect::<String>());
        }
        out.text.push(DOC);
        out.text.extend(parts);
        out.text.push(DOC);
    }
}

impl Put for Name<'_> {
    fn put(&self, out: &mut Tokens) {
        out.text(self.0);
    }
}

impl Put for Ty {
    fn put(&self, out: &mut Tokens) {
        out.text.push(' ');
        self.write(&mut out.text);
    }
}

impl Put for Number {
    fn put(&self, out: &mut Tokens) {
        let _ = write!(out.text, " {}", self.0);
    }
}

/// With the names of their types.
macro_rules! put_numbers {
    ($($ty:ident)*) => {
        $(impl Put for $ty {
            fn put(&self, out: &mut Tokens) {
                let _ = write!(out.text, concat!(" {}", stringify!($ty)), self);
            }
        })*
    };
}

put_numbers! { f64 i32 u32 }

impl Put for bool {
    fn put(&self, out: &mut Tokens) {
        out.text(if *self { "true" } else { "false" });
    }
}

/// A literal.
impl Put for str {
    fn put(&self, out: &mut Tokens) {
        out.text(" \"");
        let plain = |c: u8| (b' '..=b'~').contains(&c) && c != b'"' && c != b'\\';
        match self.bytes().all(plain) {
            true => out.text.push_str(self),
            false => {
                let literal = proc_macro2::Literal::string(self).to_string();
                out.text.push_str(&literal[1..literal.len() - 1]);
            }
        }
        out.text.push('"');
    }
}

impl Put for String {
    fn put(&self, out: &mut Tokens) {
        self.as_str().put(out);
    }
}

impl Put for TokenStream {
    fn put(&self, out: &mut Tokens) {
        let _ = write!(out.text, " {self}");
    }
}

impl<T: Put> Put for Option<T> {
    fn put(&self, out: &mut Tokens) {
        if let Some(it) = self {
            it.put(out);
        }
    }
}

impl<T: Put + ?Sized> Put for &T {
    fn put(&self, out: &mut Tokens) {
        (**self).put(out);
    }
}

/// What a variable of a repetition stands for within it.
pub(super) struct One<T>(pub(super) T);

impl<T> One<T> {
    /// A variable that is named twice is asked twice.
    pub(super) fn next(self) -> Option<T> {
        Some(self.0)
    }
}

impl<T: Put> Put for One<T> {
    fn put(&self, out: &mut Tokens) {
        self.0.put(out);
    }
}

/// What can be repeated: an iterator, which is used up,
pub(super) trait Each: Iterator + Sized {
    fn each(self) -> Self {
        self
    }
}

impl<I: Iterator> Each for I {}

/// and what lies in memory.
pub(super) trait EachOf<T> {
    fn each(&self) -> std::slice::Iter<'_, T>;
}

impl<T> EachOf<T> for [T] {
    fn each(&self) -> std::slice::Iter<'_, T> {
        self.iter()
    }
}

/// Tokens by the syntax of the crate `quote`; no repetition stands within another.
macro_rules! quote {
    ($($token:tt)*) => {{
        #[allow(unused_mut)]
        let mut out = $crate::emit::tokens::Tokens::begin();
        $crate::emit::tokens::put!(out [] $($token)*);
        out
    }};
}

/// Appends tokens: those in brackets are known to be words and signs, and wait to be written together.
macro_rules! put {
    ($out:ident []) => {};
    ($out:ident [$($known:tt)+]) => {
        $out.text(stringify!($($known)+));
    };
    ($out:ident [$($known:tt)*] #[doc = $doc:literal] $($rest:tt)*) => {
        $crate::emit::tokens::put!($out [$($known)*]);
        $out.doc($doc);
        $crate::emit::tokens::put!($out [] $($rest)*);
    };
    ($out:ident [$($known:tt)*] #[$($inside:tt)*] $($rest:tt)*) => {
        $out.text(concat!(stringify!($($known)*), " #["));
        $crate::emit::tokens::put!($out [] $($inside)*);
        $out.text("]");
        $crate::emit::tokens::put!($out [] $($rest)*);
    };
    ($out:ident [$($known:tt)*] #($($body:tt)*)* $($rest:tt)*) => {
        $crate::emit::tokens::put!($out [$($known)*]);
        $crate::emit::tokens::each!($out ($($body)*) "" [] $($body)*);
        $crate::emit::tokens::put!($out [] $($rest)*);
    };
    ($out:ident [$($known:tt)*] #($($body:tt)*) $between:tt * $($rest:tt)*) => {
        $crate::emit::tokens::put!($out [$($known)*]);
        $crate::emit::tokens::each!($out ($($body)*) (stringify!($between)) [] $($body)*);
        $crate::emit::tokens::put!($out [] $($rest)*);
    };
    ($out:ident [$($known:tt)*] #$name:ident $($rest:tt)*) => {
        $crate::emit::tokens::put!($out [$($known)*]);
        $crate::emit::tokens::Put::put(&$name, &mut $out);
        $crate::emit::tokens::put!($out [] $($rest)*);
    };
    ($out:ident [$($known:tt)*] ($($inside:tt)*) $($rest:tt)*) => {
        $out.text(concat!(stringify!($($known)*), " ("));
        $crate::emit::tokens::put!($out [] $($inside)*);
        $out.text(")");
        $crate::emit::tokens::put!($out [] $($rest)*);
    };
    ($out:ident [$($known:tt)*] [$($inside:tt)*] $($rest:tt)*) => {
        $out.text(concat!(stringify!($($known)*), " ["));
        $crate::emit::tokens::put!($out [] $($inside)*);
        $out.text("]");
        $crate::emit::tokens::put!($out [] $($rest)*);
    };
    ($out:ident [$($known:tt)*] {$($inside:tt)*} $($rest:tt)*) => {
        $out.text(concat!(stringify!($($known)*), " {"));
        $crate::emit::tokens::put!($out [] $($inside)*);
        $out.text("}");
        $crate::emit::tokens::put!($out [] $($rest)*);
    };
    ($out:ident [$($known:tt)*] $next:tt $($rest:tt)*) => {
        $crate::emit::tokens::put!($out [$($known)* $next] $($rest)*);
    };
}

/// Appends a body for each value of its variables, which are looked for first.
macro_rules! each {
    ($out:ident $body:tt $between:tt [$($name:ident)*] #$next:ident $($rest:tt)*) => {
        $crate::emit::tokens::each!($out $body $between [$($name)* $next] $($rest)*);
    };
    ($out:ident $body:tt $between:tt $names:tt ($($inside:tt)*) $($rest:tt)*) => {
        $crate::emit::tokens::each!($out $body $between $names $($inside)* $($rest)*);
    };
    ($out:ident $body:tt $between:tt $names:tt [$($inside:tt)*] $($rest:tt)*) => {
        $crate::emit::tokens::each!($out $body $between $names $($inside)* $($rest)*);
    };
    ($out:ident $body:tt $between:tt $names:tt {$($inside:tt)*} $($rest:tt)*) => {
        $crate::emit::tokens::each!($out $body $between $names $($inside)* $($rest)*);
    };
    ($out:ident $body:tt $between:tt $names:tt $other:tt $($rest:tt)*) => {
        $crate::emit::tokens::each!($out $body $between $names $($rest)*);
    };
    ($out:ident ($($body:tt)*) $between:tt [$($name:ident)*]) => {{
        #[allow(unused_imports)]
        use $crate::emit::tokens::{Each as _, EachOf as _, One};
        $(
            #[allow(unused_mut)]
            let mut $name = $name.each();
        )*
        let mut is_first = true;
        loop {
            $(
                let $name = match $name.next() {
                    Some(it) => One(it),
                    None => break,
                };
            )*
            if !is_first && !$between.is_empty() {
                $out.text($between);
            }
            is_first = false;
            $crate::emit::tokens::put!($out [] $($body)*);
        }
        let _ = is_first;
    }};
}

pub(super) use {each, put, quote};

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(tokens: Tokens, expect: &str) {
        let words: Vec<&str> = tokens.text.split_whitespace().collect();
        assert_eq!(words.join(" "), expect);
    }

    #[test]
    fn pieces_are_put_together() {
        let (name, ty, some) = (ident("r#type"), quote! { A<B> }, Some(Number(3)));
        let none: Option<Number> = None;
        check(
            quote! { pub #name: #ty = f(#some #none), [#name] },
            "pub r#type : A<B> = f ( 3 ) , [ r#type ]",
        );
    }

    #[test]
    fn repetitions_walk_their_variables_together() {
        let (values, rest) = (vec![Number(1), Number(2)], [ident("x")]);
        let names = ["a", "b"].into_iter().map(ident);
        check(
            quote! { f(#(#names => { #values + #values }),*) #(#rest;)* #(#rest)* },
            "f ( a => { 1 + 1 } , b => { 2 + 2 } ) x ; x",
        );
    }

    #[test]
    fn texts_are_literals() {
        let text = "a \"b\" \\ \n é 'c'";
        check(quote! { #text }, "\"a \\\"b\\\" \\\\ \\n é 'c'\"");
    }

    #[test]
    fn documentation_that_could_be_a_comment_is_one() {
        check(
            quote! { #[doc = " A."] struct A; },
            "\u{1} A.\u{1} struct A;",
        );
        check(
            quote! { #[doc = "/ A."] struct A; },
            "#[doc = \"/ A.\" ] struct A;",
        );
    }
}
