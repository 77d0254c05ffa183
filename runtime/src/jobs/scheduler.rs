//! Fires schedules when their time comes.
//!
//! In: the manifest, a clock, the ledger. Out: jobs. Must not know: who else runs a scheduler; the ledger sees to that.

use std::time::Duration;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::def::JobsDef;
use super::handle::Jobs;
use super::ledger::{self, Entry, Tick};
use super::timing::{Trigger, TriggerError};
use crate::Result;

/// The longest sleep: a clock that was set forward, or a machine that was suspended, is noticed after so long.
const LONGEST: Duration = Duration::from_secs(5);

/// The schedules of a manifest, ready to fire.
#[derive(Debug)]
pub struct Scheduler {
    jobs: Jobs,
    entries: Vec<Entry>,
}

impl Scheduler {
    /// Reads all schedules of the manifest.
    ///
    /// # Errors
    ///
    /// If one cannot be followed, as when this machine does not know its time zone.
    pub fn new(jobs: &Jobs) -> Result<Self> {
        Ok(Self {
            jobs: jobs.clone(),
            entries: entries(jobs.def())?,
        })
    }

    /// Decides all ticks that are due by the clock, and answers them.
    ///
    /// # Errors
    ///
    /// If the database fails; what was not decided then is decided the next time.
    pub async fn tick(&self) -> Result<Vec<Tick>> {
        let mut ticks = Vec::new();
        for entry in &self.entries {
            ticks.extend(self.decide(entry).await?);
        }
        Ok(ticks)
    }

    /// Fires until it is cancelled. A database that fails is tried again.
    pub async fn run(&self, stop: CancellationToken) {
        let clock = self.jobs.clock();
        // Everything is looked at when the process starts: ticks may have been missed.
        let mut due: Vec<Timestamp> = vec![Timestamp::MIN; self.entries.len()];
        loop {
            for (entry, due) in self.entries.iter().zip(&mut due) {
                let now = clock.now();
                if now < *due {
                    continue;
                }
                match self.decide(entry).await {
                    Ok(_) => *due = entry.trigger.next_after(now).unwrap_or(Timestamp::MAX),
                    Err(e) => {
                        tracing::error!(schedule = entry.schedule.id, error = %e, "could not decide a tick; will try again");
                    }
                }
            }
            let next = due.iter().min().copied().unwrap_or(Timestamp::MAX);
            let wait = Duration::try_from(next.duration_since(clock.now())).unwrap_or_default();
            // A failed decision is not tried again at once.
            let wait = wait.clamp(Duration::from_millis(5), LONGEST);
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    async fn decide(&self, entry: &Entry) -> Result<Vec<Tick>> {
        let now = self.jobs.clock().now();
        let engine = self.jobs.engine();
        let ticks = ledger::decide(self.jobs.db().pool(), engine, entry, now).await?;
        report(&ticks);
        if ticks.iter().any(|tick| tick.job_id.is_some()) {
            self.jobs.wake();
        }
        Ok(ticks)
    }
}

/// One line in the log for each job that was enqueued, and one for all ticks that were not: after a night's pause there
/// may be hundreds.
fn report(ticks: &[Tick]) {
    let (fired, skipped): (Vec<&Tick>, Vec<&Tick>) =
        ticks.iter().partition(|tick| tick.job_id.is_some());
    if let (Some(first), Some(last)) = (skipped.first(), skipped.last()) {
        let reason = last.reason.as_deref().unwrap_or_default();
        let (from, to) = (first.fire_at, last.fire_at);
        tracing::warn!(schedule = last.schedule, ticks = skipped.len(), %from, %to, reason, "ticks skipped");
    }
    for tick in fired {
        tracing::info!(schedule = tick.schedule, tick = %tick.fire_at, job_id = tick.job_id, "schedule fired");
    }
}

fn entries(def: &'static JobsDef) -> Result<Vec<Entry>> {
    let all = def
        .jobs
        .iter()
        .flat_map(|job| job.schedules.iter().map(move |schedule| (job, schedule)));
    all.map(|(job, schedule)| {
        Ok(Entry {
            job,
            schedule,
            trigger: Trigger::new(schedule)?,
            args: serde_json::from_str(schedule.args)?,
        })
    })
    .collect()
}

/// A time at which a schedule will fire.
#[derive(Debug, Clone)]
pub struct Upcoming {
    /// The time.
    pub at: Timestamp,
    /// The schedule.
    pub schedule: &'static str,
    /// The job.
    pub job: &'static str,
    /// The schedule's time zone.
    pub timezone: &'static str,
}

/// The next `count` times at which schedules of enabled jobs fire after `now`, soonest first.
///
/// # Errors
///
/// If a schedule cannot be followed.
pub fn upcoming(
    def: &'static JobsDef,
    now: Timestamp,
    count: usize,
) -> std::result::Result<Vec<Upcoming>, TriggerError> {
    let mut times = Vec::new();
    for job in def.jobs.iter().filter(|job| job.enabled) {
        for schedule in job.schedules {
            let trigger = Trigger::new(schedule)?;
            let next = |at: &Timestamp| trigger.next_after(*at);
            times.extend(
                std::iter::successors(next(&now), next)
                    .take(count)
                    .map(|at| Upcoming {
                        at,
                        schedule: schedule.id,
                        job: job.name,
                        timezone: schedule.timezone,
                    }),
            );
        }
    }
    times.sort_by_key(|time| time.at);
    times.truncate(count);
    Ok(times)
}
