//! Where a child is: told in a file that outlives it; and a thread that ends one that hangs or devours.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

use crate::{input, memory};

/// Number, executions, findings, and executions of each kind; each in eight bytes.
const WORDS: usize = 3 + input::KINDS.len();

/// What a child did.
#[derive(Debug, Default)]
pub(crate) struct Reached {
    pub(crate) number: u64,
    executions: u64,
    findings: u64,
    kinds: Vec<u64>,
}

/// What all children did.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) executions: u64,
    pub(crate) findings: u64,
    kinds: BTreeMap<&'static str, u64>,
}

impl Tally {
    pub(crate) fn add(&mut self, reached: &Reached) {
        self.executions += reached.executions;
        self.findings += reached.findings;
        for (kind, count) in input::KINDS.iter().zip(&reached.kinds) {
            *self.kinds.entry(kind).or_default() += count;
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (kind, count) in &self.kinds {
            writeln!(f, "{kind:>12} {count:>12}")?;
        }
        Ok(())
    }
}

/// What the file says.
pub(crate) fn read(file: &Path) -> Reached {
    let bytes = std::fs::read(file).unwrap_or_default();
    let mut words = bytes
        .chunks_exact(8)
        .map(|word| u64::from_le_bytes(word.try_into().expect("eight")));
    let mut next = || words.next().unwrap_or_default();
    Reached {
        number: next(),
        executions: next(),
        findings: next(),
        kinds: words.collect(),
    }
}

pub(crate) struct Watch {
    file: File,
    words: [AtomicU64; WORDS],
    began: Arc<Began>,
    start: Instant,
}

/// When the input began.
#[derive(Default)]
struct Began {
    /// Milliseconds since the start, plus one; 0 between inputs.
    wall: AtomicU64,
    /// Milliseconds of CPU time that the process had used.
    cpu: AtomicU64,
}

/// The CPU time that this process has used: what others do on the machine does not count.
pub(crate) fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

impl Watch {
    pub(crate) fn start(file: &Path, bound: u64) -> Self {
        let watch = Watch {
            file: File::create(file).expect("the file for the number"),
            words: std::array::from_fn(|_| AtomicU64::new(0)),
            began: Arc::default(),
            start: Instant::now(),
        };
        let (began, start) = (Arc::clone(&watch.began), watch.start);
        std::thread::spawn(move || guard(&began, start, bound));
        watch
    }

    pub(crate) fn begin(&self, number: u64, kind: &str) {
        let kind = input::KINDS
            .iter()
            .position(|known| *known == kind)
            .expect("a known kind");
        self.words[0].store(number, Relaxed);
        self.words[1].fetch_add(1, Relaxed);
        self.words[3 + kind].fetch_add(1, Relaxed);
        self.tell();
        self.began.cpu.store(cpu().as_millis() as u64, Relaxed);
        let wall = self.start.elapsed().as_millis() as u64 + 1;
        self.began.wall.store(wall, Relaxed);
    }

    pub(crate) fn found(&self) {
        self.words[2].fetch_add(1, Relaxed);
        self.tell();
    }

    pub(crate) fn end(&self) {
        self.began.wall.store(0, Relaxed);
    }

    fn tell(&self) {
        let bytes: Vec<u8> = self
            .words
            .iter()
            .flat_map(|word| word.load(Relaxed).to_le_bytes())
            .collect();
        self.file
            .write_all_at(&bytes, 0)
            .expect("the number is written");
    }
}

/// Ends the process where one input takes far too long or far too much: it would not come back by itself. What waits
/// for nothing uses no CPU time, so there is a bound for the clock on the wall, too, that no busy machine reaches.
fn guard(began: &Began, start: Instant, bound: u64) {
    const MOST: usize = 3 << 30;
    loop {
        std::thread::sleep(Duration::from_millis(10));
        let (wall, before) = (began.wall.load(Relaxed), began.cpu.load(Relaxed));
        let took = |now: Duration, before: u64| (now.as_millis() as u64).saturating_sub(before);
        let is_busy = took(cpu(), before) > bound.saturating_mul(8);
        let is_stuck = took(start.elapsed(), wall) > bound.saturating_mul(100);
        if wall > 0 && (is_busy || is_stuck) {
            eprintln!("one input did not end");
            std::process::exit(101);
        }
        if memory::live() > MOST {
            eprintln!("one input has {} MiB", memory::live() >> 20);
            std::process::exit(102);
        }
    }
}
