//! One run of the generator in a process of its own, and what it cost.
//!
//! In: a folder of a package. Out: milliseconds and bytes. Must not know: which schema it is.

use graphwright_codegen::load::{self, Loaded};
use graphwright_codegen::{pipeline, write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// What a run cost.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    /// From the start of the process to its end.
    pub milliseconds: f64,
    /// The most memory that was resident at a time, in bytes.
    pub memory: u64,
}

/// Runs this program again, for one step.
pub fn run(step: &str, root: &Path, out: &Path) -> Result<Cost, String> {
    let program = std::env::current_exe().map_err(|e| e.to_string())?;
    let start = Instant::now();
    let output = Command::new(program)
        .arg(format!("--step={step}"))
        .env("CARGO_MANIFEST_DIR", root)
        .env("OUT_DIR", out)
        .env_remove("CI")
        .env_remove("DOCS_RS")
        .stderr(Stdio::inherit())
        .output()
        .map_err(|e| e.to_string())?;
    let milliseconds = start.elapsed().as_secs_f64() * 1e3;
    let said = String::from_utf8_lossy(&output.stdout);
    let findings: Vec<&str> = said
        .lines()
        .filter(|line| line.starts_with("cargo::error"))
        .collect();
    if !output.status.success() || !findings.is_empty() {
        return Err(format!(
            "{}: {step} failed\n{}",
            root.display(),
            findings.join("\n")
        ));
    }
    let memory = said.lines().find_map(|line| line.strip_prefix("memory "));
    let memory = memory
        .and_then(|bytes| bytes.parse().ok())
        .ok_or("no memory was told")?;
    Ok(Cost {
        milliseconds,
        memory,
    })
}

/// What that process does; its settings are where Cargo puts them.
pub fn step(step: &str) {
    match step {
        "build" => graphwright_codegen::build(),
        _ => sync(),
    }
    println!("memory {}", high_water("self").unwrap_or(0));
}

/// As `graphwright sync` does.
fn sync() {
    let root = std::env::var_os("CARGO_MANIFEST_DIR")
        .map(std::path::PathBuf::from)
        .unwrap_or_default();
    let Loaded {
        inputs,
        options,
        diagnostics,
    } = load::load(&root, |_| {});
    let output = pipeline::inspect(&inputs, &options);
    for findings in [&diagnostics, &output.diagnostics] {
        if findings.has_errors() {
            let lines = findings.render_lines(&inputs.sources);
            lines
                .lines()
                .for_each(|line| println!("cargo::error={line}"));
        }
    }
    if let Err(error) = write::commit(&root, &output.changes(&inputs)) {
        println!("cargo::error={error}");
    }
}

/// The most memory that a process had resident so far, in bytes.
pub fn high_water(process: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    Some(kilobytes * 1024)
}
