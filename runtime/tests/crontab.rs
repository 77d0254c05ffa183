//! Schedules against a model of cronie, written separately: its field grammar over arrays of flags, and its main loop,
//! which wakes once a minute and compares the clock on the wall with a virtual one.
#![cfg(feature = "jobs")]
#![allow(clippy::unwrap_used, reason = "tests")]

use graphwright::jobs::{Crontab, next_after};
use jiff::{SignedDuration, Timestamp, Zoned, tz::TimeZone};

const MINUTE_STAR: u8 = 1;
const HOUR_STAR: u8 = 2;
const DOM_STAR: u8 = 4;
const DOW_STAR: u8 = 8;

/// A crontab entry the way cronie keeps it.
struct Entry {
    minute: [bool; 60],
    hour: [bool; 24],
    dom: [bool; 32],
    month: [bool; 13],
    dow: [bool; 8],
    flags: u8,
}

impl Entry {
    fn read(text: &str) -> Self {
        let fields: Vec<&str> = text.split_whitespace().collect();
        assert_eq!(fields.len(), 5, "{text}");
        let mut entry = Self {
            minute: [false; 60],
            hour: [false; 24],
            dom: [false; 32],
            month: [false; 13],
            dow: [false; 8],
            flags: 0,
        };
        for (field, flag) in [
            (0, MINUTE_STAR),
            (1, HOUR_STAR),
            (2, DOM_STAR),
            (4, DOW_STAR),
        ] {
            if fields[field].starts_with('*') {
                entry.flags |= flag;
            }
        }
        fill(&mut entry.minute, 0, fields[0]);
        fill(&mut entry.hour, 0, fields[1]);
        fill(&mut entry.dom, 1, fields[2]);
        fill(&mut entry.month, 1, fields[3]);
        fill(&mut entry.dow, 0, fields[4]);
        let sunday = entry.dow[0] || entry.dow[7];
        (entry.dow[0], entry.dow[7]) = (sunday, sunday);
        entry
    }

    fn is_wild(&self) -> bool {
        self.flags & (MINUTE_STAR | HOUR_STAR) != 0
    }

    fn day(&self, at: &Minute) -> bool {
        let (dom, dow) = (self.dom[at.dom], self.dow[at.dow]);
        let days = if self.flags & (DOM_STAR | DOW_STAR) != 0 {
            dom && dow
        } else {
            dom || dow
        };
        self.month[at.month] && days
    }

    fn matches(&self, at: &Minute) -> bool {
        self.minute[at.minute] && self.hour[at.hour] && self.day(at)
    }
}

fn fill(set: &mut [bool], low: usize, text: &str) {
    let high = set.len() - 1;
    for item in text.split(',') {
        let mut parts = item.split('/');
        let range = parts.next().unwrap();
        let step: usize = parts.next().map_or(1, |step| step.parse().unwrap());
        let (from, to) = if range == "*" {
            (low, high)
        } else {
            let mut ends = range.split('-').map(|end| value(end, low));
            let from = ends.next().unwrap();
            (from, ends.next().unwrap_or(from))
        };
        let mut at = from;
        while at <= to {
            set[at] = true;
            at += step;
        }
    }
}

fn value(text: &str, low: usize) -> usize {
    let names = if low == 1 {
        "jan feb mar apr may jun jul aug sep oct nov dec"
    } else {
        "sun mon tue wed thu fri sat"
    };
    match names
        .split(' ')
        .position(|name| name == text.to_lowercase())
    {
        Some(index) => index + low,
        None => text.parse().unwrap(),
    }
}

/// A minute on the wall: its number, as cronie counts local minutes, and its parts.
#[derive(Clone)]
struct Minute {
    local: i64,
    minute: usize,
    hour: usize,
    dom: usize,
    month: usize,
    dow: usize,
}

fn minute(at: Timestamp, zone: &TimeZone) -> Minute {
    parts(&at.to_zoned(zone.clone()))
}

fn parts(at: &Zoned) -> Minute {
    Minute {
        local: (at.timestamp().as_second() + i64::from(at.offset().seconds())).div_euclid(60),
        minute: at.minute() as usize,
        hour: at.hour() as usize,
        dom: at.day() as usize,
        month: at.month() as usize,
        dow: at.weekday().to_sunday_zero_offset() as usize,
    }
}

fn at_local(local: i64) -> Minute {
    minute(Timestamp::from_second(local * 60).unwrap(), &TimeZone::UTC)
}

/// cronie's main loop over the minutes of a window: the indexes of those in which the entry runs.
fn cronie(entry: &Entry, window: &[Minute]) -> Vec<usize> {
    let wild = |at: &Minute| entry.is_wild() && entry.matches(at);
    let fixed = |at: &Minute| !entry.is_wild() && entry.matches(at);
    let mut virtual_time = window[0].local;
    let mut runs = Vec::new();
    for (index, now) in window.iter().enumerate().skip(1) {
        let run = match now.local - virtual_time {
            1 => {
                virtual_time = now.local;
                entry.matches(now)
            }
            2..=5 => {
                let mut missed = (virtual_time + 1..=now.local).map(at_local);
                virtual_time = now.local;
                missed.any(|at| entry.matches(&at))
            }
            6..=180 => {
                let mut missed = (virtual_time + 1..=now.local).map(at_local);
                virtual_time = now.local;
                wild(now) || missed.any(|at| fixed(&at))
            }
            -180..=0 => wild(now),
            _ => {
                virtual_time = now.local;
                entry.matches(now)
            }
        };
        if run {
            runs.push(index);
        }
    }
    runs
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }

    fn field(&mut self, low: u64, high: u64, stars: u64, names: &[&str]) -> String {
        if self.below(100) < stars {
            return "*".to_owned();
        }
        let items = 1 + self.below(3) * self.below(2);
        let items = (0..items).map(|_| self.item(low, high, names));
        items.collect::<Vec<_>>().join(",")
    }

    fn item(&mut self, low: u64, high: u64, names: &[&str]) -> String {
        let span = high - low + 1;
        let from = low + self.below(span);
        let to = from + self.below(high - from + 1);
        let step = 1 + self.below(span + 3);
        match self.below(7) {
            0 => format!("*/{step}"),
            1 => format!("{from}-{to}"),
            2 => format!("{from}-{to}/{step}"),
            3 if !names.is_empty() => names[self.below(names.len() as u64) as usize].to_owned(),
            _ => from.to_string(),
        }
    }

    fn expression(&mut self) -> String {
        const MONTHS: &[&str] = &["jan", "FEB", "Mar", "dec"];
        const DAYS: &[&str] = &["sun", "MON", "Sat"];
        [
            self.field(0, 59, 25, &[]),
            self.field(0, 23, 35, &[]),
            self.field(1, 31, 45, &[]),
            self.field(1, 12, 55, MONTHS),
            self.field(0, 7, 45, DAYS),
        ]
        .join(" ")
    }

    /// An expression that is busy in the small hours, when clocks change.
    fn nightly(&mut self) -> String {
        let hour = match self.below(4) {
            0 => "*".to_owned(),
            1 => format!("*/{}", 1 + self.below(4)),
            _ => self.field(0, 4, 0, &[]),
        };
        let days = match self.below(3) {
            0 => "* * sun".to_owned(),
            1 => format!("{} * *", self.field(1, 31, 0, &[])),
            _ => "* * *".to_owned(),
        };
        format!("{} {hour} {days}", self.field(0, 59, 15, &[]))
    }
}

#[test]
fn random_expressions_fire_like_cronie_in_utc() {
    let mut random = Random(7);
    let start: Timestamp = "2026-02-27T23:58:30Z".parse().unwrap();
    for _ in 0..2_500 {
        let text = random.expression();
        let (entry, crontab) = (Entry::read(&text), Crontab::parse(&text).unwrap());
        let mut at = start;
        for expect in model_utc(&entry, start).take(5) {
            let found = next_after(&crontab, at, &TimeZone::UTC);
            assert_eq!(found, Some(expect), "`{text}` after {at}");
            at = expect;
        }
    }
}

/// Minute by minute for nine years, but whole days at once where no minute of the day can match.
fn model_utc(entry: &Entry, start: Timestamp) -> impl Iterator<Item = Timestamp> {
    let first = start.as_second().div_euclid(60) + 1;
    let mut at = first;
    std::iter::from_fn(move || {
        while at < first + 9 * 366 * 1440 {
            let now = at_local(at);
            if !entry.day(&now) {
                at = (at.div_euclid(1440) + 1) * 1440;
                continue;
            }
            at += 1;
            if entry.matches(&now) {
                return Some(Timestamp::from_second((at - 1) * 60).unwrap());
            }
        }
        None
    })
}

#[test]
fn random_expressions_fire_like_cronie_when_clocks_change() {
    let zones = [
        "America/New_York",
        "Europe/London",
        "Australia/Lord_Howe", // half an hour
        "America/Sao_Paulo",   // at midnight, until 2019
        "Africa/Casablanca",   // winter time in Ramadan
        "Antarctica/Troll",    // two hours
        "Pacific/Apia",        // a whole day skipped in 2011
        "Asia/Beirut",
        "Antarctica/Casey", // three hours: a correction
    ];
    let mut random = Random(11);
    let mut compared = 0;
    for name in zones {
        let zone = TimeZone::get(name).unwrap();
        for from in [
            "2011-10-01T00:00:00Z",
            "2018-01-01T00:00:00Z",
            "2026-01-01T00:00:00Z",
        ] {
            let from: Timestamp = from.parse().unwrap();
            let horizon: Timestamp = "2030-01-01T00:00:00Z".parse().unwrap();
            let changes = zone.following(from).map(|change| change.timestamp());
            for change in changes.take_while(|change| *change < horizon).take(2) {
                compared += compare_around(change, &zone, &mut random);
            }
        }
    }
    assert!(compared > 2_000, "only {compared}");
}

fn compare_around(change: Timestamp, zone: &TimeZone, random: &mut Random) -> usize {
    let start = change - SignedDuration::from_hours(30);
    let at = |index: usize| start + SignedDuration::from_mins(index as i64);
    let window: Vec<Minute> = (0..60 * 60).map(|index| minute(at(index), zone)).collect();
    let end = at(window.len());
    for _ in 0..60 {
        let text = random.nightly();
        let (entry, crontab) = (Entry::read(&text), Crontab::parse(&text).unwrap());
        let next = |now| next_after(&crontab, now, zone).filter(|next| *next < end);
        let expect: Vec<Timestamp> = cronie(&entry, &window).into_iter().map(at).collect();
        let found: Vec<_> = std::iter::successors(next(start), |now| next(*now)).collect();
        assert_eq!(found, expect, "`{text}` in {zone:?} around {change}");
        // From anywhere, not only from fire to fire.
        for _ in 0..10 {
            let now = start + SignedDuration::from_secs(random.below(60 * 3600) as i64);
            let expect = expect.iter().copied().find(|at| *at > now);
            assert_eq!(next(now), expect, "`{text}` in {zone:?} after {now}");
        }
    }
    60
}

#[test]
fn daylight_saving_by_hand() {
    let check = |text: &str, zone: &str, after: &str, expect: &str| {
        let zone = TimeZone::get(zone).unwrap();
        let found = next_after(
            &Crontab::parse(text).unwrap(),
            after.parse().unwrap(),
            &zone,
        );
        let found = found.map_or("never".to_owned(), |at| at.to_string());
        assert_eq!(found, expect, "`{text}` after {after}");
    };
    // Skipped: right after the gap, once, however many minutes of it match.
    check(
        "30 2 * * *",
        "America/New_York",
        "2026-03-08T05:00:00Z",
        "2026-03-08T07:00:00Z",
    );
    check(
        "15,30 2 * * *",
        "America/New_York",
        "2026-03-08T07:00:00Z",
        "2026-03-09T06:15:00Z",
    );
    // A wildcard job follows real time.
    check(
        "*/30 2 * * *",
        "America/New_York",
        "2026-03-08T05:00:00Z",
        "2026-03-09T06:00:00Z",
    );
    // Twice: a fixed job at the first, a wildcard job at both.
    check(
        "30 1 * * *",
        "America/New_York",
        "2026-11-01T05:30:00Z",
        "2026-11-02T06:30:00Z",
    );
    check(
        "30 * * * *",
        "America/New_York",
        "2026-11-01T05:30:00Z",
        "2026-11-01T06:30:00Z",
    );
    check(
        "0 2 * * *",
        "America/New_York",
        "2026-11-01T04:00:00Z",
        "2026-11-01T07:00:00Z",
    );
    check(
        "0 0 31 2 *",
        "Europe/London",
        "2026-01-01T00:00:00Z",
        "never",
    );
    check(
        "0 0 29 2 *",
        "Europe/London",
        "2026-01-01T00:00:00Z",
        "2028-02-29T00:00:00Z",
    );
}
