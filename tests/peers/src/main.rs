//! Measures graphwright against other GraphQL servers for Rust.
//!
//! In: the command line. Out: tables, and goals that are reached or not. Must not know: how a contender works.
//!
//! ```text
//! cargo run --release --manifest-path tests/peers/Cargo.toml -- [http | github] [--quick] [--json] [--filter TEXT]
//! ```
//!
//! All contenders serve the same data and must answer byte for byte the same, or nothing is measured. Rounds go from one
//! contender to the next, so that what else runs on the machine disturbs all of them alike; a figure is the median
//! over the rounds of the CPU time of the thread.

mod contenders;
mod floors;
mod github;
mod goals;
mod http;
mod measure;
mod options;
mod table;

use std::process::ExitCode;

use options::{Mode, Options};

#[global_allocator]
static ALLOCATOR: measure::Counting = measure::Counting;

fn main() -> ExitCode {
    let options = match Options::parse(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::from(2);
        }
    };
    if options.mode == Mode::Client {
        return http::client();
    }
    log(&options);
    match options.mode {
        Mode::Http => http::run(&options),
        Mode::Github => github::run(&options),
        _ => in_process(&options),
    }
}

fn in_process(options: &Options) -> ExitCode {
    let contenders = contenders::all();
    let asked = contenders::asked(options);
    if let Err(difference) = contenders::compare(&contenders, &asked) {
        eprintln!("{difference}");
        return ExitCode::FAILURE;
    }
    eprintln!("all answers are the same, byte for byte");
    let rows = contenders::measure(&contenders, &asked, options);
    if options.json {
        println!("{}", table::json(&rows));
    } else {
        println!("{}", table::text(&rows));
        println!("{}", goals::text(&rows));
    }
    ExitCode::SUCCESS
}

/// The log as `graphwright::app` sets it up, but to a sink: formatting is measured, a terminal is not.
fn log(options: &Options) {
    let filter = tracing_subscriber::EnvFilter::new(&options.log);
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(std::io::sink)
        .init();
}
