//! `graphwright new`: a project that builds and runs at once.
//!
//! In: a name. Out: a folder with files from the templates. Must not know: what the generator makes of them.

use super::{Failure, Terminal, load_project};
use crate::load::Loaded;
use crate::pipeline::generate;
use crate::write;
use askama::Template;
use std::path::{Path, PathBuf};

pub(super) const EXAMPLES: &str = "\
Examples:
  graphwright new booking                                  in ./booking
  graphwright new booking --path services/booking          somewhere else
  graphwright new booking --graphwright-path ../graphwright  against a checkout of graphwright

Then: cd booking && cargo run";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The package's name: letters, digits, `-` and `_`
    name: String,
    /// The folder to make (default: ./NAME)
    #[arg(long, value_name = "DIR")]
    path: Option<PathBuf>,
    /// Depend on a checkout of graphwright instead of the released crates
    #[arg(long, value_name = "DIR")]
    graphwright_path: Option<PathBuf>,
}

/// Declares a template without variables or with those of [`Project`].
macro_rules! templates {
    ($($name:ident $template:literal => $target:literal,)*) => {
        $(
            #[derive(Template)]
            #[template(path = $template, escape = "none")]
            #[allow(dead_code, reason = "not every template uses every variable")]
            struct $name<'a> {
                name: &'a str,
                ident: &'a str,
                runtime: &'a str,
                codegen: &'a str,
                standalone: bool,
            }
        )*

        fn render(project: &Project) -> Vec<(&'static str, askama::Result<String>)> {
            vec![$((
                $target,
                $name {
                    name: &project.name,
                    ident: &project.ident,
                    runtime: &project.runtime,
                    codegen: &project.codegen,
                    standalone: project.standalone,
                }
                .render(),
            )),*]
        }
    };
}

templates! {
    Manifest "new/Cargo.toml.jinja" => "Cargo.toml",
    BuildScript "new/build.rs.jinja" => "build.rs",
    Ignored "new/gitignore.jinja" => ".gitignore",
    Attributes "new/gitattributes.jinja" => ".gitattributes",
    Readme "new/README.md.jinja" => "README.md",
    Jobs "new/jobs.yaml.jinja" => "jobs.yaml",
    HelloSchema "new/schema/hello.graphql.jinja" => "schema/hello.graphql",
    NoteSchema "new/schema/note.graphql.jinja" => "schema/note.graphql",
    Lib "new/src/lib.rs.jinja" => "src/lib.rs",
    Main "new/src/main.rs.jinja" => "src/main.rs",
    Resolvers "new/src/resolvers/mod.rs.jinja" => "src/resolvers/mod.rs",
    HelloResolvers "new/src/resolvers/hello.rs.jinja" => "src/resolvers/hello.rs",
    JobModules "new/src/jobs/mod.rs.jinja" => "src/jobs/mod.rs",
    SayHello "new/src/jobs/say_hello.rs.jinja" => "src/jobs/say_hello.rs",
}

/// What the templates need to know.
struct Project {
    name: String,
    /// The name as Rust writes it.
    ident: String,
    /// The right-hand sides of the dependencies.
    runtime: String,
    codegen: String,
    /// Whether a workspace above would claim it.
    standalone: bool,
}

pub(super) fn run(args: &Args, dir: &Path, terminal: &mut Terminal<'_>) -> Result<u8, Failure> {
    check_name(&args.name)?;
    let folder = dir.join(
        args.path
            .clone()
            .unwrap_or_else(|| args.name.clone().into()),
    );
    write::recover(&folder)?;
    if std::fs::read_dir(&folder).is_ok_and(|mut entries| entries.next().is_some())
        || folder.is_file()
    {
        return Err(Failure::Told(format!(
            "`{}` exists already\n\nChoose another folder with `--path DIR`, or remove it first.",
            folder.display()
        )));
    }
    let project = Project {
        name: args.name.clone(),
        ident: args.name.replace('-', "_"),
        runtime: dependency(args.graphwright_path.as_deref(), "runtime")?,
        codegen: dependency(args.graphwright_path.as_deref(), "codegen")?,
        standalone: below_workspace(&folder),
    };
    let mut all = write::Changes::default();
    for (target, text) in render(&project) {
        let text = text.map_err(|error| Failure::Told(error.to_string()))?;
        let text = format!("{}\n", text.trim_end());
        all.files.insert(target.to_owned(), text);
    }
    write::commit(&folder, &all)?;
    let code = finish(&folder, terminal)?;
    writeln!(
        terminal.err,
        "made {} with {} files",
        folder.display(),
        all.files.len()
    )?;
    writeln!(
        terminal.err,
        "\nNow: cd {} && cargo run",
        args.path
            .as_deref()
            .unwrap_or(Path::new(&args.name))
            .display()
    )?;
    Ok(code)
}

/// Adds what the first build would add, so that the first commit is complete.
fn finish(folder: &Path, terminal: &mut Terminal<'_>) -> Result<u8, Failure> {
    let Loaded {
        inputs,
        options,
        mut diagnostics,
    } = load_project(folder)?;
    let output = generate(&inputs, &options);
    write::commit(folder, &output.changes(&inputs))?;
    diagnostics.extend(output.diagnostics);
    terminal.report(&diagnostics, &inputs.sources)
}

/// Cargo's own rules, in short.
fn check_name(name: &str) -> Result<(), Failure> {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic());
    let keyword = syn::parse_str::<syn::Ident>(&name.replace('-', "_")).is_err();
    let reserved = [
        "test",
        "core",
        "std",
        "alloc",
        "proc_macro",
        "graphwright",
        "build",
        "deps",
        "examples",
        "incremental",
    ];
    if starts && name.chars().all(fits) && !keyword && !reserved.contains(&name) {
        return Ok(());
    }
    Err(Failure::Told(format!(
        "`{name}` cannot be the name of a package\n\nA name begins with a letter, has letters, digits, `-` and `_`, and is no word of Rust's. For example: graphwright new booking"
    )))
}

/// The right-hand side of a dependency in `Cargo.toml`.
fn dependency(checkout: Option<&Path>, folder: &str) -> Result<String, Failure> {
    let Some(checkout) = checkout else {
        return Ok(format!("\"{}\"", env!("CARGO_PKG_VERSION")));
    };
    let path = checkout.join(folder);
    let path = path.canonicalize().map_err(|source| {
        Failure::File(write::FileError {
            path: path.clone(),
            action: "find",
            source,
        })
    })?;
    // A literal string of TOML, which has no escapes; paths with quotes in them are written with them.
    let path = path.to_string_lossy();
    let quoted = if path.contains('\'') {
        format!("{path:?}")
    } else {
        format!("'{path}'")
    };
    Ok(format!("{{ path = {quoted} }}"))
}

/// Whether a `Cargo.toml` further up has a workspace, which would refuse a package that it does not list.
fn below_workspace(folder: &Path) -> bool {
    let full = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    full.ancestors().skip(1).any(|above| {
        std::fs::read_to_string(above.join("Cargo.toml"))
            .is_ok_and(|text| text.lines().any(|line| line.trim() == "[workspace]"))
    })
}
