//! When Cargo has to run the build script again.
//!
//! In: what a run read. Out: `rerun-if` lines. Must not know: what the files mean.
//!
//! Files are named one by one; a folder only where a new file in it matters, which for Rust it does not: some `mod`
//! leads to it. Cargo takes a path that does not exist for a change, every time. So what is not there yet is a symbolic
//! link in a folder of `OUT_DIR`: Cargo passes over links that lead nowhere, and sees the file once it is there.

use super::Place;
use crate::load::{self, Inputs};
use crate::lock;
use crate::merge::LookedAt;
use crate::options::Options;
use filetime::FileTime;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

/// Name of the folder of links, in `OUT_DIR`.
const LINKS: &str = "graphwright-watch";

/// The lines for a run that read these inputs.
pub(super) fn lines(
    place: &Place,
    options: &Options,
    inputs: &Inputs,
    looked_at: &BTreeMap<String, LookedAt>,
) -> Vec<String> {
    let mut paths: BTreeSet<String> = load::schema_roots(options);
    paths.extend(inputs.sources.iter().map(|(_, source)| source.name.clone()));
    let fixed = [
        "Cargo.toml",
        "build.rs",
        "src/lib.rs",
        "src/main.rs",
        lock::FILE,
    ];
    paths.extend(fixed.map(str::to_owned));
    paths.extend([&options.jobs, &options.migrations].map(String::clone));
    paths.extend([&options.resolvers, &options.jobs_dir].map(|folder| format!("{folder}/mod.rs")));
    let stubs = looked_at.iter().filter(|(_, looked)| looked.stubs);
    paths.extend(stubs.map(|(path, _)| path.clone()));
    // A stub may move to where the generated module is named.
    let naming = inputs
        .rust
        .iter()
        .filter(|(_, text)| text.contains("generated"));
    paths.extend(naming.map(|(path, _)| path.clone()));
    let (there, missing): (Vec<String>, Vec<String>) = paths
        .into_iter()
        .partition(|path| place.root.join(path).exists());
    let mut lines: Vec<String> = there
        .into_iter()
        .map(|path| format!("cargo::rerun-if-changed={path}"))
        .collect();
    let links = place.out.join(LINKS);
    let linked = missing.iter().filter(|path| {
        // Where links cannot be made, a file that comes later is seen with the next change of another.
        link(&place.root.join(path), &links, path).is_ok()
    });
    if linked.count() > 0 {
        lines.push(format!("cargo::rerun-if-changed={}", links.display()));
    }
    lines.extend(["CI", "DOCS_RS"].map(|name| format!("cargo::rerun-if-env-changed={name}")));
    lines
}

/// Makes a link as old as can be: one from this moment would be a change after the beginning of the run.
fn link(target: &Path, folder: &Path, name: &str) -> io::Result<()> {
    let link = folder.join(name.replace(['/', '\\', ':'], "-"));
    if fs::read_link(&link).is_ok_and(|leads_to| leads_to == target) {
        return Ok(());
    }
    fs::create_dir_all(folder)?;
    if link.symlink_metadata().is_ok() {
        fs::remove_file(&link)?;
    }
    symlink(target, &link)?;
    let old = FileTime::from_unix_time(1_000_000_000, 0);
    filetime::set_symlink_file_times(&link, old, old)
        .and_then(|()| filetime::set_file_mtime(folder, old))
        .inspect_err(|_| drop(fs::remove_file(&link)))
}

#[cfg(unix)]
fn symlink(target: &Path, link: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, link)
}

#[cfg(windows)]
fn symlink(target: &Path, link: &Path) -> io::Result<()> {
    std::os::windows::fs::symlink_file(target, link)
}

#[cfg(not(any(unix, windows)))]
fn symlink(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// The newest of what a run reads.
pub(super) fn newest(place: &Place, inputs: &Inputs) -> Option<FileTime> {
    let sources = inputs.sources.iter().map(|(_, source)| &source.name);
    let names = sources
        .chain(inputs.rust.keys())
        .chain(inputs.migrations.keys());
    let names = names.map(String::as_str).chain([lock::FILE]);
    names
        .filter_map(|name| fs::metadata(place.root.join(name)).ok())
        .map(|file| FileTime::from_last_modification_time(&file))
        .max()
}

/// Dates what a run wrote just behind the newest of what it read, rather than behind its own beginning: Cargo would take
/// it for a change since then, and build everything a second time.
pub(super) fn settle(place: &Place, written: &[String], migrations: &str, newest: FileTime) {
    let nanoseconds = newest.nanoseconds() + 1_000_000;
    let date = FileTime::from_unix_time(
        newest.unix_seconds() + i64::from(nanoseconds / 1_000_000_000),
        nanoseconds % 1_000_000_000,
    );
    if date > FileTime::now() {
        return;
    }
    // If it fails there is one build more.
    for path in written {
        let _ = filetime::set_file_mtime(place.root.join(path), date);
    }
    // The one folder that is watched and written to.
    let folder = format!("{migrations}/");
    if written.iter().any(|path| path.starts_with(&folder)) {
        let _ = filetime::set_file_mtime(place.root.join(migrations), date);
    }
}
