//! `pub mod x;` lines: those that new stub files need, and those of files that go.
//!
//! In: the files, a plan of edits. Out: the plan with the lines, and what is said about them.
//! Must not know: what stands in stub files.

use super::edit::Edit;
use super::scan::Scan;
use super::{Added, ByHand, Merge, Project, WantedImpl, finished, insert, text};
use askama::Template;
use std::collections::{BTreeMap, BTreeSet};

/// The stub files that no `mod` leads to, by folder.
pub(super) fn new_modules(
    scan: &Scan,
    plan: &insert::Plan,
    wanted: &[WantedImpl],
    texts: &BTreeMap<String, String>,
) -> BTreeMap<String, BTreeSet<String>> {
    let mut modules: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for want in wanted {
        let stray = scan
            .files
            .get(&want.file)
            .is_some_and(|file| !file.reached && !file.impls.is_empty());
        let declared = scan.files.get(&want.file).is_some_and(|file| file.reached);
        if (plan.creates(&want.file) || stray) && !declared {
            let stem = want
                .file
                .rsplit('/')
                .next()
                .unwrap_or_default()
                .trim_end_matches(".rs");
            modules
                .entry(want.folder.clone())
                .or_default()
                .insert(stem.to_owned());
        }
        // A folder in use always has its modules looked at, so that one outside of the crate is noticed.
        if module_file(texts, &want.folder).is_some() {
            modules.entry(want.folder.clone()).or_default();
        }
    }
    modules
}

/// Adds `pub mod x;` lines to the file with a folder's modules, or makes that file.
pub(super) fn add_modules(
    scan: &Scan,
    folder: &str,
    modules: &BTreeSet<String>,
    texts: &BTreeMap<String, String>,
    project: Project<'_>,
    plan: &mut insert::Plan,
    merge: &mut Merge,
) {
    let path = module_file(texts, folder);
    let name = folder.rsplit('/').next().unwrap_or_default();
    let rooted = ["src/lib.rs", "src/main.rs"]
        .iter()
        .any(|root| scan.files.contains_key(*root));
    let reached = path
        .as_ref()
        .is_some_and(|path| scan.files.get(path).is_some_and(|file| file.reached));
    let declared = ["src/lib.rs", "src/main.rs"]
        .iter()
        .filter_map(|root| scan.files.get(*root))
        .any(|root| root.modules.iter().any(|m| m.name == name));
    let shown = path.clone().unwrap_or_else(|| format!("{folder}/mod.rs"));
    if rooted && !reached && !declared {
        merge.outside.push((shown.clone(), name.to_owned()));
    }
    let Some(path) = path else {
        let lines: Vec<String> = modules.iter().map(|m| module_line(m)).collect();
        let text = ModuleFile {
            docs: &(project.docs)(&shown, false),
            modules: &lines.join("\n"),
        };
        plan.new_file(&shown, finished(text.render()));
        merge.added.extend(lines.into_iter().map(|text| Added {
            coordinate: None,
            span: None,
            file: shown.clone(),
            text,
        }));
        return;
    };
    if let Some(broken) = scan.broken.get(&path) {
        merge.by_hand.extend((!modules.is_empty()).then(|| {
            ByHand {
                coordinates: Vec::new(),
                span: None,
                place: format!("{path}:{}:{}", broken.line, broken.column),
                reason: format!("the file does not parse: {}", broken.message),
                patch: modules
                    .iter()
                    .map(|m| module_line(m))
                    .collect::<Vec<_>>()
                    .join("\n"),
                syntax: true,
                signature: false,
            }
        }));
        return;
    }
    for module in modules {
        if scan
            .files
            .get(&path)
            .is_some_and(|file| file.modules.iter().any(|m| m.name == *module))
        {
            continue;
        }
        plan.module(&path, module);
        merge.added.push(Added {
            coordinate: None,
            span: None,
            file: path.clone(),
            text: module_line(module),
        });
    }
}

/// A file of stubs that goes as a whole, and the `pub mod` line that leads to it.
pub(super) fn drop_file(
    scan: &Scan,
    path: &str,
    texts: &BTreeMap<String, String>,
    plan: &mut insert::Plan,
) {
    plan.forget(path);
    let Some((folder, file)) = path.rsplit_once('/') else {
        return;
    };
    let name = file.trim_end_matches(".rs");
    let Some(parent) = module_file(texts, folder) else {
        return;
    };
    let old = &texts[&parent];
    let modules = scan
        .files
        .get(&parent)
        .into_iter()
        .flat_map(|file| &file.modules);
    let line = modules
        .filter(|m| m.outline && m.name == name && old[m.range.clone()] == module_line(name))
        .map(|m| Edit::delete(text::lines(old, &m.range)));
    plan.edits(&parent, line.collect());
}

/// The file that holds the modules of a folder, if there is one.
pub(super) fn module_file(texts: &BTreeMap<String, String>, folder: &str) -> Option<String> {
    [format!("{folder}/mod.rs"), format!("{folder}.rs")]
        .into_iter()
        .find(|path| texts.contains_key(path))
}

/// `pub mod x;`, with `r#` where the name is a keyword.
pub(super) fn module_line(name: &str) -> String {
    let raw = if syn::parse_str::<syn::Ident>(name).is_ok() {
        ""
    } else {
        "r#"
    };
    format!("pub mod {raw}{name};")
}

/// A new file with the modules of a folder.
#[derive(Template)]
#[template(path = "stubs/mod.rs.jinja", escape = "none")]
struct ModuleFile<'a> {
    docs: &'a str,
    modules: &'a str,
}
