//! A table from names to numbers, for names that a schema holds.
//!
//! In: hashes of names, with the number of what owns them. Out: places. Must not know: what is there.

/// Open addressing, at most half full.
#[derive(Debug)]
pub(super) struct Index {
    slots: Vec<Slot>,
    /// How far a hash is shifted to be a place: the length is a power of two.
    shift: u32,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    hash: u32,
    owner: u16,
    place: u16,
}

const EMPTY: u16 = u16::MAX;

impl Index {
    /// Room for that many names.
    pub(super) fn with_capacity(names: usize) -> Self {
        let bits = (names.max(2) * 2).next_power_of_two().trailing_zeros();
        let slot = Slot {
            hash: 0,
            owner: 0,
            place: EMPTY,
        };
        Index {
            slots: vec![slot; 1 << bits],
            shift: 32 - bits,
        }
    }

    /// Adds a name, unless `is` says that a place is the same one: then that is answered. There must be room.
    pub(super) fn add(
        &mut self,
        owner: u16,
        hash: u32,
        place: u16,
        is: impl Fn(u16) -> bool,
    ) -> Result<(), u16> {
        let mut at = self.start(owner, hash);
        loop {
            let slot = &mut self.slots[at];
            if slot.place == EMPTY {
                *slot = Slot { hash, owner, place };
                return Ok(());
            }
            if slot.hash == hash && slot.owner == owner && is(slot.place) {
                return Err(slot.place);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    /// The place of a name that `is` knows.
    #[inline]
    pub(super) fn find(&self, owner: u16, hash: u32, is: impl Fn(u16) -> bool) -> Option<u16> {
        let mut at = self.start(owner, hash);
        loop {
            let slot = self.slots[at];
            if slot.place == EMPTY {
                return None;
            }
            if slot.hash == hash && slot.owner == owner && is(slot.place) {
                return Some(slot.place);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    #[inline]
    fn start(&self, owner: u16, hash: u32) -> usize {
        let mixed = hash.wrapping_add(u32::from(owner).wrapping_mul(0x9E37_79B1));
        (mixed >> self.shift) as usize
    }
}
