//! What of a list is delivered later: the items behind the first, with a plan of their own for what is below them.
//!
//! In: a field whose selection is planned already. Out: the same once more, for the others. Must not know: results.
//!
//! So each of the two has levels and slots of its own, and the later one is a part of the operation like a group of
//! deferred fields. A list comes whole where no resolver must be called for its items, where it holds lists, where it
//! is a member of its parent, where it is a relation or an operation of a model, and where more than one fragment
//! defers it.

use super::collect::Occurrence;
use super::{Lowered, Planner, small};
use crate::engine::out::Key;
use crate::engine::plan::{Field, NONE, Stream};
use crate::engine::schema::{self, Source};
use crate::engine::syntax::ast::{self, Directive, ValueKind};
use crate::engine::value::InputValue;

impl<'a, 'd> Planner<'a, 'd> {
    /// Whether a list is to be streamed from an item before its first one.
    pub(super) fn is_negative(&mut self, asked: &ast::Field<'d>) -> Lowered<bool> {
        let Some(directive) = streamed(asked) else {
            return Ok(false);
        };
        let negative =
            self.known.is_some() && self.wanted(directive) && self.initial(directive) < 0;
        if negative {
            // A plan without a part that may come later is not executed in parts: the whole list would come.
            self.later.groups = small(self.later.groups as usize + 1)?;
        }
        Ok(negative)
    }

    /// The part of the list that comes later, if the transport, the request and the list let it.
    pub(super) fn stream(
        &mut self,
        field: &Field,
        def: &schema::Field,
        occurrences: &[Occurrence<'a, 'd>],
    ) -> Lowered<Option<Box<Stream>>> {
        let asked = occurrences[0].field;
        let (Some(directive), Some((_, table))) = (streamed(asked), def.def) else {
            return Ok(None);
        };
        let may = self.wanted(directive)
            && self.later.may
            && self.later.asking.len() <= 1
            && matches!(table.source, Source::Resolver)
            && def.ty.wrap.lists() == 1
            && field.sub.level() != NONE;
        if !may {
            return Ok(None);
        }
        let initial = usize::try_from(self.initial(directive)).unwrap_or(0);
        let usage = self.usage(directive, true, self.later.asking.first().copied())?;
        self.later.groups = small(self.later.groups as usize + 1)?;
        let group = self.later.groups;
        let outer = (self.later.group, self.later.list);
        (self.later.group, self.later.list) = (group, Some(usage));
        let sub = self.below(table.ty, occurrences, true)?;
        (self.later.group, self.later.list) = outer;
        let field = Field {
            key: Key::new(asked.key().text),
            sub,
            stream: None,
            ..*field
        };
        Ok(Some(Box::new(Stream {
            initial,
            group,
            usage,
            field,
        })))
    }

    /// How many items come at once.
    fn initial(&self, directive: &Directive<'d>) -> i64 {
        match directive.argument("initialCount").map(|value| &value.kind) {
            Some(ValueKind::Int(digits)) => digits.parse().unwrap_or(0),
            Some(ValueKind::Variable(variable)) => match self.value(variable) {
                Some(InputValue::Int(value)) => *value,
                _ => 0,
            },
            _ => 0,
        }
    }
}

fn streamed<'f, 'd>(asked: &'f ast::Field<'d>) -> Option<&'f Directive<'d>> {
    asked.directives.iter().find(|found| found.name == "stream")
}
