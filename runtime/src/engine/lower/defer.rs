//! What of a selection is delivered later: one group of fields for each set of fragments with `@defer` that ask for them.
//!
//! In: the fields of a selection set, each with the fragment that it stands in. Out: a selection with its groups.
//! Must not know: results, payloads.
//!
//! A field that is asked for at once, too, is not deferred; and nothing is that no resolver must be called for. Below
//! rows of models nothing is deferred either: they are loaded as a whole.

use super::collect::{Collected, Occurrence};
use super::{Lowered, Planner, small};
use crate::engine::plan::{Condition, Field, Group, Later, Sel, Usage};
use crate::engine::schema::Shape;
use crate::engine::syntax::ast::{Directive, ValueKind, Variable};
use crate::engine::value::InputValue;

/// How far the planner has come with what is deferred.
pub(super) struct Deferring {
    /// Whether the document asks for it somewhere.
    pub(super) seen: bool,
    /// Whether it is done, and here.
    pub(super) may: bool,
    pub(super) usages: Vec<Usage>,
    pub(super) groups: u16,
    /// The group that is planned, and the fragments that ask for it.
    pub(super) group: u16,
    pub(super) asking: Vec<u16>,
    /// The nearest list around it whose items are planned that come later.
    pub(super) list: Option<u16>,
}

impl Deferring {
    pub(super) fn new(may: bool) -> Self {
        Deferring {
            seen: false,
            may,
            usages: Vec::new(),
            groups: 0,
            group: 0,
            asking: Vec::new(),
            list: None,
        }
    }

    /// Whether one of the fragments stands in another one of them, which then decides.
    fn within(&self, usage: u16, others: &[u16]) -> bool {
        let mut around = self.usages[usage as usize].parent;
        while let Some(parent) = around {
            if others.contains(&parent) {
                return true;
            }
            around = self.usages[parent as usize].parent;
        }
        false
    }
}

/// Fields that the same fragments defer, each with its place and whether the level pass must come there.
type Fields = Vec<(u32, Field, bool)>;

impl<'a, 'd> Planner<'a, 'd> {
    pub(super) fn may_defer(&self, ty: u16) -> Lowered<bool> {
        Ok(self.later.may && self.table(ty)?.shape == Shape::Object)
    }

    /// In which fragment with `@defer` that is which has these directives and stands in `outer`.
    pub(super) fn defer(
        &mut self,
        directives: &[Directive<'d>],
        outer: Option<u16>,
        into: &mut Collected<'a, 'd>,
    ) -> Lowered<Option<u16>> {
        let Some(directive) = directives.iter().find(|d| d.name == "defer") else {
            return Ok(outer);
        };
        if !self.wanted(directive) || !self.later.may {
            return Ok(outer);
        }
        let usage = self.usage(directive, false, outer)?;
        into.opens.push(usage);
        Ok(Some(usage))
    }

    /// Whether `@defer` or `@stream` has an effect.
    pub(super) fn wanted(&mut self, directive: &Directive<'d>) -> bool {
        let wanted = match directive.argument("if").map(|value| &value.kind) {
            Some(ValueKind::Boolean(value)) => *value,
            Some(ValueKind::Variable(variable)) => {
                // An ordinary plan does not know; it says that there may be something to defer.
                self.known.is_none() || self.value(variable) != Some(&InputValue::Bool(false))
            }
            _ => true,
        };
        self.later.seen |= wanted;
        wanted
    }

    /// The value of a variable, where it is known and given.
    pub(super) fn value(&self, variable: &Variable<'d>) -> Option<&'a InputValue> {
        let place = self.places.of(variable).ok()?;
        self.known?.get(usize::from(place))?.as_ref()
    }

    /// The number of a `@defer` or a `@stream` that stands in the fragment `outer`, or in a list that is streamed.
    pub(super) fn usage(
        &mut self,
        directive: &Directive<'d>,
        list: bool,
        outer: Option<u16>,
    ) -> Lowered<u16> {
        let usage = small(self.later.usages.len())?;
        let label = match directive.argument("label").map(|value| &value.kind) {
            Some(ValueKind::String(label)) => Some(Box::from(&**label)),
            _ => None,
        };
        self.later.usages.push(Usage {
            label,
            list,
            // What stands in the other has the larger number.
            parent: outer.max(self.later.list),
        });
        Ok(usage)
    }

    /// A selection of which some fields are deferred. What is asked for at one key stands together.
    pub(super) fn deferred_sel(
        &mut self,
        ty: u16,
        collected: Collected<'a, 'd>,
        rows: bool,
    ) -> Lowered<Sel> {
        let (mut now, mut later) = (Fields::new(), Vec::<(Vec<u16>, Vec<&[_]>)>::new());
        for occurrences in collected.fields.chunk_by(|a, b| a.key == b.key) {
            let asking = self.asking(occurrences);
            if asking == self.later.asking {
                now.push(self.placed(ty, occurrences)?);
                continue;
            }
            match later.iter_mut().find(|(known, _)| *known == asking) {
                Some((_, all)) => all.push(occurrences),
                None => later.push((asking, vec![occurrences])),
            }
        }
        let mut groups = Vec::new();
        for (asking, all) in later {
            groups.extend(self.group(ty, asking, &all, &mut now)?);
        }
        now.sort_by_key(|(place, ..)| *place);
        let (fields, work) = split(now)?;
        // A fragment without a group here may have one below.
        let said = !groups.is_empty() || !collected.opens.is_empty();
        let later = said.then(|| {
            Box::new(Later {
                opens: collected.opens.into(),
                groups: groups.into(),
            })
        });
        self.made(ty, fields, work, later, rows)
    }

    /// A group, unless there is nothing to call a resolver for: then its fields come at once.
    fn group(
        &mut self,
        ty: u16,
        asking: Vec<u16>,
        all: &[&[Occurrence<'a, 'd>]],
        now: &mut Fields,
    ) -> Lowered<Option<Group>> {
        self.later.groups = small(self.later.groups as usize + 1)?;
        let no = self.later.groups;
        let outer = std::mem::replace(&mut self.later.group, no);
        let around = std::mem::replace(&mut self.later.asking, asking.clone());
        let mut fields = Fields::new();
        for occurrences in all {
            fields.push(self.placed(ty, occurrences)?);
        }
        let group = if fields.iter().any(|(.., visit)| *visit) {
            let (fields, work) = split(fields)?;
            Some(Group {
                no,
                usages: asking.into(),
                sel: self.made(ty, fields, work, None, false)?,
            })
        } else {
            now.extend(fields);
            self.later.groups -= 1;
            None
        };
        (self.later.group, self.later.asking) = (outer, around);
        Ok(group)
    }

    fn placed(
        &mut self,
        ty: u16,
        occurrences: &[Occurrence<'a, 'd>],
    ) -> Lowered<(u32, Field, bool)> {
        let (field, visit) = self.field(ty, Condition::default(), occurrences)?;
        Ok((occurrences[0].place, field, visit))
    }

    /// The fragments that defer a field: none if it is asked for outside of them, too.
    fn asking(&self, occurrences: &[Occurrence<'_, '_>]) -> Vec<u16> {
        let Some(mut asking) = occurrences
            .iter()
            .map(|occurrence| occurrence.defer)
            .collect::<Option<Vec<u16>>>()
        else {
            return Vec::new();
        };
        asking.sort_unstable();
        asking.dedup();
        let all = asking.clone();
        asking.retain(|usage| !self.later.within(*usage, &all));
        asking
    }
}

fn split(all: Fields) -> Lowered<(Vec<Field>, Vec<u16>)> {
    let (mut fields, mut work) = (Vec::with_capacity(all.len()), Vec::new());
    for (_, field, visit) in all {
        if visit {
            work.push(small(fields.len())?);
        }
        fields.push(field);
    }
    Ok((fields, work))
}
