//! The README's tour, done as it says.
//!
//! Comments `<!-- tour: … -->` say what the block behind them is: commands to run, a file to write or append to, lines
//! that a file must show, an operation to send and its answer.

use crate::server::{generator, listening, post};
use graphwright_tests::{target, workspace};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

#[test]
fn the_tour_of_the_readme_is_true() {
    let readme = std::fs::read_to_string(workspace().join("README.md")).expect("the README");
    let folder = tempfile::tempdir().expect("a folder");
    let mut tour = Tour {
        folder: folder.path().to_owned(),
        server: None,
        last: String::new(),
    };
    let steps = steps(&readme);
    assert!(steps.len() > 15, "the README has its tour");
    for (step, block) in steps {
        tour.take(&step, &block);
    }
}

struct Tour {
    folder: PathBuf,
    server: Option<(Server, String)>,
    last: String,
}

struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The comments and the text of the block behind each.
fn steps(readme: &str) -> Vec<(String, String)> {
    let mut steps = Vec::new();
    for part in readme.split("<!-- tour: ").skip(1) {
        let (step, rest) = part.split_once(" -->").expect("the comment ends");
        let block = rest
            .trim_start()
            .strip_prefix("```")
            .and_then(|fenced| fenced.split_once('\n'))
            .and_then(|(_, text)| text.split_once("\n```"))
            .map_or_else(String::new, |(text, _)| format!("{text}\n"));
        steps.push((step.to_owned(), block));
    }
    steps
}

impl Tour {
    fn project(&self) -> PathBuf {
        self.folder.join("hotel")
    }

    fn take(&mut self, step: &str, block: &str) {
        match step.split_once(' ').unwrap_or((step, "")) {
            ("run", _) => {
                let output = self.shell(block);
                assert!(output.status.success(), "{block}\n{}", text(&output));
            }
            ("fails", _) => {
                let output = self.shell(block);
                assert!(!output.status.success(), "{block} should fail");
                self.last = text(&output);
            }
            ("says", _) => assert!(
                self.last.contains(block.trim()),
                "{block}\nis not in\n{}",
                self.last
            ),
            ("write", path) => {
                std::fs::write(self.project().join(path), block).expect("the file is written")
            }
            ("append", path) => {
                let path = self.project().join(path);
                let before = std::fs::read_to_string(&path).expect("the file is there");
                std::fs::write(path, before + block).expect("the file is written");
            }
            ("shows", path) => {
                let found =
                    std::fs::read_to_string(self.project().join(path)).expect("the file is there");
                assert!(
                    found.contains(block),
                    "{path} does not show\n{block}\nbut\n{found}"
                );
            }
            ("serve", _) => self.serve(),
            ("query", who) => self.last = self.query(who, block),
            ("answer", _) => {
                let expected: Value = serde_json::from_str(block).expect("JSON");
                let found: Value = serde_json::from_str(&self.last).expect("JSON");
                assert_eq!(found, expected);
            }
            ("error", code) => {
                let found: Value = serde_json::from_str(&self.last).expect("JSON");
                assert_eq!(found["errors"][0]["extensions"]["code"], code, "{found:#}");
            }
            _ => panic!("no such step: {step}"),
        }
    }

    fn shell(&self, script: &str) -> Output {
        // The workspace's versions, so that nothing is asked of a registry.
        let script = script.replace("cd hotel\n", "cd hotel\ncp \"$GRAPHWRIGHT/Cargo.lock\" .\n");
        let inside = self.project();
        let dir = if inside.exists() {
            &inside
        } else {
            &self.folder
        };
        self.prepare(
            Command::new("sh")
                .args(["-e", "-c", &script])
                .current_dir(dir),
        )
        .output()
        .expect("a shell")
    }

    fn prepare<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        let tools = generator()
            .parent()
            .expect("a program lies in a folder")
            .to_owned();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths(std::iter::once(tools).chain(std::env::split_paths(&path)));
        command
            .env("GRAPHWRIGHT", workspace())
            .env("PATH", path.expect("a path"))
            .env("CARGO_TARGET_DIR", target())
            .env("CARGO_NET_OFFLINE", "true")
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env_remove("CI")
            .env_remove("DATABASE_URL")
            .env_remove("RUST_LOG")
    }

    fn serve(&mut self) {
        let mut command = Command::new(env!("CARGO"));
        command
            .args(["run", "--quiet", "--", "serve", "--address", "127.0.0.1:0"])
            .current_dir(self.project());
        let mut child = self
            .prepare(&mut command)
            .stdout(Stdio::piped())
            .spawn()
            .expect("cargo runs");
        let url = listening(child.stdout.take().expect("piped"));
        self.server = Some((Server(child), url));
    }

    fn query(&self, who: &str, query: &str) -> String {
        let (_, url) = self.server.as_ref().expect("the server runs");
        post(
            url,
            Some(who).filter(|who| !who.is_empty()),
            query,
            json!({}),
        )
    }
}

fn text(output: &Output) -> String {
    [&output.stdout, &output.stderr]
        .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
        .concat()
}
