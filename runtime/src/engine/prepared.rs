//! What an operation has of its variables and its caller: decided once, before anything runs.
//!
//! In: a plan, the variables' values, the caller. Out: conditions, refusals, arguments. Must not know: results.

use crate::context::Context;
use crate::engine::coerce::{self, ArgSet, Values};
use crate::engine::introspection::Introspection;
use crate::engine::lookahead::Asked;
use crate::engine::plan::Plan;
use crate::model::{Caller, allows};

/// A plan with everything that the variables and the caller decide. The events of a subscription and the deferred parts
/// of an operation share it.
#[derive(Debug)]
pub(crate) struct Prepared<'p> {
    pub(crate) plan: &'p Plan,
    pub(crate) values: &'p Values,
    /// [`Asked::conditions`]
    pub(crate) conditions: &'p [bool],
    /// By [`Field::guard`](super::plan::Field::guard): whether the caller must not have the field.
    pub(crate) denied: Box<[bool]>,
    /// By [`Field::args`](super::plan::Field::args).
    pub(crate) args: Box<[ArgSet<'p>]>,
    /// Introspection, rendered.
    pub(crate) constants: &'p [Box<[u8]>],
}

impl<'p> Prepared<'p> {
    /// For that caller and these values; `made` is the introspection that depends on them.
    pub(crate) fn new<Auth: Caller>(
        Asked { plan, conditions }: &'p Asked,
        values: &'p Values,
        made: Option<&'p [Box<[u8]>]>,
        cx: &Context<Auth>,
    ) -> Self {
        let caller = cx.auth().map(|auth| auth as &dyn Caller);
        let mut left = coerce::COPIED;
        Prepared {
            plan,
            values,
            conditions,
            denied: plan.guards.iter().map(|r| !allows(r, caller)).collect(),
            args: plan
                .args
                .iter()
                .map(|args| coerce::make(args, values, &mut left))
                .collect(),
            constants: match (made, &plan.introspection) {
                (Some(made), _) => made,
                (None, Introspection::Rendered(bytes)) => bytes,
                _ => &[],
            },
        }
    }
}
