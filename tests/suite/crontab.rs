//! The generator and the runtime read crontab(5) each in its own way: one for positions, one for times. They must
//! agree on what an expression is, or a schedule that builds would not start.

use graphwright::jobs::Crontab;
use graphwright_codegen::parse::crontab;

/// Both accept it and think the same of it, or both refuse it; whether they accept it.
fn agree(text: &str) -> bool {
    let (build, run) = (crontab::parse(text), Crontab::parse(text));
    assert_eq!(build.is_ok(), run.is_ok(), "`{text}`: {build:?} {run:?}");
    if let (Ok(build), Ok(run)) = (&build, &run) {
        assert_eq!(build.ever_fires(), run.ever_fires(), "`{text}`");
    }
    build.is_ok()
}

#[test]
fn the_two_readers_agree_on_the_corner_cases() {
    let valid = "* * * * *|*/90 * * * *|0 */24 * * *|0 0 * * 0-7|0 0 * * sat-sun|0 0 * * sun-sun|0 0 * * mon-5|\
        *,5 * * * *|5,* * * * *|05 00 * * *|1-1 * * * *|1-59/2,0 * * * *|0 0 1 JAN-dec/2 *|0 0 31 2 *|0 0 30 2 mon|\
        0 0 30 2 */2|0 0 31 4,6 *|@daily|@midnight|@hourly|@weekly|@monthly|@yearly|@annually|  1\t2  3 4 5 ";
    for text in valid.split('|') {
        assert!(agree(text), "`{text}` was refused");
    }
    let invalid = "|*|* * * * * *|60 * * * *|* * 0 * *|* * * * 8|5/15 * * * *|*/0 * * * *|1,,2 * * * *|22-2 * * * *|\
        * * * * fri-mon|* * * * 6-0|* * * * MONDAY|* * ? * *|* * L * *|* * 15W * *|* * * * 1#2|0~30 * * * *|@reboot|\
        @Daily|@daily 5|+1 * * * *|mon * * * *|*-5 * * * *|1-2-3 * * * *|*/5/2 * * * *|99999999999 * * * *|\
        */99999999999 * * * *|* * * sun *|* * * * jan";
    for text in invalid.split('|') {
        assert!(!agree(text), "`{text}` was accepted");
    }
}

#[test]
fn the_two_readers_agree_on_whatever_comes() {
    const PARTS: &[&str] = &[
        "*", "*", "*", "0", "1", "5", "7", "23", "31", "60", "mon", "SUN", "jan", "Dec", "-", "-",
        "/", "/", ",", ",", "?", "L",
    ];
    let mut state = 5u64;
    let mut below = |n: usize| {
        // SplitMix64.
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    };
    let mut accepted = 0;
    for _ in 0..15_000 {
        let fields: Vec<String> = (0..5)
            .map(|_| match below(3) {
                0 => (0..1 + below(5))
                    .map(|_| PARTS[below(PARTS.len())])
                    .collect(),
                _ => PARTS[below(6)].to_owned(),
            })
            .collect();
        accepted += usize::from(agree(&fields.join(" ")));
    }
    assert!(
        (1_000..14_000).contains(&accepted),
        "{accepted} of the expressions were valid: no test of agreement"
    );
}
