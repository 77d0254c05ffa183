//! Types that contain themselves need a box on the way.
//!
//! In: which type holds which by value. Out: for each pair, whether the way back exists.
//! Must not know: what the types are.

use std::collections::{BTreeMap, BTreeSet};

/// Who holds whom by value.
#[derive(Debug, Default)]
pub(super) struct Holds<'a>(BTreeMap<&'a str, BTreeSet<&'a str>>);

impl<'a> Holds<'a> {
    /// Notes that `owner` holds a `part`.
    pub(super) fn add(&mut self, owner: &'a str, part: &'a str) {
        self.0.entry(owner).or_default().insert(part);
    }

    /// For every type the number of its knot: types with the same number hold each other.
    pub(super) fn knots(&self) -> Knots<'a> {
        let mut walk = Walk {
            holds: self,
            index: BTreeMap::new(),
            open: Vec::new(),
            knots: BTreeMap::new(),
        };
        for &start in self.0.keys() {
            if !walk.index.contains_key(start) {
                walk.from(start);
            }
        }
        Knots {
            knots: walk.knots,
            itself: self
                .0
                .iter()
                .filter(|(k, v)| v.contains(*k))
                .map(|(k, _)| *k)
                .collect(),
        }
    }
}

/// The answer of [`Holds::knots`].
#[derive(Debug, Default)]
pub(super) struct Knots<'a> {
    knots: BTreeMap<&'a str, usize>,
    itself: BTreeSet<&'a str>,
}

impl Knots<'_> {
    /// Whether a `part` held by `owner` leads back to `owner`.
    pub(super) fn tied(&self, owner: &str, part: &str) -> bool {
        if owner == part {
            return self.itself.contains(owner);
        }
        matches!((self.knots.get(owner), self.knots.get(part)), (Some(a), Some(b)) if a == b)
    }
}

/// Tarjan's strongly connected components, with a stack of its own: schemas may be deep.
struct Walk<'h, 'a> {
    holds: &'h Holds<'a>,
    index: BTreeMap<&'a str, (usize, usize)>,
    open: Vec<&'a str>,
    knots: BTreeMap<&'a str, usize>,
}

impl<'a> Walk<'_, 'a> {
    fn from(&mut self, start: &'a str) {
        let mut path = vec![self.enter(start)];
        while let Some((name, parts)) = path.last_mut() {
            let name = *name;
            if let Some(part) = parts.pop() {
                match self.index.get(part).copied() {
                    None => {
                        let entered = self.enter(part);
                        path.push(entered);
                    }
                    Some((number, _)) if !self.knots.contains_key(part) => self.lower(name, number),
                    Some(_) => {}
                }
                continue;
            }
            path.pop();
            self.close(name);
            let low = self.index[name].1;
            if let Some((above, _)) = path.last() {
                self.lower(above, low);
            }
        }
    }

    fn enter(&mut self, name: &'a str) -> (&'a str, Vec<&'a str>) {
        let number = self.index.len();
        self.index.insert(name, (number, number));
        self.open.push(name);
        let parts = self.holds.0.get(name).map(|p| p.iter().copied().collect());
        (name, parts.unwrap_or_default())
    }

    fn lower(&mut self, name: &'a str, to: usize) {
        if let Some((_, low)) = self.index.get_mut(name) {
            *low = to.min(*low);
        }
    }

    fn close(&mut self, name: &'a str) {
        let (number, low) = self.index[name];
        if number != low {
            return;
        }
        while let Some(member) = self.open.pop() {
            self.knots.insert(member, number);
            if member == name {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pairs: &[(&str, &str)], tied: &[(&str, &str)]) {
        let mut holds = Holds::default();
        pairs.iter().for_each(|(a, b)| holds.add(a, b));
        let knots = holds.knots();
        let found: Vec<_> = pairs
            .iter()
            .filter(|(a, b)| knots.tied(a, b))
            .copied()
            .collect();
        assert_eq!(found, tied);
    }

    #[test]
    fn chains_are_free() {
        check(&[("a", "b"), ("b", "c"), ("a", "c")], &[]);
    }

    #[test]
    fn a_type_of_itself() {
        check(&[("a", "a"), ("a", "b")], &[("a", "a")]);
    }

    #[test]
    fn a_way_back() {
        check(
            &[("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("d", "e")],
            &[("a", "b"), ("b", "c"), ("c", "a")],
        );
        check(
            &[
                ("x", "a"),
                ("a", "b"),
                ("b", "a"),
                ("b", "y"),
                ("y", "z"),
                ("z", "y"),
            ],
            &[("a", "b"), ("b", "a"), ("y", "z"), ("z", "y")],
        );
    }

    #[test]
    fn deep_schemas_do_not_overflow() {
        let names: Vec<String> = (0..100_000).map(|i| format!("t{i}")).collect();
        let mut holds = Holds::default();
        names.windows(2).for_each(|w| holds.add(&w[0], &w[1]));
        assert!(!holds.knots().tied("t0", "t1"));
    }
}
