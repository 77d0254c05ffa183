//! `graphwright generate`: what a development build does to the package's own files, anywhere and on demand.
//!
//! In: a project. Out: missing stubs and migrations, written. Must not know: Cargo's build.

use super::{Failure, Terminal, load_project};
use crate::load::Loaded;
use crate::pipeline::generate;
use crate::write;
use std::path::Path;

pub(super) const EXAMPLES: &str = "\
Examples:
  graphwright generate                       add what is missing in src/ and migrations/
  graphwright generate --accept-migrations   after writing a migration by hand: the models are as it leaves them
  graphwright generate -C services/booking   for a project elsewhere

Nothing that you wrote is changed: methods are inserted, files and modules added.";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Take the models as what the files in migrations/ lead to
    #[arg(long)]
    accept_migrations: bool,
}

pub(super) fn run(args: &Args, dir: &Path, terminal: &mut Terminal<'_>) -> Result<u8, Failure> {
    let Loaded {
        inputs,
        mut options,
        mut diagnostics,
    } = load_project(dir)?;
    options.accept_migrations = args.accept_migrations;
    if diagnostics.has_errors() {
        return terminal.report(&diagnostics, &inputs.sources);
    }
    let output = generate(&inputs, &options);
    diagnostics.extend(output.diagnostics);
    let files = output
        .files
        .into_iter()
        .map(|(path, text)| (dir.join(path), text))
        .collect();
    let gone = output.deleted.iter().map(|path| dir.join(path)).collect();
    let changed = write::replace(&files, &gone)?;
    let code = terminal.report(&diagnostics, &inputs.sources)?;
    for added in &output.added {
        let what = added.coordinate.as_deref().unwrap_or(&added.text);
        writeln!(terminal.err, "added `{what}` to {}", added.file)?;
    }
    for path in changed
        .iter()
        .filter(|path| path.extension().is_some_and(|e| e == "sql" || e == "json"))
    {
        writeln!(
            terminal.err,
            "wrote {}",
            path.strip_prefix(dir).unwrap_or(path).display()
        )?;
    }
    if changed.is_empty() && code == 0 {
        writeln!(terminal.err, "nothing is missing")?;
    }
    Ok(code)
}
