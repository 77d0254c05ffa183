//! Two versions of a schema compared as clients feel the difference.
//!
//! In: two resolved schemas. Out: every [`Change`], graded. Must not know: where the schemas come from, files, git.
//!
//! Only what clients can see is compared: hidden types and fields are not there. One rule, one file. The grades are those
//! that graphql-js (`findBreakingChanges`, `findDangerousChanges`) gives, and so are the names of the kinds, except:
//!
//! - Directives that stand only in schemas (`directive @audited on FIELD_DEFINITION`) can appear in no operation: what
//!   happens to them is safe.
//! - A default that goes from an argument or input field that must not be null makes it required: breaking. One that
//!   comes to a nullable argument changes what leaving it out means: dangerous.
//! - Roots, `@oneOf`, `@specifiedBy`, deprecations and the directives that tell clients of costs are compared, too.

mod access;
mod arguments;
mod defaults;
mod deprecations;
mod descriptions;
mod directives;
mod enums;
mod fields;
mod hints;
mod inputs;
mod interfaces;
mod one_of;
mod roots;
mod scalars;
mod sides;
#[cfg(test)]
mod tests;
mod types;
mod unions;
mod variance;

pub use access::{AccessChange, Effect, access, access_changes, who};

use crate::ir::Schema;
use crate::source::Span;
use sides::Sides;
use std::fmt;

/// How much a client feels a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Operations that were valid are refused, or their results no longer have the form that clients were promised.
    Breaking,
    /// Operations stay valid, but a client may meet what it was not written for.
    Dangerous,
    /// Nobody who reads results as the specification says can tell.
    Safe,
}

/// A change of the public API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What kind of change: one of [`KINDS`].
    pub kind: &'static str,
    /// How much a client feels it.
    pub level: Level,
    /// What changed, as a schema coordinate: `Query.search(limit:)`, `@cached`, `Color.RED`.
    pub coordinate: String,
    /// One sentence without a full stop.
    pub message: String,
    /// Where it stood; `None` for what is new.
    pub before: Option<Span>,
    /// Where it stands; `None` for what is gone.
    pub after: Option<Span>,
}

/// Every kind of change there is. Those of graphql-js have its names.
pub const KINDS: &[&str] = &[
    "ACCESS_CHANGED",
    "ARG_BECAME_REQUIRED",
    "ARG_CHANGED_KIND",
    "ARG_CHANGED_KIND_SAFE",
    "ARG_DEFAULT_VALUE_ADDED",
    "ARG_DEFAULT_VALUE_CHANGE",
    "ARG_REMOVED",
    "CACHE_CHANGED",
    "COST_CHANGED",
    "DEPRECATION_ADDED",
    "DEPRECATION_REASON_CHANGED",
    "DEPRECATION_REMOVED",
    "DESCRIPTION_CHANGED",
    "DIRECTIVE_ADDED",
    "DIRECTIVE_ARG_REMOVED",
    "DIRECTIVE_LOCATION_ADDED",
    "DIRECTIVE_LOCATION_REMOVED",
    "DIRECTIVE_REMOVED",
    "DIRECTIVE_REPEATABLE_ADDED",
    "DIRECTIVE_REPEATABLE_REMOVED",
    "FIELD_ADDED",
    "FIELD_CHANGED_KIND",
    "FIELD_CHANGED_KIND_SAFE",
    "FIELD_REMOVED",
    "IMPLEMENTED_INTERFACE_ADDED",
    "IMPLEMENTED_INTERFACE_REMOVED",
    "INPUT_BECAME_ONE_OF",
    "INPUT_CEASED_TO_BE_ONE_OF",
    "INPUT_FIELD_BECAME_REQUIRED",
    "INPUT_FIELD_DEFAULT_VALUE_ADDED",
    "INPUT_FIELD_DEFAULT_VALUE_CHANGE",
    "OPTIONAL_ARG_ADDED",
    "OPTIONAL_DIRECTIVE_ARG_ADDED",
    "OPTIONAL_INPUT_FIELD_ADDED",
    "REQUIRED_ARG_ADDED",
    "REQUIRED_DIRECTIVE_ARG_ADDED",
    "REQUIRED_INPUT_FIELD_ADDED",
    "ROOT_ADDED",
    "ROOT_CHANGED",
    "ROOT_REMOVED",
    "SPECIFIED_BY_CHANGED",
    "TYPE_ADDED",
    "TYPE_ADDED_TO_UNION",
    "TYPE_CHANGED_KIND",
    "TYPE_REMOVED",
    "TYPE_REMOVED_FROM_UNION",
    "VALUE_ADDED_TO_ENUM",
    "VALUE_REMOVED_FROM_ENUM",
];

/// Compares two schemas. Answers the changes, the gravest first, then by coordinate.
pub fn compare(before: &Schema, after: &Schema) -> Vec<Change> {
    let sides = Sides::new(before, after);
    let mut found = Vec::new();
    for rule in RULES {
        rule(&sides, &mut found);
    }
    sort(&mut found);
    found
}

/// Puts changes into the order of [`compare`].
pub fn sort(changes: &mut [Change]) {
    fn key(change: &Change) -> (Level, &str, &str, &str) {
        (
            change.level,
            &change.coordinate,
            change.kind,
            &change.message,
        )
    }
    changes.sort_by(|a, b| key(a).cmp(&key(b)));
}

/// Looks at both sides and says what differs.
type Rule = fn(&Sides<'_>, &mut Vec<Change>);

const RULES: &[Rule] = &[
    roots::check,
    types::check,
    scalars::check,
    fields::check,
    arguments::check,
    interfaces::check,
    unions::check,
    enums::check,
    inputs::check,
    one_of::check,
    defaults::check,
    directives::check,
    deprecations::check,
    descriptions::check,
    hints::check,
];

impl Change {
    fn breaking(kind: &'static str, coordinate: impl Into<String>, message: String) -> Change {
        Change::new(kind, Level::Breaking, coordinate.into(), message)
    }

    fn dangerous(kind: &'static str, coordinate: impl Into<String>, message: String) -> Change {
        Change::new(kind, Level::Dangerous, coordinate.into(), message)
    }

    fn safe(kind: &'static str, coordinate: impl Into<String>, message: String) -> Change {
        Change::new(kind, Level::Safe, coordinate.into(), message)
    }

    fn new(kind: &'static str, level: Level, coordinate: String, message: String) -> Change {
        debug_assert!(KINDS.contains(&kind), "{kind} is missing in KINDS");
        Change {
            kind,
            level,
            coordinate,
            message,
            before: None,
            after: None,
        }
    }

    /// Where it stood and stands.
    fn at(mut self, before: impl Into<Option<Span>>, after: impl Into<Option<Span>>) -> Change {
        (self.before, self.after) = (before.into(), after.into());
        self
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Level::Breaking => "breaking",
            Level::Dangerous => "dangerous",
            Level::Safe => "safe",
        })
    }
}
