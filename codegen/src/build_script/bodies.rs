//! Whether two versions of a Rust file differ in nothing but what functions do.
//!
//! In: two texts, and where the first has its functions' bodies. Out: yes, or not for certain.
//! Must not know: what the difference means.
//!
//! Outside of the bodies the texts are compared byte by byte. A body that changed has to be a block of its own, brace to
//! brace, so that what follows is read as before; and it may not hold what counts from inside of a body as well.

use proc_macro2::{TokenStream, TokenTree};
use std::ops::Range;

/// Whether `new` is `old` with other statements in some of `bodies`, which are in order and do not overlap.
///
/// `false` also where that is so but would take more than a look.
pub(super) fn same_but_for_bodies(old: &str, new: &str, bodies: &[Range<usize>]) -> bool {
    if old == new {
        return true;
    }
    let (mut from, mut rest) = (0, new);
    for (i, body) in bodies.iter().enumerate() {
        let next = bodies.get(i + 1).map_or(old.len(), |next| next.start);
        let (Some(before), Some(was), Some(behind)) = (
            old.get(from..body.start),
            old.get(body.clone()),
            old.get(body.end..next),
        ) else {
            return false;
        };
        let Some(at_body) = rest.strip_prefix(before) else {
            return false;
        };
        let end = match at_body.strip_prefix(was) {
            Some(after) if after.starts_with(behind) => was.len(),
            _ => match end_of_edited(at_body, behind, next == old.len()) {
                Some(end) if is_plain(was) && is_plain(&at_body[..end]) => end,
                _ => return false,
            },
        };
        (from, rest) = (body.end, &at_body[end..]);
    }
    old.get(from..) == Some(rest)
}

/// Where a body seems to end: before what stood behind it.
fn end_of_edited(text: &str, behind: &str, last: bool) -> Option<usize> {
    match last {
        true => text.strip_suffix(behind).map(str::len),
        false => text.find(behind),
    }
}

/// Whether a text is one block, and holds neither implementations nor modules nor definitions of macros.
fn is_plain(text: &str) -> bool {
    fn has_none(tokens: TokenStream) -> bool {
        tokens.into_iter().all(|token| match token {
            TokenTree::Ident(word) => {
                word != "impl" && word != "mod" && word != "macro_rules" && word != "macro"
            }
            TokenTree::Group(group) => has_none(group.stream()),
            _ => true,
        })
    }
    let Ok(tokens) = text.parse::<TokenStream>() else {
        return false;
    };
    has_none(tokens.clone()) && syn::parse2::<syn::Block>(tokens).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "use a;\nimpl A for B {\n    fn a() { 1 }\n    // of b\n    fn b(x: i32) { x }\n}\nfn c() {}\n";

    /// `OLD` with one text replaced.
    #[track_caller]
    fn check(from: &str, to: &str, expect: bool) {
        assert!(OLD.contains(from));
        let bodies = ["{ 1 }", "{ x }", "{}"].map(|body| {
            let start = OLD.find(body).unwrap();
            start..start + body.len()
        });
        let new = OLD.replace(from, to);
        assert_eq!(same_but_for_bodies(OLD, &new, &bodies), expect, "{new}");
    }

    #[test]
    fn statements_do_not_matter() {
        check("use", "use", true);
        check("{ 1 }", "{ let a = \"}\"; foo!({}); // }\n 2 }", true);
        check("{ x }", "{}", true);
        check("{}", "{ fn inner() {} }", true);
        check(" }\n    // of b", "; '}'; }\n    // of b", true);
    }

    #[test]
    fn all_else_does() {
        check("use a", "use b", false);
        check("of b", "of c", false);
        check("x: i32", "x: i64", false);
        check("fn c() {}\n", "fn c() {}\n\n", false);
        check("fn c() {}\n", "", false);
        check("{ 1 }", "{ 1 }\n    fn d() {}", false);
        check("fn b", "#[cfg(x)] fn b", false);
    }

    #[test]
    fn a_body_has_to_be_one() {
        for body in [
            "{ 1", "1 }", "{ 1 } }", "{ \" }", "{ 1 // }", "{ /* }", "{ 1 2 }", "{ ( }",
        ] {
            check("{ 1 }", body, false);
        }
    }

    #[test]
    fn what_counts_from_inside_of_a_body_is_looked_at() {
        check("{ 1 }", "{ impl A for C {} }", false);
        check("{ 1 }", "{ mod x; }", false);
        check("{ 1 }", "{ macro_rules! m { () => {} } }", false);
        check("{ 1 }", "{ let simple = \"impl\"; }", true);
    }
}
