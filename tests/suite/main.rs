//! What crosses the boundaries of crates, linked once: each module is a subject.

#![allow(clippy::unwrap_used, reason = "tests")]

mod cli;
mod crontab;
mod diagnostics;
mod generated;
mod golden;
mod introspection;
mod mock;
mod new_project;
mod oracle;
mod package;
mod regen;
mod scale;
mod tidy;
