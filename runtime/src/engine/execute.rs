//! Execution: plan, variables, level pass, writer.
//!
//! In: an application, a context, a request. Out: a response. Must not know: HTTP.

use std::marker::PhantomData;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::task::block_in_place;

use crate::application::{AppDef, Application};
use crate::context::Context;

use crate::engine::coerce::{self, Values};
use crate::engine::documents::Documents;
use crate::engine::incremental;
use crate::engine::introspection::Introspection;
use crate::engine::level::{panic_text, visit_in_turn, visit_object};
use crate::engine::limits::Limits;
use crate::engine::lookahead::Asked;
use crate::engine::object::Object;
use crate::engine::out::{Out, Raised};
use crate::engine::plan::{Plan, RootKind};
use crate::engine::prepared::Prepared;
use crate::engine::response::{Outcome, Problem, Request, Response, errors, refused};
use crate::engine::responses::{self, Responses};
use crate::engine::state::State;
use crate::engine::subscribe::subscribe;
use crate::engine::syntax;
use crate::engine::turns;
use crate::engine::within::{Ended, within};
use crate::engine::writer::write_object;
use crate::error::Code;
use crate::{Error, Result};

/// Executes the operations of one application.
#[derive(Debug)]
pub struct Engine<A> {
    documents: Documents,
    application: PhantomData<fn() -> A>,
}

impl<A: Application> Engine<A> {
    /// Reads the application's schema.
    ///
    /// # Errors
    /// The generated tables hold no valid schema.
    pub fn new(app: &A, limits: Limits) -> Result<Self> {
        let AppDef { schema, bound, .. } = app.definition();
        let documents = Documents::new(schema, bound, limits).map_err(Error::internal)?;
        Ok(Engine {
            documents,
            application: PhantomData,
        })
    }

    /// The limits that documents must keep.
    pub fn limits(&self) -> &Limits {
        &self.documents.limits
    }

    /// Plans every operation of a document, so that the first request for it need not; answers what is wrong with it.
    pub fn plan_ahead(&self, text: &str) -> Vec<String> {
        let document = match syntax::parse(text, self.limits().tokens) {
            Ok(document) => document,
            Err(mistake) => return vec![mistake.message],
        };
        let named = document.operations.iter().filter_map(|o| o.name.as_deref());
        let mut names: Vec<Option<&str>> = named.map(Some).collect();
        if document.operations.len() == 1 {
            names.push(None);
        }
        let problems = names
            .into_iter()
            .filter_map(|name| self.documents.plan(text, name).err());
        let messages = problems.flatten().map(|problem| problem.message);
        messages.collect()
    }

    /// Executes one operation. A panic of user code costs the field it came from, never the process.
    pub async fn execute(&self, app: &A, cx: &mut Context<A::Auth>, request: &Request) -> Response {
        let start = started();
        let mut response = Response::executed(Vec::new());
        // Pinned here, and with a place for the response: what takes them by value moves all of their room each time.
        let ended = {
            let run = pin!(self.run(app, cx, request, &mut response));
            within(self.limits().timeout, run).await
        };
        finish(ended, cx, &mut response);
        log(cx, request, start, &response);
        response
    }

    /// Executes and answers with as many responses as the operation has: see [`Responses`].
    pub(crate) async fn stream(
        self: Arc<Self>,
        app: Arc<A>,
        mut cx: Context<A::Auth>,
        request: Request,
    ) -> Responses {
        let start = started();
        let ready = match self.read(&cx, &request) {
            Ok(Ready { plan, values, .. }) if plan.kind == RootKind::Subscription => {
                match subscribe(self, app, cx, plan, values).await {
                    Ok(responses) => return Responses::Many(responses),
                    Err((response, cx)) => {
                        log(&cx, &request, start, &response);
                        return Responses::One(response);
                    }
                }
            }
            Ok(ready) if request.incremental && ready.plan.defers => {
                let name = request.operation_name.as_deref();
                let query = &request.query;
                if let Some(plan) = self.documents.deferring(query, name, &ready.values) {
                    let plan = Arc::new(plan);
                    let run = |sender| {
                        incremental::run(
                            Arc::clone(&self),
                            app,
                            cx,
                            Ready { plan, ..ready },
                            sender,
                        )
                    };
                    let responses = responses::one_or_many(run).await;
                    return responses.unwrap_or_else(|| Responses::One(took_too_long("")));
                }
                ready
            }
            Ok(ready) => ready,
            Err(response) => {
                log(&cx, &request, start, &response);
                return Responses::One(response);
            }
        };
        let mut response = Response::executed(Vec::new());
        let ended = {
            let run = pin!(self.run_ready(&app, &mut cx, ready, &mut response));
            within(self.limits().timeout, run).await
        };
        finish(ended, &cx, &mut response);
        log(&cx, &request, start, &response);
        Responses::One(response)
    }

    async fn run(
        &self,
        app: &A,
        cx: &mut Context<A::Auth>,
        request: &Request,
        response: &mut Response,
    ) {
        match self.read(cx, request) {
            Ok(ready) if ready.plan.kind == RootKind::Subscription => {
                let why = "a subscription has many responses: ask for it where they can be sent";
                let problem = Problem::new(Code::BadRequest, why);
                *response = refused(&[problem], cx.request_id(), Outcome::Refused);
            }
            Ok(ready) => self.run_ready(app, cx, ready, response).await,
            Err(refused) => *response = refused,
        }
    }

    /// The plan of a request and the values of its variables, or why it is not executed.
    fn read(
        &self,
        cx: &Context<A::Auth>,
        request: &Request,
    ) -> std::result::Result<Ready, Response> {
        let refuse = |problems: Vec<Problem>| refused(&problems, cx.request_id(), Outcome::Refused);
        let name = request.operation_name.as_deref();
        let plan = self.documents.plan(&request.query, name).map_err(refuse)?;
        if request.read_only && plan.kind == RootKind::Mutation {
            let problem = Problem::new(Code::BadRequest, "a mutation must be sent by POST");
            return Err(refused(
                &[problem],
                cx.request_id(),
                Outcome::MutationRefused,
            ));
        }
        let (mut values, made) = self.prepare(&plan, request).map_err(refuse)?;
        if !request.uploads.is_empty() {
            for value in values.iter_mut().flatten() {
                crate::upload::fill(value, &request.uploads);
            }
        }
        Ok(Ready { plan, values, made })
    }

    async fn run_ready(
        &self,
        app: &A,
        cx: &mut Context<A::Auth>,
        ready: Ready,
        response: &mut Response,
    ) {
        let Ready { plan, values, made } = ready;
        let (cx, asked) = cx.ask(Asked::new(plan, &values));
        let plan = &*asked.plan;
        cx.limit_rows(self.limits().rows);
        let prepared = Prepared::new(asked, &values, made.as_deref(), cx);
        match self.affordable(&prepared, cx) {
            Ok(cost) => response.cost = cost,
            Err(refused) => {
                *response = refused;
                return;
            }
        }
        let st = State::new(app, cx, &prepared);
        if plan.kind == RootKind::Mutation {
            let root = A::Mutation::default();
            Box::pin(visit_in_turn(&st, &plan.root, &[&root])).await;
            respond(&st, &root, self.limits(), response);
        } else {
            let root = A::Query::default();
            visit_object(&st, &plan.root, &[&root]).await;
            respond(&st, &root, self.limits(), response);
        }
    }

    /// What the operation costs, or why it is not executed.
    pub(crate) fn affordable(
        &self,
        prepared: &Prepared<'_>,
        cx: &Context<A::Auth>,
    ) -> std::result::Result<u64, Response> {
        let limit = self.limits().cost;
        let problem = match prepared.plan.tally.cost(prepared) {
            Ok(cost) if cost <= limit => return Ok(cost),
            Ok(cost) => Problem::too_dear(cost, limit),
            Err(unknown) => Problem::new(Code::BadUserInput, unknown),
        };
        Err(refused(&[problem], cx.request_id(), Outcome::Refused))
    }

    /// What depends on the variables: their values, and introspection that uses them.
    #[expect(clippy::type_complexity)]
    fn prepare(
        &self,
        plan: &Plan,
        request: &Request,
    ) -> std::result::Result<(Values, Option<Box<[Box<[u8]>]>>), Vec<Problem>> {
        if plan.variables.is_empty() && !matches!(plan.introspection, Introspection::PerRequest(_))
        {
            return Ok((Values::new(), None));
        }
        let none = serde_json::Map::new();
        let given = request.variables.as_ref().unwrap_or(&none);
        let values = coerce::variables(&self.documents.schema, &plan.variables, given).map_err(
            |mistakes| {
                let problem = |(message, at)| {
                    Problem::new(Code::BadUserInput, message).at(Some(plan.place(at)))
                };
                mistakes.into_iter().map(problem).collect::<Vec<_>>()
            },
        )?;
        let Introspection::PerRequest(asked) = &plan.introspection else {
            return Ok((values, None));
        };
        let named = |name: &str| {
            let place = plan.variables.iter().position(|def| *def.name == *name)?;
            values.get(place)?.clone()
        };
        let made = asked.render(&self.documents.schema, &named, self.documents.bounds());
        made.map(|bytes| (values, Some(bytes)))
            .map_err(|message| vec![Problem::new(Code::LimitExceeded, message)])
    }
}

/// A request that may be executed.
pub(crate) struct Ready {
    pub(crate) plan: Arc<Plan>,
    pub(crate) values: Values,
    /// Introspection that depends on the variables.
    pub(crate) made: Option<Box<[Box<[u8]>]>>,
}

/// What is said instead of the response of an operation that did not end well.
pub(crate) fn finish<Auth>(ended: Ended<()>, cx: &Context<Auth>, response: &mut Response) {
    match ended {
        Ended::Well(()) => {}
        Ended::Panicked(panic) => {
            let (request_id, panic) = (cx.request_id(), panic_text(&*panic));
            tracing::error!(request_id, panic, "an operation panicked");
            let problem = Problem::new(Code::Internal, "internal error");
            *response = refused(&[problem], request_id, Outcome::Failed);
        }
        Ended::TimedOut => *response = took_too_long(cx.request_id()),
    }
}

pub(crate) fn took_too_long(request_id: &str) -> Response {
    let problem = Problem::new(Code::Timeout, "the operation took too long");
    refused(&[problem], request_id, Outcome::TimedOut)
}

/// When an operation began, if the log wants to know.
fn started() -> Option<Instant> {
    tracing::enabled!(target: "graphwright::operation", tracing::Level::DEBUG).then(Instant::now)
}

/// What was executed is logged for whoever turns that on (`graphwright::operation=debug`); what was not, always.
fn log<Auth>(cx: &Context<Auth>, request: &Request, start: Option<Instant>, response: &Response) {
    macro_rules! event {
        ($event:ident) => {
            tracing::$event!(
                target: "graphwright::operation",
                request_id = cx.request_id(),
                operation = request.operation_name.as_deref().unwrap_or_default(),
                outcome = ?response.outcome,
                cost = response.cost,
                bytes = response.body.len(),
                micros = start.map(|start| start.elapsed().as_micros() as u64),
            )
        };
    }
    match response.outcome {
        Outcome::Executed => event!(debug),
        _ => event!(info),
    }
}

/// The writer's part: data, then errors in the order of the response; `response` is a new one of an executed operation.
///
/// It is one long step. Where answers are large the worker's other tasks move to another thread before it.
pub(crate) fn respond<A: Application, T: Object<A>>(
    st: &State<'_, A>,
    root: &T,
    limits: &Limits,
    response: &mut Response,
) {
    if cfg!(debug_assertions) {
        turns::tell(st.plan, st.cx);
    }
    if st.plan.hint.load(Ordering::Relaxed) < LARGE {
        return write(st, root, limits, response);
    }
    match Handle::try_current().map(|runtime| runtime.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => block_in_place(|| write(st, root, limits, response)),
        _ => write(st, root, limits, response),
    }
}

/// Bytes that take about two milliseconds.
const LARGE: usize = 4 << 20;

fn write<A: Application, T: Object<A>>(
    st: &State<'_, A>,
    root: &T,
    limits: &Limits,
    response: &mut Response,
) {
    let plan = st.plan;
    let mut out = Out::with_capacity(plan.hint.load(Ordering::Relaxed)).limited(limits.response);
    out.raw(b"{\"data\":");
    let mark = out.mark();
    let written = write_object(st, &plan.root, root, 0, &mut out);
    let full = out.is_full();
    if full || written.is_err() {
        out.rescue(mark);
    }
    let mut raised = out.take_errors();
    if full {
        raised = vec![Raised {
            path: Vec::new(),
            error: too_large(limits.response),
        }];
    }
    if !raised.is_empty() {
        let planned = (plan, &**st.prepared.values);
        errors(&mut out, planned, &raised, st.cx.request_id());
    }
    out.byte(b'}');
    let need = out.len() + out.len() / 8;
    if need > plan.hint.load(Ordering::Relaxed) {
        plan.hint.fetch_max(need, Ordering::Relaxed);
    }
    response.body = out.into_bytes();
    if raised.is_empty() {
        response.cache = plan.keeping.policy(st.prepared, st.cx.auth().is_some());
    }
}

#[cold]
pub(crate) fn too_large(bytes: usize) -> Error {
    Error::new(format!("the response has more than {bytes} bytes")).code(Code::LimitExceeded)
}
