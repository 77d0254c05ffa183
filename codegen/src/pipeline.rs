//! The way from texts to texts, in one flat row of stages.
//!
//! In: [`Inputs`] and [`Options`]. Out: [`Output`]. Must not know: the file system, the clock, the environment;
//! the same input gives the same bytes.

use crate::diagnostic::{Code, Diagnostics};
use crate::ir::Ir;
use crate::load::Inputs;
use crate::merge::{Added, Behind, Changed, Kept, Left, LookedAt, Moved};
use crate::options::{Choices, Options};
use crate::plan::Plan;
use crate::validate::Valid;
use crate::write::Changes;
use crate::{emit, lock, lower, merge, migrate, parse, patch, plan, print, validate};
use std::collections::{BTreeMap, BTreeSet};
use std::thread::ScopedJoinHandle;

/// What a run gives.
#[derive(Debug, Default)]
pub struct Output {
    /// The text of `$OUT_DIR/graphwright.rs`; `None` if the inputs have errors.
    pub generated: Option<String>,
    /// Files of the package that are missing or incomplete, by path: their whole new text.
    pub files: BTreeMap<String, String>,
    /// Files of the package that hold nothing any more but what was generated: to be removed.
    pub deleted: BTreeSet<String>,
    /// What the new texts of stub files add.
    pub added: Vec<Added>,
    /// The methods that they change or take away.
    pub changed: Vec<Changed>,
    /// Edited methods whose field is gone, which stay until somebody decides.
    pub kept: Vec<Kept>,
    /// Methods that rustc is certain to refuse, though the lock says that they follow the schema.
    pub behind: Vec<Behind>,
    /// Blocks of methods that stand in other files now, and those that should and could not.
    pub moved: (Vec<Moved>, Vec<Left>),
    /// Whether some stub waits for a hand, as the findings tell.
    pub waiting: bool,
    /// The crate's files that decided about stubs, as they are after the edits.
    pub looked_at: BTreeMap<String, LookedAt>,
    /// Whether the inputs have no errors: what is said above is then all there is to do.
    pub sound: bool,
    /// The findings, of every stage.
    pub diagnostics: Diagnostics,
}

/// Generates everything: the Rust module, missing stubs, the first migration.
///
/// Pure: reads nothing but its arguments, and gives the same bytes for the same input. Every mistake in the inputs is a
/// finding in [`Output::diagnostics`]; if one is an error of schema or manifest, nothing is generated.
pub fn generate(inputs: &Inputs, options: &Options) -> Output {
    run(inputs, options, &|plan| Some(emit::generate(plan)))
}

/// As [`generate`], but for the module, which takes most of its time: [`Output::generated`] is `None`.
pub fn inspect(inputs: &Inputs, options: &Options) -> Output {
    run(inputs, options, &|_| None)
}

fn run(
    inputs: &Inputs,
    options: &Options,
    emit: &(dyn Fn(&Plan) -> Option<String> + Sync),
) -> Output {
    let mut diagnostics = Diagnostics::default();
    let (planned, ahead) = std::thread::scope(|scope| {
        let ahead = scope.spawn(|| merge::ahead(&inputs.rust));
        let planned = planned(inputs, options, &mut diagnostics);
        (planned, joined(ahead))
    });
    let Some((ir, plan, mut files)) = planned else {
        return Output {
            diagnostics,
            ..Output::default()
        };
    };
    let choices = choices(&ir, options);
    let (generated, merged) = std::thread::scope(|scope| {
        let module = scope.spawn(|| emit(&plan));
        let merged = merge::stubs(
            &plan.stubs,
            inputs,
            ahead,
            options,
            &choices,
            &mut diagnostics,
        );
        (joined(module), merged)
    });
    files.extend(merged.files);
    let mut locked = merged.lock;
    locked.access = lock::matrix(&ir);
    aside((ir, plan));
    let text = lock::print(&locked);
    if text != inputs.lock.replace("\r\n", "\n") {
        files.insert(lock::FILE.to_owned(), text);
    }
    Output {
        generated,
        files,
        deleted: merged.deleted,
        added: merged.added,
        changed: merged.changed,
        kept: merged.kept,
        behind: merged.behind,
        moved: (merged.moved, merged.left),
        waiting: !merged.by_hand.is_empty() || merged.gate.is_some(),
        looked_at: merged.looked_at,
        sound: true,
        diagnostics,
    }
}

/// Frees what takes a while to free, for there is one piece for each word of a schema, while the caller goes on.
fn aside<T: Send + 'static>(value: T) {
    // Without a thread it is freed at once.
    let _ = std::thread::Builder::new().spawn(move || drop(value));
}

/// What a thread answers; its panic goes on here.
fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// The resolved inputs, everything that is decided about them, and the migrations that they need. `None` if there are errors.
pub fn planned(
    inputs: &Inputs,
    options: &Options,
    diags: &mut Diagnostics,
) -> Option<(Valid<Ir>, Plan, BTreeMap<String, String>)> {
    let ir = check(inputs, diags)?;
    let files = migrate::migrate(&ir, &inputs.migrations, options, diags);
    let settings = plan::Settings {
        options,
        sources: &inputs.sources,
        sdl: String::new(),
        migrations: migrate::names(&inputs.migrations, &files),
    };
    let plan = std::thread::scope(|scope| {
        let sdl = scope.spawn(|| print::sdl(&ir.schema));
        let mut plan = plan::plan(&ir, &settings, diags);
        plan.sdl = joined(sdl);
        plan
    });
    (!diags.has_errors()).then_some((ir, plan, files))
}

/// What the user wants done, on the command line or by `@renamedFrom`.
fn choices(ir: &Ir, options: &Options) -> Choices {
    let mut choices = options.choices.clone();
    let renames = ir.schema.renames();
    for (before, now) in renames.coordinates {
        choices.renames.entry(before).or_insert(now);
    }
    choices.arguments.extend(renames.arguments);
    choices
}

/// Reads, resolves and checks the inputs. `None` if they have errors.
pub fn check(inputs: &Inputs, diags: &mut Diagnostics) -> Option<Valid<Ir>> {
    validate::validate(resolve(inputs, diags), diags)
}

/// Reads and resolves the inputs, and checks no rule.
pub fn resolve(inputs: &Inputs, diags: &mut Diagnostics) -> Ir {
    let sources = &inputs.sources;
    let documents: Vec<_> = inputs
        .schema
        .iter()
        .map(|file| parse::document(*file, sources.file(*file), diags))
        .collect();
    let manifest = inputs
        .jobs
        .and_then(|file| parse::manifest(file, sources, diags));
    lower::lower(sources, &documents, manifest.as_ref(), diags)
}

/// Reads and resolves a manifest of jobs without the schema that it belongs to.
///
/// Arguments can have built-in types only; for others check it with the schema.
pub fn check_jobs(inputs: &Inputs, diags: &mut Diagnostics) {
    let manifest = inputs
        .jobs
        .and_then(|file| parse::manifest(file, &inputs.sources, diags));
    lower::lower(&inputs.sources, &[], manifest.as_ref(), diags);
}

impl Output {
    /// What is to be written in the package that these inputs were read from.
    pub fn changes(&self, inputs: &Inputs) -> Changes {
        Changes {
            files: self.files.clone(),
            gone: self.deleted.clone(),
            seen: inputs.texts(),
        }
    }

    /// What the run would write, as a patch. `folder` is what its paths begin with: [`crate::load::git_folder`].
    pub fn patch(&self, inputs: &Inputs, folder: &str) -> String {
        let written = self.files.iter().map(|(path, text)| (path, Some(&**text)));
        let gone = self.deleted.iter().map(|path| (path, None));
        let files: BTreeMap<&String, Option<&str>> = written.chain(gone).collect();
        let files = files.into_iter();
        patch::all(
            folder,
            files.map(|(path, new)| (&**path, inputs.text(path), new)),
        )
    }

    /// What a run that may not write has to say: each missing file or stub is an error with the text to add.
    pub fn missing(&self) -> Diagnostics {
        let mut diags = Diagnostics::default();
        merge::missing(&self.added, &self.changed, &mut diags);
        merge::kept(&self.kept, false, &mut diags);
        merge::behind(&self.behind, false, &mut diags);
        if diags.is_empty() && !self.waiting && self.files.contains_key(lock::FILE) {
            diags
                .general(Code::LockStale, format!("`{}` is out of date", lock::FILE))
                .help("run `graphwright sync`, and commit what it writes");
        }
        for path in self
            .files
            .keys()
            .filter(|path| path.ends_with(".sql") || path.ends_with(".json"))
        {
            diags
                .general(
                    Code::MigrationMissing,
                    format!("`{path}` is missing or out of date"),
                )
                .help("run `graphwright sync`, and commit what it writes");
        }
        diags
    }
}
