//! The key of a row: what user code answers where the schema says a model.
//!
//! In: ids. Out: what the engine loads rows for. Must not know: statements.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use serde::{Deserialize, Serialize};

use super::Model;
use crate::application::Application;
use crate::engine::object::{BoxFuture, Composite, Item, Node, nothing, visit_node, write_node};
use crate::engine::out::{Out, Written};
use crate::engine::plan::{Field, Sel};
use crate::engine::state::State;
use crate::engine::value::{FromInput, InputValue};
use crate::scalar::{Id, Leaf};

/// The key of a row of the model `M`: the engine reads the columns that were asked for, if the caller may see the row.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
pub struct Key<M> {
    id: Id,
    #[serde(skip)]
    model: PhantomData<fn() -> M>,
}

impl<M> Key<M> {
    /// The key of that id.
    pub fn new(id: impl Into<Id>) -> Self {
        Key {
            id: id.into(),
            model: PhantomData,
        }
    }

    /// The id.
    pub fn id(&self) -> &Id {
        &self.id
    }

    /// The id's text.
    pub fn as_str(&self) -> &str {
        self.id.as_str()
    }
}

impl<M> From<Id> for Key<M> {
    fn from(id: Id) -> Self {
        Key::new(id)
    }
}

impl<M> From<Key<M>> for Id {
    fn from(key: Key<M>) -> Self {
        key.id
    }
}

impl<M> Clone for Key<M> {
    fn clone(&self) -> Self {
        Key::new(self.id.clone())
    }
}

impl<M> fmt::Debug for Key<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.id)
    }
}

impl<M> fmt::Display for Key<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.id.fmt(f)
    }
}

impl<M> PartialEq for Key<M> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl<M> Eq for Key<M> {}

impl<M> Hash for Key<M> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

impl<M> Leaf for Key<M> {
    fn write(&self, out: &mut Out) -> Written {
        self.id.write(out)
    }
}

impl<M> FromInput for Key<M> {
    fn from_input(value: &InputValue) -> crate::Result<Self> {
        Id::from_input(value).map(Key::new)
    }
}

impl<A: Application, M: Model> Item<A> for Key<M> {
    fn visit_sel<'a>(st: &'a State<'_, A>, sel: &'a Sel, kids: Vec<&'a Self>) -> BoxFuture<'a, ()> {
        if kids.is_empty() {
            return nothing();
        }
        super::visit_keys(
            st,
            sel,
            M::MODEL,
            kids.into_iter().map(Key::as_str).collect(),
        )
    }

    fn write_sel(&self, st: &State<'_, A>, sel: &Sel, i: usize, out: &mut Out) -> Written {
        super::write_key(st, sel, i, out)
    }
}

impl<A: Application, M: Model> Composite<A> for Key<M> {
    type Node = Self;

    fn gather<'a>(&'a self, kids: &mut Vec<&'a Self>) {
        kids.push(self);
    }

    fn count(&self) -> u32 {
        1
    }

    fn write(&self, st: &State<'_, A>, f: &Field, at: &mut u32, out: &mut Out) -> Written {
        write_node(self, st, f, at, out)
    }
}

impl<A: Application, M: Model> Node<A> for Key<M> {
    fn visit<'a>(st: &'a State<'_, A>, f: &'a Field, kids: Vec<&'a Self>) -> BoxFuture<'a, ()> {
        visit_node(st, f, kids)
    }
}
