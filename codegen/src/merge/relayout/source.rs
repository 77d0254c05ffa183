//! A file of stubs as a mover sees it: its items with the bytes that belong to them, what each mentions, what each offers,
//! and what the file imports.
//!
//! In: the text of a file that parses, and its module's path. Out: a [`Source`]. Must not know: what is to be moved.

use super::super::scan::{collect_words, parse, type_ident};
use super::super::text;
use quote::ToTokens;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use syn::ext::IdentExt;
use syn::spanned::Spanned;

/// A file.
pub(super) struct Source<'a> {
    pub(super) text: &'a str,
    /// `crate::resolvers::book`
    pub(super) module: String,
    pub(super) items: Vec<Item>,
    pub(super) imports: Vec<Import>,
    /// Behind the last `use`, or where one can stand.
    pub(super) imports_end: usize,
    /// For each item those that it names, itself or something inside of them.
    pub(super) uses: Vec<Vec<usize>>,
    /// For each `impl` the item that it belongs to.
    pub(super) owner: Vec<Option<usize>>,
}

/// An item that is no import.
#[derive(Debug)]
pub(super) struct Item {
    /// Its own bytes, with comments right above it and the rest of its last line.
    pub(super) range: Range<usize>,
    /// Where its first token stands: for an `impl`, the place by which `scan` knows it.
    pub(super) start: usize,
    pub(super) line: usize,
    /// Its name, by which an import can bring it elsewhere; `None` for what has none.
    pub(super) name: Option<String>,
    /// Whether code in other modules can name it.
    pub(super) open: bool,
    /// What stands inside and only this module can name: private methods and fields.
    pub(super) inside: BTreeSet<String>,
    /// For an `impl`: the words of its head, of which one may be an item of this file that it belongs to.
    pub(super) head: BTreeSet<String>,
    pub(super) words: BTreeSet<String>,
    /// Those behind `.` or `::`.
    pub(super) members: BTreeSet<String>,
    /// `mod x;` and the like: never moved.
    pub(super) fixed: bool,
}

/// One name that a `use` brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Import {
    /// The name in scope; `None` for `*` and `as _`.
    pub(super) name: Option<String>,
    /// From `crate` or another crate on.
    pub(super) path: Vec<String>,
    /// ` as x`, or nothing.
    pub(super) alias: String,
    /// Attributes before it, one a line.
    pub(super) attributes: String,
}

impl Import {
    /// The line that imports it.
    pub(super) fn line(&self) -> String {
        let Import {
            attributes, alias, ..
        } = self;
        format!("{attributes}use {}{alias};", self.path.join("::"))
    }
}

impl<'a> Source<'a> {
    /// `None` if the text does not parse.
    pub(super) fn read(text: &'a str, module: &str) -> Option<Source<'a>> {
        let file = parse(text).ok()?;
        let skipped = text::skipped_prefix(text);
        let range = |node: &dyn ToTokens| {
            let range = node.span().byte_range();
            range.start + skipped..range.end + skipped
        };
        let mut source = Source {
            text,
            module: module.to_owned(),
            items: Vec::new(),
            imports: Vec::new(),
            imports_end: file.attrs.last().map_or(skipped, |a| range(a).end),
            uses: Vec::new(),
            owner: Vec::new(),
        };
        let locals: BTreeSet<String> = file
            .items
            .iter()
            .filter_map(|i| Some(named(i)?.0))
            .collect();
        let mut above = source.imports_end;
        for item in &file.items {
            let own = range(item);
            if let syn::Item::Use(import) = item {
                let attributes = import
                    .attrs
                    .iter()
                    .map(|a| text[range(a)].to_owned() + "\n");
                let mut found = Vec::new();
                leaves(&import.tree, Vec::new(), &mut found);
                for mut leaf in found {
                    leaf.attributes = attributes.clone().collect();
                    leaf.path = absolute(leaf.path, module, &locals);
                    source.imports.push(leaf);
                }
                source.imports_end = text::behind(text, own.end).0;
            } else {
                source.items.push(describe(item, text, above, own.clone()));
            }
            above = own.end;
        }
        source.relate();
        Some(source)
    }

    /// Who names whom.
    fn relate(&mut self) {
        // Items that share a name are told apart by a `cfg`; there are few of them where a file compiles.
        const SAME: usize = 16;
        let mut named: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut inside: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (i, item) in self.items.iter().enumerate() {
            if let Some(name) = &item.name {
                named.entry(name).or_default().push(i);
            }
            for name in &item.inside {
                inside.entry(name).or_default().push(i);
            }
        }
        let of = |map: &BTreeMap<&str, Vec<usize>>, words: &BTreeSet<String>| -> BTreeSet<usize> {
            let found = words.iter().filter_map(|word| map.get(&**word));
            found
                .flat_map(|all| all.iter().take(SAME).copied())
                .collect()
        };
        let uses = self.items.iter().enumerate().map(|(i, item)| {
            let mut all = of(&named, &item.words);
            all.extend(of(&inside, &item.members));
            all.remove(&i);
            all.into_iter().collect()
        });
        let uses = uses.collect();
        let owner = self.items.iter();
        let owner = owner
            .map(|item| of(&named, &item.head).into_iter().next())
            .collect();
        (self.uses, self.owner) = (uses, owner);
    }

    /// The names that mean something in this file.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.import(name).is_some() || self.items.iter().any(|i| i.name.as_deref() == Some(name))
    }

    pub(super) fn import(&self, name: &str) -> Option<&Import> {
        self.imports
            .iter()
            .find(|i| i.name.as_deref() == Some(name))
    }
}

fn describe(item: &syn::Item, text: &str, above: usize, own: Range<usize>) -> Item {
    let mut words = BTreeSet::new();
    collect_words(item.to_token_stream(), &mut words);
    literal_words(item.to_token_stream(), &mut words);
    let mut members = BTreeSet::new();
    member_words(item.to_token_stream(), &mut members);
    let (name, open) = named(item).map_or((None, false), |(name, open)| (Some(name), open));
    let mut head = BTreeSet::new();
    if let syn::Item::Impl(block) = item {
        let of = block
            .trait_
            .as_ref()
            .and_then(|(path, _)| path.segments.last());
        head.extend(of.map(|segment| segment.ident.unraw().to_string()));
        head.extend(type_ident(&block.self_ty).map(|ident| ident.unraw().to_string()));
    }
    let line = match item {
        syn::Item::Impl(block) => block.impl_token.span.start().line,
        other => other.span().start().line,
    };
    Item {
        range: with_comments(text, above, whole_lines(text, &own)),
        start: own.start,
        line,
        name,
        open,
        inside: inside(item),
        head,
        words,
        members,
        fixed: matches!(item, syn::Item::Mod(m) if m.content.is_none())
            || matches!(item, syn::Item::ExternCrate(_)),
    }
}

/// With the rest of its last line, where that is a comment at most.
fn whole_lines(text: &str, own: &Range<usize>) -> Range<usize> {
    let (end, alone) = text::behind(text, own.end);
    if !alone || !text::begins_line(text, own.start) {
        return own.clone();
    }
    text::lines(text, &(own.start..end))
}

/// With the `//` lines right above, as far as nothing else stands on them.
fn with_comments(text: &str, above: usize, range: Range<usize>) -> Range<usize> {
    let mut start = range.start;
    while let Some(before) = text[..start].strip_suffix('\n') {
        let line = before.rfind('\n').map_or(0, |i| i + 1);
        let words = text[line..start].trim();
        let inner = words.starts_with("//!") || line == 0 && words.starts_with('\u{feff}');
        if line < above || inner || !words.starts_with("//") {
            break;
        }
        start = line;
    }
    start..range.end
}

/// The name of an item, and whether other modules can use it.
fn named(item: &syn::Item) -> Option<(String, bool)> {
    let (ident, vis) = match item {
        syn::Item::Const(i) => (&i.ident, &i.vis),
        syn::Item::Enum(i) => (&i.ident, &i.vis),
        syn::Item::Fn(i) => (&i.sig.ident, &i.vis),
        syn::Item::Mod(i) => (&i.ident, &i.vis),
        syn::Item::Static(i) => (&i.ident, &i.vis),
        syn::Item::Struct(i) => (&i.ident, &i.vis),
        syn::Item::Trait(i) => (&i.ident, &i.vis),
        syn::Item::Type(i) => (&i.ident, &i.vis),
        syn::Item::Union(i) => (&i.ident, &i.vis),
        syn::Item::Macro(i) => return Some((i.ident.as_ref()?.unraw().to_string(), false)),
        _ => return None,
    };
    Some((ident.unraw().to_string(), is_open(vis)))
}

/// Visible in the sibling modules at least.
fn is_open(vis: &syn::Visibility) -> bool {
    match vis {
        syn::Visibility::Public(_) => true,
        syn::Visibility::Restricted(within) => {
            within.in_token.is_none() && !within.path.is_ident("self")
        }
        syn::Visibility::Inherited => false,
    }
}

/// Names of private methods, constants and fields; the methods of a trait, which must be in scope to be called.
fn inside(item: &syn::Item) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut add = |ident: &syn::Ident| {
        names.insert(ident.unraw().to_string());
    };
    match item {
        syn::Item::Impl(block) if block.trait_.is_none() => {
            for part in &block.items {
                match part {
                    syn::ImplItem::Fn(f) if !is_open(&f.vis) => add(&f.sig.ident),
                    syn::ImplItem::Const(c) if !is_open(&c.vis) => add(&c.ident),
                    _ => {}
                }
            }
        }
        syn::Item::Struct(structure) => structure
            .fields
            .iter()
            .filter(|field| !is_open(&field.vis))
            .filter_map(|field| field.ident.as_ref())
            .for_each(&mut add),
        syn::Item::Trait(own) => own
            .items
            .iter()
            .filter_map(|part| match part {
                syn::TraitItem::Fn(f) => Some(&f.sig.ident),
                _ => None,
            })
            .for_each(&mut add),
        _ => {}
    }
    names
}

/// Words in strings: `format!("{LIMIT}")` mentions a constant.
fn literal_words(tokens: proc_macro2::TokenStream, words: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            proc_macro2::TokenTree::Literal(literal) => {
                let text = literal.to_string();
                let parts = text.split(|c: char| !c.is_alphanumeric() && c != '_');
                words.extend(parts.filter(|p| !p.is_empty()).map(str::to_owned));
            }
            proc_macro2::TokenTree::Group(group) => literal_words(group.stream(), words),
            _ => {}
        }
    }
}

/// Words behind a dot or a colon.
fn member_words(tokens: proc_macro2::TokenStream, words: &mut BTreeSet<String>) {
    let mut behind = false;
    for token in tokens {
        match &token {
            proc_macro2::TokenTree::Ident(ident) if behind => {
                words.insert(ident.unraw().to_string());
            }
            proc_macro2::TokenTree::Group(group) => member_words(group.stream(), words),
            _ => {}
        }
        behind =
            matches!(&token, proc_macro2::TokenTree::Punct(p) if matches!(p.as_char(), '.' | ':'));
    }
}

fn leaves(tree: &syn::UseTree, mut path: Vec<String>, out: &mut Vec<Import>) {
    let bring = |name: Option<String>, path: Vec<String>, alias: String| Import {
        name,
        path,
        alias,
        attributes: String::new(),
    };
    let unraw = |name: &String| name.trim_start_matches("r#").to_owned();
    match tree {
        syn::UseTree::Path(inner) => {
            path.push(inner.ident.to_string());
            leaves(&inner.tree, path, out);
        }
        syn::UseTree::Group(group) => group
            .items
            .iter()
            .for_each(|tree| leaves(tree, path.clone(), out)),
        syn::UseTree::Glob(_) => {
            path.push("*".to_owned());
            out.push(bring(None, path, String::new()));
        }
        syn::UseTree::Name(name) => {
            if name.ident != "self" {
                path.push(name.ident.to_string());
            }
            out.push(bring(path.last().map(unraw), path, String::new()));
        }
        syn::UseTree::Rename(rename) => {
            if rename.ident != "self" {
                path.push(rename.ident.to_string());
            }
            let alias = rename.rename.to_string();
            let name = (alias != "_").then(|| unraw(&alias));
            out.push(bring(name, path, format!(" as {alias}")));
        }
    }
}

/// The path as any module can write it.
fn absolute(path: Vec<String>, module: &str, locals: &BTreeSet<String>) -> Vec<String> {
    let mut own: Vec<String> = module.split("::").map(str::to_owned).collect();
    let mut rest = path.as_slice();
    match rest.first().map(String::as_str) {
        Some("self") => rest = &rest[1..],
        Some("super") => {
            while rest.first().is_some_and(|part| part == "super") {
                own.pop();
                rest = &rest[1..];
            }
        }
        Some(first) if locals.contains(first) => {}
        _ => return path,
    }
    own.extend_from_slice(rest);
    own
}
