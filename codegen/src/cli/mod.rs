//! The `graphwright` command: thin, for each subcommand reads, calls and prints.
//!
//! In: arguments. Out: text for people on standard error, results on standard output, an exit code: 0 for success,
//! 1 for findings and failures, 2 for a command line that makes no sense and for a comparison that cannot be made.
//! Must not know: how anything is generated.

mod check;
mod diff;
mod done;
mod expand;
mod explain;
mod highlight;
mod mock;
mod new;
mod progress;
mod schema;
mod style;
mod sync;
mod watch;

use crate::diagnostic::Diagnostics;
use crate::load::{self, Loaded};
use crate::source::Sources;
use clap::{CommandFactory, Parser, Subcommand};
use std::fmt;
use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Schema-first GraphQL servers, models and scheduled jobs, generated as plain Rust.
#[derive(Debug, Parser)]
#[command(name = "graphwright", version, propagate_version = true, after_help = EXAMPLES, max_term_width = 100)]
struct Cli {
    /// The project's folder, where its Cargo.toml lies
    #[arg(
        short = 'C',
        long = "dir",
        value_name = "DIR",
        default_value = ".",
        global = true
    )]
    dir: PathBuf,
    /// When to colour findings
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    color: Colour,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Colour {
    Auto,
    Always,
    Never,
}

const EXAMPLES: &str = "\
A project from nothing to a server:
  graphwright new booking && cd booking && cargo run

Then edit schema/*.graphql and jobs.yaml; `cargo build` regenerates, and adds what is missing to src/.

Before a commit, or in CI:
  graphwright check";

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a project that builds and runs at once
    #[command(after_help = new::EXAMPLES)]
    New(new::Args),
    /// Bring stubs and migrations in step with the schema, as a development build does
    #[command(after_help = sync::EXAMPLES, visible_alias = "generate")]
    Sync(sync::Args),
    /// Check schema, jobs, stubs, lock and migrations without writing anything; print what is missing as a patch
    #[command(after_help = check::EXAMPLES)]
    Check(check::Args),
    /// Bring the project in step after each change of schema and jobs; nothing is ever deleted
    #[command(after_help = watch::EXAMPLES)]
    Watch(watch::Args),
    /// Compare two versions of the API as clients feel it: breaking, dangerous and safe changes
    #[command(after_help = diff::EXAMPLES)]
    Diff(diff::Args),
    /// Tell everything about a field, a type, a job or a diagnostic's code
    #[command(after_help = explain::EXAMPLES)]
    Explain(explain::Args),
    /// Print generated code, all of it or that of one type or field
    #[command(after_help = expand::EXAMPLES)]
    Expand(expand::Args),
    /// Print the schema as clients see it
    #[command(after_help = schema::EXAMPLES)]
    Schema(schema::Args),
    /// Serve any schema without code: with generated values, or those of a JSON file
    #[command(after_help = mock::EXAMPLES)]
    Mock(mock::Args),
    /// Print completions for a shell
    #[command(
        after_help = "Example:\n  graphwright completions bash > ~/.local/share/bash-completion/completions/graphwright"
    )]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// Runs the command that the process was started with.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    // https://no-color.org: set and not empty.
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let colour = |terminal: bool| match cli.color {
        Colour::Auto => terminal && !refused,
        Colour::Always => true,
        Colour::Never => false,
    };
    let (colour, out_colour) = (
        colour(std::io::stderr().is_terminal()),
        colour(std::io::stdout().is_terminal()),
    );
    let mut terminal = Terminal {
        progress: std::io::stderr().is_terminal(),
        input: &mut std::io::stdin().lock(),
        out: &mut std::io::stdout(),
        err: &mut std::io::stderr(),
        colour,
        out_colour,
    };
    let trouble = cli.command.trouble();
    match run(cli, &mut terminal) {
        Ok(code) => ExitCode::from(code),
        // A reader such as `head` that has seen enough.
        Err(Failure::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(failure) => {
            let _ = writeln!(terminal.err, "error: {failure}");
            ExitCode::from(trouble)
        }
    }
}

/// Runs a command line in place of a process: for tests. Answers exit code, standard output and standard error.
pub fn run_for_test(arguments: &[&str]) -> (u8, String, String) {
    run_with_input(arguments, b"")
}

/// The same with standard input.
pub fn run_with_input(arguments: &[&str], mut input: &[u8]) -> (u8, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = match Cli::try_parse_from([&["graphwright"], arguments].concat()) {
        Ok(cli) => {
            let trouble = cli.command.trouble();
            let result = run(
                cli,
                &mut Terminal {
                    input: &mut input,
                    out: &mut out,
                    err: &mut err,
                    colour: false,
                    out_colour: false,
                    progress: false,
                },
            );
            result.unwrap_or_else(|failure| {
                err.extend(format!("error: {failure}\n").into_bytes());
                trouble
            })
        }
        Err(error) => {
            let target = if error.use_stderr() {
                &mut err
            } else {
                &mut out
            };
            target.extend(error.render().to_string().into_bytes());
            error.exit_code() as u8
        }
    };
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (code, text(out), text(err))
}

impl Command {
    /// The exit code of a command that could not do its work. For `diff` 1 is an answer, so it is that of diff(1) and
    /// grep(1).
    fn trouble(&self) -> u8 {
        match self {
            Command::Diff(_) => 2,
            _ => 1,
        }
    }
}

fn run(cli: Cli, terminal: &mut Terminal<'_>) -> Result<u8, Failure> {
    match cli.command {
        Command::New(args) => new::run(&args, &cli.dir, terminal),
        Command::Sync(args) => sync::run(&args, &cli.dir, terminal),
        Command::Check(args) => check::run(&args, &cli.dir, terminal),
        Command::Watch(args) => watch::run(&args, &cli.dir, terminal),
        Command::Diff(args) => diff::run(&args, &cli.dir, terminal),
        Command::Explain(args) => explain::run(&args, &cli.dir, terminal),
        Command::Expand(args) => expand::run(&args, &cli.dir, terminal),
        Command::Schema(args) => schema::run(&args, &cli.dir, terminal),
        Command::Mock(args) => mock::run(&args, &cli.dir, terminal),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "graphwright", &mut terminal.out);
            Ok(0)
        }
    }
}

/// Where text goes.
struct Terminal<'a> {
    input: &'a mut dyn BufRead,
    out: &'a mut dyn Write,
    err: &'a mut dyn Write,
    /// Whether findings have colours.
    colour: bool,
    /// Whether results have.
    out_colour: bool,
    /// Whether somebody watches who wants to know that work is going on.
    progress: bool,
}

impl Terminal<'_> {
    /// Shows findings; answers the exit code that they mean.
    fn report(&mut self, diags: &Diagnostics, sources: &Sources) -> Result<u8, Failure> {
        write!(self.err, "{}", diags.render(sources, self.colour))?;
        Ok(u8::from(diags.has_errors()))
    }

    /// Does what may take more than a moment.
    fn busy<T>(&self, what: &str, work: impl FnOnce() -> T) -> T {
        progress::during(self.progress, what, work)
    }

    /// Prints an answer for machines.
    fn json(&mut self, answer: &serde_json::Value) -> Result<(), Failure> {
        Ok(writeln!(self.out, "{answer:#}")?)
    }
}

/// Why a command could not do its work; says what to do next.
#[derive(Debug)]
enum Failure {
    Output(std::io::Error),
    File(crate::write::FileError),
    Told(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Output(error) => write!(f, "cannot print: {error}"),
            Failure::File(error) => write!(f, "{error}"),
            Failure::Told(text) => f.write_str(text),
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Failure::Output(error)
    }
}

impl From<crate::write::FileError> for Failure {
    fn from(error: crate::write::FileError) -> Self {
        Failure::File(error)
    }
}

/// Reads the project in a folder.
fn load_project(dir: &Path) -> Result<Loaded, Failure> {
    if !dir.join("Cargo.toml").is_file() {
        return Err(Failure::Told(format!(
            "there is no Cargo.toml in `{}`\n\nRun this in a project's folder, name one with `-C DIR`, or make one: graphwright new NAME",
            dir.display()
        )));
    }
    Ok(load::load(dir, |_| {}))
}
