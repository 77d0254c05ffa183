//! The clock that everything reads, so that a test can turn it.
//!
//! In: nothing. Out: the time now. Must not know: who asks, time zones, sleeping.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// Tells the time: the system's, or a time that a test sets. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    fake: Option<Arc<Mutex<Timestamp>>>,
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self { fake: None }
    }

    /// A clock that stands at `now` until it is moved.
    pub fn fake(now: Timestamp) -> Self {
        Self {
            fake: Some(Arc::new(Mutex::new(now))),
        }
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        match &self.fake {
            None => Timestamp::now(),
            Some(at) => *at.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Whether [`advance`](Self::advance) moves it.
    pub fn is_fake(&self) -> bool {
        self.fake.is_some()
    }

    /// Moves a fake clock on, or back by a negative duration; saturates at the ends of time.
    ///
    /// # Panics
    ///
    /// If this is the system's clock.
    pub fn advance(&self, by: SignedDuration) {
        let mut at = self.turn();
        *at = at.checked_add(by).unwrap_or(if by.is_negative() {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        });
    }

    /// Sets a fake clock.
    ///
    /// # Panics
    ///
    /// If this is the system's clock.
    pub fn set(&self, now: Timestamp) {
        *self.turn() = now;
    }

    fn turn(&self) -> std::sync::MutexGuard<'_, Timestamp> {
        let fake = self
            .fake
            .as_ref()
            .expect("only a clock made by Clock::fake can be turned");
        fake.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_of_a_fake_clock_move_together() {
        let start: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
        let clock = Clock::fake(start);
        let other = clock.clone();
        clock.advance(SignedDuration::from_secs(90));
        assert_eq!(other.now().to_string(), "2026-03-01T00:01:30Z");
        other.advance(SignedDuration::from_secs(-90));
        assert_eq!(clock.now(), start);
    }

    #[test]
    fn the_system_clock_moves_by_itself() {
        let clock = Clock::system();
        assert!(!clock.is_fake());
        assert!(clock.now().as_second() > 1_700_000_000);
    }
}
