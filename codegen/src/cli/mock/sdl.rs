//! SDL as the mock's engine takes it: checked with every rule, printed as clients see it.
//!
//! In: SDL files. Out: the public SDL, and a query to try. Must not know: values.

use super::example;
use crate::diagnostic::Diagnostics;
use crate::load::Inputs;
use crate::{pipeline, print};

/// The public SDL and a query to try; none when there are errors.
pub(super) fn read(inputs: &Inputs, diagnostics: &mut Diagnostics) -> Option<(String, String)> {
    let ir = pipeline::check(inputs, diagnostics)?;
    Some((print::sdl(&ir.schema), example::query(&ir.schema)))
}
