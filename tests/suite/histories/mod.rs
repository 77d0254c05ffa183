//! Random histories of whole projects: a schema and a schedule change, a user works on the stubs meanwhile, the generator
//! runs; thousands of times, from seeds.
//!
//! After every run: what it took away belongs to methods that it says it changed; every body of the user's is there once and
//! serves its field, or is reported; every field and job has its method; the lock knows all and nothing else; a second run
//! changes nothing. Some states are compiled, before and after a run: what compiled does so still, or rustc points at what
//! the change is about.
//!
//! ```text
//! GRAPHWRIGHT_SEED=1000 GRAPHWRIGHT_HISTORIES=5000 GRAPHWRIGHT_COMPILED=100 cargo test --release -p graphwright-tests --test suite histories -- --nocapture
//! ```

mod compile;
mod judge;
mod user;
mod world;

use graphwright_codegen::lock::{self, FILE, Lock};
use graphwright_codegen::options::{Choices, Layout};
use graphwright_codegen::pipeline::inspect;
use graphwright_codegen::{Inputs, Options, Output, generate};
use graphwright_tests::random::dice::Dice;
use std::collections::{BTreeMap, BTreeSet};
use user::User;
use world::World;

/// A project with its past.
struct History {
    dice: Dice,
    world: World,
    user: User,
    lock: String,
    options: Options,
    /// Edited methods whose fields are gone, of which nobody has decided yet.
    kept: Vec<String>,
    runs: usize,
    decisions: usize,
}

/// One run, as a judge sees it.
struct Run<'r> {
    before: &'r BTreeMap<String, String>,
    after: &'r BTreeMap<String, String>,
    lock_before: &'r Lock,
    lock_after: &'r Lock,
    output: &'r Output,
    findings: &'r str,
    coordinates: &'r BTreeSet<String>,
    user: &'r User,
    choices: &'r Choices,
}

impl Run<'_> {
    /// Whether the run says that something about a stub is left to its user.
    fn told(&self, coordinate: &str) -> bool {
        let name = format!("`{coordinate}`");
        self.output
            .kept
            .iter()
            .any(|kept| kept.coordinate == coordinate)
            || self
                .findings
                .lines()
                .any(|line| line.contains("error[") && line.contains(&name))
    }
}

impl User {
    /// All marks that the user has left, in bodies and beside them.
    fn marks_in<'t>(&self, texts: &'t BTreeMap<String, String>) -> Vec<&'t str> {
        let begin = |text: &'t str| {
            text.match_indices("mark é ")
                .map(move |(at, _)| &text[at..])
        };
        let marks = texts.values().flat_map(|text| begin(text));
        marks
            .map(|rest| &rest[..=rest.find(';').unwrap()])
            .collect()
    }
}

impl History {
    fn new(seed: u64) -> History {
        let mut dice = Dice::new(seed);
        let world = World::new(&mut dice);
        let lib = "//! A history.\n\ngraphwright::include!();\n\npub mod jobs;\npub mod resolvers;\n\n/// All of it.\npub struct App;\n";
        let mut history = History {
            dice,
            world,
            user: User {
                texts: BTreeMap::from([("src/lib.rs".to_owned(), lib.to_owned())]),
                ..User::default()
            },
            lock: String::new(),
            options: Options::default(),
            kept: Vec::new(),
            runs: 0,
            decisions: 0,
        };
        history
            .run(Choices::default())
            .unwrap_or_else(|why| panic!("seed {seed}: {why}"));
        history
    }

    /// The user edits.
    fn edit(&mut self) {
        for _ in 0..self.dice.below(4) {
            self.user.edit(&mut self.dice);
        }
    }

    /// The schema changes, and the generator runs.
    fn step(&mut self) -> Result<(), String> {
        let mut flags = BTreeMap::new();
        for _ in 0..self.dice.from(1, 3) {
            self.world.change(&mut self.dice, &mut flags);
        }
        let mut choices = Choices {
            renames: flags,
            relayout: self.dice.percent(8),
            ..Choices::default()
        };
        if choices.relayout && self.dice.percent(60) {
            self.options.layout = match self.options.layout {
                Layout::File => Layout::Type,
                Layout::Type => Layout::File,
            };
        }
        if !self.kept.is_empty() && self.dice.percent(40) {
            let one = self.dice.of(&self.kept).clone();
            self.decisions += 1;
            match self.dice.percent(50) {
                true => choices.detach.insert(one),
                false => choices.delete.insert(one),
            };
        }
        let done = self.run(choices);
        self.world.settle();
        done
    }

    fn inputs(&self) -> Inputs {
        let mut inputs = Inputs::default();
        for (name, text) in self.world.sdl() {
            inputs.add_schema(&name, &text);
        }
        inputs.set_jobs("jobs.yaml", &self.world.manifest());
        inputs.rust.clone_from(&self.user.texts);
        inputs.lock.clone_from(&self.lock);
        inputs
    }

    fn run(&mut self, choices: Choices) -> Result<(), String> {
        self.runs += 1;
        self.options.choices = choices.clone();
        let before = self.user.texts.clone();
        let lock_before = lock::parse(&self.lock);
        let inputs = self.inputs();
        let output = inspect(&inputs, &self.options);
        let findings = output.diagnostics.render(&inputs.sources, false);
        // What is said of stubs begins with 07.
        let mut lines = findings.lines().filter(|line| line.contains("error["));
        if lines.any(|line| !line.contains("error[GW07")) {
            return Err(findings);
        }
        for (path, text) in &output.files {
            match path == FILE {
                true => self.lock.clone_from(text),
                false => drop(self.user.texts.insert(path.clone(), text.clone())),
            }
        }
        self.user
            .texts
            .retain(|path, _| !output.deleted.contains(path));
        let coordinates = self.world.coordinates().into_iter().collect();
        judge::judge(&Run {
            before: &before,
            after: &self.user.texts,
            lock_before: &lock_before,
            lock_after: &lock::parse(&self.lock),
            output: &output,
            findings: &findings,
            coordinates: &coordinates,
            user: &self.user,
            choices: &choices,
        })
        .map_err(|why| format!("{why}\n{}", self.tell(&before)))?;
        // What somebody wanted deleted is no loss.
        let is_there = |mark: &String| self.user.texts.values().any(|text| text.contains(&**mark));
        let left: Vec<String> = self
            .user
            .marks
            .iter()
            .filter(|m| is_there(m))
            .cloned()
            .collect();
        self.user.marks = left;
        self.kept = output
            .kept
            .iter()
            .map(|kept| kept.coordinate.clone())
            .collect();
        let again = inspect(&self.inputs(), &self.options);
        match again.files.is_empty() && again.deleted.is_empty() {
            true => Ok(()),
            false => Err(format!("a second run writes {:#?}", again.files)),
        }
    }

    /// The module, as it is now.
    fn generated(&self) -> String {
        generate(&self.inputs(), &self.options).generated.unwrap()
    }

    fn tell(&self, before: &BTreeMap<String, String>) -> String {
        let mut out = self.lock.clone();
        let changed = self
            .user
            .texts
            .iter()
            .filter(|(path, text)| before.get(*path) != Some(text));
        for (path, text) in changed {
            let old = before.get(path).map_or("", String::as_str);
            out += &format!("==== {path} before\n{old}\n==== after\n{text}\n");
        }
        out
    }
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

#[test]
fn projects_lose_nothing() {
    let histories = number("GRAPHWRIGHT_HISTORIES", 12);
    let (mut runs, mut edits, mut decisions) = (0, 0, 0);
    let first = number("GRAPHWRIGHT_SEED", 0);
    for seed in first..first + histories {
        let mut history = History::new(seed);
        for step in 0..8 {
            history.edit();
            if let Err(why) = history.step() {
                panic!("seed {seed}, step {step}: {why}");
            }
        }
        runs += history.runs;
        edits += history.user.edits;
        decisions += history.decisions;
    }
    println!(
        "{histories} histories of projects: {runs} runs, {edits} edits of the user's, {decisions} decisions about what was gone"
    );
    assert!(edits as u64 > histories * 5, "{edits}");
}
