//! A package in a temporary folder, and Cargo at work in it.
//!
//! In: files. Out: what Cargo did and said. Must not know: what is expected.

use graphwright_codegen::cli::run_for_test;
use graphwright_tests::{target, workspace};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// The stub file of `schema/a.graphql`.
pub const STUB: &str = "src/resolvers/a.rs";

pub struct Project {
    name: String,
    folder: tempfile::TempDir,
}

/// What Cargo did and said.
pub struct Said {
    name: String,
    success: bool,
    text: String,
}

impl Project {
    pub fn new<N: AsRef<str>, T: AsRef<str>>(name: &str, files: &[(N, T)]) -> Project {
        let project = Project {
            name: name.to_owned(),
            folder: tempfile::tempdir().unwrap(),
        };
        let root = workspace();
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\ngraphwright = {{ version = \"0.1.0\", path = {:?} }}\n\n[build-dependencies]\ngraphwright-codegen = {{ version = \"0.1.0\", path = {:?} }}\n\n[profile.dev]\ndebug = false\n\n",
            root.join("runtime"),
            root.join("codegen"),
        );
        project.put("Cargo.toml", &manifest);
        project.put(
            "build.rs",
            "fn main() {\n    graphwright_codegen::build();\n}\n",
        );
        project.put(
            "src/lib.rs",
            "graphwright::include!();\npub mod resolvers;\npub struct App;\n",
        );
        for (path, text) in files {
            project.put(path.as_ref(), text.as_ref());
        }
        // The workspace's own choice of versions, so that nothing has to be asked of a registry.
        fs::copy(root.join("Cargo.lock"), project.folder().join("Cargo.lock")).unwrap();
        project
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn put(&self, path: &str, text: &str) {
        let path = self.folder().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The text of a file, empty if there is none.
    pub fn get(&self, path: &str) -> String {
        fs::read_to_string(self.folder().join(path)).unwrap_or_default()
    }

    pub fn append(&self, path: &str, text: &str) {
        self.put(path, &(self.get(path) + text));
    }

    /// Replaces a text that is there once or more, the last time it stands there.
    #[track_caller]
    pub fn edit(&self, path: &str, from: &str, to: &str) {
        let old = self.get(path);
        let Some((before, after)) = old.rsplit_once(from) else {
            panic!("{from:?} is not in {path}:\n{old}");
        };
        self.put(path, &format!("{before}{to}{after}"));
    }

    pub fn rename(&self, from: &str, to: &str) {
        fs::rename(self.folder().join(from), self.folder().join(to)).unwrap();
    }

    pub fn remove(&self, path: &str) {
        fs::remove_file(self.folder().join(path)).unwrap();
    }

    /// Everything in the folder but Cargo's own lock.
    pub fn files(&self) -> BTreeMap<String, String> {
        let mut files = BTreeMap::new();
        let mut folders = vec![self.folder().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let name = path.strip_prefix(self.folder()).unwrap();
                let name = name.to_string_lossy().into_owned();
                if path.is_dir() {
                    folders.push(path);
                } else if name != "Cargo.lock" {
                    files.insert(name, fs::read_to_string(path).unwrap());
                }
            }
        }
        files
    }

    /// `cargo check`, as a developer runs it, but for these variables.
    pub fn check(&self, environment: &[(&str, &str)]) -> Said {
        let mut command = self.cargo(&["check", "-v"]);
        command.envs(environment.iter().copied());
        self.run(command)
    }

    /// `cargo check` where nothing of the folder can be changed.
    pub fn check_read_only(&self) -> Said {
        // Cargo's own lock is cut to what the package needs.
        self.run(self.cargo(&["tree"])).passes();
        let folder = self.folder().to_string_lossy().into_owned();
        if !can_write_anywhere() {
            return read_only(self.folder(), || self.check(&[]));
        }
        // Permissions do not bind root; a mount of its own does.
        let script = "mount --bind \"$0\" \"$0\" && mount -o remount,bind,ro \"$0\" && cd \"$0\" && exec \"$@\"";
        let cargo = self.cargo(&["check", "-v"]);
        let mut command = Command::new("unshare");
        command.args(["--mount", "sh", "-c", script, &folder]);
        command.arg(cargo.get_program()).args(cargo.get_args());
        for (name, value) in cargo.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let said = self.run(command);
        assert!(
            said.text.contains(&format!(" {} v0.1.0", self.name)),
            "root can make a tree read-only with `unshare --mount`, which is not allowed here:\n{}",
            said.text
        );
        said
    }

    /// `cargo package` with its verification. What it needs is taken from the workspace.
    pub fn package(&self) -> Said {
        let patch = |name: &str, folder: &str| {
            format!("patch.crates-io.{name}.path={:?}", workspace().join(folder))
        };
        let (runtime, codegen) = (
            patch("graphwright", "runtime"),
            patch("graphwright-codegen", "codegen"),
        );
        self.run(self.cargo(&[
            "package",
            "-v",
            "--allow-dirty",
            "--config",
            &runtime,
            "--config",
            &codegen,
        ]))
    }

    /// `graphwright sync`.
    #[track_caller]
    pub fn sync(&self) {
        let (code, _, said) = run_for_test(&["sync", "-C", &self.folder().to_string_lossy()]);
        assert_eq!(code, 0, "{said}");
    }

    /// The next build has nothing to do, and says so.
    #[track_caller]
    pub fn settles(&self) {
        self.settles_with(&[]);
    }

    #[track_caller]
    pub fn settles_with(&self, environment: &[(&str, &str)]) {
        let said = self.check(environment).passes();
        said.says(&format!("Fresh {} v0.1.0", self.name));
        assert!(!said.text.contains("build-script-build"), "{}", said.text);
    }

    /// The build script as Cargo compiled it.
    pub fn script(&self) -> PathBuf {
        let output = self
            .cargo(&["check", "--message-format=json"])
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let messages = text
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let script = messages
            .filter(|message| message["target"]["kind"][0] == "custom-build")
            .find(|message| {
                message["package_id"]
                    .as_str()
                    .is_some_and(|id| id.contains(&*self.folder().to_string_lossy()))
            });
        let file = script.expect("the script is built")["filenames"][0].clone();
        PathBuf::from(file.as_str().unwrap())
    }

    /// Runs the build script with an `OUT_DIR` of its own.
    pub fn spawn(&self, script: &Path, out: &Path) -> Child {
        Command::new(script)
            .current_dir(self.folder())
            .env("CARGO_MANIFEST_DIR", self.folder())
            .env("OUT_DIR", out)
            .env_remove("CI")
            .env_remove("DOCS_RS")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap()
    }

    fn cargo(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO"));
        command
            .args(args)
            .arg("--offline")
            .current_dir(self.folder())
            .env("CARGO_TARGET_DIR", target())
            .env("CARGO_TERM_COLOR", "never")
            .env_remove("CI")
            .env_remove("DOCS_RS")
            .env_remove("RUSTFLAGS");
        command
    }

    fn run(&self, mut command: Command) -> Said {
        let output = command.output().unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        let own =
            |line: &&str| !line.trim_start().starts_with("Fresh ") || line.contains(&self.name);
        Said {
            name: self.name.clone(),
            success: output.status.success(),
            text: text.lines().filter(own).collect::<Vec<_>>().join("\n"),
        }
    }
}

impl Said {
    #[track_caller]
    pub fn passes(self) -> Said {
        assert!(self.success, "{}", self.text);
        self
    }

    #[track_caller]
    pub fn fails(self) -> Said {
        assert!(!self.success, "{}", self.text);
        self
    }

    #[track_caller]
    pub fn says(&self, text: &str) {
        assert!(
            self.text.contains(text),
            "{text:?} is not in:\n{}",
            self.text
        );
    }

    /// The build script ran.
    #[track_caller]
    pub fn ran(self) -> Said {
        self.says(&format!("/{}-", self.name));
        self.says("build-script-build`");
        self
    }

    /// The lines from the one with this text to the last of the same finding.
    pub fn block(&self, text: &str) -> Vec<&str> {
        let lines = self.text.lines().skip_while(|line| !line.contains(text));
        let mut lines = lines.peekable();
        let first = lines.next();
        first
            .into_iter()
            .chain(lines.take_while(|line| !line.contains(": error[") && line.contains("error: ")))
            .collect()
    }
}

/// Whether permissions do not bind this process.
fn can_write_anywhere() -> bool {
    let folder = tempfile::tempdir().unwrap();
    read_only(folder.path(), || {
        fs::write(folder.path().join("file"), "").is_ok()
    })
}

/// Does something while a folder and all in it are read-only.
fn read_only<T>(folder: &Path, work: impl FnOnce() -> T) -> T {
    let mut paths = vec![folder.to_owned()];
    let mut next = 0;
    while next < paths.len() {
        if paths[next].is_dir() {
            let entries = fs::read_dir(&paths[next]).unwrap();
            paths.extend(
                entries
                    .map(|entry| entry.unwrap().path())
                    .collect::<Vec<_>>(),
            );
        }
        next += 1;
    }
    let set = |path: &PathBuf, read_only: bool| {
        let mut permissions = fs::metadata(path).unwrap().permissions();
        let old = permissions.clone();
        permissions.set_readonly(read_only);
        fs::set_permissions(path, permissions).unwrap();
        old
    };
    let old: Vec<_> = paths.iter().map(|path| set(path, true)).collect();
    let done = work();
    for (path, permissions) in paths.iter().zip(old) {
        fs::set_permissions(path, permissions).unwrap();
    }
    done
}

/// A schema of so many types with eight fields each, two of which have resolvers.
pub fn large(types: usize) -> [(String, String); 1] {
    let mut sdl = String::from("type Query { t0: T0 }\n");
    for i in 0..types {
        let (next, far) = ((i + 1) % types, (i + 7) % types);
        writeln!(
            sdl,
            "type T{i} {{\n  id: Int!\n  name: String!\n  email: String\n  score: Float!\n  active: Boolean!\n  tags: [String!]!\n  next: T{next} @resolver\n  many(first: Int!): [T{far}!]!\n}}"
        )
        .unwrap();
    }
    [("schema/a.graphql".to_owned(), sdl)]
}
