//! Names of a document, with their hash.
//!
//! In: a slice of the text. Out: a name that tables of the schema are asked with. Must not know: what it names.

use std::fmt;
use std::ops::Deref;

/// A name, where it stands, and its hash.
///
/// The hash is not seeded: it is for tables that a client does not fill (the schema's). A table of a document's own names
/// must use a seeded hash, or be small.
#[derive(Clone, Copy)]
pub struct Name<'d> {
    /// The text.
    pub text: &'d str,
    /// Byte of the document where it begins.
    pub at: u32,
    /// See [`hash`].
    pub hash: u32,
}

impl<'d> Name<'d> {
    /// A name at a byte of a document.
    #[inline]
    pub fn new(text: &'d str, at: u32) -> Self {
        Name {
            text,
            at,
            hash: hash(text),
        }
    }
}

/// The hash of a name: of its bytes alone, the same in every process.
#[inline]
pub fn hash(text: &str) -> u32 {
    const MIX: u64 = 0x9E37_79B9_7F4A_7C15;
    let mix = |hash: u64, word: u64| (hash.rotate_left(23) ^ word).wrapping_mul(MIX);
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let mut hash = text.len() as u64;
    for word in words {
        hash = mix(hash, u64::from_le_bytes(*word));
    }
    let tail = rest
        .iter()
        .rev()
        .fold(0, |word, byte| word << 8 | u64::from(*byte));
    let last = mix(hash, tail);
    ((last ^ last >> 29).wrapping_mul(MIX) >> 32) as u32
}

impl Deref for Name<'_> {
    type Target = str;

    #[inline]
    fn deref(&self) -> &str {
        self.text
    }
}

impl PartialEq for Name<'_> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.hash == other.hash && self.text == other.text
    }
}

impl Eq for Name<'_> {}

impl PartialEq<str> for Name<'_> {
    fn eq(&self, other: &str) -> bool {
        self.text == other
    }
}

impl PartialEq<&str> for Name<'_> {
    fn eq(&self, other: &&str) -> bool {
        self.text == *other
    }
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

impl fmt::Debug for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.text, f)
    }
}
