//! graphql-js, the reference implementation, as an oracle for tests.
//!
//! In: requests of `runtime/tests/validation/oracle.mjs`. Out: its answers. Must not know: what is compared.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

const VERSION: &str = "17.1.0";

/// A process of Node.js with graphql-js; it ends with the value.
pub(crate) struct GraphqlJs {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl GraphqlJs {
    /// Starts it; installs graphql-js first, once, into the target folder.
    pub(crate) fn start() -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/validation/oracle.mjs");
        let mut child = Command::new("node")
            .arg(script)
            .arg(installed())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Node.js is installed");
        GraphqlJs {
            to: child.stdin.take().unwrap(),
            from: BufReader::new(child.stdout.take().unwrap()),
            child,
        }
    }

    /// One question, one answer.
    pub(crate) fn ask(&mut self, question: &Value) -> Value {
        writeln!(self.to, "{question}").unwrap();
        let mut line = String::new();
        self.from.read_line(&mut line).unwrap();
        assert!(!line.is_empty(), "graphql-js ended");
        serde_json::from_str(&line).unwrap()
    }
}

impl Drop for GraphqlJs {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The folder with `node_modules`. Tests that run at once wait for each other.
fn installed() -> PathBuf {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/npm");
    let folder = target.join(format!("graphql-{VERSION}"));
    fs::create_dir_all(&folder).unwrap();
    let lock = fs::File::create(folder.join("lock")).unwrap();
    lock.lock().unwrap();
    if !folder.join("node_modules/graphql/package.json").exists() {
        let status = Command::new("npm")
            .args(["install", "--no-audit", "--no-fund", "--silent", "--prefix"])
            .arg(&folder)
            .arg(format!("graphql@{VERSION}"))
            .status()
            .expect("npm is installed");
        assert!(status.success(), "npm could not install graphql {VERSION}");
    }
    folder
}
