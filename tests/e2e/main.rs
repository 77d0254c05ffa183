//! The booking example as its users meet it: a process, HTTP, a browser, a kill.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "tests"
)]

/// The runtime's sketch of an application, which has subscriptions.
#[path = "../../runtime/tests/sketch/app.rs"]
#[allow(missing_docs, unreachable_pub, dead_code)]
mod app;
#[path = "../../runtime/tests/sketch/generated.rs"]
#[allow(missing_docs, unreachable_pub, dead_code)]
mod generated;

use app::App;

mod audits;
mod booking;
mod browser;
mod chromium;
mod clients;
mod commands;
mod mock;
mod node;
mod server;
mod tour;
