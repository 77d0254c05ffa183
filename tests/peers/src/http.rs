//! HTTP: the same axum for all contenders, load from another process, CPU time of the server's process.
//!
//! In: contenders' servers. Out: a table, and goals. Must not know: how they answer.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitCode, Stdio};
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::routing::post;
use serde_json::json;

use crate::goals;
use crate::measure::process_cpu;
use crate::options::Options;

/// How many connections are open at the same time; each has one request under way.
const CONNECTIONS: usize = 4;

/// Asks each contender for each workload, in turns.
pub fn run(options: &Options) -> ExitCode {
    let workloads: Vec<_> = data::workloads()
        .into_iter()
        .filter(|w| matches!(w.name, "W1" | "W2" | "W3") && w.name.contains(&options.filter))
        .collect();
    let address = serve(&workloads);
    let Ok(mut load) = Load::start(address) else {
        eprintln!("the load's process does not start");
        return ExitCode::FAILURE;
    };
    let rounds = if options.quick { 5 } else { 15 };
    let (mut rows, mut text) = (Vec::new(), String::new());
    for workload in &workloads {
        let body = json!({ "query": workload.text, "variables": {} }).to_string();
        let requests = match workload.name {
            "W1" if !options.quick => 4000,
            "W1" => 1000,
            _ if !options.quick => 200,
            _ => 40,
        };
        let paths = [
            "/graphql",
            "/ag7",
            "/ag8",
            "/juniper",
            &format!("/ready/{}", workload.name),
        ]
        .map(str::to_owned);
        let mut samples: HashMap<&str, Vec<f64>> = HashMap::new();
        for round in 0..=rounds {
            for path in &paths {
                let before = process_cpu();
                load.ask(path, requests, &body);
                let each = (process_cpu() - before) / requests as f64;
                // The first round warms up.
                if round > 0 {
                    samples.entry(path).or_default().push(each);
                }
            }
        }
        let median = |path: &str| {
            let mut found = samples[path].clone();
            found.sort_by(f64::total_cmp);
            found[found.len() / 2]
        };
        let (ours, ready) = (median(&paths[0]), median(&paths[4]));
        let peer = paths[1..4]
            .iter()
            .map(|path| median(path))
            .fold(f64::MAX, f64::min);
        for path in &paths {
            println!(
                "{:<4} {path:<16} {:>10.2} us of the server's CPU",
                workload.name,
                median(path) / 1e3
            );
            rows.push(json!({ "workload": workload.name, "path": path, "nanos": median(path) }));
        }
        let wanted = if workload.name == "W1" { 2.0 } else { 12.0 };
        let faster = peer / ours;
        goals::line(
            &mut text,
            faster >= wanted,
            &format!("{} over HTTP: times the fastest peer", workload.name),
            &format!("{faster:.2} (wanted >= {wanted})"),
        );
        if workload.name == "W1" {
            let more = (ours / ready - 1.0) * 100.0;
            let figure = format!("{more:.1} % (wanted <= 10 %)");
            goals::line(
                &mut text,
                more <= 10.0,
                "W1 over HTTP: more than axum with ready bytes",
                &figure,
            );
        }
    }
    if options.json {
        println!("{}", serde_json::Value::Array(rows));
    } else {
        println!("\n{text}");
    }
    ExitCode::SUCCESS
}

/// Serves everybody on one port, by one thread of its own.
fn serve(workloads: &[data::Workload]) -> SocketAddr {
    let ready: HashMap<String, Vec<u8>> = {
        let (server, runtime) = (ours::Server::new(), crate::contenders::runtime());
        let answer = |w: &data::Workload| runtime.block_on(server.answer(&w.text, &w.variables));
        workloads
            .iter()
            .map(|w| (w.name.to_owned(), answer(w)))
            .collect()
    };
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        crate::contenders::runtime().block_on(async move {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
                .await
                .expect("a port");
            let _ = sender.send(listener.local_addr().expect("an address"));
            axum::serve(listener, router(ready)).await.expect("served");
        });
    });
    receiver.recv().expect("an address")
}

fn router(ready: HashMap<String, Vec<u8>>) -> Router {
    let json = |body: Vec<u8>| ([(CONTENT_TYPE, "application/json")], body);
    let ag7 = Arc::new(async_graphql_7::Server::new());
    let ag8 = Arc::new(async_graphql_8::Server::new());
    let juniper = Arc::new(juniper_peer::Server::new());
    let options = graphwright::http::Options::default();
    let mut router = Router::new()
        .merge(graphwright::http::router(
            ours::Server::new().server(),
            options,
        ))
        .route(
            "/ag7",
            post(async move |body: Bytes| json(ag7.body(&body).await)),
        )
        .route(
            "/ag8",
            post(async move |body: Bytes| json(ag8.body(&body).await)),
        )
        .route(
            "/juniper",
            post(async move |body: Bytes| json(juniper.body(&body).await)),
        );
    for (name, bytes) in ready {
        // The body is read, as everybody must, and let be.
        let handler = post(async move |_: Bytes| json(bytes.clone()));
        router = router.route(&format!("/ready/{name}"), handler);
    }
    router
}

/// The process that asks.
struct Load {
    process: Child,
    commands: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Load {
    fn start(address: SocketAddr) -> std::io::Result<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .arg("client")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut commands = process.stdin.take().ok_or(std::io::ErrorKind::BrokenPipe)?;
        let answers = process
            .stdout
            .take()
            .ok_or(std::io::ErrorKind::BrokenPipe)?;
        writeln!(commands, "{address}")?;
        Ok(Load {
            process,
            commands,
            answers: BufReader::new(answers),
        })
    }

    fn ask(&mut self, path: &str, requests: usize, body: &str) {
        writeln!(self.commands, "{path} {requests} {body}").expect("the load's process");
        let mut line = String::new();
        self.answers
            .read_line(&mut line)
            .expect("the load's process");
        assert_eq!(line.trim(), "done");
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The load: reads the address and then `path requests body` from its input, keeps its connections.
pub fn client() -> ExitCode {
    let mut lines = std::io::stdin().lines().map_while(Result::ok);
    let Some(address) = lines.next() else {
        return ExitCode::FAILURE;
    };
    let mut connections: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let stream = TcpStream::connect(&*address).expect("a connection");
            stream.set_nodelay(true).expect("a connection");
            stream
        })
        .collect();
    for line in lines {
        let mut words = line.splitn(3, ' ');
        let mut word = || words.next().expect("path, requests, body");
        let (path, requests, body) = (word(), word().parse().expect("a number"), word());
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
             accept: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        ask(&mut connections, request.as_bytes(), requests);
        println!("done");
    }
    ExitCode::SUCCESS
}

fn ask(connections: &mut [TcpStream], request: &[u8], requests: usize) {
    let mut buffer = vec![0; 1 << 20];
    for _ in 0..requests / connections.len() {
        for connection in connections.iter_mut() {
            connection.write_all(request).expect("the server");
        }
        for connection in connections.iter_mut() {
            answer(connection, &mut buffer);
        }
    }
}

/// Reads one response, which must be a 200 with a length.
fn answer(connection: &mut TcpStream, buffer: &mut [u8]) {
    let (mut have, mut need) = (0, usize::MAX);
    while have < need {
        let read = connection.read(&mut buffer[have..]).expect("the server");
        assert!(read > 0, "the server hung up");
        have += read;
        if need == usize::MAX
            && let Some(at) = buffer[..have]
                .windows(4)
                .position(|four| four == b"\r\n\r\n")
        {
            let head = String::from_utf8_lossy(&buffer[..at]).to_ascii_lowercase();
            assert!(head.starts_with("http/1.1 200"), "{head}");
            let length = head.split("content-length: ").nth(1).expect("a length");
            let digits = length.split("\r\n").next().unwrap_or_default();
            need = at + 4 + digits.parse::<usize>().expect("a length");
        }
    }
}
