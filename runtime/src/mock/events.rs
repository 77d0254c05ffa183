//! Subscriptions: the items of a list are the events.
//!
//! In: the value of a subscription's field. Out: its items, one event each. Must not know: transports.
//!
//! Generated values have one event: what the field would be in a query.

use std::collections::VecDeque;
use std::sync::Arc;

use futures_util::stream;
use serde_json::Value;

use super::data::HOPS;
use super::instructions::{Counters, Settled, circle, settle};
use super::node::{Operation, Place};
use super::{Mock, Source, waiting};
use crate::engine::object::{BoxFuture, Object, nothing};
use crate::engine::out::{Out, Written};
use crate::engine::plan::Field;
use crate::engine::state::State;
use crate::engine::subscribe::{EventSource, Events, Subscribe, event_source};
use crate::{Error, Result};

/// The root value of one event.
#[derive(Debug)]
pub struct Event {
    op: Operation,
    /// None where values are generated.
    item: Option<Item>,
}

#[derive(Debug)]
struct Item {
    value: Value,
    /// Whether instructions in it count.
    live: bool,
}

impl Object<Mock> for Event {
    fn write_field(&self, st: &State<'_, Mock>, f: &Field, _: usize, out: &mut Out) -> Written {
        let place = Place::root(st, &self.op, f);
        match (&self.item, st.slot(f)) {
            (Some(_), Some(found)) => found.write(&place, place.ty(), out),
            (Some(item), None) => place.value(place.ty(), &item.value, item.live, out),
            (None, _) => place.member_of_root(out),
        }
    }

    fn visit_field<'b, 'a: 'b>(
        st: &'a State<'_, Mock>,
        f: &'a Field,
        parents: &'b [&'a Self],
    ) -> BoxFuture<'b, ()> {
        match (&st.app().source, parents) {
            (Source::Data(data), [event]) if data.waits() => Box::pin(async move {
                let place = Place::root(st, &event.op, f);
                if let Some(item) = event.item.as_ref().filter(|item| item.live) {
                    st.put(f, waiting::value(&place, place.ty(), &item.value).await);
                }
            }),
            _ => nothing(),
        }
    }
}

impl Subscribe<Mock> for Event {
    fn subscribe<'a>(
        st: &'a State<'_, Mock>,
        f: &'a Field,
    ) -> BoxFuture<'a, Result<EventSource<Self>>> {
        Box::pin(async move {
            let op = Operation::default();
            let items = items(&Place::root(st, &op, f)).await?;
            let start = (items, op.counters);
            let events = stream::unfold(start, |(mut items, counters)| async {
                let event = event(items.pop_front()?, &counters).await;
                Some((event, (items, counters)))
            });
            Ok(event_source(Events::of(events), received))
        })
    }
}

/// No event fails as a whole: what is wrong with its value is told at its field.
fn received(event: Result<Event>) -> Event {
    event.unwrap_or_else(|_| Event {
        op: Operation::default(),
        item: None,
    })
}

async fn event(mut item: Option<Item>, counters: &Arc<Counters>) -> Event {
    // A delay of the item itself is the time until the event.
    for _ in 0..HOPS {
        let Some(Item { value, live: true }) = &mut item else {
            break;
        };
        let Some(members) = value.as_object_mut() else {
            break;
        };
        let Some(time) = members.get("$delay").and_then(Value::as_f64) else {
            break;
        };
        tokio::time::sleep(super::instructions::delay(time)).await;
        *value = members.remove("value").unwrap_or_default();
    }
    Event {
        op: Operation::counting(counters),
        item,
    }
}

/// The events of a field; `None` stands for a generated one.
async fn items(place: &Place<'_, '_>) -> Result<VecDeque<Option<Item>>> {
    let Source::Data(data) = &place.st.app().source else {
        return Ok(VecDeque::from([None]));
    };
    let item = |value: Value, live| Some(Item { value, live });
    let mut value = data.root().get(place.name()).unwrap_or(&Value::Null);
    for _ in 0..HOPS {
        value = match settle(place.scope(data)?, value)? {
            Settled::Data(Value::Array(items)) => {
                return Ok(items
                    .iter()
                    .map(|value| item(value.clone(), true))
                    .collect());
            }
            Settled::Made(Value::Array(items)) => {
                return Ok(items.into_iter().map(|value| item(value, false)).collect());
            }
            Settled::Many(items) => {
                return Ok(items
                    .into_iter()
                    .map(|value| item(value.clone(), true))
                    .collect());
            }
            Settled::Later(time, value) => {
                tokio::time::sleep(time).await;
                value
            }
            Settled::Data(_) | Settled::Made(_) => {
                let message = format!("`{}` needs a list: its items are the events", place.label());
                return Err(Error::bare(message, None));
            }
        };
    }
    Err(circle())
}
