//! crontab(5) expressions: five fields, or `@daily` and its kin.
//!
//! In: the text of one expression. Out: sets and star flags, or a mistake with its bytes in the text.
//! Must not know: clocks, time zones, files.

use crate::diagnostic::closest;

/// A crontab(5) expression, understood. Bit `n` of a set stands for the value `n`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crontab {
    /// Minutes, 0 to 59.
    pub minutes: u64,
    /// Hours, 0 to 23.
    pub hours: u64,
    /// Days of the month, 1 to 31.
    pub days: u64,
    /// Months, 1 to 12.
    pub months: u64,
    /// Days of the week, 0 to 6 from Sunday.
    pub weekdays: u64,
    /// Whether the day of the month begins with `*`: then both days must match, else one of them.
    pub any_day: bool,
    /// Whether the day of the week begins with `*`.
    pub any_weekday: bool,
}

/// What is wrong with an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrontabError {
    /// First byte.
    pub start: usize,
    /// Byte behind the last.
    pub end: usize,
    /// One sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

struct FieldRule {
    name: &'static str,
    min: u32,
    max: u32,
    names: &'static [&'static str],
}

const MONTHS: &[&str] = &[
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
const WEEKDAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const FIELDS: [FieldRule; 5] = [
    FieldRule {
        name: "minute",
        min: 0,
        max: 59,
        names: &[],
    },
    FieldRule {
        name: "hour",
        min: 0,
        max: 23,
        names: &[],
    },
    FieldRule {
        name: "day of the month",
        min: 1,
        max: 31,
        names: &[],
    },
    FieldRule {
        name: "month",
        min: 1,
        max: 12,
        names: MONTHS,
    },
    FieldRule {
        name: "day of the week",
        min: 0,
        max: 7,
        names: WEEKDAYS,
    },
];
const MACROS: &[(&str, &str)] = &[
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
    ("@monthly", "0 0 1 * *"),
    ("@weekly", "0 0 * * 0"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@hourly", "0 * * * *"),
];

/// Reads an expression.
///
/// # Errors
/// What crontab(5) rejects, one mistake a field, and `@reboot`, which has no time.
pub fn parse(text: &str) -> Result<Crontab, Vec<CrontabError>> {
    let words = words(text);
    let Some(&(first, start)) = words.first() else {
        return Err(vec![error(
            0,
            text.len(),
            "an empty cron expression",
            Some(FIVE),
        )]);
    };
    if first.starts_with('@') {
        return parse_macro(text, first, start, words.len());
    }
    if words.len() != 5 {
        return Err(vec![wrong_count(text, &words)]);
    }
    let mut sets = [0u64; 5];
    let mut errors = Vec::new();
    for ((set, rule), (word, at)) in sets.iter_mut().zip(&FIELDS).zip(&words) {
        match parse_field(word, *at, rule) {
            Ok(found) => *set = found,
            Err(e) => errors.push(e),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let [minutes, hours, days, months, weekdays] = sets;
    Ok(Crontab {
        minutes,
        hours,
        days,
        months,
        weekdays: (weekdays | weekdays >> 7) & 0x7f,
        any_day: words[2].0.starts_with('*'),
        any_weekday: words[4].0.starts_with('*'),
    })
}

impl Crontab {
    /// Whether there is any day on which it fires; `0 0 31 2 *` has none.
    pub fn ever_fires(&self) -> bool {
        if !self.any_day && !self.any_weekday {
            return true;
        }
        const LONGEST: [u32; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        (1u32..=12).zip(LONGEST).any(|(month, last)| {
            self.months >> month & 1 == 1 && self.days & ((1 << (last + 1)) - 2) != 0
        })
    }
}

const FIVE: &str = "five fields: minute, hour, day of the month, month, day of the week, such as `30 6 * * mon-fri`";

fn error(start: usize, end: usize, message: impl Into<String>, help: Option<&str>) -> CrontabError {
    CrontabError {
        start,
        end,
        message: message.into(),
        help: help.map(str::to_owned),
    }
}

fn words(text: &str) -> Vec<(&str, usize)> {
    let at = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
    text.split([' ', '\t'])
        .filter(|w| !w.is_empty())
        .map(|w| (w, at(w)))
        .collect()
}

fn parse_macro(
    text: &str,
    word: &str,
    start: usize,
    count: usize,
) -> Result<Crontab, Vec<CrontabError>> {
    let end = start + word.len();
    if word == "@reboot" {
        let help = "enqueue the job where your program starts";
        return Err(vec![error(
            start,
            end,
            "`@reboot` names no time",
            Some(help),
        )]);
    }
    let Some((_, expanded)) = MACROS.iter().find(|(name, _)| *name == word) else {
        let help = match closest(word, MACROS.iter().map(|(name, _)| *name)) {
            Some(name) => format!("did you mean `{name}`?"),
            None => "there are `@yearly`, `@monthly`, `@weekly`, `@daily` and `@hourly`".to_owned(),
        };
        return Err(vec![error(
            start,
            end,
            format!("unknown cron word `{word}`"),
            Some(&help),
        )]);
    };
    if count > 1 {
        return Err(vec![error(
            end,
            text.len(),
            format!("nothing may follow `{word}`"),
            None,
        )]);
    }
    parse(expanded)
}

fn wrong_count(text: &str, words: &[(&str, usize)]) -> CrontabError {
    let message = format!(
        "a cron expression has five fields, this one has {}",
        words.len()
    );
    match words.get(5) {
        Some((_, at)) => error(
            *at,
            text.trim_end().len(),
            message,
            Some("seconds and years are not part of crontab(5)"),
        ),
        None => error(0, text.len(), message, Some(FIVE)),
    }
}

fn parse_field(word: &str, at: usize, rule: &FieldRule) -> Result<u64, CrontabError> {
    let mut set = 0;
    let mut start = at;
    for item in word.split(',') {
        set |= parse_item(item, start, rule)?;
        start += item.len() + 1;
    }
    Ok(set)
}

fn parse_item(item: &str, at: usize, rule: &FieldRule) -> Result<u64, CrontabError> {
    let end = at + item.len();
    if item.is_empty() {
        let message = format!("an empty item in the {}", rule.name);
        return Err(error(
            at,
            at,
            message,
            Some("one comma between two items, none at the end"),
        ));
    }
    let (range, step) = match item.split_once('/') {
        Some((range, step)) => (range, Some(parse_step(step, at + range.len() + 1)?)),
        None => (item, None),
    };
    let (from, to) = if range == "*" {
        (rule.min, rule.max)
    } else if let Some((from, to)) = range.split_once('-') {
        let second = at + from.len() + 1;
        parse_range(from, to, at, second, rule)?
    } else {
        let from = parse_number(range, at, rule)?;
        if step.is_some() {
            let help = format!(
                "write the range: `{range}-{}{}`",
                rule.max,
                &item[range.len()..]
            );
            return Err(error(
                at,
                end,
                "a step needs a range or `*` before it",
                Some(&help),
            ));
        }
        (from, from)
    };
    let step = step.unwrap_or(1) as usize;
    Ok((from..=to).step_by(step).fold(0, |set, n| set | 1 << n))
}

fn parse_range(
    from: &str,
    to: &str,
    at: usize,
    second: usize,
    rule: &FieldRule,
) -> Result<(u32, u32), CrontabError> {
    let low = parse_number(from, at, rule)?;
    let mut high = parse_number(to, second, rule)?;
    if to.eq_ignore_ascii_case("sun") && low > 0 {
        high = 7; // a week may end with Sunday
    }
    if low > high {
        let max = if rule.names.len() == 7 { 6 } else { rule.max };
        let help = format!("write it as two items: `{from}-{max},{}-{to}`", rule.min);
        return Err(error(
            at,
            second + to.len(),
            format!("the range `{from}-{to}` runs backwards"),
            Some(&help),
        ));
    }
    Ok((low, high))
}

fn parse_step(text: &str, at: usize) -> Result<u32, CrontabError> {
    match text
        .bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| text.parse::<u32>())
    {
        Some(Ok(0)) => Err(error(
            at,
            at + text.len(),
            "a step of 0",
            Some("steps are 1 or more"),
        )),
        Some(Ok(step)) => Ok(step),
        _ => Err(error(
            at,
            at + text.len(),
            format!("`{text}` is not a step"),
            Some("steps are whole numbers"),
        )),
    }
}

fn parse_number(text: &str, at: usize, rule: &FieldRule) -> Result<u32, CrontabError> {
    let end = at + text.len();
    let named = rule
        .names
        .iter()
        .position(|name| name.eq_ignore_ascii_case(text));
    let first = u32::from(rule.names.len() == 12);
    if let Some(index) = named {
        return Ok(index as u32 + first);
    }
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        return match text.parse::<u32>() {
            Ok(n) if (rule.min..=rule.max).contains(&n) => Ok(n),
            _ => {
                let help = format!("{} to {}", rule.min, rule.max);
                Err(error(
                    at,
                    end,
                    format!("{text} is out of range for the {}", rule.name),
                    Some(&help),
                ))
            }
        };
    }
    let help = match text {
        "" => Some("a number is missing here".to_owned()),
        "?" => Some("write `*`".to_owned()),
        _ => {
            let short = text
                .get(..3)
                .map(str::to_ascii_lowercase)
                .unwrap_or_default();
            let known = text.len() > 3 && rule.names.contains(&short.as_str());
            known.then(|| format!("names have three letters: `{short}`"))
        }
    };
    Err(error(
        at,
        end,
        format!("`{text}` is no value for the {}", rule.name),
        help.as_deref(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(values: impl IntoIterator<Item = u32>) -> u64 {
        values.into_iter().fold(0, |set, n| set | 1 << n)
    }

    #[track_caller]
    fn check(text: &str, expect: [u64; 5], stars: (bool, bool)) {
        let c = parse(text).expect(text);
        assert_eq!(
            [c.minutes, c.hours, c.days, c.months, c.weekdays],
            expect,
            "{text}"
        );
        assert_eq!((c.any_day, c.any_weekday), stars, "{text}");
    }

    #[track_caller]
    fn refuse(text: &str, at: &str, message: &str) {
        let errors = parse(text).expect_err(text);
        let e = &errors[0];
        assert_eq!(
            (&text[e.start..e.end], e.message.as_str()),
            (at, message),
            "{text}"
        );
    }

    #[test]
    fn sets() {
        let all = [
            bits(0..60),
            bits(0..24),
            bits(1..32),
            bits(1..13),
            bits(0..7),
        ];
        let with = |i: usize, set: u64| {
            let mut sets = all;
            sets[i] = set;
            sets
        };
        check("* * * * *", all, (true, true));
        check(" *\t* *  * * ", all, (true, true));
        check("*/60 * * * *", with(0, 1), (true, true));
        check(
            "5-10/2,59 * * * *",
            with(0, bits([5, 7, 9, 59])),
            (true, true),
        );
        check(
            "* * */2 * *",
            with(2, bits((1..32).step_by(2))),
            (true, true),
        );
        check("* * 1,*/40 * *", with(2, bits([1])), (false, true));
        check("* * * JAN-mar *", with(3, bits(1..4)), (true, true));
        check("* * * * 0-7", all, (true, false));
        check("* * * * 7", with(4, 1), (true, false));
        check("* * * * sat-sun", with(4, bits([0, 6])), (true, false));
        check("* * * * sun-sun", with(4, 1), (true, false));
        check("* * * * mon-5", with(4, bits(1..6)), (true, false));
        check("* * * * *,5", all, (true, true));
        check(
            "@midnight",
            [1, 1, bits(1..32), bits(1..13), bits(0..7)],
            (true, true),
        );
    }

    #[test]
    fn refusals() {
        refuse("", "", "an empty cron expression");
        refuse(
            "5/15 * * * *",
            "5/15",
            "a step needs a range or `*` before it",
        );
        refuse(
            "* * * * MONDAY",
            "MONDAY",
            "`MONDAY` is no value for the day of the week",
        );
        refuse("* * ? * *", "?", "`?` is no value for the day of the month");
        refuse(
            "0 0 0 * * *",
            "*",
            "a cron expression has five fields, this one has 6",
        );
        refuse(
            "* * *",
            "* * *",
            "a cron expression has five fields, this one has 3",
        );
        refuse("* 22-2 * * *", "22-2", "the range `22-2` runs backwards");
        refuse(
            "* * * * fri-mon",
            "fri-mon",
            "the range `fri-mon` runs backwards",
        );
        refuse("* * * * 6-0", "6-0", "the range `6-0` runs backwards");
        refuse("60 * * * *", "60", "60 is out of range for the minute");
        refuse("* 1,,2 * * *", "", "an empty item in the hour");
        refuse("*/0 * * * *", "0", "a step of 0");
        refuse("*/x * * * *", "x", "`x` is not a step");
        refuse("1- * * * *", "", "`` is no value for the minute");
        refuse(
            "* * 0 * *",
            "0",
            "0 is out of range for the day of the month",
        );
        refuse("* * L * *", "L", "`L` is no value for the day of the month");
        refuse("@reboot", "@reboot", "`@reboot` names no time");
        refuse("@Daily", "@Daily", "unknown cron word `@Daily`");
        refuse("@daily x", " x", "nothing may follow `@daily`");
    }

    #[test]
    fn never() {
        for (text, expect) in [
            ("0 0 31 2 *", false),
            ("0 0 30 2 *", false),
            ("0 0 29 2 *", true),
            ("0 0 31 4,6 */2", false),
            ("0 0 31 2 mon", true),
        ] {
            assert_eq!(parse(text).expect(text).ever_fires(), expect, "{text}");
        }
    }
}
