//! The counter of development: which field goes to the database again and again, once for each of its parents.
//!
//! In: how often each position took the operation's connection. Out: a line of the log. Must not know: statements.
//!
//! Batched resolvers take it once, however many parents they have. It is counted in builds with debug assertions alone.

use crate::context::Context;
use crate::engine::plan::Plan;

/// How often one field may take the connection before the log says so.
pub(crate) const MANY: u32 = 20;

/// Tells of the fields that took the connection more often than that.
pub(crate) fn tell<Auth>(plan: &Plan, cx: &Context<Auth>) {
    for (field, times) in cx.turns() {
        if times > MANY {
            tracing::warn!(
                target: "graphwright::turns",
                request_id = cx.request_id(),
                field = plan.field_name(field),
                times,
                "one field asked the database that many times in one operation: fetch for all parents at once (`@resolver` instead of `@each`, `Batch::by_key`)",
            );
        }
    }
}
