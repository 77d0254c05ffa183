//! graphql-js in a process of its own, spoken to in lines of JSON.
//!
//! In: requests. Out: what graphql-js answers. Must not know: what is compared with it.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

/// Which graphql-js.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    /// The newest, which knows all of the specification of September 2025.
    Newest,
    /// The newest of the line before.
    Sixteen,
}

/// A running graphql-js; it ends with the value.
pub(crate) struct GraphqlJs {
    child: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
}

impl GraphqlJs {
    /// Starts it; installs it first if it is missing.
    pub(crate) fn start(version: Version) -> Self {
        let package = match version {
            Version::Newest => "graphql",
            Version::Sixteen => "graphql-16",
        };
        let mut child = Command::new("node")
            .arg("oracle.mjs")
            .arg(package)
            .current_dir(installed())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("this test needs Node.js on the path");
        GraphqlJs {
            to: child.stdin.take(),
            from: BufReader::new(child.stdout.take().expect("piped")),
            child,
        }
    }

    /// Asks it one thing.
    pub(crate) fn ask(&mut self, request: &Value) -> Value {
        let to = self.to.as_mut().expect("open until the end");
        writeln!(to, "{request}").expect("graphql-js reads");
        to.flush().expect("graphql-js reads");
        let mut line = String::new();
        self.from.read_line(&mut line).expect("graphql-js answers");
        serde_json::from_str(&line).unwrap_or_else(|e| panic!("{e}: `{line}` for {request}"))
    }
}

impl Drop for GraphqlJs {
    fn drop(&mut self) {
        drop(self.to.take());
        let _ = self.child.wait();
    }
}

/// The folder with graphql-js and the program that speaks for it, made once from the lock file.
fn installed() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("differential/node");
        let to = graphwright_tests::target().join("npm/differential");
        std::fs::create_dir_all(&to).expect("a folder to install into");
        let lock = std::fs::read(from.join("package-lock.json")).expect("the lock file");
        let stamp = to.join("installed.json");
        let fresh = std::fs::read(&stamp).is_ok_and(|found| found == lock);
        for file in ["package.json", "package-lock.json", "oracle.mjs"] {
            std::fs::copy(from.join(file), to.join(file)).expect("the files of the oracle");
        }
        if !fresh {
            let done = Command::new("npm")
                .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
                .current_dir(&to)
                .stdout(Stdio::null())
                .status();
            let done = done.is_ok_and(|status| status.success());
            assert!(done, "`npm ci` failed in {}", to.display());
            std::fs::write(stamp, lock).expect("what is installed is written down");
        }
        to
    })
}
