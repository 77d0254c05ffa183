//! The generated description of jobs: kinds, queues and schedules as static data.
//!
//! In: nothing; the generator writes these as `static` items. Out: what scheduler and worker read.
//! Must not know: databases, clocks.

use std::time::Duration;

/// All that `jobs.yaml` says.
#[derive(Debug)]
pub struct JobsDef {
    /// The queues, `default` among them.
    pub queues: &'static [QueueDef],
    /// The jobs in the order of the manifest.
    pub jobs: &'static [JobDef],
}

/// A queue.
#[derive(Debug)]
pub struct QueueDef {
    /// Its name.
    pub name: &'static str,
    /// Runs at the same time in one process.
    pub concurrency: u32,
    /// How often the queue is looked at when nothing wakes it.
    pub poll: Duration,
    /// Whether it starts paused.
    pub paused: bool,
}

/// A job.
#[derive(Debug)]
pub struct JobDef {
    /// Its name in the manifest, and its kind in the queue.
    pub name: &'static str,
    /// What it does, for people.
    pub description: &'static str,
    /// Whether its schedules fire.
    pub enabled: bool,
    /// Its arguments: name and SDL type, for the command line and the admin.
    pub args: &'static [(&'static str, &'static str)],
    /// When it runs by itself.
    pub schedules: &'static [ScheduleDef],
    /// Its queue.
    pub queue: &'static str,
    /// A run longer than this is cancelled and counts as failed.
    pub timeout: Duration,
    /// What happens after a failure.
    pub retry: RetryDef,
    /// What happens when a tick comes while a run is under way.
    pub overlap: Overlap,
}

/// What happens after a failure.
#[derive(Debug, Clone, Copy)]
pub struct RetryDef {
    /// Runs in all, the first among them.
    pub max_attempts: u16,
    /// How the wait grows.
    pub backoff: Backoff,
    /// The first wait.
    pub base: Duration,
    /// The longest wait.
    pub max: Duration,
    /// Share of the wait that is drawn by chance, 0 to 1.
    pub jitter: f64,
}

/// How the wait between attempts grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backoff {
    /// Twice the last wait.
    Exponential,
    /// One `base` more each time.
    Linear,
    /// Always `base`.
    Fixed,
}

/// What happens when a tick comes while a run of the same schedule is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overlap {
    /// The tick is recorded as skipped.
    Skip,
    /// Both run.
    Allow,
}

/// A schedule of a job.
#[derive(Debug)]
pub struct ScheduleDef {
    /// Unique within the manifest: the job's name, and `#id` where it has several.
    pub id: &'static str,
    /// When it fires.
    pub timing: Timing,
    /// IANA time zone.
    pub timezone: &'static str,
    /// The run's arguments as a JSON object.
    pub args: &'static str,
}

/// When a schedule fires.
#[derive(Debug, Clone, Copy)]
pub enum Timing {
    /// A crontab(5) expression of five fields, or `@daily` and its kin.
    Cron(&'static str),
    /// Every so often, counted from the epoch.
    Every(Duration),
}
