//! A package with a schema.
//!
//! In: a folder and SDL. Out: the package in its states. Must not know: what is measured.

use crate::process::{self, Cost};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A package in a folder.
pub struct Project {
    folder: PathBuf,
    sdl: String,
}

impl Project {
    /// Writes the package, without stubs.
    pub fn new(folder: &Path, sdl: &str) -> Result<Project, String> {
        let project = Project {
            folder: folder.to_owned(),
            sdl: sdl.to_owned(),
        };
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../..");
        let manifest = format!(
            "[package]\nname = \"large\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\ngraphwright = {{ path = \"{root}/runtime\", default-features = false }}\n\n[build-dependencies]\ngraphwright-codegen = {{ path = \"{root}/codegen\" }}\n\n[profile.dev]\ndebug = false\n"
        );
        project.put("Cargo.toml", &manifest)?;
        project.put(
            "build.rs",
            "fn main() {\n    graphwright_codegen::build();\n}\n",
        )?;
        project.put("src/lib.rs", "graphwright::include!();\nmod resolvers;\n\npub struct App;\n\npub fn server() -> Result<graphwright::Server<App>, impl std::fmt::Debug> {\n    graphwright::Server::new(App, graphwright::Services::new())\n}\n")?;
        project.forget()?;
        Ok(project)
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The package as it was before the first build.
    pub fn forget(&self) -> Result<(), String> {
        for path in ["out", "src/resolvers", "graphwright.lock"] {
            let path = self.folder.join(path);
            let gone = if path.is_dir() {
                fs::remove_dir_all(&path)
            } else {
                fs::remove_file(&path)
            };
            match gone {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(format!("{}: {error}", path.display()));
                }
                _ => {}
            }
        }
        fs::create_dir_all(self.folder.join("out")).map_err(|e| e.to_string())?;
        self.put("schema/schema.graphql", &self.sdl)
    }

    /// Runs a step of the generator.
    pub fn run(&self, step: &str) -> Result<Cost, String> {
        process::run(step, &self.folder, &self.folder.join("out"))
    }

    /// Bytes of what was generated, stubs included.
    pub fn written(&self) -> Result<u64, String> {
        let size = |path: &str| {
            let path = self.folder.join(path);
            fs::metadata(&path)
                .map(|file| file.len())
                .map_err(|e| format!("{}: {e}", path.display()))
        };
        Ok(size("out/graphwright.rs")?
            + size("src/resolvers/schema.rs")?
            + size("graphwright.lock")?)
    }

    /// Changes three bodies of stubs.
    pub fn edit_stub(&self, round: usize) -> Result<(), String> {
        let text = self.get("src/resolvers/schema.rs")?;
        let text = text.replacen(
            " {\n        let _ = ",
            &format!(" {{\n        let _ = {round};\n        let _ = "),
            3,
        );
        self.put("src/resolvers/schema.rs", &text)
    }

    /// Adds a field that wants a method.
    pub fn add_field(&self, round: usize) -> Result<(), String> {
        let text = self.get("schema/schema.graphql")?;
        self.put(
            "schema/schema.graphql",
            &format!("{text}extend type Query {{ more{round}(a: Int): Int }}\n"),
        )
    }

    fn get(&self, path: &str) -> Result<String, String> {
        let path = self.folder.join(path);
        fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))
    }

    fn put(&self, path: &str, text: &str) -> Result<(), String> {
        let path = self.folder.join(path);
        let parent = path.parent().ok_or("a file lies in a folder")?;
        fs::create_dir_all(parent).map_err(|e| format!("{}: {e}", parent.display()))?;
        fs::write(&path, text).map_err(|e| format!("{}: {e}", path.display()))
    }
}
