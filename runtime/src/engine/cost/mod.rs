//! What an operation may cost: how many objects it can make at most, as far as the schema says.
//!
//! In: a plan, the hints of the schema, the values of one request. Out: a number, or what is missing to know it.
//! Must not know: results.
//!
//! The directives are those of the GraphQL cost specification (<https://ibm.github.io/graphql-specs/cost-spec.html>):
//! a field costs its weight and what is below it, times the length of its list. Whatever does not depend on variables is
//! added up once, when the document is planned.

use crate::engine::coerce::{ArgPlan, ArgSet};
use crate::engine::hints::{Hints, More};
use crate::engine::plan::{Field, Origin, Plan, Sel, Sub};
use crate::engine::prepared::Prepared;
use crate::engine::schema::SchemaDef;
use crate::engine::value::InputValue;

/// What a selection costs: a number, and what depends on the request.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    fixed: u64,
    rest: Vec<Node>,
}

/// A field that depends on the request, or has such fields below it.
#[derive(Debug)]
struct Node {
    /// [`Field::cond`]
    cond: u16,
    /// [`Field::args`], for the weights of arguments.
    args: u16,
    weights: Vec<(Box<str>, u32)>,
    size: Size,
    /// For each type that an object there may have: the greatest counts.
    below: Vec<Tally>,
}

/// How many values there are.
#[derive(Debug, Clone)]
enum Size {
    Known(u64),
    /// As many as the greatest of these arguments says.
    Asked {
        args: u16,
        names: Vec<Box<str>>,
        assumed: u64,
        /// `Type.field`, if exactly one of them must be given.
        required: Option<Box<str>>,
    },
}

/// Why there is no number; for the client.
pub(crate) type Unknown = String;

/// Makes the tally of a plan. `list` is the length of lists of which nothing is said.
pub(crate) fn tally(hints: &Hints, def: &SchemaDef, plan: &Plan, list: usize) -> Tally {
    let maker = Maker {
        hints,
        def,
        plan,
        list: list as u64,
    };
    maker.selection(&plan.root, 0, None)
}

impl Tally {
    /// What the operation costs in this request.
    pub(crate) fn cost(&self, prepared: &Prepared<'_>) -> Result<u64, Unknown> {
        let mut sum = self.fixed;
        for node in &self.rest {
            sum = sum.saturating_add(node.cost(prepared)?);
        }
        Ok(sum)
    }
}

impl Node {
    fn cost(&self, prepared: &Prepared<'_>) -> Result<u64, Unknown> {
        if self.cond != 0 && !prepared.conditions[self.cond as usize - 1] {
            return Ok(0);
        }
        let own = weigh(&self.weights, given(prepared, self.args));
        let size = match &self.size {
            Size::Known(size) => *size,
            asked @ Size::Asked { args, .. } => asked.count(given(prepared, *args))?,
        };
        let mut most = 0;
        for tally in &self.below {
            most = most.max(tally.cost(prepared)?);
        }
        Ok(own.saturating_add(size.saturating_mul(most)))
    }
}

impl Size {
    fn count(&self, given: &[(String, InputValue)]) -> Result<u64, Unknown> {
        let Size::Asked {
            names,
            assumed,
            required,
            ..
        } = self
        else {
            return Ok(1);
        };
        let numbers = given
            .iter()
            .filter(|(name, _)| names.iter().any(|n| **n == **name));
        let numbers: Vec<i64> = numbers
            .filter_map(|(_, value)| match value {
                InputValue::Int(number) => Some(*number),
                _ => None,
            })
            .collect();
        match required {
            Some(field) if numbers.len() != 1 => Err(format!(
                "`{field}` needs exactly one of the arguments `{}`",
                names.join("`, `")
            )),
            _ => Ok(numbers
                .iter()
                .max()
                .map_or(*assumed, |most| (*most).max(0) as u64)),
        }
    }
}

fn given<'a>(prepared: &'a Prepared<'_>, args: u16) -> &'a [(String, InputValue)] {
    match prepared.args.get(args as usize) {
        Some(ArgSet::Constant(values)) => values,
        Some(ArgSet::Made(Ok(values))) => values,
        // The field fails, and makes nothing.
        Some(ArgSet::Made(Err(_))) | None => &[],
    }
}

fn weigh(weights: &[(Box<str>, u32)], given: &[(String, InputValue)]) -> u64 {
    let is_given = |name: &str| {
        given
            .iter()
            .any(|(known, value)| known == name && !matches!(value, InputValue::Null))
    };
    let found = weights.iter().filter(|(name, _)| is_given(name));
    found.map(|(_, weight)| u64::from(*weight)).sum()
}

struct Maker<'p> {
    hints: &'p Hints,
    def: &'p SchemaDef,
    plan: &'p Plan,
    list: u64,
}

impl Maker<'_> {
    /// `sized` is what a page said of the lists in it.
    fn selection(&self, sel: &Sel, weight: u64, sized: Option<(&More, &Size)>) -> Tally {
        let mut tally = Tally {
            fixed: weight,
            rest: Vec::new(),
        };
        for field in &sel.fields {
            if matches!(field.origin, Origin::Own | Origin::Operation) {
                self.field(sel.ty, field, sized, &mut tally);
            }
        }
        tally
    }

    fn field(&self, ty: u16, field: &Field, sized: Option<(&More, &Size)>, into: &mut Tally) {
        let Some(hint) = self.hints.field(ty, field.fid) else {
            return;
        };
        let more = hint.more.as_deref();
        // Most fields: a value of which the schema says nothing.
        if matches!(field.sub, Sub::None) && more.is_none() && hint.weight.unwrap_or(0) == 0 {
            return;
        }
        let def = &self.def.types[ty as usize].fields[field.fid as usize];
        let own = self.size(ty, field, more);
        let page = sized.filter(|(page, _)| page.sized.iter().any(|name| **name == *def.name));
        let size = match (page, hint.list) {
            (Some((_, size)), true) => size.clone(),
            (None, true) => own.clone(),
            (_, false) => Size::Known(1),
        };
        let lists = more.filter(|more| !hint.list && !more.sized.is_empty());
        let lists = lists.map(|more| (more, &own));
        let weight = |ty| u64::from(hint.weight.unwrap_or_else(|| self.hints.weight(ty)));
        let below = match &field.sub {
            Sub::None => vec![Tally {
                fixed: u64::from(hint.weight.unwrap_or(0)),
                rest: Vec::new(),
            }],
            Sub::One(sel) => vec![self.selection(sel, weight(sel.ty), lists)],
            Sub::Many { parts, .. } => parts
                .iter()
                .map(|part| self.selection(part, weight(part.ty), lists))
                .collect(),
        };
        let node = Node {
            cond: field.cond,
            args: field.args,
            weights: more.map_or_else(Vec::new, |more| more.arguments.clone()),
            size,
            below,
        };
        match self.fixed(&node) {
            Some(known) => into.fixed = into.fixed.saturating_add(known),
            None => into.rest.push(node),
        }
    }

    /// What the slicing arguments of a field say, or what is assumed.
    fn size(&self, ty: u16, field: &Field, more: Option<&More>) -> Size {
        let assumed = more.and_then(|more| more.assumed);
        let assumed = assumed.map_or(self.list, u64::from);
        match more.filter(|more| !more.slicing.is_empty()) {
            None => Size::Known(assumed),
            Some(more) => {
                let ty = &self.def.types[ty as usize];
                let name = || format!("{}.{}", ty.name, ty.fields[field.fid as usize].name);
                let asked = Size::Asked {
                    args: field.args,
                    names: more.slicing.clone(),
                    assumed,
                    required: more.require_one.then(|| name().into()),
                };
                match self.constant(field.args).map(|given| asked.count(given)) {
                    Some(Ok(size)) => Size::Known(size),
                    _ => asked,
                }
            }
        }
    }

    /// The arguments, if no variable is in them.
    fn constant(&self, args: u16) -> Option<&[(String, InputValue)]> {
        match self.plan.args.get(args as usize) {
            None => Some(&[]),
            Some(ArgPlan::Constant(values)) => Some(values),
            Some(ArgPlan::Made(_)) => None,
        }
    }

    /// What a field costs in every request, if that is the same.
    fn fixed(&self, node: &Node) -> Option<u64> {
        let Size::Known(size) = node.size else {
            return None;
        };
        if node.cond != 0 || node.below.iter().any(|tally| !tally.rest.is_empty()) {
            return None;
        }
        let own = match node.weights.is_empty() {
            true => 0,
            false => weigh(&node.weights, self.constant(node.args)?),
        };
        let most = node
            .below
            .iter()
            .map(|tally| tally.fixed)
            .max()
            .unwrap_or(0);
        Some(own.saturating_add(size.saturating_mul(most)))
    }
}

#[cfg(test)]
mod tests;
