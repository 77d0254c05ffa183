//! The traits that generated code implements, and what stands between a field and its objects.
//!
//! In: objects, slots. Out: levels for the level pass, bytes for the response.
//! Must not know: documents, HTTP, databases.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use crate::Error;
use crate::application::Application;
use crate::engine::level::visit_owned;
use crate::engine::out::{Bubble, Out, Written};
use crate::engine::plan::{Field, Sel, Sub};
use crate::engine::state::State;
use crate::engine::writer::write_object;

/// A future of one level.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// An object type: a generated struct.
pub trait Object<A: Application>: Sized + Send + Sync {
    /// Writes the value of field number `f.fid`; `i` is the index of this object in its level.
    fn write_field(&self, st: &State<'_, A>, f: &Field, i: usize, out: &mut Out) -> Written;

    /// The level pass for one field with a resolver at it or below it: calls it, keeps the results, goes on below.
    fn visit_field<'b, 'a: 'b>(
        st: &'a State<'_, A>,
        f: &'a Field,
        parents: &'b [&'a Self],
    ) -> BoxFuture<'b, ()> {
        let _ = (st, f, parents);
        nothing()
    }
}

/// What a selection on one concrete type can stand on: an object, or the key of a row.
pub trait Item<A: Application>: Sized + Send + Sync {
    /// The level below: all objects that stand on this selection.
    fn visit_sel<'a>(st: &'a State<'_, A>, sel: &'a Sel, kids: Vec<&'a Self>) -> BoxFuture<'a, ()>;

    /// Writes number `i` of that level.
    fn write_sel(&self, st: &State<'_, A>, sel: &Sel, i: usize, out: &mut Out) -> Written;
}

/// What can stand in a slot or a member: `T`, `Option<T>`, `Vec<T>`, `[T]`, `Box<T>`, `Arc<T>`, `&T` of objects,
/// abstract enums and keys.
pub trait Composite<A: Application>: Send + Sync {
    /// What is at the bottom.
    type Node: Node<A>;

    /// Whether it is a list, or a pointer to one. What only lists need is not compiled for others.
    const LIST: bool = false;

    /// Adds all objects at the bottom, in their order.
    fn gather<'a>(&'a self, kids: &mut Vec<&'a Self::Node>);

    /// How many objects are at the bottom.
    fn count(&self) -> u32;

    /// Writes it; `at` is the index of the next object in the level below, and moves on.
    fn write(&self, st: &State<'_, A>, f: &Field, at: &mut u32, out: &mut Out) -> Written;

    /// Adds the objects of a list: those of its first `initial` items, and those of the others.
    fn gather_parts<'a>(
        &'a self,
        initial: usize,
        first: &mut Vec<&'a Self::Node>,
        others: &mut Vec<&'a Self::Node>,
    ) {
        let _ = (initial, others);
        self.gather(first);
    }

    /// Writes the first `initial` items of a list; answers whether there are others.
    fn write_first(
        &self,
        initial: usize,
        st: &State<'_, A>,
        f: &Field,
        at: &mut u32,
        out: &mut Out,
    ) -> Result<bool, Bubble> {
        let _ = initial;
        self.write(st, f, at, out).map(|()| false)
    }

    /// Writes one item of a list, if it has so many.
    fn write_item(
        &self,
        index: usize,
        st: &State<'_, A>,
        f: &Field,
        at: &mut u32,
        out: &mut Out,
    ) -> Option<Written> {
        let _ = (index, st, f, at, out);
        None
    }
}

/// The part of [`Composite`] for lists, by what a pointer points to.
macro_rules! list_of_target {
    () => {
        fn gather_parts<'a>(
            &'a self,
            initial: usize,
            first: &mut Vec<&'a Self::Node>,
            others: &mut Vec<&'a Self::Node>,
        ) {
            (**self).gather_parts(initial, first, others);
        }

        fn write_first(
            &self,
            initial: usize,
            st: &State<'_, A>,
            f: &Field,
            at: &mut u32,
            out: &mut Out,
        ) -> ::std::result::Result<bool, Bubble> {
            (**self).write_first(initial, st, f, at, out)
        }

        fn write_item(
            &self,
            index: usize,
            st: &State<'_, A>,
            f: &Field,
            at: &mut u32,
            out: &mut Out,
        ) -> Option<Written> {
            (**self).write_item(index, st, f, at, out)
        }
    };
}

pub(crate) use list_of_target;

/// What is at the bottom: an object, an abstract enum or a key.
pub trait Node<A: Application>: Composite<A, Node = Self> + Sized {
    /// The level below the field.
    fn visit<'a>(st: &'a State<'_, A>, f: &'a Field, kids: Vec<&'a Self>) -> BoxFuture<'a, ()>;
}

impl<A: Application, T: Composite<A>> Composite<A> for Option<T> {
    type Node = T::Node;

    const LIST: bool = T::LIST;

    fn gather<'a>(&'a self, kids: &mut Vec<&'a Self::Node>) {
        if let Some(value) = self {
            value.gather(kids);
        }
    }

    fn count(&self) -> u32 {
        self.as_ref().map_or(0, T::count)
    }

    fn write(&self, st: &State<'_, A>, f: &Field, at: &mut u32, out: &mut Out) -> Written {
        let Some(value) = self else {
            out.null();
            return Ok(());
        };
        let (mark, from) = (out.mark(), *at);
        if value.write(st, f, at, out).is_err() {
            // What was given up in the middle must not shift its neighbours.
            *at = from + value.count();
            out.rescue(mark);
        }
        Ok(())
    }

    fn gather_parts<'a>(
        &'a self,
        initial: usize,
        first: &mut Vec<&'a Self::Node>,
        others: &mut Vec<&'a Self::Node>,
    ) {
        if let Some(value) = self {
            value.gather_parts(initial, first, others);
        }
    }

    fn write_first(
        &self,
        initial: usize,
        st: &State<'_, A>,
        f: &Field,
        at: &mut u32,
        out: &mut Out,
    ) -> Result<bool, Bubble> {
        let Some(value) = self else {
            out.null();
            return Ok(false);
        };
        let mark = out.mark();
        let more = value.write_first(initial, st, f, at, out);
        Ok(more.unwrap_or_else(|Bubble| {
            out.rescue(mark);
            false
        }))
    }

    fn write_item(
        &self,
        index: usize,
        st: &State<'_, A>,
        f: &Field,
        at: &mut u32,
        out: &mut Out,
    ) -> Option<Written> {
        self.as_ref()?.write_item(index, st, f, at, out)
    }
}

impl<A: Application, T: Composite<A>> Composite<A> for [T] {
    type Node = T::Node;

    const LIST: bool = true;

    fn gather<'a>(&'a self, kids: &mut Vec<&'a Self::Node>) {
        kids.reserve(self.len());
        for value in self {
            value.gather(kids);
        }
    }

    fn count(&self) -> u32 {
        self.iter().map(T::count).sum()
    }

    fn write(&self, st: &State<'_, A>, f: &Field, at: &mut u32, out: &mut Out) -> Written {
        out.byte(b'[');
        out.enter();
        for (i, value) in self.iter().enumerate() {
            out.at_index(i);
            value.write(st, f, at, out)?;
            out.byte(b',');
        }
        out.leave();
        out.close(b']');
        Ok(())
    }

    fn gather_parts<'a>(
        &'a self,
        initial: usize,
        first: &mut Vec<&'a Self::Node>,
        others: &mut Vec<&'a Self::Node>,
    ) {
        let (now, later) = self.split_at(initial.min(self.len()));
        now.gather(first);
        later.gather(others);
    }

    fn write_first(
        &self,
        initial: usize,
        st: &State<'_, A>,
        f: &Field,
        at: &mut u32,
        out: &mut Out,
    ) -> Result<bool, Bubble> {
        let (now, later) = self.split_at(initial.min(self.len()));
        now.write(st, f, at, out).map(|()| !later.is_empty())
    }

    fn write_item(
        &self,
        index: usize,
        st: &State<'_, A>,
        f: &Field,
        at: &mut u32,
        out: &mut Out,
    ) -> Option<Written> {
        Some(self.get(index)?.write(st, f, at, out))
    }
}

/// A pointer stands for what it points to.
macro_rules! pointers {
    ($($pointer:ty: [$($bound:tt)*] => $target:ty),+ $(,)?) => { $(
        impl<A: Application, $($bound)*> Composite<A> for $pointer {
            type Node = <$target as Composite<A>>::Node;

            const LIST: bool = <$target as Composite<A>>::LIST;

            fn gather<'a>(&'a self, kids: &mut Vec<&'a Self::Node>) {
                (**self).gather(kids);
            }

            fn count(&self) -> u32 {
                (**self).count()
            }

            fn write(&self, st: &State<'_, A>, f: &Field, at: &mut u32, out: &mut Out) -> Written {
                (**self).write(st, f, at, out)
            }

            list_of_target!();
        }
    )+ };
}

pointers!(
    Vec<T>: [T: Composite<A>] => [T],
    Box<T>: [T: Composite<A>] => T,
    Arc<T>: [T: Composite<A> + ?Sized] => T,
    &T: [T: Composite<A> + ?Sized] => T,
);

impl<A: Application, T: Item<A>> Item<A> for Box<T> {
    fn visit_sel<'a>(st: &'a State<'_, A>, sel: &'a Sel, kids: Vec<&'a Self>) -> BoxFuture<'a, ()> {
        T::visit_sel(st, sel, kids.into_iter().map(|kid| &**kid).collect())
    }

    fn write_sel(&self, st: &State<'_, A>, sel: &Sel, i: usize, out: &mut Out) -> Written {
        (**self).write_sel(st, sel, i, out)
    }
}

/// `Item::visit_sel` of an object.
pub fn visit_item<'a, A: Application, T: Object<A>>(
    st: &'a State<'_, A>,
    sel: &'a Sel,
    kids: Vec<&'a T>,
) -> BoxFuture<'a, ()> {
    if sel.work.is_empty() && sel.later.is_none() || kids.is_empty() {
        return nothing();
    }
    visit_owned(st, sel, Box::new(kids))
}

/// `Item::write_sel` of an object.
#[inline]
pub fn write_item<A: Application, T: Object<A>>(
    object: &T,
    st: &State<'_, A>,
    sel: &Sel,
    i: usize,
    out: &mut Out,
) -> Written {
    write_object(st, sel, object, i, out)
}

/// `Node::visit` of an object or a key.
pub fn visit_node<'a, A: Application, T: Item<A>>(
    st: &'a State<'_, A>,
    f: &'a Field,
    kids: Vec<&'a T>,
) -> BoxFuture<'a, ()> {
    match &f.sub {
        Sub::One(sel) => T::visit_sel(st, sel, kids),
        _ => nothing(),
    }
}

/// `Composite::write` of an object or a key.
#[inline]
pub fn write_node<A: Application, T: Item<A>>(
    item: &T,
    st: &State<'_, A>,
    f: &Field,
    at: &mut u32,
    out: &mut Out,
) -> Written {
    let i = *at as usize;
    *at += 1;
    match &f.sub {
        Sub::One(sel) => item.write_sel(st, sel, i, out),
        _ => unplanned(out),
    }
}

/// A level of an abstract type while it is split by concrete type.
#[derive(Debug)]
pub struct Split {
    indexes: Vec<u32>,
}

impl Split {
    /// For so many objects.
    pub fn new(kids: usize) -> Self {
        Split {
            indexes: Vec::with_capacity(kids),
        }
    }

    /// The next object is number `index` of its concrete type.
    pub fn add(&mut self, index: usize) {
        self.indexes.push(index as u32);
    }

    /// Keeps the indexes for the writer.
    pub fn keep<A: Application>(self, st: &State<'_, A>, f: &Field) {
        if f.sub.level() != super::plan::NONE {
            st.put_parts(f.sub.level(), self.indexes);
        }
    }
}

/// The level pass of one concrete type of an abstract field.
pub fn visit_part<'a, A: Application, T: Item<A>>(
    st: &'a State<'_, A>,
    f: &'a Field,
    part: usize,
    kids: Vec<&'a T>,
    all: &mut Vec<BoxFuture<'a, ()>>,
) {
    if let Sub::Many { parts, .. } = &f.sub
        && let Some(sel) = parts.get(part)
        && sel.level != super::plan::NONE
        && !kids.is_empty()
    {
        all.push(T::visit_sel(st, sel, kids));
    }
}

/// Writes an object of an abstract field: `at` is its index in the field's level.
pub fn write_part<A: Application, T: Item<A>>(
    item: &T,
    part: usize,
    st: &State<'_, A>,
    f: &Field,
    at: &mut u32,
    out: &mut Out,
) -> Written {
    let i = st.part(f.sub.level(), *at);
    *at += 1;
    match &f.sub {
        Sub::Many { parts, .. } if part < parts.len() => item.write_sel(st, &parts[part], i, out),
        _ => unplanned(out),
    }
}

/// A future with nothing to do. It has no size, so its box costs no allocation.
pub(crate) fn nothing<'a>() -> BoxFuture<'a, ()> {
    Box::pin(poll_fn(|_| Poll::Ready(())))
}

#[cold]
fn unplanned(out: &mut Out) -> Written {
    out.fail(Error::internal(
        "the generated code does not fit the schema's tables",
    ))
}
