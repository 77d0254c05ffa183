//! `graphwright.lock`: what the last run made, so that the next one can tell a user's change from the schema's.
//!
//! In: the text of the file. Out: a [`Lock`], and its text again. Must not know: Rust's grammar.
//!
//! One entry a line, sorted, so that changes on two branches merge line by line. What git leaves where they do not is
//! read as well: marks of a conflict are passed over, and an entry may stand there more than once until the next run
//! writes the file anew.

mod matrix;

pub use matrix::matrix;

use std::collections::{BTreeMap, BTreeSet};

/// Name of the file, in the package's folder.
pub const FILE: &str = "graphwright.lock";

const HEADER: &str = "\
# What graphwright generated last. Commit this file; `graphwright sync` writes it.
# One entry a line: conflicts may be resolved by keeping both sides.
";

/// What the last run made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lock {
    /// The stubs.
    pub stubs: BTreeMap<Key, BTreeSet<Stub>>,
    /// Who may do what: `Listing.read` and the rule, as the schema writes it.
    pub access: BTreeMap<String, String>,
    /// Lines, from 1, that are no entries.
    pub unknown: Vec<usize>,
}

/// A method: the trait's name and its own, without `r#`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// `QueryResolvers`
    pub trait_name: String,
    /// `search`
    pub method: String,
}

/// A stub as it was last in step with the schema.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stub {
    /// What it answers: `Query.search`.
    pub coordinate: String,
    /// Parameters behind `&self`, and the type it answers: `(cx: &gw::Context) -> gw::Result<i32>`.
    pub signature: String,
    /// Of the text that was generated: a method that still has it was never touched.
    pub written: Fingerprint,
}

/// FNV-1a (64 bits) over the lines of a text, without blanks around them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// Of a method's text: indentation and line endings do not count.
    pub fn of(text: &str) -> Fingerprint {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let mut eat = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        for line in text.trim().lines() {
            line.trim().bytes().for_each(&mut eat);
            eat(b'\n');
        }
        Fingerprint(hash)
    }
}

/// Reads the file; an absent one is empty.
pub fn parse(text: &str) -> Lock {
    let mut lock = Lock::default();
    for (i, line) in text.lines().enumerate() {
        let line = line.trim();
        let conflict = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"];
        if line.is_empty() || line.starts_with('#') || conflict.iter().any(|m| line.starts_with(m))
        {
            continue;
        }
        if entry(line, &mut lock).is_none() {
            lock.unknown.push(i + 1);
        }
    }
    lock
}

fn entry(line: &str, lock: &mut Lock) -> Option<()> {
    let (kind, rest) = line.split_once(' ')?;
    let (name, rest) = rest.split_once(' ')?;
    match kind {
        "access" => {
            lock.access.insert(name.to_owned(), rest.to_owned());
        }
        "stub" => {
            let (trait_name, method) = name.rsplit_once('.')?;
            let (coordinate, rest) = rest.split_once(' ')?;
            let (hash, signature) = rest.split_once(' ')?;
            let written = Fingerprint(u64::from_str_radix(hash, 16).ok()?);
            let key = Key {
                trait_name: trait_name.to_owned(),
                method: method.to_owned(),
            };
            lock.stubs.entry(key).or_default().insert(Stub {
                coordinate: coordinate.to_owned(),
                signature: signature.to_owned(),
                written,
            });
        }
        _ => return None,
    }
    Some(())
}

/// The text of the file; empty for a lock without entries.
pub fn print(lock: &Lock) -> String {
    let access = lock
        .access
        .iter()
        .map(|(name, rule)| format!("access {name} {rule}"));
    let stubs = lock.stubs.iter().flat_map(|(key, stubs)| {
        stubs.iter().map(move |stub| {
            let (trait_name, method, Fingerprint(hash)) =
                (&key.trait_name, &key.method, stub.written);
            format!(
                "stub {trait_name}.{method} {} {hash:016x} {}",
                stub.coordinate, stub.signature
            )
        })
    });
    let lines: Vec<String> = access.chain(stubs).collect();
    if lines.is_empty() {
        return String::new();
    }
    format!("{HEADER}{}\n", lines.join("\n"))
}

impl Lock {
    /// What is known of a method.
    pub fn stub(&self, trait_name: &str, method: &str) -> impl Iterator<Item = &Stub> {
        let key = Key {
            trait_name: trait_name.to_owned(),
            method: method.to_owned(),
        };
        self.stubs.get(&key).into_iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# What graphwright generated last. Commit this file; `graphwright sync` writes it.
# One entry a line: conflicts may be resolved by keeping both sides.
access Listing.read self.published || auth.role == ADMIN
stub BookResolvers.author Book.author 0123456789abcdef (cx: &gw::Context, parents: &[&gw::Book]) -> gw::Result<gw::Batch<gw::Author>>
stub QueryResolvers.hello Query.hello 00000000000000ff (cx: &gw::Context) -> gw::Result<String>
";

    #[test]
    fn a_lock_comes_back_as_it_was_written() {
        let lock = parse(TEXT);
        assert_eq!(lock.unknown, Vec::<usize>::new());
        assert_eq!(print(&lock), TEXT);
        assert_eq!(print(&parse("")), "");
    }

    #[test]
    fn a_conflict_is_read_as_both_sides() {
        let hello = TEXT.lines().last().expect("there are lines");
        let changed = hello.replace("String", "i32");
        let torn = format!(
            "<<<<<<< HEAD\n{hello}\n=======\n{changed}\nstub A.b A.b 00 () -> c\n>>>>>>> theirs\n"
        );
        let lock = parse(&torn);
        assert_eq!(lock.unknown, Vec::<usize>::new());
        assert_eq!(lock.stub("QueryResolvers", "hello").count(), 2);
        assert_eq!(lock.stub("A", "b").count(), 1);
    }

    #[test]
    fn lines_that_are_no_entries_are_told() {
        assert_eq!(
            parse("stub x\nfoo a b\n\n# x\nstub a.b c zz ()\n").unknown,
            [1, 2, 5]
        );
    }

    #[test]
    fn a_fingerprint_does_not_see_how_a_text_is_laid_out() {
        let text = "fn a() {\n    b\n}";
        assert_eq!(
            Fingerprint::of(text),
            Fingerprint::of("\tfn a() {\r\n\t\tb\r\n\t}\r\n")
        );
        assert_ne!(Fingerprint::of(text), Fingerprint::of("fn a() {\n    c\n}"));
        assert_ne!(Fingerprint::of("a\nb"), Fingerprint::of("ab"));
    }
}
