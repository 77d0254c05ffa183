//! Models: tables, relations and operations, executed from static tables.
//!
//! In: the generated tables, plans, arguments, the caller. Out: rows, JSON. Must not know: HTTP, jobs.
//!
//! Without the feature `sqlite` the tables, rules and row types remain, so that a schema without models needs no database.
#![cfg_attr(not(feature = "sqlite"), allow(dead_code))]

mod access;
#[cfg(feature = "sqlite")]
mod api;
mod cond;
#[cfg(feature = "sqlite")]
mod db;
mod def;
mod filter;
#[cfg(feature = "sqlite")]
mod input;
mod key;
mod keyset;
#[cfg(feature = "sqlite")]
mod load;
#[cfg(feature = "sqlite")]
mod migrate;
mod page;
#[cfg_attr(not(feature = "sqlite"), path = "no_database.rs")]
mod positions;
mod rows;
mod rule;
mod select;
mod sql;
#[cfg(all(test, feature = "sqlite"))]
mod tests;
mod value;
#[cfg(feature = "sqlite")]
mod violation;
#[cfg(feature = "sqlite")]
mod write;

pub use access::{Access, Env};
pub use def::*;
pub use key::Key;
pub use positions::{visit_keys, visit_operation, write_key, write_operation};
pub use rows::{FromCell, Model, Row, RowSet};
pub use rule::allows;
pub use sql::Statement;
pub use value::{Caller, Corrupt, Unfit, Value};

#[cfg(feature = "sqlite")]
pub use api::{Query, Scope, System, connect, create, delete, disconnect, find, query, update};

#[cfg(feature = "sqlite")]
pub use db::{Connection, Db, DbOptions, Session};
#[cfg(feature = "sqlite")]
pub use migrate::{MigrationError, MigrationState, migrate, migration_status};
