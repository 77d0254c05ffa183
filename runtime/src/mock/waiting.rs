//! Data in which something takes its time: what `$delay` stands for, waited for before the writer comes.
//!
//! In: the fields of a selection, JSON. Out: the same values, ready. Must not know: bytes.
//!
//! Siblings wait at the same time; the engine takes the root fields of a mutation one after the other. Where nothing
//! waits, values are looked at in the order of the response, as they are without this pass.

use futures_util::future::join_all;
use serde_json::{Map, Value};

use super::Source;
use super::data::HOPS;
use super::instructions::{Settled, circle, settle};
use super::node::Place;
use super::schema::Ty;
use crate::Error;
use crate::engine::level::allowed;
use crate::engine::object::BoxFuture;
use crate::engine::plan::{Origin, Sel, Sub};

/// A value that needs no more waiting.
#[derive(Debug)]
pub enum Found {
    /// As it is.
    Value(Value),
    /// A list.
    List(Vec<Found>),
    /// An object, with the number of its type.
    Object(u16, Object),
    /// An error.
    Failed(Error),
}

/// The fields of an object by their numbers in the plan, which ascend.
#[derive(Debug)]
pub struct Object(Vec<(u32, Found)>);

impl Object {
    pub(super) fn get(&self, no: u32) -> Option<&Found> {
        let at = self.0.binary_search_by_key(&no, |(no, _)| *no).ok()?;
        Some(&self.0[at].1)
    }
}

/// The value of a field of an object of the data.
pub(super) async fn member(place: &Place<'_, '_>, members: &Map<String, Value>) -> Found {
    match (place.st.args(place.f), members.get(place.name())) {
        (Err(error), _) => Found::Failed(error),
        (Ok(_), Some(found)) => value(place, place.ty(), found).await,
        (Ok(_), None) => Found::Value(Value::Null),
    }
}

/// A value of the data.
pub(super) fn value<'a>(
    place: &'a Place<'_, '_>,
    ty: &'a Ty,
    value: &'a Value,
) -> BoxFuture<'a, Found> {
    Box::pin(async move {
        match settled(place, ty, value).await {
            Ok(found) => found,
            Err(error) => Found::Failed(error),
        }
    })
}

async fn settled(place: &Place<'_, '_>, ty: &Ty, mut value: &Value) -> crate::Result<Found> {
    place.op.spend()?;
    let Source::Data(data) = &place.st.app().source else {
        return Ok(Found::Value(value.clone()));
    };
    let scope = place.scope(data)?;
    for _ in 0..HOPS {
        value = match settle(scope, value)? {
            Settled::Data(value) => return complete(place, ty, value).await,
            // No instruction is in it, so the writer can take it as it is.
            Settled::Made(value) => return Ok(Found::Value(value)),
            Settled::Many(values) => return Ok(list(place, ty, values.into_iter()).await),
            Settled::Later(time, value) => {
                tokio::time::sleep(time).await;
                value
            }
        };
    }
    Err(circle())
}

async fn complete(place: &Place<'_, '_>, ty: &Ty, value: &Value) -> crate::Result<Found> {
    match (ty.strip().0, value) {
        (Ty::List(_), Value::Array(items)) => Ok(list(place, ty, items.iter()).await),
        (Ty::Composite(number), Value::Object(members)) => {
            let ty = place.concrete(*number, members, true)?;
            let sel = match &place.f.sub {
                Sub::One(sel) => Some(&**sel),
                Sub::Many { parts, .. } => parts.iter().find(|part| part.ty == ty),
                Sub::None => None,
            };
            match sel {
                Some(sel) => Ok(Found::Object(ty, object(place, sel, members).await)),
                None => Ok(Found::Value(Value::Null)),
            }
        }
        _ => Ok(Found::Value(value.clone())),
    }
}

async fn list<'v>(
    place: &Place<'_, '_>,
    ty: &Ty,
    items: impl ExactSizeIterator<Item = &'v Value>,
) -> Found {
    match ty.strip().0 {
        Ty::List(item) => {
            let items = items.map(|found| value(place, item, found));
            Found::List(join_all(items).await)
        }
        _ => Found::Value(items.cloned().collect()),
    }
}

async fn object(place: &Place<'_, '_>, sel: &Sel, members: &Map<String, Value>) -> Object {
    let wanted = sel.fields.iter();
    let wanted = wanted.filter(|f| f.origin == Origin::Own && allowed(place.st, f));
    let fields = wanted.map(|f| async move {
        let place = Place {
            st: place.st,
            op: place.op,
            f,
            parent: sel.ty,
        };
        (f.no, member(&place, members).await)
    });
    Object(join_all(fields).await)
}
