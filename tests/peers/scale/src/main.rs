//! What large schemas cost: GitHub's public one, and made-up ones of up to 5,000 types.
//!
//! In: nothing but npm's registry, for the package that carries GitHub's schema. Out: tables of milliseconds, memory and
//! CPU seconds; a failure where a limit is passed.
//!
//! ```sh
//! cargo run --release                      # all
//! cargo run --release -- generate          # without compiling what is generated
//! cargo run --release -- stages            # where the time goes
//! cargo run -- generate                    # as an unoptimised build script, which is what Cargo makes by default
//! CARGO_PROFILE_DEV_OPT_LEVEL=1 cargo run -- generate  # as with `opt-level = 1` in `profile.dev.build-override`
//! ```
//!
//! Every figure is that of a process of its own, from its start to its end, as Cargo would run it: the least of some runs.

mod compile;
mod process;
mod project;
mod schemas;
mod stages;

use process::Cost;
use project::Project;
use std::path::PathBuf;
use std::process::ExitCode;

/// Milliseconds for GitHub's schema, optimised.
const COLD: f64 = 150.0;
const NOTHING_CHANGED: f64 = 30.0;
/// How much dearer a type may be among 5,000 than among 625.
const GROWTH: f64 = 1.5;

const ROUNDS: usize = 5;

fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    if let Some(step) = wanted.first().and_then(|word| word.strip_prefix("--step=")) {
        process::step(step);
        return ExitCode::SUCCESS;
    }
    let wants = |what: &str| wanted.is_empty() || wanted.iter().any(|word| word == what);
    match run(&wants) {
        Ok(failed) if failed.is_empty() => ExitCode::SUCCESS,
        Ok(failed) => {
            println!("\nlimits that were passed:");
            failed.iter().for_each(|limit| println!("- {limit}"));
            ExitCode::FAILURE
        }
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// Answers the limits that were passed.
fn run(wants: &dyn Fn(&str) -> bool) -> Result<Vec<String>, String> {
    let folder = target().join("scale");
    let github = schemas::github(&folder)?;
    let mut failed = Vec::new();
    if wants("stages") {
        stages::print(&github);
    }
    if wants("generate") {
        generate(&folder, &github, &mut failed)?;
    }
    if wants("compile") {
        compile::print(&folder, &github)?;
    }
    Ok(failed)
}

/// Where packages are written and compiled.
fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target"),
        PathBuf::from,
    )
}

fn generate(
    folder: &std::path::Path,
    github: &str,
    failed: &mut Vec<String>,
) -> Result<(), String> {
    let optimised = !cfg!(debug_assertions);
    println!(
        "milliseconds of {} process, least of {ROUNDS}; memory is the most that is resident\n",
        if optimised { "an optimised" } else { "a debug" }
    );
    println!(
        "| schema | SDL | types | cold | memory | nothing changed | a stub edited | a field added | `sync`, nothing changed | written |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    let row = |name: &str, sdl: &str| -> Result<f64, String> {
        let project = Project::new(&folder.join(name), sdl)?;
        let row = Row::measure(&project)?;
        let types = schemas::count(sdl);
        row.print(name, sdl, types);
        Ok(row.cold.milliseconds / types as f64)
    };
    let mut per_type = Vec::new();
    for types in [625, 1250, 2500, 5000] {
        per_type.push(row(
            &format!("synthetic-{types}"),
            &schemas::synthetic(types),
        )?);
    }
    let project = Project::new(&folder.join("github"), github)?;
    let real = Row::measure(&project)?;
    real.print("GitHub", github, schemas::count(github));
    let growth = per_type[per_type.len() - 1] / per_type[0];
    println!("\na type costs {growth:.2} times as much among 5,000 as among 625");
    let mut limit = |what: &str, found: f64, limit: f64| {
        if optimised && found > limit {
            failed.push(format!("{what}: {found:.1}, at most {limit}"));
        }
    };
    limit("GitHub, cold", real.cold.milliseconds, COLD);
    limit(
        "GitHub, nothing changed",
        real.same.milliseconds,
        NOTHING_CHANGED,
    );
    limit("growth", growth, GROWTH);
    Ok(())
}

struct Row {
    cold: Cost,
    same: Cost,
    edited: Cost,
    added: Cost,
    synced: Cost,
    written: u64,
}

impl Row {
    fn measure(project: &Project) -> Result<Row, String> {
        let cold = least(|_| {
            project.forget()?;
            project.run("build")
        })?;
        let written = project.written()?;
        let same = least(|_| project.run("build"))?;
        let edited = least(|round| {
            project.edit_stub(round)?;
            project.run("build")
        })?;
        let added = least(|round| {
            project.add_field(round)?;
            project.run("build")
        })?;
        let synced = least(|_| project.run("sync"))?;
        Ok(Row {
            cold,
            same,
            edited,
            added,
            synced,
            written,
        })
    }

    fn print(&self, name: &str, sdl: &str, types: usize) {
        let mega = |bytes: u64| format!("{:.1} MB", bytes as f64 / 1e6);
        println!(
            "| {name} | {} | {types} | {:.0} | {} | {:.1} | {:.1} | {:.0} | {:.0} | {} |",
            mega(sdl.len() as u64),
            self.cold.milliseconds,
            mega(self.cold.memory),
            self.same.milliseconds,
            self.edited.milliseconds,
            self.added.milliseconds,
            self.synced.milliseconds,
            mega(self.written),
        );
    }
}

/// The quickest of some runs.
fn least(mut run: impl FnMut(usize) -> Result<Cost, String>) -> Result<Cost, String> {
    let mut best = run(0)?;
    for round in 1..ROUNDS {
        let cost = run(round)?;
        if cost.milliseconds < best.milliseconds {
            best = cost;
        }
    }
    Ok(best)
}
