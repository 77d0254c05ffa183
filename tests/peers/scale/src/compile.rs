//! What it costs to compile what was generated from GitHub's schema.
//!
//! In: the schema. Out: CPU seconds of `cargo` and its children, and the most memory of one `rustc`.
//! Must not know: how it was generated.

use crate::process;
use crate::project::Project;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Builds the dependencies with a schema of one type first, then the crate.
pub fn print(folder: &Path, sdl: &str) -> Result<(), String> {
    println!("\n| GitHub's schema | CPU seconds | seconds | memory of rustc |\n|---|---|---|---|");
    let folder = folder.join("compile");
    let small = Project::new(&folder, "type Query { a(b: Int): Int }")?;
    for command in [&["check"][..], &["build"]] {
        cargo(&small, command)?;
    }
    let large = Project::new(&folder, sdl)?;
    for (command, title) in [(&["check"][..], "check"), (&["build"], "debug build")] {
        let (cpu, wall, memory) = cargo(&large, command)?;
        println!(
            "| {title} | {cpu:.1} | {wall:.1} | {:.0} MB |",
            memory as f64 / 1e6
        );
    }
    Ok(())
}

/// CPU seconds, seconds, and bytes.
fn cargo(project: &Project, args: &[&str]) -> Result<(f64, f64, u64), String> {
    let (cpu, start) = (cpu_of_children()?, Instant::now());
    let log = project.folder().join("cargo.log");
    let file = fs::File::create(&log).map_err(|e| e.to_string())?;
    let mut child = Command::new("cargo")
        .args(args)
        .arg("--quiet")
        .current_dir(project.folder())
        .env("CARGO_TARGET_DIR", project.folder().join("target"))
        .env_remove("CI")
        .env_remove("RUSTFLAGS")
        .stdout(Stdio::null())
        .stderr(file)
        .spawn()
        .map_err(|e| format!("cargo: {e}"))?;
    let (success, memory) = watch(&mut child)?;
    if !success {
        let text = fs::read_to_string(&log).unwrap_or_default();
        return Err(text.chars().take(4000).collect());
    }
    Ok((
        cpu_of_children()? - cpu,
        start.elapsed().as_secs_f64(),
        memory,
    ))
}

/// Waits for Cargo, and looks at its compilers meanwhile.
fn watch(child: &mut Child) -> Result<(bool, u64), String> {
    let mut most = 0;
    loop {
        if let Some(status) = child.try_wait().map_err(|e| e.to_string())? {
            return Ok((status.success(), most));
        }
        for process in fs::read_dir("/proc").map_err(|e| e.to_string())?.flatten() {
            let process = process.file_name().to_string_lossy().into_owned();
            if parent(&process) == Some(child.id()) {
                most = most.max(process::high_water(&process).unwrap_or(0));
            }
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn parent(process: &str) -> Option<u32> {
    process.parse::<u32>().ok()?;
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("PPid:"))?;
    line.trim().parse().ok()
}

/// CPU seconds of all children that were waited for, and of theirs (`man 5 proc`: cutime and cstime, in hundredths).
fn cpu_of_children() -> Result<f64, String> {
    let text =
        fs::read_to_string("/proc/self/stat").map_err(|e| format!("/proc/self/stat: {e}"))?;
    // The second field, the program's name, may hold anything but ends with the last bracket.
    let fields = text.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks = fields.split_whitespace().skip(13).take(2);
    Ok(ticks
        .filter_map(|field| field.parse::<f64>().ok())
        .sum::<f64>()
        / 100.0)
}
