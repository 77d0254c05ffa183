//! Look-ahead: what the operation asks for below the field whose resolver runs.
//!
//! In: a plan, the field that is being resolved. Out: names of fields below it. Must not know: results, responses.
//!
//! One context serves all positions of an operation, and their resolvers run at the same time: which of them asks is
//! the one that is being polled. The level pass notes it for the time of the poll, which costs a store on each side;
//! nothing else is paid for by those who do not ask.

use std::cell::Cell;
use std::sync::Arc;

use crate::engine::coerce::Values;
use crate::engine::plan::{Field, Origin, Plan, Sel, Sub};
use crate::engine::schema::SchemaDef;

thread_local! {
    static POLLED: Cell<Position> = const { Cell::new(Position::NONE) };
}

/// A field of a plan, while its resolver is polled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Position {
    /// Where the plan lies: tells the operations apart that a thread takes turns with.
    plan: usize,
    /// Number of the field in the plan.
    pub(crate) field: u32,
}

impl Position {
    const NONE: Position = Position {
        plan: 0,
        field: u32::MAX,
    };

    /// That field of that plan.
    pub(crate) fn new(plan: &Plan, field: &Field) -> Self {
        Position {
            plan: std::ptr::from_ref(plan).addr(),
            field: field.no,
        }
    }

    /// The field of that plan whose resolver is being polled.
    pub(crate) fn polled(plan: &Plan) -> Option<u32> {
        let position = POLLED.get();
        (position.plan == std::ptr::from_ref(plan).addr()).then_some(position.field)
    }

    /// The field whose resolver is being polled, of whatever plan.
    #[cfg(feature = "sqlite")]
    pub(crate) fn current() -> Option<u32> {
        let position = POLLED.get();
        (position != Position::NONE).then_some(position.field)
    }

    /// Until the answer is dropped, this position is the one that is polled.
    #[inline]
    pub(crate) fn enter(self) -> Entered {
        Entered {
            outer: POLLED.replace(self),
        }
    }
}

/// See [`Position::enter`].
pub(crate) struct Entered {
    outer: Position,
}

impl Drop for Entered {
    #[inline]
    fn drop(&mut self) {
        POLLED.set(self.outer);
    }
}

/// What an operation asks for, as far as its variables have decided.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) plan: Arc<Plan>,
    /// By [`Field::cond`] less one: whether it holds.
    pub(crate) conditions: Box<[bool]>,
}

impl Asked {
    /// With these values of the variables.
    pub(crate) fn new(plan: Arc<Plan>, values: &Values) -> Self {
        let conditions = plan.conditions.iter();
        let conditions = conditions.map(|c| c.holds(values)).collect();
        Asked { plan, conditions }
    }

    /// Below the field whose resolver is being polled; nothing where there is none.
    pub(crate) fn selection(&self) -> Selection<'_> {
        let Asked { plan, conditions } = self;
        let field = Position::polled(plan).and_then(|number| find(&plan.root, number));
        Selection {
            def: Some(plan.def),
            conditions,
            fields: field.into_iter().collect(),
        }
    }
}

/// What an operation asks for below one field: through fragments, for all types that an object there may have, without
/// what `@skip` and `@include` take out.
#[derive(Debug, Clone, Default)]
pub struct Selection<'p> {
    def: Option<&'static SchemaDef>,
    conditions: &'p [bool],
    /// The field itself: several where types differ.
    fields: Vec<&'p Field>,
}

impl<'p> Selection<'p> {
    /// Whether that path is asked for: names of fields (not their aliases), joined by dots.
    pub fn selects(&self, path: &str) -> bool {
        let mut found = self.clone();
        path.split('.').all(|name| {
            found = found.below(name);
            !found.fields.is_empty()
        })
    }

    /// What is asked for below the field of that name; empty if it is not asked for, or is a leaf.
    #[must_use]
    pub fn below(&self, name: &str) -> Selection<'p> {
        let fields = self.children().filter(|(known, _)| *known == name);
        Selection {
            fields: fields.map(|(_, field)| field).collect(),
            ..*self
        }
    }

    /// The names of the fields that are asked for, each once, in the order of the document.
    pub fn names(&self) -> Vec<&'static str> {
        let mut names = Vec::new();
        for (name, _) in self.children() {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    fn children(&self) -> impl Iterator<Item = (&'static str, &'p Field)> {
        let (def, conditions) = (self.def, self.conditions);
        let all = self.fields.iter().copied().flat_map(selections);
        let groups = |sel: &'p Sel| {
            let later = sel.later.iter().flat_map(|later| &later.groups);
            std::iter::once(sel).chain(later.map(|group| &group.sel))
        };
        let fields = all
            .flat_map(groups)
            .flat_map(|sel| sel.fields.iter().map(move |field| (sel.ty, field)));
        fields
            .filter(move |(_, field)| field.cond == 0 || conditions[field.cond as usize - 1])
            .filter_map(move |(ty, field)| match field.origin {
                Origin::Typename => Some(("__typename", field)),
                Origin::Constant(_) | Origin::Negative => None,
                Origin::Own | Origin::Operation => {
                    let fields = def?.types.get(ty as usize)?.fields;
                    Some((fields.get(field.fid as usize)?.name, field))
                }
            })
    }
}

fn selections(field: &Field) -> &[Sel] {
    match &field.sub {
        Sub::None => &[],
        Sub::One(sel) => std::slice::from_ref(&**sel),
        Sub::Many { parts, .. } => parts,
    }
}

/// The field of that number.
fn find(sel: &Sel, number: u32) -> Option<&Field> {
    for field in &sel.fields {
        if field.no == number {
            return Some(field);
        }
        let streamed = field.stream.iter().flat_map(|s| selections(&s.field));
        let mut below = selections(field).iter().chain(streamed);
        if let Some(found) = below.find_map(|sel| find(sel, number)) {
            return Some(found);
        }
    }
    let groups = sel.later.iter().flat_map(|later| &later.groups);
    groups
        .into_iter()
        .find_map(|group| find(&group.sel, number))
}
