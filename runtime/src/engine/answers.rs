//! What a resolver answered for the parents of its level, until it is written.
//!
//! In: results of the user's methods. Out: the level below them, bytes. Must not know: how they were asked for.
//!
//! A program has as many types of answers as it has resolvers. All but this trait's methods is compiled once for all of
//! them, and a row costs one call through a table.

use std::marker::PhantomData;

use crate::application::Application;
use crate::engine::level::descend;
use crate::engine::object::{BoxFuture, Composite, nothing};
use crate::engine::out::{Out, Written};
use crate::engine::plan::Field;
use crate::engine::state::State;
use crate::engine::writer::{composite_result, leaf_result, unresolved};
use crate::scalar::Leaf;
use crate::{Error, Result};

/// The answers of one resolver's field.
pub trait Answers<A: Application>: Send + Sync {
    /// Writes that for parent number `i`.
    fn write(&self, st: &State<'_, A>, f: &Field, i: usize, out: &mut Out) -> Written;

    /// Goes on below the field.
    fn descend<'a>(&'a self, st: &'a State<'_, A>, f: &'a Field) -> BoxFuture<'a, ()> {
        let _ = (st, f);
        nothing()
    }

    /// How many parents there are.
    fn count(&self) -> usize;

    /// Whether parent number `i` has an answer, not an error.
    fn is_there(&self, i: usize) -> bool;

    /// Writes one item of the list that is the answer for parent number `i`, if it has so many.
    fn write_item(
        &self,
        i: usize,
        index: usize,
        st: &State<'_, A>,
        f: &Field,
        at: &mut u32,
        out: &mut Out,
    ) -> Option<Written> {
        let _ = (i, index, st, f, at, out);
        None
    }
}

/// What the level pass keeps of a generated program's resolvers; `'r` is the time of one operation, for which answers may
/// borrow from the application and the context.
pub type Answered<'r, A> = Box<dyn Answers<A> + 'r>;

/// Writes what the field's resolver answered for parent number `i`.
pub fn answered<'r, A>(st: &State<'r, A>, f: &Field, i: usize, out: &mut Out) -> Written
where
    A: Application<Slot<'r> = Answered<'r, A>>,
{
    match st.slot(f) {
        Some(answers) => answers.write(st, f, i, out),
        None => unresolved(out),
    }
}

/// Scalars, enums, lists of them: for all parents, or for the one that a root field has.
pub(crate) struct Leaves<V>(pub(crate) V);

impl<A: Application, T: Leaf + Send + Sync> Answers<A> for Leaves<Vec<Result<T>>> {
    fn write(&self, _: &State<'_, A>, _: &Field, i: usize, out: &mut Out) -> Written {
        leaf_result(&self.0, i, out)
    }

    fn count(&self) -> usize {
        self.0.len()
    }

    fn is_there(&self, i: usize) -> bool {
        self.0[i].is_ok()
    }
}

/// Objects, lists of them.
pub(crate) struct Objects<T, V> {
    results: V,
    of: PhantomData<fn() -> T>,
}

impl<T, V: AsRef<[Result<T>]>> Objects<T, V> {
    pub(crate) fn new(results: V) -> Self {
        Objects {
            results,
            of: PhantomData,
        }
    }
}

impl<A, T, V> Answers<A> for Objects<T, V>
where
    A: Application,
    T: Composite<A>,
    V: AsRef<[Result<T>]> + Send + Sync,
{
    fn write(&self, st: &State<'_, A>, f: &Field, i: usize, out: &mut Out) -> Written {
        composite_result(self.results.as_ref(), i, st, f, out)
    }

    fn descend<'a>(&'a self, st: &'a State<'_, A>, f: &'a Field) -> BoxFuture<'a, ()> {
        descend(st, f, self.results.as_ref())
    }

    fn count(&self) -> usize {
        self.results.as_ref().len()
    }

    fn is_there(&self, i: usize) -> bool {
        self.results.as_ref()[i].is_ok()
    }

    fn write_item(
        &self,
        i: usize,
        index: usize,
        st: &State<'_, A>,
        f: &Field,
        at: &mut u32,
        out: &mut Out,
    ) -> Option<Written> {
        if !T::LIST {
            return None;
        }
        let value = self.results.as_ref()[i].as_ref().ok()?;
        value.write_item(index, st, f, at, out)
    }
}

/// The same error for every parent.
pub(crate) struct Failed(pub(crate) Error);

impl<A: Application> Answers<A> for Failed {
    fn write(&self, _: &State<'_, A>, _: &Field, _: usize, out: &mut Out) -> Written {
        out.fail(self.0.clone())
    }

    fn count(&self) -> usize {
        0
    }

    fn is_there(&self, _: usize) -> bool {
        false
    }
}
