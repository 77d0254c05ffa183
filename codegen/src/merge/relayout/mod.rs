//! Stubs moved to the files that the layout names, on request only.
//!
//! In: the crate's files and what is wanted. Out: the files with the same bytes in other places; what was moved, and what
//! stays where it is and why. Must not know: the schema.
//!
//! A block moves with the comments right above it, and with private items of its file that nothing else there mentions.
//! What it mentions of its file's imports is imported where it goes; what is visible and stays is imported, too. A block
//! stays when moving it would leave it without something private. Nothing is rewritten, nothing is dropped.

mod source;

use super::edit::Edit;
use super::gone::with_blank_line;
use super::insert::Plan;
use super::place::{Found, blocks_of};
use super::scan::{Known, Scan};
use super::{
    Lock, Merge, Project, WantedImpl, apply, bare, gate, looked_at, record, scan_for, text,
};
use source::{Import, Item, Source};
use std::collections::{BTreeMap, BTreeSet};

/// A block that was moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The trait that it implements.
    pub trait_name: String,
    /// The file where it stood.
    pub from: String,
    /// The file where it stands.
    pub to: String,
    /// Items of its file that went with it.
    pub with: Vec<String>,
    /// Imports that it needed there.
    pub imports: Vec<String>,
}

/// A block that stays, though the layout names another file for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// The trait that it implements.
    pub trait_name: String,
    /// File and line.
    pub place: String,
    /// The file that the layout names.
    pub to: String,
    /// Why it stays.
    pub reason: String,
}

/// Moves what can be moved. `files`, `deleted`, `moved`, `left`, `added`, `lock` and `gate` of the answer count.
pub(super) fn relayout(
    texts: &BTreeMap<String, String>,
    wanted: &[WantedImpl],
    lock: &Lock,
    project: Project<'_>,
) -> Merge {
    let scan = scan_for(texts, wanted, Known::new());
    let mut merge = once(texts, &scan, wanted, project);
    let after = merge.applied(texts);
    let scan = scan_for(&after, wanted, Known::new());
    merge.lock = record::record(&scan, wanted, lock, &merge, project);
    merge.looked_at = looked_at(&scan, project);
    let again = || once(&after, &scan, wanted, project);
    let checked = gate::gate(texts, &merge, &scan, again)
        .and_then(|()| gate::conserved(texts, &after, &merge.deleted));
    if let Err(broken) = checked {
        return Merge {
            gate: Some(broken),
            lock: lock.clone(),
            ..Merge::default()
        };
    }
    merge
}

fn once(
    texts: &BTreeMap<String, String>,
    scan: &Scan,
    wanted: &[WantedImpl],
    project: Project<'_>,
) -> Merge {
    let mut merge = Merge::default();
    let mut plan = Plan::default();
    let world = World::new(texts, scan, wanted, project);
    let goals = world.goals(&mut merge);
    let paths: BTreeSet<&String> = goals.iter().map(|goal| goal.from).collect();
    // What one file gave another may have come to know.
    let mut grown: BTreeMap<String, Vec<Import>> = BTreeMap::new();
    for path in paths {
        let own: Vec<&Goal<'_>> = goals.iter().filter(|goal| goal.from == path).collect();
        world.leave(path, &own, &mut grown, &mut plan, &mut merge);
    }
    apply(texts, scan, wanted, project, plan, &mut merge);
    // Modules outside of the crate were reported by the merge before.
    merge.outside.clear();
    merge
}

/// A block that stands elsewhere than the layout says.
struct Goal<'a> {
    want: &'a WantedImpl,
    from: &'a String,
    /// The number of its item there.
    item: usize,
}

struct World<'a> {
    texts: &'a BTreeMap<String, String>,
    scan: &'a Scan,
    wanted: &'a [WantedImpl],
    project: Project<'a>,
    sources: BTreeMap<&'a String, Source<'a>>,
}

impl<'a> World<'a> {
    fn new(
        texts: &'a BTreeMap<String, String>,
        scan: &'a Scan,
        wanted: &'a [WantedImpl],
        project: Project<'a>,
    ) -> Self {
        let sources = scan.files.iter().filter_map(|(path, file)| {
            let blocks = !file.test && file.impls.iter().any(|b| !b.test);
            let holds = blocks || wanted.iter().any(|w| w.file == *path);
            let source = Source::read(&texts[path], &file.module).filter(|_| holds)?;
            Some((path, source))
        });
        World {
            sources: sources.collect(),
            texts,
            scan,
            wanted,
            project,
        }
    }

    fn goals(&self, merge: &mut Merge) -> Vec<Goal<'a>> {
        let blocks = blocks_of(self.scan, self.project);
        let mut goals = Vec::new();
        for want in self.wanted {
            let found = blocks
                .get(bare(&want.trait_name))
                .map_or(&[][..], Vec::as_slice);
            for found in found.iter().filter(|(path, _)| **path != want.file) {
                match self.goal(want, *found, blocks[bare(&want.trait_name)].len()) {
                    Ok(goal) => goals.push(goal),
                    Err(reason) => merge.left.push(Left {
                        trait_name: bare(&want.trait_name).to_owned(),
                        place: format!("{}:{}", found.0, found.1.line),
                        to: want.file.clone(),
                        reason,
                    }),
                }
            }
        }
        goals
    }

    fn goal(
        &self,
        want: &'a WantedImpl,
        found: Found<'_>,
        count: usize,
    ) -> Result<Goal<'a>, String> {
        if count > 1 {
            return Err("it is implemented in several blocks".to_owned());
        }
        if self.scan.broken.contains_key(&want.file) {
            return Err(format!("`{}` does not parse", want.file));
        }
        let (from, source) = self
            .sources
            .get_key_value(found.0)
            .ok_or("its file cannot be read")?;
        let item = source
            .items
            .iter()
            .position(|i| i.start == found.1.range.start);
        match item {
            Some(item) => Ok(Goal { want, from, item }),
            None => Err("it stands in a module of its own".to_owned()),
        }
    }

    /// Moves blocks out of one file.
    fn leave(
        &self,
        path: &str,
        goals: &[&Goal<'a>],
        grown: &mut BTreeMap<String, Vec<Import>>,
        plan: &mut Plan,
        merge: &mut Merge,
    ) {
        let source = &self.sources[&path.to_owned()];
        let (targets, stays) = self.targets(path, source, goals, grown);
        for goal in goals {
            let reason = stays.get(&goal.item);
            merge.left.extend(reason.map(|reason| Left {
                trait_name: bare(&goal.want.trait_name).to_owned(),
                place: format!("{path}:{}", source.items[goal.item].line),
                to: goal.want.file.clone(),
                reason: reason.clone(),
            }));
        }
        let files: BTreeSet<&str> = targets.iter().flatten().copied().collect();
        for file in files {
            let numbers: Vec<usize> = (0..targets.len())
                .filter(|i| targets[*i] == Some(file))
                .collect();
            let imports = self.imports(source, &numbers, file, &grown[file]);
            let pieces: Vec<&str> = numbers
                .iter()
                .map(|i| &source.text[source.items[*i].range.clone()])
                .collect();
            self.arrive(file, source, &pieces, &imports, plan);
            let lines: Vec<String> = imports.iter().map(Import::line).collect();
            grown.entry(file.to_owned()).or_default().extend(imports);
            let names = numbers.iter().filter_map(|i| source.items[*i].name.clone());
            let names: Vec<String> = names.collect();
            let of_file = goals.iter().filter(|g| targets[g.item] == Some(file));
            merge.moved.extend(of_file.map(|goal| Moved {
                trait_name: bare(&goal.want.trait_name).to_owned(),
                from: path.to_owned(),
                to: file.to_owned(),
                with: names.clone(),
                imports: lines.clone(),
            }));
        }
        let moved = (0..targets.len()).filter(|i| targets[*i].is_some());
        let gone = moved.map(|i| with_blank_line(source.text, source.items[i].range.clone()));
        plan.edits(path, joined(gone.collect()));
    }

    /// For each item of a file the file to which it goes; and for blocks that stay the reason.
    fn targets(
        &self,
        path: &str,
        source: &Source<'_>,
        goals: &[&Goal<'a>],
        grown: &mut BTreeMap<String, Vec<Import>>,
    ) -> (Vec<Option<&'a str>>, BTreeMap<usize, String>) {
        let mut stays: BTreeMap<usize, String> = BTreeMap::new();
        for goal in goals {
            grown.entry(goal.want.file.clone()).or_default();
        }
        loop {
            let targets = self.followers(path, source, goals, &stays);
            let before = stays.len();
            for goal in goals.iter().filter(|goal| !stays.contains_key(&goal.item)) {
                let file = goal.want.file.as_str();
                if let Some(reason) = self.obstacle(source, &targets, file, &grown[file]) {
                    stays.insert(goal.item, reason);
                    // One at a time: without it the others may be free to go.
                    break;
                }
            }
            if stays.len() == before {
                return (targets, stays);
            }
        }
    }

    /// The blocks go where they should; a private item goes where all go that mention it.
    fn followers(
        &self,
        path: &str,
        source: &Source<'_>,
        goals: &[&Goal<'a>],
        stays: &BTreeMap<usize, String>,
    ) -> Vec<Option<&'a str>> {
        #[derive(Clone, Copy, PartialEq)]
        enum To<'t> {
            Open,
            Stays,
            Goes(&'t str),
        }
        let below = self.words_below(path);
        let start = |(i, item): (usize, &Item)| {
            let goal = goals
                .iter()
                .find(|goal| goal.item == i && !stays.contains_key(&i));
            let free = !item.fixed && !item.open && !item.inside.iter().any(|w| below.contains(w));
            let named = item.name.is_some() || !item.inside.is_empty() || source.owner[i].is_some();
            let private = item.name.as_ref().is_none_or(|name| !below.contains(name));
            match goal {
                Some(goal) => To::Goes(&goal.want.file),
                None if goals.iter().any(|goal| goal.item == i) => To::Stays,
                None if free && named && private => To::Open,
                None => To::Stays,
            }
        };
        let first: Vec<To<'_>> = source.items.iter().enumerate().map(start).collect();
        let mut now = first.clone();
        loop {
            let mut next = first.clone();
            for (user, used) in source.uses.iter().enumerate() {
                for i in used.iter().filter(|i| first[**i] == To::Open) {
                    // An `impl` goes with its type, and does not hold it back.
                    if source.owner[user] != Some(*i) {
                        next[*i] = match (next[*i], now[user]) {
                            (To::Open, other) | (other, To::Open) => other,
                            (a, b) if a == b => a,
                            _ => To::Stays,
                        };
                    }
                }
            }
            for (i, owner) in source.owner.iter().enumerate() {
                if let (Some(owner), To::Open) = (owner, first[i]) {
                    next[i] = now[*owner];
                }
            }
            if next == now {
                break;
            }
            now = next;
        }
        now.into_iter()
            .map(|to| match to {
                To::Goes(file) => Some(file),
                To::Open | To::Stays => None,
            })
            .collect()
    }

    /// Words in the files of modules below a file, which can name what is private in it.
    fn words_below(&self, path: &str) -> BTreeSet<String> {
        let folder = path.trim_end_matches("/mod.rs").trim_end_matches(".rs");
        let below = self
            .texts
            .iter()
            .filter(|(other, _)| *other != path && other.starts_with(&format!("{folder}/")));
        let words =
            below.flat_map(|(_, text)| text.split(|c: char| !c.is_alphanumeric() && c != '_'));
        words.map(str::to_owned).collect()
    }

    /// Why the items that go to a file cannot.
    fn obstacle(
        &self,
        source: &Source<'_>,
        targets: &[Option<&str>],
        file: &str,
        grown: &[Import],
    ) -> Option<String> {
        let going = |i: &usize| targets[*i] == Some(file);
        let numbers: Vec<usize> = (0..targets.len()).filter(going).collect();
        for user in &numbers {
            let others = source.uses[*user].iter().filter(|i| !going(i));
            let word = others
                .filter_map(|i| hidden(&source.items[*user], &source.items[*i]))
                .next();
            if let Some(word) = word {
                return Some(format!(
                    "it needs `{word}`, which is private there and not its own; `pub(super)` would let it go"
                ));
            }
        }
        let there = self.sources.get(&file.to_owned());
        let taken = |name: &str, path: Option<&[String]>| {
            let import = there
                .and_then(|there| there.import(name))
                .or_else(|| grown.iter().find(|i| i.name.as_deref() == Some(name)));
            match import {
                Some(import) => path != Some(&import.path),
                None => there.is_some_and(|there| there.knows(name)),
            }
        };
        let names = numbers
            .iter()
            .filter_map(|i| source.items[*i].name.as_deref());
        let clash = names.map(|name| (name.to_owned(), None));
        let imports = self.imports(source, &numbers, file, &[]);
        let imported = imports
            .into_iter()
            .filter_map(|import| Some((import.name?, Some(import.path))));
        let mut all = clash.chain(imported);
        let (name, _) = all.find(|(name, path)| taken(name, path.as_deref()))?;
        Some(format!("`{file}` has another `{name}`"))
    }

    /// What must be imported where these items go, and is not imported there yet.
    fn imports(
        &self,
        source: &Source<'_>,
        numbers: &[usize],
        file: &str,
        grown: &[Import],
    ) -> Vec<Import> {
        let needed = |name: &String| {
            numbers
                .iter()
                .any(|i| source.items[*i].words.contains(name))
        };
        // An import that nothing mentions may be of a trait, whose methods are called.
        let silent = |name: &String| !source.items.iter().any(|item| item.words.contains(name));
        let of_file = source.imports.iter().filter(|i| {
            i.name
                .as_ref()
                .is_none_or(|name| needed(name) || silent(name))
        });
        let used: BTreeSet<usize> = numbers
            .iter()
            .flat_map(|n| source.uses[*n].iter().copied())
            .collect();
        let left = used
            .into_iter()
            .filter(|i| !numbers.contains(i))
            .map(|i| &source.items[i])
            .filter(|item| item.open);
        let module: Vec<String> = source.module.split("::").map(str::to_owned).collect();
        let of_items = left.filter_map(|item| {
            let name = item.name.clone()?;
            let mut path = module.clone();
            path.push(name.clone());
            Some(Import {
                name: Some(name),
                path,
                alias: String::new(),
                attributes: String::new(),
            })
        });
        let there = self.sources.get(&file.to_owned());
        let known = |import: &Import| {
            let in_file = there.into_iter().flat_map(|there| &there.imports);
            let same = |other: &Import| other.name == import.name && other.path == import.path;
            in_file.chain(grown).any(same)
        };
        of_file
            .cloned()
            .chain(of_items)
            .filter(|i| !known(i))
            .collect()
    }

    /// Puts the pieces into a file.
    fn arrive(
        &self,
        file: &str,
        source: &Source<'_>,
        pieces: &[&str],
        imports: &[Import],
        plan: &mut Plan,
    ) {
        let eol = text::line_ending(source.text, 0);
        let ended = |piece: &str| match piece.ends_with('\n') {
            true => piece.to_owned(),
            false => format!("{piece}{eol}"),
        };
        let body = pieces
            .iter()
            .map(|piece| ended(piece))
            .collect::<Vec<_>>()
            .join(eol);
        let mut lines: Vec<String> = imports.iter().map(Import::line).collect();
        lines.sort();
        let Some(there) = self
            .sources
            .get(&file.to_owned())
            .filter(|t| !t.text.is_empty())
        else {
            plan.pieces(file, lines, body, eol, &(self.project.docs)(file, true));
            return;
        };
        let mut edits = Vec::new();
        let own = text::line_ending(there.text, there.imports_end);
        if !lines.is_empty() {
            let block = lines.join("\n").replace('\n', own);
            let at = there.imports_end;
            let begins = there.text[..at].trim_start_matches('\u{feff}').is_empty();
            edits.push(match (begins, there.imports.is_empty()) {
                (true, _) => Edit::insert(at, format!("{block}{own}{own}")),
                (false, true) => Edit::insert(at, format!("{own}{own}{block}")),
                (false, false) => Edit::insert(at, format!("{own}{block}")),
            });
        }
        let end = there.text.len();
        let gap = match there.text.ends_with('\n') {
            true => own.to_owned(),
            false => own.repeat(2),
        };
        edits.push(Edit::insert(end, format!("{gap}{body}")));
        plan.edits(file, edits);
    }
}

/// What an item needs that only the module of another can name.
fn hidden<'i>(user: &Item, item: &'i Item) -> Option<&'i String> {
    let named = item.name.as_ref().filter(|name| user.words.contains(*name));
    let mut inside = item.inside.iter();
    match named {
        Some(name) if !item.open => Some(name),
        // `Point { x, y }`
        Some(_) => inside.find(|name| user.words.contains(*name)),
        None => inside.find(|name| user.members.contains(*name)),
    }
}

/// Deletions, those that touch as one.
fn joined(mut ranges: Vec<std::ops::Range<usize>>) -> Vec<Edit> {
    ranges.sort_by_key(|range| range.start);
    let mut out: Vec<std::ops::Range<usize>> = Vec::new();
    for range in ranges {
        match out.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => out.push(range),
        }
    }
    out.into_iter().map(Edit::delete).collect()
}
