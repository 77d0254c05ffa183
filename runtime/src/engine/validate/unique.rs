//! Names that must be unique.
//!
//! In: names. Out: those that came before. Must not know: what they name.

use std::collections::HashSet;

use crate::engine::syntax::Name;

/// Calls for each name that an earlier one equals. A few names are compared with each other; the hash of more is seeded,
/// for a client chooses the names.
pub(super) fn repeated<'d>(
    names: impl Iterator<Item = Name<'d>>,
    mut report: impl FnMut(Name<'d>),
) {
    const FEW: usize = 8;
    let mut few = [None; FEW];
    let mut many: HashSet<&str> = HashSet::new();
    for (i, name) in names.enumerate() {
        let known = if i < FEW {
            let known = few.iter().take(i).flatten().any(|before| *before == name);
            few[i] = Some(name);
            known
        } else {
            if i == FEW {
                many.extend(few.iter().flatten().map(|name: &Name<'d>| name.text));
            }
            !many.insert(name.text)
        };
        if known {
            report(name);
        }
    }
}
