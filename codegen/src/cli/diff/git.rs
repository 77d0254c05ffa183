//! A project as a revision of git has it.
//!
//! In: a folder, the name of a revision. Out: the schema there and then. Must not know: how git stores anything; the
//! `git` command does.

use super::version::{self, Version};
use crate::cli::Failure;
use crate::diagnostic::{Code, Diagnostics};
use crate::load::{Inputs, Loaded};
use crate::options::Options;
use crate::source::{FileId, Source, Span};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// Reads the schema of the project in `dir` as it was.
pub(super) fn read(dir: &Path, revision: &str) -> Result<Version, Failure> {
    let commit = commit(dir, revision)?;
    let prefix = text(dir, &["rev-parse", "--show-prefix"])?
        .trim_end_matches('\n')
        .to_owned();
    let listed = text(
        dir,
        &["ls-tree", "-r", "-z", "--name-only", "--full-tree", &commit],
    )?;
    let names: Vec<&str> = listed.split('\0').filter(|name| !name.is_empty()).collect();
    let manifest = format!("{prefix}Cargo.toml");
    if !names.contains(&&*manifest) {
        return Err(Failure::Told(format!(
            "`{revision}` has no `{manifest}`: this project was not there\n\nGive an older schema as a file: graphwright diff FILE"
        )));
    }
    let mut diagnostics = Diagnostics::default();
    let source = Source {
        name: format!("{revision}:{manifest}"),
        text: contents(dir, &commit, &[&manifest])?.remove(0),
    };
    let options = Options::from_manifest(FileId(0), &source, &mut diagnostics);
    let mut inputs = Inputs::default();
    inputs.sources.0.push(source);
    let wanted = matching(&names, &prefix, &options);
    if wanted.is_empty() {
        let patterns = options.schema.join("`, `");
        let at = Span::new(FileId(0), 0, 0);
        diagnostics.error(
            Code::NoSchema,
            at,
            format!("no SDL file of `{revision}` matches `{patterns}`"),
        );
    }
    let texts = contents(dir, &commit, &wanted)?;
    for (name, text) in wanted.iter().zip(texts) {
        inputs.add_schema(&format!("{revision}:{name}"), &text);
    }
    let loaded = Loaded {
        inputs,
        options,
        diagnostics,
    };
    Ok(version::of(loaded, version::quoted(revision), true))
}

/// The SDL files of the settings, sorted.
fn matching<'a>(names: &[&'a str], prefix: &str, options: &Options) -> Vec<&'a str> {
    let patterns: Vec<glob::Pattern> = options
        .schema
        .iter()
        .filter_map(|pattern| {
            let from_top = format!("{}{pattern}", glob::Pattern::escape(prefix));
            glob::Pattern::new(&without_dots(&from_top)).ok()
        })
        .collect();
    // As `glob` does with files: `*` stays within its folder.
    let rule = glob::MatchOptions {
        require_literal_separator: true,
        ..glob::MatchOptions::default()
    };
    let fits = |name: &&&str| {
        patterns
            .iter()
            .any(|pattern| pattern.matches_with(name, rule))
    };
    let mut found: Vec<&str> = names.iter().filter(fits).copied().collect();
    found.sort_unstable();
    found
}

/// The path with `.` and `..` followed.
fn without_dots(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The name of the commit.
fn commit(dir: &Path, revision: &str) -> Result<String, Failure> {
    let wanted = format!("{revision}^{{commit}}");
    let arguments = [
        "rev-parse",
        "--verify",
        "--quiet",
        "--end-of-options",
        &wanted,
    ];
    match output(dir, &arguments)? {
        Some(found) => Ok(found.trim().to_owned()),
        None if output(dir, &["rev-parse", "--git-dir"])?.is_none() => Err(Failure::Told(format!(
            "`{revision}` is no file or folder, and `{}` is in no git working copy\n\nCompare with a file instead: graphwright diff old.graphql",
            dir.display()
        ))),
        None => Err(Failure::Told(format!(
            "`{revision}` is no file, no folder and no revision that git knows here\n\n`git branch --all` lists branches; in CI, fetch the branch first: git fetch origin main, then graphwright diff origin/main"
        ))),
    }
}

/// The texts of files of a commit, by paths from the top.
fn contents(dir: &Path, commit: &str, paths: &[&str]) -> Result<Vec<String>, Failure> {
    let mut child = git(dir, &["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(missing)?;
    let asked: String = paths
        .iter()
        .map(|path| format!("{commit}:{path}\n"))
        .collect();
    let mut stdin = child.stdin.take();
    // git answers while it is asked: reading must not wait for the last question.
    let writer = std::thread::spawn(move || {
        stdin
            .as_mut()
            .map_or(Ok(()), |stdin| stdin.write_all(asked.as_bytes()))
    });
    let answer = child.wait_with_output().map_err(missing)?.stdout;
    let _ = writer.join();
    let broken = || Failure::Told(format!("git did not give the files of `{commit}`"));
    let mut rest = &answer[..];
    let mut texts = Vec::new();
    for _ in paths {
        let end = rest
            .iter()
            .position(|byte| *byte == b'\n')
            .ok_or_else(broken)?;
        let head = String::from_utf8_lossy(&rest[..end]);
        let size: usize = head
            .rsplit(' ')
            .next()
            .and_then(|size| size.parse().ok())
            .ok_or_else(broken)?;
        let body = rest.get(end + 1..end + 1 + size).ok_or_else(broken)?;
        texts.push(String::from_utf8_lossy(body).into_owned());
        rest = rest.get(end + size + 2..).unwrap_or_default();
    }
    Ok(texts)
}

fn text(dir: &Path, arguments: &[&str]) -> Result<String, Failure> {
    let failed = || Failure::Told(format!("`git {}` failed", arguments.join(" ")));
    output(dir, arguments)?.ok_or_else(failed)
}

/// What git prints; `None` if it fails.
fn output(dir: &Path, arguments: &[&str]) -> Result<Option<String>, Failure> {
    let done = git(dir, arguments).output().map_err(missing)?;
    let text = String::from_utf8_lossy(&done.stdout).into_owned();
    Ok(done.status.success().then_some(text))
}

fn git(dir: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(dir).args(arguments);
    // Below a hook of git's these name the folder that the hook stands in.
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        command.env_remove(name);
    }
    command
}

fn missing(error: std::io::Error) -> Failure {
    Failure::Told(format!(
        "cannot run `git`: {error}\n\nCompare with a file instead: graphwright diff old.graphql"
    ))
}
