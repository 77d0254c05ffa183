//! Where a child is: told in a file that outlives it; and a thread that ends one that hangs or devours.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

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
    /// Milliseconds since the start, plus one, at which the input began; 0 between inputs.
    began: Arc<AtomicU64>,
    start: Instant,
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
        self.began
            .store(self.start.elapsed().as_millis() as u64 + 1, Relaxed);
    }

    pub(crate) fn found(&self) {
        self.words[2].fetch_add(1, Relaxed);
        self.tell();
    }

    pub(crate) fn end(&self) {
        self.began.store(0, Relaxed);
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

/// Ends the process where one input takes far too long or far too much: it would not come back by itself.
fn guard(began: &AtomicU64, start: Instant, bound: u64) {
    const MOST: usize = 3 << 30;
    loop {
        std::thread::sleep(Duration::from_millis(10));
        let (began, now) = (began.load(Relaxed), start.elapsed().as_millis() as u64);
        if began > 0 && now.saturating_sub(began) > bound.saturating_mul(8) {
            eprintln!("one input did not end");
            std::process::exit(101);
        }
        if memory::live() > MOST {
            eprintln!("one input has {} MiB", memory::live() >> 20);
            std::process::exit(102);
        }
    }
}
