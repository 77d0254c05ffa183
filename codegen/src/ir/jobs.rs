//! The manifest, resolved. Mirrors `graphwright::jobs` definitions.

use super::{InputValue, Named};
use crate::source::Span;
use std::time::Duration;

/// All that `jobs.yaml` says.
#[derive(Debug, Clone, Default)]
pub struct Jobs {
    /// The queues, `default` among them if there are jobs.
    pub queues: Vec<Queue>,
    /// The jobs in the order of the manifest.
    pub jobs: Vec<Job>,
}

/// A queue.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "each is the key of the same name")]
pub struct Queue {
    pub name: String,
    pub concurrency: u32,
    pub poll: Duration,
    pub paused: bool,
}

/// A job.
#[derive(Debug, Clone)]
pub struct Job {
    /// Its name and where it stands.
    pub name: Named,
    /// What it does.
    pub description: String,
    /// Whether its schedules fire.
    pub enabled: bool,
    /// Its arguments, typed in SDL.
    pub args: Vec<InputValue>,
    /// When it runs by itself.
    pub schedules: Vec<Schedule>,
    /// Its queue.
    pub queue: String,
    /// Longest run.
    pub timeout: Duration,
    /// What happens after a failure.
    pub retry: Retry,
    /// What happens when a tick comes while a run is under way.
    pub overlap: Overlap,
}

/// What happens after a failure.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs, reason = "each is the key of the same name")]
pub struct Retry {
    pub max_attempts: u16,
    pub backoff: Backoff,
    pub base: Duration,
    pub max: Duration,
    pub jitter: f64,
}

/// How the wait between attempts grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the value of the same name")]
pub enum Backoff {
    Exponential,
    Linear,
    Fixed,
}

/// What happens when a tick comes while a run is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the value of the same name")]
pub enum Overlap {
    Skip,
    Allow,
}

/// A schedule.
#[derive(Debug, Clone)]
pub struct Schedule {
    /// Unique in the manifest: the job's name, then `#id` or `#1`, `#2` where it has several.
    pub id: String,
    /// Where it stands.
    pub span: Span,
    /// When it fires.
    pub timing: Timing,
    /// IANA time zone.
    pub timezone: String,
    /// The arguments of its runs, coerced against the job's, as JSON.
    pub args: serde_json::Map<String, serde_json::Value>,
}

/// When a schedule fires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Timing {
    /// A crontab(5) expression, known to be valid.
    Cron(String),
    /// Every so often.
    Every(Duration),
}
