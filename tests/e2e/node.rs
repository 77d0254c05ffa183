//! Programs of Node.js that use packages of npm.
//!
//! In: a program of the folder `node`, its arguments. Out: what it prints. Must not know: what it does.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Runs a program and answers the lines that it prints.
///
/// # Panics
/// If it fails, or takes more than two minutes.
pub(crate) fn run(program: &str, args: &[&str]) -> Vec<serde_json::Value> {
    let output = Command::new("timeout")
        .args(["120", "node", program])
        .args(args)
        .current_dir(installed())
        .output()
        .expect("this test needs Node.js on the path");
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program}: {text}\n{errors}");
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}")))
        .collect()
}

/// The folder with the programs and the packages of the lock file, which are installed once.
fn installed() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("e2e/node");
        let to = graphwright_tests::target().join("npm/e2e");
        std::fs::create_dir_all(&to).expect("a folder to install into");
        for entry in std::fs::read_dir(&from).expect("the programs").flatten() {
            std::fs::copy(entry.path(), to.join(entry.file_name())).expect("a program is copied");
        }
        let lock = std::fs::read(from.join("package-lock.json")).expect("the lock file");
        let stamp = to.join("installed.json");
        if std::fs::read(&stamp).is_ok_and(|found| found == lock) {
            return to;
        }
        eprintln!("installing packages of npm into {}", to.display());
        let status = Command::new("npm")
            .args([
                "ci",
                "--silent",
                "--no-audit",
                "--no-fund",
                "--ignore-scripts",
            ])
            .current_dir(&to)
            .status()
            .expect("this test needs npm on the path");
        assert!(status.success(), "npm installs the packages");
        std::fs::write(stamp, lock).expect("the stamp is written");
        to
    })
}
