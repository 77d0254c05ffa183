//! Changes of files as a patch that `git apply` and `patch -p1` take.
//!
//! In: paths, the texts that are there and those that should be. Out: unified diffs with git's headers.
//! Must not know: where the texts come from, what they mean, the file system.
//!
//! Lines end with `\n` alone: a `\r` before it is part of the line, so files with CRLF come out as they are. git takes the
//! paths of such a patch as relative to the top of the working copy, wherever below it `git apply` runs; outside of one,
//! as relative to the current folder. `patch -p1` takes them as relative to the current folder, always.

mod hunks;
#[cfg(test)]
mod tests;

/// The change of one file: `old` is `None` for a new file, `new` for one that goes. Empty where nothing changes.
///
/// `path` is that of the patch, with `/`: see the module for what git takes it to be relative to.
///
/// ```
/// use graphwright_codegen::patch::unified;
///
/// let text = unified("src/a.rs", Some("one\ntwo\n"), Some("one\n2\n"));
/// assert_eq!(text, "diff --git a/src/a.rs b/src/a.rs\n--- a/src/a.rs\n+++ b/src/a.rs\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n");
/// assert_eq!(unified("src/a.rs", Some("same"), Some("same")), "");
/// ```
pub fn unified(path: &str, old: Option<&str>, new: Option<&str>) -> String {
    if old == new {
        return String::new();
    }
    let (a, b) = (name("a/", path), name("b/", path));
    let mut text = format!("diff --git {a} {b}\n");
    let mode = match (old, new) {
        (None, _) => "new file mode 100644\n",
        (_, None) => "deleted file mode 100644\n",
        _ => "",
    };
    text.push_str(mode);
    let body = hunks::hunks(old.unwrap_or_default(), new.unwrap_or_default());
    if body.is_empty() {
        return text;
    }
    let side = |there: bool, name: &str| match there {
        // git puts a tab behind a name with blanks, so that what follows is no part of it.
        true if name.contains(' ') && !name.starts_with('"') => format!("{name}\t"),
        true => name.to_owned(),
        false => "/dev/null".to_owned(),
    };
    let (from, to) = (side(old.is_some(), &a), side(new.is_some(), &b));
    text.push_str(&format!("--- {from}\n+++ {to}\n{body}"));
    text
}

/// The changes of several files, in order: (path below `folder`, old text, new text). `folder` is empty, or ends with `/`.
pub fn all<'a>(
    folder: &str,
    files: impl IntoIterator<Item = (&'a str, Option<&'a str>, Option<&'a str>)>,
) -> String {
    let files = files.into_iter();
    files
        .map(|(path, old, new)| unified(&format!("{folder}{path}"), old, new))
        .collect()
}

/// A path as git writes it: in quotes and with C's escapes where a reader of lines would trip.
fn name(side: &str, path: &str) -> String {
    let plain = |c: char| !c.is_control() && c != '"' && c != '\\';
    if path.chars().all(plain) {
        return format!("{side}{path}");
    }
    let mut quoted = format!("\"{side}");
    for byte in path.bytes() {
        match byte {
            b'"' => quoted.push_str("\\\""),
            b'\\' => quoted.push_str("\\\\"),
            b'\n' => quoted.push_str("\\n"),
            b'\t' => quoted.push_str("\\t"),
            0x20..=0x7e => quoted.push(char::from(byte)),
            other => quoted.push_str(&format!("\\{other:03o}")),
        }
    }
    quoted + "\""
}
