//! The database's shape as files: the first migration, and the snapshot that later ones start from.
//!
//! In: the models, and the files of the folder of migrations. Out: files to write, or a finding where models and
//! snapshot disagree. Must not know: Rust code, connections, which migrations a database has seen.
//!
//! `snapshot.json` is the state that the committed migrations lead to. This version writes `0001_init.sql` for a folder
//! without one; after that a change of the models is the user's to write in SQL, and the snapshot is refreshed on demand.

mod sqlite;
mod tables;

pub use tables::{ColumnState, IndexState, ReferenceState, Snapshot, TableState};

use crate::diagnostic::{Code, Diagnostics};
use crate::ir::Ir;
use crate::options::Options;
use std::collections::BTreeMap;

const SNAPSHOT: &str = "snapshot.json";
const FIRST: &str = "0001_init.sql";

/// The files that the folder of migrations lacks, by path relative to the package.
///
/// `files` are the folder's files by the same paths. Reports a snapshot that does not describe the models; with
/// `accept_migrations` it is replaced instead.
pub fn migrate(
    ir: &Ir,
    files: &BTreeMap<String, String>,
    options: &Options,
    diags: &mut Diagnostics,
) -> BTreeMap<String, String> {
    let wanted = tables::snapshot(ir);
    let path = |name: &str| format!("{}/{name}", options.migrations);
    let has_sql = files.keys().any(|name| name.ends_with(".sql"));
    let text = files.get(&path(SNAPSHOT));
    if text.is_none() && !has_sql {
        if wanted.tables.is_empty() {
            return BTreeMap::new();
        }
        let sql = sqlite::create(&wanted);
        return BTreeMap::from([(path(FIRST), sql), (path(SNAPSHOT), wanted.to_json())]);
    }
    let refreshed = BTreeMap::from([(path(SNAPSHOT), wanted.to_json())]);
    if options.accept_migrations {
        return if text == refreshed.get(&path(SNAPSHOT)) {
            BTreeMap::new()
        } else {
            refreshed
        };
    }
    match text.map(|text| Snapshot::from_json(text)) {
        Some(Ok(found)) => report(ir, &found, &wanted, options, diags),
        Some(Err(error)) => {
            diags.general(Code::Snapshot, format!("`{}` cannot be read: {error}", path(SNAPSHOT))).help(
                "restore it from version control, or run `graphwright generate --accept-migrations` to describe the models as they are",
            );
        }
        None => {
            diags.general(Code::Snapshot, format!("`{}` has migrations but no `{SNAPSHOT}`", options.migrations)).help(
                "if the migrations describe the models as they are, run `graphwright generate --accept-migrations`",
            );
        }
    }
    BTreeMap::new()
}

/// The names of the migrations in the order in which they are applied, those of this run among them.
pub fn names(old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> Vec<String> {
    let all = old
        .keys()
        .chain(new.keys())
        .filter(|path| path.ends_with(".sql"));
    let mut names: Vec<String> = all
        .map(|path| path.rsplit('/').next().unwrap_or(path).to_owned())
        .collect();
    names.sort();
    names.dedup();
    names
}

/// One finding for each table that differs.
fn report(
    ir: &Ir,
    found: &Snapshot,
    wanted: &Snapshot,
    options: &Options,
    diags: &mut Diagnostics,
) {
    let help = format!(
        "later migrations are written by hand for now: add `{0}/000N_name.sql` and run `graphwright generate --accept-migrations`; \
         in development you may instead delete `{0}` and the database, and build again",
        options.migrations
    );
    for (table, difference) in tables::differences(found, wanted) {
        let message = format!(
            "the migrations do not lead to table `{table}` as the models describe it: {difference}"
        );
        let model = ir.models.iter().find(|model| model.table == table);
        match model {
            Some(model) => diags.error(Code::MigrationOutdated, model.span, message),
            None => diags.general(Code::MigrationOutdated, message),
        }
        .help(help.clone());
    }
}

#[cfg(test)]
mod tests;
