//! The graphwright generator: from a GraphQL schema and a schedule to Rust, as plain text.
//!
//! # In a build script
//!
//! One line, for a package with SDL files in `schema/`:
//!
//! ```no_run
//! // build.rs, in its `fn main`
//! graphwright_codegen::build();
//! ```
//!
//! `graphwright::include!();` in `src/lib.rs` brings the result in as `mod generated`. What is left to be written, the
//! bodies of resolvers and jobs, appears in `src/resolvers/` and `src/jobs/` as methods that answer "not implemented";
//! what happens to them later is [promised below](#what-regeneration-promises). Settings are in `Cargo.toml`:
//!
//! ```toml
//! [package.metadata.graphwright]
//! schema = ["schema/*.graphql"]   # SDL files
//! jobs = "jobs.yaml"              # the schedule, which need not exist
//! app = "crate::App"              # your type that implements the generated traits
//! resolvers = "src/resolvers"     # stubs of resolvers
//! jobs-dir = "src/jobs"           # stubs of jobs
//! migrations = "migrations"       # SQL
//! stubs = "write"                 # or "check": builds never touch src/, a missing stub is an error
//! layout = "file"                 # one stub file for each SDL file, or "type": for each type
//! ```
//!
//! [`Build`] sets the same by code. A build only checks, and fails with the text to add, where it must not write: under
//! `CI`, on docs.rs, in the copies that `cargo package` and Cargo's cache hold, and in a tree that is read-only.
//! (`cargo doc` on your own machine cannot be told from `cargo build`, and writes as that does.)
//!
//! Cargo is told of every file and folder that was looked at, and runs the build script when one of them changes: an SDL
//! file that is added, renamed or deleted, a first `jobs.yaml`, a stub. (Only two things have to wait for the next change
//! of another file: an SDL file in the package's own folder found by a pattern, and, where the system makes no symbolic
//! links, a `jobs.yaml` that was not there.) A run that finds its inputs as the last one left them, or different only
//! inside of functions, is over at once; what a build writes does not make the next one build again.
//!
//! Cargo does not optimise build scripts of development builds. Only for a schema of a thousand types and more is that felt:
//! a first run over GitHub's public one takes most of a second then, and about a fifth of that with
//!
//! ```toml
//! [profile.dev.build-override]
//! opt-level = 1   # the first build takes longer
//! ```
//!
//! # What regeneration promises
//!
//! A stub is known by its trait and its method, wherever in the crate's module tree the `impl` stands; file names, the order
//! of blocks and how a file is laid out do not matter. Merging is three-way: what the schema says now, what stands in the
//! file, and what was generated last, which `graphwright.lock` knows (commit it).
//!
//! | what happened | what a run does to `src/` |
//! |---|---|
//! | a field or job was added | inserts a method behind its neighbour in the schema, in the indentation and line endings of the file |
//! | a type changed | replaces it where it still is what was generated; your alias, or `impl Trait`, is left to rustc |
//! | an argument was added or removed | inserts or deletes that parameter and one comma; patterns, attributes, comments and the body stay |
//! | a description changed | nothing: descriptions are on the trait |
//! | a field or job was removed | deletes a stub that nobody has touched; an edited one stays and is reported, until `graphwright sync` with `--detach` (a method of your own) or `--delete` |
//! | a field, type, argument or job was renamed | with `@renamedFrom` or `sync --rename` identifiers change, and nothing else; without, a new field of the same shape is suggested |
//! | a type moved to another SDL file, or you moved a stub | nothing; `sync --relayout` moves blocks to where `layout` says, byte for byte |
//! | a merge of branches took one side's stubs and the other side's lock | leaves those that rustc is certain to refuse alone, and names them, until `sync --follow` |
//! | a file does not parse, an `impl` has a macro call inside, a `cfg` doubles a method | leaves that alone, reports it with the text to add, and fails; everything else is done |
//!
//! Files are spliced, never printed: bytes outside of an edit are those that were there, a file that changes still parses,
//! and a second run changes nothing. A run that breaks one of these writes nothing at all and says so. Helpers, imports and
//! modules are never touched; generated text names `gw::…`, so that it needs none.
//!
//! Files change all together or not at all. A run that fails, for want of space or permission, leaves everything as it was. A
//! run that is killed leaves a folder `.graphwright`, which git ignores; the next run begins with undoing it. Two runs at
//! once, such as `cargo build` beside rust-analyzer, wait for each other. A file that you save while a run is under way is
//! not replaced: the run begins again. (Only a failure of power within the few milliseconds of writing is left to git; what
//! you wrote is on the disk before anything takes its place.)
//!
//! After a merge of two branches `graphwright.lock` may hold lines of both, in any order, even with marks of a conflict: the
//! next `sync` puts it right. With `graphwright.lock merge=union` in `.gitattributes`, which `graphwright new` writes, git
//! does not stop at it.
//!
//! # As a function
//!
//! Everything between the files is pure: [`generate`] takes texts and answers texts and findings.
//!
//! ```
//! use graphwright_codegen::{Inputs, Options, generate};
//!
//! let mut inputs = Inputs::default();
//! inputs.add_schema("schema/hello.graphql", "type Query { hello(name: String!): String! }");
//! let output = generate(&inputs, &Options::default());
//!
//! assert!(output.generated.is_some_and(|rust| rust.contains("pub trait QueryResolvers")));
//! assert!(output.files["src/resolvers/hello.rs"].contains("async fn hello(&self, cx: &gw::Context, name: String)"));
//! ```
//!
//! A mistake is a finding with a place, and nothing is generated:
//!
//! ```
//! # use graphwright_codegen::{Inputs, Options, generate};
//! let mut inputs = Inputs::default();
//! inputs.add_schema("schema/hello.graphql", "type Query { hello: Strin! }");
//! let output = generate(&inputs, &Options::default());
//!
//! assert!(output.generated.is_none());
//! let findings = output.diagnostics.render(&inputs.sources, false);
//! assert!(findings.contains("schema/hello.graphql:1:21: error["), "{findings}");
//! assert!(findings.contains("did you mean `String`?"), "{findings}");
//! ```
//!
//! # The way through the crate
//!
//! Data flows one way: text → [`parse`] → [`lower`] → [`ir`] → [`validate`] → [`plan`] → [`emit`] | [`merge`] |
//! [`migrate`] → [`mod@write`]; [`pipeline`] is that row of calls. [`load`] and [`mod@write`] alone touch files. Beside the
//! row: a [`patch`] of what changes; and, with the feature `cli`, `compare` two schemas, `explain` one thing, `expand` a
//! part of what is generated.

mod build_script;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cli")]
pub mod compare;
pub mod diagnostic;
pub mod emit;
#[cfg(feature = "cli")]
pub mod expand;
#[cfg(feature = "cli")]
pub mod explain;
/// How things are done, chapter by chapter.
pub mod guide {
    #[doc = include_str!("guide/commands.md")]
    pub mod commands {}
    #[doc = include_str!("guide/directives.md")]
    pub mod directives {}
    #[doc = include_str!("guide/transports.md")]
    pub mod transports {}
    #[doc = include_str!("guide/changes.md")]
    pub mod changes {}
    #[doc = include_str!("guide/mock.md")]
    pub mod mock {}
}
pub mod ir;
pub mod load;
pub mod lock;
pub mod lower;
pub mod merge;
pub mod migrate;
pub mod options;
pub mod parse;
pub mod patch;
pub mod pipeline;
pub mod plan;
pub mod print;
pub mod source;
pub mod validate;
pub mod write;

pub use build_script::{Build, build};
pub use load::Inputs;
pub use options::Options;
pub use pipeline::{Output, generate};
