//! The case `bound`: types of the user's own in place of generated ones.

use graphwright::engine::out::{Out, Written};
use graphwright::engine::value::{FromInput, InputValue};
use graphwright::scalar::Leaf;

/// What was generated.
pub mod generated {
    include!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../golden/bound/expected/graphwright.rs"
    ));
}

mod stubs {
    use super::App;
    use super::generated as gw;

    include!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../golden/bound/expected/stubs.rs"
    ));
}

/// The application.
#[derive(Debug, Default)]
pub struct App;

/// The scalar `Money`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cents(pub i64);

/// One argument's own type.
#[derive(Debug, Clone, Copy)]
pub struct Factor(pub f64);

/// The object type `Thing`, with a member that the schema does not know.
#[derive(Debug, Clone)]
pub struct Thing {
    /// `name`
    pub name: String,
    /// `price`
    pub price: Option<Cents>,
    /// `parts`
    pub parts: Vec<Thing>,
    /// Not in the schema.
    pub secret: u8,
}

impl Leaf for Cents {
    fn write(&self, out: &mut Out) -> Written {
        self.0.write(out)
    }
}

impl FromInput for Factor {
    fn from_input(value: &InputValue) -> graphwright::Result<Self> {
        f64::from_input(value).map(Factor)
    }
}
