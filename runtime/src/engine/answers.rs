//! What a resolver answered for the parents of its level, until it is written.
//!
//! In: results of the user's methods. Out: the level below them, bytes. Must not know: how they were asked for.
//!
//! A program has as many types of answers as it has resolvers. All that stands behind this trait's methods is compiled
//! for each of them; the rest of the engine once, and a row costs one call through a table.

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

/// Scalars, enums, lists of them.
pub(crate) struct Leaves<T>(pub(crate) Vec<Result<T>>);

impl<A: Application, T: Leaf + Send + Sync> Answers<A> for Leaves<T> {
    fn write(&self, _: &State<'_, A>, _: &Field, i: usize, out: &mut Out) -> Written {
        leaf_result(&self.0, i, out)
    }
}

/// Objects, lists of them: for all parents in a vector, or in an array for the one that a root field has.
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
}

/// The same error for every parent.
pub(crate) struct Failed(pub(crate) Error);

impl<A: Application> Answers<A> for Failed {
    fn write(&self, _: &State<'_, A>, _: &Field, _: usize, out: &mut Out) -> Written {
        out.fail(self.0.clone())
    }
}
