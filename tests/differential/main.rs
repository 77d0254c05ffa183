//! graphql-js beside our engine: the conformance cases, and requests that a seed makes.
//!
//! `DIFFERENTIAL_CASES` sets how many are made, `DIFFERENTIAL_SEED` the first seed.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    unreachable_pub,
    reason = "tests"
)]

#[path = "../../runtime/tests/spec/cases.rs"]
mod cases;
mod corpus;
mod fuzz;
mod node;
mod ours;
mod random;
mod schemas;
mod streams;
