//! Items of the generated file found by their names, and cut out.
//!
//! In: the text, names. Out: pieces in the order of the file. Must not know: the plan.

use super::{Names, Piece};
use proc_macro2::Span;
use quote::ToTokens;
use std::collections::BTreeSet;
use std::ops::Range;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::{Expr, ExprStruct, Item, ItemImpl, Member};

pub(super) fn pieces(text: &str, names: &Names<'_>, place: Option<&str>) -> Vec<Piece> {
    // Our own output parses; if it should not, there is nothing to cut out of it.
    let Ok(file) = syn::parse_file(text) else {
        return Vec::new();
    };
    let modules: Vec<(&syn::ItemMod, &Vec<Item>)> = file
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Mod(module) => Some((module, &module.content.as_ref()?.1)),
            _ => None,
        })
        .collect();
    let mut wanted = names.items.clone();
    for item in modules.iter().flat_map(|(_, items)| *items) {
        if let (Some(name), true) = (name_of(item), is_defined_at(text, item, place)) {
            wanted.insert(name);
        }
    }
    let mut found = Vec::new();
    for (module, items) in modules {
        let module = module.ident.unraw().to_string();
        for item in items {
            let cut = cut(text, item, names, &wanted);
            found.extend(cut.into_iter().map(|text| Piece {
                module: module.clone(),
                text,
            }));
        }
    }
    found
}

/// The name of a type or a trait.
fn name_of(item: &Item) -> Option<String> {
    let ident = match item {
        Item::Struct(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        _ => return None,
    };
    Some(ident.unraw().to_string())
}

/// Whether the documentation of a type says that it is the one of this place.
fn is_defined_at(text: &str, item: &Item, place: Option<&str>) -> bool {
    let Some(place) = place else { return false };
    let line = format!("/// Defined at `{place}`.");
    let range = range(item.span());
    // Members have documentation of their own, further down and further in.
    let head = text[range]
        .lines()
        .take_while(|line| line.trim_start().starts_with("///"));
    head.map(str::trim).any(|found| found == line)
}

/// What is of interest in an item.
fn cut(text: &str, item: &Item, names: &Names<'_>, wanted: &BTreeSet<String>) -> Vec<String> {
    let is_wanted = name_of(item).is_some_and(|name| wanted.contains(&name));
    match item {
        Item::Struct(_) | Item::Enum(_) | Item::Type(_) | Item::Trait(_) if is_wanted => {
            match &names.members {
                None => vec![whole(text, item.span())],
                Some(members) => member(text, item, members).into_iter().collect(),
            }
        }
        Item::Impl(block) if names.members.is_none() && is_about(block, wanted) => {
            vec![whole(text, item.span())]
        }
        Item::Static(table) => {
            let mut entries = Entries {
                names,
                found: Vec::new(),
            };
            entries.visit_expr(&table.expr);
            entries
                .found
                .into_iter()
                .map(|span| whole(text, span))
                .collect()
        }
        Item::Fn(function) if calls(function, names, wanted) => vec![whole(text, item.span())],
        _ => Vec::new(),
    }
}

/// The members of an item that are looked for, in an item without the others.
fn member(text: &str, item: &Item, members: &BTreeSet<String>) -> Option<String> {
    let named = |ident: &syn::Ident| {
        members.contains(&ident.unraw().to_string()) || members.contains(&ident.to_string())
    };
    let (head, spans): (String, Vec<Span>) = match item {
        Item::Struct(item) => (
            format!("pub struct {}", item.ident),
            item.fields
                .iter()
                .filter(|field| field.ident.as_ref().is_some_and(named))
                .map(Spanned::span)
                .collect(),
        ),
        Item::Enum(item) => (
            format!("pub enum {}", item.ident),
            item.variants
                .iter()
                .filter(|v| named(&v.ident))
                .map(Spanned::span)
                .collect(),
        ),
        Item::Trait(item) => (
            format!("pub trait {}", item.ident),
            item.items
                .iter()
                .filter(
                    |item| matches!(item, syn::TraitItem::Fn(method) if named(&method.sig.ident)),
                )
                .map(Spanned::span)
                .collect(),
        ),
        _ => return None,
    };
    if spans.is_empty() {
        return None;
    }
    let mut lines = format!("{head} {{\n    // …\n");
    for span in spans {
        for line in whole(text, span).lines() {
            lines.push_str(format!("    {line}").trim_end());
            lines.push('\n');
        }
        // The comma behind a member is none of its tokens.
        if !lines.trim_end().ends_with([';', ',']) {
            lines.truncate(lines.trim_end().len());
            lines.push_str(",\n");
        }
    }
    Some(lines + "    // …\n}")
}

/// Whether a block is an impl for one of the types, or for something made of it.
fn is_about(block: &ItemImpl, wanted: &BTreeSet<String>) -> bool {
    idents(block.self_ty.to_token_stream()).any(|ident| wanted.contains(&ident))
}

/// Whether a function calls the methods that are looked for.
fn calls(function: &syn::ItemFn, names: &Names<'_>, wanted: &BTreeSet<String>) -> bool {
    let mut calls = Calls {
        wanted,
        members: names.members.as_ref(),
        found: false,
    };
    calls.visit_item_fn(function);
    calls.found
}

struct Calls<'a> {
    wanted: &'a BTreeSet<String>,
    members: Option<&'a BTreeSet<String>>,
    found: bool,
}

impl<'ast> Visit<'ast> for Calls<'_> {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        let mut last = path
            .segments
            .iter()
            .rev()
            .map(|s| s.ident.unraw().to_string());
        if let (Some(method), Some(owner)) = (last.next(), last.next())
            && path
                .segments
                .iter()
                .any(|segment| segment.ident == "traits")
        {
            let fits = self.members.is_none_or(|members| members.contains(&method));
            self.found |= self.wanted.contains(&owner) && fits;
        }
        syn::visit::visit_path(self, path);
    }
}

/// Finds entries of tables: `TypeDef { name: "Book", … }`, `FieldDef::new("title", …)` in one, `ColumnDef { field: "title", … }`.
struct Entries<'a> {
    names: &'a Names<'a>,
    found: Vec<Span>,
}

impl<'ast> Visit<'ast> for Entries<'_> {
    fn visit_expr_struct(&mut self, entry: &'ast ExprStruct) {
        if !has_text(entry, "name", self.names.gql) {
            return syn::visit::visit_expr_struct(self, entry);
        }
        match self.names.field {
            None => self.found.push(entry.span()),
            Some(field) => {
                let mut fields = Fields {
                    field,
                    found: Vec::new(),
                };
                syn::visit::visit_expr_struct(&mut fields, entry);
                self.found.append(&mut fields.found);
            }
        }
    }
}

struct Fields<'a> {
    field: &'a str,
    found: Vec<Span>,
}

impl<'ast> Visit<'ast> for Fields<'_> {
    fn visit_expr_struct(&mut self, entry: &'ast ExprStruct) {
        match has_text(entry, "field", self.field) {
            true => self.found.push(entry.span()),
            false => syn::visit::visit_expr_struct(self, entry),
        }
    }

    fn visit_expr(&mut self, expr: &'ast Expr) {
        // `FieldDef::new("title", …).guarded(…)`: the whole chain is the entry.
        match first_text(expr) {
            Some(text) if text == self.field => self.found.push(expr.span()),
            Some(_) => {}
            None => syn::visit::visit_expr(self, expr),
        }
    }
}

/// The first argument of `…Def::new("…", …)` below a chain of calls.
fn first_text(expr: &Expr) -> Option<String> {
    match expr {
        Expr::MethodCall(call) => first_text(&call.receiver),
        Expr::Call(call) => {
            let Expr::Path(path) = &*call.func else {
                return None;
            };
            let new = path.path.segments.last().is_some_and(|s| s.ident == "new");
            call.args.first().filter(|_| new).and_then(literal)
        }
        _ => None,
    }
}

fn has_text(entry: &ExprStruct, member: &str, text: &str) -> bool {
    entry.fields.iter().any(|field| {
        matches!(&field.member, Member::Named(name) if name == member)
            && literal(&field.expr).is_some_and(|found| found == text)
    })
}

fn literal(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(text),
            ..
        }) => Some(text.value()),
        _ => None,
    }
}

fn idents(tokens: proc_macro2::TokenStream) -> impl Iterator<Item = String> {
    let mut found = Vec::new();
    let mut streams = vec![tokens];
    while let Some(stream) = streams.pop() {
        for token in stream {
            match token {
                proc_macro2::TokenTree::Group(group) => streams.push(group.stream()),
                proc_macro2::TokenTree::Ident(ident) => found.push(ident.unraw().to_string()),
                _ => {}
            }
        }
    }
    found.into_iter()
}

fn range(span: Span) -> Range<usize> {
    span.byte_range()
}

/// The text of a span, without the indentation that its first line has.
fn whole(text: &str, span: Span) -> String {
    let range = range(span);
    let line = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
    let indent = text[line..range.start].len() - text[line..range.start].trim_start().len();
    let blanks = " ".repeat(indent);
    let lines = text[range].lines().enumerate();
    let lines: Vec<&str> = lines
        .map(|(i, line)| match i {
            0 => line,
            _ => line.strip_prefix(&blanks).unwrap_or(line.trim_start()),
        })
        .collect();
    lines.join("\n")
}
