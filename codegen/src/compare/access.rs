//! Who may do what, before and now: what a review should see in words.
//!
//! In: two access matrices, as [`crate::lock::matrix`] makes them. Out: the entries that differ, each with what its
//! change means for callers, as far as the rules' texts tell. Must not know: how rules are enforced.

use super::{Change, Level};
use crate::parse::expr::{self, Kind, Node, Op, Root};
use std::collections::{BTreeMap, BTreeSet};

/// An entry of the matrix that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessChange {
    /// `Listing.read`, `Query.secret`
    pub name: String,
    /// The rule before; `None` for what is new.
    pub before: Option<String>,
    /// The rule now; `None` for what is gone.
    pub after: Option<String>,
    /// What it means.
    pub effect: Effect,
}

/// What a change means for callers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// There was nothing to ask for before.
    New,
    /// There is nothing to ask for any more.
    Gone,
    /// Everyone may now.
    Everyone,
    /// Nobody may any more.
    Nobody,
    /// Whoever might still may, and others besides.
    More,
    /// Some who might may not any more, and nobody else may.
    Fewer,
    /// The two rules cannot be compared by their texts.
    Other,
}

/// The entries that differ, by name.
pub fn access(
    before: &BTreeMap<String, String>,
    after: &BTreeMap<String, String>,
) -> Vec<AccessChange> {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let changes = names.into_iter().filter_map(|name| {
        let (before, after) = (before.get(name), after.get(name));
        let effect = match (before, after) {
            (Some(before), Some(after)) => effect(before, after)?,
            (None, _) => Effect::New,
            (_, None) => Effect::Gone,
        };
        Some(AccessChange {
            name: name.clone(),
            before: before.cloned(),
            after: after.cloned(),
            effect,
        })
    });
    changes.collect()
}

/// The same as changes of the API, of what was there before and still is.
///
/// Who may not any more what they might is refused with a valid operation: dangerous.
pub fn access_changes(
    before: &BTreeMap<String, String>,
    after: &BTreeMap<String, String>,
) -> Vec<Change> {
    let changes = access(before, after).into_iter();
    changes
        .filter_map(|change| {
            let level = match change.effect {
                Effect::New | Effect::Gone => return None,
                Effect::Everyone | Effect::More => Level::Safe,
                Effect::Nobody | Effect::Fewer | Effect::Other => Level::Dangerous,
            };
            let message = change.words();
            Some(Change::new("ACCESS_CHANGED", level, change.name, message))
        })
        .collect()
}

impl Effect {
    /// The effect in words.
    pub fn text(self) -> &'static str {
        match self {
            Effect::New => "is new",
            Effect::Gone => "is gone",
            Effect::Everyone => "everyone may now",
            Effect::Nobody => "nobody may any more",
            Effect::More => "more callers may",
            Effect::Fewer => "fewer callers may",
            Effect::Other => "other callers may",
        }
    }
}

impl AccessChange {
    /// The change as a sentence: ``Mutation.deletePost: `auth.role == ADMIN` -> everyone: everyone may now``.
    pub fn sentence(&self) -> String {
        format!("{}: {}", self.name, self.words())
    }

    fn words(&self) -> String {
        let effect = self.effect.text();
        match (&self.before, &self.after) {
            (Some(before), Some(after)) => format!("{} -> {}: {effect}", who(before), who(after)),
            (None, Some(after)) => format!("{effect}, for {}", who(after)),
            (Some(before), None) => format!("{effect}, was for {}", who(before)),
            (None, None) => effect.to_owned(),
        }
    }
}

/// A rule as words say it.
pub fn who(rule: &str) -> String {
    match rule {
        "everyone" | "true" => "everyone".to_owned(),
        "nobody" | "false" => "nobody".to_owned(),
        rule => format!("`{rule}`"),
    }
}

fn effect(before: &str, after: &str) -> Option<Effect> {
    let (was, is) = (who(before), who(after));
    Some(match (&*was, &*is) {
        (was, is) if was == is => return None,
        (_, "everyone") => Effect::Everyone,
        (_, "nobody") => Effect::Nobody,
        ("everyone", _) => Effect::Fewer,
        ("nobody", _) => Effect::More,
        _ if implies(before, after) => Effect::More,
        _ if implies(after, before) => Effect::Fewer,
        _ => Effect::Other,
    })
}

/// Whether whoever meets the one rule surely meets the other. `false` where the texts alone do not tell.
fn implies(strong: &str, weak: &str) -> bool {
    let (Ok(strong_tree), Ok(weak_tree)) = (expr::parse(strong), expr::parse(weak)) else {
        return false;
    };
    tree_implies((strong, &strong_tree), (weak, &weak_tree))
}

/// A rule's text and a part of its tree.
type Part<'a> = (&'a str, &'a Node);

fn tree_implies(strong: Part<'_>, weak: Part<'_>) -> bool {
    if said(strong) == said(weak) || is_signed_in(weak.1) && needs_caller(strong.1) {
        return true;
    }
    // Whoever meets one of several meets what all of these imply; what is one of several is met by whoever meets it.
    match (&strong.1.kind, &weak.1.kind) {
        (Kind::Any(parts), _) => parts.iter().all(|p| tree_implies((strong.0, p), weak)),
        (_, Kind::All(parts)) => parts.iter().all(|p| tree_implies(strong, (weak.0, p))),
        (_, Kind::Any(parts)) if parts.iter().any(|p| tree_implies(strong, (weak.0, p))) => true,
        (Kind::All(parts), _) => parts.iter().any(|p| tree_implies((strong.0, p), weak)),
        _ => false,
    }
}

/// The text of a part without its blanks.
fn said((text, node): Part<'_>) -> String {
    let part = &text[node.at.clone()];
    part.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `auth != null`
fn is_signed_in(node: &Node) -> bool {
    let Kind::Compare(Op::Ne, a, b) = &node.kind else {
        return false;
    };
    let caller = |n: &Node| matches!(&n.kind, Kind::Path(Root::Auth, steps) if steps.is_empty());
    let null = |n: &Node| n.kind == Kind::Null;
    caller(a) && null(b) || null(a) && caller(b)
}

/// Compares something of the caller's: unknown, and so refused, where there is no caller.
fn needs_caller(node: &Node) -> bool {
    let of_caller =
        |n: &Node| matches!(&n.kind, Kind::Path(Root::Auth, steps) if !steps.is_empty());
    let null = |n: &Node| n.kind == Kind::Null;
    match &node.kind {
        Kind::Compare(_, a, b) => !null(a) && !null(b) && (of_caller(a) || of_caller(b)),
        Kind::In(a, b) => of_caller(a) || of_caller(b),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(before: &str, after: &str, expect: Option<Effect>) {
        assert_eq!(effect(before, after), expect, "{before} -> {after}");
    }

    #[test]
    fn the_ends_of_the_scale() {
        check("nobody", "everyone", Some(Effect::Everyone));
        check("auth.role == ADMIN", "true", Some(Effect::Everyone));
        check("everyone", "auth != null", Some(Effect::Fewer));
        check("self.published", "false", Some(Effect::Nobody));
        check("nobody", "auth != null", Some(Effect::More));
        check("true", "everyone", None);
        check("a", "a", None);
    }

    #[test]
    fn a_part_more_or_less() {
        let (one, two) = ("self.published", "self.host.id == auth.id");
        let (either, both) = (format!("{one} || {two}"), format!("{one} && {two}"));
        check(one, &either, Some(Effect::More));
        check(&either, two, Some(Effect::Fewer));
        check(&both, one, Some(Effect::More));
        check(one, &both, Some(Effect::Fewer));
        check(&both, &either, Some(Effect::More));
        check(one, two, Some(Effect::Other));
        check(
            &either,
            &format!("{one} || auth.role == ADMIN"),
            Some(Effect::Other),
        );
        let grouped = format!("{one} && ({two} || auth.role == ADMIN)");
        check(&both, &grouped, Some(Effect::More));
    }

    #[test]
    fn a_rule_over_the_caller_needs_one() {
        check("auth != null", "auth.role == ADMIN", Some(Effect::Fewer));
        check(
            "auth.role in [ADMIN, HOST]",
            "auth != null",
            Some(Effect::More),
        );
        // Somebody without a team may be nobody at all.
        check("auth.team == null", "auth != null", Some(Effect::Other));
        check("!(auth.role == ADMIN)", "auth != null", Some(Effect::Other));
    }

    #[test]
    fn a_change_is_a_sentence() {
        let matrix = |entries: &[(&str, &str)]| {
            let own = |(name, rule): &(&str, &str)| ((*name).to_owned(), (*rule).to_owned());
            entries.iter().map(own).collect::<BTreeMap<_, _>>()
        };
        let before = matrix(&[
            ("Mutation.drop", "auth.role == ADMIN"),
            ("Query.old", "everyone"),
            ("Query.same", "everyone"),
        ]);
        let after = matrix(&[
            ("Mutation.drop", "everyone"),
            ("Query.new", "auth != null"),
            ("Query.same", "everyone"),
        ]);
        let found: Vec<String> = access(&before, &after)
            .iter()
            .map(AccessChange::sentence)
            .collect();
        assert_eq!(
            found,
            [
                "Mutation.drop: `auth.role == ADMIN` -> everyone: everyone may now",
                "Query.new: is new, for `auth != null`",
                "Query.old: is gone, was for everyone",
            ]
        );
    }
}
