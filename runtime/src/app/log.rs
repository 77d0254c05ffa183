//! Where the log goes.
//!
//! In: the command line's wishes, RUST_LOG. Out: a subscriber for the process. Must not know: what is logged.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::EnvFilter;

use super::args::{Common, LogFormat};
use super::output::Paint;

/// Sends the log to standard error: `quiet` commands log warnings only, unless RUST_LOG says otherwise.
/// A program that has set up a log of its own keeps it.
pub(super) fn start(common: &Common, quiet: bool) {
    let default = match quiet {
        true => "warn",
        false => "info,riverqueue=warn,sqlx=warn",
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr);
    let ansi = Paint::new(common.color, io::stderr().is_terminal()).is_on();
    let _ = match common.log_format {
        LogFormat::Human => log.with_ansi(ansi).try_init(),
        LogFormat::Json => log.json().with_ansi(false).try_init(),
    };
}
