//! Expected texts in files: compared, or rewritten on demand.

use std::fs;
use std::path::{Path, PathBuf};

/// A folder of this package.
pub(crate) fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Compares `actual` with the text of `file`; answers what differs.
///
/// `UPDATE_GOLDEN=1` writes the file instead, except where `CI` is set.
pub(crate) fn compare(file: &Path, actual: &str) -> Result<(), String> {
    if std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1") {
        assert!(
            std::env::var_os("CI").is_none(),
            "expected texts are not rewritten in CI"
        );
        if actual.is_empty() && !file.exists() {
            return Ok(());
        }
        fs::write(file, actual).map_err(|error| format!("{}: {error}", file.display()))?;
        return Ok(());
    }
    let expected = fs::read_to_string(file).unwrap_or_default();
    if expected == actual {
        return Ok(());
    }
    Err(format!(
        "{}\n--- expected\n{expected}\n--- found\n{actual}",
        file.display()
    ))
}

/// The entries of a folder, sorted by name.
pub(crate) fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    all.sort();
    all
}
