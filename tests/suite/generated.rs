//! The cases in `tests/golden/<case>/`: a schema, perhaps a manifest and migrations, and the Rust that comes of them.
//!
//! `expected/graphwright.rs` is the generated file, `expected/stubs.rs` the stubs of all traits. Both are also compiled, with
//! warnings denied, by the package in `tests/compiled`, where each case is a module of its name.

use crate::golden::{compare, entries, folder};
use graphwright_codegen::diagnostic::Diagnostics;
use graphwright_codegen::ir::Ir;
use graphwright_codegen::options::Options;
use graphwright_codegen::plan::{Plan, Settings};
use graphwright_codegen::source::{Source, Sources};
use graphwright_codegen::{emit, lower, migrate, parse, plan, print, validate};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The plan of a schema, and of a manifest if there is one.
///
/// # Panics
/// The schema has mistakes.
pub fn planned(sources: &Sources, options: &Options, migrations: Vec<String>) -> Plan {
    let mut diags = Diagnostics::default();
    let ir = lowered(sources, &mut diags);
    let Some(ir) = validate::validate(ir, &mut diags) else {
        panic!("{}", diags.render(sources, false));
    };
    let settings = Settings {
        options,
        sources,
        sdl: print::sdl(&ir.schema),
        migrations,
    };
    let plan = plan::plan(&ir, &settings, &mut diags);
    assert!(!diags.has_errors(), "{}", diags.render(sources, false));
    plan
}

fn lowered(sources: &Sources, diags: &mut Diagnostics) -> Ir {
    let (mut documents, mut manifest) = (Vec::new(), None);
    for (file, source) in sources.iter() {
        if source.name.ends_with(".graphql") {
            documents.push(parse::document(file, source, diags));
        } else {
            manifest = parse::manifest(file, sources, diags);
        }
    }
    lower::lower(sources, &documents, manifest.as_ref(), diags)
}

/// The stubs of all traits, as they would stand in the user's files.
pub fn stubs(plan: &Plan) -> String {
    let mut text = String::new();
    for stub in &plan.stubs {
        let methods: Vec<String> = stub.methods.iter().map(|method| method.text()).collect();
        text.push_str(&format!("// {}.rs\n", stub.module));
        text.push_str(&format!("impl {} for App {{\n", stub.trait_path));
        for line in methods.join("\n\n").lines() {
            text.push_str(format!("    {line}").trim_end());
            text.push('\n');
        }
        text.push_str("}\n\n");
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

fn sources(case: &Path) -> Sources {
    let inputs = entries(case).into_iter().filter(|path| path.is_file());
    let sources = inputs.map(|path| Source {
        name: path.file_name().unwrap().to_str().unwrap().to_owned(),
        text: fs::read_to_string(&path).unwrap(),
    });
    Sources(sources.collect())
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

#[test]
fn every_case_generates_as_expected() {
    let mut wrong = Vec::new();
    for case in entries(&folder("golden")) {
        // As seen from the package that compiles them.
        let options = Options {
            app: format!("crate::{}::App", name(&case)),
            migrations: format!("../golden/{}/migrations", name(&case)),
            ..Options::default()
        };
        let migrations = match case.join("migrations") {
            folder if folder.is_dir() => entries(&folder).iter().map(|path| name(path)).collect(),
            _ => Vec::new(),
        };
        let plan = planned(&sources(&case), &options, migrations);
        let expected = case.join("expected");
        wrong.extend(compare(&expected.join("graphwright.rs"), &emit::generate(&plan)).err());
        wrong.extend(compare(&expected.join("stubs.rs"), &stubs(&plan)).err());
    }
    assert!(
        wrong.is_empty(),
        "{} files differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// What `columns` applies to a database is what would be written for it.
#[test]
fn the_migration_of_every_column_type_is_as_expected() {
    let case = folder("golden").join("columns");
    let mut diags = Diagnostics::default();
    let ir = lowered(&sources(&case), &mut diags);
    let files = migrate::migrate(&ir, &BTreeMap::new(), &Options::default(), &mut diags);
    let sql = &files["migrations/0001_init.sql"];
    compare(&case.join("migrations/0001_init.sql"), sql).unwrap();
}

#[test]
fn every_expected_file_belongs_to_a_case_and_is_compiled() {
    let compiled = fs::read_to_string(folder("compiled/src/lib.rs")).unwrap();
    for case in entries(&folder("golden")) {
        let files: Vec<String> = entries(&case.join("expected"))
            .iter()
            .map(|p| name(p))
            .collect();
        assert_eq!(files, ["graphwright.rs", "stubs.rs"], "{}", case.display());
        let inputs = sources(&case).0;
        assert!(!inputs.is_empty(), "{} has no schema", case.display());
        let name = name(&case);
        let mentioned =
            compiled.contains(&format!("mod {name};")) || compiled.contains(&format!("{name},"));
        assert!(mentioned, "tests/compiled does not compile `{name}`");
    }
}

#[test]
fn the_same_schema_gives_the_same_bytes() {
    let case = folder("golden").join("names");
    let generate = || emit::generate(&planned(&sources(&case), &Options::default(), Vec::new()));
    assert_eq!(generate(), generate());
}
