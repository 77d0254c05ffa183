//! Copies of short texts, by chunks of a fixed size where a copy of just their length would be a call.
//!
//! In: bytes, and a place that may be longer. Out: the bytes there, and whether JSON could take them as they are.
//! Must not know: what they are.

/// Copies bytes to the front of a place that is at least as long.
#[inline]
pub(crate) fn copy(from: &[u8], to: &mut [u8]) {
    let _ = transfer(from, to, |_| 0, |_| 0);
}

/// The same; tells whether a JSON string may hold the bytes without an escape. If not, the place holds nothing of use.
#[inline]
pub(crate) fn copy_clean(from: &[u8], to: &mut [u8]) -> bool {
    transfer(from, to, dirty_chunk, dirty_word)
}

const CHUNK: usize = 16;

/// Copies by chunks: the last one overlaps the one before it. Answers whether all of them were found clean (0).
#[inline(always)]
fn transfer(
    from: &[u8],
    to: &mut [u8],
    chunk: impl Fn(&[u8; CHUNK]) -> u8,
    word: impl Fn(u64) -> u64,
) -> bool {
    let len = from.len();
    let to = &mut to[..len];
    if let Some(last) = from.last_chunk::<CHUNK>() {
        let mut dirty = 0;
        for (part, place) in from.chunks_exact(CHUNK).zip(to.chunks_exact_mut(CHUNK)) {
            if let Some(part) = part.first_chunk::<CHUNK>() {
                place.copy_from_slice(part);
                dirty |= chunk(part);
            }
        }
        to[len - CHUNK..].copy_from_slice(last);
        return dirty | chunk(last) == 0;
    }
    if let (Some(first), Some(last)) = (from.first_chunk::<8>(), from.last_chunk::<8>()) {
        to[..8].copy_from_slice(first);
        to[len - 8..].copy_from_slice(last);
        return word(u64::from_le_bytes(*first)) | word(u64::from_le_bytes(*last)) == 0;
    }
    if let (Some(first), Some(last)) = (from.first_chunk::<4>(), from.last_chunk::<4>()) {
        to[..4].copy_from_slice(first);
        to[len - 4..].copy_from_slice(last);
        let both =
            u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last));
        return word(both) == 0;
    }
    let mut bytes = [b' '; 8];
    for (i, &byte) in from.iter().enumerate() {
        to[i] = byte;
        bytes[i & 7] = byte;
    }
    word(u64::from_le_bytes(bytes)) == 0
}

/// Not 0 if JSON must escape something. No early exit, so that the compiler makes SIMD code of it.
#[inline(always)]
fn dirty_chunk(chunk: &[u8; CHUNK]) -> u8 {
    chunk.iter().fold(0, |found, &b| {
        found | u8::from(b < 0x20) | u8::from(b == b'"') | u8::from(b == b'\\')
    })
}

/// The same for eight bytes in a word: the sign of each byte that is too small, or that is equal to one of the two.
#[inline(always)]
fn dirty_word(word: u64) -> u64 {
    const ONES: u64 = u64::MAX / 255;
    const SIGNS: u64 = ONES * 0x80;
    let below = |word: u64, least: u64| word.wrapping_sub(ONES * least) & !word & SIGNS;
    let equal = |byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    below(word, 0x20) | equal(b'"') | equal(b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_with_every_byte_at_every_place() {
        for len in 0..70 {
            let text: Vec<u8> = (0..len).map(|i| b'a' + (i % 26) as u8).collect();
            check(&text, true);
            for place in 0..len {
                for byte in 0..=255 {
                    let mut text = text.clone();
                    text[place] = byte;
                    check(&text, !(byte < 0x20 || byte == b'"' || byte == b'\\'));
                }
            }
        }
    }

    fn check(text: &[u8], clean: bool) {
        let mut place = [1; 72];
        assert_eq!(copy_clean(text, &mut place), clean, "{text:?}");
        assert_eq!(&place[..text.len()], text);
        assert_eq!(place[text.len()], 1, "nothing behind it is touched");
        let mut place = [1; 72];
        copy(text, &mut place);
        assert_eq!(&place[..text.len()], text);
    }
}
