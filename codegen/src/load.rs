//! The reader: everything that one run looks at, read once.
//!
//! In: the folder of a package. Out: [`Inputs`] and the settings. Must not know: what the texts mean.

use crate::diagnostic::{Code, Diagnostics};
use crate::lock;
use crate::options::Options;
use crate::source::{FileId, Source, Sources};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The texts of a run. Paths are relative to the package, with `/`.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// The files that findings point into: `Cargo.toml`, the SDL files by name, the manifest of jobs.
    pub sources: Sources,
    /// The SDL files among them.
    pub schema: Vec<FileId>,
    /// The manifest of jobs among them.
    pub jobs: Option<FileId>,
    /// Every Rust file below `src/`.
    pub rust: BTreeMap<String, String>,
    /// Every file of the folder of migrations.
    pub migrations: BTreeMap<String, String>,
    /// The text of `graphwright.lock`, empty if there is none.
    pub lock: String,
}

/// A package as it was read.
#[derive(Debug)]
pub struct Loaded {
    /// Its texts.
    pub inputs: Inputs,
    /// Its settings.
    pub options: Options,
    /// What could not be read or understood on the way.
    pub diagnostics: Diagnostics,
}

impl Inputs {
    /// Adds an SDL file.
    pub fn add_schema(&mut self, name: &str, text: &str) {
        let id = self.add(name, text);
        self.schema.push(id);
    }

    /// Sets the manifest of jobs.
    pub fn set_jobs(&mut self, name: &str, text: &str) {
        self.jobs = Some(self.add(name, text));
    }

    /// Every text that the run looks at, by its path: what must not change until the run has written.
    pub fn texts(&self) -> BTreeMap<String, String> {
        let sources = self.sources.iter().map(|(_, source)| source);
        let mut texts: BTreeMap<String, String> = sources
            .map(|source| (source.name.clone(), source.text.clone()))
            .collect();
        for (path, text) in self.rust.iter().chain(&self.migrations) {
            texts.insert(path.clone(), text.clone());
        }
        if !self.lock.is_empty() {
            texts.insert(lock::FILE.to_owned(), self.lock.clone());
        }
        texts
    }

    /// The text of one of the package's own files, if it is there: Rust, a migration, the lock.
    pub fn text(&self, path: &str) -> Option<&str> {
        let lock = (path == lock::FILE && !self.lock.is_empty()).then_some(&self.lock);
        let own = self.rust.get(path).or_else(|| self.migrations.get(path));
        own.or(lock).map(String::as_str)
    }

    fn add(&mut self, name: &str, text: &str) -> FileId {
        self.sources.0.push(Source {
            name: name.to_owned(),
            text: text.to_owned(),
        });
        FileId(self.sources.0.len() as u32 - 1)
    }
}

/// Reads the package in this folder. `adjust` may change the settings of its `Cargo.toml` before they are followed.
pub fn load(root: &Path, adjust: impl FnOnce(&mut Options)) -> Loaded {
    let mut inputs = Inputs::default();
    let mut diags = Diagnostics::default();
    let mut options = Options::default();
    if let Some(text) = read(root, "Cargo.toml", &mut diags) {
        let file = inputs.add("Cargo.toml", &text);
        options = Options::from_manifest(file, inputs.sources.file(file), &mut diags);
    }
    adjust(&mut options);
    for name in schema_files(root, &options, &mut diags) {
        if let Some(text) = read(root, &name, &mut diags) {
            inputs.add_schema(&name, &text);
        }
    }
    if root.join(&options.jobs).exists()
        && let Some(text) = read(root, &options.jobs, &mut diags)
    {
        inputs.set_jobs(&options.jobs, &text);
    }
    let is_rust = |name: &str| name.ends_with(".rs");
    inputs.rust = read_folder(root, "src", &is_rust, &mut diags);
    if root.join(lock::FILE).exists() {
        inputs.lock = read(root, lock::FILE, &mut diags).unwrap_or_default();
    }
    let is_migration = |name: &str| name.ends_with(".sql") || name.ends_with(".json");
    inputs.migrations = read_folder(root, &options.migrations, &is_migration, &mut diags);
    Loaded {
        inputs,
        options,
        diagnostics: diags,
    }
}

/// Reads single files instead of a package: SDL (paths, or patterns for them), and a manifest of jobs if there is one.
pub fn load_files(root: &Path, schema: &[PathBuf], jobs: Option<&Path>) -> Loaded {
    let mut inputs = Inputs::default();
    let mut diags = Diagnostics::default();
    let mut seen = BTreeSet::new();
    for path in schema {
        for name in named(root, &path.to_string_lossy(), &mut diags) {
            // Patterns may overlap.
            if seen.insert(name.clone())
                && let Some(text) = read(root, &name, &mut diags)
            {
                inputs.add_schema(&name, &text);
            }
        }
    }
    if let Some(path) = jobs
        && let Some(text) = read(root, &path.to_string_lossy(), &mut diags)
    {
        inputs.set_jobs(&path.to_string_lossy(), &text);
    }
    Loaded {
        inputs,
        options: Options::default(),
        diagnostics: diags,
    }
}

/// The file of that name, or those of the pattern, sorted.
fn named(root: &Path, name: &str, diags: &mut Diagnostics) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    if !name.contains(['*', '?', '[']) || root.join(name).exists() {
        found.insert(name.to_owned());
        return found;
    }
    matching(root, name, &mut found, diags);
    if found.is_empty() && !diags.has_errors() {
        diags.general(Code::NoSchema, format!("no SDL file matches `{name}`"));
    }
    found
}

/// The files that the patterns of the settings name, each once, sorted.
fn schema_files(root: &Path, options: &Options, diags: &mut Diagnostics) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for pattern in &options.schema {
        matching(root, pattern, &mut found, diags);
    }
    if found.is_empty() && !diags.has_errors() {
        let first = options
            .schema
            .first()
            .map_or("schema/*.graphql", String::as_str);
        diags
            .general(
                Code::NoSchema,
                format!("no SDL file matches `{}`", options.schema.join("`, `")),
            )
            .help(format!(
                "create `{}`, or set `schema` in [package.metadata.graphwright]",
                first.replace('*', "schema")
            ));
    }
    found
}

/// Adds the files that a pattern names.
fn matching(root: &Path, pattern: &str, found: &mut BTreeSet<String>, diags: &mut Diagnostics) {
    let full = match Path::new(pattern).is_absolute() {
        true => pattern.to_owned(),
        false => format!(
            "{}/{pattern}",
            glob::Pattern::escape(&root.to_string_lossy())
        ),
    };
    let matches = match glob::glob(&full) {
        Ok(matches) => matches,
        Err(error) => {
            let message = format!("`{pattern}` is not a pattern for files: {}", error.msg);
            diags.general(Code::Settings, message);
            return;
        }
    };
    for path in matches {
        match path {
            Ok(path) if path.is_file() => drop(found.insert(relative(root, &path))),
            Ok(_) => {}
            Err(error) => unreadable(&error.path().to_string_lossy(), error.error(), diags),
        }
    }
}

/// The package's folder below the top of its git working copy, with `/` at the end; empty at the top and outside of one.
///
/// This is what the paths of a patch for `git apply` begin with.
pub fn git_folder(root: &Path) -> String {
    let Ok(full) = root.canonicalize() else {
        return String::new();
    };
    let top = full.ancestors().find(|above| above.join(".git").exists());
    let below = top.map_or(String::new(), |top| relative(top, &full));
    match below.is_empty() {
        true => below,
        false => below + "/",
    }
}

/// The folders and files whose changes can change the SDL files that the patterns name.
pub(crate) fn schema_roots(options: &Options) -> BTreeSet<String> {
    let fixed = |pattern: &String| {
        let wild = pattern.find(['*', '?', '[']).unwrap_or(pattern.len());
        if wild == pattern.len() {
            pattern.clone()
        } else {
            pattern[..wild]
                .rsplit_once('/')
                .map_or("", |(f, _)| f)
                .to_owned()
        }
    };
    // The package itself holds the build's own output, so it is not watched as a folder.
    options
        .schema
        .iter()
        .map(fixed)
        .filter(|path| !path.is_empty())
        .collect()
}

fn read_folder(
    root: &Path,
    folder: &str,
    wanted: &dyn Fn(&str) -> bool,
    diags: &mut Diagnostics,
) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => {
                unreadable(&relative(root, &folder), &error, diags);
                continue;
            }
        };
        for entry in entries.flatten() {
            let path = entry.path();
            let name = relative(root, &path);
            if path.is_dir() {
                folders.push(path);
            } else if wanted(&name) && !entry.file_name().to_string_lossy().starts_with('.') {
                texts.extend(read(root, &name, diags).map(|text| (name, text)));
            }
        }
    }
    texts
}

fn read(root: &Path, name: &str, diags: &mut Diagnostics) -> Option<String> {
    match fs::read_to_string(root.join(name)) {
        Ok(text) => Some(text),
        Err(error) => {
            unreadable(name, &error, diags);
            None
        }
    }
}

fn unreadable(name: &str, error: &io::Error, diags: &mut Diagnostics) {
    diags.general(Code::Io, format!("cannot read `{name}`: {error}"));
}

fn relative(root: &Path, path: &Path) -> String {
    // What walks folders may drop the `./` that a root begins with.
    let plain = root.strip_prefix(".").unwrap_or(root);
    let path = path
        .strip_prefix(root)
        .or_else(|_| path.strip_prefix(plain))
        .unwrap_or(path);
    path.components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}
