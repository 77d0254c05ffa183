//! The chapter on the commands: every example of it, run as it stands there.
//!
//! Comments say what the block behind them is: `file:` what a file holds, `run:` what a command prints, first on
//! standard output, then on standard error. `commit` brings the stubs in step and commits everything.

use graphwright_codegen::cli::run_for_test;
use graphwright_tests::workspace;
use std::path::Path;
use std::process::Command;

/// The comments, and the text of the block behind each; none behind `commit`.
fn steps(chapter: &str) -> Vec<(&str, &str)> {
    let parts = chapter.split("<!-- ").skip(1);
    parts
        .map(|part| {
            let (step, rest) = part.split_once(" -->").unwrap();
            if step == "commit" {
                return (step, "");
            }
            let (_, block) = rest.split_once("```").unwrap().1.split_once('\n').unwrap();
            (step, block.split_once("```").unwrap().0)
        })
        .collect()
}

fn git(folder: &Path, arguments: &[&str]) {
    let done = Command::new("git")
        .args(["-c", "user.name=x", "-c", "user.email=x@example.com"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .expect("this test needs git");
    assert!(done.status.success(), "git {arguments:?}");
}

#[test]
fn the_chapter_is_true() {
    let path = workspace().join("codegen/src/guide/commands.md");
    let chapter = std::fs::read_to_string(path).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let put = |path: &str, text: &str| {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    put("Cargo.toml", "[package]\nname = \"blog\"\n");
    put("src/lib.rs", "pub mod resolvers;\n");
    git(root, &["init", "--quiet"]);
    let (mut ran, mut wrong) = (0, String::new());
    for (step, block) in steps(&chapter) {
        match step.split_once(": ") {
            None if step == "commit" => {
                assert_eq!(run_for_test(&["sync", "-C", root.to_str().unwrap()]).0, 0);
                git(root, &["add", "--all"]);
                git(root, &["commit", "--quiet", "--message", "x"]);
            }
            Some(("file", path)) => put(path, block),
            Some(("run", line)) => {
                let words: Vec<&str> = line.split(' ').collect();
                let dir = root.to_str().unwrap();
                let (_, out, said) = run_for_test(&[&words[..], &["-C", dir]].concat());
                // The patch is a page of its own.
                let out = if words == ["check"] { "" } else { &*out };
                let found = format!("{out}{said}");
                if found.trim() != block.trim() {
                    wrong.push_str(&format!("graphwright {line}\n{found}\n"));
                }
                ran += 1;
            }
            _ => panic!("an example of what? {step}"),
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert_eq!(ran, 8);
}
