//! How long a response may be kept: as long as all of its fields allow.
//!
//! In: a plan, the hints of the schema, the values of one request. Out: a policy. Must not know: HTTP.
//!
//! A root field, and a field that answers objects, allows nothing unless it or its type says so; a scalar or an enum
//! keeps as long as the object that it belongs to.

use crate::engine::hints::{CacheHint, Hints};
use crate::engine::plan::{Field, Origin, Plan, RootKind, Sel, Sub};
use crate::engine::prepared::Prepared;
use crate::engine::response::CachePolicy;

/// What the fields of a plan allow.
#[derive(Debug, Default)]
pub(crate) struct Keeping {
    /// What holds in every request; `None` if nothing may be kept.
    always: Option<Allowed>,
    /// What fields allow that not every request asks for, with their [`Field::cond`].
    some: Vec<(u16, Option<Allowed>)>,
}

#[derive(Debug, Clone, Copy)]
struct Allowed {
    seconds: u32,
    private: bool,
}

impl Allowed {
    const ALL: Allowed = Allowed {
        seconds: u32::MAX,
        private: false,
    };

    fn and(self, hint: Allowed) -> Allowed {
        Allowed {
            seconds: self.seconds.min(hint.seconds),
            private: self.private || hint.private,
        }
    }
}

/// What the fields of a plan allow; nothing for mutations, and where introspection is asked for or no hint is given.
pub(crate) fn keeping(hints: &Hints, plan: &Plan) -> Keeping {
    if !hints.caches || plan.kind != RootKind::Query {
        return Keeping::default();
    }
    let mut keeping = Keeping {
        always: Some(Allowed::ALL),
        some: Vec::new(),
    };
    selection(hints, &plan.root, true, 0, &mut keeping);
    keeping
}

impl Keeping {
    /// What caches may do with the response. What depends on who asks is for that caller's cache alone.
    pub(crate) fn policy(
        &self,
        prepared: &Prepared<'_>,
        known_caller: bool,
    ) -> Option<CachePolicy> {
        let mut allowed = self.always?;
        for (cond, hint) in &self.some {
            if prepared.conditions[*cond as usize - 1] {
                allowed = allowed.and((*hint)?);
            }
        }
        let kept = allowed.seconds > 0 && allowed.seconds < u32::MAX;
        kept.then_some(CachePolicy {
            max_age: allowed.seconds,
            private: allowed.private || known_caller || !prepared.plan.guards.is_empty(),
        })
    }
}

fn selection(hints: &Hints, sel: &Sel, root: bool, cond: u16, into: &mut Keeping) {
    for field in &sel.fields {
        // Below a field that is asked for under a condition, what is not asked for does no harm: it is counted there.
        let cond = if field.cond == 0 { cond } else { field.cond };
        if let Some(hint) = allowed(hints, sel.ty, field, root) {
            match cond {
                0 => into.always = into.always.and_then(|all| Some(all.and(hint?))),
                cond => into.some.push((cond, hint)),
            }
        }
        match &field.sub {
            Sub::None => {}
            Sub::One(sel) => selection(hints, sel, false, cond, into),
            Sub::Many { parts, .. } => parts
                .iter()
                .for_each(|part| selection(hints, part, false, cond, into)),
        }
    }
}

/// What a field allows: `None` as much as its parent, `Some(None)` nothing.
fn allowed(hints: &Hints, ty: u16, field: &Field, root: bool) -> Option<Option<Allowed>> {
    match field.origin {
        Origin::Typename => return None,
        Origin::Constant(_) | Origin::Negative => return Some(None),
        Origin::Own | Origin::Operation => {}
    }
    let more = hints
        .field(ty, field.fid)
        .and_then(|hint| hint.more.as_deref());
    let CacheHint {
        max_age,
        private,
        inherit,
    } = more.and_then(|more| more.cache).unwrap_or_default();
    let strict = root || !matches!(field.sub, Sub::None);
    match max_age {
        Some(seconds) => Some(Some(Allowed { seconds, private })),
        None if inherit && !root || !strict => private.then_some(Some(Allowed {
            seconds: u32::MAX,
            private,
        })),
        None => Some(None),
    }
}
