//! An owned value behind a pointer that hides its type's insides from the compiler.
//!
//! In: values of generated types. Out: the same, by reference. Must not know: what they are.
//!
//! In a schema with hundreds of types that hold each other, rustc would follow the members of members for
//! hundreds of steps to find out whether a value may be sent to another thread, and give up. A [`Link`] ends the walk.

use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Result;
use crate::application::Application;
use crate::engine::object::{Composite, list_of_target};
use crate::engine::out::{Bubble, Out, Written};
use crate::engine::plan::Field;
use crate::engine::state::State;
use crate::engine::value::{FromInput, InputValue};

/// An owned value of a member that leads deep into the schema: made with `.into()`, read like a reference.
///
/// ```
/// use graphwright::Link;
///
/// let name: Link<String> = String::from("Ada").into();
/// assert_eq!(name.len(), 3);
/// assert_eq!(name.into_inner(), "Ada");
/// ```
pub struct Link<T> {
    value: Box<dyn Any + Send + Sync>,
    ty: PhantomData<fn() -> T>,
}

const INVARIANT: &str = "a link holds the type that it was made of";

impl<T: Any + Send + Sync> Link<T> {
    /// The value, out of the link.
    pub fn into_inner(self) -> T {
        *self.value.downcast().expect(INVARIANT)
    }
}

impl<T: Any + Send + Sync> From<T> for Link<T> {
    fn from(value: T) -> Self {
        Link {
            value: Box::new(value),
            ty: PhantomData,
        }
    }
}

impl<T: Any> Deref for Link<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.downcast_ref().expect(INVARIANT)
    }
}

impl<T: Any> AsRef<T> for Link<T> {
    fn as_ref(&self) -> &T {
        self
    }
}

impl<T: Any + Clone + Send + Sync> Clone for Link<T> {
    fn clone(&self) -> Self {
        Link::from(T::clone(self))
    }
}

impl<T: Any + fmt::Debug> fmt::Debug for Link<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        T::fmt(self, f)
    }
}

impl<T: Any + PartialEq> PartialEq for Link<T> {
    fn eq(&self, other: &Self) -> bool {
        T::eq(self, other)
    }
}

impl<T: Any + Serialize> Serialize for Link<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        T::serialize(self, serializer)
    }
}

impl<'de, T: Any + Send + Sync + Deserialize<'de>> Deserialize<'de> for Link<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        T::deserialize(deserializer).map(Link::from)
    }
}

impl<T: Any + Send + Sync + FromInput> FromInput for Link<T> {
    fn from_input(value: &InputValue) -> Result<Self> {
        T::from_input(value).map(Link::from)
    }
}

impl<A: Application, T: Any + Composite<A>> Composite<A> for Link<T> {
    type Node = T::Node;

    const LIST: bool = T::LIST;

    fn gather<'a>(&'a self, kids: &mut Vec<&'a Self::Node>) {
        T::gather(self, kids);
    }

    fn count(&self) -> u32 {
        T::count(self)
    }

    fn write(&self, st: &State<'_, A>, f: &Field, at: &mut u32, out: &mut Out) -> Written {
        T::write(self, st, f, at, out)
    }

    list_of_target!();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_its_value() {
        let link: Link<Vec<i32>> = vec![1, 2].into();
        let copy = link.clone();
        assert_eq!(link, copy);
        assert_eq!(format!("{link:?}"), "[1, 2]");
        assert_eq!(serde_json::to_string(&link).unwrap(), "[1,2]");
        let read: Link<Vec<i32>> = serde_json::from_str("[1,2]").unwrap();
        assert_eq!(read.into_inner(), copy.into_inner());
    }
}
