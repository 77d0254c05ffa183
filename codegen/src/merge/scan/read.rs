//! One Rust file, read with syn.
//!
//! In: a text. Out: what it holds, or where it stops to be Rust. Must not know: other files.

use super::super::depth::too_deep;
use super::super::text;
use super::{Broken, Child, ImplBlock, Method, Module, Param, ScannedFile};
use quote::ToTokens;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::visit::Visit;

/// Where a text stops to be Rust, if it does.
pub(in super::super) fn syntax_error(text: &str) -> Option<String> {
    let broken = parse(text).err()?;
    let Broken {
        message,
        line,
        column,
    } = broken;
    Some(format!("{line}:{column}: {message}"))
}

/// The only way to syn.
pub(in super::super) fn parse(text: &str) -> Result<syn::File, Broken> {
    let broken = |message: String, span: proc_macro2::Span| Broken {
        message,
        line: span.start().line,
        column: span.start().column + 1,
    };
    if let Some(span) = too_deep(text) {
        return Err(broken("it nests too deeply".to_owned(), span));
    }
    syn::parse_file(text).map_err(|error| broken(words(&error), error.span()))
}

/// Reads a file, wherever it stands.
pub(super) fn read(text: &str) -> Result<ScannedFile, Broken> {
    let file = parse(text)?;
    let mut reader = Reader {
        skipped: text::skipped_prefix(text),
        ..Reader::default()
    };
    reader.scopes.push(Scope::of(&file.items));
    reader.visit_file(&file);
    let names = reader.scopes.pop().expect("the file's own scope").names;
    let modules = file.items.iter().filter_map(|item| match item {
        syn::Item::Mod(module) => Some(Module {
            name: module.ident.unraw().to_string(),
            range: reader.range(module),
            outline: module.content.is_none(),
        }),
        _ => None,
    });
    let modules = modules.collect();
    Ok(ScannedFile {
        impls: reader.impls,
        modules,
        names,
        macro_words: reader.macro_words,
        has_items: !file.items.is_empty() || !file.attrs.is_empty(),
        bodies: reader.bodies,
        children: reader.children,
        ..ScannedFile::default()
    })
}

/// The parser's words; where it only says that it cannot, what that means.
fn words(error: &syn::Error) -> String {
    match error.to_string().as_str() {
        "cannot parse string into token stream" | "lex error" => {
            "a bracket, a string or a comment is not closed".to_owned()
        }
        other => other.to_owned(),
    }
}

#[derive(Default)]
struct Reader {
    skipped: usize,
    scopes: Vec<Scope>,
    modules: Vec<String>,
    test: bool,
    impls: Vec<ImplBlock>,
    children: Vec<Child>,
    macro_words: BTreeSet<String>,
    bodies: Vec<Range<usize>>,
    /// How many functions stand around what is visited.
    inside: usize,
}

/// The names of one module.
#[derive(Default)]
struct Scope {
    names: BTreeSet<String>,
    /// `use a::B as C;`: C → B.
    renamed: BTreeMap<String, String>,
}

impl Scope {
    fn of(items: &[syn::Item]) -> Scope {
        let mut scope = Scope::default();
        for item in items {
            let ident = match item {
                syn::Item::Use(item) => {
                    scope.import(&item.tree, None);
                    continue;
                }
                syn::Item::Struct(item) => &item.ident,
                syn::Item::Enum(item) => &item.ident,
                syn::Item::Type(item) => &item.ident,
                syn::Item::Mod(item) => &item.ident,
                _ => continue,
            };
            scope.names.insert(ident.unraw().to_string());
        }
        scope
    }

    fn import(&mut self, tree: &syn::UseTree, parent: Option<&syn::Ident>) {
        match tree {
            syn::UseTree::Path(path) => self.import(&path.tree, Some(&path.ident)),
            syn::UseTree::Name(name) if name.ident == "self" => {
                self.names.extend(parent.map(|p| p.unraw().to_string()));
            }
            syn::UseTree::Name(name) => drop(self.names.insert(name.ident.unraw().to_string())),
            syn::UseTree::Rename(rename) => {
                let real = if rename.ident == "self" {
                    parent.unwrap_or(&rename.ident)
                } else {
                    &rename.ident
                };
                self.names.insert(rename.rename.unraw().to_string());
                self.renamed
                    .insert(rename.rename.unraw().to_string(), real.unraw().to_string());
            }
            syn::UseTree::Group(group) => group
                .items
                .iter()
                .for_each(|tree| self.import(tree, parent)),
            syn::UseTree::Glob(_) => {}
        }
    }
}

impl Reader {
    fn range(&self, node: &impl Spanned) -> Range<usize> {
        let range = node.span().byte_range();
        range.start + self.skipped..range.end + self.skipped
    }

    /// As [`Reader::range`], which takes all tokens of a type apart: most are paths.
    fn range_of_type(&self, ty: &syn::Type) -> Range<usize> {
        match ty {
            syn::Type::Reference(reference) if reference.attrs.is_empty() => {
                let start = self.range(&reference.and_token).start;
                start..self.range_of_type(&reference.elem).end
            }
            syn::Type::Path(syn::TypePath {
                attrs,
                qself: None,
                path,
            }) if attrs.is_empty() => {
                let (Some(first), Some(last)) = (path.segments.first(), path.segments.last())
                else {
                    return self.range(ty);
                };
                let colon = path.leading_colon.map(|colon| self.range(&colon).start);
                let end = match &last.arguments {
                    syn::PathArguments::None => self.range(&last.ident).end,
                    syn::PathArguments::AngleBracketed(inner) => self.range(&inner.gt_token).end,
                    syn::PathArguments::Parenthesized(_) => return self.range(ty),
                };
                colon.unwrap_or_else(|| self.range(&first.ident).start)..end
            }
            _ => self.range(ty),
        }
    }

    /// Where the first of these begins that is there.
    fn start(&self, attrs: &[syn::Attribute], parts: &[&dyn ToTokens]) -> usize {
        let is_outer = |it: &&syn::Attribute| matches!(it.style, syn::AttrStyle::Outer);
        let outer = attrs
            .iter()
            .find(is_outer)
            .map(|it| it.pound_token.spans[0]);
        let mut parts = parts.iter().map(|part| part.to_token_stream());
        let first = || {
            parts
                .find_map(|part| part.into_iter().next())
                .map(|it| it.span())
        };
        let span = outer.or_else(first).expect("an item has a keyword");
        span.byte_range().start + self.skipped
    }

    fn range_of_method(&self, method: &syn::ImplItemFn) -> Range<usize> {
        let sig = &method.sig;
        let parts: [&dyn ToTokens; 7] = [
            &method.vis,
            &method.modifiers.defaultness,
            &sig.constness,
            &sig.asyncness,
            &sig.safety,
            &sig.abi,
            &sig.fn_token,
        ];
        self.start(&method.attrs, &parts)..self.end_of(&method.block.brace_token)
    }

    fn range_of_impl(&self, item: &syn::ItemImpl) -> Range<usize> {
        let parts: [&dyn ToTokens; 3] = [
            &item.modifiers.defaultness,
            &item.unsafety,
            &item.impl_token,
        ];
        self.start(&item.attrs, &parts)..self.end_of(&item.brace_token)
    }

    fn end_of(&self, brace: &syn::token::Brace) -> usize {
        brace.span.close().byte_range().end + self.skipped
    }

    fn method(&self, method: &syn::ImplItemFn) -> Method {
        let (mut receiver, mut params) = (None, Vec::new());
        for pair in method.sig.inputs.pairs() {
            let comma = pair.punct().map(|comma| self.range(comma));
            match pair.value() {
                syn::FnArg::Receiver(this) => {
                    let this = self.range(this);
                    receiver = Some(this.start..comma.map_or(this.end, |comma| comma.end));
                }
                syn::FnArg::Typed(param) => {
                    let ty = self.range_of_type(&param.ty);
                    let start = match (&param.attrs[..], &*param.pat) {
                        ([], pat) => self.range(pat).start,
                        _ => self.range(param).start,
                    };
                    params.push(Param {
                        range: start..ty.end,
                        ty,
                        comma,
                    });
                }
            }
        }
        let generics = &method.sig.generics;
        let brackets = generics.lt_token.zip(generics.gt_token);
        Method {
            generics: brackets.map(|(lt, gt)| self.range(&lt).start..self.range(&gt).end),
            name: method.sig.ident.unraw().to_string(),
            range: self.range_of_method(method),
            line: method.sig.ident.span().start().line,
            ident: self.range(&method.sig.ident),
            cfg: method
                .attrs
                .iter()
                .any(|a| a.path().is_ident("cfg") || a.path().is_ident("cfg_attr")),
            receiver,
            params,
            returns: match &method.sig.output {
                syn::ReturnType::Type(_, ty) => Some(self.range_of_type(ty)),
                syn::ReturnType::Default => None,
            },
        }
    }

    /// Notes the body of a function that stands in no other, and goes into it: an `impl` may be there as well.
    fn function(&mut self, body: &syn::Block, go_in: impl FnOnce(&mut Self)) {
        if self.inside == 0 {
            let start = body.brace_token.span.open().byte_range().start;
            let range = start + self.skipped..self.end_of(&body.brace_token);
            self.bodies.push(range);
        }
        self.inside += 1;
        go_in(self);
        self.inside -= 1;
    }

    fn resolve(&self, ident: &syn::Ident) -> String {
        let name = ident.unraw().to_string();
        self.scopes
            .last()
            .and_then(|scope| scope.renamed.get(&name).cloned())
            .unwrap_or(name)
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        let test = self.test || is_test(&module.attrs);
        self.modules.push(module.ident.unraw().to_string());
        match &module.content {
            Some((_, items)) => {
                let outer = std::mem::replace(&mut self.test, test);
                self.scopes.push(Scope::of(items));
                items.iter().for_each(|item| self.visit_item(item));
                self.scopes.pop();
                self.test = outer;
            }
            None => {
                let explicit = module.attrs.iter().find_map(path_attribute);
                self.children.push(Child {
                    path: self.modules.clone(),
                    explicit,
                    test,
                });
            }
        }
        self.modules.pop();
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        syn::visit::visit_item_impl(self, item);
        let Some((path, _)) = &item.trait_ else {
            return;
        };
        let (Some(last), Some(self_ident)) = (path.segments.last(), type_ident(&item.self_ty))
        else {
            return;
        };
        let methods = item.items.iter().filter_map(|part| match part {
            syn::ImplItem::Fn(method) => Some(self.method(method)),
            _ => None,
        });
        let inner = item
            .attrs
            .iter()
            .filter(|a| matches!(a.style, syn::AttrStyle::Inner(_)));
        let brace = item.brace_token.span.open().byte_range().end + self.skipped;
        let open = inner
            .map(|a| self.range(a).end)
            .chain([brace])
            .max()
            .unwrap_or(brace);
        let mut macro_words = BTreeSet::new();
        for part in &item.items {
            if let syn::ImplItem::Macro(call) = part {
                collect_words(call.mac.tokens.clone(), &mut macro_words);
            }
        }
        let opaque = |part: &syn::ImplItem| {
            matches!(part, syn::ImplItem::Macro(_) | syn::ImplItem::Verbatim(_))
        };
        self.impls.push(ImplBlock {
            trait_name: self.resolve(&last.ident),
            self_name: self.resolve(self_ident),
            names: self
                .scopes
                .last()
                .map(|s| s.names.clone())
                .unwrap_or_default(),
            test: self.test || is_test(&item.attrs),
            opaque: item.items.iter().any(opaque),
            macro_words,
            range: self.range_of_impl(item),
            trait_ident: self.range(&last.ident),
            aliased: last.ident.unraw() != self.resolve(&last.ident),
            attributes: !item.attrs.is_empty(),
            line: item.impl_token.span.start().line,
            open,
            close: item.brace_token.span.close().byte_range().start + self.skipped,
            methods: methods.collect(),
            has_items: !item.items.is_empty(),
        });
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(&item.block, |this| syn::visit::visit_item_fn(this, item));
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(&item.block, |this| {
            syn::visit::visit_impl_item_fn(this, item)
        });
    }

    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        collect_words(item.mac.tokens.clone(), &mut self.macro_words);
    }
}

/// The last segment of a plain type path.
pub(in super::super) fn type_ident(ty: &syn::Type) -> Option<&syn::Ident> {
    match ty {
        syn::Type::Path(path) => path.path.segments.last().map(|s| &s.ident),
        syn::Type::Paren(inner) => type_ident(&inner.elem),
        syn::Type::Group(inner) => type_ident(&inner.elem),
        _ => None,
    }
}

/// `#[cfg(test)]`
fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|a| {
        a.path().is_ident("cfg")
            && a.parse_args::<syn::Ident>()
                .is_ok_and(|condition| condition == "test")
    })
}

/// `#[path = "…"]`
fn path_attribute(attribute: &syn::Attribute) -> Option<String> {
    let syn::Meta::NameValue(pair) = &attribute.meta else {
        return None;
    };
    match &pair.value {
        syn::Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(text),
            ..
        }) if pair.path.is_ident("path") => Some(text.value()),
        _ => None,
    }
}

pub(in super::super) fn collect_words(
    tokens: proc_macro2::TokenStream,
    words: &mut BTreeSet<String>,
) {
    for token in tokens {
        match token {
            proc_macro2::TokenTree::Ident(ident) => drop(words.insert(ident.unraw().to_string())),
            proc_macro2::TokenTree::Group(group) => collect_words(group.stream(), words),
            _ => {}
        }
    }
}
