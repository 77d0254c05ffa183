//! Types that contain themselves need a box on the way; types that lead too far, a link.
//!
//! In: which type holds which. Out: for each pair, whether the way back exists, and whether the way on is too long.
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
        let knots = self.components().into_iter().enumerate();
        let knots =
            knots.flat_map(|(number, members)| members.into_iter().map(move |m| (m, number)));
        let itself = self
            .0
            .iter()
            .filter(|(k, v)| v.contains(*k))
            .map(|(k, _)| *k)
            .collect();
        Knots {
            knots: knots.collect(),
            itself,
        }
    }

    /// The pairs to cut so that no way through the types is longer than [`LONGEST`]. Types that are `fixed` keep what
    /// they hold; no two of these may follow each other.
    pub(super) fn cuts(&self, fixed: &BTreeSet<&'a str>) -> BTreeSet<(&'a str, &'a str)> {
        let mut cuts = BTreeSet::new();
        let mut heights: BTreeMap<&str, usize> = BTreeMap::new();
        for knot in self.components() {
            let tangled = knot.len() > LONGEST;
            let own = if tangled { 2 } else { knot.len() };
            let members: BTreeSet<&str> = knot.iter().copied().collect();
            let mut height = own;
            for &owner in &knot {
                for &part in self.0.get(owner).into_iter().flatten() {
                    let within = members.contains(part);
                    let far = if within {
                        0
                    } else {
                        heights.get(part).copied().unwrap_or(1)
                    };
                    if !fixed.contains(owner) && ((within && tangled) || own + far > LONGEST) {
                        cuts.insert((owner, part));
                    } else {
                        height = height.max(own + far);
                    }
                }
            }
            heights.extend(knot.into_iter().map(|member| (member, height)));
        }
        cuts
    }

    /// Strongly connected components, each after those that it leads to.
    fn components(&self) -> Vec<Vec<&'a str>> {
        let mut walk = Walk {
            holds: self,
            index: BTreeMap::new(),
            open: Vec::new(),
            closed: BTreeSet::new(),
            done: Vec::new(),
        };
        for &start in self.0.keys() {
            if !walk.index.contains_key(start) {
                walk.from(start);
            }
        }
        walk.done
    }
}

/// How many types rustc may have to follow one after the other. Each costs it up to six steps (a nullable list of
/// boxes), and by default it takes 128.
const LONGEST: usize = 12;

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
    closed: BTreeSet<&'a str>,
    done: Vec<Vec<&'a str>>,
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
                    Some((number, _)) if !self.closed.contains(part) => self.lower(name, number),
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
        let mut members = Vec::new();
        while let Some(member) = self.open.pop() {
            self.closed.insert(member);
            members.push(member);
            if member == name {
                break;
            }
        }
        self.done.push(members);
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

    /// The longest way from every type, without those that were cut.
    fn longest(pairs: &[(String, String)], fixed: &[&str]) -> (usize, usize) {
        let mut holds = Holds::default();
        pairs.iter().for_each(|(a, b)| holds.add(a, b));
        let cuts = holds.cuts(&fixed.iter().copied().collect());
        let mut rest = Holds::default();
        pairs
            .iter()
            .filter(|(a, b)| !cuts.contains(&(a.as_str(), b.as_str())))
            .for_each(|(a, b)| rest.add(a, b));
        let mut heights: BTreeMap<&str, usize> = BTreeMap::new();
        for knot in rest.components() {
            let below = knot
                .iter()
                .flat_map(|m| rest.0.get(m).into_iter().flatten());
            let height = knot.len()
                + below
                    .filter_map(|part| heights.get(part))
                    .max()
                    .copied()
                    .unwrap_or(0);
            heights.extend(knot.into_iter().map(|m| (m, height)));
        }
        (heights.into_values().max().unwrap_or(0), cuts.len())
    }

    fn chain(length: usize) -> Vec<(String, String)> {
        (0..length)
            .map(|i| (format!("t{i}"), format!("t{}", i + 1)))
            .collect()
    }

    #[test]
    fn short_ways_are_left_alone() {
        let mut ring = chain(5);
        ring.push(("t5".into(), "t0".into()));
        assert_eq!(longest(&chain(11), &[]), (12, 0));
        assert_eq!(longest(&ring, &[]), (6, 0));
    }

    #[test]
    fn long_ways_are_cut() {
        let (length, cuts) = longest(&chain(100), &[]);
        assert!(length <= LONGEST && cuts == 8, "{length} {cuts}");
        let mut ring = chain(40);
        ring.push(("t40".into(), "t0".into()));
        let (length, _) = longest(&ring, &[]);
        assert!(length <= LONGEST, "{length}");
    }

    #[test]
    fn fixed_types_are_not_cut() {
        let mut ring = chain(40);
        ring.push(("t40".into(), "t0".into()));
        let (length, cuts) = longest(&ring, &["t3", "t9"]);
        assert!(length <= LONGEST && cuts == 39, "{length} {cuts}");
    }
}
