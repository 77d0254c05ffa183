//! The lock after a run: how each method stands now.
//!
//! In: the files as they are, what is wanted, the lock before. Out: the lock for the next run. Must not know: edits.

use super::insert::requalified;
use super::place::{blocks_of, holds};
use super::scan::Scan;
use super::{Fingerprint, Key, Lock, Merge, Project, Stub, WantedImpl, bare};
use std::collections::BTreeSet;

/// What the next run has to know: how each method stands now.
pub(super) fn record(
    scan: &Scan,
    wanted: &[WantedImpl],
    before: &Lock,
    merge: &Merge,
    project: Project<'_>,
) -> Lock {
    let blocks = blocks_of(scan, project);
    let of = |trait_name: &str| blocks.get(trait_name).map_or(&[][..], Vec::as_slice);
    let mut lock = Lock::default();
    let waiting: BTreeSet<&str> = merge
        .by_hand
        .iter()
        .flat_map(|hand| &hand.coordinates)
        .map(String::as_str)
        .collect();
    for want in wanted {
        for (_, block) in of(bare(&want.trait_name)) {
            for method in want.methods.iter().filter(|m| holds(block, m)) {
                let name = bare(&method.name);
                let key = Key {
                    trait_name: block.trait_name.clone(),
                    method: name.to_owned(),
                };
                let stub = Stub {
                    coordinate: method.coordinate.clone(),
                    signature: method.signature.text(),
                    written: Fingerprint::of(&requalified(&method.text, &block.names, project)),
                };
                // What waits for a hand stays what it was, and so does the mark of what was generated.
                let was: BTreeSet<Stub> = before.stub(&block.trait_name, name).cloned().collect();
                let entry = if waiting.contains(&*method.coordinate) && !was.is_empty() {
                    was
                } else {
                    let same =
                        |s: &Stub| s.signature == stub.signature && s.coordinate == stub.coordinate;
                    BTreeSet::from([was.into_iter().find(same).unwrap_or(stub)])
                };
                lock.stubs.insert(key, entry);
            }
        }
    }
    // Methods that outlived their field are known as long as they stand there, under a trait's new name, too.
    for (key, stubs) in &before.stubs {
        let now = merge.adopted.get(&key.trait_name);
        let key = Key {
            trait_name: now.unwrap_or(&key.trait_name).clone(),
            method: key.method.clone(),
        };
        let stands = || {
            of(&key.trait_name)
                .iter()
                .any(|(_, b)| b.methods.iter().any(|m| m.name == key.method))
        };
        if !lock.stubs.contains_key(&key) && stands() {
            lock.stubs.insert(key, stubs.clone());
        }
    }
    lock
}
