//! Durations as people write them: `90s`, `5m`, `1h30m`, `2d`.
//!
//! In: text. Out: the duration, or what is wrong with it. Must not know: which key it belongs to.

use std::time::Duration;

const UNITS: [(&str, u64); 5] = [
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1000),
    ("ms", 1),
];

/// Reads a duration: numbers with units `d`, `h`, `m`, `s`, `ms`, from great to small, each at most once.
///
/// # Errors
/// The help for whoever wrote it.
pub(super) fn parse(text: &str) -> Result<Duration, String> {
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(format!(
            "a unit is missing: `{text}s`, `{text}m`, `{text}h` or `{text}d`"
        ));
    }
    let mut total = 0u64;
    let mut next = 0;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let letters = rest[digits..]
            .bytes()
            .take_while(u8::is_ascii_alphabetic)
            .count();
        let (number, unit) = (&rest[..digits], &rest[digits..digits + letters]);
        let found = UNITS.iter().position(|(name, _)| *name == unit);
        let (Ok(number), Some(at)) = (number.parse::<u64>(), found) else {
            return Err(HELP.to_owned());
        };
        if at < next {
            return Err("units go from great to small, each at most once: `1h30m`".to_owned());
        }
        next = at + 1;
        let part = number.checked_mul(UNITS[at].1);
        total = part
            .and_then(|part| total.checked_add(part))
            .filter(|t| *t <= LONGEST)
            .ok_or("at most 3650 days")?;
        rest = &rest[digits + letters..];
    }
    if text.is_empty() {
        Err(HELP.to_owned())
    } else {
        Ok(Duration::from_millis(total))
    }
}

const HELP: &str = "durations look like `90s`, `5m`, `1h30m`, `2d`";
const LONGEST: u64 = 3650 * 86_400_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, millis) in [
            ("90s", 90_000),
            ("5m", 300_000),
            ("1h30m", 5_400_000),
            ("2d", 172_800_000),
            ("250ms", 250),
            ("0s", 0),
            ("1d2h3m4s5ms", 93_784_005),
        ] {
            assert_eq!(parse(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        for text in [
            "",
            "90",
            "s",
            "5 m",
            "1m1h",
            "1m2m",
            "5min",
            "-5s",
            "1.5h",
            "99999999999999999999d",
            "9999d",
            "5M",
            "5µ",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
