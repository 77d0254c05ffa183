//! Patches as texts; what git makes of them is tested with git itself.

use super::*;

#[track_caller]
fn check(old: Option<&str>, new: Option<&str>, expect: &str) {
    assert_eq!(unified("a.rs", old, new), expect);
}

#[test]
fn nothing_changes_nothing() {
    check(Some("a\n"), Some("a\n"), "");
    check(None, None, "");
}

#[test]
fn a_new_file_has_a_mode_and_comes_from_nowhere() {
    check(
        None,
        Some("a\nb\n"),
        "diff --git a/a.rs b/a.rs\nnew file mode 100644\n--- /dev/null\n+++ b/a.rs\n@@ -0,0 +1,2 @@\n+a\n+b\n",
    );
    check(
        None,
        Some(""),
        "diff --git a/a.rs b/a.rs\nnew file mode 100644\n",
    );
}

#[test]
fn a_file_that_goes_leads_nowhere() {
    check(
        Some("a\n"),
        None,
        "diff --git a/a.rs b/a.rs\ndeleted file mode 100644\n--- a/a.rs\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n",
    );
}

#[test]
fn a_last_line_without_an_end_is_told() {
    let head = "diff --git a/a.rs b/a.rs\n--- a/a.rs\n+++ b/a.rs\n";
    check(
        Some("a\nb"),
        Some("a\nb\n"),
        &format!("{head}@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n"),
    );
    check(
        Some("a\nb"),
        Some("x\nb"),
        &format!("{head}@@ -1,2 +1,2 @@\n-a\n+x\n b\n\\ No newline at end of file\n"),
    );
}

#[test]
fn carriage_returns_are_part_of_their_lines() {
    let head = "diff --git a/a.rs b/a.rs\n--- a/a.rs\n+++ b/a.rs\n";
    check(
        Some("a\r\nb\r\n"),
        Some("a\r\nc\rd\r\n"),
        &format!("{head}@@ -1,2 +1,2 @@\n a\r\n-b\r\n+c\rd\r\n"),
    );
}

#[test]
fn changes_far_apart_have_hunks_of_their_own() {
    let lines = |edit: &dyn Fn(usize) -> String| -> String { (1..=30).map(edit).collect() };
    let old = lines(&|i| format!("{i}\n"));
    let new = lines(&|i| match i {
        2 => "two\n".to_owned(),
        28 => String::new(),
        _ => format!("{i}\n"),
    });
    let patch = unified("a.rs", Some(&old), Some(&new));
    let heads: Vec<&str> = patch.lines().filter(|l| l.starts_with("@@")).collect();
    assert_eq!(heads, ["@@ -1,5 +1,5 @@", "@@ -25,6 +25,5 @@"]);
}

#[test]
fn names_that_would_trip_a_reader_are_quoted() {
    let head = |path: &str| {
        let patch = unified(path, Some("a\n"), Some("b\n"));
        patch.lines().take(2).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(
        head("my app/ä.rs"),
        "diff --git a/my app/ä.rs b/my app/ä.rs\n--- a/my app/ä.rs\t"
    );
    assert_eq!(
        head("a\"b\\c\t\u{7f}.rs"),
        "diff --git \"a/a\\\"b\\\\c\\t\\177.rs\" \"b/a\\\"b\\\\c\\t\\177.rs\"\n--- \"a/a\\\"b\\\\c\\t\\177.rs\""
    );
}

#[test]
fn many_files_are_one_patch_below_a_folder() {
    let patch = all(
        "services/x/",
        [("a", None, Some("1\n")), ("b", Some("2"), Some("2"))],
    );
    assert_eq!(
        patch,
        "diff --git a/services/x/a b/services/x/a\nnew file mode 100644\n--- /dev/null\n+++ b/services/x/a\n@@ -0,0 +1 @@\n+1\n"
    );
}
