//! Execution: plan, variables, level pass, writer.
//!
//! In: an application, a context, a request. Out: a response. Must not know: HTTP.

use std::marker::PhantomData;
use std::sync::atomic::Ordering;
use std::time::Instant;

use crate::application::{AppDef, Application};
use crate::context::Context;

use crate::engine::coerce::{self, Values};
use crate::engine::documents::Documents;
use crate::engine::introspect::{self, Introspection};
use crate::engine::level::{Caught, panic_text, visit_in_turn, visit_object};
use crate::engine::limits::Limits;
use crate::engine::object::Object;
use crate::engine::out::{Out, Raised};
use crate::engine::plan::{Condition, Plan, RootKind};
use crate::engine::response::{Outcome, Problem, Request, Response, errors, refused};
use crate::engine::state::State;
use crate::engine::writer::write_object;
use crate::error::Code;
use crate::model::{Caller, allows};
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

    /// Executes one operation. A panic of user code costs the field it came from, never the process.
    pub async fn execute(&self, app: &A, cx: &Context<A::Auth>, request: &Request) -> Response {
        let start = Instant::now();
        let response = self.bounded(app, cx, request).await;
        tracing::info!(
            target: "graphwright::operation",
            request_id = cx.request_id(),
            operation = request.operation_name.as_deref().unwrap_or_default(),
            outcome = ?response.outcome,
            bytes = response.body.len(),
            micros = start.elapsed().as_micros() as u64,
        );
        response
    }

    /// Executes within the time limit, panics caught.
    async fn bounded(&self, app: &A, cx: &Context<A::Auth>, request: &Request) -> Response {
        let inner = Box::pin(self.run(app, cx, request));
        let limit = self.documents.limits.timeout;
        let (problem, outcome) = match tokio::time::timeout(limit, Caught { inner }).await {
            Ok(Ok(response)) => return response,
            Ok(Err(panic)) => {
                let (request_id, panic) = (cx.request_id(), panic_text(&*panic));
                tracing::error!(request_id, panic, "an operation panicked");
                let problem = Problem::new(Code::Internal, "internal error");
                (problem, Outcome::Failed)
            }
            Err(_) => {
                let problem = Problem::new(Code::Timeout, "the operation took too long");
                (problem, Outcome::TimedOut)
            }
        };
        refused(&[problem], cx.request_id(), outcome)
    }

    async fn run(&self, app: &A, cx: &Context<A::Auth>, request: &Request) -> Response {
        let plan = match self
            .documents
            .plan(&request.query, request.operation_name.as_deref())
        {
            Ok(plan) => plan,
            Err(problems) => return refused(&problems, cx.request_id(), Outcome::Refused),
        };
        if request.read_only && plan.kind == RootKind::Mutation {
            let problem = Problem::new(Code::BadRequest, "a mutation must be sent by POST");
            return refused(&[problem], cx.request_id(), Outcome::MutationRefused);
        }
        let (mut values, constants) = match self.prepare(&plan, request) {
            Ok(prepared) => prepared,
            Err(problems) => return refused(&problems, cx.request_id(), Outcome::Refused),
        };
        if !request.uploads.is_empty() {
            for value in values.iter_mut().flatten() {
                crate::upload::fill(value, &request.uploads);
            }
        }
        cx.limit_rows(self.limits().rows);
        let mut st = State::new(app, cx, &plan);
        st.conditions = plan
            .conditions
            .iter()
            .map(|condition| holds(condition, &values))
            .collect();
        let caller = cx.auth().map(|auth| auth as &dyn Caller);
        st.denied = plan
            .guards
            .iter()
            .map(|rule| !allows(rule, caller))
            .collect();
        let mut left = coerce::COPIED;
        st.args = plan
            .args
            .iter()
            .map(|args| coerce::make(args, &values, &mut left))
            .collect();
        st.constants = match (&constants, &plan.introspection) {
            (Some(made), _) => made,
            (None, Introspection::Rendered(bytes)) => bytes,
            _ => &[],
        };
        match plan.kind {
            RootKind::Query => {
                let root = A::Query::default();
                visit_object(&st, &plan.root, &[&root]).await;
                respond(&st, &root, self.limits())
            }
            RootKind::Mutation => {
                let root = A::Mutation::default();
                visit_in_turn(&st, &plan.root, &root).await;
                respond(&st, &root, self.limits())
            }
        }
    }

    /// What depends on the variables: their values, and introspection that uses them.
    #[expect(clippy::type_complexity)]
    fn prepare(
        &self,
        plan: &Plan,
        request: &Request,
    ) -> std::result::Result<(Values, Option<Box<[Box<[u8]>]>>), Vec<Problem>> {
        let none = serde_json::Map::new();
        let given = request.variables.as_ref().unwrap_or(&none);
        let values = coerce::variables(self.documents.inputs(), &plan.variables, given).map_err(
            |mistakes| {
                let problem =
                    |(message, location)| Problem::new(Code::BadUserInput, message).at(location);
                mistakes.into_iter().map(problem).collect::<Vec<_>>()
            },
        )?;
        let Introspection::PerRequest(asked) = &plan.introspection else {
            return Ok((values, None));
        };
        let named = plan.variables.iter().zip(&values);
        let json =
            introspect::json_map(named.filter_map(|(def, value)| {
                Some((def.name.to_string(), value.as_ref()?.to_json()))
            }));
        let made = introspect::render(
            &self.documents.schema,
            &self.documents.implementers,
            asked,
            json,
        );
        made.map(|bytes| (values, Some(bytes)))
            .map_err(|message| vec![Problem::new(Code::LimitExceeded, message)])
    }
}

fn holds(condition: &Condition, values: &Values) -> bool {
    use crate::engine::plan::Literal;
    use crate::engine::value::InputValue;
    let literal =
        |l: &Literal| values.get(l.variable as usize) == Some(&Some(InputValue::Bool(l.value)));
    condition.all.iter().all(literal) && !condition.none.iter().any(|all| all.iter().all(literal))
}

/// The writer's part: data, then errors in the order of the response.
fn respond<A: Application, T: Object<A>>(st: &State<'_, A>, root: &T, limits: &Limits) -> Response {
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
    errors(&mut out, plan, &raised, st.cx.request_id());
    out.byte(b'}');
    plan.hint
        .fetch_max(out.len() + out.len() / 8, Ordering::Relaxed);
    Response {
        body: out.into_bytes(),
        outcome: Outcome::Executed,
    }
}

#[cold]
fn too_large(bytes: usize) -> Error {
    Error::new(format!("the response has more than {bytes} bytes")).code(Code::LimitExceeded)
}
