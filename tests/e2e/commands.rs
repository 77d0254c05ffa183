//! The `graphwright` command as a process: what only a process shows.
//!
//! In: the real program, git, a shell. Out: pipes, signals, a running server, files that change while somebody watches.

use crate::server::{eventually, generator, listening};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};

/// A process that does not outlive the test.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn put(folder: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

const PACKAGE: &[(&str, &str)] = &[
    ("Cargo.toml", "[package]\nname = \"x\"\n"),
    ("src/lib.rs", "pub mod resolvers;\n"),
    ("schema/a.graphql", "type Query {\n  one: Int\n}\n"),
];

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(generator())
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_check_is_piped_into_git() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), PACKAGE);
    let shell = |line: &str| {
        Command::new("sh")
            .args(["-c", line])
            .current_dir(folder.path())
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("GW", generator())
            .output()
            .unwrap()
    };
    assert!(shell("git init --quiet").status.success());
    let done = shell("\"$GW\" check | git apply");
    assert!(done.status.success(), "{}", text(&done.stderr));
    let done = shell("\"$GW\" check");
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    assert_eq!(text(&done.stdout), "");
    // A reader that has seen enough is no failure.
    let done = shell("\"$GW\" expand | head -n 1");
    assert!(text(&done.stdout).starts_with("// @generated"));
    assert_eq!(text(&done.stderr), "");
}

#[test]
fn colours_are_for_terminals_or_on_demand() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), PACKAGE);
    let escapes = |arguments: &[&str]| {
        let done = run(folder.path(), arguments);
        (text(&done.stdout) + &text(&done.stderr)).contains('\u{1b}')
    };
    for command in [
        &["check"][..],
        &["expand", "Query"],
        &["explain", "Query.one"],
    ] {
        assert!(!escapes(command), "{command:?}");
        let always = [&["--color", "always"], command].concat();
        assert!(escapes(&always), "{command:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn on_a_terminal_colours_follow_no_color() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), PACKAGE);
    let on_terminal = |no_color: &str| {
        let line = format!("'{}' expand Query", generator().display());
        let done = Command::new("script")
            .args(["-qec", &line, "/dev/null"])
            .current_dir(folder.path())
            .env("NO_COLOR", no_color)
            .stdin(Stdio::null())
            .output()
            .expect("this test needs `script` of util-linux");
        text(&done.stdout)
    };
    assert!(on_terminal("").contains('\u{1b}'));
    let plain = on_terminal("1");
    assert!(
        !plain.contains('\u{1b}') && plain.contains("pub trait"),
        "{plain}"
    );
}

#[test]
fn a_running_server_is_compared_with() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), PACKAGE);
    put(
        folder.path(),
        &[(
            "old.graphql",
            "\"Roots.\"\ntype Query {\n  \"One.\"\n  one: Int!\n  two(n: [Kind!]! = [A]): Any @deprecated(reason: \"\\\"\")\n}\nenum Kind { A B }\ninput In @oneOf { a: Int b: String }\ntype Mutation { m(i: In, x: Int! = 3): S }\nscalar S @specifiedBy(url: \"https://s\")\ninterface I { one: Int }\ntype T implements I { one: Int }\nunion Any = T\ndirective @d(a: In) repeatable on FIELD | QUERY\n",
        )],
    );
    let mut mock = Killed(
        Command::new(generator())
            .args(["mock", "--schema", "old.graphql", "--port", "0"])
            .current_dir(folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap(),
    );
    let url = listening(mock.0.stdout.take().unwrap()) + "/graphql";
    // What introspection tells is what the file says.
    let done = run(folder.path(), &["diff", &url, "--to", "old.graphql"]);
    assert_eq!(text(&done.stdout), "", "{}", text(&done.stderr));
    assert_eq!(done.status.code(), Some(0));
    let done = run(folder.path(), &["diff", &url]);
    assert_eq!(done.status.code(), Some(1), "{}", text(&done.stderr));
    let out = text(&done.stdout);
    assert!(out.contains("breaking   Query.one"), "{out}");
    assert!(out.contains("(schema/a.graphql:2:8)"), "{out}");
    assert!(out.contains("breaking   Query.two"), "{out}");
    let header = ["diff", &url, "--header", "no colon"];
    assert_eq!(run(folder.path(), &header).status.code(), Some(2));
    // Another page is no GraphQL.
    let wrong = url.replace("/graphql", "/nothing");
    let done = run(folder.path(), &["diff", &wrong]);
    let said = text(&done.stderr);
    assert_eq!(done.status.code(), Some(2), "{said}");
    assert!(said.contains(&wrong), "{said}");
    drop(mock);
    let done = run(folder.path(), &["diff", &url]);
    let said = text(&done.stderr);
    assert!(
        said.contains("cannot ask") && said.contains("Is the server up"),
        "{said}"
    );
}

/// `graphwright watch` and what it has said so far.
struct Watch {
    child: Killed,
    said: Arc<Mutex<String>>,
}

impl Watch {
    fn start(folder: &Path, arguments: &[&str]) -> Watch {
        let mut child = Command::new(generator())
            .arg("watch")
            .args(arguments)
            .current_dir(folder)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let said = Arc::new(Mutex::new(String::new()));
        let (lines, to) = (
            BufReader::new(child.stderr.take().unwrap()).lines(),
            said.clone(),
        );
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                to.lock().unwrap().push_str(&(line + "\n"));
            }
        });
        let watch = Watch {
            child: Killed(child),
            said,
        };
        watch.until("Ctrl-C stops");
        watch
    }

    /// Waits for a text among what is said, and takes it all.
    fn until(&self, wanted: &str) -> String {
        eventually(wanted, || {
            let mut said = self.said.lock().unwrap();
            said.contains(wanted).then(|| std::mem::take(&mut *said))
        })
    }

    fn stop(mut self) {
        let pid = self.child.0.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-INT", &pid])
                .status()
                .unwrap()
                .success()
        );
        self.until("stopped");
        let status = self.child.0.wait().unwrap();
        assert_eq!(status.code(), Some(0));
    }
}

fn watched(arguments: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    put(root, PACKAGE);
    let watch = Watch::start(root, arguments);
    let stubs = root.join("src/resolvers/a.rs");
    let read = || std::fs::read_to_string(&stubs).unwrap();
    assert!(read().contains("fn one("), "the first run needs no change");

    put(
        root,
        &[(
            "schema/a.graphql",
            "type Query {\n  one: Int\n  two: Int\n}\n",
        )],
    );
    let said = watch.until("added `Query.two`");
    assert!(
        said.contains("schema/a.graphql: added `Query.two` ("),
        "{said}"
    );
    assert!(read().contains("fn two("));

    // A mistake is told with its place, and changes nothing.
    put(
        root,
        &[("schema/a.graphql", "type Query {\n  one: Itn\n}\n")],
    );
    let said = watch.until("nothing was written");
    assert!(said.contains("schema/a.graphql:2:8: error["), "{said}");
    assert!(read().contains("fn two("));

    // Mended, without a field whose stub nobody has touched: it stays.
    put(
        root,
        &[("schema/a.graphql", "type Query {\n  one: Int!\n}\n")],
    );
    let said = watch.until("is gone");
    assert!(
        said.contains("changed `Query.one`; `Query.two` is gone, its stub stays"),
        "{said}"
    );
    assert!(
        read().contains("fn two(")
            && read().contains("fn one(&self, cx: &gw::Context) -> gw::Result<i32>")
    );

    // A new file, and a schedule that was not there.
    put(
        root,
        &[
            ("schema/b.graphql", "extend type Query {\n  three: Int\n}\n"),
            (
                "jobs.yaml",
                "version: 1\njobs:\n  tidy:\n    schedule: \"@daily\"\n",
            ),
        ],
    );
    eventually("the stubs of both", || {
        let resolvers = std::fs::read_to_string(root.join("src/resolvers/a.rs")).ok()?;
        (resolvers.contains("fn three(") && root.join("src/jobs/tidy.rs").exists()).then_some(())
    });

    // A package that is not there for a moment ends nothing.
    std::fs::remove_file(root.join("Cargo.toml")).unwrap();
    watch.until("there is no Cargo.toml");
    put(root, &[PACKAGE[0]]);
    watch.until("Cargo.toml: `Query.two` is gone");
    watch.stop();
    let done = run(root, &["sync"]);
    assert!(
        !read().contains("fn two("),
        "sync takes it away: {}",
        text(&done.stderr)
    );
}

#[test]
fn stubs_follow_while_somebody_watches() {
    watched(&[]);
}

#[test]
fn stubs_follow_while_files_are_looked_at() {
    watched(&["--poll"]);
}

#[test]
fn a_broken_stub_is_noticed_when_it_is_mended() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    put(root, PACKAGE);
    put(
        root,
        &[
            ("src/resolvers/mod.rs", "pub mod a;\n"),
            ("src/resolvers/a.rs", "impl gw::QueryResolvers for App {\n"),
        ],
    );
    let watch = Watch::start(root, &[]);
    put(
        root,
        &[(
            "src/resolvers/a.rs",
            "use crate::App;\nuse crate::generated as gw;\n\nimpl gw::QueryResolvers for App {\n}\n",
        )],
    );
    watch.until("added `Query.one`");
    watch.stop();
}

/// A line that says what takes so long is for people who watch: on a terminal, and gone at the end.
#[test]
fn on_a_terminal_long_work_is_told_until_it_is_done() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), PACKAGE);
    // A server that takes its time: it answers when the line has been seen.
    let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/graphql", server.local_addr().unwrap());
    let command = format!("'{}' diff {url}", generator().display());
    let mut terminal = Killed(
        Command::new("script")
            .args(["-q", "-e", "-c", &command, "/dev/null"])
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("script, of util-linux or bsdutils, makes a terminal"),
    );
    let shown = Arc::new(Mutex::new(String::new()));
    let (mut from, to) = (terminal.0.stdout.take().unwrap(), shown.clone());
    let reader = std::thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(count @ 1..) = from.read(&mut bytes) {
            to.lock().unwrap().push_str(&text(&bytes[..count]));
        }
    });
    let line = format!("reading {url} … ");
    eventually(&line, || {
        shown.lock().unwrap().contains(&line).then_some(())
    });
    drop(server);
    let status = terminal.0.wait().unwrap();
    reader.join().unwrap();
    let shown = shown.lock().unwrap();
    let (told, behind) = shown.rsplit_once("\r\u{1b}[K").unwrap();
    assert!(told.contains(&line), "{shown}");
    assert!(
        !behind.contains("reading") && behind.contains("cannot ask"),
        "{shown}"
    );
    assert_eq!(status.code(), Some(2), "{shown}");
}
