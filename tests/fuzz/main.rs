//! Hostile input, from a seed, to everything that reads what clients send: documents, variables, HTTP requests, schemas;
//! and to the merge, which reads what users made of their stub files.
//!
//! ```text
//! cargo run -p graphwright-tests --bin fuzz -- --seconds 60 --seed 1
//! cargo run -p graphwright-tests --bin fuzz -- --target splicer --seconds 60
//! cargo run -p graphwright-tests --bin fuzz -- --replay target/fuzz/FILE
//! ```
//!
//! No input may make a panic, an internal error, a response of a wrong shape, or take more than its time or memory. Each
//! input is made of the seed and its number alone. The inputs are tried in a child process, which tells the number that
//! it is at: so one that ends the process is known as well, and the next child goes on behind it. What fails is saved
//! with a line that says how to replay it, and the program ends with failure.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "tests"
)]

mod hostile;
mod input;
mod memory;
mod targets;
mod watch;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use crate::input::{Input, Target};

#[global_allocator]
static COUNTING: memory::Counting = memory::Counting;

/// What is asked on the command line.
#[derive(Debug, Clone)]
struct Options {
    target: Target,
    seconds: u64,
    seed: u64,
    /// The first number to try.
    from: u64,
    /// Milliseconds of CPU time that one input may take.
    bound: u64,
    folder: PathBuf,
    replay: Option<PathBuf>,
    /// In the child: where it tells its number.
    child: Option<PathBuf>,
}

fn main() -> ExitCode {
    let options = match options(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(why) => {
            eprintln!(
                "{why}\nusage: fuzz [--target requests|splicer] [--seconds N] [--seed S] [--from N] [--bound MILLISECONDS] [--folder DIR] [--replay FILE]"
            );
            return ExitCode::from(2);
        }
    };
    if let Some(file) = &options.replay {
        return replay(&options, file);
    }
    match &options.child {
        Some(cursor) => child(&options, cursor),
        None => parent(&options),
    }
}

fn options(mut args: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options {
        target: Target::Requests,
        seconds: 60,
        seed: 1,
        from: 0,
        bound: 4000,
        folder: graphwright_tests::workspace().join("target/fuzz"),
        replay: None,
        child: None,
    };
    while let Some(name) = args.next() {
        let value = args.next().ok_or_else(|| format!("{name} needs a value"))?;
        let number = || value.parse::<u64>().map_err(|e| format!("{name}: {e}"));
        match name.as_str() {
            "--target" => options.target = target(&value)?,
            "--seconds" => options.seconds = number()?,
            "--seed" => options.seed = number()?,
            "--from" => options.from = number()?,
            "--bound" => options.bound = number()?,
            "--folder" => options.folder = value.into(),
            "--replay" => options.replay = Some(value.into()),
            "--child" => options.child = Some(value.into()),
            _ => return Err(format!("unknown: {name}")),
        }
    }
    Ok(options)
}

const TARGETS: [(&str, Target); 2] = [("requests", Target::Requests), ("splicer", Target::Splicer)];

fn target(name: &str) -> Result<Target, String> {
    let found = TARGETS.iter().find(|(known, _)| *known == name);
    found
        .map(|(_, target)| *target)
        .ok_or_else(|| format!("--target: {name}"))
}

/// Starts children until the time is over; answers for all of them.
fn parent(options: &Options) -> ExitCode {
    std::fs::create_dir_all(&options.folder).expect("a folder for what is found");
    let cursor = options
        .folder
        .join(format!("cursor-{}", std::process::id()));
    let end = Instant::now() + Duration::from_secs(options.seconds);
    let (mut from, mut tally) = (options.from, watch::Tally::default());
    while Instant::now() < end {
        let left = end
            .saturating_duration_since(Instant::now())
            .as_secs()
            .max(1);
        let _ = std::fs::remove_file(&cursor);
        let target = TARGETS.iter().find(|(_, one)| *one == options.target);
        let status = Command::new(std::env::current_exe().expect("a running program has a path"))
            .args(["--target", target.map_or("", |(name, _)| name)])
            .args([
                "--seconds",
                &left.to_string(),
                "--seed",
                &options.seed.to_string(),
            ])
            .args([
                "--from",
                &from.to_string(),
                "--bound",
                &options.bound.to_string(),
            ])
            .arg("--folder")
            .arg(&options.folder)
            .arg("--child")
            .arg(&cursor)
            .status()
            .expect("this program starts");
        let reached = watch::read(&cursor);
        tally.add(&reached);
        from = reached.number + 1;
        if !status.success() {
            let why = format!("the process ended with {status}");
            save(options, reached.number, &why);
            tally.findings += 1;
        }
    }
    let _ = std::fs::remove_file(&cursor);
    println!("{tally}");
    println!(
        "{} executions, {} findings, seed {}",
        tally.executions, tally.findings, options.seed
    );
    if tally.findings > 0 {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

/// Tries one input after another, until the time is over or what schemas leave behind is too much.
fn child(options: &Options, cursor: &Path) -> ExitCode {
    const WORN: usize = 1 << 30;
    let mut targets = targets::Targets::new();
    let watch = watch::Watch::start(cursor, options.bound);
    let end = Instant::now() + Duration::from_secs(options.seconds);
    let mut number = options.from;
    while Instant::now() < end && memory::live() < WORN {
        let input = input::make(options.target, options.seed, number, targets.schemas());
        watch.begin(number, input.kind());
        if let Err(why) = judged(&mut targets, &input, options.bound) {
            watch.found();
            save(options, number, &why);
        }
        watch.end();
        number += 1;
    }
    ExitCode::SUCCESS
}

/// Tries the input; one that took too long is tried again, for something else of this process may have run beside it.
fn judged(targets: &mut targets::Targets, input: &Input, bound: u64) -> Result<(), String> {
    const MEMORY: usize = 200 << 20;
    let mut took = Duration::MAX;
    for _ in 0..3 {
        let before = memory::begin();
        let start = watch::cpu();
        targets.run(input)?;
        took = took.min(watch::cpu().saturating_sub(start));
        let most = memory::peak().saturating_sub(before);
        if most > MEMORY {
            return Err(format!("it took {} MiB", most >> 20));
        }
        if took.as_millis() <= u128::from(bound) {
            return Ok(());
        }
    }
    Err(format!("it took {took:?} of CPU time"))
}

/// Writes the input down, and how to see it fail again.
fn save(options: &Options, number: u64, why: &str) {
    let seed = options.seed;
    let input = input::make(options.target, seed, number, &targets::schemas());
    let file = options
        .folder
        .join(format!("{}-{seed}-{number}.json", input.kind()));
    let text = serde_json::to_vec_pretty(&input.to_json(why)).expect("an input is JSON");
    std::fs::write(&file, text).expect("the input is written down");
    eprintln!(
        "{why}\n  replay: cargo run -p graphwright-tests --bin fuzz -- --replay {}",
        file.display()
    );
}

fn replay(options: &Options, file: &Path) -> ExitCode {
    let text = std::fs::read(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    let input = Input::from_json(&serde_json::from_slice(&text).expect("JSON"));
    println!("{input:#?}");
    let start = Instant::now();
    let judged = judged(&mut targets::Targets::new(), &input, options.bound);
    println!("{judged:?} in {:?}", start.elapsed());
    if judged.is_err() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}
