//! The command line.
//!
//! In: arguments. Out: options, or what is wrong with them. Must not know: contenders.

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// All workloads, in this process.
    InProcess,
    /// The CPU time of a server's process for each request over HTTP.
    Http,
    /// Introspection of GitHub's schema.
    Github,
    /// The load for `Http`: started by it.
    Client,
}

/// The command line's wishes.
#[derive(Debug)]
pub struct Options {
    pub mode: Mode,
    /// Fewer and shorter rounds.
    pub quick: bool,
    /// Machine-readable instead of tables.
    pub json: bool,
    /// Only workloads whose name contains this.
    pub filter: String,
    /// What the log lets through; `info`, as by default.
    pub log: String,
}

impl Options {
    /// Reads the arguments behind the program's name.
    pub fn parse(mut args: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Options {
            mode: Mode::InProcess,
            quick: false,
            json: false,
            filter: String::new(),
            log: "info".into(),
        };
        while let Some(arg) = args.next() {
            let mut value = || args.next().ok_or(format!("{arg} needs a value"));
            match &*arg {
                "http" => options.mode = Mode::Http,
                "github" => options.mode = Mode::Github,
                "client" => options.mode = Mode::Client,
                "--quick" => options.quick = true,
                "--json" => options.json = true,
                "--filter" => options.filter = value()?,
                "--log" => options.log = value()?,
                _ => return Err(format!("unknown argument `{arg}`")),
            }
        }
        Ok(options)
    }
}
