//! The booking example as its users meet it: a process, HTTP, a browser, a kill.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "tests"
)]

mod booking;
mod browser;
mod chromium;
mod mock;
mod server;
mod tour;
