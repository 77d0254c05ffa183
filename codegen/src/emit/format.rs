//! Tokens as text: items with a blank line between them, modules indented.
//!
//! In: items. Out: text. Must not know: what the items are.

use proc_macro2::{Literal, TokenStream};

/// Items of one module as text, each formatted on its own: a formatter of whole files would set them without a blank line.
pub(super) fn items(items: &[TokenStream]) -> String {
    let mut text = String::new();
    for item in items.iter().filter(|item| !item.is_empty()) {
        if !text.is_empty() {
            text.push('\n');
        }
        let file = syn::parse2(item.clone()).expect("emitters make well-formed items");
        text.push_str(&prettyplease::unparse(&file));
    }
    text
}

/// A module with a name for the runtime's one path, if it needs one; nothing for a module without items.
pub(super) fn module(head: &str, body: &[TokenStream]) -> String {
    let body = items(body);
    if body.is_empty() {
        return String::new();
    }
    let mut text = format!("{head} {{\n");
    if body.contains("__gw::") {
        text.push_str("    use ::graphwright::__private::v1 as __gw;\n\n");
    }
    for line in body.lines() {
        if !line.is_empty() {
            text.push_str("    ");
            text.push_str(line);
        }
        text.push('\n');
    }
    text.push_str("}\n");
    text
}

/// A text as a literal that can be read: raw where that is possible.
pub(super) fn raw_string(text: &str) -> Literal {
    if text.contains('\r') {
        return Literal::string(text);
    }
    let mut hashes = String::from("#");
    while text.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    let literal = format!("r{hashes}\"{text}\"{hashes}");
    literal.parse().unwrap_or_else(|_| Literal::string(text))
}
