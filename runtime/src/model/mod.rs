//! Models: tables, relations and operations, executed from static tables.
//!
//! In: the generated tables, plans, arguments, the caller. Out: rows, JSON. Must not know: HTTP, jobs.

mod def;
mod key;
mod positions;
mod value;

#[cfg(feature = "sqlite")]
mod db;
#[cfg(feature = "sqlite")]
mod migrate;

pub use def::*;
pub use key::Key;
pub use positions::{Model, Row, RowSet, visit_keys, visit_operation, write_key, write_operation};
pub use value::{Caller, Corrupt, Unfit, Value};

#[cfg(feature = "sqlite")]
pub use db::{Connection, Db, DbOptions, Session, Statement};
#[cfg(feature = "sqlite")]
pub use migrate::{MigrationError, MigrationState, migrate, migration_status};
