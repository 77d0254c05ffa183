//! The positions of a plan that a model answers: where the engine hands over.
//!
//! In: a state, a field. Out: rows in the state, bytes in the response. Must not know: documents, HTTP.

use crate::application::Application;
use crate::engine::object::{BoxFuture, nothing};
use crate::engine::out::{Out, Written};
use crate::engine::plan::{Field, Sel};
use crate::engine::state::State;
use crate::{Error, Result};

/// The rows of one level, for all parents together.
#[derive(Debug)]
pub struct RowSet {}

/// One row.
#[derive(Debug)]
pub struct Row {}

/// A generated struct of a model.
pub trait Model: Sized + Send + Sync + 'static {
    /// Its number.
    const MODEL: u16;
    /// Number of its type.
    const TYPE: u16;

    /// Makes it of a row with all columns.
    fn from_row(row: &Row) -> Result<Self>;
}

/// The level pass for a generated operation.
pub fn visit_operation<'b, 'a: 'b, A: Application>(
    _: &'a State<'_, A>,
    _: &'a Field,
) -> BoxFuture<'b, ()> {
    nothing()
}

/// Writes what a generated operation found.
pub fn write_operation<A: Application>(_: &State<'_, A>, _: &Field, out: &mut Out) -> Written {
    out.fail(Error::internal("no models yet"))
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
    out.fail(Error::internal("no models yet"))
}
