//! Subscriptions: a source of events, each of which is executed like a query of its own.
//!
//! In: a plan, an application that starts sources. Out: a stream of responses. Must not know: transports.
//!
//! <https://spec.graphql.org/September2025/#sec-Subscription>. The plan and the arguments are those of all events; the
//! surroundings are renewed for each, so that no snapshot of the database is held while nothing happens. The source is
//! asked for an event only when the client wants a response: a slow client costs no memory here.

use std::fmt;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context as Task, Poll};
use std::time::Instant;

use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt};

use crate::application::{Application, Nothing};
use crate::context::Context;
use crate::engine::call::{no_such_source, not_subscribed};
use crate::engine::coerce::Values;
use crate::engine::execute::{Engine, finish, respond};
use crate::engine::level::{Caught, panic_text, visit_object};
use crate::engine::lookahead::Asked;
use crate::engine::object::{BoxFuture, Object};
use crate::engine::out::Raised;
use crate::engine::plan::{Field, Plan};
use crate::engine::prepared::Prepared;
use crate::engine::response::{Outcome, Problem, Response, failed_before_data, refused};
use crate::engine::responses::{self, Sender};
use crate::engine::state::State;
use crate::engine::within::within;
use crate::error::Code;
use crate::{Error, Result};

/// The root of subscriptions: a generated enum with a variant for each field, which holds what one event brought.
///
/// As an object it has that one field, as a member.
pub trait Subscribe<A: Application>: Object<A> + 'static {
    /// Calls the resolver of the field, which starts a source of events.
    fn subscribe<'a>(
        st: &'a State<'_, A>,
        f: &'a Field,
    ) -> BoxFuture<'a, Result<EventSource<Self>>>;
}

impl<A: Application> Subscribe<A> for Nothing {
    fn subscribe<'a>(
        _: &'a State<'_, A>,
        _: &'a Field,
    ) -> BoxFuture<'a, Result<EventSource<Self>>> {
        not_subscribed(no_such_source())
    }
}

/// What the resolver of a subscription's field answers: the events, as a stream of its own.
///
/// The stream is polled only when the client wants the next event, and dropped when it goes away. An item that is an
/// error fails the field in that one event's response; the subscription goes on until the stream ends.
///
/// # Example
///
/// ```
/// use futures_util::stream;
/// use graphwright::{Error, Events};
///
/// let ticks: Events<i32> = Events::new(stream::iter([Ok(1), Ok(2), Err(Error::new("the clock stopped"))]));
/// ```
pub struct Events<T> {
    stream: BoxStream<'static, Result<T>>,
}

impl<T> Events<T> {
    /// The items of a stream.
    pub fn new(stream: impl Stream<Item = Result<T>> + Send + 'static) -> Self {
        Events {
            stream: Box::pin(stream),
        }
    }

    /// The items of a stream that cannot fail.
    pub fn of(stream: impl Stream<Item = T> + Send + 'static) -> Self
    where
        T: 'static,
    {
        Events {
            stream: Box::pin(stream.map(Ok)),
        }
    }
}

impl<T> Stream for Events<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Task<'_>) -> Poll<Option<Self::Item>> {
        self.stream.as_mut().poll_next(task)
    }
}

impl<T> fmt::Debug for Events<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Events")
    }
}

/// The events of one field as the subscription's root: see [`event_source`].
pub struct EventSource<S> {
    stream: BoxStream<'static, S>,
}

impl<S> fmt::Debug for EventSource<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EventSource")
    }
}

/// Wraps each event in the variant of its field.
pub fn event_source<T: 'static, S: 'static>(
    events: Events<T>,
    variant: fn(Result<T>) -> S,
) -> EventSource<S> {
    EventSource {
        stream: Box::pin(events.stream.map(variant)),
    }
}

/// What one subscription keeps between its events.
struct Subscription<A: Application> {
    engine: Arc<Engine<A>>,
    app: Arc<A>,
    cx: Context<A::Auth>,
    plan: Arc<Plan>,
    values: Values,
}

/// CreateSourceEventStream, and the stream of its responses.
///
/// <https://spec.graphql.org/September2025/#CreateSourceEventStream()>
pub(crate) async fn subscribe<A: Application>(
    engine: Arc<Engine<A>>,
    app: Arc<A>,
    cx: Context<A::Auth>,
    plan: Arc<Plan>,
    values: Values,
) -> std::result::Result<BoxStream<'static, Response>, (Response, Context<A::Auth>)> {
    let mut subscription = Subscription {
        engine,
        app,
        cx,
        plan,
        values,
    };
    match start(&mut subscription).await {
        Err(response) => Err((response, subscription.cx)),
        Ok(source) => {
            subscription.cx.renew();
            let run = move |sender| run(subscription, source, sender);
            Ok(responses::stream(run))
        }
    }
}

/// Asks the field for its source; the response if there is none: errors without data.
async fn start<A: Application>(
    subscription: &mut Subscription<A>,
) -> std::result::Result<EventSource<A::Subscription>, Response> {
    let Subscription {
        engine,
        app,
        cx,
        plan,
        values,
    } = subscription;
    let (cx, asked) = cx.ask(Asked::new(Arc::clone(plan), values));
    let prepared = Prepared::new(asked, values, None, cx);
    let st = State::new(&**app, cx, &prepared);
    let mut wanted = plan.root.fields.iter().filter(|f| st.included(f));
    let (Some(field), None) = (wanted.next(), wanted.next()) else {
        let problem = Problem::new(
            Code::ValidationFailed,
            "a subscription asks for exactly one field",
        );
        return Err(refused(&[problem], cx.request_id(), Outcome::Refused));
    };
    let fail = |error| {
        let path = vec![field.no];
        let planned = (&**plan, &**values);
        failed_before_data(planned, Raised { path, error }, cx.request_id())
    };
    if let Some(refusal) = st.refusal(field) {
        return Err(fail(refusal));
    }
    engine.affordable(&prepared, cx)?;
    cx.limit_rows(engine.limits().rows);
    let inner = A::Subscription::subscribe(&st, field);
    match tokio::time::timeout(engine.limits().timeout, Caught { inner }).await {
        Ok(Ok(Ok(source))) => Ok(source),
        Ok(Ok(Err(error))) => Err(fail(error)),
        Ok(Err(panic)) => Err(fail(Error::internal(format!(
            "a resolver panicked: {}",
            panic_text(&*panic)
        )))),
        Err(_) => Err(fail(
            Error::new("the subscription took too long to start").code(Code::Timeout),
        )),
    }
}

/// MapSourceToResponseEvent: <https://spec.graphql.org/September2025/#MapSourceToResponseEvent()>
async fn run<A: Application>(
    subscription: Subscription<A>,
    source: EventSource<A::Subscription>,
    sender: Sender,
) {
    let Subscription {
        engine,
        app,
        mut cx,
        plan,
        values,
    } = subscription;
    let asked = Asked::new(plan, &values);
    let prepared = Prepared::new(&asked, &values, None, &cx);
    let (mut stream, started, mut events) = (source.stream, Instant::now(), 0_u64);
    loop {
        let next = Caught {
            inner: Box::pin(stream.next()),
        };
        let response = match next.await {
            Ok(None) => break,
            Ok(Some(event)) => execute(&engine, &app, &cx, &prepared, &event).await,
            Err(panic) => {
                let (request_id, panic) = (cx.request_id(), panic_text(&*panic));
                tracing::error!(request_id, panic, "a source of events panicked");
                let problem = Problem::new(Code::Internal, "internal error");
                sender
                    .send(refused(&[problem], request_id, Outcome::Failed))
                    .await;
                break;
            }
        };
        events += 1;
        cx.renew();
        sender.send(response).await;
    }
    tracing::info!(
        target: "graphwright::operation",
        request_id = cx.request_id(),
        operation = asked.plan.name.as_deref().unwrap_or_default(),
        events,
        micros = started.elapsed().as_micros() as u64,
        "a subscription ended",
    );
}

/// ExecuteSubscriptionEvent: <https://spec.graphql.org/September2025/#ExecuteSubscriptionEvent()>
async fn execute<A: Application>(
    engine: &Engine<A>,
    app: &A,
    cx: &Context<A::Auth>,
    prepared: &Prepared<'_>,
    event: &A::Subscription,
) -> Response {
    cx.limit_rows(engine.limits().rows);
    let mut response = Response::executed(Vec::new());
    let ended = {
        let run = pin!(async {
            let st = State::new(app, cx, prepared);
            visit_object(&st, &prepared.plan.root, &[event]).await;
            respond(&st, event, engine.limits(), &mut response);
        });
        within(engine.limits().timeout, run).await
    };
    finish(ended, cx, &mut response);
    response
}
