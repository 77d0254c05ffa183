//! What it costs to compile a large schema: graphwright beside async-graphql, in one run.
//!
//! In: how many types, which contenders. Out: a table of CPU seconds, user and system, of `cargo` and all its children.
//!
//! Every contender is a package of its own that has the same schema: N object types of eight fields (six scalars, two
//! fields that lead to other types), in clusters of ten, a root field for each tenth type, and a `main` that executes
//! one query, so that nothing is left out as unreachable. `generate` is our build script alone, unoptimised as Cargo makes it
//! and from nothing, and is part of `check`, as the macros of the peers are part of theirs. Dependencies are built before anything is timed, by the same
//! package with one type. An edit is a change in the body of one resolver that a person wrote.
//!
//! ```sh
//! cargo run --release -p compile                      # all, 300 types, one round
//! cargo run --release -p compile -- 300 3 gw gw_plain # three rounds of these, the least of each cell
//! cargo run --release -p compile -- 300 gw --write    # writes the package and compiles nothing
//! ```

mod contenders;
mod measure;

use contenders::{Contender, all};
use measure::{Row, measure};
use std::path::PathBuf;
use std::process::ExitCode;

/// What is timed, in the order of [`Row`].
const STEPS: [&str; 6] = [
    "generate",
    "check",
    "check after an edit",
    "debug",
    "debug after an edit",
    "release",
];

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1).peekable();
    let mut number = |default: usize| match args.peek().map(|arg| arg.parse()) {
        Some(Ok(number)) => {
            args.next();
            number
        }
        _ => default,
    };
    let (types, rounds) = (number(300), number(1).max(1));
    let (options, wanted): (Vec<String>, Vec<String>) = args.partition(|arg| arg.starts_with("--"));
    let only_write = options.iter().any(|option| option == "--write");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target"),
        PathBuf::from,
    );
    let folder = target.join("compile");
    let chosen: Vec<Contender> = all()
        .into_iter()
        .filter(|c| wanted.is_empty() || wanted.iter().any(|name| name == c.name))
        .collect();
    if only_write {
        for contender in &chosen {
            if let Err(message) =
                measure::write(&folder.join(contender.name), &(contender.files)(types))
            {
                eprintln!("{message}");
                return ExitCode::FAILURE;
            }
        }
        println!("{}", folder.display());
        return ExitCode::SUCCESS;
    }
    let (mut rows, mut failed): (Vec<(Contender, Row)>, bool) = (Vec::new(), false);
    for round in 1..=rounds {
        for contender in &chosen {
            eprintln!("round {round} of {rounds}: {}", contender.name);
            match measure(contender, types, &folder.join(contender.name)) {
                Ok(row) => {
                    // Minutes lie between two rows: none is lost to whoever stops before the table.
                    eprintln!("{}: {row:.1?}", contender.name);
                    match rows.iter_mut().find(|(c, _)| c.name == contender.name) {
                        Some((_, best)) => {
                            best.iter_mut().zip(row).for_each(|(a, b)| *a = a.min(b));
                        }
                        None => rows.push((*contender, row)),
                    }
                }
                Err(message) => {
                    eprintln!("{}: {message}", contender.name);
                    failed = true;
                }
            }
        }
    }
    print(types, rounds, &rows);
    match failed {
        true => ExitCode::FAILURE,
        false => ExitCode::SUCCESS,
    }
}

/// The table: seconds, and in brackets how many times the seconds of our contender with the same schema.
fn print(types: usize, rounds: usize, rows: &[(Contender, Row)]) {
    println!(
        "CPU seconds (user and system), {types} types of 8 fields, least of {rounds} round(s)\n"
    );
    println!("| contender | {} |", STEPS.join(" | "));
    println!("|---|{}", "---|".repeat(STEPS.len()));
    for (contender, row) in rows {
        let ours = rows
            .iter()
            .find(|(c, _)| c.ours && c.resolvers == contender.resolvers)
            .map(|(_, row)| row);
        let cells =
            row.iter()
                .enumerate()
                .map(|(step, seconds)| match ours.filter(|_| !contender.ours) {
                    _ if step == 0 && !contender.ours => "in `check`".to_owned(),
                    Some(ours) => format!("{seconds:.1} ({:.1}×)", seconds / ours[step].max(0.01)),
                    None if step == 0 => format!("{seconds:.2}"),
                    None => format!("{seconds:.1}"),
                });
        println!(
            "| {} | {} |",
            contender.title,
            cells.collect::<Vec<_>>().join(" | ")
        );
    }
}
