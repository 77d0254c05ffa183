//! The guide's chapter about changing schemas, done as it is told: what the chapter says somebody changes is changed,
//! what it shows of commands and of their effect is compared.
//!
//! `graphql FILE` begins with a file, `diff you` changes one, `console` runs commands and shows what they say, `text FILE`
//! shows a file, `diff graphwright` what the last command did. `UPDATE_GOLDEN=1` writes what was found into the chapter.

use graphwright_codegen::cli::run_for_test;
use graphwright_tests::workspace;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

/// A fenced block: what stands behind the fence, and the text.
struct Block<'a> {
    info: &'a str,
    body: &'a str,
}

#[test]
fn the_chapter_is_true() {
    let path = workspace().join("codegen/src/guide/changes.md");
    let chapter = fs::read_to_string(&path).unwrap();
    let folder = tempfile::tempdir().unwrap();
    put(
        folder.path(),
        "Cargo.toml",
        "[package]\nname = \"library\"\n",
    );
    put(
        folder.path(),
        "src/lib.rs",
        "graphwright::include!();\npub mod resolvers;\n",
    );
    git(folder.path(), &["init", "-q"]);
    let mut found = String::new();
    let mut rest = &*chapter;
    let mut count = 0;
    while let Some((before, block, after)) = next(rest) {
        let body = run(folder.path(), &block);
        write!(found, "{before}```{}\n{body}```\n", block.info).unwrap();
        rest = after;
        count += 1;
    }
    found.push_str(rest);
    unchanged(folder.path(), "the end");
    assert!(count > 25, "{count} blocks");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        assert!(
            std::env::var_os("CI").is_none(),
            "the chapter is not rewritten in CI"
        );
        fs::write(path, &found).unwrap();
    }
    let chapter = fs::read_to_string(workspace().join("codegen/src/guide/changes.md")).unwrap();
    for (found, told) in found.lines().zip(chapter.lines()) {
        assert_eq!(found, told, "UPDATE_GOLDEN=1 accepts it");
    }
    assert_eq!(found, chapter);
}

/// What stands before the next block, the block, and the rest.
fn next(text: &str) -> Option<(&str, Block<'_>, &str)> {
    let start = text.find("```")?;
    let (info, body) = text[start + 3..].split_once('\n')?;
    let end = match body.starts_with("```") {
        true => 0,
        false => body.find("\n```\n")? + 1,
    };
    let rest = &body[end + "```\n".len()..];
    Some((
        &text[..start],
        Block {
            info,
            body: &body[..end],
        },
        rest,
    ))
}

/// Does what a block tells; answers what it should show.
fn run(folder: &Path, block: &Block<'_>) -> String {
    let (kind, what) = block.info.split_once(' ').unwrap_or((block.info, ""));
    match (kind, what) {
        ("graphql", file) => {
            put(folder, file, block.body);
            git(folder, &["add", "-A"]);
        }
        ("diff", "you") => {
            unchanged(folder, block.body);
            edit(folder, block.body);
            git(folder, &["add", "-A"]);
        }
        ("diff", "graphwright") => return difference(folder),
        ("text", file) => {
            let text = fs::read_to_string(folder.join(file)).unwrap();
            git(folder, &["add", "-A"]);
            return text;
        }
        ("console", _) => {
            unchanged(folder, block.body);
            let commands = block.body.lines().filter(|line| line.starts_with("$ "));
            return commands.map(|line| console(folder, line)).collect();
        }
        other => panic!("what is {other:?}?"),
    }
    block.body.to_owned()
}

fn put(folder: &Path, file: &str, text: &str) {
    let path = folder.join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A command line, and what it prints.
fn console(folder: &Path, line: &str) -> String {
    let (command, status) = match line.strip_suffix("; echo $?") {
        Some(command) => (command, true),
        None => (line, false),
    };
    let words: Vec<&str> = command.split(' ').skip(2).collect();
    let folder = folder.to_string_lossy();
    let (code, out, err) = run_for_test(&[&words[..], &["-C", &folder]].concat());
    assert!(status || code == 0, "{line}: {code}\n{out}{err}");
    let mut text = format!("{line}\n");
    for line in out.lines().chain(err.lines()) {
        text.push_str(line.replace(&*folder, ".").trim_end());
        text.push('\n');
    }
    if status {
        writeln!(text, "{code}").unwrap();
    }
    text
}

/// Replaces stretches of a file: the first line names it, `@@` stands between stretches.
fn edit(folder: &Path, body: &str) {
    let (file, stretches) = body.split_once('\n').unwrap();
    let path = folder.join(file);
    let mut text = fs::read_to_string(&path).unwrap();
    for stretch in stretches.split("@@\n") {
        let side = |without: char| -> String {
            let lines = stretch.lines().filter(|line| !line.starts_with(without));
            lines
                .map(|line| format!("{}\n", line.get(1..).unwrap_or_default()))
                .collect()
        };
        let (old, new) = (side('+'), side('-'));
        // The lock's lines are long; the beginning of one is enough.
        let (old, new) = match file {
            "graphwright.lock" => whole_lines(&text, &old, &new),
            _ => (old, new),
        };
        assert_eq!(
            text.matches(&old).count(),
            1,
            "{file} has not one of:\n{old}\n{text}"
        );
        text = text.replacen(&old, &new, 1);
    }
    fs::write(path, text).unwrap();
}

/// Lines that are given by how they begin.
fn whole_lines(text: &str, old: &str, new: &str) -> (String, String) {
    let begins = old.trim_end();
    let line = text
        .lines()
        .find(|line| line.starts_with(begins))
        .expect("an entry begins so");
    (format!("{line}\n"), new.replace(begins, line))
}

/// What changed since the last block, without the lock, and takes it for granted.
fn difference(folder: &Path) -> String {
    git(folder, &["add", "-AN"]);
    let text = git(folder, &["diff", "-U1", "--", ".", ":!graphwright.lock"]);
    git(folder, &["add", "-A"]);
    let mut shown = String::new();
    let mut stretches = 0;
    for line in text.lines() {
        if let Some(file) = line.strip_prefix("+++ b/") {
            writeln!(shown, "{file}").unwrap();
            stretches = 0;
        } else if line.starts_with("@@") {
            stretches += 1;
            shown.push_str(if stretches > 1 { "@@\n" } else { "" });
        } else if ![
            "diff ",
            "index ",
            "--- ",
            "new file",
            "deleted file",
            "+++ ",
        ]
        .iter()
        .any(|head| line.starts_with(head))
        {
            writeln!(shown, "{line}").unwrap();
        }
    }
    assert!(!shown.is_empty(), "nothing was changed");
    shown
}

/// Nothing but the lock has changed since the last block that told.
#[track_caller]
fn unchanged(folder: &Path, before: &str) {
    let status = git(
        folder,
        &["status", "--porcelain", "--", ".", ":!graphwright.lock"],
    );
    let untold: Vec<&str> = status
        .lines()
        .filter(|line| !line.starts_with("A "))
        .collect();
    assert_eq!(
        untold,
        Vec::<&str>::new(),
        "the chapter does not show it, before\n{before}"
    );
}

fn git(folder: &Path, args: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "core.autocrlf=false", "-c", "color.ui=false"])
        .args(args)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "git {args:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}
