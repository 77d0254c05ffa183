//! Jobs of the manifest, and their defaults.
//!
//! In: nodes of the tree. Out: declarations. Must not know: the schema; which settings a job inherits.

use super::read::{Cx, Keys};
use super::tree::{Key, Node, Yaml};
use super::{JobDecl, RetryDecl, Settings, later, schedule};
use crate::diagnostic::Code;
use crate::ir::{Backoff, InputValue, Overlap};
use crate::parse::input_type;
use std::time::Duration;

const JOB: Keys = Keys {
    of: "a job",
    now: &[
        "description",
        "enabled",
        "args",
        "schedule",
        "timezone",
        "queue",
        "timeout",
        "retry",
        "overlap",
    ],
    later: later::JOB,
};
const DEFAULTS: Keys = Keys {
    of: "`defaults`",
    now: &[
        "enabled", "timezone", "queue", "timeout", "retry", "overlap",
    ],
    later: later::JOB,
};
const RETRY: Keys = Keys {
    of: "`retry`",
    now: &["max_attempts", "backoff", "base", "max", "jitter"],
    later: &[],
};

/// Reads `defaults`.
pub(super) fn defaults(cx: &mut Cx<'_>, node: &Node) -> Settings {
    let mut settings = Settings::default();
    if let Some(entries) = node.entries() {
        for (key, _) in entries
            .iter()
            .filter(|(key, _)| matches!(key.text.as_str(), "args" | "schedule" | "description"))
        {
            let message = format!("`{}` cannot be a default", key.text);
            cx.diags
                .error(Code::ManifestUnknownKey, key.span, message)
                .help("write it for each job");
        }
        let rest = entries
            .iter()
            .filter(|(key, _)| !matches!(key.text.as_str(), "args" | "schedule" | "description"));
        let rest = Node {
            span: node.span,
            value: Yaml::Map(rest.cloned().collect()),
        };
        for (key, node) in cx.mapping(&rest, &DEFAULTS) {
            setting(cx, &mut settings, key, node);
        }
    } else if !node.is_null() {
        cx.mapping(node, &DEFAULTS);
    }
    settings
}

/// Reads a job.
pub(super) fn job(cx: &mut Cx<'_>, key: &Key, node: &Node) -> JobDecl {
    let mut job = JobDecl {
        name: cx.name(key, "a job"),
        description: None,
        settings: Settings::default(),
        args: Vec::new(),
        schedules: Vec::new(),
    };
    if node.is_null() {
        return job;
    }
    for (key, node) in cx.mapping(node, &JOB) {
        match key.text.as_str() {
            "description" => job.description = cx.text(node, "description").map(|t| t.value),
            "args" => {
                job.args = cx
                    .named(node, "args")
                    .iter()
                    .filter_map(|(key, node)| arg(cx, key, node))
                    .collect()
            }
            "schedule" => job.schedules = schedule::schedules(cx, node),
            _ => setting(cx, &mut job.settings, key, node),
        }
    }
    job
}

fn setting(cx: &mut Cx<'_>, settings: &mut Settings, key: &Key, node: &Node) {
    const OVERLAP: &[(&str, Overlap)] = &[("skip", Overlap::Skip), ("allow", Overlap::Allow)];
    match key.text.as_str() {
        "enabled" => settings.enabled = cx.boolean(node, "enabled"),
        "timezone" => settings.timezone = cx.text(node, "timezone"),
        "queue" => settings.queue = cx.text(node, "queue"),
        "timeout" => settings.timeout = cx.duration(node, "timeout", Duration::from_secs(1)),
        "retry" => settings.retry = retry(cx, node),
        _ => {
            settings.overlap = cx.choice(
                node,
                "overlap",
                OVERLAP,
                &["queue_one", "queue_all", "cancel_running"],
            )
        }
    }
}

fn retry(cx: &mut Cx<'_>, node: &Node) -> RetryDecl {
    const BACKOFF: &[(&str, Backoff)] = &[
        ("exponential", Backoff::Exponential),
        ("linear", Backoff::Linear),
        ("fixed", Backoff::Fixed),
    ];
    let mut retry = RetryDecl {
        span: Some(node.span),
        ..RetryDecl::default()
    };
    for (key, node) in cx.mapping(node, &RETRY) {
        match key.text.as_str() {
            "max_attempts" => {
                retry.max_attempts = cx.integer(node, "max_attempts", 1..=1000).map(|n| n as u16)
            }
            "backoff" => retry.backoff = cx.choice(node, "backoff", BACKOFF, &["list"]),
            "base" if matches!(node.value, Yaml::List(_)) => {
                cx.diags
                    .error(
                        Code::ManifestNotYet,
                        node.span,
                        "a list of waits is not supported yet",
                    )
                    .help("write one duration");
            }
            "base" => retry.base = cx.duration(node, "base", Duration::ZERO),
            "max" => retry.max = cx.duration(node, "max", Duration::ZERO),
            _ => retry.jitter = cx.share(node, "jitter"),
        }
    }
    retry
}

/// An argument: its type in SDL, quoted or not, with an optional default.
fn arg(cx: &mut Cx<'_>, key: &Key, node: &Node) -> Option<InputValue> {
    let name = cx.name(key, "an argument");
    match &node.value {
        Yaml::Scalar { text, .. } if !node.is_null() => {
            input_type(name, text, node.part(cx.text, 0, text.len()), cx.diags)
        }
        Yaml::List(_) => {
            let text = &cx.text[node.span.start as usize..node.span.end as usize];
            input_type(name, text, node.span, cx.diags)
        }
        _ => {
            let of = format!("the argument `{}`", name.name);
            cx.wrong_kind(node, &of, "a type such as `ID!`", None);
            None
        }
    }
}
