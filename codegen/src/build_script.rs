//! The generator in a build script: one line, and Cargo knows the rest.
//!
//! In: Cargo's environment. Out: `$OUT_DIR/graphwright.rs`, stubs and the first migration where this build may write
//! them, and Cargo's instructions on standard output. Must not know: how anything is generated.

mod bodies;
mod stamp;
mod watch;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::load::{self, Inputs, Loaded};
use crate::lock;
use crate::merge;
use crate::options::{Layout, Options, StubMode};
use crate::pipeline::{Output, generate, inspect};
use crate::source::Sources;
use crate::write::{self, FileError};
use stamp::Held;
use std::path::PathBuf;

/// Runs the generator for the package whose build script this is.
///
/// Settings come from `[package.metadata.graphwright]` in its `Cargo.toml`. Mistakes become errors of the build.
///
/// ```no_run
/// graphwright_codegen::build();
/// ```
pub fn build() {
    Build::new().run();
}

/// A build with settings made by code, for what a table in `Cargo.toml` cannot say. They win over the table's.
///
/// ```no_run
/// graphwright_codegen::Build::new().schema(["api/**/*.graphql"]).app("crate::state::Server").run();
/// ```
#[derive(Default)]
#[must_use = "nothing happens before `run`"]
pub struct Build {
    changes: Vec<Change>,
}

/// Changes the settings of `Cargo.toml` before they are followed.
type Change = Box<dyn FnOnce(&mut Options)>;

impl Build {
    /// A build with the settings of `Cargo.toml`.
    pub fn new() -> Build {
        Build::default()
    }

    /// The SDL files: paths relative to the package; `*`, `?`, `**` and `[…]` are wild.
    pub fn schema<S: Into<String>>(self, patterns: impl IntoIterator<Item = S>) -> Build {
        let patterns = patterns.into_iter().map(Into::into).collect();
        self.with(move |options| options.schema = patterns)
    }

    /// The manifest of jobs, which need not exist.
    pub fn jobs(self, path: impl Into<String>) -> Build {
        let path = path.into();
        self.with(move |options| options.jobs = path)
    }

    /// The type that implements the generated traits, as a path such as `crate::App`.
    pub fn app(self, path: impl Into<String>) -> Build {
        let path = path.into();
        self.with(move |options| options.app = path)
    }

    /// The folder of resolver stubs.
    pub fn resolvers(self, folder: impl Into<String>) -> Build {
        let folder = folder.into();
        self.with(move |options| options.resolvers = folder)
    }

    /// The folder of job stubs.
    pub fn jobs_dir(self, folder: impl Into<String>) -> Build {
        let folder = folder.into();
        self.with(move |options| options.jobs_dir = folder)
    }

    /// The folder of SQL migrations.
    pub fn migrations(self, folder: impl Into<String>) -> Build {
        let folder = folder.into();
        self.with(move |options| options.migrations = folder)
    }

    /// Whether this build may touch stub files.
    pub fn stubs(self, mode: StubMode) -> Build {
        self.with(move |options| options.stubs = mode)
    }

    /// Which stubs share a file.
    pub fn layout(self, layout: Layout) -> Build {
        self.with(move |options| options.layout = layout)
    }

    /// Generates, and tells Cargo what happened and what to watch.
    ///
    /// # Panics
    /// Outside of a build script, where Cargo's `CARGO_MANIFEST_DIR` and `OUT_DIR` are not set.
    #[allow(
        clippy::print_stdout,
        reason = "build scripts talk to Cargo on standard output"
    )]
    pub fn run(self) {
        let env = |name: &str| std::env::var(name).ok();
        let place = Place {
            root: env("CARGO_MANIFEST_DIR")
                .expect("a build script runs with CARGO_MANIFEST_DIR set")
                .into(),
            out: env("OUT_DIR")
                .expect("a build script runs with OUT_DIR set")
                .into(),
            ci: env("CI"),
            docs_rs: env("DOCS_RS").is_some(),
            generator: std::env::current_exe()
                .ok()
                .and_then(|program| Some(format!("{program:?} {}", stamp::identity(&program)?))),
        };
        println!("{}", run(&place, self.changes).join("\n"));
    }

    fn with(mut self, change: impl FnOnce(&mut Options) + 'static) -> Build {
        self.changes.push(Box::new(change));
        self
    }
}

/// What the environment says.
struct Place {
    root: PathBuf,
    out: PathBuf,
    ci: Option<String>,
    docs_rs: bool,
    /// Tells this generator from all others; without, nothing is kept from run to run.
    generator: Option<String>,
}

impl Place {
    /// Whether this is a developer's own working copy, where files may be written.
    fn is_own(&self) -> bool {
        let ci = self
            .ci
            .as_deref()
            .is_some_and(|value| !matches!(value, "" | "0" | "false"));
        !ci && !self.docs_rs && !self.is_copy()
    }

    /// Whether Cargo unpacked or checked out the package: to verify what `cargo package` made, or as a dependency.
    fn is_copy(&self) -> bool {
        let marks = ["Cargo.toml.orig", ".cargo-ok", ".cargo-checksum.json"];
        let path = self.root.to_string_lossy().replace('\\', "/");
        marks.iter().any(|mark| self.root.join(mark).exists()) || path.contains("/git/checkouts/")
    }

    fn may_write(&self, options: &Options) -> bool {
        options.stubs == StubMode::Write && self.is_own()
    }

    fn module(&self) -> PathBuf {
        self.out.join("graphwright.rs")
    }

    /// Everything but the inputs that a run's result depends on.
    fn key(&self, options: &Options) -> Option<String> {
        let (version, generator) = (env!("CARGO_PKG_VERSION"), self.generator.as_ref()?);
        let write = self.may_write(options);
        Some(format!(
            "{version}\n{generator}\nwrite: {write}\n{options:?}"
        ))
    }
}

/// How often a run begins again because a file that it had read was saved meanwhile.
const ATTEMPTS: usize = 5;

/// Answers the lines for Cargo.
fn run(place: &Place, changes: Vec<Change>) -> Vec<String> {
    let mended = mend(place);
    let mut loaded = load::load(&place.root, |options| {
        changes.into_iter().for_each(|change| change(options))
    });
    if let Err(error) = mended {
        loaded.diagnostics.general(Code::Io, error);
    }
    let key = place.key(&loaded.options);
    let key = key.filter(|_| loaded.diagnostics.is_empty());
    let held = match &key {
        Some(key) => stamp::held(&place.out, &place.module(), key, &loaded.inputs),
        None => Held::Nothing,
    };
    if let Held::All(lines) = held {
        return lines;
    }
    if let Err(error) = stamp::forget(&place.out) {
        let message = format!("cannot write to `{}`: {error}", place.out.display());
        loaded.diagnostics.general(Code::Io, message);
    }
    let output = attempt(place, held == Held::Module, &mut loaded);
    finish(place, key.as_deref(), &output, loaded)
}

/// Generates and writes, as often as a file changes between being read and being written.
fn attempt(place: &Place, module_holds: bool, loaded: &mut Loaded) -> Output {
    let mut module_holds = module_holds;
    for attempt in 1.. {
        if loaded.diagnostics.has_errors() {
            break;
        }
        let mut output = match module_holds {
            true => inspect(&loaded.inputs, &loaded.options),
            false => generate(&loaded.inputs, &loaded.options),
        };
        let mut found = std::mem::take(&mut output.diagnostics);
        let error = write_all(place, loaded, &output, &mut found).err();
        if attempt < ATTEMPTS && error.as_ref().is_some_and(FileError::is_stale) {
            let options = loaded.options.clone();
            *loaded = load::load(&place.root, |own| *own = options);
            module_holds = false;
            continue;
        }
        if let Some(error) = error {
            found.general(Code::Io, error.to_string());
        }
        loaded.diagnostics.extend(found);
        return output;
    }
    Output::default()
}

/// What Cargo is told; kept for the next run where it will be the same.
fn finish(place: &Place, key: Option<&str>, output: &Output, loaded: Loaded) -> Vec<String> {
    let Loaded {
        mut inputs,
        options,
        diagnostics,
    } = loaded;
    let reports = diagnostics.sorted().into_iter();
    let mut lines: Vec<String> = reports.flat_map(|d| report(d, &inputs.sources)).collect();
    let placed = diagnostics.sorted().iter().all(|d| d.span.is_some());
    let changed = apply(output, &options, &mut inputs);
    lines.extend(watch::lines(place, &options, &inputs, &output.looked_at));
    // What is said of a stub may change with it, and what is said of a change is said once; what is said of a place in
    // the schema will be said again.
    let of_stubs = !output.kept.is_empty() || !output.behind.is_empty();
    let lasting = !diagnostics.has_errors() && !of_stubs && (placed || !changed);
    if let (true, Some(key)) = (lasting, key) {
        let run = stamp::Run {
            key,
            inputs: &inputs,
            looked_at: &output.looked_at,
            lines: &lines,
        };
        stamp::keep(&place.out, &place.module(), &run);
    }
    lines
}

/// Undoes what a run left that was killed, before anything is read.
fn mend(place: &Place) -> Result<(), String> {
    if place.is_own() {
        return write::recover(&place.root)
            .map(drop)
            .map_err(|error| error.to_string());
    }
    match write::is_interrupted(&place.root) {
        true => Err("a run of graphwright did not end here; run `graphwright sync`".to_owned()),
        false => Ok(()),
    }
}

/// Writes the package's own files where that is allowed, and then the module, which belongs to Cargo.
fn write_all(
    place: &Place,
    loaded: &Loaded,
    output: &Output,
    diags: &mut Diagnostics,
) -> Result<(), FileError> {
    let Loaded {
        inputs, options, ..
    } = loaded;
    if !output.sound {
        return Ok(());
    }
    let newest = watch::newest(place, inputs);
    let written = match place.may_write(options) {
        true => match write::commit(&place.root, &output.changes(inputs)) {
            Err(error) if error.is_read_only() => None,
            other => Some(other?),
        },
        false => None,
    };
    match &written {
        // rustc points at a method without a field; how to go on is for us to say.
        Some(_) => {
            merge::kept(&output.kept, true, diags);
            merge::behind(&output.behind, true, diags);
        }
        None => diags.extend(output.missing()),
    }
    if let (Some(written), Some(newest)) = (written, newest) {
        watch::settle(place, &written, &options.migrations, newest);
    }
    match &output.generated {
        Some(module) => write::alone(&place.module(), module).map(drop),
        None => Ok(()),
    }
}

/// The inputs as they are after what a run wrote; answers whether it wrote anything of the package.
fn apply(output: &Output, options: &Options, inputs: &mut Inputs) -> bool {
    for (path, text) in &output.files {
        let texts = match path {
            path if path == lock::FILE => {
                inputs.lock.clone_from(text);
                continue;
            }
            path if path.ends_with(".rs") => &mut inputs.rust,
            path if path.starts_with(&options.migrations) => &mut inputs.migrations,
            // Not an input of the next run.
            _ => continue,
        };
        texts.insert(path.clone(), text.clone());
    }
    inputs.rust.retain(|path, _| !output.deleted.contains(path));
    !output.files.is_empty() || !output.deleted.is_empty()
}

/// A finding as lines for Cargo, the first of which says where and what.
fn report(finding: &Diagnostic, sources: &Sources) -> Vec<String> {
    let key = match finding.severity {
        Severity::Error => "cargo::error",
        Severity::Warning => "cargo::warning",
    };
    let rendered = finding.render(sources, false);
    rendered
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| format!("{key}={line}"))
        .collect()
}

#[cfg(test)]
mod tests;
