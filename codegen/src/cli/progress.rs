//! A line that says what takes so long.
//!
//! In: work, and a word for it. Out: nothing, unless the work takes more than a moment: then a line on standard error
//! that is gone when the work is done. Must not know: what the work is.

use std::io::Write;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

/// What is done within this needs no words.
const MOMENT: Duration = Duration::from_millis(300);

/// Between two looks of the line.
const STEP: Duration = Duration::from_millis(120);

const LOOKS: [&str; 4] = ["-", "\\", "|", "/"];

/// Does the work; says so meanwhile if `wanted` and if it takes more than a moment.
pub(super) fn during<T>(wanted: bool, what: &str, work: impl FnOnce() -> T) -> T {
    match wanted {
        true => shown(&mut std::io::stderr(), MOMENT, what, work),
        false => work(),
    }
}

fn shown<T>(
    to: &mut (impl Write + Send),
    moment: Duration,
    what: &str,
    work: impl FnOnce() -> T,
) -> T {
    let (done, is_done) = mpsc::channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let begun = Instant::now();
            let (mut wait, mut looks) = (moment, LOOKS.iter().cycle());
            let mut drawn = false;
            while is_done.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                let look = looks.next().copied().unwrap_or_default();
                let seconds = begun.elapsed().as_secs_f32();
                let _ = write!(to, "\r{look} {what} … {seconds:.1} s\u{1b}[K");
                let _ = to.flush();
                (wait, drawn) = (STEP, true);
            }
            if drawn {
                let _ = write!(to, "\r\u{1b}[K");
                let _ = to.flush();
            }
        });
        let result = work();
        drop(done);
        result
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    /// What was written, seen from two threads.
    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<String>>);

    impl Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0
                .lock()
                .unwrap()
                .push_str(&String::from_utf8_lossy(bytes));
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn quick_work_is_not_told() {
        let paper = Paper::default();
        assert_eq!(
            shown(&mut paper.clone(), Duration::from_secs(3600), "x", || 7),
            7
        );
        assert_eq!(*paper.0.lock().unwrap(), "");
    }

    #[test]
    fn long_work_is_told_until_it_is_done() {
        let paper = Paper::default();
        let deadline = Instant::now() + Duration::from_secs(20);
        shown(&mut paper.clone(), Duration::ZERO, "reading main", || {
            while !paper.0.lock().unwrap().contains("reading main … ") {
                assert!(Instant::now() < deadline, "nothing was told");
                std::thread::yield_now();
            }
        });
        assert!(paper.0.lock().unwrap().ends_with("\r\u{1b}[K"));
    }

    #[test]
    fn without_a_terminal_nothing_is_told() {
        assert_eq!(during(false, "x", || 7), 7);
    }
}
