//! The generator in a build script: one line, and Cargo knows the rest.
//!
//! In: Cargo's environment. Out: `$OUT_DIR/graphwright.rs`, stubs and the first migration where this build may write
//! them, and Cargo's instructions on standard output. Must not know: how anything is generated.

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::load::{self, Inputs, Loaded};
use crate::lock;
use crate::merge;
use crate::options::{Layout, Options, StubMode};
use crate::pipeline::{Output, generate};
use crate::source::Sources;
use crate::write::{self, FileError};
use std::collections::BTreeSet;
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
        };
        for line in run(&place, self.changes) {
            println!("{line}");
        }
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
}

impl Place {
    /// Whether this is a developer's own working copy, where files may be written.
    fn is_own(&self) -> bool {
        let ci = self
            .ci
            .as_deref()
            .is_some_and(|value| !matches!(value, "" | "0" | "false"));
        let path = self.root.to_string_lossy().replace('\\', "/");
        // Where `cargo package` verifies, and where Cargo keeps what it downloads.
        let copy = ["/target/package/", "/registry/src/", "/git/checkouts/"]
            .iter()
            .any(|part| path.contains(part));
        !ci && !self.docs_rs && !copy
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
    let mut attempt = 1;
    loop {
        let Loaded {
            inputs,
            options,
            mut diagnostics,
        } = loaded;
        if let Err(error) = &mended {
            diagnostics.general(Code::Io, error);
        }
        if !diagnostics.has_errors() {
            let mut output = generate(&inputs, &options);
            diagnostics.extend(std::mem::take(&mut output.diagnostics));
            let error = write_all(place, (&options, &inputs), &output, &mut diagnostics).err();
            if attempt < ATTEMPTS && error.as_ref().is_some_and(FileError::is_stale) {
                attempt += 1;
                loaded = load::load(&place.root, |own| *own = options);
                continue;
            }
            if let Some(error) = error {
                diagnostics.general(Code::Io, error.to_string());
            }
        }
        let mut lines = watched(place, &options, &inputs);
        lines.extend(
            diagnostics
                .sorted()
                .into_iter()
                .flat_map(|d| report(d, &inputs.sources)),
        );
        return lines;
    }
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
    (options, inputs): (&Options, &Inputs),
    output: &Output,
    diags: &mut Diagnostics,
) -> Result<(), FileError> {
    let Some(generated) = &output.generated else {
        return Ok(());
    };
    let allowed = options.stubs == StubMode::Write && place.is_own();
    let written = match allowed {
        true => match write::commit(&place.root, &output.changes(inputs)) {
            Err(error) if error.is_read_only() => false,
            other => other.map(|_| true)?,
        },
        false => false,
    };
    match written {
        // rustc points at a method without a field; how to go on is for us to say.
        true => merge::kept(&output.kept, true, diags),
        false => diags.extend(output.missing()),
    }
    write::alone(&place.out.join("graphwright.rs"), generated).map(drop)
}

/// When Cargo has to run the build script again. Only paths that exist: a missing one would mean every time.
fn watched(place: &Place, options: &Options, inputs: &Inputs) -> Vec<String> {
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
    paths.extend(
        [
            &options.jobs,
            &options.resolvers,
            &options.jobs_dir,
            &options.migrations,
        ]
        .map(String::clone),
    );
    // Stubs may live outside of their folders; what names the generated module may hold some.
    paths.extend(
        inputs
            .rust
            .iter()
            .filter(|(_, text)| text.contains("generated"))
            .map(|(path, _)| path.clone()),
    );
    let existing = paths
        .into_iter()
        .filter(|path| place.root.join(path).exists());
    let mut lines: Vec<String> = existing
        .map(|path| format!("cargo::rerun-if-changed={path}"))
        .collect();
    lines.extend(["CI", "DOCS_RS"].map(|name| format!("cargo::rerun-if-env-changed={name}")));
    lines
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
