//! What a diagnostic's code means, at length.
//!
//! In: a code. Out: its section of `codes.md`. Must not know: what reports it.

use crate::diagnostic::Code;

/// One section a code: `## GW0101 DuplicateType`, then text.
const TEXTS: &str = include_str!("codes.md");

/// A code and what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeText {
    /// The code.
    pub code: Code,
    /// What is wrong, an example, what to do: Markdown.
    pub text: &'static str,
}

/// The meaning of `GW0108`, also written `gw108`.
pub fn code(name: &str) -> Option<CodeText> {
    let digits = name
        .strip_prefix("GW")
        .or_else(|| name.strip_prefix("gw"))?;
    let number: u16 = digits.parse().ok()?;
    let code = *Code::ALL.iter().find(|code| **code as u16 == number)?;
    let head = format!("## {code} {}\n", code.name());
    let (_, rest) = TEXTS.split_once(&*head)?;
    let text = rest.split("\n## GW").next().unwrap_or(rest).trim();
    Some(CodeText { code, text })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::Inputs;
    use crate::options::Options;
    use crate::pipeline::generate;

    #[test]
    fn every_code_has_its_section_in_order() {
        let heads: Vec<&str> = TEXTS.lines().filter(|l| l.starts_with("## ")).collect();
        let wanted: Vec<String> = Code::ALL
            .iter()
            .map(|code| format!("## {code} {}", code.name()))
            .collect();
        assert_eq!(heads, wanted);
        for wanted in Code::ALL {
            let found = code(&wanted.to_string()).unwrap();
            assert!(
                found.text.len() > 80,
                "{wanted} says little: {}",
                found.text
            );
        }
    }

    #[test]
    fn codes_may_be_written_short() {
        assert_eq!(code("gw108").map(|c| c.code), Some(Code::UnknownType));
        assert_eq!(code("GW0108").map(|c| c.code), Some(Code::UnknownType));
        for none in ["GW9999", "108", "GW", "GWx", "GW99999999"] {
            assert_eq!(code(none), None, "{none}");
        }
    }

    /// A block that begins with ```` ```graphql ```` or ```` ```yaml ````, and the word behind that.
    fn blocks(text: &str) -> Vec<(&str, &str, &str)> {
        let parts = text.split("```").skip(1).step_by(2);
        parts
            .filter_map(|part| {
                let (head, body) = part.split_once('\n')?;
                let (language, word) = head.split_once(' ').unwrap_or((head, ""));
                Some((language, word, body))
            })
            .collect()
    }

    #[test]
    fn examples_are_wrong_where_they_say_so_and_right_otherwise() {
        let (mut checked, mut failed) = (0, Vec::new());
        for wanted in Code::ALL {
            let text = code(&wanted.to_string()).unwrap().text;
            for (language, word, body) in blocks(text) {
                let mut inputs = Inputs::default();
                match language {
                    "graphql" => inputs.add_schema("a.graphql", body),
                    "yaml" => {
                        inputs.add_schema("a.graphql", "type Query { a: Int }");
                        inputs.set_jobs("jobs.yaml", body);
                    }
                    _ => continue,
                }
                let found = generate(&inputs, &Options::default()).diagnostics;
                let codes: Vec<Code> = found.sorted().iter().map(|d| d.code).collect();
                let said = found.render(&inputs.sources, false);
                let fits = match word {
                    "wrong" => codes.contains(wanted),
                    "" => !found.has_errors() && !codes.contains(wanted),
                    other => panic!("{wanted}: what is `{other}`?"),
                };
                if !fits {
                    failed.push(format!("{wanted} {word}\n{body}\n{said}"));
                }
                checked += 1;
            }
        }
        assert!(failed.is_empty(), "{}", failed.join("\n"));
        assert!(checked > 180, "{checked} examples");
    }
}
