//! One measurement: CPU time of the thread, allocations.
//!
//! In: something to run so many times. Out: figures. Must not know: what it is that runs.

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// The system's allocator, which counts. All contenders pay for that alike.
pub struct Counting;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);
static BYTES: AtomicU64 = AtomicU64::new(0);

fn count(bytes: usize) {
    // One thread measures: no need for atomic additions.
    ALLOCATIONS.store(ALLOCATIONS.load(Relaxed) + 1, Relaxed);
    BYTES.store(BYTES.load(Relaxed) + bytes as u64, Relaxed);
}

// SAFETY: everything is done by the system's allocator; counting touches no memory of it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        // SAFETY: the caller keeps the contract of `alloc_zeroed`.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size);
        // SAFETY: the caller keeps the contract of `realloc`.
        unsafe { System.realloc(at, layout, size) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(at, layout) }
    }
}

/// CPU time of this thread, in nanoseconds: unlike the wall clock it leaves out what other processes took.
pub fn thread_cpu() -> f64 {
    clock(libc::CLOCK_THREAD_CPUTIME_ID)
}

/// CPU time of this process, in nanoseconds.
pub fn process_cpu() -> f64 {
    clock(libc::CLOCK_PROCESS_CPUTIME_ID)
}

fn clock(id: libc::clockid_t) -> f64 {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: `time` is a valid place for the answer.
    unsafe { libc::clock_gettime(id, &mut time) };
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}

/// What can be asked so many times in a row; answers the last response.
pub type Run<'a> = &'a dyn Fn(u64) -> Vec<u8>;

/// Figures of one contender for one workload while they are taken.
pub struct Figures {
    /// Answers in one sample.
    batch: u64,
    samples: Vec<f64>,
    pub allocations: u64,
    pub bytes: u64,
    pub size: usize,
}

impl Figures {
    /// Warms up, and finds how many answers take so many nanoseconds.
    pub fn new(run: Run<'_>, sample: f64) -> Self {
        run(3);
        let mut batch = 1;
        loop {
            let took = timed(run, batch).max(1.0);
            if took >= sample / 4.0 {
                batch = ((batch as f64 * sample / took).ceil() as u64).max(1);
                break;
            }
            batch *= 4;
        }
        let (allocations, bytes) = (ALLOCATIONS.load(Relaxed), BYTES.load(Relaxed));
        let size = run(batch).len();
        Figures {
            batch,
            samples: Vec::new(),
            allocations: (ALLOCATIONS.load(Relaxed) - allocations) / batch,
            bytes: (BYTES.load(Relaxed) - bytes) / batch,
            size,
        }
    }

    /// One more sample.
    pub fn sample(&mut self, run: Run<'_>) {
        let took = timed(run, self.batch);
        self.samples.push(took / self.batch as f64);
    }

    /// The median of the samples, in nanoseconds for one answer.
    pub fn median(&self) -> f64 {
        let mut samples = self.samples.clone();
        samples.sort_by(f64::total_cmp);
        samples.get(samples.len() / 2).copied().unwrap_or(f64::NAN)
    }
}

fn timed(run: Run<'_>, times: u64) -> f64 {
    let start = thread_cpu();
    black_box(run(times));
    thread_cpu() - start
}
