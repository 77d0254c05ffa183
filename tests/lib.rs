//! What the tests of this package share: where the workspace lies, where it is built, and what a seed makes.

#[allow(missing_docs, reason = "tests")]
pub mod random;
#[allow(missing_docs, reason = "tests")]
pub mod splicer;

use std::path::{Path, PathBuf};

/// The folder of the workspace.
pub fn workspace() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package
        .parent()
        .expect("the package lies in the workspace")
        .to_owned()
}

/// The folder that the running test was built in: what is built already need not be built again.
pub fn target() -> PathBuf {
    let program = std::env::current_exe().expect("a running program has a path");
    let folder = program.ancestors().nth(3);
    folder.expect("target/debug/deps/test").to_owned()
}
