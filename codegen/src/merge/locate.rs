//! Where the methods stand that answer fields and run jobs.
//!
//! In: the plan's stubs, the crate's texts, the settings. Out: a file and a line for each method that is there.
//! Must not know: what is to be done about those that are not.

use super::place::blocks_of;
use super::stubs::wanted;
use super::{Project, bare, scan_for};
use crate::load::Inputs;
use crate::options::{Choices, Options};
use crate::plan::stubs::StubTrait;
use std::collections::BTreeMap;

/// The file and line of each method, by its coordinate. Methods of blocks for tests are not among them.
pub fn places(
    stubs: &[StubTrait],
    inputs: &Inputs,
    options: &Options,
) -> BTreeMap<String, (String, usize)> {
    let choices = Choices::default();
    let all: Vec<_> = stubs
        .iter()
        .map(|stub| wanted(stub, options, &choices))
        .collect();
    let scan = scan_for(&inputs.rust, &all, BTreeMap::new());
    let project = Project {
        app: &options.app,
        docs: &|_, _| String::new(),
    };
    let blocks = blocks_of(&scan, project);
    let mut found = BTreeMap::new();
    for want in &all {
        let blocks = blocks.get(bare(&want.trait_name)).into_iter().flatten();
        for (path, block) in blocks {
            for method in &block.methods {
                let mut names = want.methods.iter();
                if let Some(want) = names.find(|want| bare(&want.name) == method.name) {
                    let place = ((*path).clone(), method.line);
                    found.entry(want.coordinate.clone()).or_insert(place);
                }
            }
        }
    }
    found
}
