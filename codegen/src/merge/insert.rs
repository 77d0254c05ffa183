//! Where the additions go, byte for byte.
//!
//! In: blocks and files that miss something, edits of what is there. Out: new texts.
//! Must not know: why something is missing.

use super::edit::{Edit, disjoint, splice};
use super::scan::{ImplBlock, Known, Scan, ScannedFile, fresh};
use super::{
    Added, Merge, Project, StubFile, WantedImpl, WantedMethod, finished, last_segment, module_line,
    text,
};
use askama::Template;
use std::collections::{BTreeMap, BTreeSet};

/// What is to be added, collected first and applied at once.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Whole new files.
    files: BTreeMap<String, String>,
    /// New impls, by file.
    impls: BTreeMap<String, Vec<(WantedImpl, Vec<WantedMethod>)>>,
    /// New methods for existing impls, by file.
    methods: BTreeMap<String, Vec<Group>>,
    /// New modules, by file.
    modules: BTreeMap<String, BTreeSet<String>>,
    /// Changes of what is there, by file.
    edits: BTreeMap<String, Vec<Edit>>,
    /// Whole new files of what stood in others.
    pieces: BTreeMap<String, Pieces>,
}

/// What a new file is put together of.
#[derive(Debug)]
struct Pieces {
    docs: String,
    imports: BTreeSet<String>,
    bodies: Vec<String>,
    eol: &'static str,
}

/// Methods that go to one place.
#[derive(Debug)]
struct Group {
    methods: Vec<WantedMethod>,
    /// Behind this byte.
    at: usize,
    /// Whether the place is behind `{`, with other items to follow.
    first: bool,
    /// The start of an item whose indentation is to be followed, and whether it is one step inside of the impl.
    indent_of: usize,
    inside: bool,
    impl_start: usize,
    names: BTreeSet<String>,
}

impl Plan {
    /// A file that does not exist yet.
    pub(super) fn new_file(&mut self, path: &str, text: String) {
        self.files.insert(path.to_owned(), text);
    }

    /// An impl that does not exist yet.
    pub(super) fn new_impl(&mut self, want: &WantedImpl, missing: &[&WantedMethod]) {
        let methods = missing.iter().map(|m| (*m).clone()).collect();
        self.impls
            .entry(want.file.clone())
            .or_default()
            .push((want.clone(), methods));
    }

    /// Items, as they stand elsewhere, for a file that does not exist yet.
    pub(super) fn pieces(
        &mut self,
        path: &str,
        imports: Vec<String>,
        body: String,
        eol: &'static str,
        docs: &str,
    ) {
        let pieces = self
            .pieces
            .entry(path.to_owned())
            .or_insert_with(|| Pieces {
                docs: docs.to_owned(),
                imports: BTreeSet::new(),
                bodies: Vec::new(),
                eol,
            });
        pieces.imports.extend(imports);
        pieces.bodies.push(body);
    }

    /// Whether an impl goes to this file.
    pub(super) fn creates(&self, path: &str) -> bool {
        self.impls.contains_key(path) || self.pieces.contains_key(path)
    }

    /// A `pub mod x;` line for an existing file.
    pub(super) fn module(&mut self, path: &str, name: &str) {
        self.modules
            .entry(path.to_owned())
            .or_default()
            .insert(name.to_owned());
    }

    /// Changes of what is there.
    pub(super) fn edits(&mut self, path: &str, edits: Vec<Edit>) {
        if !edits.is_empty() {
            self.edits.entry(path.to_owned()).or_default().extend(edits);
        }
    }

    /// Files that hold, after the edits, nothing but what was generated around stubs.
    pub(super) fn emptied(
        &self,
        texts: &BTreeMap<String, String>,
        project: Project<'_>,
    ) -> BTreeSet<String> {
        let grows = |path: &String| {
            self.methods.contains_key(path)
                || self.impls.contains_key(path)
                || self.modules.contains_key(path)
        };
        let edited = self.edits.iter().filter(|(path, _)| !grows(path));
        edited
            .filter(|(path, edits)| {
                let mut edits = (*edits).clone();
                let old = texts.get(*path).map_or("", String::as_str);
                disjoint(old, &edits) && is_bare(&splice(old, &mut edits).0, project)
            })
            .map(|(path, _)| path.clone())
            .collect()
    }

    /// Leaves a file alone, because it goes as a whole.
    pub(super) fn forget(&mut self, path: &str) {
        self.edits.remove(path);
    }

    /// Methods that an existing block misses, each behind its predecessor in the schema. `found` answers which method of
    /// the block a wanted one is.
    pub(super) fn methods(
        &mut self,
        path: &str,
        block: &ImplBlock,
        want: &WantedImpl,
        missing: &[&WantedMethod],
        found: &dyn Fn(&WantedMethod) -> Option<usize>,
    ) {
        let mut groups: BTreeMap<Option<usize>, Vec<WantedMethod>> = BTreeMap::new();
        let mut anchor = None;
        for method in &want.methods {
            match found(method) {
                Some(found) => anchor = Some(found),
                None if missing.contains(&method) => {
                    groups.entry(anchor).or_default().push(method.clone())
                }
                None => {}
            }
        }
        let sibling = block.methods.first().map(|m| m.range.start);
        let groups = groups.into_iter().map(|(anchor, methods)| {
            let anchor = anchor.map(|i| &block.methods[i].range);
            let indent_of = anchor.map(|r| r.start).or(sibling);
            Group {
                methods,
                at: anchor.map_or(block.open, |r| r.end),
                first: anchor.is_none() && block.has_items,
                indent_of: indent_of.unwrap_or(block.range.start),
                inside: indent_of.is_some(),
                impl_start: block.range.start,
                names: block.names.clone(),
            }
        });
        self.methods
            .entry(path.to_owned())
            .or_default()
            .extend(groups);
    }

    /// Puts the new texts and the list of additions into `merge`; answers what is known of new files.
    pub(super) fn apply(
        self,
        texts: &BTreeMap<String, String>,
        scan: &Scan,
        project: Project<'_>,
        merge: &mut Merge,
    ) -> Known {
        let mut known = Known::new();
        let paths: BTreeSet<&String> = self
            .impls
            .keys()
            .chain(self.methods.keys())
            .chain(self.modules.keys())
            .chain(self.edits.keys())
            .collect();
        for path in paths {
            merge
                .added
                .extend(self.added_methods(path).map(|method| Added {
                    coordinate: Some(method.coordinate.clone()),
                    span: method.span,
                    file: path.clone(),
                    text: method.text.trim_end().to_owned(),
                }));
            let Some(old) = texts.get(path) else {
                let docs = (project.docs)(path, true);
                let text = self.whole(&docs, path, project);
                let impls = self.impls.get(path).map_or(&[][..], Vec::as_slice);
                let scan = fresh(&text, &docs, imports(project), impls, project);
                known.extend(scan.map(|scan| (path.clone(), scan)));
                merge.files.insert(path.clone(), text);
                continue;
            };
            let has_items = scan.files.get(path).is_some_and(|file| file.has_items);
            let mut edits = match has_items {
                true => self.additions(old, path, scan, project),
                false => vec![Edit::insert(
                    old.len(),
                    self.below_comments(old, path, project),
                )],
            };
            edits.extend(self.edits.get(path).into_iter().flatten().cloned());
            if !disjoint(old, &edits) {
                merge.gate = Some(format!("edits of `{path}` overlap"));
                continue;
            }
            let (text, _) = splice(old, &mut edits);
            merge.files.insert(path.clone(), text);
            merge.edits.insert(path.clone(), edits);
        }
        merge.files.extend(self.files);
        let pieces = self.pieces.into_iter();
        merge
            .files
            .extend(pieces.map(|(path, pieces)| (path, pieces.text())));
        known
    }

    fn added_methods(&self, path: &str) -> impl Iterator<Item = &WantedMethod> {
        let old = self
            .methods
            .get(path)
            .into_iter()
            .flatten()
            .flat_map(|group| &group.methods);
        let new = self
            .impls
            .get(path)
            .into_iter()
            .flatten()
            .flat_map(|(_, methods)| methods);
        old.chain(new)
    }

    /// The text of a new stub file.
    fn whole(&self, docs: &str, path: &str, project: Project<'_>) -> String {
        let new = self.impls.get(path).into_iter().flatten();
        let impls: Vec<String> = new
            .map(|(want, methods)| impl_text(want, &methods.iter().collect::<Vec<_>>(), project))
            .collect();
        finished(
            StubFile {
                docs,
                imports: imports(project),
                impls: &impls.join("\n\n"),
            }
            .render(),
        )
    }

    /// What follows in a file that holds comments at most.
    fn below_comments(&self, old: &str, path: &str, project: Project<'_>) -> String {
        let eol = text::line_ending(old, old.len());
        let modules: String = self
            .modules
            .get(path)
            .into_iter()
            .flatten()
            .map(|m| format!("{}{eol}", module_line(m)))
            .collect();
        let body = match self.impls.contains_key(path) {
            true => text::dress(self.whole("", path, project).trim_start(), "", "    ", eol) + eol,
            false => String::new(),
        };
        let gap = if old.is_empty() || old.ends_with('\n') {
            ""
        } else {
            eol
        };
        format!("{gap}{modules}{body}")
    }

    /// The insertions for a file that has items.
    fn additions(&self, old: &str, path: &str, scan: &Scan, project: Project<'_>) -> Vec<Edit> {
        let mut edits: Vec<Edit> = Vec::new();
        for group in self.methods.get(path).into_iter().flatten() {
            edits.push(group.edit(old, project));
        }
        for module in self.modules.get(path).into_iter().flatten() {
            let gone = self.edits.get(path).map_or(&[][..], Vec::as_slice);
            edits.push(module_edit(old, module, scan.files.get(path), gone));
        }
        let none = BTreeSet::new();
        let names = scan.files.get(path).map_or(&none, |file| &file.names);
        for (want, methods) in self.impls.get(path).into_iter().flatten() {
            let text = impl_text(want, &methods.iter().collect::<Vec<_>>(), project);
            let eol = text::line_ending(old, old.len());
            let gap = if old.ends_with('\n') {
                eol.to_owned()
            } else {
                eol.repeat(2)
            };
            let body = text::dress(
                &requalified(&text, names, project),
                "",
                text::unit(old),
                eol,
            );
            edits.push(Edit::insert(old.len(), format!("{gap}{body}{eol}")));
        }
        edits
    }
}

/// What a new stub file imports, in the order that rustfmt keeps.
fn imports<'a>(project: Project<'a>) -> [&'a str; 2] {
    let mut imports = ["crate::generated as gw", project.app];
    imports.sort_unstable();
    imports
}

/// Whether a text is what a new stub file holds before its first `impl`.
fn is_bare(text: &str, project: Project<'_>) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let title = lines.next().unwrap_or_default();
    let generated = ["//! Resolvers of `", "//! The job `", "//! Who calls."];
    let mut found: Vec<&str> = lines.collect();
    found.sort_unstable();
    let mut ours = imports(project).map(|path| format!("use {path};"));
    ours.sort_unstable();
    generated.iter().any(|known| title.starts_with(known)) && found == ours
}

impl Pieces {
    fn text(&self) -> String {
        let eol = self.eol;
        let mut parts = vec![format!("{}{eol}", self.docs)];
        if !self.imports.is_empty() {
            let lines = self
                .imports
                .iter()
                .map(|line| line.replace('\n', eol) + eol);
            parts.push(lines.collect());
        }
        parts.extend(self.bodies.iter().cloned());
        parts.join(eol)
    }
}

impl Group {
    fn edit(&self, old: &str, project: Project<'_>) -> Edit {
        let eol = text::line_ending(old, self.at);
        let outer = text::indent_at(old, self.impl_start);
        let sibling = text::indent_at(old, self.indent_of);
        let follows = self.inside && text::begins_line(old, self.indent_of);
        let unit = match sibling.strip_prefix(outer) {
            Some(step) if follows && !step.is_empty() => step,
            _ => text::unit(old),
        };
        let indent = if follows {
            sibling.to_owned()
        } else {
            format!("{outer}{unit}")
        };
        let methods: Vec<String> = self
            .methods
            .iter()
            .map(|m| {
                text::dress(
                    &requalified(&m.text, &self.names, project),
                    &indent,
                    unit,
                    eol,
                )
            })
            .collect();
        let body = methods.join(&eol.repeat(2));
        let behind_sibling = self.inside && !self.first;
        let (at, whole_line) = text::behind(old, self.at);
        let before = if behind_sibling {
            eol.repeat(2)
        } else {
            eol.to_owned()
        };
        // What follows on the same line moves to a line of its own; what follows on the next keeps a blank line's distance.
        let after = match (whole_line, self.first) {
            (false, _) => format!("{eol}{outer}"),
            (true, true) => eol.to_owned(),
            (true, false) => String::new(),
        };
        Edit::insert(at, format!("{before}{body}{after}"))
    }
}

/// A `pub mod x;` line among the others, in the order of the alphabet where they are in order.
fn module_edit(old: &str, name: &str, file: Option<&ScannedFile>, gone: &[Edit]) -> Edit {
    let line = module_line(name);
    let stays = |at: usize| !gone.iter().any(|edit| edit.range.contains(&at));
    let modules: Vec<_> = file
        .into_iter()
        .flat_map(|file| &file.modules)
        .filter(|m| m.outline && stays(m.range.start))
        .collect();
    if let Some(before) = modules.iter().rev().find(|m| m.name.as_str() < name) {
        let (at, whole_line) = text::behind(old, before.range.end);
        let eol = text::line_ending(old, at);
        return Edit::insert(
            at,
            format!("{eol}{line}{}", if whole_line { "" } else { eol }),
        );
    }
    if let Some(first) = modules.first() {
        return Edit::insert(
            first.range.start,
            format!("{line}{}", text::line_ending(old, first.range.start)),
        );
    }
    let eol = text::line_ending(old, old.len());
    let gap = if old.ends_with('\n') { "" } else { eol };
    Edit::insert(old.len(), format!("{gap}{eol}{line}{eol}"))
}

/// `impl gw::Trait for App { … }` with the missing methods.
pub(super) fn impl_text(
    want: &WantedImpl,
    missing: &[&WantedMethod],
    project: Project<'_>,
) -> String {
    let app = last_segment(project.app);
    let head = format!("impl gw::{} for {app} {{", want.trait_name);
    if missing.is_empty() {
        return format!("{head}}}");
    }
    let body = text::dress(&methods_text(missing), "    ", "    ", "\n");
    format!("{head}\n{body}\n}}")
}

/// The methods with blank lines between them.
pub(super) fn methods_text(missing: &[&WantedMethod]) -> String {
    missing
        .iter()
        .map(|m| m.text.trim_end())
        .collect::<Vec<_>>()
        .join("\n\n")
}

/// The text with full paths for the names that its place does not know.
pub(super) fn requalified(text: &str, names: &BTreeSet<String>, project: Project<'_>) -> String {
    let app = last_segment(project.app);
    let mut instead = Vec::new();
    if !names.contains("gw") {
        instead.push(("gw", "crate::generated"));
    }
    if !names.contains(app) && app != project.app {
        instead.push((app, project.app));
    }
    text::requalify(text, &instead)
}
