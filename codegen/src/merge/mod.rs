//! Brings the files that a user edits in step with the schema, and touches nothing else.
//!
//! In: the texts of the crate's Rust files, the traits and methods that the schema asks for, and what the last run made.
//! Out: the files as they should be, each the old text with edits; and what has to be done by hand.
//! Must not know: the schema, the file system.
//!
//! A method is known by its trait and its name, wherever in the crate's module tree the `impl … for App` stands; file
//! names do not matter. What cannot be edited without guessing is left alone: a file that does not parse, a block with
//! macro calls inside, two blocks for one trait, a method that a `cfg` doubles. Every change passes `gate` or nothing at
//! all is changed.
//!
//! | what happened | module |
//! |---|---|
//! | a method is missing | `insert` |
//! | a method is there, its field changed | `follow` |
//! | a method is there, its field is gone | `gone` |
//! | a block is to stand where the layout says | `relayout` |

mod behind;
mod depth;
mod edit;
mod follow;
mod gate;
mod gone;
mod insert;
mod locate;
mod modules;
mod place;
mod record;
mod relayout;
mod scan;
mod signature;
mod stubs;
mod text;

pub use edit::Edit;
pub use locate::places;
pub use relayout::{Left, Moved};
pub use signature::Signature;
pub use stubs::{behind, kept, missing, stubs};

use crate::lock::{Fingerprint, Key, Lock, Stub};
use crate::options::Choices;
use crate::source::Span;
use askama::Template;
use modules::{add_modules, drop_file, module_file, module_line, new_modules};
use scan::{Known, Scan};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A trait that the user's application type must implement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedImpl {
    /// The trait's name in `crate::generated`, `r#` where it needs it.
    pub trait_name: String,
    /// Where a new impl goes: a path relative to the package, such as `src/resolvers/listing.rs`.
    pub file: String,
    /// The folder of stubs that the file belongs to, such as `src/resolvers`.
    pub folder: String,
    /// Its methods in the order of the schema.
    pub methods: Vec<WantedMethod>,
}

/// A method of such a trait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedMethod {
    /// The Rust name, `r#` where it needs it.
    pub name: String,
    /// Where it comes from, for messages: `Query.search`, `jobs.daily_digest`.
    pub coordinate: String,
    /// Where in the inputs it comes from.
    pub span: Option<Span>,
    /// The whole method: no indentation of its own, four blanks a step, `\n`; paths begin with `gw::`.
    pub text: String,
    /// Its signature, paths as in `text`.
    pub signature: Signature,
    /// What it was called before it got a new name, likeliest first: coordinates.
    pub formerly: Vec<String>,
    /// Arguments with a new name, as the schema writes them: (now, before).
    pub renamed_params: Vec<(String, String)>,
}

/// What merge has to know of the project.
#[derive(Clone, Copy)]
pub struct Project<'a> {
    /// The path of the application type, such as `crate::App`.
    pub app: &'a str,
    /// First lines of a new file: its path, and whether it is to hold stubs (or modules).
    pub docs: &'a (dyn Fn(&str, bool) -> String + Sync),
}

/// What is to be done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Merge {
    /// Files to write, by path: their whole new text.
    pub files: BTreeMap<String, String>,
    /// The edits that lead from an existing file's text to its new one.
    pub edits: BTreeMap<String, Vec<Edit>>,
    /// Files that hold nothing any more but what was generated.
    pub deleted: BTreeSet<String>,
    /// What the new texts add.
    pub added: Vec<Added>,
    /// Methods that are changed or taken away.
    pub changed: Vec<Changed>,
    /// Edited methods whose field is gone.
    pub kept: Vec<Kept>,
    /// Blocks that stand in other files now, on request.
    pub moved: Vec<Moved>,
    /// Blocks that the layout wants elsewhere and that stay, where moving was asked for.
    pub left: Vec<Left>,
    /// Traits with a new name, whose blocks follow: (before, now).
    pub adopted: BTreeMap<String, String>,
    /// What the next run has to know.
    pub lock: Lock,
    /// What could not be added.
    pub by_hand: Vec<ByHand>,
    /// Methods that rustc is certain to refuse, though the lock says that they follow the schema.
    pub behind: Vec<Behind>,
    /// Folders of stubs that the module tree does not reach: (file with the modules, name of the module).
    pub outside: Vec<(String, String)>,
    /// A broken promise of this module itself; then there are no files.
    pub gate: Option<String>,
    /// The files that decided, as they are after the edits.
    pub looked_at: BTreeMap<String, LookedAt>,
}

/// A file that was read, and what of it does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LookedAt {
    /// The bodies of its functions, from brace to brace, in order: whatever stands there, unless it is an `impl`, a `mod`
    /// or the definition of a macro, a run does the same.
    pub bodies: Vec<Range<usize>>,
    /// Whether a trait is implemented for the application here.
    pub stubs: bool,
}

/// A method or module that is added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added {
    /// The method's coordinate; `None` for a `pub mod x;` line.
    pub coordinate: Option<String>,
    /// Where in the inputs it comes from.
    pub span: Option<Span>,
    /// The file.
    pub file: String,
    /// The text, without the file's indentation.
    pub text: String,
}

/// A method that is changed or taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Its coordinate.
    pub coordinate: String,
    /// Where in the inputs its field is defined, if it still is.
    pub span: Option<Span>,
    /// The file, with the line of its old name.
    pub place: String,
    /// What happens to it.
    pub how: How,
}

/// What happens to a method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// Its signature follows the schema.
    Retyped,
    /// It gets its field's new name; the old coordinate.
    Renamed(String),
    /// It goes: nobody had touched it, or its user wanted it so.
    Deleted,
    /// It moves to an `impl` without a trait.
    Detached,
}

/// An edited method whose field is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its coordinate.
    pub coordinate: String,
    /// The file and the line.
    pub place: String,
    /// A new field of the same type with the same arguments, which may be the same one under a new name.
    pub like: Option<String>,
}

/// A method with another signature than the schema and the lock agree on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behind {
    /// Its coordinate.
    pub coordinate: String,
    /// Where in the inputs its field is defined.
    pub span: Option<Span>,
    /// The file and the line.
    pub place: String,
    /// The signature that it is to have.
    pub signature: String,
    /// Whether it can be edited, should the user wish it.
    pub can_follow: bool,
}

/// Something that must be added by hand, because no place for it is certain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByHand {
    /// What it would serve: coordinates; empty for a `pub mod x;` line.
    pub coordinates: Vec<String>,
    /// Where in the inputs the first of them comes from.
    pub span: Option<Span>,
    /// The file that could not be edited, with a line if there is one to name.
    pub place: String,
    /// Why it could not be edited.
    pub reason: String,
    /// What to add.
    pub patch: String,
    /// Whether the reason is a file that does not parse.
    pub syntax: bool,
    /// Whether the method is there, and the patch is what its signature has to be.
    pub signature: bool,
}

/// The crate's files, read before anybody knew what is wanted.
#[derive(Debug, Default)]
pub struct Ahead(Known);

/// Reads the crate for [`merge_ahead`]: while the schema is read, say.
pub fn ahead(texts: &BTreeMap<String, String>) -> Ahead {
    depth::on_large_stack(|| {
        let scan = scan::scan(texts, &roots(), &BTreeSet::new(), &mut Known::new());
        Ahead(scan.files)
    })
}

/// Compares the crate's files with what is wanted.
///
/// `texts` holds every Rust file under `src/`, by its path relative to the package; `lock` what the last run made. Each
/// text in [`Merge::files`] is the old text with [`Merge::edits`], or a new file. Running it again on its own result
/// changes nothing. With `choices.relayout` the blocks then go where the layout says.
pub fn merge(
    texts: &BTreeMap<String, String>,
    wanted: &[WantedImpl],
    lock: &Lock,
    choices: &Choices,
    project: Project<'_>,
) -> Merge {
    merge_ahead(texts, ahead(texts), wanted, lock, choices, project)
}

/// As [`merge`], with what [`ahead`] found in these texts.
pub fn merge_ahead(
    texts: &BTreeMap<String, String>,
    ahead: Ahead,
    wanted: &[WantedImpl],
    lock: &Lock,
    choices: &Choices,
    project: Project<'_>,
) -> Merge {
    depth::on_large_stack(|| whole(texts, ahead, wanted, lock, choices, project))
}

fn whole(
    texts: &BTreeMap<String, String>,
    ahead: Ahead,
    wanted: &[WantedImpl],
    lock: &Lock,
    choices: &Choices,
    project: Project<'_>,
) -> Merge {
    let merge = in_place(texts, ahead, wanted, lock, choices, project);
    if !choices.relayout || merge.gate.is_some() {
        return merge;
    }
    let after = merge.applied(texts);
    let moves = relayout::relayout(&after, wanted, &merge.lock, project);
    match moves.gate {
        Some(_) => Merge {
            lock: lock.clone(),
            ..moves
        },
        None => both(texts, merge, moves),
    }
}

impl Merge {
    /// The crate's texts after it.
    fn applied(&self, texts: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        let mut after = texts.clone();
        after.extend(self.files.clone());
        after.retain(|path, _| !self.deleted.contains(path));
        after
    }
}

/// One merge behind another.
fn both(texts: &BTreeMap<String, String>, mut first: Merge, second: Merge) -> Merge {
    for path in second.files.keys() {
        first.deleted.remove(path);
    }
    // Those that led to a text between the two.
    let edits = &mut first.edits;
    edits.retain(|path, _| !second.files.contains_key(path) && !second.deleted.contains(path));
    first.files.extend(second.files);
    first.files.retain(|path, _| !second.deleted.contains(path));
    let gone = second
        .deleted
        .into_iter()
        .filter(|path| texts.contains_key(path));
    first.deleted.extend(gone);
    first.added.extend(second.added);
    first.moved = second.moved;
    first.left = second.left;
    first.lock = second.lock;
    first.looked_at = second.looked_at;
    first
}

fn in_place(
    texts: &BTreeMap<String, String>,
    ahead: Ahead,
    wanted: &[WantedImpl],
    lock: &Lock,
    choices: &Choices,
    project: Project<'_>,
) -> Merge {
    let scan = scan_for(texts, wanted, ahead.0);
    let (mut merge, mut known) = once(texts, &scan, wanted, lock, choices, project);
    if merge.files.is_empty() && merge.deleted.is_empty() {
        merge.lock = record::record(&scan, wanted, lock, &merge, project);
        merge.looked_at = looked_at(&scan, project);
        return merge;
    }
    let after = merge.applied(texts);
    let stays = |path: &String| !merge.files.contains_key(path) && after.contains_key(path);
    let files = scan.files.into_iter();
    known.extend(files.filter(|(path, _)| stays(path)));
    let scan = scan_for(&after, wanted, known);
    merge.lock = record::record(&scan, wanted, lock, &merge, project);
    let again = || once(&after, &scan, wanted, &merge.lock, choices, project).0;
    if let Err(broken) = gate::gate(texts, &merge, &scan, again) {
        merge = Merge {
            gate: Some(broken),
            lock: lock.clone(),
            ..Merge::default()
        };
    }
    merge.looked_at = looked_at(&scan, project);
    merge
}

fn looked_at(scan: &Scan, project: Project<'_>) -> BTreeMap<String, LookedAt> {
    let blocks = place::blocks_of(scan, project);
    let stubs: BTreeSet<&String> = blocks.values().flatten().map(|(path, _)| *path).collect();
    let parsed = scan.files.iter().map(|(path, file)| {
        let looked = LookedAt {
            bodies: file.bodies.clone(),
            stubs: stubs.contains(path),
        };
        (path.clone(), looked)
    });
    let broken = scan.broken.keys().cloned();
    parsed
        .chain(broken.map(|path| (path, LookedAt::default())))
        .collect()
}

fn once(
    texts: &BTreeMap<String, String>,
    scan: &Scan,
    wanted: &[WantedImpl],
    lock: &Lock,
    choices: &Choices,
    project: Project<'_>,
) -> (Merge, Known) {
    let mut merge = Merge::default();
    let mut plan = insert::Plan::default();
    let ask = (wanted, lock, choices);
    place::place(texts, scan, ask, project, &mut plan, &mut merge);
    let known = apply(texts, scan, wanted, project, plan, &mut merge);
    (merge, known)
}

/// Makes the texts of a plan, with the modules that it needs, without the files that it empties; answers what is known of
/// new files.
fn apply(
    texts: &BTreeMap<String, String>,
    scan: &Scan,
    wanted: &[WantedImpl],
    project: Project<'_>,
    mut plan: insert::Plan,
    merge: &mut Merge,
) -> Known {
    for (folder, modules) in new_modules(scan, &plan, wanted, texts) {
        add_modules(scan, &folder, &modules, texts, project, &mut plan, merge);
    }
    for path in plan.emptied(texts, project) {
        drop_file(scan, &path, texts, &mut plan);
        merge.deleted.insert(path);
    }
    plan.apply(texts, scan, project, merge)
}

fn roots() -> [String; 2] {
    ["src/lib.rs", "src/main.rs"].map(str::to_owned)
}

/// The files that the module tree reaches from the crate's roots, and those where new stubs would go.
fn scan_for(texts: &BTreeMap<String, String>, wanted: &[WantedImpl], mut known: Known) -> Scan {
    let mut also: BTreeSet<String> = wanted.iter().map(|w| w.file.clone()).collect();
    for folder in folders(wanted) {
        also.insert(format!("{folder}/mod.rs"));
        also.insert(format!("{folder}.rs"));
    }
    let mut scan = scan::scan(texts, &roots(), &also, &mut known);
    // A folder of stubs that nobody declares yet is read as if it were: its files hold what the user wrote.
    let stray: Vec<String> = folders(wanted)
        .into_iter()
        .filter_map(|folder| module_file(texts, &folder))
        .filter(|path| scan.files.get(path).is_some_and(|file| !file.reached))
        .collect();
    if !stray.is_empty() {
        let more = scan::scan(texts, &stray, &BTreeSet::new(), &mut known);
        for (path, mut file) in more.files {
            file.reached = !stray.contains(&path);
            scan.files.insert(path, file);
        }
        scan.broken.extend(more.broken);
    }
    scan
}

fn folders(wanted: &[WantedImpl]) -> BTreeSet<String> {
    wanted.iter().map(|w| w.folder.clone()).collect()
}

fn bare(name: &str) -> &str {
    name.strip_prefix("r#").unwrap_or(name)
}

fn last_segment(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

/// A new stub file.
#[derive(Template)]
#[template(path = "stubs/file.rs.jinja", escape = "none")]
struct StubFile<'a> {
    docs: &'a str,
    imports: [&'a str; 2],
    impls: &'a str,
}

/// Rendered text, ending in one line break.
fn finished(rendered: askama::Result<String>) -> String {
    let text = rendered.expect("writing to a string does not fail");
    format!("{}\n", text.trim_end())
}

#[cfg(test)]
mod tests;
