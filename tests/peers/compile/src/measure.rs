//! One package: written, compiled, edited, compiled again.
//!
//! In: a contender and a folder. Out: CPU seconds of each step. Must not know: what the contenders write.

use crate::contenders::{Contender, Files};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Seconds of each step.
pub type Row = [f64; 6];

/// Times the steps for so many types; the dependencies are built before, with one type.
pub fn measure(contender: &Contender, types: usize, folder: &Path) -> Result<Row, String> {
    write(folder, &(contender.files)(1))?;
    for command in [&["check"][..], &["build"], &["build", "--release"]] {
        cargo(folder, command)?;
    }
    let files = (contender.files)(types);
    forget(folder)?;
    write(folder, &files)?;
    let generate = match contender.ours {
        true => generate(folder)?,
        false => 0.0,
    };
    let check = cargo(folder, &["check"])?;
    edit(folder, contender, &files, 1)?;
    let check_again = cargo(folder, &["check"])?;
    let debug = cargo(folder, &["build"])?;
    edit(folder, contender, &files, 2)?;
    let debug_again = cargo(folder, &["build"])?;
    let release = cargo(folder, &["build", "--release"])?;
    Ok([generate, check, check_again, debug, debug_again, release])
}

/// Writes the files of a package.
pub fn write(folder: &Path, files: &Files) -> Result<(), String> {
    for (name, text) in files {
        let path = folder.join(name);
        let parent = path.parent().ok_or("a file lies in a folder")?;
        fs::create_dir_all(parent).map_err(|e| format!("{}: {e}", parent.display()))?;
        fs::write(&path, text).map_err(|e| format!("{}: {e}", path.display()))?;
    }
    Ok(())
}

/// A change in what a person wrote: the value that one resolver answers.
fn edit(folder: &Path, contender: &Contender, files: &Files, number: usize) -> Result<(), String> {
    let Some((_, text)) = files.iter().find(|(name, _)| name == contender.edited) else {
        return Err(format!("there is no `{}`", contender.edited));
    };
    let (before, after) = text
        .rsplit_once(contender.edit)
        .ok_or_else(|| format!("`{}` is not in `{}`", contender.edit, contender.edited))?;
    let text = format!("{before}{{ let _x = {number}; {} }}{after}", contender.edit);
    write(folder, &vec![(contender.edited.to_owned(), text)])
}

/// What all packages share, so that dependencies are built once.
fn target(folder: &Path) -> PathBuf {
    folder.with_file_name("target")
}

/// Whatever was compiled of the package itself goes, and what its dependencies are stays.
fn forget(folder: &Path) -> Result<(), String> {
    let package = own_name(folder);
    for profile in ["debug", "release"] {
        for part in ["incremental", ".fingerprint", "deps", "build"] {
            let part = target(folder).join(profile).join(part);
            let Ok(entries) = fs::read_dir(&part) else {
                continue;
            };
            for entry in entries.flatten() {
                let name = entry.file_name().into_string().unwrap_or_default();
                let name = name.trim_start_matches("lib");
                let own = name
                    .strip_prefix(package)
                    .is_some_and(|rest| rest.starts_with('-'));
                // The build script is not compiled anew by a change of the schema, nor by an edit.
                let script = part.ends_with("build") || name.starts_with("build_script");
                if own && !script {
                    let path = entry.path();
                    let gone = if path.is_dir() {
                        fs::remove_dir_all(&path)
                    } else {
                        fs::remove_file(&path)
                    };
                    gone.map_err(|e| format!("{}: {e}", path.display()))?;
                }
            }
        }
    }
    Ok(())
}

/// Runs the package's build script as Cargo would, into an empty folder.
fn generate(folder: &Path) -> Result<f64, String> {
    let (package, builds) = (own_name(folder), target(folder).join("debug/build"));
    let found = fs::read_dir(&builds).map_err(|e| format!("{}: {e}", builds.display()))?;
    let scripts = found.flatten().filter(|entry| {
        let name = entry.file_name().into_string().unwrap_or_default();
        name.strip_prefix(package)
            .is_some_and(|rest| rest.starts_with('-'))
    });
    let script = scripts
        .map(|entry| entry.path().join("build-script-build"))
        .max_by_key(|path| path.metadata().and_then(|file| file.modified()).ok());
    let out = target(folder).join("generated");
    let _ = fs::remove_dir_all(&out);
    fs::create_dir_all(&out).map_err(|e| format!("{}: {e}", out.display()))?;
    let before = children()?;
    let output = Command::new(script.ok_or("there is no build script")?)
        .env("CARGO_MANIFEST_DIR", folder)
        .env("OUT_DIR", &out)
        .env_remove("CI")
        .output()
        .map_err(|e| format!("the build script: {e}"))?;
    let said = String::from_utf8_lossy(&output.stdout);
    match output.status.success() && !said.contains("cargo::error") {
        true => Ok(children()? - before),
        false => Err(said.chars().take(3000).collect()),
    }
}

fn own_name(folder: &Path) -> &str {
    let name = folder.file_name().and_then(|name| name.to_str());
    name.unwrap_or_default()
}

/// Runs Cargo; its CPU seconds and those of all its children.
fn cargo(folder: &Path, args: &[&str]) -> Result<f64, String> {
    let before = children()?;
    let output = Command::new("cargo")
        .args(args)
        .args(["--quiet", "--manifest-path"])
        .arg(folder.join("Cargo.toml"))
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target(folder))
        .env_remove("CI")
        .env_remove("RUSTFLAGS")
        .output()
        .map_err(|e| format!("cargo: {e}"))?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        return Err(text.chars().take(3000).collect());
    }
    Ok(children()? - before)
}

/// CPU seconds of all children that were waited for, and of theirs (`man 5 proc`: cutime and cstime, in hundredths).
fn children() -> Result<f64, String> {
    let text =
        fs::read_to_string("/proc/self/stat").map_err(|e| format!("/proc/self/stat: {e}"))?;
    // The second field, the program's name, may hold anything but ends with the last bracket.
    let fields = text.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: f64 = fields
        .split_whitespace()
        .skip(13)
        .take(2)
        .filter_map(|field| field.parse::<f64>().ok())
        .sum();
    Ok(ticks / 100.0)
}
