//! The plans that are kept.
//!
//! In: a document's text and an operation's name, a plan. Out: the plan that was kept for them, shared.
//! Must not know: how plans are made.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::mem::take;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::engine::introspection::Introspection;
use crate::engine::plan::Plan;

/// Two generations of plans: when the young one is full, the old one is dropped and the young one grows old. A plan that
/// is asked for while it is old is young again.
#[derive(Debug)]
pub(crate) struct Cache {
    generations: RwLock<Generations>,
    /// What the young plans may count as together.
    most: usize,
    seed: [u64; 2],
}

/// Plans by the hash of their text, which is seeded; whoever makes two texts of one hash evicts a plan of his own.
type Plans = HashMap<u64, Kept, Hashed>;

#[derive(Debug, Default)]
struct Generations {
    young: Plans,
    old: Plans,
    /// What the young ones count as: see [`weight`].
    weight: usize,
}

/// The plan has its text.
#[derive(Debug, Clone)]
struct Kept {
    operation: Option<Box<str>>,
    plan: Arc<Plan>,
}

impl Cache {
    /// Keeps so many plans of an ordinary size, fewer of large ones.
    pub(crate) fn new(plans: usize) -> Self {
        let random = RandomState::new();
        Cache {
            generations: RwLock::default(),
            most: plans.div_ceil(2),
            // Odd, so that multiplying loses nothing.
            seed: [random.hash_one(1) | 1, random.hash_one(2) | 1],
        }
    }

    /// The plan that is kept for that operation of that text.
    pub(crate) fn get(&self, text: &str, operation: Option<&str>) -> Option<Arc<Plan>> {
        let key = self.key(text, operation);
        let fits =
            |kept: &&Kept| &*kept.plan.text == text && kept.operation.as_deref() == operation;
        let generations = self.read();
        if let Some(kept) = generations.young.get(&key).filter(fits) {
            return Some(Arc::clone(&kept.plan));
        }
        let kept = generations.old.get(&key).filter(fits)?.clone();
        drop(generations);
        let plan = Arc::clone(&kept.plan);
        self.keep(key, kept);
        Some(plan)
    }

    /// Keeps a plan, unless it is larger than all that may be kept.
    pub(crate) fn put(&self, operation: Option<&str>, plan: Arc<Plan>) {
        let key = self.key(&plan.text, operation);
        let operation = operation.map(Into::into);
        self.keep(key, Kept { operation, plan });
    }

    fn keep(&self, key: u64, kept: Kept) {
        let weight = weight(&kept.plan);
        if weight > self.most {
            return;
        }
        let mut generations = self.write();
        let mut dropped = Plans::default();
        if generations.weight + weight > self.most {
            let young = take(&mut generations.young);
            dropped = std::mem::replace(&mut generations.old, young);
            generations.weight = 0;
        }
        let replaced = generations.young.insert(key, kept);
        if replaced.is_none() {
            generations.weight += weight;
        }
        // Nobody has to wait until a thousand plans are freed.
        drop(generations);
        drop((dropped, replaced));
    }

    /// A seeded hash by multiplications, for texts of some hundred bytes: a part of what the standard one takes. That two
    /// texts are equal is never decided by it.
    fn key(&self, text: &str, operation: Option<&str>) -> u64 {
        let mut hash = self.seed[0] ^ text.len() as u64;
        for bytes in [text.as_bytes(), operation.unwrap_or_default().as_bytes()] {
            let mut words = bytes.chunks_exact(8);
            for word in &mut words {
                hash = self.mix(hash, word);
            }
            hash = self.mix(hash, words.remainder());
        }
        hash
    }

    #[inline]
    fn mix(&self, hash: u64, bytes: &[u8]) -> u64 {
        let word = match bytes.first_chunk::<8>() {
            Some(word) => u64::from_le_bytes(*word),
            None => bytes.iter().fold(bytes.len() as u64, |word, &byte| {
                word << 8 | u64::from(byte)
            }),
        };
        let product = u128::from(hash ^ word) * u128::from(self.seed[1]);
        (product as u64) ^ (product >> 64) as u64
    }

    fn read(&self) -> RwLockReadGuard<'_, Generations> {
        self.generations
            .read()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Generations> {
        self.generations
            .write()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// How many are kept.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        let generations = self.read();
        generations.young.len() + generations.old.len()
    }
}

/// As how many plans a plan counts, by its memory: an ordinary one is one, one of thousands of fields or with a whole
/// schema's introspection is hundreds.
fn weight(plan: &Plan) -> usize {
    const ORDINARY: usize = 16 << 10;
    const FIELD: usize = 256;
    let introspection = match &plan.introspection {
        Introspection::None => 0,
        Introspection::Rendered(values) => values.iter().map(|bytes| bytes.len()).sum(),
        Introspection::PerRequest(_) => plan.text.len() * 8,
    };
    1 + (plan.text.len() + plan.fields.len() * FIELD + introspection) / ORDINARY
}

/// Takes a number that is a hash already as its hash.
#[derive(Debug, Clone, Copy, Default)]
struct Hashed;

impl BuildHasher for Hashed {
    type Hasher = Same;

    fn build_hasher(&self) -> Same {
        Same(0)
    }
}

/// See [`Hashed`].
struct Same(u64);

impl Hasher for Same {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(byte);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_differ_a_little_have_hashes_of_their_own() {
        let cache = Cache::new(10);
        let mut keys = std::collections::HashSet::new();
        let mut texts = 0;
        for len in 0..40 {
            for place in 0..=len {
                let mut text = " ".repeat(len);
                text.insert(place, 'x');
                for operation in [None, Some(""), Some("A"), Some("AB")] {
                    if operation != Some("") {
                        texts += 1;
                    }
                    keys.insert(cache.key(&text, operation));
                }
            }
        }
        assert_eq!(keys.len(), texts);
    }

    #[test]
    fn the_hash_depends_on_the_cache() {
        let (a, b) = (Cache::new(10), Cache::new(10));
        assert_ne!(a.key("{ id }", None), b.key("{ id }", None));
    }
}
