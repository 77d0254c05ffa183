//! The booking server as a process of its own, and plain HTTP to it.
//!
//! In: arguments and operations. Out: answers, what it printed, its end.
//! Must not know: how the server works.

use graphwright_tests::workspace;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// A running server with a database of its own; killed with the value.
pub(crate) struct Server {
    child: Child,
    /// `http://127.0.0.1:<port>`
    pub(crate) url: String,
    /// The database file's folder.
    pub(crate) dir: tempfile::TempDir,
}

/// A process that is killed with the value.
pub(crate) struct Process(pub(crate) Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The example's program, built as a user would build it.
pub(crate) fn booking() -> &'static PathBuf {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| built("booking", &["-p", "booking"]))
}

/// The `graphwright` command.
pub(crate) fn generator() -> &'static PathBuf {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        built(
            "graphwright",
            &["-p", "graphwright-codegen", "--features", "cli"],
        )
    })
}

fn built(name: &str, args: &[&str]) -> PathBuf {
    let output = Command::new(env!("CARGO"))
        .args([
            "build",
            "--message-format=json-render-diagnostics",
            "--quiet",
        ])
        .args(args)
        .current_dir(workspace())
        .stderr(Stdio::inherit())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{name} builds");
    String::from_utf8(output.stdout)
        .expect("cargo's messages are UTF-8")
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| message["target"]["name"] == name)
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .expect("cargo names the program")
}

/// Reads what a server prints up to the line that says where it listens; the rest is read and dropped.
pub(crate) fn listening(stdout: ChildStdout) -> String {
    let mut lines = BufReader::new(stdout).lines();
    let url = lines.by_ref().map_while(Result::ok).find_map(|line| {
        let rest = line.split("http://127.0.0.1:").nth(1)?;
        let port: String = rest.chars().take_while(char::is_ascii_digit).collect();
        Some(format!("http://127.0.0.1:{port}"))
    });
    std::thread::spawn(move || lines.for_each(drop));
    url.expect("the server says where it listens")
}

/// Sends an operation as the bearer of `token`, or as a visitor, and answers the body.
pub(crate) fn post(url: &str, token: Option<&str>, query: &str, variables: Value) -> String {
    let mut request = ureq::post(format!("{url}/graphql"))
        .config()
        .http_status_as_error(false)
        .build()
        .header(
            "accept",
            "application/graphql-response+json, application/json",
        )
        .header("content-type", "application/json");
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let mut response = request
        .send(json!({"query": query, "variables": variables}).to_string())
        .expect("the server answers");
    response.body_mut().read_to_string().expect("a body")
}

impl Server {
    /// Starts the server on a free port with a fresh database and waits until it answers.
    pub(crate) fn start() -> Self {
        Self::start_in(tempfile::tempdir().expect("a folder for the database"))
    }

    /// Starts the server on the database in a folder.
    pub(crate) fn start_in(dir: tempfile::TempDir) -> Self {
        let mut child = command(&dir)
            .args(["serve", "--address", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let url = listening(child.stdout.take().expect("piped"));
        Server { child, url, dir }
    }

    /// Runs an operation as the bearer of `token`, or as a visitor.
    pub(crate) fn query(&self, token: Option<&str>, query: &str, variables: Value) -> Value {
        let body = post(&self.url, token, query, variables);
        serde_json::from_str(&body).unwrap_or_else(|e| panic!("not JSON ({e}): {body}"))
    }

    /// Runs an operation that must succeed and answers its data.
    pub(crate) fn data(&self, token: Option<&str>, query: &str, variables: Value) -> Value {
        let mut answer = self.query(token, query, variables);
        assert!(answer["errors"].is_null(), "{query}\n{answer:#}");
        answer["data"].take()
    }

    /// Logs a seeded user in and answers the token.
    pub(crate) fn login(&self, email: &str) -> String {
        let query = "mutation($email: String!) { login(email: $email, password: \"correct horse\") { token } }";
        let data = self.data(None, query, json!({"email": email}));
        data["login"]["token"].as_str().expect("a token").to_owned()
    }

    /// Ends the server as a power cut would.
    pub(crate) fn kill(mut self) -> tempfile::TempDir {
        self.child.kill().expect("SIGKILL");
        self.child.wait().expect("it ends");
        let empty = tempfile::tempdir().expect("a folder");
        std::mem::replace(&mut self.dir, empty)
    }

    /// Runs another subcommand on the same database and answers what it prints.
    pub(crate) fn run(&self, args: &[&str]) -> String {
        let output = command(&self.dir)
            .args(args)
            .output()
            .expect("the program runs");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            output.status.success(),
            "{args:?}: {text}\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
        text
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Asks again until the answer is there.
pub(crate) fn eventually<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        if let Some(found) = ask() {
            return found;
        }
        assert!(Instant::now() < deadline, "not within a minute: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn command(dir: &tempfile::TempDir) -> Command {
    let mut command = Command::new(booking());
    command
        .current_dir(dir.path())
        .env(
            "DATABASE_URL",
            format!("sqlite://{}", dir.path().join("booking.db").display()),
        )
        .env(
            "BOOKING_SECRET",
            "a secret for the tests, of a sensible length",
        )
        .env("BOOKING_LOCAL_WEBHOOKS", "1")
        .env_remove("RUST_LOG");
    command
}

/// A receiver of webhooks: answers 204 to every request and keeps the bodies.
pub(crate) struct Receiver {
    /// Where to send.
    pub(crate) url: String,
    bodies: std::sync::mpsc::Receiver<Value>,
}

impl Receiver {
    /// Listens on a free port.
    pub(crate) fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/hook", listener.local_addr().expect("bound"));
        let (send, bodies) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if let Some(body) = receive(stream)
                    && send.send(body).is_err()
                {
                    return;
                }
            }
        });
        Receiver { url, bodies }
    }

    /// The next body.
    ///
    /// # Panics
    /// If none comes within a minute.
    pub(crate) fn next(&self) -> Value {
        self.bodies
            .recv_timeout(Duration::from_secs(60))
            .expect("a webhook within a minute")
    }
}

fn receive(stream: std::net::TcpStream) -> Option<Value> {
    use std::io::{Read, Write};
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        if line.trim_end().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    reader
        .get_mut()
        .write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")
        .ok()?;
    serde_json::from_slice(&body).ok()
}
