//! Schemas, values and requests that a seed makes: the same for the same seed, on every machine.
//!
//! In: a seed. Out: texts. Must not know: who executes them.

pub mod data;
#[path = "../../runtime/tests/sketch/dice.rs"]
pub mod dice;
pub mod literal;
pub mod mutate;
pub mod query;
pub mod rust;
pub mod schema;
