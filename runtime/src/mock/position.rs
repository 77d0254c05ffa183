//! Where in a response a generated value stands, as a hash.
//!
//! In: a seed, response keys, indices. Out: a number. Must not know: types, values.

/// A place in a response: the FNV-1a hash (32 bits) of `seed/path` so far, the path being response keys and list
/// indices joined by `.`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Position {
    hash: u32,
    parts: u32,
}

impl Position {
    /// The root of a response: a path of no parts.
    pub(super) fn root(seed: &str) -> Self {
        let position = Position {
            hash: 0x811c_9dc5,
            parts: 0,
        };
        position.with(seed.as_bytes()).with(b"/")
    }

    /// The field of that response key.
    pub(super) fn key(self, key: &[u8]) -> Self {
        self.step(key)
    }

    /// The item of that index.
    pub(super) fn index(self, index: usize) -> Self {
        self.step(itoa::Buffer::new().format(index).as_bytes())
    }

    /// The hash of `seed/path`.
    pub(super) fn hash(self) -> u32 {
        self.hash
    }

    /// Whether a nullable value stands for null here: on a path of two or more parts, where the hash is a multiple of 7.
    pub(super) fn is_null(self) -> bool {
        self.parts >= 2 && self.hash.is_multiple_of(7)
    }

    fn step(self, part: &[u8]) -> Self {
        let joined = if self.parts == 0 {
            self
        } else {
            self.with(b".")
        };
        Position {
            parts: self.parts + 1,
            ..joined.with(part)
        }
    }

    fn with(mut self, bytes: &[u8]) -> Self {
        for byte in bytes {
            self.hash = (self.hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_hashes() {
        // Of the authors of the function: <http://www.isthe.com/chongo/src/fnv/test_fnv.c>.
        let of = |text: &str| {
            let start = Position {
                hash: 0x811c_9dc5,
                parts: 0,
            };
            start.with(text.as_bytes()).hash()
        };
        assert_eq!(of(""), 0x811c_9dc5);
        assert_eq!(of("a"), 0xe40c_292c);
        assert_eq!(of("foobar"), 0xbf9c_f968);
        let place = Position::root("s").key(b"users").index(10).key(b"name");
        assert_eq!(place.hash(), of("s/users.10.name"));
    }

    #[test]
    fn a_path_of_one_part_is_never_null() {
        let null = |seed: usize| Position::root(&seed.to_string()).key(b"a");
        assert!((0..100).any(|seed| null(seed).hash().is_multiple_of(7)));
        assert!((0..100).all(|seed| !null(seed).is_null()));
        assert!((0..100).any(|seed| null(seed).index(0).is_null()));
    }
}
