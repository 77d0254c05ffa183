//! `jobs.yaml`, read with the place of every key and value.
//!
//! In: the text of the manifest. Out: a [`Manifest`]: forms checked, nothing looked up.
//! Must not know: the schema, defaults that are not written, time zones.

mod duration;
mod job;
mod later;
mod read;
mod schedule;
pub(crate) mod tree;

use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{Backoff, InputValue, Named, Overlap, Timing};
use crate::source::{FileId, Sources, Span};
use read::{Cx, Keys};
use std::time::Duration;
use tree::{Key, Node};

/// A manifest, as written.
#[derive(Debug, Clone, Default)]
pub struct Manifest {
    /// Settings of every job that has not its own.
    pub(crate) defaults: Settings,
    /// The queues in the order of the file.
    pub(crate) queues: Vec<QueueDecl>,
    /// The jobs in the order of the file.
    pub(crate) jobs: Vec<JobDecl>,
}

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct At<T> {
    pub(crate) span: Span,
    pub(crate) value: T,
}

/// What jobs and `defaults` have in common; `None` is not written.
#[derive(Debug, Clone, Default)]
pub(crate) struct Settings {
    pub(crate) enabled: Option<bool>,
    pub(crate) timezone: Option<At<String>>,
    pub(crate) queue: Option<At<String>>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry: RetryDecl,
    pub(crate) overlap: Option<Overlap>,
}

/// What `retry` says.
#[derive(Debug, Clone, Default)]
pub(crate) struct RetryDecl {
    pub(crate) span: Option<Span>,
    pub(crate) max_attempts: Option<u16>,
    pub(crate) backoff: Option<Backoff>,
    pub(crate) base: Option<Duration>,
    pub(crate) max: Option<Duration>,
    pub(crate) jitter: Option<f64>,
}

/// A queue.
#[derive(Debug, Clone)]
pub(crate) struct QueueDecl {
    pub(crate) name: Named,
    pub(crate) concurrency: Option<u32>,
    pub(crate) poll: Option<Duration>,
    pub(crate) paused: Option<bool>,
}

/// A job.
#[derive(Debug, Clone)]
pub(crate) struct JobDecl {
    pub(crate) name: Named,
    pub(crate) description: Option<String>,
    pub(crate) settings: Settings,
    pub(crate) args: Vec<InputValue>,
    pub(crate) schedules: Vec<ScheduleDecl>,
}

/// A schedule.
#[derive(Debug, Clone)]
pub(crate) struct ScheduleDecl {
    pub(crate) span: Span,
    pub(crate) id: Option<Named>,
    pub(crate) timing: At<Timing>,
    pub(crate) timezone: Option<At<String>>,
    pub(crate) args: Vec<(Key, Node)>,
}

const TOP: Keys = Keys {
    of: "the manifest",
    now: &["version", "defaults", "queues", "jobs"],
    later: later::TOP,
};
const QUEUE: Keys = Keys {
    of: "a queue",
    now: &["concurrency", "poll", "paused"],
    later: &[],
};

/// Reads a manifest; `None` if it is not YAML at all.
pub fn parse(file: FileId, sources: &Sources, diags: &mut Diagnostics) -> Option<Manifest> {
    let text = &sources.file(file).text;
    let before = diags.has_errors();
    let root = tree::parse(file, text, diags);
    let mut cx = Cx { text, diags };
    let start = Span::new(file, 0, 0);
    let Some(root) = root else {
        if !before && !cx.diags.has_errors() {
            cx.diags
                .error(Code::ManifestMissingKey, start, "the manifest is empty")
                .help("it begins with `version: 1`");
        }
        return None;
    };
    let mut manifest = Manifest::default();
    let mut version = false;
    for (key, node) in cx.mapping(&root, &TOP) {
        match key.text.as_str() {
            "version" => {
                version = true;
                read_version(&mut cx, node);
            }
            "defaults" => manifest.defaults = job::defaults(&mut cx, node),
            "queues" => {
                manifest.queues = cx
                    .named(node, "queues")
                    .iter()
                    .map(|(key, node)| queue(&mut cx, key, node))
                    .collect()
            }
            _ => {
                manifest.jobs = cx
                    .named(node, "jobs")
                    .iter()
                    .map(|(key, node)| job::job(&mut cx, key, node))
                    .collect()
            }
        }
    }
    if !version && root.entries().is_some() {
        cx.diags
            .error(
                Code::ManifestMissingKey,
                start,
                "the key `version` is missing",
            )
            .help("begin the manifest with `version: 1`");
    }
    Some(manifest)
}

fn read_version(cx: &mut Cx<'_>, node: &Node) {
    if let Some(n) = cx.integer(node, "version", 0..=i64::from(u32::MAX))
        && n != 1
    {
        cx.value(
            node,
            format!("version {n} of the manifest is unknown"),
            "this graphwright reads `version: 1`",
        );
    }
}

fn queue(cx: &mut Cx<'_>, key: &Key, node: &Node) -> QueueDecl {
    let mut queue = QueueDecl {
        name: cx.queue_name(key),
        concurrency: None,
        poll: None,
        paused: None,
    };
    if node.is_null() {
        return queue;
    }
    for (key, node) in cx.mapping(node, &QUEUE) {
        match key.text.as_str() {
            "concurrency" => {
                queue.concurrency = cx
                    .integer(node, "concurrency", 1..=10_000)
                    .map(|n| n as u32)
            }
            "poll" => queue.poll = cx.duration(node, "poll", Duration::from_millis(10)),
            _ => queue.paused = cx.boolean(node, "paused"),
        }
    }
    queue
}
