//! Two branches that each change the schema, merged by git: stubs and lock come together, or the next run heals what git
//! left.

use graphwright_codegen::cli::run_for_test;
use std::fs;
use std::path::Path;
use std::process::Command;

struct Repository(tempfile::TempDir);

const BASE: &str = "type Query {\n  alpha: Int\n  omega: Int\n}\n\ntype Book {\n  id: ID!\n  title: String! @resolver\n}\n\ntype Author {\n  id: ID!\n  name: String! @resolver\n}\n";

impl Repository {
    /// A project on its main branch. With `union` as `graphwright new` makes it.
    fn new(union: bool) -> Repository {
        let repository = Repository(tempfile::tempdir().unwrap());
        repository.put(
            "Cargo.toml",
            "[package]\nname = \"x\"\n\n[package.metadata.graphwright]\nlayout = \"type\"\n",
        );
        repository.put("src/lib.rs", "pub mod resolvers;\npub struct App;\n");
        repository.put("schema/a.graphql", BASE);
        if union {
            let attributes = include_str!("../../templates/new/gitattributes.jinja");
            repository.put(".gitattributes", attributes);
        }
        repository.sync();
        repository.git(&["init", "-q", "-b", "main"]);
        repository.commit("base");
        repository
    }

    fn put(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn get(&self, path: &str) -> String {
        fs::read_to_string(self.0.path().join(path)).unwrap()
    }

    fn run(&self, command: &str) -> (u8, String) {
        let root = self.0.path().to_string_lossy();
        let mut words: Vec<&str> = command.split(' ').collect();
        words.extend(["-C", &*root]);
        let (code, _, said) = run_for_test(&words);
        (code, said)
    }

    fn sync(&self) {
        let (code, said) = self.run("sync");
        assert_eq!(code, 0, "{said}");
    }

    fn git(&self, arguments: &[&str]) -> (bool, String) {
        let output = Command::new("git")
            .args([
                "-c",
                "user.name=x",
                "-c",
                "user.email=x@example.com",
                "-c",
                "core.autocrlf=false",
            ])
            .args(arguments)
            .current_dir(self.0.path())
            .env("GIT_CONFIG_GLOBAL", Path::new("/dev/null"))
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        (
            output.status.success(),
            String::from_utf8_lossy(&said).into_owned(),
        )
    }

    fn commit(&self, message: &str) {
        self.git(&["add", "-A"]);
        let (done, said) = self.git(&["commit", "-q", "-m", message]);
        assert!(done, "{said}");
    }

    /// On a branch of its own, from main: the schema changes and `sync` runs.
    fn branch(&self, name: &str, from: &str, to: &str) {
        self.git(&["checkout", "-q", "-b", name, "main"]);
        let schema = self.get("schema/a.graphql");
        assert!(schema.contains(from));
        self.put("schema/a.graphql", &schema.replace(from, to));
        self.sync();
        self.commit(name);
    }

    /// Merges the branch `b` into `a`; answers whether git could, and what it said.
    fn merge(&self) -> (bool, String) {
        self.git(&["checkout", "-q", "a"]);
        self.git(&["merge", "-q", "--no-edit", "b"])
    }

    /// Everything is as one run over the merged schema would have made it.
    fn settled(&self, stubs: &[(&str, &str)]) {
        let (code, said) = self.run("sync");
        assert_eq!(code, 0, "{said}");
        let (code, said) = self.run("check");
        assert_eq!(code, 0, "{said}");
        let lock = self.get("graphwright.lock");
        let lines: Vec<&str> = lock.lines().filter(|line| !line.starts_with('#')).collect();
        let mut sorted = lines.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(lines, sorted, "sorted, each line once");
        for (file, stub) in stubs {
            assert_eq!(
                self.get(file).matches(&format!("async fn {stub}(")).count(),
                1,
                "{stub}"
            );
            let known = lock.lines().filter(|line| {
                line.starts_with("stub ") && line.contains(&format!("Resolvers.{stub} "))
            });
            assert_eq!(known.count(), 1, "{stub}: {lock}");
        }
        assert!(!lock.contains("<<<<"), "{lock}");
    }
}

#[test]
fn fields_of_different_types_come_together_without_a_conflict() {
    for union in [false, true] {
        let repository = Repository::new(union);
        repository.branch("a", "  title:", "  pages: Int @resolver\n  title:");
        repository.branch(
            "b",
            "  name: String! @resolver\n",
            "  name: String! @resolver\n  born: Int @resolver\n",
        );
        let (merged, said) = repository.merge();
        assert!(merged || !union, "{said}");
        if !merged {
            // Neighbours in the lock alone: it may be resolved by keeping both sides, as its head says.
            assert_eq!(
                repository
                    .git(&["diff", "--name-only", "--diff-filter=U"])
                    .1,
                "graphwright.lock\n"
            );
        }
        repository.settled(&[
            ("src/resolvers/book.rs", "pages"),
            ("src/resolvers/author.rs", "born"),
        ]);
    }
}

#[test]
fn fields_at_different_places_of_one_type_come_together() {
    let repository = Repository::new(true);
    repository.branch("a", "  alpha: Int\n", "  alpha: Int\n  beta: Int\n");
    repository.branch("b", "  omega: Int\n", "  omega: Int\n  zeta: Int\n");
    let (merged, said) = repository.merge();
    assert!(merged, "{said}");
    repository.settled(&[
        ("src/resolvers/query.rs", "beta"),
        ("src/resolvers/query.rs", "zeta"),
    ]);
}

#[test]
fn the_same_place_is_a_conflict_of_schema_and_stubs_but_not_of_the_lock() {
    let repository = Repository::new(true);
    repository.branch("a", "  alpha: Int\n", "  alpha: Int\n  beta: Int\n");
    repository.branch("b", "  alpha: Int\n", "  alpha: Int\n  gamma: Int\n");
    let (merged, _) = repository.merge();
    assert!(!merged);
    let torn = repository
        .git(&["diff", "--name-only", "--diff-filter=U"])
        .1;
    assert_eq!(torn, "schema/a.graphql\nsrc/resolvers/query.rs\n");
    // Until somebody has resolved them nothing is touched, and both are named.
    let before = repository.get("src/resolvers/query.rs");
    let (code, said) = repository.run("sync");
    assert_eq!(code, 1);
    assert!(said.contains("schema/a.graphql:"), "{said}");
    let both = |path: &str| {
        let text = repository.get(path);
        let lines = text
            .lines()
            .filter(|line| !["<<<<", "====", ">>>>"].iter().any(|m| line.starts_with(m)));
        repository.put(path, &(lines.collect::<Vec<_>>().join("\n") + "\n"));
    };
    both("schema/a.graphql");
    let (code, said) = repository.run("sync");
    assert_eq!(code, 1);
    assert!(
        said.contains("src/resolvers/query.rs:") && said.contains("does not parse"),
        "{said}"
    );
    assert_eq!(repository.get("src/resolvers/query.rs"), before);
    // The stub of one side is enough: the other is made again.
    repository.git(&["checkout", "--ours", "src/resolvers/query.rs"]);
    repository.settled(&[
        ("src/resolvers/query.rs", "beta"),
        ("src/resolvers/query.rs", "gamma"),
    ]);
}

#[test]
fn a_lock_with_marks_of_a_conflict_heals() {
    let repository = Repository::new(false);
    let lock = repository.get("graphwright.lock");
    let mut lines: Vec<&str> = lock.lines().collect();
    lines.reverse();
    let twice = lines.join("\n");
    let torn = format!(
        "<<<<<<< HEAD\n{twice}\n||||||| base\n=======\nstub Gone.x Gone.x 0000000000000001 (cx: &gw::Context) -> ()\naccess Old.read nobody\n{lock}>>>>>>> b\n"
    );
    repository.put("graphwright.lock", &torn);
    let (code, said) = repository.run("check");
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("`graphwright.lock` is out of date"), "{said}");
    repository.sync();
    assert_eq!(repository.get("graphwright.lock"), lock);
}

#[test]
fn an_edit_on_one_side_and_a_change_on_the_other_are_both_kept() {
    let repository = Repository::new(true);
    repository.branch(
        "a",
        "title: String! @resolver",
        "title(short: Boolean): String! @resolver",
    );
    repository.git(&["checkout", "-q", "-b", "b", "main"]);
    let stub = repository.get("src/resolvers/book.rs");
    let mine = stub.replace(
        "Err(gw::Error::not_implemented(\"Book.title\"))",
        "Ok(gw::Batch::each(parents, |_| \"mine\".into()))",
    );
    assert_ne!(stub, mine);
    repository.put("src/resolvers/book.rs", &mine);
    repository.commit("b");
    let (merged, said) = repository.merge();
    if !merged {
        // The line with the parameters stands too near to the body for git: the user takes the edited side.
        assert!(said.contains("src/resolvers/book.rs"), "{said}");
        repository.git(&["checkout", "--theirs", "src/resolvers/book.rs"]);
    }
    let now = repository.get("src/resolvers/book.rs");
    if !merged {
        // The lock is of one side, the stub of the other: nothing of the user's is touched before they say so.
        for command in ["sync", "check"] {
            let (code, said) = repository.run(command);
            assert_eq!(code, 1, "{said}");
            for part in [
                "GW0710",
                "the method of `Book.title` at `src/resolvers/book.rs:",
                "graphwright sync --follow Book.title",
                "short: gw::Nullable<bool>",
            ] {
                assert!(said.contains(part), "no {part} in\n{said}");
            }
        }
        assert_eq!(repository.get("src/resolvers/book.rs"), now);
        let (code, said) = repository.run("sync --follow Book.title");
        assert_eq!(code, 0, "{said}");
        assert!(said.contains("changed `Book.title`"), "{said}");
        let followed = repository.get("src/resolvers/book.rs");
        assert!(followed.contains("short: gw::Nullable<bool>"), "{followed}");
    }
    repository.settled(&[("src/resolvers/book.rs", "title")]);
    assert!(repository.get("src/resolvers/book.rs").contains("mine"));
}

#[test]
fn a_stub_of_one_side_under_the_lock_of_the_other_is_told() {
    let repository = Repository::new(true);
    repository.branch("a", "  alpha: Int\n", "  alpha(first: Int!): [Int!]\n");
    let wanted = repository.get("src/resolvers/query.rs");
    repository.git(&["checkout", "main", "--", "src/resolvers/query.rs"]);
    for command in ["sync", "check"] {
        let (code, said) = repository.run(command);
        assert_eq!(code, 1, "{said}");
        for part in [
            "the method of `Query.alpha` at `src/resolvers/query.rs:",
            "make its signature:",
            "async fn alpha(&self, cx: &gw::Context, first: i32)",
        ] {
            assert!(said.contains(part), "no {part} in\n{said}");
        }
    }
    let (code, said) = repository.run("sync --follow Query.omega");
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("`Query.omega` has no method"), "{said}");
    let (code, said) = repository.run("sync --follow Query.alpha");
    assert_eq!(code, 0, "{said}");
    let signature = |text: &str| {
        text.lines()
            .find(|line| line.contains("fn alpha"))
            .map(str::to_owned)
    };
    let now = repository.get("src/resolvers/query.rs");
    assert_eq!(signature(&now), signature(&wanted));
    repository.settled(&[("src/resolvers/query.rs", "alpha")]);
}
