//! The positions of a plan that a model answers, in a program that was built without a database: there are none.
//!
//! In: nothing. Out: errors, should the tables name a model all the same. Must not know: anything.

use crate::Error;
use crate::application::Application;
use crate::engine::object::{BoxFuture, nothing};
use crate::engine::out::{Out, Written};
use crate::engine::plan::{Field, Sel};
use crate::engine::state::State;

/// The level pass for a generated operation.
pub fn visit_operation<'b, 'a: 'b, A: Application>(
    _: &'a State<'_, A>,
    _: &'a Field,
) -> BoxFuture<'b, ()> {
    nothing()
}

/// Writes what a generated operation found.
pub fn write_operation<A: Application>(_: &State<'_, A>, _: &Field, out: &mut Out) -> Written {
    out.fail(Error::internal("models need the feature `sqlite`"))
}

/// The level pass for keys that user code answered.
pub fn visit_keys<'a, A: Application>(
    _: &'a State<'_, A>,
    _: &'a Sel,
    _: u16,
    _: Vec<&'a str>,
) -> BoxFuture<'a, ()> {
    nothing()
}

/// Writes the row of key number `i`.
pub fn write_key<A: Application>(_: &State<'_, A>, _: &Sel, _: usize, out: &mut Out) -> Written {
    out.fail(Error::internal("models need the feature `sqlite`"))
}
