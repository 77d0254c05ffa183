//! Incremental delivery: the first response of an operation, then what it deferred.
//!
//! In: a plan with deferred parts. Out: a stream of payloads. Must not know: transports.
//!
//! The format is that of the specification's proposal since 2023, which graphql-js 17 and Apollo Client speak: `pending`
//! announces what will come, `incremental` brings it, `completed` says that nothing more comes
//! (<https://github.com/graphql/graphql-spec/pull/1110>). A field that is asked for both at once and later comes at once;
//! what two fragments defer comes once. A fragment is delivered as a whole: if a null goes all the way up in it, it is
//! completed with the errors, and nothing of it is sent. The items of a list with `@stream` come together; if one of them
//! must not be null and is, those before it are sent.

use std::collections::HashMap;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::Instant;

use crate::Error;
use crate::application::Application;
use crate::context::Context;
use crate::engine::execute::{Engine, Ready, too_large, took_too_long};
use crate::engine::level::{visit_in_turn, visit_object};
use crate::engine::limits::Limits;
use crate::engine::lookahead::Asked;
use crate::engine::object::{BoxFuture, Object};
use crate::engine::out::{Found, Out, Raised};
use crate::engine::plan::{Plan, RootKind};
use crate::engine::prepared::Prepared;
use crate::engine::response::{Planned, Response, errors, sub_path, write_path};
use crate::engine::responses::Sender;
use crate::engine::state::State;
use crate::engine::work::{Part, Work};
use crate::engine::writer::write_object;
use crate::error::Code;

/// Executes a query or a mutation with deferred parts, and sends its payloads.
pub(crate) async fn run<A: Application>(
    engine: Arc<Engine<A>>,
    app: Arc<A>,
    mut cx: Context<A::Auth>,
    ready: Ready,
    sender: Sender,
) {
    let Ready { plan, values, made } = ready;
    let (cx, asked) = cx.ask(Asked::new(plan, &values));
    let plan = &*asked.plan;
    let prepared = Prepared::new(asked, &values, made.as_deref(), cx);
    if let Err(response) = engine.affordable(&prepared, cx) {
        return sender.last(response).await;
    }
    cx.limit_rows(engine.limits().rows);
    let work = Work::new(plan, engine.limits().response);
    let st = State::new(&*app, cx, &prepared).deferring(&work);
    let started = Instant::now();
    let mut delivery = Delivery::new(plan, &work, cx.request_id());
    match plan.kind {
        RootKind::Mutation => {
            let root = A::Mutation::default();
            let parents = [&root];
            let visit = Box::pin(visit_in_turn(&st, &plan.root, &parents));
            delivery
                .run(&st, &root, visit, engine.limits(), &sender)
                .await;
        }
        _ => {
            let root = A::Query::default();
            let parents = [&root];
            let visit = Box::pin(visit_object(&st, &plan.root, &parents));
            delivery
                .run(&st, &root, visit, engine.limits(), &sender)
                .await;
        }
    }
    tracing::info!(
        target: "graphwright::operation",
        request_id = cx.request_id(),
        operation = plan.name.as_deref().unwrap_or_default(),
        payloads = delivery.payloads,
        micros = started.elapsed().as_micros() as u64,
        "an incremental delivery ended",
    );
}

/// One fragment with `@defer`, at one object; or one list with `@stream`.
#[derive(Debug)]
struct Fragment {
    /// Number of the `@defer` or the `@stream` in the plan.
    usage: u16,
    path: Vec<u32>,
    /// Announced with this id.
    id: Option<usize>,
    /// How many of its records are not there yet.
    open: usize,
    records: Vec<usize>,
    /// The fragment around it, if that has something of its own to deliver.
    parent: Option<usize>,
    state: Fate,
    /// Whether the client knows that nothing more comes of it.
    told: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Fate {
    Open,
    Delivered,
    Failed,
}

/// What one group says of one object or list.
#[derive(Debug)]
struct Record {
    group: u16,
    /// Index of the object in its level.
    index: usize,
    path: Vec<u32>,
    /// The fragments that it belongs to.
    fragments: Vec<usize>,
    /// All fragments around it: what is below it may belong to them.
    scope: Vec<(u16, usize)>,
    part: Option<Part>,
    done: bool,
}

struct Delivery<'p> {
    plan: &'p Plan,
    work: &'p Work,
    request_id: &'p str,
    fragments: Vec<Fragment>,
    known: HashMap<(u16, Vec<u32>), usize>,
    records: Vec<Record>,
    announced: usize,
    payloads: usize,
}

/// What a payload says.
#[derive(Default)]
struct Payload {
    pending: Vec<usize>,
    incremental: Vec<(usize, usize)>,
    completed: Vec<usize>,
}

impl<'p> Delivery<'p> {
    fn new(plan: &'p Plan, work: &'p Work, request_id: &'p str) -> Self {
        Delivery {
            plan,
            work,
            request_id,
            fragments: Vec::new(),
            known: HashMap::new(),
            records: Vec::new(),
            announced: 0,
            payloads: 0,
        }
    }

    async fn run<A: Application, T: Object<A>>(
        &mut self,
        st: &State<'_, A>,
        root: &T,
        mut visit: BoxFuture<'_, ()>,
        limits: &Limits,
        sender: &Sender,
    ) {
        let deadline = tokio::time::Instant::now() + limits.timeout;
        let mut ended = false;
        let first = poll_fn(|task| {
            ended = ended || visit.as_mut().poll(task).is_ready();
            match ended || self.work.first_is_through() {
                true => Poll::Ready(()),
                false => Poll::Pending,
            }
        });
        let timed_out = tokio::time::timeout_at(deadline, first).await.is_err();
        if timed_out {
            self.payloads += 1;
            sender.last(took_too_long(self.request_id)).await;
            return;
        }
        let response = self.first(st, root, limits);
        self.payloads += 1;
        if !self.has_next() {
            sender.last(response).await;
            return;
        }
        sender.send(response).await;
        while self.has_next() {
            self.open();
            let arrived = poll_fn(|task| {
                ended = ended || visit.as_mut().poll(task).is_ready();
                match self.arrive() || ended {
                    true => Poll::Ready(()),
                    false => Poll::Pending,
                }
            });
            let in_time = tokio::time::timeout_at(deadline, arrived).await.is_ok();
            let mut payload = Payload::default();
            if in_time {
                self.settle(&mut payload);
            }
            if !in_time || ended && self.has_next() && payload.is_empty() {
                self.give_up(in_time, &mut payload);
            }
            if !payload.is_empty() {
                self.payloads += 1;
                sender.send(self.write(&payload)).await;
            }
        }
    }

    /// The first response; what it defers is registered.
    fn first<A: Application, T: Object<A>>(
        &mut self,
        st: &State<'_, A>,
        root: &T,
        limits: &Limits,
    ) -> Response {
        let mut out = Out::with_capacity(1024).limited(limits.response);
        out.raw(b"{\"data\":");
        let mark = out.mark();
        let written = write_object(st, &self.plan.root, root, 0, &mut out);
        let full = out.is_full();
        let mut found = out.take_found();
        if full || written.is_err() {
            out.rescue(mark);
            found.clear();
        }
        let mut raised = out.take_errors();
        if full {
            raised = vec![Raised {
                path: Vec::new(),
                error: too_large(limits.response),
            }];
        }
        errors(&mut out, self.planned(), &raised, self.request_id);
        self.register(found, None);
        let pending = self.announce();
        if self.has_next() {
            self.pending(&mut out, &pending);
            out.raw(b",\"hasNext\":true");
        }
        out.byte(b'}');
        Response::executed(out.into_bytes())
    }

    /// What errors tell places of. The plan is made for the variables' values, so nothing in it depends on them.
    fn planned(&self) -> Planned<'p> {
        (self.plan, &[])
    }

    fn has_next(&self) -> bool {
        let waits = |f: &Fragment| f.id.is_some() && !f.told;
        self.fragments.iter().any(waits)
    }

    /// Takes note of what a written part defers further.
    fn register(&mut self, found: Vec<Found>, within: Option<usize>) {
        let (base, outer) = match within {
            Some(record) => {
                let record = &self.records[record];
                (record.path.clone(), record.scope.clone())
            }
            None => (Vec::new(), Vec::new()),
        };
        for Found {
            group,
            usages,
            index,
            path,
            opened,
        } in found
        {
            let mut scope = outer.clone();
            let full = [&base[..], &path].concat();
            for (usage, depth) in opened {
                let at = full[..base.len() + depth].to_vec();
                let fragment = self.fragment(usage, at, &scope);
                scope.push((usage, fragment));
            }
            let number = self.records.len();
            let mut fragments = Vec::new();
            for (_, fragment) in scope
                .iter()
                .rev()
                .filter(|(usage, _)| usages.contains(usage))
            {
                // Within one object of a list, the nearest one of a usage is meant.
                let usage = self.fragments[*fragment].usage;
                if !fragments
                    .iter()
                    .any(|f: &usize| self.fragments[*f].usage == usage)
                {
                    fragments.push(*fragment);
                }
            }
            for &fragment in &fragments {
                let fragment = &mut self.fragments[fragment];
                fragment.open += 1;
                fragment.records.push(number);
            }
            self.records.push(Record {
                group,
                index,
                path: full,
                fragments,
                scope,
                part: None,
                done: false,
            });
        }
    }

    fn fragment(&mut self, usage: u16, path: Vec<u32>, scope: &[(u16, usize)]) -> usize {
        if let Some(known) = self.known.get(&(usage, path.clone())) {
            return *known;
        }
        let number = self.fragments.len();
        self.known.insert((usage, path.clone()), number);
        let around = self.plan.usages[usage as usize].parent;
        let parent = around.and_then(|around| {
            let found = scope.iter().rev().find(|(usage, _)| *usage == around);
            found.map(|(_, fragment)| *fragment)
        });
        self.fragments.push(Fragment {
            usage,
            path,
            id: None,
            open: 0,
            records: Vec::new(),
            parent,
            state: Fate::Open,
            told: false,
        });
        number
    }

    /// Gives ids to the fragments whose turn it is: those with something to deliver, and nothing around them that has.
    fn announce(&mut self) -> Vec<usize> {
        let mut announced = Vec::new();
        for number in 0..self.fragments.len() {
            let fragment = &self.fragments[number];
            if fragment.id.is_some() || fragment.records.is_empty() || fragment.state != Fate::Open
            {
                continue;
            }
            match self.around(number) {
                Some(Fate::Open) => {}
                Some(Fate::Failed) => self.fragments[number].state = Fate::Failed,
                Some(Fate::Delivered) | None => {
                    self.fragments[number].id = Some(self.announced);
                    self.announced += 1;
                    announced.push(number);
                }
            }
        }
        announced
    }

    /// What became of the nearest fragment around this one that has something of its own.
    fn around(&self, number: usize) -> Option<Fate> {
        let mut around = self.fragments[number].parent;
        while let Some(parent) = around {
            let fragment = &self.fragments[parent];
            if !fragment.records.is_empty() {
                return Some(
                    match self.is_list(parent) && fragment.state == Fate::Failed {
                        // What is deferred below items is known for those that were delivered before one failed.
                        true => Fate::Delivered,
                        false => fragment.state,
                    },
                );
            }
            around = fragment.parent;
        }
        None
    }

    /// Whether it is a list with `@stream`.
    fn is_list(&self, number: usize) -> bool {
        self.plan.usages[self.fragments[number].usage as usize].list
    }

    /// Lets the groups run that a fragment waits for which was announced.
    fn open(&self) {
        for record in self.records.iter().filter(|record| !record.done) {
            let waits = |f: &usize| {
                self.fragments[*f].id.is_some() && self.fragments[*f].state == Fate::Open
            };
            if record.fragments.iter().any(waits) {
                self.work.open(record.group);
            }
        }
    }

    /// Takes what groups have written; answers whether there was anything.
    fn arrive(&mut self) -> bool {
        let mut arrived = Vec::new();
        for group in 1..=self.plan.groups {
            if let Some(parts) = self.work.take(group) {
                arrived.push((group, parts));
            }
        }
        let any = !arrived.is_empty();
        for (group, parts) in arrived {
            let mut parts: Vec<_> = parts.into_iter().map(Some).collect();
            for number in 0..self.records.len() {
                let record = &mut self.records[number];
                if record.group != group || record.done {
                    continue;
                }
                let Some(mut part) = parts.get_mut(record.index).and_then(Option::take) else {
                    continue;
                };
                record.done = true;
                let found = std::mem::take(&mut part.found);
                let failed = part.data.is_none();
                record.part = Some(part);
                self.register(found, Some(number));
                for fragment in self.records[number].fragments.clone() {
                    let fragment = &mut self.fragments[fragment];
                    fragment.open -= 1;
                    if failed && fragment.state == Fate::Open {
                        fragment.state = Fate::Failed;
                    }
                }
            }
        }
        any
    }

    /// What can be told now: whole fragments, those that failed, and those whose turn it is then.
    fn settle(&mut self, payload: &mut Payload) {
        loop {
            let before = payload.completed.len();
            for number in 0..self.fragments.len() {
                let fragment = &mut self.fragments[number];
                if fragment.id.is_none() || fragment.told {
                    continue;
                }
                if fragment.state == Fate::Failed {
                    fragment.told = true;
                    for &record in &fragment.records {
                        let part = self.records[record].part.as_ref();
                        if part.is_some_and(|part| part.kept.is_some()) {
                            payload.incremental.push((record, number));
                        }
                    }
                    payload.completed.push(number);
                } else if fragment.open == 0 {
                    self.deliver(number, payload);
                }
            }
            let next = self.announce();
            payload.pending.extend(&next);
            if payload.completed.len() == before && next.is_empty() {
                break;
            }
        }
    }

    fn deliver(&mut self, number: usize, payload: &mut Payload) {
        for record in self.fragments[number].records.clone() {
            if self.records[record].part.is_none()
                || payload
                    .incremental
                    .iter()
                    .any(|(known, _)| *known == record)
            {
                continue;
            }
            // Of those that it belongs to, the one that is nearest to it.
            let live = |f: &&usize| {
                let f = &self.fragments[**f];
                f.id.is_some() && f.state != Fate::Failed
            };
            let nearest = self.records[record].fragments.iter().filter(live);
            let nearest = nearest.max_by_key(|f| self.fragments[**f].path.len());
            payload
                .incremental
                .push((record, nearest.copied().unwrap_or(number)));
        }
        let fragment = &mut self.fragments[number];
        (fragment.state, fragment.told) = (Fate::Delivered, true);
        payload.completed.push(number);
    }

    /// Nothing more will come: what was announced is completed with an error.
    fn give_up(&mut self, in_time: bool, payload: &mut Payload) {
        let error = match in_time {
            true => Error::internal("a deferred part was not reached"),
            false => Error::new("the operation took too long").code(Code::Timeout),
        };
        for number in 0..self.fragments.len() {
            let fragment = &mut self.fragments[number];
            if fragment.id.is_none() || fragment.state != Fate::Open {
                continue;
            }
            (fragment.state, fragment.told) = (Fate::Failed, true);
            let record = self.records.len();
            let path = fragment.path.clone();
            fragment.records.push(record);
            self.records.push(Record {
                group: 0,
                index: 0,
                path: path.clone(),
                fragments: vec![number],
                scope: Vec::new(),
                part: Some(Part {
                    data: None,
                    errors: vec![Raised {
                        path: Vec::new(),
                        error: error.clone(),
                    }],
                    found: Vec::new(),
                    kept: None,
                }),
                done: true,
            });
            payload.completed.push(number);
            payload.pending.retain(|pending| *pending != number);
        }
    }

    fn write(&mut self, payload: &Payload) -> Response {
        let mut out = Out::with_capacity(1024);
        out.byte(b'{');
        self.pending(&mut out, &payload.pending);
        if !payload.incremental.is_empty() {
            out.raw(b",\"incremental\":[");
            for (record, fragment) in &payload.incremental {
                self.incremental(&mut out, *record, *fragment);
                out.byte(b',');
            }
            out.close(b']');
        }
        if !payload.completed.is_empty() {
            out.raw(b",\"completed\":[");
            for number in &payload.completed {
                self.completed(&mut out, *number);
                out.byte(b',');
            }
            out.close(b']');
        }
        out.raw(b",\"hasNext\":");
        out.bool(self.has_next());
        out.byte(b'}');
        let mut body = out.into_bytes();
        // The comma before the first entry.
        body.remove(1);
        Response::executed(body)
    }

    fn pending(&self, out: &mut Out, pending: &[usize]) {
        if pending.is_empty() {
            return;
        }
        out.raw(b",\"pending\":[");
        for number in pending {
            let fragment = &self.fragments[*number];
            self.id(out, *number);
            write_path(out, self.plan, &fragment.path);
            if let Some(label) = &self.plan.usages[fragment.usage as usize].label {
                out.raw(b",\"label\":");
                out.str(label);
            }
            out.raw(b"},");
        }
        out.close(b']');
    }

    fn id(&self, out: &mut Out, fragment: usize) {
        out.raw(b"{\"id\":");
        let id = self.fragments[fragment].id.unwrap_or_default();
        out.str(&id.to_string());
    }

    fn incremental(&mut self, out: &mut Out, record: usize, fragment: usize) {
        let part = &mut self.records[record].part;
        let (data, raised) = match part.as_mut().and_then(|part| part.kept.take()) {
            Some((items, raised)) => (Some(items), raised),
            None => match part.take() {
                Some(part) => (part.data, part.errors),
                None => return,
            },
        };
        self.id(out, fragment);
        let (path, from) = (
            &self.records[record].path,
            self.fragments[fragment].path.len(),
        );
        if path.len() > from {
            sub_path(out, self.plan, &path[from..]);
        }
        out.raw(match self.is_list(fragment) {
            true => b",\"items\":",
            false => b",\"data\":",
        });
        out.raw(data.as_deref().unwrap_or(b"null"));
        errors(
            out,
            self.planned(),
            &absolute(raised, path),
            self.request_id,
        );
        out.byte(b'}');
    }

    fn completed(&mut self, out: &mut Out, number: usize) {
        self.id(out, number);
        if self.fragments[number].state == Fate::Failed {
            let mut all = Vec::new();
            for record in self.fragments[number].records.clone() {
                let record = &self.records[record];
                if let Some(part) = record.part.as_ref().filter(|part| part.data.is_none()) {
                    let raised = part.errors.iter().map(|raised| Raised {
                        path: raised.path.clone(),
                        error: raised.error.clone(),
                    });
                    all.extend(absolute(raised.collect(), &record.path));
                }
            }
            errors(out, self.planned(), &all, self.request_id);
        }
        out.byte(b'}');
    }
}

impl Payload {
    fn is_empty(&self) -> bool {
        self.pending.is_empty() && self.incremental.is_empty() && self.completed.is_empty()
    }
}

/// Errors of a part, with places in the response as a whole.
fn absolute(errors: Vec<Raised>, path: &[u32]) -> Vec<Raised> {
    let place = |raised: Raised| Raised {
        path: [path, &raised.path].concat(),
        ..raised
    };
    errors.into_iter().map(place).collect()
}
