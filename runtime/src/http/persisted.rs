//! Automatic persisted queries: a client sends the hash of a document, and the text only when it is asked for it
//! (<https://www.apollographql.com/docs/apollo-server/performance/apq>).
//!
//! In: hashes, texts. Out: texts. Must not know: what is in them.

use std::collections::HashMap;
use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha256};

use crate::Result;
use crate::engine::object::BoxFuture;

/// A place for documents, by the SHA-256 of their texts in lower-case hexadecimal. It may forget what it likes: clients
/// send a text again when it is not there.
pub trait DocumentStore: Debug + Send + Sync + 'static {
    /// The document of that hash.
    ///
    /// # Errors
    /// The store does not work; the request fails as a whole.
    fn get<'a>(&'a self, hash: &'a str) -> BoxFuture<'a, Result<Option<Arc<str>>>>;

    /// Keeps a document. The hash is its text's, and the document was executed: it is valid.
    ///
    /// # Errors
    /// The store does not work; the log tells, the request goes on.
    fn put<'a>(&'a self, hash: &'a str, document: &'a str) -> BoxFuture<'a, Result<()>>;
}

/// Documents in the memory of the process, up to a number of bytes; those unused for longest go first.
#[derive(Debug)]
pub struct MemoryStore {
    most: usize,
    kept: Mutex<Kept>,
}

/// Two generations: when the young one is full, the old one is dropped and the young one grows old.
#[derive(Debug, Default)]
struct Kept {
    young: HashMap<Box<str>, Arc<str>>,
    old: HashMap<Box<str>, Arc<str>>,
    bytes: usize,
}

/// What a document costs beside its text: its hash, its place in the table.
const OVERHEAD: usize = 160;

impl MemoryStore {
    /// At most so many bytes.
    pub fn new(bytes: usize) -> Self {
        MemoryStore {
            most: bytes / 2,
            kept: Mutex::default(),
        }
    }

    fn find(&self, hash: &str) -> Option<Arc<str>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(document) = kept.young.get(hash) {
            return Some(Arc::clone(document));
        }
        let (hash, document) = kept.old.remove_entry(hash)?;
        kept.keep(hash, Arc::clone(&document), self.most);
        Some(document)
    }
}

impl Kept {
    fn keep(&mut self, hash: Box<str>, document: Arc<str>, most: usize) {
        let size = document.len() + OVERHEAD;
        if size > most {
            return;
        }
        if self.bytes + size > most {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
        if self.young.insert(hash, document).is_none() {
            self.bytes += size;
        }
    }
}

impl DocumentStore for MemoryStore {
    fn get<'a>(&'a self, hash: &'a str) -> BoxFuture<'a, Result<Option<Arc<str>>>> {
        Box::pin(std::future::ready(Ok(self.find(hash))))
    }

    fn put<'a>(&'a self, hash: &'a str, document: &'a str) -> BoxFuture<'a, Result<()>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.keep(hash.into(), document.into(), self.most);
        Box::pin(std::future::ready(Ok(())))
    }
}

/// The SHA-256 of a text, in lower-case hexadecimal.
pub(super) fn hash(text: &str) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        // Writing to a String does not fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// Whether a text can be such a hash.
pub(super) fn is_hash(text: &str) -> bool {
    text.len() == 64
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_sha_256() {
        let known = "ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38";
        assert_eq!(hash("{__typename}"), known);
        assert!(is_hash(known) && !is_hash("x") && !is_hash(&known.to_uppercase()));
    }

    #[test]
    fn memory_is_bounded_and_what_is_used_stays() {
        let size = 1000;
        let store = MemoryStore::new(10 * (size + OVERHEAD));
        let text = "x".repeat(size);
        let put = |name: &str| {
            drop(store.put(name, &text));
        };
        put("used");
        for i in 0..100 {
            put(&i.to_string());
            assert!(store.find("used").is_some(), "{i}");
        }
        let kept = store.kept.lock().unwrap();
        assert!(kept.young.len() + kept.old.len() <= 10);
        assert!(kept.bytes <= store.most);
        drop(kept);
        assert!(store.find("99").is_some() && store.find("1").is_none());
        drop(store.put("huge", &"x".repeat(100 * size)));
        assert!(store.find("huge").is_none() && store.find("99").is_some());
    }
}
