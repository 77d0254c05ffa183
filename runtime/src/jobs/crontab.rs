//! crontab(5) expressions.
//!
//! In: the text of five fields, or `@daily` and its kin. Out: the `cron` crate's schedules over naive local time, and
//! whether the job is a wildcard job. Must not know: time zones, clocks, jobs.
//!
//! The `cron` crate is only the iterator. Read by itself it takes Monday for Sunday, joins the two day fields by AND,
//! and refuses `*/90`; so the fields are read here, after cronie's grammar, and handed over as explicit lists.

use std::fmt;
use std::str::FromStr;

use jiff::civil;

/// A crontab(5) expression.
#[derive(Debug, Clone)]
pub struct Crontab {
    /// One, or two when both days are restricted: the earlier counts.
    schedules: Vec<cron::Schedule>,
    wild: bool,
}

impl Crontab {
    /// Reads an expression of five fields, or `@yearly`, `@annually`, `@monthly`, `@weekly`, `@daily`, `@midnight`,
    /// `@hourly`.
    ///
    /// # Errors
    ///
    /// If cronie would not take it, or would take a reversed range to mean "never".
    pub fn parse(text: &str) -> Result<Self, CrontabError> {
        let text = text.trim();
        let fields = if text.starts_with('@') {
            split(nickname(text)?)?
        } else {
            split(text)?
        };
        let [minute, hour, dom, month, dow] = fields;
        let minute = Set::parse(&MINUTE, minute)?;
        let hour = Set::parse(&HOUR, hour)?;
        let dom = Set::parse(&DAY_OF_MONTH, dom)?;
        let month = Set::parse(&MONTH, month)?;
        let mut dow = Set::parse(&DAY_OF_WEEK, dow)?;
        if dow.has(7) {
            dow.bits = dow.bits & !(1 << 7) | 1;
        }
        let wild = minute.star || hour.star;
        let list = |dom: &str, dow: &str| {
            let text = format!(
                "0 {} {} {dom} {} {dow}",
                minute.list(0),
                hour.list(0),
                month.list(0)
            );
            cron::Schedule::from_str(&text)
                .expect("explicit lists within the bounds are a valid schedule")
        };
        // `cron` counts the days of the week from one.
        let (days, weekdays) = (dom.list(0), dow.list(1));
        let schedules = if dom.star || dow.star {
            vec![list(&days, &weekdays)]
        } else {
            vec![list(&days, "*"), list("*", &weekdays)]
        };
        Ok(Self { schedules, wild })
    }

    /// Whether the minute or the hour begins with a star: such a job follows the clock on the wall of the machine,
    /// and neither runs for hours that were skipped nor holds still for hours that come twice.
    pub fn is_wild(&self) -> bool {
        self.wild
    }

    /// The first match later than `after`, both without a time zone; none after the year 2100.
    pub(super) fn next_naive(&self, after: i64) -> Option<i64> {
        let after = chrono::DateTime::from_timestamp(after, 0)?;
        self.schedules
            .iter()
            .filter_map(|schedule| schedule.after(&after).next())
            .map(|at| at.timestamp())
            .min()
    }

    /// Whether it ever fires.
    pub fn ever_fires(&self) -> bool {
        let start = civil::date(2000, 1, 1).at(0, 0, 0, 0);
        let start = start.to_zoned(jiff::tz::TimeZone::UTC);
        start.is_ok_and(|start| self.next_naive(start.timestamp().as_second()).is_some())
    }
}

/// Why an expression is not one of crontab(5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrontabError {
    message: String,
}

impl fmt::Display for CrontabError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for CrontabError {}

fn error<T>(message: impl Into<String>) -> Result<T, CrontabError> {
    Err(CrontabError {
        message: message.into(),
    })
}

struct Field {
    what: &'static str,
    low: u32,
    high: u32,
    names: &'static [&'static str],
}

const MINUTE: Field = Field {
    what: "minute",
    low: 0,
    high: 59,
    names: &[],
};
const HOUR: Field = Field {
    what: "hour",
    low: 0,
    high: 23,
    names: &[],
};
const DAY_OF_MONTH: Field = Field {
    what: "day of month",
    low: 1,
    high: 31,
    names: &[],
};
const MONTH: Field = Field {
    what: "month",
    low: 1,
    high: 12,
    names: &[
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ],
};
const DAY_OF_WEEK: Field = Field {
    what: "day of week",
    low: 0,
    high: 7,
    names: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
};

fn nickname(text: &str) -> Result<&'static str, CrontabError> {
    Ok(match text {
        "@yearly" | "@annually" => "0 0 1 1 *",
        "@monthly" => "0 0 1 * *",
        "@weekly" => "0 0 * * 0",
        "@daily" | "@midnight" => "0 0 * * *",
        "@hourly" => "0 * * * *",
        "@reboot" => {
            return error("`@reboot` has no meaning for a schedule that many processes share");
        }
        _ => {
            return error(format!(
                "`{text}` is none of @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually"
            ));
        }
    })
}

fn split(text: &str) -> Result<[&str; 5], CrontabError> {
    let fields: Vec<&str> = text
        .split([' ', '\t'])
        .filter(|field| !field.is_empty())
        .collect();
    let found = fields.len();
    <[&str; 5]>::try_from(fields).or_else(|_| {
        error(format!(
            "a crontab expression has five fields (minute, hour, day of month, month, day of week), this has {found}"
        ))
    })
}

/// The values of a field.
struct Set {
    bits: u64,
    /// The field's first character is a star.
    star: bool,
}

impl Set {
    fn parse(field: &Field, text: &str) -> Result<Self, CrontabError> {
        let mut bits = 0;
        for item in text.split(',') {
            let (from, to, step) = range(field, item)?;
            for value in (from..=to).step_by(step) {
                bits |= 1 << value;
            }
        }
        Ok(Self {
            bits,
            star: text.starts_with('*'),
        })
    }

    fn has(&self, value: u32) -> bool {
        self.bits >> value & 1 == 1
    }

    fn list(&self, shift: u32) -> String {
        let values = (0..64).filter(|&value| self.has(value));
        values
            .map(|value| (value + shift).to_string())
            .collect::<Vec<_>>()
            .join(",")
    }
}

fn range(field: &Field, item: &str) -> Result<(u32, u32, usize), CrontabError> {
    let (range, step) = match item.split_once('/') {
        Some((range, step)) => (range, Some(step)),
        None => (item, None),
    };
    let (from, to) = match range.split_once('-') {
        _ if range == "*" => (field.low, field.high),
        Some((from, to)) => bounds(field, from, to)?,
        None if step.is_some() => {
            return error(format!(
                "`{item}`: a step needs a range before it, such as `{range}-{}/…` or `*/…`",
                field.high
            ));
        }
        None => {
            let value = number(field, range)?;
            (value, value)
        }
    };
    let step = match step {
        None => 1,
        Some(step) => match digits(step) {
            Some(step) if step > 0 => step as usize,
            _ => return error(format!("`{item}`: a step is a number from 1 up")),
        },
    };
    Ok((from, to, step))
}

fn bounds(field: &Field, from: &str, to: &str) -> Result<(u32, u32), CrontabError> {
    let (first, mut last) = (number(field, from)?, number(field, to)?);
    // Saturday to Sunday: the name at the end of a range is day 7.
    if field.high == 7 && first > 0 && to.eq_ignore_ascii_case("sun") {
        last = 7;
    }
    if first > last {
        return error(format!(
            "the range `{from}-{to}` of the {} runs backwards",
            field.what
        ));
    }
    Ok((first, last))
}

fn number(field: &Field, text: &str) -> Result<u32, CrontabError> {
    let name = field
        .names
        .iter()
        .position(|name| name.eq_ignore_ascii_case(text));
    let value = match name {
        Some(index) => Some(field.low + index as u32),
        None => digits(text),
    };
    match value {
        Some(value) if (field.low..=field.high).contains(&value) => Ok(value),
        _ => error(format!(
            "`{text}` is no {}: {}",
            field.what,
            expected(field)
        )),
    }
}

fn expected(field: &Field) -> String {
    let numbers = format!("a number from {} to {}", field.low, field.high);
    match (field.names.first(), field.names.last()) {
        (Some(first), Some(last)) => format!("expected {numbers} or a name from {first} to {last}"),
        _ => format!("expected {numbers}"),
    }
}

fn digits(text: &str) -> Option<u32> {
    let all = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_crontab_5_accepts() {
        let valid = "* * * * *|*/60 * * * *|*/90 * * * *|0 */24 * * *|0 0 * * 0|0 0 * * 7|0 0 * * 0-7|0 0 * * sat-sun|\
            0 0 * * mon-5|0 0 * * SUN|0 0 * * sun-sun|0 0 1 JAN-dec/2 *|*,5 * * * *|5,* * * * *|1-59/2,0 * * * *|\
            05 00 * * *|@daily|@midnight|@hourly|@weekly|@monthly|@yearly|@annually|  1\t2  3 4 5 |0 0 31 2 *|1-1 * * * *";
        for text in valid.split('|') {
            assert!(
                Crontab::parse(text).is_ok(),
                "{text}: {:?}",
                Crontab::parse(text).err()
            );
        }
    }

    #[test]
    fn what_crontab_5_refuses() {
        let invalid = "|* * * *|* * * * * *|0 0 0 1 1 ? 2020|60 * * * *|* 24 * * *|* * 0 * *|* * 32 * *|* * * 0 *|\
            * * * 13 *|* * * * 8|5/15 * * * *|*/0 * * * *|*/ * * * *|1,,2 * * * *|1, * * * *|-1 * * * *|1- * * * *|\
            22-2 * * * *|* * * * fri-mon|* * * * 6-0|* * * * MONDAY|* * * January *|* * ? * *|* * L * *|* * 15W * *|\
            * * * * 1#2|0~30 * * * *|@reboot|@Daily|@never|+1 * * * *|1.5 * * * *|mon * * * *|*-5 * * * *|** * * * *|\
            1-2-3 * * * *|*/5/2 * * * *|99999999999 * * * *|١ * * * *";
        for text in invalid.split('|') {
            assert!(Crontab::parse(text).is_err(), "`{text}` was accepted");
        }
    }

    #[test]
    fn an_error_says_what_is_expected() {
        let check = |text: &str, expect: &str| {
            assert_eq!(Crontab::parse(text).unwrap_err().to_string(), expect);
        };
        check(
            "61 * * * *",
            "`61` is no minute: expected a number from 0 to 59",
        );
        check(
            "0 0 * * monday",
            "`monday` is no day of week: expected a number from 0 to 7 or a name from sun to sat",
        );
        check(
            "0 0 * * fri-mon",
            "the range `fri-mon` of the day of week runs backwards",
        );
        check(
            "5/15 * * * *",
            "`5/15`: a step needs a range before it, such as `5-59/…` or `*/…`",
        );
    }

    #[test]
    fn an_impossible_day_never_fires() {
        assert!(!Crontab::parse("0 0 31 2 *").unwrap().ever_fires());
        assert!(Crontab::parse("0 0 29 2 *").unwrap().ever_fires());
    }
}
