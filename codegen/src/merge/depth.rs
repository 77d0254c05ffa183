//! How deep a text nests: the parser is recursive, and a text that nests without measure must be refused before it.
//!
//! In: the text of a file. Out: where it nests too deeply, if it does; a stack on which anything else is parsed.
//! Must not know: what the text means.

use super::text;
use proc_macro2::{Delimiter, Spacing, Span, TokenStream, TokenTree, token_stream};

/// How many steps the parser may go down. Each takes at most 60 KiB of the stack, without optimisation.
const LIMIT: usize = 3000;
/// Reserved, and used as far as it is needed.
const STACK: usize = 256 << 20;

/// Runs something that parses, on a stack that is large enough for all that [`too_deep`] lets through.
pub(super) fn on_large_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let run = |work: Box<dyn FnOnce() -> T + Send + '_>| {
        std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().stack_size(STACK);
            let thread = thread.spawn_scoped(scope, work)?;
            std::io::Result::Ok(thread.join())
        })
    };
    match run(Box::new(work)) {
        Ok(Ok(done)) => done,
        Ok(Err(panic)) => std::panic::resume_unwind(panic),
        Err(error) => panic!("a thread for the merge: {error}"),
    }
}

/// Where the text nests too deeply.
pub(super) fn too_deep(text: &str) -> Option<Span> {
    if !may_be_deep(text) {
        return None;
    }
    let tokens: TokenStream = text[text::skipped_prefix(text)..].parse().ok()?;
    // The tokens of one group, the steps down to it, and those since the last separator in it.
    let mut stack: Vec<(token_stream::IntoIter, usize, usize)> = vec![(tokens.into_iter(), 0, 0)];
    while let Some((tokens, base, run)) = stack.last_mut() {
        let Some(token) = tokens.next() else {
            stack.pop();
            continue;
        };
        *run = match &token {
            TokenTree::Punct(punct) if matches!(punct.as_char(), ';' | ',') => 0,
            // `==` is one step.
            TokenTree::Punct(punct) if punct.spacing() == Spacing::Joint => *run,
            _ => *run + 1,
        };
        let here = *base + *run;
        if here > LIMIT {
            return Some(token.span());
        }
        if let TokenTree::Group(group) = token {
            if group.delimiter() == Delimiter::Brace {
                *run = 0;
            }
            stack.push((group.stream().into_iter(), here, 0));
        }
    }
    None
}

/// The same by bytes, without knowing strings and comments: at least as deep, and quick.
fn may_be_deep(text: &str) -> bool {
    let (mut open, mut base, mut run) = (Vec::new(), 0, 0);
    for byte in text.bytes() {
        run += 1;
        match byte {
            b';' | b',' => run = 0,
            b'(' | b'[' | b'{' => {
                open.push(run);
                base += run;
                run = 0;
            }
            b')' | b']' | b'}' => {
                run = open.pop().unwrap_or(0);
                base -= run;
                if byte == b'}' {
                    run = 0;
                }
            }
            _ => {}
        }
        if base + run > LIMIT {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_is_not_too_deep() {
        let line = "    let x = a.b(c, d).e(|f| f + 1); // g\n";
        let text = format!("fn f() {{\n{}}}\n", line.repeat(2_000));
        assert!(!may_be_deep(&text));
        let words = format!("//! {}\nfn f() {{}}\n", "word ".repeat(2_000));
        assert!(may_be_deep(&words) && too_deep(&words).is_none());
        let chain = format!("const X: bool = {};", vec!["a == 1"; 700].join(" || "));
        assert!(too_deep(&chain).is_none());
    }

    #[test]
    fn what_nobody_writes_is() {
        for (open, close) in [
            ("(", ")"),
            ("{", "}"),
            ("Vec<", ">"),
            ("- ", ""),
            ("x = ", ""),
        ] {
            let text = |n| format!("fn f() {{ {}x{} }}", open.repeat(n), close.repeat(n));
            assert!(too_deep(&text(LIMIT + 1)).is_some(), "{open}");
            assert!(too_deep(&text(100)).is_none(), "{open}");
        }
        let wide = format!("fn f() {{ {} }}", "(x);".repeat(100_000));
        assert!(too_deep(&wide).is_none());
    }
}
