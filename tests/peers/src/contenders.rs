//! Who is measured, with what.
//!
//! In: the contenders' servers, the workloads. Out: rows of the table. Must not know: how it is printed.

use std::cell::Cell;
use std::hint::black_box;

use data::Workload;
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::floors;
use crate::measure::Figures;
use crate::options::Options;

/// All other libraries.
pub const PEERS: &[Kind] = &[Kind::Peer, Kind::AtOnce];

/// What a contender is in the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// graphwright, everything on that a user has by default.
    Ours,
    /// graphwright with something changed, to see what it costs.
    Variant,
    /// Another library.
    Peer,
    /// Another library without futures: its resolvers cannot wait for anything.
    AtOnce,
    /// serde_json over structs that are ready.
    Serde,
    /// Bytes written by hand for that one query.
    Hand,
}

/// One contender.
pub struct Contender {
    pub name: &'static str,
    pub kind: Kind,
    /// Whether it can answer the workload.
    pub takes: fn(&Asked) -> bool,
    #[expect(clippy::type_complexity)]
    run: Box<dyn Fn(&Asked, u64) -> Vec<u8>>,
}

/// A workload, cold or warm.
pub struct Asked {
    pub workload: Workload,
    /// A text that nobody has seen before, each time.
    pub cold: bool,
    fresh: Cell<u64>,
}

impl Asked {
    /// The text to ask next; `buffer` holds it when it is cold.
    fn text<'a>(&'a self, buffer: &'a mut String) -> &'a str {
        if !self.cold {
            return &self.workload.text;
        }
        let number = self.fresh.get();
        self.fresh.set(number + 1);
        buffer.clear();
        buffer.push('#');
        buffer.push_str(itoa::Buffer::new().format(number));
        buffer.push('\n');
        buffer.push_str(&self.workload.text);
        buffer
    }
}

/// A line of the table.
pub struct Row {
    pub workload: String,
    pub contender: &'static str,
    pub kind: Kind,
    /// Nanoseconds of CPU for one answer.
    pub nanos: f64,
    pub allocations: u64,
    pub bytes: u64,
    pub size: usize,
    pub leaves: usize,
}

/// The workloads that the options let through.
pub fn asked(options: &Options) -> Vec<Asked> {
    let ask = |workload, cold| Asked {
        workload,
        cold,
        fresh: Cell::new(1 << 32),
    };
    let warm = data::workloads().into_iter().map(|w| ask(w, false));
    let cold = data::workloads().into_iter().filter(|w| w.cold);
    warm.chain(cold.map(|w| ask(w, true)))
        .filter(|asked| title(asked).contains(&options.filter))
        .collect()
}

/// The workload's name in the table.
pub fn title(asked: &Asked) -> String {
    let temperature = if asked.cold { ", cold" } else { "" };
    format!("{}{temperature}", asked.workload.name)
}

/// Everybody.
pub fn all() -> Vec<Contender> {
    let any = |_: &Asked| true;
    let mut all = vec![
        served(
            ours::NAME,
            Kind::Ours,
            any,
            ours::Server::new(),
            async |server, text, variables| server.answer(text, variables).await,
        ),
        served(
            "graphwright, no limits",
            Kind::Variant,
            |asked| asked.cold || matches!(asked.workload.name, "W1" | "W2" | "W5"),
            ours::Server::unlimited(),
            async |server, text, variables| server.answer(text, variables).await,
        ),
        served(
            async_graphql_7::NAME,
            Kind::Peer,
            any,
            async_graphql_7::Server::new(),
            async |server, text, variables| server.answer(text, variables).await,
        ),
        served(
            async_graphql_8::NAME,
            Kind::Peer,
            any,
            async_graphql_8::Server::new(),
            async |server, text, variables| server.answer(text, variables).await,
        ),
        served(
            juniper_peer::NAME,
            Kind::Peer,
            |asked| !asked.workload.text.contains("Loaded"),
            juniper_peer::Server::new(),
            async |server, text, variables| server.answer(text, variables).await,
        ),
        at_once(juniper_peer::Server::new()),
    ];
    all.extend(floors::all().into_iter().map(|floor| Contender {
        name: floor.name,
        kind: floor.kind,
        takes: floor.takes,
        run: Box::new(move |asked, times| {
            let mut last = Vec::new();
            for _ in 0..times {
                last = black_box((floor.write)(asked.workload.name));
            }
            last
        }),
    }));
    all
}

/// A contender with futures. The runtime is entered once for a sample, not once for an answer.
fn served<S: 'static>(
    name: &'static str,
    kind: Kind,
    takes: fn(&Asked) -> bool,
    server: S,
    answer: impl AsyncFn(&S, &str, &Value) -> Vec<u8> + 'static,
) -> Contender {
    let runtime = runtime();
    let run = move |asked: &Asked, times| {
        runtime.block_on(async {
            let (mut last, mut buffer) = (Vec::new(), String::new());
            for _ in 0..times {
                let text = asked.text(&mut buffer);
                last = black_box(answer(&server, text, &asked.workload.variables).await);
            }
            last
        })
    };
    Contender {
        name,
        kind,
        takes,
        run: Box::new(run),
    }
}

/// juniper's executor without futures, which cannot take the workloads with asynchronous resolvers.
fn at_once(server: juniper_peer::Server) -> Contender {
    Contender {
        name: "juniper 0.18.0, sync",
        kind: Kind::AtOnce,
        takes: |asked| !asked.workload.name.starts_with("W2"),
        run: Box::new(move |asked, times| {
            let (mut last, mut buffer) = (Vec::new(), String::new());
            for _ in 0..times {
                let text = asked.text(&mut buffer);
                last = black_box(server.answer_at_once(text, &asked.workload.variables));
            }
            last
        }),
    }
}

/// One thread, with a clock.
pub fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

/// Whether all answer the same, byte for byte; else who does not.
pub fn compare(contenders: &[Contender], asked: &[Asked]) -> Result<(), String> {
    for asked in asked {
        let mut first: Option<(&str, Vec<u8>)> = None;
        for contender in contenders.iter().filter(|c| (c.takes)(asked)) {
            let answer = (contender.run)(asked, 1);
            let text = String::from_utf8_lossy(&answer);
            if answer.is_empty() || text.contains("\"errors\"") {
                return Err(format!("{}: {}: {text}", title(asked), contender.name));
            }
            let (name, expected) = first.get_or_insert((contender.name, answer.clone()));
            if *expected != answer {
                let at = expected.iter().zip(&answer).take_while(|(a, b)| a == b);
                let from = at.count().saturating_sub(60);
                let part = |bytes: &[u8]| {
                    let end = bytes.len().min(from + 160);
                    String::from_utf8_lossy(&bytes[from.min(end)..end]).into_owned()
                };
                return Err(format!(
                    "{}: {name} and {} answer differently, from byte {from}:\n{}\n{}",
                    title(asked),
                    contender.name,
                    part(expected),
                    part(&answer)
                ));
            }
        }
    }
    Ok(())
}

/// Interleaved rounds: each contender one sample a round.
pub fn measure(contenders: &[Contender], asked: &[Asked], options: &Options) -> Vec<Row> {
    let (rounds, sample) = if options.quick { (7, 2e6) } else { (31, 5e6) };
    let mut rows = Vec::new();
    for asked in asked {
        eprintln!("measuring {}", title(asked));
        let takers: Vec<_> = contenders.iter().filter(|c| (c.takes)(asked)).collect();
        let mut figures: Vec<_> = takers
            .iter()
            .map(|contender| Figures::new(&|times| (contender.run)(asked, times), sample))
            .collect();
        for _ in 0..rounds {
            for (contender, figures) in takers.iter().zip(&mut figures) {
                figures.sample(&|times| (contender.run)(asked, times));
            }
        }
        rows.extend(takers.iter().zip(figures).map(|(contender, figures)| Row {
            workload: title(asked),
            contender: contender.name,
            kind: contender.kind,
            nanos: figures.median(),
            allocations: figures.allocations,
            bytes: figures.bytes,
            size: figures.size,
            leaves: asked.workload.leaves,
        }));
    }
    rows
}
