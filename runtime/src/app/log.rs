//! Where the log goes.
//!
//! In: the command line's wishes, RUST_LOG. Out: a subscriber for the process. Must not know: what is logged.
//!
//! Every line that is written while a request is worked for has the request's id, also the user's own lines.

use std::fmt;
use std::io::{self, IsTerminal as _};

use tracing::{Event, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::{Format, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use crate::http::current_request;

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
        LogFormat::Human => {
            let format = Identified::Human(Format::default().with_ansi(ansi));
            log.with_ansi(ansi).event_format(format).try_init()
        }
        LogFormat::Json => {
            let format = Identified::Json(Format::default().json());
            log.with_ansi(false).json().event_format(format).try_init()
        }
    };
}

/// A format whose lines have the id of the request that they are written for.
enum Identified {
    Human(Format),
    Json(Format<tracing_subscriber::fmt::format::Json>),
}

impl<S, N> FormatEvent<S, N> for Identified
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        cx: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut line = String::new();
        let inner = Writer::new(&mut line);
        match self {
            Identified::Human(format) => format.format_event(cx, inner, event)?,
            Identified::Json(format) => format.format_event(cx, inner, event)?,
        }
        let is_json = matches!(self, Identified::Json(_));
        current_request(|id| identify(&mut line, id, is_json));
        writer.write_str(&line)
    }
}

/// Puts the id into a line that does not tell it already.
fn identify(line: &mut String, id: &str, is_json: bool) {
    if line.contains("request_id") {
        return;
    }
    // An id is of letters, digits and `-_.`: there is nothing to escape.
    if is_json && line.starts_with("{\"") {
        line.insert_str(1, &format!("\"request_id\":\"{id}\","));
    } else if !is_json {
        line.truncate(line.trim_end_matches('\n').len());
        line.push_str(&format!(" request_id=\"{id}\"\n"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, is_json: bool, expect: &str) {
        let mut line = line.to_owned();
        identify(&mut line, "a-1", is_json);
        assert_eq!(line, expect);
    }

    #[test]
    fn a_line_tells_its_request_once() {
        check(
            "INFO mine: hello\n",
            false,
            "INFO mine: hello request_id=\"a-1\"\n",
        );
        let told = "INFO x: y request_id=\"a-1\"\n";
        check(told, false, told);
        check(
            "{\"level\":\"INFO\"}\n",
            true,
            "{\"request_id\":\"a-1\",\"level\":\"INFO\"}\n",
        );
        let told = "{\"fields\":{\"request_id\":\"a-1\"}}\n";
        check(told, true, told);
    }
}
