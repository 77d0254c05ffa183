//! What crosses the boundaries of crates, linked once: each module is a subject.

#![allow(clippy::unwrap_used, reason = "tests")]

mod branches;
mod cli;
mod commands;
mod crontab;
mod diagnostics;
mod diff;
mod generated;
mod golden;
mod histories;
mod introspection;
mod mock;
mod new_project;
mod oracle;
mod package;
mod patches;
mod regen;
mod scale;
mod splicer;
mod table;
mod tidy;
