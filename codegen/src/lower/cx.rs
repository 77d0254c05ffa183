//! Reading our directives: which are ours, what their arguments say, and where.
//!
//! In: uses of directives. Out: values and places. Must not know: what the directives mean.
//! An argument of the wrong kind reads as absent: the rules of the specification report it.

use super::literal;
use crate::ir::{Directive, Schema, Value};
use crate::source::{Sources, Span};
use std::collections::BTreeSet;

/// What every part of the lowering may look at.
pub(super) struct Cx<'a> {
    sources: &'a Sources,
    /// Names of directives that are ours in this schema: a user's own definition of the same name wins.
    ours: BTreeSet<String>,
}

impl<'a> Cx<'a> {
    pub(super) fn new(sources: &'a Sources, schema: &Schema) -> Self {
        let ours = schema
            .shipped_directives
            .keys()
            .filter(|name| schema.is_ours(name))
            .cloned()
            .collect();
        Cx { sources, ours }
    }

    /// The use of our directive of this name.
    pub(super) fn get<'d>(&self, directives: &'d [Directive], name: &str) -> Option<&'d Directive> {
        directives
            .iter()
            .find(|d| d.name == name && self.ours.contains(name))
    }

    /// Every use of our directive of this name.
    pub(super) fn all<'d>(
        &self,
        directives: &'d [Directive],
        name: &'static str,
    ) -> impl Iterator<Item = &'d Directive> {
        let ours = self.ours.contains(name);
        directives.iter().filter(move |d| ours && d.name == name)
    }

    /// The first of some directives that is used.
    pub(super) fn any<'d>(
        &self,
        directives: &'d [Directive],
        names: &[&str],
    ) -> Option<&'d Directive> {
        directives
            .iter()
            .find(|d| names.contains(&d.name.as_str()) && self.ours.contains(&d.name))
    }

    /// The text that stands at a place.
    pub(super) fn source(&self, span: Span) -> &'a str {
        let range = span.start as usize..span.end as usize;
        self.sources
            .0
            .get(span.file.0 as usize)
            .and_then(|s| s.text.get(range))
            .unwrap_or("")
    }

    /// A part of the value of a string literal: the place in the file, also in block strings and behind escapes.
    pub(super) fn inside(&self, literal: Span, value: &str, part: std::ops::Range<usize>) -> Span {
        literal::part(self.source(literal), value, part).map_or(literal, |range| Span {
            file: literal.file,
            start: literal.start + range.start as u32,
            end: literal.start + range.end as u32,
        })
    }

    /// Item number `index` of a list literal.
    pub(super) fn item(&self, list: Span, index: usize) -> Span {
        literal::item(self.source(list), index).map_or(list, |range| Span {
            file: list.file,
            start: list.start + range.start as u32,
            end: list.start + range.end as u32,
        })
    }
}

/// A string argument.
pub(super) fn text<'d>(directive: &'d Directive, arg: &str) -> Option<&'d str> {
    match directive.arg(arg) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}

/// An enum argument.
pub(super) fn word<'d>(directive: &'d Directive, arg: &str) -> Option<&'d str> {
    match directive.arg(arg) {
        Some(Value::Enum(word)) => Some(word),
        _ => None,
    }
}

/// A boolean argument.
pub(super) fn flag(directive: &Directive, arg: &str) -> Option<bool> {
    match directive.arg(arg) {
        Some(Value::Boolean(flag)) => Some(*flag),
        _ => None,
    }
}

/// A number as argument.
pub(super) fn number(directive: &Directive, arg: &str) -> Option<f64> {
    match directive.arg(arg) {
        Some(Value::Int(text) | Value::Float(text)) => text.parse().ok(),
        _ => None,
    }
}

/// A list of strings or enum values; one value stands for a list of it.
pub(super) fn words<'d>(directive: &'d Directive, arg: &str) -> Option<Vec<&'d str>> {
    let one = |value: &'d Value| match value {
        Value::String(text) | Value::Enum(text) => Some(text.as_str()),
        _ => None,
    };
    match directive.arg(arg)? {
        Value::List(items) => Some(items.iter().filter_map(one).collect()),
        value => one(value).map(|text| vec![text]),
    }
}
