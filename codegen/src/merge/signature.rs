//! Signatures of methods as texts: what a lock holds, what the schema asks for, what a user wrote.
//!
//! In: texts of parameters and types. Out: their parts, comparable. Must not know: files.

use quote::ToTokens;

/// The parameters behind `&self`, and the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Names and types.
    pub params: Vec<(String, String)>,
    /// The type behind the arrow.
    pub returns: String,
}

impl Signature {
    /// Reads what [`Signature::text`] prints; `None` if it is something else.
    pub fn parse(text: &str) -> Option<Signature> {
        let whole: syn::Signature = syn::parse_str(&format!("fn f{text}")).ok()?;
        let mut params = Vec::new();
        for input in &whole.inputs {
            let syn::FnArg::Typed(param) = input else {
                return None;
            };
            let syn::Pat::Ident(name) = &*param.pat else {
                return None;
            };
            params.push((
                name.ident.to_string(),
                param.ty.to_token_stream().to_string(),
            ));
        }
        let syn::ReturnType::Type(_, returns) = &whole.output else {
            return None;
        };
        Some(Signature {
            params,
            returns: returns.to_token_stream().to_string(),
        })
    }

    /// `(cx: &gw::Context, first: i32) -> gw::Result<i32>`, on one line.
    pub fn text(&self) -> String {
        let params: Vec<String> = self
            .params
            .iter()
            .map(|(name, ty)| format!("{name}: {ty}"))
            .collect();
        format!("({}) -> {}", params.join(", "), self.returns)
    }

    /// Whether the answer borrows from the application, which its head says, too: `fn f<'r>(&'r self`.
    pub(super) fn borrows(&self) -> bool {
        self.returns.replace(' ', "").contains("&'r")
    }

    /// The place of a parameter by its name.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        self.params
            .iter()
            .position(|(known, _)| role(known) == role(name))
    }
}

/// The name without `r#`. All parents and one parent are the same parameter.
pub(super) fn role(name: &str) -> &str {
    match name.strip_prefix("r#").unwrap_or(name) {
        "parents" => "parent",
        other => other,
    }
}

/// Whether two texts are the same type, however they are spaced.
pub(super) fn same_type(a: &str, b: &str) -> bool {
    a == b || matches!((tokens(a), tokens(b)), (Some(a), Some(b)) if a == b)
}

/// The tokens of a type, without commas before closing brackets; `None` if it is no type.
fn tokens(text: &str) -> Option<Vec<String>> {
    let ty: syn::Type = syn::parse_str(text).ok()?;
    let mut words: Vec<String> = Vec::new();
    flat(ty.to_token_stream(), &mut words);
    Some(words)
}

fn flat(stream: proc_macro2::TokenStream, words: &mut Vec<String>) {
    use proc_macro2::{Delimiter, TokenTree};
    for tree in stream {
        let word = match tree {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                words.push(open.to_owned());
                flat(group.stream(), words);
                close.to_owned()
            }
            other => other.to_string(),
        };
        if matches!(&*word, ">" | ")" | "]") && words.last().is_some_and(|last| last == ",") {
            words.pop();
        }
        words.push(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_come_back_as_they_were_printed() {
        for text in [
            "(cx: &gw::Context) -> gw::Result<i32>",
            "(cx: &gw::Context, parents: &[&gw::Book]) -> gw::Result<gw::Batch<gw::Author>>",
            "(cx: &gw::Context, r#type: Option<Vec<String>>) -> gw::Result<&'r [gw::Book]>",
        ] {
            let parsed = Signature::parse(text).unwrap();
            let again = Signature::parse(&parsed.text()).unwrap();
            assert_eq!(parsed, again, "{text}");
        }
        for text in [
            "",
            "()",
            "(a) -> b",
            "(&self) -> b",
            "(a: b",
            "(a: b) -> c { }",
            "((a, b): c) -> d",
        ] {
            assert_eq!(Signature::parse(text), None, "{text}");
        }
    }

    #[test]
    fn types_are_compared_by_their_tokens() {
        assert!(same_type("Vec<gw :: Book>", "Vec< gw::Book, >"));
        assert!(same_type("& [ &gw::Book]", "&[&gw::Book]"));
        assert!(same_type("(i32, /* two */ i32)", "(i32,i32)"));
        assert!(!same_type("Vec<Book>", "Vec<gw::Book>"));
        assert!(!same_type("(i32)", "(i32,"));
    }
}
