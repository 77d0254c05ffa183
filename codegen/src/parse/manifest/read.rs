//! Reading values of the manifest by their kind.
//!
//! In: nodes of the tree. Out: values, and a diagnostic for each that has the wrong kind or form.
//! Must not know: what the keys mean.

use super::later::Later;
use super::tree::{Core, Key, Node, Yaml, core};
use super::{At, duration};
use crate::diagnostic::{Code, Diagnostics, closest};
use crate::ir::Named;
use std::ops::RangeInclusive;
use std::time::Duration;

/// The file and the findings about it.
pub(super) struct Cx<'a> {
    pub(super) text: &'a str,
    pub(super) diags: &'a mut Diagnostics,
}

/// The keys of a mapping.
pub(super) struct Keys {
    /// What has them, for messages.
    pub(super) of: &'static str,
    /// Those that are executed.
    pub(super) now: &'static [&'static str],
    /// Those that are refused for the time being.
    pub(super) later: &'static [Later],
}

impl Cx<'_> {
    /// The entries of a mapping that are executed now; the others are refused.
    pub(super) fn mapping<'n>(&mut self, node: &'n Node, keys: &Keys) -> Vec<(&'n Key, &'n Node)> {
        let Some(entries) = node.entries() else {
            self.wrong_kind(
                node,
                keys.of,
                "a mapping",
                Some(&format!("its keys are {}", list(keys.now))),
            );
            return Vec::new();
        };
        let mut known = Vec::new();
        for (key, node) in entries {
            if keys.now.contains(&key.text.as_str()) {
                known.push((key, node));
            } else if let Some(later) = keys.later.iter().find(|later| later.key == key.text) {
                self.not_yet(key, node, later);
            } else {
                self.unknown(key, keys);
            }
        }
        known
    }

    /// The entries of a mapping whose keys are names.
    pub(super) fn named<'n>(&mut self, node: &'n Node, what: &str) -> &'n [(Key, Node)] {
        if node.is_null() {
            return &[];
        }
        node.entries().unwrap_or_else(|| {
            self.wrong_kind(
                node,
                &format!("`{what}`"),
                "a mapping",
                Some("each entry is a name with what belongs to it"),
            );
            &[]
        })
    }

    fn unknown(&mut self, key: &Key, keys: &Keys) {
        let all = keys
            .now
            .iter()
            .copied()
            .chain(keys.later.iter().map(|l| l.key));
        let help = match closest(&key.text, all) {
            Some(name) => format!("did you mean `{name}`?"),
            None => format!("its keys are {}", list(keys.now)),
        };
        self.diags
            .error(
                Code::ManifestUnknownKey,
                key.span,
                format!("unknown key `{}` in {}", key.text, keys.of),
            )
            .help(help);
    }

    fn not_yet(&mut self, key: &Key, node: &Node, later: &Later) {
        if let Err((node, expected)) = later.form.check(node) {
            let message = format!(
                "`{}` has the wrong form: expected {expected}, found {}",
                key.text,
                node.kind()
            );
            self.diags.error(Code::ManifestValue, node.span, message);
        }
        self.diags
            .error(
                Code::ManifestNotYet,
                key.span,
                format!("`{}` is not supported yet", key.text),
            )
            .help("remove it for now");
    }

    /// Reports a value of the wrong kind.
    pub(super) fn wrong_kind(&mut self, node: &Node, of: &str, expected: &str, help: Option<&str>) {
        let message = format!("{of} is {expected}, not {}", node.kind());
        self.diags
            .error(Code::ManifestValue, node.span, message)
            .help_opt(help.map(str::to_owned));
    }

    /// Reports a value that has the right kind and cannot be used.
    pub(super) fn value(
        &mut self,
        node: &Node,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.diags
            .error(Code::ManifestValue, node.span, message)
            .help(help);
    }

    /// Text, quoted or not.
    pub(super) fn text(&mut self, node: &Node, key: &str) -> Option<At<String>> {
        match &node.value {
            Yaml::Scalar { text, plain } if !plain || core(text) == Core::Text => Some(At {
                span: node.span,
                value: text.clone(),
            }),
            Yaml::Scalar { text, .. } if !text.is_empty() => {
                self.wrong_kind(
                    node,
                    &format!("`{key}`"),
                    "text",
                    Some(&format!("quote it: `\"{text}\"`")),
                );
                None
            }
            _ => {
                self.wrong_kind(node, &format!("`{key}`"), "text", None);
                None
            }
        }
    }

    /// `true` or `false`.
    pub(super) fn boolean(&mut self, node: &Node, key: &str) -> Option<bool> {
        if let Yaml::Scalar { text, plain: true } = &node.value
            && let Core::Bool(value) = core(text)
        {
            return Some(value);
        }
        self.wrong_kind(node, &format!("`{key}`"), "`true` or `false`", None);
        None
    }

    /// A whole number in a range.
    pub(super) fn integer(
        &mut self,
        node: &Node,
        key: &str,
        range: RangeInclusive<i64>,
    ) -> Option<i64> {
        let Some(n) = number(node).filter(|n| n.fract() == 0.0) else {
            self.wrong_kind(node, &format!("`{key}`"), "a whole number", None);
            return None;
        };
        let n = n as i64;
        if range.contains(&n) {
            return Some(n);
        }
        self.value(
            node,
            format!("{n} is out of range for `{key}`"),
            format!("{} to {}", range.start(), range.end()),
        );
        None
    }

    /// A number from 0 to 1.
    pub(super) fn share(&mut self, node: &Node, key: &str) -> Option<f64> {
        match number(node) {
            Some(n) if (0.0..=1.0).contains(&n) => Some(n),
            Some(n) => {
                self.value(node, format!("{n} is out of range for `{key}`"), "0 to 1");
                None
            }
            None => {
                self.wrong_kind(node, &format!("`{key}`"), "a number from 0 to 1", None);
                None
            }
        }
    }

    /// A duration of at least `least`.
    pub(super) fn duration(&mut self, node: &Node, key: &str, least: Duration) -> Option<Duration> {
        let Yaml::Scalar { text, .. } = &node.value else {
            self.wrong_kind(node, &format!("`{key}`"), "a duration such as `5m`", None);
            return None;
        };
        match duration::parse(text) {
            Ok(found) if found >= least => Some(found),
            Ok(_) => {
                self.value(
                    node,
                    format!("`{text}` is too short for `{key}`"),
                    format!("at least {least:?}"),
                );
                None
            }
            Err(help) => {
                self.value(node, format!("`{text}` is not a duration"), help);
                None
            }
        }
    }

    /// One of some words; `later` are those that are refused for the time being.
    pub(super) fn choice<T: Copy>(
        &mut self,
        node: &Node,
        key: &str,
        now: &[(&'static str, T)],
        later: &[&str],
    ) -> Option<T> {
        let word = self.text(node, key)?.value;
        if let Some((_, value)) = now.iter().find(|(name, _)| *name == word) {
            return Some(*value);
        }
        let names: Vec<&'static str> = now.iter().map(|(name, _)| *name).collect();
        if later.contains(&word.as_str()) {
            let message = format!("`{key}: {word}` is not supported yet");
            self.diags
                .error(Code::ManifestNotYet, node.span, message)
                .help(format!("there are {}", list(&names)));
            return None;
        }
        let help = match closest(&word, names.iter().copied().chain(later.iter().copied())) {
            Some(name) => format!("did you mean `{name}`?"),
            None => format!("there are {}", list(&names)),
        };
        self.value(node, format!("unknown value `{word}` of `{key}`"), help);
        None
    }

    /// The name of a queue: small letters, digits, and `_` or `-` between them.
    pub(super) fn queue_name(&mut self, key: &Key) -> Named {
        let good = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        let bytes = key.text.as_bytes();
        let ends =
            bytes.first().is_some_and(|b| good(*b)) && bytes.last().is_some_and(|b| good(*b));
        if !ends || bytes.len() > 64 || !bytes.iter().all(|b| good(*b) || matches!(b, b'_' | b'-'))
        {
            let message = format!("`{}` cannot be the name of a queue", key.text);
            self.diags
                .error(Code::ManifestName, key.span, message)
                .help("small letters, digits, `_` and `-` between them, at most 64");
        }
        Named {
            name: key.text.clone(),
            span: key.span,
        }
    }

    /// The name of a job, an argument or a schedule: letters, digits and `_`, beginning with a letter.
    pub(super) fn name(&mut self, key: &Key, what: &str) -> Named {
        let bytes = key.text.as_bytes();
        let good = bytes.first().is_some_and(u8::is_ascii_alphabetic)
            && bytes
                .iter()
                .all(|b| b.is_ascii_alphanumeric() || *b == b'_');
        if !good || bytes.len() > 100 {
            let message = format!("`{}` cannot be the name of {what}", key.text);
            self.diags
                .error(Code::ManifestName, key.span, message)
                .help("letters, digits and `_`, beginning with a letter");
        }
        Named {
            name: key.text.clone(),
            span: key.span,
        }
    }
}

/// The number that a plain scalar is.
pub(super) fn number(node: &Node) -> Option<f64> {
    match &node.value {
        Yaml::Scalar { text, plain: true } => match core(text) {
            Core::Int(n) => Some(n as f64),
            Core::Float(n) => Some(n),
            _ => None,
        },
        _ => None,
    }
}

/// ``a`, `b` and `c``
fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, head)) => format!("{} and {last}", head.join(", ")),
        None => String::new(),
    }
}
