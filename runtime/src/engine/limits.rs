//! Limits on documents, checked before the validator sees them.
//!
//! In: text, syntax. Out: nothing, or which limit is passed. Must not know: the schema.

use crate::engine::syntax::ast::{Document, Selection};

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
    /// What the operation may cost: 50,000. An object counts 1, times the lengths of the lists around it, and `@cost` and
    /// `@listSize` say it better.
    pub cost: u64,
    /// Items of a list of which neither an argument nor `@listSize` says how many it has, for the cost: 10.
    pub list: usize,
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
            cost: 50_000,
            list: 10,
            plans: 1_000,
            rows: 20_000,
            response: 16 << 20,
            introspection: true,
            timeout: std::time::Duration::from_secs(30),
        }
    }
}

/// How many selection sets may lie in each other, through fragments: what walks a document may use the stack. No limit of
/// its own, for nobody has reached it.
const SETS: usize = 400;

/// The first limit that the document passes.
pub(crate) fn check(document: &Document<'_>, limits: &Limits) -> Result<(), String> {
    over("aliases", document.aliases, limits.aliases)?;
    over("directives", document.directives, limits.directives)?;
    let mut measure = Measure {
        document,
        measured: vec![Measured::Not; document.fragments.len()],
        rooted: vec![usize::MAX; document.fragments.len()],
        sets: 0,
    };
    for (i, operation) in document.operations.iter().enumerate() {
        let roots = measure.roots(&operation.selections, i);
        over("root fields", roots, limits.root_fields)?;
        let (depth, _) = measure.set(&operation.selections)?;
        over("levels of fields", depth, limits.depth)?;
    }
    // Those that nothing spreads are walked, too.
    for fragment in 0..document.fragments.len() {
        measure.fragment(fragment)?;
    }
    Ok(())
}

fn over(what: &str, found: usize, limit: usize) -> Result<(), String> {
    if found > limit {
        Err(format!("the document has more than {limit} {what}"))
    } else {
        Ok(())
    }
}

struct Measure<'a, 'd> {
    document: &'a Document<'d>,
    /// What is known of the fragments.
    measured: Vec<Measured>,
    /// For which operation the root fields of a fragment were counted last: the same fields, spread once more, are no
    /// others.
    rooted: Vec<usize>,
    /// How many sets the measure is in.
    sets: usize,
}

#[derive(Debug, Clone, Copy)]
enum Measured {
    Not,
    /// It is being measured: if it is met again that is a cycle, which the validator reports.
    Now,
    Done {
        depth: usize,
        sets: usize,
    },
}

impl<'a, 'd> Measure<'a, 'd> {
    /// How many levels of fields, and how many sets, a selection set has.
    fn set(&mut self, set: &'a [Selection<'d>]) -> Result<(usize, usize), String> {
        self.sets += 1;
        over(NESTED, self.sets, SETS)?;
        let (mut deepest, mut most) = (0, 0);
        for selection in set {
            let (depth, sets) = match selection {
                Selection::Field(field) if field.selections.is_empty() => (1, 0),
                Selection::Field(field) => {
                    let (depth, sets) = self.set(&field.selections)?;
                    (depth + 1, sets)
                }
                Selection::Inline(inline) => self.set(&inline.selections)?,
                Selection::Spread(spread) => match self.document.fragment_no(spread) {
                    Some(fragment) => self.fragment(fragment)?,
                    None => (0, 0),
                },
            };
            (deepest, most) = (deepest.max(depth), most.max(sets));
        }
        self.sets -= 1;
        Ok((deepest, most + 1))
    }

    fn fragment(&mut self, no: usize) -> Result<(usize, usize), String> {
        match self.measured[no] {
            Measured::Now => return Ok((0, 0)),
            Measured::Done { depth, sets } => {
                over(NESTED, self.sets + sets, SETS)?;
                return Ok((depth, sets));
            }
            Measured::Not => {}
        }
        self.measured[no] = Measured::Now;
        let (depth, sets) = self.set(&self.document.fragments[no].selections)?;
        self.measured[no] = Measured::Done { depth, sets };
        Ok((depth, sets))
    }

    /// Fields at the root, through fragments, each of which is looked into once.
    fn roots(&mut self, set: &'a [Selection<'d>], operation: usize) -> usize {
        let mut found = 0;
        let mut rest = vec![set];
        while let Some(set) = rest.pop() {
            for selection in set {
                match selection {
                    Selection::Field(_) => found += 1,
                    Selection::Inline(inline) => rest.push(&inline.selections),
                    Selection::Spread(spread) => {
                        if let Some(no) = self.document.fragment_no(spread)
                            && std::mem::replace(&mut self.rooted[no], operation) != operation
                        {
                            rest.push(&self.document.fragments[no].selections);
                        }
                    }
                }
            }
        }
        found
    }
}

const NESTED: &str = "selection sets in each other";
