//! A version of a schema, wherever it comes from.
//!
//! In: what the command line calls it. Out: a resolved schema with its sources. Must not know: what it is compared with.

use super::{endpoint, git};
use crate::cli::{Failure, load_project};
use crate::diagnostic::Diagnostics;
use crate::ir::Schema;
use crate::load::{self, Inputs, Loaded};
use crate::source::Sources;
use crate::{lock, parse, pipeline};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A version of a schema.
pub(super) struct Version {
    /// As messages call it.
    pub(super) name: String,
    /// Whether its SDL was made from introspection, so that places in it mean nothing.
    pub(super) is_introspected: bool,
    pub(super) sources: Sources,
    pub(super) schema: Schema,
    /// Who may do what, if the version says so at all.
    pub(super) access: Option<BTreeMap<String, String>>,
    pub(super) diagnostics: Diagnostics,
}

/// Reads a version by its name: an address, a file, a folder, or else a git revision.
pub(super) fn read(
    dir: &Path,
    name: &str,
    headers: &[(String, String)],
) -> Result<Version, Failure> {
    if name.starts_with("http://") || name.starts_with("https://") {
        return introspected(name, &endpoint::introspect(name, headers)?);
    }
    let path = dir.join(name);
    if path.join("Cargo.toml").is_file() {
        return Ok(of(load_project(&path)?, quoted(name), true));
    }
    if path.is_dir() {
        return folder(dir, name);
    }
    if !path.is_file() {
        return git::read(dir, name);
    }
    if path
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("json"))
    {
        let text = std::fs::read_to_string(&path)
            .map_err(|error| Failure::Told(format!("cannot read `{name}`: {error}")))?;
        return introspected(name, &text);
    }
    let loaded = load::load_files(dir, &[PathBuf::from(name)], None);
    Ok(of(loaded, quoted(name), false))
}

/// A version as messages call it.
pub(super) fn quoted(name: &str) -> String {
    format!("`{name}`")
}

/// What was read, resolved. `is_project` says that directives of ours mean in it what they mean to the generator.
pub(super) fn of(loaded: Loaded, name: String, is_project: bool) -> Version {
    let Loaded {
        mut inputs,
        mut diagnostics,
        ..
    } = loaded;
    // What a schedule says is no client's business.
    inputs.jobs = None;
    let ir = match diagnostics.has_errors() {
        true => None,
        false => pipeline::check(&inputs, &mut diagnostics),
    };
    Version {
        name,
        is_introspected: false,
        access: ir
            .as_ref()
            .filter(|_| is_project)
            .map(|ir| lock::matrix(ir)),
        schema: ir.map(|ir| ir.schema.clone()).unwrap_or_default(),
        sources: inputs.sources,
        diagnostics,
    }
}

fn introspected(name: &str, json: &str) -> Result<Version, Failure> {
    let sdl = parse::introspected(json)
        .map_err(|error| Failure::Told(format!("`{name}` has no schema: {error}")))?;
    let mut inputs = Inputs::default();
    inputs.add_schema(name, &sdl);
    let mut diagnostics = Diagnostics::default();
    // Another server's schema need not please our rules.
    let ir = pipeline::resolve(&inputs, &mut diagnostics);
    Ok(Version {
        name: quoted(name),
        is_introspected: true,
        access: None,
        schema: ir.schema,
        sources: inputs.sources,
        diagnostics,
    })
}

/// Every SDL file below a folder.
fn folder(dir: &Path, name: &str) -> Result<Version, Failure> {
    let name = name.trim_end_matches('/');
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from(name)];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(dir.join(&folder)).map_err(|error| {
            Failure::Told(format!("cannot read `{}`: {error}", folder.display()))
        })?;
        for entry in entries.flatten() {
            let below = folder.join(entry.file_name());
            let sdl = below
                .extension()
                .is_some_and(|e| ["graphql", "graphqls", "gql"].iter().any(|sdl| e == *sdl));
            match dir.join(&below).is_dir() {
                true => folders.push(below),
                false if sdl => found.push(below),
                false => {}
            }
        }
    }
    if found.is_empty() {
        return Err(Failure::Told(format!(
            "there is no *.graphql file in the folder `{name}`\n\nName a file, a project's folder, or a git revision with --git."
        )));
    }
    found.sort();
    Ok(of(load::load_files(dir, &found, None), quoted(name), false))
}
