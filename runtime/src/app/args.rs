//! The command line: what can be asked for.
//!
//! In: arguments. Out: a typed request. Must not know: how anything is done.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

#[derive(Debug, Parser)]
#[command(
    name = "app",
    disable_help_subcommand = true,
    after_help = "Without a command it serves. DATABASE_URL, ADDRESS and RUST_LOG set what the options leave out."
)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    #[command(flatten)]
    pub(super) serve: Serve,
    #[command(flatten)]
    pub(super) common: Common,
}

/// What every command takes.
#[derive(Debug, Args)]
pub(super) struct Common {
    /// The database: `sqlite:data.db`, or the path of a file [env: DATABASE_URL] [default: sqlite:<program>.db]
    #[arg(long, global = true, value_name = "URL")]
    pub(super) database: Option<String>,
    /// How the log is written, to standard error; RUST_LOG says how much
    #[arg(long, global = true, value_name = "FORMAT", default_value = "human")]
    pub(super) log_format: LogFormat,
    /// Colours in what is printed
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(super) color: Color,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum LogFormat {
    /// Lines for people
    Human,
    /// One JSON object a line
    Json,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Answer GraphQL over HTTP, fire schedules and run jobs (the default)
    Serve(Serve),
    /// Fire schedules and run jobs, without HTTP
    Worker(Worker),
    /// Bring the database up to date, and say what was done
    Migrate(Migrate),
    /// Look at jobs and schedules, and run them by hand
    #[command(subcommand)]
    Jobs(Jobs),
    /// Print the GraphQL schema that clients see
    Schema(Schema),
}

#[derive(Debug, Args, Clone)]
pub(super) struct Serve {
    /// Where to listen; port 0 takes a free one [env: ADDRESS] [default: 127.0.0.1:8000]
    #[arg(long, value_name = "HOST:PORT")]
    pub(super) address: Option<SocketAddr>,
    /// Neither fire schedules nor run jobs in this process
    #[arg(long)]
    pub(super) no_jobs: bool,
    /// Leave a new database empty
    #[arg(long)]
    pub(super) no_seed: bool,
    /// No GraphiQL for browsers
    #[arg(long)]
    pub(super) no_graphiql: bool,
    /// How long requests and jobs under way may take when the program is told to stop
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    pub(super) grace: Duration,
}

#[derive(Debug, Args)]
pub(super) struct Worker {
    /// Run jobs only: leave the schedules to other processes
    #[arg(long)]
    pub(super) no_scheduler: bool,
    /// How long jobs under way may take when the program is told to stop
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    pub(super) grace: Duration,
}

#[derive(Debug, Args)]
pub(super) struct Migrate {
    /// Only say what is applied and what is not
    #[arg(long)]
    pub(super) status: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum Jobs {
    /// All jobs: their schedules, the next fire, the last run
    List(Format),
    /// What fires next
    Next {
        /// How many fires
        #[arg(short = 'n', value_name = "COUNT", default_value_t = 10)]
        count: usize,
        #[command(flatten)]
        format: Format,
    },
    /// Enqueue a job, or run it here and now
    #[command(
        after_help = "Examples:\n  jobs run clear_sessions --inline\n  jobs run daily_digest --args '{\"region\": \"EUROPE\"}' --wait"
    )]
    Run {
        /// Its name in jobs.yaml
        job: String,
        /// Its arguments, a JSON object
        #[arg(long, value_name = "JSON", default_value = "{}")]
        args: String,
        /// Wait for a worker to finish it; the exit code tells how it ended
        #[arg(long, conflicts_with = "inline")]
        wait: bool,
        /// Run it in this process, without a worker; the exit code tells how it ended
        #[arg(long)]
        inline: bool,
        #[command(flatten)]
        format: Format,
    },
    /// The last runs, newest first
    History {
        /// Of this job only
        job: Option<String>,
        /// How many runs
        #[arg(short = 'n', value_name = "COUNT", default_value_t = 20)]
        count: u32,
        /// What each run logged, too
        #[arg(long)]
        logs: bool,
        #[command(flatten)]
        format: Format,
    },
}

#[derive(Debug, Args, Clone, Copy)]
pub(super) struct Format {
    /// JSON rather than a table
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Schema {
    /// The answer to the introspection query rather than SDL
    #[arg(long)]
    pub(super) json: bool,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.trim_end_matches('s').parse::<f64>().ok();
    let duration = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    duration.ok_or_else(|| format!("`{text}` is no number of seconds"))
}

/// Reads the command line of a program of that name.
pub(super) fn parse(
    name: &str,
    args: impl IntoIterator<Item = OsString>,
) -> Result<Cli, clap::Error> {
    use clap::{CommandFactory as _, FromArgMatches as _};
    let command = Cli::command().bin_name(name.to_owned());
    let command =
        command.about("A GraphQL server with its database, schedules and jobs in one program");
    Cli::from_arg_matches(&command.try_get_matches_from(args)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cli(line: &str) -> Result<Cli, clap::Error> {
        parse("app", line.split(' ').map(OsString::from))
    }

    #[test]
    fn the_definition_holds_together() {
        use clap::CommandFactory as _;
        Cli::command().debug_assert();
    }

    #[test]
    fn serving_is_the_default() {
        let cli = cli("app --address 0.0.0.0:80 --no-jobs --database x.db").expect("parses");
        assert!(cli.command.is_none() && cli.serve.no_jobs);
        assert_eq!(cli.common.database.as_deref(), Some("x.db"));
    }

    #[test]
    fn options_of_all_commands_stand_anywhere() {
        let cli = cli("app jobs run digest --args {} --inline --database x.db --log-format json")
            .expect("parses");
        assert!(matches!(
            cli.command,
            Some(Command::Jobs(Jobs::Run { inline: true, .. }))
        ));
        assert!(matches!(cli.common.log_format, LogFormat::Json));
    }

    #[test]
    fn waiting_for_a_run_that_is_here_makes_no_sense() {
        assert!(cli("app jobs run digest --wait --inline").is_err());
    }
}
