//! Descriptions as documentation of Rust items.
//!
//! In: descriptions out of the schema, which are Markdown of their own kind. Out: lines that rustdoc reads without
//! warnings and never takes for Rust code to test.
//! Must not know: what is described.

/// The lines of a description, of a deprecation's reason, and of the place of definition, as far as there are such.
pub(super) fn docs(
    description: Option<&str>,
    deprecated: Option<&str>,
    place: Option<String>,
) -> Vec<String> {
    let mut lines = lines(description.unwrap_or_default());
    let mut paragraph = |text: String| {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.push(text);
    };
    if let Some(reason) = deprecated {
        let reason = lines_of(reason).join(" ");
        paragraph(if reason.is_empty() {
            "Deprecated.".to_owned()
        } else {
            format!("Deprecated: {reason}")
        });
    }
    if let Some(place) = place {
        paragraph(format!("Defined at `{place}`."));
    }
    lines
}

fn lines_of(text: &str) -> Vec<String> {
    lines(text)
}

fn lines(text: &str) -> Vec<String> {
    let mut fence: Option<&str> = None;
    let mut lines = Vec::new();
    for line in text.trim().lines() {
        let bare = line.trim_start();
        let mark = &bare[..bare.len() - bare.trim_start_matches(['`', '~']).len()];
        match fence {
            Some(open) if mark.starts_with(open) && bare.trim_end() == mark => {
                lines.push(mark.to_owned());
                fence = None;
            }
            Some(_) => lines.push(line.trim_end().to_owned()),
            None if mark.len() >= 3 => {
                let language = bare[mark.len()..].trim();
                let language = if tested_by_rustdoc(language) {
                    "text"
                } else {
                    language
                };
                lines.push(format!("{mark}{language}"));
                fence = Some(mark);
            }
            // Four blanks would make it a block of code, and rustdoc would run it as a test.
            None => lines.push(escape(bare.trim_end(), line.len() - bare.len())),
        }
    }
    lines.extend(fence.map(str::to_owned));
    lines
}

fn tested_by_rustdoc(language: &str) -> bool {
    let tags = [
        "rust",
        "ignore",
        "should_panic",
        "no_run",
        "compile_fail",
        "test_harness",
        "standalone",
        "custom",
    ];
    language.is_empty()
        || language
            .split([',', ' '])
            .any(|tag| tags.contains(&tag) || tag.starts_with("edition") || tag.starts_with('E'))
}

/// Outside of code: brackets that are no link, angle brackets and bare addresses are warned of by rustdoc.
fn escape(line: &str, indent: usize) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    if !line.is_empty() {
        out.push_str(&"   "[..indent.min(3)]);
    }
    let mut code = false;
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let is_address = rest.starts_with("http://") || rest.starts_with("https://");
        let address = if is_address { address(rest) } else { 0 };
        let linked = out.ends_with("](") || out.ends_with('<');
        if !code && address > 0 && !linked {
            out.push_str(&format!("<{}>", &rest[..address]));
            rest = &rest[address..];
            continue;
        }
        match c {
            '`' => code = !code,
            '[' | ']' | '<' if !code && !is_link(rest, &out, c) => out.push('\\'),
            _ => {}
        }
        // What begins no address and is no sign stays as it is.
        let behind = &rest[c.len_utf8()..];
        let plain = behind
            .find(['`', '[', ']', '<', 'h'])
            .unwrap_or(behind.len());
        let (done, left) = rest.split_at(c.len_utf8() + plain);
        out.push_str(done);
        rest = left;
    }
    if code {
        out.push('`');
    }
    out
}

fn address(text: &str) -> usize {
    let end = text
        .find(|c: char| c.is_whitespace() || "<>()[]\"`".contains(c))
        .unwrap_or(text.len());
    text[..end]
        .trim_end_matches(['.', ',', ';', ':', '!', '?'])
        .len()
}

/// Whether a bracket belongs to `[text](address)` or `<http://…>`.
fn is_link(rest: &str, before: &str, c: char) -> bool {
    match c {
        '[' => rest
            .split_once(']')
            .is_some_and(|(text, behind)| !text[1..].contains('[') && behind.starts_with("(")),
        ']' => rest.starts_with("](") && before.contains('['),
        _ => rest.starts_with("<http") && rest.contains('>'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(description: &str, expect: &[&str]) {
        assert_eq!(docs(Some(description), None, None), expect);
    }

    #[test]
    fn plain_text_stays() {
        check(
            "A stay.\n\n  Of a guest.  \n",
            &["A stay.", "", "  Of a guest."],
        );
        check("", &[]);
    }

    #[test]
    fn nothing_is_a_test() {
        check(
            "Like so:\n\n    let x = 1;",
            &["Like so:", "", "   let x = 1;"],
        );
        check(
            "```\nquery { a }\n```\nend",
            &["```text", "query { a }", "```", "end"],
        );
        check("```rust,no_run\nx\n```", &["```text", "x", "```"]);
        check("```graphql\n{ a[0] }", &["```graphql", "{ a[0] }", "```"]);
    }

    #[test]
    fn what_rustdoc_warns_of_is_escaped() {
        check(
            "A [User] of List<T>, `[a] <b>`",
            &["A \\[User\\] of List\\<T>, `[a] <b>`"],
        );
        check(
            "See [here](https://a.b/c) or https://x.y.",
            &["See [here](https://a.b/c) or <https://x.y>."],
        );
        check("an `open tick", &["an `open tick`"]);
    }

    #[test]
    fn deprecation_is_a_paragraph() {
        assert_eq!(
            docs(Some("Old."), Some("use `b`"), None),
            ["Old.", "", "Deprecated: use `b`"]
        );
    }
}
