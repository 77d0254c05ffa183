//! When a schedule fires next.
//!
//! In: a timing, a time zone, an instant. Out: the next instant. Must not know: clocks, databases, jobs.
//!
//! Cron expressions are matched against naive local time and carried to instants through the stretches of constant
//! offset of the zone, after Vixie cron's main loop: a *fixed* job (neither minute nor hour begins with a star) whose
//! time falls into a gap runs once right after the gap, and runs once only when the hour comes twice; a *wildcard* job
//! follows real time. Shifts of three hours and more are corrections of the clock, not daylight saving.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::crontab::{Crontab, CrontabError};
use super::def::{ScheduleDef, Timing};

/// A schedule's timing, ready to be asked.
#[derive(Debug, Clone)]
pub enum Trigger {
    /// A crontab(5) expression in a time zone.
    Cron(Crontab, TimeZone),
    /// Every so often, counted from 1970-01-01T00:00:00Z.
    Every(Duration),
}

impl Trigger {
    /// Reads the timing of a schedule.
    ///
    /// # Errors
    ///
    /// If the expression is not one of crontab(5), the zone is unknown on this machine, or the interval is shorter
    /// than a millisecond.
    pub fn new(schedule: &ScheduleDef) -> Result<Self, TriggerError> {
        let fail = |why: Why| TriggerError {
            schedule: schedule.id.to_owned(),
            why,
        };
        match schedule.timing {
            Timing::Cron(text) => {
                let crontab = Crontab::parse(text).map_err(|e| fail(Why::Crontab(e)))?;
                let zone = TimeZone::get(schedule.timezone).map_err(|e| fail(Why::Zone(e)))?;
                Ok(Self::Cron(crontab, zone))
            }
            Timing::Every(period) if period.as_millis() == 0 => Err(fail(Why::Interval)),
            Timing::Every(period) => Ok(Self::Every(period)),
        }
    }

    /// The first instant later than `after` at which it fires; none when there is none before the year 2101.
    pub fn next_after(&self, after: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Cron(crontab, zone) => next_after(crontab, after, zone),
            Self::Every(period) => {
                let period = i64::try_from(period.as_millis()).ok()?;
                let next = (after.as_millisecond().div_euclid(period) + 1).checked_mul(period)?;
                Timestamp::from_millisecond(next).ok()
            }
        }
    }
}

/// Why a schedule cannot be followed.
#[derive(Debug)]
pub struct TriggerError {
    schedule: String,
    why: Why,
}

#[derive(Debug)]
enum Why {
    Crontab(CrontabError),
    Zone(jiff::Error),
    Interval,
}

impl std::fmt::Display for TriggerError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "schedule `{}`: ", self.schedule)?;
        match &self.why {
            Why::Crontab(e) => write!(f, "{e}"),
            Why::Zone(e) => write!(f, "{e}"),
            Why::Interval => write!(f, "an interval is at least one millisecond"),
        }
    }
}

impl std::error::Error for TriggerError {}

/// The first instant later than `after` at which `crontab` fires in `zone`.
pub fn next_after(crontab: &Crontab, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    // Fires lie on whole seconds.
    let mut after = after.as_nanosecond().div_euclid(1_000_000_000) as i64;
    let mut stretch = Stretch::at(zone, after)?;
    // The next match and where the search for it began: good for the next stretch too, as long as it lies between.
    let mut known: Option<(i64, i64)> = None;
    loop {
        let (skipped, repeated) = match crontab.is_wild() {
            true => (None, None),
            false => (stretch.skipped(), stretch.repeated_until()),
        };
        if let Some((first, last)) = skipped.filter(|_| stretch.start > after)
            && crontab.next_naive(first - 1)? <= last
        {
            return Timestamp::from_second(stretch.start).ok();
        }
        let mut from = after.max(stretch.start - 1) + stretch.offset;
        if let Some(until) = repeated {
            from = from.max(until - 1);
        }
        let found = match known {
            Some((searched, found)) if (searched..found).contains(&from) => found,
            _ => crontab.next_naive(from)?,
        };
        let at = found - stretch.offset;
        if stretch.end.is_none_or(|end| at < end) {
            return Timestamp::from_second(at).ok();
        }
        known = Some((from, found));
        after = stretch.end? - 1;
        stretch = stretch.following(zone)?;
    }
}

/// A stretch of time in which a zone keeps one offset; seconds throughout.
struct Stretch {
    start: i64,
    /// The first second after it.
    end: Option<i64>,
    offset: i64,
    /// The offset before its start.
    before: i64,
}

/// Vixie cron takes a jump for a correction from here on: forward three hours, …
const GREATEST_GAP: i64 = 3 * 3600;
/// … backward three hours and a minute.
const GREATEST_REPEAT: i64 = 3 * 3600 + 60;

impl Stretch {
    fn at(zone: &TimeZone, second: i64) -> Option<Self> {
        let now = Timestamp::from_second(second).ok()?;
        let offset = offset(zone, second)?;
        let next = Timestamp::from_second(second + 1).ok()?;
        let start = zone
            .preceding(next)
            .next()
            .map(|t| t.timestamp().as_second());
        let before = match start {
            Some(start) => self::offset(zone, start - 1)?,
            None => offset,
        };
        Some(Self {
            start: start.unwrap_or(i64::MIN / 2),
            end: zone
                .following(now)
                .next()
                .map(|t| t.timestamp().as_second()),
            offset,
            before,
        })
    }

    fn following(&self, zone: &TimeZone) -> Option<Self> {
        Self::at(zone, self.end?)
    }

    /// The first and the last local second that its start skipped.
    fn skipped(&self) -> Option<(i64, i64)> {
        let gap = self.offset - self.before;
        (0 < gap && gap < GREATEST_GAP)
            .then(|| (self.start + self.before, self.start + self.offset - 1))
    }

    /// The first local second that had not been before its start.
    fn repeated_until(&self) -> Option<i64> {
        let back = self.before - self.offset;
        (0 < back && back <= GREATEST_REPEAT).then(|| self.start + self.before)
    }
}

fn offset(zone: &TimeZone, second: i64) -> Option<i64> {
    let at = Timestamp::from_second(second).ok()?;
    Some(i64::from(zone.to_offset(at).seconds()))
}
