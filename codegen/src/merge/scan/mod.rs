//! What the user's Rust files hold: modules, imports, and `impl Trait for App` blocks with their byte ranges.
//!
//! In: the texts of the files under `src/`. Out: a [`Scan`] of all that the crate's module tree reaches.
//! Must not know: which methods a trait should have.

mod fresh;
mod read;

pub(super) use fresh::fresh;
pub(super) use read::{collect_words, parse, syntax_error, type_ident};

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// What was found in the files.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// The files that were read, by path.
    pub(super) files: BTreeMap<String, ScannedFile>,
    /// The files that do not parse.
    pub(super) broken: BTreeMap<String, Broken>,
}

/// A file that parses.
#[derive(Debug, Default, PartialEq)]
pub(super) struct ScannedFile {
    /// Whether the module tree leads here.
    pub(super) reached: bool,
    /// The path of its module: `crate::resolvers::book`.
    pub(super) module: String,
    /// Whether a `#[cfg(test)]` stands above it in the module tree.
    pub(super) test: bool,
    /// Trait implementations, in order.
    pub(super) impls: Vec<ImplBlock>,
    /// `mod x;` and `mod x {}` at the top of the file.
    pub(super) modules: Vec<Module>,
    /// Names that `use` and definitions bring into the file's own scope.
    pub(super) names: BTreeSet<String>,
    /// Words inside macro calls in place of items, which may well hold impls.
    pub(super) macro_words: BTreeSet<String>,
    /// Whether the file holds any item.
    pub(super) has_items: bool,
    /// The bodies of functions, from brace to brace, in order; none lies in another.
    pub(super) bodies: Vec<Range<usize>>,
    /// Every `mod x;` in it.
    children: Vec<Child>,
}

/// A file that does not parse.
#[derive(Debug)]
pub(super) struct Broken {
    pub(super) message: String,
    pub(super) line: usize,
    pub(super) column: usize,
}

/// A `mod` at the top of a file.
#[derive(Debug, PartialEq)]
pub(super) struct Module {
    pub(super) name: String,
    pub(super) range: Range<usize>,
    /// `mod x;`, not `mod x {}`.
    pub(super) outline: bool,
}

/// `impl Trait for Type { … }`.
#[derive(Debug, PartialEq)]
pub(super) struct ImplBlock {
    /// The last segment of the trait's path, an alias by `use … as` resolved.
    pub(super) trait_name: String,
    /// The last segment of the type's path, resolved likewise.
    pub(super) self_name: String,
    /// Names in scope where the block stands.
    pub(super) names: BTreeSet<String>,
    /// Under `#[cfg(test)]`.
    pub(super) test: bool,
    /// Holds a macro call or something that syn does not know.
    pub(super) opaque: bool,
    /// Words inside of such calls: a method that one of them names is taken to be made by it.
    pub(super) macro_words: BTreeSet<String>,
    /// From the first attribute on.
    pub(super) range: Range<usize>,
    /// The last segment of the trait's path, and whether it is written under its own name.
    pub(super) trait_ident: Range<usize>,
    pub(super) aliased: bool,
    /// Whether attributes stand before it.
    pub(super) attributes: bool,
    /// The line of the `impl`, from 1.
    pub(super) line: usize,
    /// Behind `{` and inner attributes.
    pub(super) open: usize,
    /// The closing brace.
    pub(super) close: usize,
    pub(super) methods: Vec<Method>,
    pub(super) has_items: bool,
}

/// A method of an impl.
#[derive(Debug, PartialEq)]
pub(super) struct Method {
    /// Without `r#`.
    pub(super) name: String,
    /// From the first attribute or line of documentation on.
    pub(super) range: Range<usize>,
    /// The line of the name, from 1.
    pub(super) line: usize,
    pub(super) ident: Range<usize>,
    /// Whether a `cfg` decides if it is there.
    pub(super) cfg: bool,
    /// `<…>` behind the name.
    pub(super) generics: Option<Range<usize>>,
    /// `self` in whatever form, with its comma if there is one.
    pub(super) receiver: Option<Range<usize>>,
    /// The parameters behind it.
    pub(super) params: Vec<Param>,
    /// The type behind the arrow.
    pub(super) returns: Option<Range<usize>>,
}

/// A parameter of a method.
#[derive(Debug, PartialEq)]
pub(super) struct Param {
    /// Attributes, pattern and type.
    pub(super) range: Range<usize>,
    pub(super) ty: Range<usize>,
    /// The comma behind it.
    pub(super) comma: Option<Range<usize>>,
}

/// Files whose scans are known, so that nobody has to read them, by path.
pub(super) type Known = BTreeMap<String, ScannedFile>;

/// Reads the crate from its roots on, and besides the files in `also`, reached or not. Takes what it needs out of `known`.
pub(super) fn scan(
    texts: &BTreeMap<String, String>,
    roots: &[String],
    also: &BTreeSet<String>,
    known: &mut Known,
) -> Scan {
    let mut scan = Scan::default();
    let roots = roots
        .iter()
        .map(|path| (path.clone(), module_of(path), false));
    let mut queue: Vec<(String, String, bool)> = roots.collect();
    while let Some((path, module, test)) = queue.pop() {
        let Some(file) = scan.file(&path, texts, known) else {
            continue;
        };
        file.reached = true;
        file.test = test;
        for child in &file.children {
            let found = child
                .candidates(&path)
                .into_iter()
                .find(|p| texts.contains_key(p));
            let name = format!("{module}::{}", child.path.join("::"));
            queue.extend(found.map(|p| (p, name, test || child.test)));
        }
        file.module = module;
    }
    for path in also {
        if let Some(file) = scan.file(path, texts, known) {
            file.module = module_of(path);
        }
    }
    scan
}

impl Scan {
    /// Reads a file that was not read yet. `None` if it was, if it is not there, and if it does not parse.
    fn file(
        &mut self,
        path: &str,
        texts: &BTreeMap<String, String>,
        known: &mut Known,
    ) -> Option<&mut ScannedFile> {
        if self.files.contains_key(path) || self.broken.contains_key(path) {
            return None;
        }
        let text = texts.get(path)?;
        let file = match known.remove(path) {
            // Where it hangs in the tree may have changed since.
            Some(file) => file.unhung(),
            None => match read::read(text) {
                Ok(file) => file,
                Err(broken) => {
                    self.broken.insert(path.to_owned(), broken);
                    return None;
                }
            },
        };
        #[cfg(test)]
        assert_eq!(
            read::read(text).ok().as_ref(),
            Some(&file),
            "{path}\n{text}"
        );
        Some(self.files.entry(path.to_owned()).or_insert(file))
    }
}

impl ScannedFile {
    /// As it was read, before it had a place in the tree.
    fn unhung(self) -> ScannedFile {
        ScannedFile {
            reached: false,
            test: false,
            module: String::new(),
            ..self
        }
    }
}

/// The module that a file is by its place.
fn module_of(path: &str) -> String {
    let inner = path
        .strip_prefix("src/")
        .unwrap_or(path)
        .trim_end_matches(".rs");
    let inner = inner.strip_suffix("/mod").unwrap_or(inner);
    match inner {
        "lib" | "main" => "crate".to_owned(),
        inner => format!("crate::{}", inner.replace('/', "::")),
    }
}

/// A `mod x;` on the way to its file.
#[derive(Debug, PartialEq)]
struct Child {
    /// The inline modules around it, and its own name.
    path: Vec<String>,
    /// `#[path = "…"]`
    explicit: Option<String>,
    test: bool,
}

impl Child {
    /// Where the file may be, seen from the file that declares it.
    fn candidates(&self, parent: &str) -> Vec<String> {
        let (folder, file) = parent.rsplit_once('/').unwrap_or(("", parent));
        let stem = file.trim_end_matches(".rs");
        let own = match stem {
            "mod" | "lib" | "main" => folder.to_owned(),
            _ => join(folder, stem),
        };
        let (name, around) = self.path.split_last().expect("a module has a name");
        let inside = around.iter().fold(own, |at, part| join(&at, part));
        match &self.explicit {
            // Outside inline modules the attribute counts from the file's folder.
            Some(path) if around.is_empty() => vec![join(folder, path)],
            Some(path) => vec![join(&inside, path)],
            None => vec![
                join(&inside, &format!("{name}.rs")),
                join(&inside, &format!("{name}/mod.rs")),
            ],
        }
    }
}

/// `a/b` and `../c` are `a/c`.
fn join(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for part in path.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}
