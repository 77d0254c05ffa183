//! Limits on documents, checked before the validator sees them.
//!
//! In: text, syntax. Out: nothing, or which limit is passed. Must not know: the schema.

use std::collections::{HashMap, HashSet};

use apollo_compiler::ast::{Definition, Document, Selection};

/// What one document may ask for. All limits are on by default.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of the text: 64 KiB.
    pub bytes: usize,
    /// Tokens of the text: 10,000.
    pub tokens: usize,
    /// Nesting of fields, through fragments: 20 (the standard introspection query needs 15).
    pub depth: usize,
    /// Fields with an alias: 100.
    pub aliases: usize,
    /// Fields of the operation's root: 50.
    pub root_fields: usize,
    /// Directives in the document: 500.
    pub directives: usize,
    /// Fields of the plan, when fragments are expanded for each concrete type: 20,000.
    pub fields: usize,
    /// Plans that are kept: 1,000 of an ordinary size, fewer of large ones.
    pub plans: usize,
    /// Rows that are read for the response: 20,000.
    pub rows: usize,
    /// Bytes of the response's data, each error counted as 256: 16 MiB. It is what bounds rows that appear many times.
    pub response: usize,
    /// Whether `__schema` and `__type` are answered: yes.
    pub introspection: bool,
    /// Time of one operation: 30 seconds.
    pub timeout: std::time::Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            bytes: 64 << 10,
            tokens: 10_000,
            depth: 20,
            aliases: 100,
            root_fields: 50,
            directives: 500,
            fields: 20_000,
            plans: 1_000,
            rows: 20_000,
            response: 16 << 20,
            introspection: true,
            timeout: std::time::Duration::from_secs(30),
        }
    }
}

/// The first limit that the document passes.
pub(crate) fn check(document: &Document, limits: &Limits) -> Result<(), String> {
    let fragments = document
        .definitions
        .iter()
        .filter_map(|definition| match definition {
            Definition::FragmentDefinition(fragment) => {
                Some((fragment.name.as_str(), fragment.selection_set.as_slice()))
            }
            _ => None,
        })
        .collect();
    let mut count = Counter {
        fragments,
        measured: HashMap::new(),
        rooted: HashSet::new(),
        aliases: 0,
        directives: 0,
    };
    for definition in &document.definitions {
        match definition {
            Definition::OperationDefinition(operation) => {
                count.rooted.clear();
                let roots = count.roots(&operation.selection_set);
                over("root fields", roots, limits.root_fields)?;
                count.directives += operation.directives.len();
                count.tally(&operation.selection_set);
                over(
                    "levels of fields",
                    count.depth(&operation.selection_set),
                    limits.depth,
                )?;
            }
            Definition::FragmentDefinition(fragment) => {
                count.directives += fragment.directives.len();
                count.tally(&fragment.selection_set);
            }
            _ => {}
        }
    }
    over("aliases", count.aliases, limits.aliases)?;
    over("directives", count.directives, limits.directives)
}

fn over(what: &str, found: usize, limit: usize) -> Result<(), String> {
    if found > limit {
        Err(format!("the document has more than {limit} {what}"))
    } else {
        Ok(())
    }
}

struct Counter<'d> {
    fragments: HashMap<&'d str, &'d [Selection]>,
    /// Depth of the fragments that are measured; `None` while one is being measured (a cycle, which the validator reports).
    measured: HashMap<&'d str, Option<usize>>,
    /// The fragments whose root fields are counted: the same fields, spread once more, are no others.
    rooted: HashSet<&'d str>,
    aliases: usize,
    directives: usize,
}

impl<'d> Counter<'d> {
    /// Counts what the text holds, each fragment once.
    fn tally(&mut self, set: &[Selection]) {
        for selection in set {
            match selection {
                Selection::Field(field) => {
                    self.aliases += usize::from(field.alias.is_some());
                    self.directives += field.directives.len();
                    self.tally(&field.selection_set);
                }
                Selection::InlineFragment(inline) => {
                    self.directives += inline.directives.len();
                    self.tally(&inline.selection_set);
                }
                Selection::FragmentSpread(spread) => self.directives += spread.directives.len(),
            }
        }
    }

    /// How deep fields are nested.
    fn depth(&mut self, set: &'d [Selection]) -> usize {
        let mut deepest = 0;
        for selection in set {
            let depth = match selection {
                Selection::Field(field) => 1 + self.depth(&field.selection_set),
                Selection::InlineFragment(inline) => self.depth(&inline.selection_set),
                Selection::FragmentSpread(spread) => self.fragment_depth(&spread.fragment_name),
            };
            deepest = deepest.max(depth);
        }
        deepest
    }

    fn fragment_depth(&mut self, name: &str) -> usize {
        let Some((&name, &set)) = self.fragments.get_key_value(name) else {
            return 0;
        };
        if let Some(known) = self.measured.get(name) {
            return known.unwrap_or(0);
        }
        self.measured.insert(name, None);
        let depth = self.depth(set);
        self.measured.insert(name, Some(depth));
        depth
    }

    /// Fields at the root, through fragments, each of which is looked into once.
    fn roots(&mut self, set: &'d [Selection]) -> usize {
        let mut found = 0;
        for selection in set {
            found += match selection {
                Selection::Field(_) => 1,
                Selection::InlineFragment(inline) => self.roots(&inline.selection_set),
                Selection::FragmentSpread(spread) => {
                    match self.fragments.get_key_value(spread.fragment_name.as_str()) {
                        Some((&name, &set)) if self.rooted.insert(name) => self.roots(set),
                        _ => 0,
                    }
                }
            };
        }
        found
    }
}
