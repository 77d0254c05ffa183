//! Validation of documents, <https://spec.graphql.org/September2025/#sec-Validation>.
//!
//! In: a document, a schema. Out: what is wrong with it. Must not know: plans, values of variables, applications.
//!
//! One walk (`walk`, `values`) goes over the document with the types at hand and asks the rules that look at one place; it
//! leaves the document in numbers (`walked`) for the rules that look at the whole. Each rule is a file under `rules`. The
//! time is linear in the document's size, apart from the merging of fields, which has a budget.

mod findings;
mod rules;
mod same;
#[cfg(test)]
mod tests;
mod unique;
mod values;
mod variables;
mod walk;
mod walked;

use self::findings::Findings;
use self::rules::{
    executable_definitions, field_selection_merging, fragment_name_uniqueness,
    fragment_spreads_must_not_form_cycles, fragments_must_be_used, incremental_delivery,
    lone_anonymous_operation, operation_name_uniqueness,
};
use crate::engine::response::Problem;
use crate::engine::schema::Schema;
use crate::engine::syntax::{Document, Name};

/// What is wrong with a document, in the order of the text; nothing if it can be executed. At most about fifty problems are
/// told.
///
/// `suggest`: whether messages may name what the schema has in place of what was written. Where introspection is switched
/// off they should not, for whoever asks long enough learns the whole schema from them.
pub(crate) fn validate(schema: &Schema, document: &Document<'_>, suggest: bool) -> Vec<Problem> {
    let mut cx = Context {
        schema,
        document,
        found: Findings::new(suggest),
    };
    executable_definitions::check(&mut cx);
    lone_anonymous_operation::check(&mut cx);
    operation_name_uniqueness::check(&mut cx);
    fragment_name_uniqueness::check(&mut cx);
    let walked = walk::walk(&mut cx);
    if !document.fragments.is_empty() {
        fragment_spreads_must_not_form_cycles::check(&mut cx, &walked);
        fragments_must_be_used::check(&mut cx, &walked);
    }
    variables::check(&mut cx, &walked);
    if !walked.incremental.is_empty() {
        incremental_delivery::labels(&mut cx, &walked);
        incremental_delivery::not_in_subscriptions(&mut cx, &walked);
    }
    field_selection_merging::check(&mut cx, &walked);
    cx.found.into_problems(document)
}

/// What every rule works with.
struct Context<'a, 'd> {
    schema: &'a Schema,
    document: &'a Document<'d>,
    found: Findings,
}

/// What arguments belong to.
#[derive(Clone, Copy)]
enum Owner<'n> {
    /// A field of a type.
    Field(u16, &'n Name<'n>),
    Directive(&'n Name<'n>),
}

impl Owner<'_> {
    fn text(self, schema: &Schema) -> String {
        match self {
            Owner::Field(ty, name) => format!("`{}.{name}`", schema.ty(ty).name),
            Owner::Directive(name) => format!("`@{name}`"),
        }
    }
}
