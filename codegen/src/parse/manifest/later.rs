//! Keys that the manifest has and this version refuses: their values are checked in form all the same.
//!
//! In: nodes of the tree. Out: the first that has the wrong form. Must not know: what the keys will mean.

use super::duration;
use super::read::number;
use super::tree::{Core, Node, Yaml, core};

/// A key that is refused for the time being.
pub(super) struct Later {
    pub(super) key: &'static str,
    pub(super) form: Form,
}

/// The form of a value.
pub(super) enum Form {
    Bool,
    Int,
    Text,
    Duration,
    Word(&'static [&'static str]),
    List(&'static Form),
    /// A mapping from names.
    MapOf(&'static Form),
    /// A mapping with these keys.
    Map(&'static [(&'static str, Form)]),
    Either(&'static Form, &'static Form),
}

use Form::{Bool, Duration, Either, Int, List, Map, MapOf, Text, Word};

const fn later(key: &'static str, form: Form) -> Later {
    Later { key, form }
}

const TEXTS: Form = List(&Text);

/// Of the manifest.
pub(super) const TOP: &[Later] = &[
    later("limits", MapOf(&Map(&[("max", Int), ("rate", Text)]))),
    later(
        "alerts",
        MapOf(&Map(&[
            ("webhook", Text),
            ("email", Text),
            ("command", Text),
        ])),
    ),
    later("calendars", MapOf(&Map(&[("exclude", TEXTS)]))),
];

/// Of a job.
pub(super) const JOB: &[Later] = &[
    later("tags", TEXTS),
    later("only", TEXTS),
    later("dst", Word(&["vixie", "skip", "wall_once"])),
    later(
        "catchup",
        Map(&[
            ("policy", Word(&["none", "last", "all"])),
            ("window", Duration),
            ("max", Int),
        ]),
    ),
    later("jitter", Duration),
    later("priority", Int),
    later(
        "unique",
        Map(&[("by", TEXTS), ("period", Duration), ("states", TEXTS)]),
    ),
    later("blocking", Bool),
    later("limit", Text),
    later("limit_key", Text),
    later("on_success", TEXTS),
    later("on_discard", TEXTS),
    later(
        "log",
        Either(
            &Bool,
            &Map(&[("capture", Bool), ("max_bytes", Either(&Int, &Text))]),
        ),
    ),
    later("sensitive", TEXTS),
    later(
        "alert",
        Map(&[
            (
                "when",
                List(&Word(&["failed", "discarded", "missed", "late", "slow"])),
            ),
            ("to", TEXTS),
            ("after_failures", Int),
            ("late_after", Duration),
            ("slow_after", Duration),
        ]),
    ),
    later(
        "retention",
        Map(&[
            ("completed", Duration),
            ("discarded", Duration),
            ("runs", Duration),
        ]),
    ),
    later("editable", Bool),
    later("expose", Word(&["none", "mutation"])),
];

/// Of a schedule.
pub(super) const SCHEDULE: &[Later] = &[
    later("quartz", Text),
    later("at", Text),
    later("start", Text),
    later("end", Text),
    later("jitter", Duration),
    later("calendar", Text),
];

impl Form {
    /// Whether a value has this form; if not, the part that has not, and what was expected.
    pub(super) fn check<'n>(&self, node: &'n Node) -> Result<(), (&'n Node, String)> {
        match (self, &node.value) {
            (List(form), Yaml::List(items)) => items.iter().try_for_each(|node| form.check(node)),
            (MapOf(form), Yaml::Map(entries)) => {
                entries.iter().try_for_each(|(_, node)| form.check(node))
            }
            (Map(keys), Yaml::Map(entries)) => entries.iter().try_for_each(|(key, node)| {
                let known = keys.iter().find(|(name, _)| *name == key.text);
                let names = || {
                    keys.iter()
                        .map(|(name, _)| format!("`{name}`"))
                        .collect::<Vec<_>>()
                        .join(", ")
                };
                known.map_or_else(
                    || Err((node, format!("one of the keys {}", names()))),
                    |(_, form)| form.check(node),
                )
            }),
            (Either(a, b), _) => a.check(node).or_else(|_| b.check(node)),
            (Bool, Yaml::Scalar { text, plain: true }) if matches!(core(text), Core::Bool(_)) => {
                Ok(())
            }
            (Int, _) if number(node).is_some_and(|n| n.fract() == 0.0) => Ok(()),
            (Text, Yaml::Scalar { .. }) if !node.is_null() => Ok(()),
            (Duration, Yaml::Scalar { text, .. }) if duration::parse(text).is_ok() => Ok(()),
            (Word(words), Yaml::Scalar { text, .. }) if words.contains(&text.as_str()) => Ok(()),
            _ => Err((node, self.expected())),
        }
    }

    fn expected(&self) -> String {
        match self {
            Bool => "`true` or `false`".to_owned(),
            Int => "a whole number".to_owned(),
            Text => "text".to_owned(),
            Duration => "a duration such as `5m`".to_owned(),
            Word(words) => words
                .iter()
                .map(|w| format!("`{w}`"))
                .collect::<Vec<_>>()
                .join(" or "),
            List(_) => "a list".to_owned(),
            Map(_) | MapOf(_) => "a mapping".to_owned(),
            Either(a, b) => format!("{} or {}", a.expected(), b.expected()),
        }
    }
}
