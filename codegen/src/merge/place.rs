//! What is to be done with each trait: which block is its own, which methods it lacks, which changed, which are gone.
//!
//! In: the files, what is wanted, what the last run made. Out: edits in a plan, and what is said about them.
//! Must not know: how an edit is laid out.

use super::behind;
use super::follow::{Followed, follow, is_untouched};
use super::gone::{Fate, Gone, edits, gone, is_all, with_blank_line};
use super::insert::{Plan, impl_text, methods_text, requalified};
use super::scan::{ImplBlock, Method, Scan};
use super::{
    Behind, ByHand, Changed, Choices, Edit, How, Kept, Key, Lock, Merge, Project, Stub, WantedImpl,
    WantedMethod, bare, last_segment, text,
};
use std::collections::{BTreeMap, BTreeSet};

/// What one comparison looks at.
struct World<'a> {
    texts: &'a BTreeMap<String, String>,
    scan: &'a Scan,
    wanted: &'a [WantedImpl],
    lock: &'a Lock,
    choices: &'a Choices,
    project: Project<'a>,
    blocks: &'a Blocks<'a>,
}

/// A block of the user's, and its file.
pub(super) type Found<'a> = (&'a String, &'a ImplBlock);

/// The blocks that implement something for the application, by the name of the trait.
pub(super) type Blocks<'a> = BTreeMap<&'a str, Vec<Found<'a>>>;

pub(super) fn blocks_of<'a>(scan: &'a Scan, project: Project<'_>) -> Blocks<'a> {
    let app = last_segment(project.app);
    let mut blocks = Blocks::new();
    for (path, file) in scan.files.iter().filter(|(_, file)| !file.test) {
        for block in file.impls.iter().filter(|b| b.self_name == app && !b.test) {
            blocks
                .entry(&block.trait_name)
                .or_default()
                .push((path, block));
        }
    }
    blocks
}

/// Compares trait by trait.
pub(super) fn place(
    texts: &BTreeMap<String, String>,
    scan: &Scan,
    (wanted, lock, choices): (&[WantedImpl], &Lock, &Choices),
    project: Project<'_>,
    plan: &mut Plan,
    merge: &mut Merge,
) {
    let blocks = blocks_of(scan, project);
    let world = &World {
        texts,
        scan,
        wanted,
        lock,
        choices,
        project,
        blocks: &blocks,
    };
    traits(world, plan, merge);
    resemblances(world, merge);
}

fn traits(world: &World<'_>, plan: &mut Plan, merge: &mut Merge) {
    let names: BTreeSet<&str> = world
        .wanted
        .iter()
        .map(|want| bare(&want.trait_name))
        .collect();
    let mut adopted: BTreeSet<String> = BTreeSet::new();
    for want in world.wanted {
        let found = blocks(world, bare(&want.trait_name));
        // A block that a run has made since, and that nobody has touched, is no reason to leave the old one behind.
        let renamed = want.methods.iter().any(|m| !m.formerly.is_empty());
        let free = || found.iter().all(|found| is_fresh(world, *found));
        let former = (renamed && found.len() < 2 && free())
            .then(|| former(world, want, &names))
            .flatten();
        match former {
            Some((path, block)) => {
                adopted.insert(block.trait_name.clone());
                let now = bare(&want.trait_name).to_owned();
                merge.adopted.insert(block.trait_name.clone(), now);
                for (path, block) in found {
                    let old = &*world.texts[*path];
                    let whole = with_blank_line(old, text::lines(old, &block.range));
                    plan.edits(path, vec![Edit::delete(whole)]);
                }
                plan.edits(
                    path,
                    vec![Edit::replace(
                        block.trait_ident.clone(),
                        want.trait_name.clone(),
                    )],
                );
                in_block(world, want, (path, block), plan, merge);
            }
            None => in_blocks(world, want, found, plan, merge),
        }
    }
    let known: BTreeSet<&str> = world
        .lock
        .stubs
        .keys()
        .map(|key| &*key.trait_name)
        .collect();
    for old in known
        .into_iter()
        .filter(|old| !names.contains(old) && !adopted.contains(*old))
    {
        for found in blocks(world, old) {
            leave(world, *found, &Stays::default(), plan, merge);
        }
    }
}

fn blocks<'a>(world: &World<'a>, trait_name: &str) -> &'a [Found<'a>] {
    world.blocks.get(trait_name).map_or(&[], Vec::as_slice)
}

/// The block of a type that has a new name.
fn former<'a>(world: &World<'a>, want: &WantedImpl, names: &BTreeSet<&str>) -> Option<Found<'a>> {
    let before = want.methods.iter().flat_map(|method| &method.formerly);
    let old: BTreeSet<&str> = before
        .flat_map(|coordinate| known_as(world.lock, coordinate))
        .map(|key| &*key.trait_name)
        .filter(|old| !names.contains(old))
        .collect();
    let [old] = old.into_iter().collect::<Vec<_>>()[..] else {
        return None;
    };
    match *blocks(world, old) {
        [(path, block)] if !block.aliased && !block.opaque => Some((path, block)),
        _ => None,
    }
}

/// Whether a block holds nothing but stubs that nobody has touched.
fn is_fresh(world: &World<'_>, (path, block): Found<'_>) -> bool {
    let old = &*world.texts[path];
    let all: Vec<&Method> = block.methods.iter().collect();
    let untouched = |method: &&Method| {
        let was: Vec<&Stub> = world.lock.stub(&block.trait_name, &method.name).collect();
        is_untouched(old, method, &was)
    };
    !block.attributes && !all.is_empty() && all.iter().all(untouched) && is_all(old, block, &all)
}

fn known_as<'a>(lock: &'a Lock, coordinate: &str) -> impl Iterator<Item = &'a Key> {
    let stubs = lock.stubs.iter();
    stubs
        .filter(move |(_, stubs)| stubs.iter().any(|stub| stub.coordinate == coordinate))
        .map(|(key, _)| key)
}

fn in_blocks(
    world: &World<'_>,
    want: &WantedImpl,
    found: &[Found<'_>],
    plan: &mut Plan,
    merge: &mut Merge,
) {
    let has = |method: &WantedMethod| found.iter().any(|(_, block)| holds(block, method));
    let missing: Vec<&WantedMethod> = want.methods.iter().filter(|m| !has(m)).collect();
    match found {
        [] => match obstacle(world.scan, want) {
            Some((place, reason, syntax)) => {
                let patch = impl_text(want, &missing, world.project);
                merge
                    .by_hand
                    .push(by_hand(&missing, place, reason, syntax, patch));
            }
            None => plan.new_impl(want, &missing),
        },
        [found] => in_block(world, want, *found, plan, merge),
        [(path, block), ..] => {
            for method in want.methods.iter().filter(|m| holds(block, m)) {
                dark(world, block, path, method, merge);
            }
            if missing.is_empty() {
                return;
            }
            let reason = format!(
                "`{}` is implemented in {} blocks",
                want.trait_name,
                found.len()
            );
            let place = format!("{path}:{}", block.line);
            merge.by_hand.push(by_hand(
                &missing,
                place,
                reason,
                false,
                methods_text(&missing),
            ));
        }
    }
}

pub(super) fn holds(block: &ImplBlock, method: &WantedMethod) -> bool {
    let name = bare(&method.name);
    block.methods.iter().any(|m| m.name == name) || block.macro_words.contains(name)
}

/// What a wanted method is in a block.
enum There {
    /// That method, under its name.
    Is(usize),
    /// That method, under the name that it had: the old coordinate. A stub by its new name that was made since, and that
    /// nobody has touched, gives way.
    Was(usize, String, Option<usize>),
    /// Made by a macro, or doubled by a `cfg`.
    Dark,
    Missing,
}

fn there(
    world: &World<'_>,
    want: &WantedImpl,
    (path, block): Found<'_>,
    method: &WantedMethod,
) -> There {
    let at = |name: &str| -> Vec<usize> {
        let methods = block.methods.iter().enumerate();
        methods
            .filter(|(_, m)| m.name == name)
            .map(|(i, _)| i)
            .collect()
    };
    let own = match at(bare(&method.name))[..] {
        [i] if !block.methods[i].cfg => Some(i),
        [] => None,
        _ => return There::Dark,
    };
    let fresh = |i: usize| {
        let there = &block.methods[i];
        let was: Vec<&Stub> = world.lock.stub(&block.trait_name, &there.name).collect();
        is_untouched(&world.texts[path], there, &was)
    };
    if let Some(i) = own.filter(|i| method.formerly.is_empty() || !fresh(*i)) {
        return There::Is(i);
    }
    let taken = |name: &str| want.methods.iter().any(|other| bare(&other.name) == name);
    for coordinate in &method.formerly {
        for key in known_as(world.lock, coordinate) {
            if key.trait_name == block.trait_name
                && !taken(&key.method)
                && let [i] = at(&key.method)[..]
                && !block.methods[i].cfg
            {
                return There::Was(i, coordinate.clone(), own);
            }
        }
    }
    if let Some(i) = own {
        return There::Is(i);
    }
    match block.macro_words.contains(bare(&method.name)) {
        true => There::Dark,
        false => There::Missing,
    }
}

fn in_block(
    world: &World<'_>,
    want: &WantedImpl,
    found: Found<'_>,
    plan: &mut Plan,
    merge: &mut Merge,
) {
    let (path, block) = found;
    let old = &*world.texts[path];
    let say = |text: &str| requalified(text, &block.names, world.project);
    let state: Vec<There> = want
        .methods
        .iter()
        .map(|m| there(world, want, found, m))
        .collect();
    let mut stays: BTreeSet<&str> = BTreeSet::new();
    let mut gives_way: BTreeSet<usize> = BTreeSet::new();
    let mut missing = Vec::new();
    for (method, state) in want.methods.iter().zip(&state) {
        let place = |m: &Method| format!("{path}:{}", m.line);
        let (i, how) = match state {
            There::Missing => {
                missing.push(method);
                continue;
            }
            There::Dark => {
                stays.insert(bare(&method.name));
                dark(world, block, path, method, merge);
                continue;
            }
            There::Is(i) => (*i, how_named(world, want, block, *i)),
            There::Was(i, before, other) => {
                gives_way.extend(other);
                (*i, How::Renamed(before.clone()))
            }
        };
        let there = &block.methods[i];
        stays.insert(&there.name);
        let was: Vec<&Stub> = world.lock.stub(&block.trait_name, &there.name).collect();
        let (mut changes, unclear) = match follow(old, there, method, &was, &say) {
            Followed::Same => (Vec::new(), false),
            Followed::Edits(edits) => (edits, false),
            Followed::Unclear => (Vec::new(), true),
        };
        let is_behind = changes.is_empty() && behind::is_behind(old, there, method);
        let edits = is_behind.then(|| behind::catch_up(old, there, method, &say));
        match edits.flatten() {
            Some(edits) if world.choices.follow.contains(&method.coordinate) => changes = edits,
            _ if unclear => {
                let reason = "its parameters are not those that were generated".to_owned();
                let mut hand = by_hand(&[method], place(there), reason, false, heading(method));
                hand.signature = true;
                merge.by_hand.push(hand);
            }
            edits if is_behind => merge.behind.push(Behind {
                coordinate: method.coordinate.clone(),
                span: method.span,
                place: place(there),
                signature: heading(method),
                can_follow: edits.is_some(),
            }),
            _ => {}
        }
        let whole = changes.iter().any(|edit| edit.range == there.range);
        if matches!(state, There::Was(..)) && !whole {
            changes.push(Edit::replace(there.ident.clone(), method.name.clone()));
        }
        if !changes.is_empty() || matches!(how, How::Renamed(_)) {
            merge.changed.push(Changed {
                coordinate: method.coordinate.clone(),
                span: method.span,
                place: place(there),
                how,
            });
            plan.edits(path, changes);
        }
    }
    if !missing.is_empty() || want.methods.is_empty() {
        add(want, found, &state, &missing, plan, merge);
    }
    let stays = Stays {
        names: stays,
        gives_way,
        wanted: true,
    };
    leave(world, found, &stays, plan, merge);
}

/// A method under its own name has another coordinate when its block was that of another trait.
fn how_named(world: &World<'_>, want: &WantedImpl, block: &ImplBlock, i: usize) -> How {
    let mut was = world.lock.stub(&block.trait_name, &block.methods[i].name);
    match was.next() {
        Some(stub) if block.trait_name != bare(&want.trait_name) => {
            How::Renamed(stub.coordinate.clone())
        }
        _ => How::Retyped,
    }
}

/// Inserts what a block lacks.
fn add(
    want: &WantedImpl,
    (path, block): Found<'_>,
    state: &[There],
    missing: &[&WantedMethod],
    plan: &mut Plan,
    merge: &mut Merge,
) {
    if missing.is_empty() {
        return;
    }
    if block.opaque {
        let reason =
            "the block has a macro call inside, which may already make the method".to_owned();
        let place = format!("{path}:{}", block.line);
        merge.by_hand.push(by_hand(
            missing,
            place,
            reason,
            false,
            methods_text(missing),
        ));
        return;
    }
    let position = |method: &WantedMethod| {
        let i = want.methods.iter().position(|m| std::ptr::eq(m, method))?;
        match state[i] {
            There::Is(i) | There::Was(i, ..) => Some(i),
            // The last of several by that name.
            There::Dark => block
                .methods
                .iter()
                .rposition(|m| m.name == bare(&method.name)),
            There::Missing => None,
        }
    };
    plan.methods(path, block, want, missing, &position);
}

/// A method that cannot be looked at: what it should be is told when that changes.
fn dark(
    world: &World<'_>,
    block: &ImplBlock,
    path: &str,
    method: &WantedMethod,
    merge: &mut Merge,
) {
    let mut was = world
        .lock
        .stub(&block.trait_name, bare(&method.name))
        .peekable();
    let wanted = method.signature.text();
    if was.peek().is_none() || was.any(|stub| stub.signature == wanted) {
        return;
    }
    let there = block.methods.iter().find(|m| m.name == bare(&method.name));
    let (line, reason) = match there {
        Some(there) => (there.line, "a `cfg` decides which of its methods counts"),
        None => (block.line, "a macro call makes its method"),
    };
    let mut hand = by_hand(
        &[method],
        format!("{path}:{line}"),
        reason.to_owned(),
        false,
        heading(method),
    );
    hand.signature = true;
    merge.by_hand.push(hand);
}

fn heading(method: &WantedMethod) -> String {
    method
        .text
        .split(" {\n")
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// What stays of a block.
#[derive(Default)]
struct Stays<'a> {
    names: BTreeSet<&'a str>,
    /// Untouched stubs whose name an older method takes.
    gives_way: BTreeSet<usize>,
    /// Whether the trait still exists.
    wanted: bool,
}

/// Takes away what was generated for fields that are gone.
fn leave(
    world: &World<'_>,
    (path, block): Found<'_>,
    stays: &Stays<'_>,
    plan: &mut Plan,
    merge: &mut Merge,
) {
    let old = &*world.texts[path];
    let mut gone = gone(old, block, &stays.names, world.lock, world.choices);
    for one in &gone {
        let (coordinate, place) = (
            one.coordinate.to_owned(),
            format!("{path}:{}", one.method.line),
        );
        let how = match one.fate {
            Fate::Kept => {
                let like = None;
                merge.kept.push(Kept {
                    coordinate,
                    place,
                    like,
                });
                continue;
            }
            Fate::Deleted => How::Deleted,
            Fate::Detached => How::Detached,
        };
        merge.changed.push(Changed {
            coordinate,
            span: None,
            place,
            how,
        });
    }
    gone.extend(stays.gives_way.iter().map(|i| Gone {
        method: &block.methods[*i],
        coordinate: "",
        fate: Fate::Deleted,
    }));
    gone.sort_by_key(|gone| gone.method.range.start);
    if !gone.is_empty() {
        let app = last_segment(world.project.app);
        plan.edits(path, edits(old, block, &gone, stays.wanted, app));
    }
}

/// Finds for each edited method without a field the new field that looks like it.
fn resemblances(world: &World<'_>, merge: &mut Merge) {
    for kept in &mut merge.kept {
        let owner = |coordinate: &str| coordinate.split('.').next().map(str::to_owned);
        let signatures: BTreeSet<&str> = known_as(world.lock, &kept.coordinate)
            .flat_map(|key| &world.lock.stubs[key])
            .map(|stub| &*stub.signature)
            .collect();
        let methods = world.wanted.iter().flat_map(|want| &want.methods);
        let mut like = methods.filter(|method| {
            known_as(world.lock, &method.coordinate).next().is_none()
                && owner(&method.coordinate) == owner(&kept.coordinate)
                && signatures.contains(&*method.signature.text())
        });
        if let (Some(one), None) = (like.next(), like.next()) {
            kept.like = Some(one.coordinate.clone());
        }
    }
}

fn by_hand(
    methods: &[&WantedMethod],
    place: String,
    reason: String,
    syntax: bool,
    patch: String,
) -> ByHand {
    ByHand {
        coordinates: methods.iter().map(|m| m.coordinate.clone()).collect(),
        span: methods.first().and_then(|m| m.span),
        place,
        reason,
        patch,
        syntax,
        signature: false,
    }
}
/// Why a trait without a visible impl may have one all the same: (place, reason, whether it is bad syntax).
fn obstacle(scan: &Scan, want: &WantedImpl) -> Option<(String, String, bool)> {
    let in_macro = scan
        .files
        .iter()
        .find(|(_, file)| file.macro_words.contains(bare(&want.trait_name)));
    if let Some((path, _)) = in_macro {
        return Some((
            path.clone(),
            format!("a macro call there names `{}`", want.trait_name),
            false,
        ));
    }
    // Only a stub folder's own files are likely to hold it; a broken file elsewhere is rustc's to report.
    let inside = |path: &str| path == want.file || path.starts_with(&format!("{}/", want.folder));
    let (path, broken) = scan.broken.iter().find(|(path, _)| inside(path))?;
    let place = format!("{path}:{}:{}", broken.line, broken.column);
    Some((
        place,
        format!("the file does not parse: {}", broken.message),
        true,
    ))
}
