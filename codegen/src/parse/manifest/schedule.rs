//! Schedules of the manifest: text, a mapping, or a list of these.
//!
//! In: the node of `schedule`. Out: declarations whose expressions are known to be valid. Must not know: the job.

use super::read::{Cx, Keys};
use super::tree::{Key, Node, Yaml};
use super::{At, ScheduleDecl, later};
use crate::diagnostic::Code;
use crate::ir::{Named, Timing};
use crate::parse::crontab;
use std::time::Duration;

const SCHEDULE: Keys = Keys {
    of: "a schedule",
    now: &["id", "cron", "every", "timezone", "args"],
    later: later::SCHEDULE,
};

/// Reads all schedules of a job.
pub(super) fn schedules(cx: &mut Cx<'_>, node: &Node) -> Vec<ScheduleDecl> {
    match &node.value {
        Yaml::List(items) => {
            let found: Vec<_> = items.iter().filter_map(|item| schedule(cx, item)).collect();
            if items.is_empty() {
                cx.value(
                    node,
                    "an empty list of schedules",
                    "remove the key for a job that is only enqueued",
                );
            }
            found
        }
        _ => schedule(cx, node).into_iter().collect(),
    }
}

fn schedule(cx: &mut Cx<'_>, node: &Node) -> Option<ScheduleDecl> {
    if let Yaml::Scalar { .. } = &node.value {
        let timing = cron(cx, node)?;
        return Some(ScheduleDecl {
            span: node.span,
            id: None,
            timing,
            timezone: None,
            args: Vec::new(),
        });
    }
    if let Yaml::List(_) = &node.value {
        cx.wrong_kind(node, "a schedule", "text or a mapping", None);
        return None;
    }
    let (mut id, mut timezone, mut args) = (None, None, Vec::new());
    let mut timings: Vec<(&Key, Option<At<Timing>>)> = Vec::new();
    for (key, node) in cx.mapping(node, &SCHEDULE) {
        match key.text.as_str() {
            "id" => id = schedule_id(cx, node),
            "cron" => timings.push((key, cron(cx, node))),
            "every" => timings.push((key, every(cx, node))),
            "timezone" => timezone = cx.text(node, "timezone"),
            _ => args = cx.named(node, "args").to_vec(),
        }
    }
    if let [(first, _), (second, _), ..] = timings[..] {
        let message = "a schedule has either `cron` or `every`";
        cx.diags
            .error(Code::ManifestValue, second.span, message)
            .note(first.span, format!("`{}` is here", first.text))
            .help("write two schedules");
    }
    let later = |key: &str| matches!(key, "quartz" | "at");
    if timings.is_empty()
        && !node
            .entries()
            .is_some_and(|e| e.iter().any(|(key, _)| later(&key.text)))
    {
        let message = "a schedule without `cron` or `every`";
        cx.diags
            .error(Code::ManifestMissingKey, node.span, message)
            .help("such as `cron: \"30 6 * * *\"` or `every: 90s`");
    }
    let timing = timings.into_iter().next()?.1?;
    Some(ScheduleDecl {
        span: node.span,
        id,
        timing,
        timezone,
        args,
    })
}

fn schedule_id(cx: &mut Cx<'_>, node: &Node) -> Option<Named> {
    let text = cx.text(node, "id")?;
    Some(cx.name(
        &Key {
            span: text.span,
            text: text.value,
        },
        "a schedule",
    ))
}

fn every(cx: &mut Cx<'_>, node: &Node) -> Option<At<Timing>> {
    let value = cx.duration(node, "every", Duration::from_secs(1))?;
    if value.subsec_millis() != 0 {
        cx.value(node, "`every` counts whole seconds", "such as `90s`");
        return None;
    }
    Some(At {
        span: node.span,
        value: Timing::Every(value),
    })
}

/// A crontab(5) expression; `every 90s` and the like get a hint.
fn cron(cx: &mut Cx<'_>, node: &Node) -> Option<At<Timing>> {
    let Yaml::Scalar { text, .. } = &node.value else {
        cx.wrong_kind(node, "`cron`", "text such as `\"30 6 * * mon-fri\"`", None);
        return None;
    };
    match crontab::parse(text) {
        Ok(found) => {
            if !found.ever_fires() {
                let message = format!("`{text}` never fires");
                cx.diags
                    .error(Code::CronNever, node.span, message)
                    .help("none of its months has such a day");
            }
            Some(At {
                span: node.span,
                value: Timing::Cron(text.trim_matches([' ', '\t']).to_owned()),
            })
        }
        Err(errors) => {
            let every = text.strip_prefix("every ").or(text.strip_prefix("@every "));
            for e in errors {
                let help = every
                    .map(|rest| format!("write `schedule: {{every: {}}}`", rest.trim()))
                    .or(e.help);
                cx.diags
                    .error(
                        Code::CronExpression,
                        node.part(cx.text, e.start, e.end),
                        e.message,
                    )
                    .help_opt(help);
            }
            None
        }
    }
}
