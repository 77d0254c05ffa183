//! The command line of a program, run as a process: its answers, its exit codes, its first start, its end.
#![cfg(all(unix, feature = "app", feature = "testing"))]
#![allow(clippy::unwrap_used, reason = "tests")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, ExitCode, Output, Stdio};
use std::time::{Duration, Instant};

use graphwright::__private::v1 as gw;
use graphwright::jobs::{
    Backoff, JobContext, JobDef, JobResult, JobsDef, Outcome, Overlap, QueueDef, RetryDef,
    ScheduleDef, Timing,
};
use graphwright::{AppDef, Application, Context, NoAuth, Result};
use gw::schema::{FieldDef, LEAF, SchemaDef, Shape, Source, TypeDef};
use serde_json::Value;

// ---------- the program ----------

static SCHEMA: SchemaDef = SchemaDef {
    sdl: "type Query {\n  up: Boolean!\n}\n",
    types: &[TypeDef {
        name: "Query",
        shape: Shape::Object,
        fields: &[FieldDef {
            name: "up",
            source: Source::Member,
            ty: LEAF,
            non_null: true,
            access: None,
        }],
    }],
    query: 0,
    mutation: None,
    subscription: None,
};

const fn job(
    name: &'static str,
    args: &'static [(&'static str, &'static str)],
    schedules: &'static [ScheduleDef],
) -> JobDef {
    JobDef {
        name,
        description: "",
        enabled: true,
        args,
        schedules,
        queue: "default",
        timeout: Duration::from_secs(10),
        retry: RetryDef {
            max_attempts: 1,
            backoff: Backoff::Fixed,
            base: Duration::from_secs(1),
            max: Duration::from_secs(1),
            jitter: 0.0,
        },
        overlap: Overlap::Skip,
    }
}

static JOBS: JobsDef = JobsDef {
    queues: &[QueueDef {
        name: "default",
        concurrency: 2,
        poll: Duration::from_millis(100),
        paused: false,
    }],
    jobs: &[
        job("greet", &[("name", "String!"), ("times", "Int")], &[]),
        job(
            "nightly",
            &[],
            &[ScheduleDef {
                id: "nightly",
                timing: Timing::Cron("30 2 * * *"),
                timezone: "Europe/Berlin",
                args: "{}",
            }],
        ),
        job("slow", &[], &[]),
    ],
};

static DEF: AppDef = AppDef::new(&SCHEMA).jobs(&JOBS);

struct App;

#[derive(Default)]
struct Query;

impl gw::Object<App> for Query {
    fn write_field(
        &self,
        _: &gw::State<'_, App>,
        _: &gw::Field,
        _: usize,
        out: &mut gw::Out,
    ) -> gw::Written {
        gw::leaf(&true, out)
    }
}

impl Application for App {
    type Auth = NoAuth;
    type Slot<'r> = ();
    type Query = Query;
    type Mutation = gw::Nothing;
    type Subscription = gw::Nothing;

    fn definition(&self) -> &'static AppDef {
        &DEF
    }

    async fn authenticate(&self, _: &graphwright::Parts) -> Result<Option<NoAuth>> {
        Ok(None)
    }

    fn run_job<'a>(
        &'a self,
        name: &'a str,
        cx: &'a JobContext,
        args: Value,
    ) -> gw::BoxFuture<'a, JobResult> {
        Box::pin(async move {
            match (name, args["name"].as_str()) {
                ("greet", Some("nobody")) => Ok(Outcome::Discard("there is nobody".to_owned())),
                ("greet", Some(name)) => {
                    cx.log(format_args!("hello {name}"));
                    Ok(Outcome::Done)
                }
                ("slow", _) => {
                    cx.log("begun");
                    tokio::time::sleep(Duration::from_millis(700)).await;
                    cx.log("ended");
                    Ok(Outcome::Done)
                }
                _ => Ok(Outcome::Done),
            }
        })
    }
}

async fn seed(_: &App, cx: &Context<NoAuth>) -> Result<()> {
    let mut tx = cx.tx().await?;
    sqlx::query("CREATE TABLE IF NOT EXISTS seeded (n INTEGER)")
        .execute(&mut *tx)
        .await?;
    sqlx::query("INSERT INTO seeded VALUES (1)")
        .execute(&mut *tx)
        .await?;
    Ok(())
}

const VARIABLE: &str = "GRAPHWRIGHT_TEST_ARGS";

/// The program itself, when a test below starts it. As a test of its own it only shows that nobody did.
#[test]
fn program() {
    let Ok(args) = std::env::var(VARIABLE) else {
        return;
    };
    let args = args.split('\u{1f}').map(Into::into);
    let code = graphwright::app(App)
        .seed(seed)
        .routes(|router| router.route("/own", axum::routing::get(|| async { "mine" })))
        .welcome("{ up }")
        .run_with(args);
    std::process::exit(if code == ExitCode::SUCCESS { 0 } else { 1 });
}

// ---------- starting it ----------

/// A folder of its own, gone with the bench.
struct Bench {
    folder: PathBuf,
}

impl Bench {
    fn new() -> Self {
        let folder =
            std::env::temp_dir().join(format!("graphwright-app-{}", uuid::Uuid::new_v4().simple()));
        std::fs::create_dir_all(&folder).unwrap();
        Self { folder }
    }

    fn command(&self, line: &[&str]) -> Command {
        let args: Vec<&str> = ["app"].iter().chain(line).copied().collect();
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["--exact", "program", "--nocapture", "--quiet"])
            .env(VARIABLE, args.join("\u{1f}"))
            .env(
                "DATABASE_URL",
                format!("sqlite:{}", self.folder.join("app.db").display()),
            )
            .env_remove("RUST_LOG")
            .env_remove("ADDRESS")
            .current_dir(&self.folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn run(&self, line: &[&str]) -> Answer {
        Answer::of(self.command(line).output().unwrap())
    }

    fn json(&self, line: &[&str]) -> Value {
        let answer = self.run(line);
        assert!(answer.well, "{}", answer.err);
        serde_json::from_str(&answer.out).unwrap()
    }

    /// Serves on a free port; its address.
    fn serve(&self, line: &[&str]) -> (Served, String) {
        let line: Vec<&str> = ["serve", "--address", "127.0.0.1:0"]
            .iter()
            .chain(line)
            .copied()
            .collect();
        let mut child = self.command(&line).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut greeting = String::new();
        while !greeting.contains("Try:") {
            let read = out.read_line(&mut greeting).unwrap();
            assert!(read > 0, "it ended: {greeting}");
        }
        let address = greeting
            .split("http://")
            .nth(1)
            .unwrap()
            .split('/')
            .next()
            .unwrap()
            .to_owned();
        (Served { child, greeting }, address)
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

struct Answer {
    well: bool,
    out: String,
    err: String,
}

impl Answer {
    fn of(output: Output) -> Self {
        let out = String::from_utf8(output.stdout).unwrap();
        // The test harness announces its one test.
        let out = out
            .trim_start()
            .strip_prefix("running 1 test\n")
            .map(str::to_owned)
            .unwrap_or(out);
        Self {
            well: output.status.success(),
            out,
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

struct Served {
    child: Child,
    greeting: String,
}

impl Served {
    /// SIGTERM; what it logged.
    fn terminate(mut self) -> String {
        let pid = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &pid])
                .status()
                .unwrap()
                .success()
        );
        let deadline = Instant::now() + Duration::from_secs(60);
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(Instant::now() < deadline, "it did not end");
            std::thread::sleep(Duration::from_millis(10));
        };
        let mut log = String::new();
        self.child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut log)
            .unwrap();
        assert!(status.success(), "{log}");
        log
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn get(address: &str, path: &str, body: Option<&str>) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let head = match body {
        None => format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
        Some(body) => format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ),
    };
    stream.write_all(head.as_bytes()).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

// ---------- the tests ----------

#[test]
fn it_serves_seeds_once_and_ends_when_told() {
    let bench = Bench::new();
    let (served, address) = bench.serve(&[]);
    assert!(
        served.greeting.contains("GraphiQL   http://127.0.0.1:"),
        "{}",
        served.greeting
    );
    assert!(
        served.greeting.contains("seeded the new database"),
        "{}",
        served.greeting
    );
    assert!(
        served.greeting.contains("3 jobs, next nightly in "),
        "{}",
        served.greeting
    );
    assert!(
        !served.greeting.contains('\x1b'),
        "colours without a terminal"
    );
    assert!(
        get(&address, "/graphql", Some(r#"{"query":"{ up }"}"#))
            .contains(r#"{"data":{"up":true}}"#)
    );
    assert!(get(&address, "/health", None).starts_with("HTTP/1.1 200"));
    assert!(get(&address, "/own", None).ends_with("mine"));
    served.terminate();
    let (served, _) = bench.serve(&["--no-jobs"]);
    assert!(!served.greeting.contains("seeded"), "{}", served.greeting);
    assert!(
        served.greeting.contains("not in this process"),
        "{}",
        served.greeting
    );
    served.terminate();
}

#[test]
fn a_seed_that_was_left_out_comes_with_the_next_start() {
    let bench = Bench::new();
    let (served, _) = bench.serve(&["--no-seed"]);
    assert!(!served.greeting.contains("seeded"));
    served.terminate();
    let (served, _) = bench.serve(&[]);
    assert!(served.greeting.contains("seeded"));
    served.terminate();
    assert!(bench.run(&["migrate"]).out.contains("up to date"));
}

#[test]
fn a_port_in_use_is_explained() {
    let bench = Bench::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let answer = bench.run(&["--address", &address]);
    assert!(!answer.well);
    assert!(
        answer.err.contains(&format!("cannot listen on {address}")),
        "{}",
        answer.err
    );
    assert!(
        answer.err.contains("--address 127.0.0.1:"),
        "{}",
        answer.err
    );
    assert!(
        !bench.folder.join("app.db").exists(),
        "a start in vain touched the database"
    );
}

#[test]
fn a_bad_database_is_explained() {
    let bench = Bench::new();
    std::fs::write(
        bench.folder.join("text.db"),
        "this is a text, and long enough to be taken for a header of a file",
    )
    .unwrap();
    for url in [
        "postgres://localhost/x",
        "sqlite:text.db",
        "sqlite:/proc/nowhere/x.db",
    ] {
        let answer = bench.run(&["migrate", "--database", url]);
        assert!(
            !answer.well
                && answer
                    .err
                    .contains(&format!("cannot open the database `{url}`")),
            "{url}: {}",
            answer.err
        );
        assert!(answer.err.contains("help: "), "{}", answer.err);
    }
}

#[test]
fn jobs_are_listed_run_and_remembered() {
    let bench = Bench::new();
    let list = bench.run(&["jobs", "list"]);
    assert!(
        list.out
            .starts_with("JOB      SCHEDULE                  NEXT"),
        "{}",
        list.out
    );
    assert!(
        list.out.contains("30 2 * * * Europe/Berlin"),
        "{}",
        list.out
    );
    let next = bench.json(&["jobs", "next", "-n", "3", "--json"]);
    assert_eq!(
        (next.as_array().unwrap().len(), &next[0]["job"]),
        (3, &Value::from("nightly"))
    );
    assert!(bench.run(&["jobs", "next"]).out.contains("02:30:00 CE"));
    assert!(bench.run(&["jobs", "history"]).out.contains("no runs yet"));

    let ran = bench.run(&[
        "jobs",
        "run",
        "greet",
        "--args",
        r#"{"name":"Ada"}"#,
        "--inline",
    ]);
    assert!(
        ran.well && ran.out.contains("hello Ada\njob 1 (greet) completed"),
        "{}{}",
        ran.out,
        ran.err
    );
    let failed = bench.run(&[
        "jobs",
        "run",
        "greet",
        "--args",
        r#"{"name":"nobody"}"#,
        "--inline",
    ]);
    assert!(
        !failed.well && failed.out.contains("discarded: there is nobody"),
        "{}",
        failed.out
    );
    let history = bench.json(&["jobs", "history", "greet", "--json"]);
    assert_eq!(
        (&history[1]["state"], &history[0]["error"]),
        (&"completed".into(), &"there is nobody".into())
    );
    let logs = bench.run(&["jobs", "history", "--logs"]);
    assert!(logs.out.contains("hello Ada"), "{}", logs.out);
}

#[test]
fn a_job_that_cannot_be_run_is_explained() {
    let bench = Bench::new();
    let check = |line: &[&str], expect: &[&str]| {
        let answer = bench.run(line);
        assert!(!answer.well, "{line:?}");
        for expect in expect {
            assert!(answer.err.contains(expect), "{line:?}: {}", answer.err);
        }
    };
    check(
        &["jobs", "run", "greed"],
        &["there is no job `greed`", "greet, nightly, slow"],
    );
    check(
        &["jobs", "run", "greet", "--args", r#"{"nam":1}"#],
        &["unknown argument `nam`", "name: String!, times: Int"],
    );
    check(&["jobs", "run", "greet", "--args", "{"], &["--args: EOF"]);
    check(
        &["jobs", "run", "greet", "--args", "[]"],
        &["this is no JSON object"],
    );
    check(
        &["jobs", "run", "nightly", "--args", r#"{"x":1}"#],
        &["unknown argument `x`", "takes no arguments"],
    );
    check(&["jobs", "history", "greed"], &["there is no job"]);
}

#[test]
fn a_worker_runs_what_others_wait_for_and_drains_at_the_end() {
    let bench = Bench::new();
    assert!(bench.run(&["migrate"]).well);
    let worker = Served {
        child: bench.command(&["worker"]).spawn().unwrap(),
        greeting: String::new(),
    };
    let ran = bench.run(&[
        "jobs",
        "run",
        "greet",
        "--args",
        r#"{"name":"Ada"}"#,
        "--wait",
    ]);
    assert!(
        ran.well && ran.out.contains("(greet) completed"),
        "{}{}",
        ran.out,
        ran.err
    );
    assert!(
        bench
            .run(&["jobs", "run", "slow"])
            .out
            .contains("is enqueued")
    );
    let deadline = Instant::now() + Duration::from_secs(60);
    while bench
        .json(&["jobs", "history", "slow", "--json"])
        .as_array()
        .unwrap()
        .is_empty()
    {
        assert!(Instant::now() < deadline);
    }
    worker.terminate();
    let history = bench.json(&["jobs", "history", "slow", "--json"]);
    assert_eq!(history[0]["state"], "completed");
    assert!(history[0]["log"].as_str().unwrap().ends_with("ended\n"));
}

#[test]
fn the_schema_is_printed() {
    let bench = Bench::new();
    let sdl = bench.run(&["schema"]);
    assert!(
        sdl.well && sdl.out.contains("type Query {\n  up: Boolean!\n}"),
        "{}",
        sdl.out
    );
    let json = bench.json(&["schema", "--json"]);
    assert_eq!(json["data"]["__schema"]["queryType"]["name"], "Query");
    assert!(!bench.folder.join("app.db").exists());
}

#[test]
fn help_teaches() {
    let bench = Bench::new();
    let help = bench.run(&["--help"]);
    for expect in [
        "serve",
        "worker",
        "migrate",
        "jobs",
        "schema",
        "--database <URL>",
        "DATABASE_URL",
        "--address",
    ] {
        assert!(help.out.contains(expect), "{expect}: {}", help.out);
    }
    assert!(help.well);
    assert!(
        bench
            .run(&["jobs", "run", "--help"])
            .out
            .contains("Examples:")
    );
    let wrong = bench.run(&["serf"]);
    assert!(!wrong.well && wrong.err.contains("serve"), "{}", wrong.err);
}
