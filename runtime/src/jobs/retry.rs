//! The wait before another attempt.
//!
//! In: the policy of a job, the number of the attempt that failed, a seed. Out: a duration. Must not know: clocks.

use std::time::Duration;

use super::def::{Backoff, RetryDef};

/// How long to wait after attempt number `failed` (from 1). The same seed gives the same wait.
pub fn delay(retry: &RetryDef, failed: u32, seed: u64) -> Duration {
    let steps = failed.saturating_sub(1);
    let wait = match retry.backoff {
        Backoff::Fixed => retry.base,
        Backoff::Linear => retry.base.saturating_mul(steps.saturating_add(1)),
        Backoff::Exponential => {
            let factor = 1u32.checked_shl(steps).unwrap_or(u32::MAX);
            retry.base.saturating_mul(factor)
        }
    };
    let wait = wait.min(retry.max.max(retry.base));
    let spread = wait.mul_f64(retry.jitter.clamp(0.0, 1.0));
    wait - spread.mul_f64(chance(seed ^ u64::from(failed) << 48))
}

/// A number from 0 to 1 (SplitMix64's finish).
fn chance(seed: u64) -> f64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ (z >> 31)) as f64 / u64::MAX as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(backoff: Backoff, expect: [u64; 5]) {
        let retry = RetryDef {
            max_attempts: 10,
            backoff,
            base: Duration::from_secs(5),
            max: Duration::from_secs(30),
            jitter: 0.0,
        };
        let waits = [1, 2, 3, 4, 1000].map(|failed| delay(&retry, failed, 1).as_secs());
        assert_eq!(waits, expect, "{backoff:?}");
    }

    #[test]
    fn waits_grow_up_to_the_longest() {
        check(Backoff::Fixed, [5, 5, 5, 5, 5]);
        check(Backoff::Linear, [5, 10, 15, 20, 30]);
        check(Backoff::Exponential, [5, 10, 20, 30, 30]);
    }

    #[test]
    fn jitter_shortens_by_its_share_at_most() {
        let retry = RetryDef {
            max_attempts: 10,
            backoff: Backoff::Fixed,
            base: Duration::from_secs(100),
            max: Duration::from_secs(100),
            jitter: 0.1,
        };
        let waits: Vec<_> = (0..200).map(|seed| delay(&retry, 1, seed)).collect();
        assert!(
            waits
                .iter()
                .all(|wait| (90.0..=100.0).contains(&wait.as_secs_f64()))
        );
        assert!(waits.iter().any(|wait| *wait != waits[0]));
    }
}
