//! The response buffer: JSON bytes, and where in the response the writer is.
//!
//! In: values. Out: bytes in one `Vec<u8>`, errors with their places. Must not know: types, requests.
//!
//! Every value is followed by a comma; closing an object or a list overwrites the last comma, so that there is no
//! "is this the first one" test. (In an object the comma stands before the key, for the same reason.) A place is a
//! stack of numbers (fields of the plan, indexes of lists): two stores an object, nothing for a leaf; it becomes a
//! path only for an error.
//!
//! Behind the bytes that are written lie some that are zero, so that a short key is copied as a whole chunk of a fixed
//! size: two stores, where a copy of just its length would be a call.

use crate::Error;
use crate::engine::copy::{copy, copy_clean};
use crate::engine::plan::{Later, Stream};

/// A null on its way up to the nearest nullable place. Its error is recorded already.
#[derive(Debug)]
pub struct Bubble;

/// What writing a value answers.
pub type Written = Result<(), Bubble>;

/// The response under construction.
#[derive(Debug)]
pub struct Out {
    /// What is written, and zeros behind it.
    buf: Vec<u8>,
    /// How much of it is written.
    len: usize,
    /// The places around the current one: fields of the plan, or [`INDEX`] and an index. So many as `depth` says.
    path: [u32; DEPTH],
    /// Those of a very deep response that have no room there.
    deep: Vec<u32>,
    depth: usize,
    /// The current place.
    at: u32,
    errors: Vec<Raised>,
    /// Most bytes, errors counted with them.
    limit: usize,
    /// Whether they were ever passed.
    full: bool,
    /// What is deferred below what is written, each with its byte.
    found: Vec<(usize, Found)>,
    /// The fragments with `@defer` around the current place, each with the depth of its object.
    opened: Vec<(u16, usize)>,
}

/// An object of which some fields are delivered later, or a list of which some items are.
#[derive(Debug)]
pub(crate) struct Found {
    /// [`Group::no`](super::plan::Group::no)
    pub(crate) group: u16,
    /// The fragments that ask for what is deferred.
    pub(crate) usages: Box<[u16]>,
    /// Its index in its level; that of its parent for a list.
    pub(crate) index: usize,
    pub(crate) path: Vec<u32>,
    /// The fragments around it in what was written, each with the depth of its object.
    pub(crate) opened: Vec<(u16, usize)>,
}

/// How much is zeroed at a time: a part of the processor's nearest cache.
const PIECE: usize = 8 << 10;

/// Nesting of an ordinary response: objects and lists.
const DEPTH: usize = 24;

/// What an error counts as: its message, its place, its path on the way there.
const ERROR: usize = 256;

/// Marks a place in a list.
pub(crate) const INDEX: u32 = 1 << 31;

/// An error and the place where it came up: fields of the plan, or [`INDEX`] and an index.
#[derive(Debug)]
pub(crate) struct Raised {
    pub(crate) path: Vec<u32>,
    pub(crate) error: Error,
}

/// Where to go back to when a value fails: see [`Out::mark`].
#[derive(Debug, Clone, Copy)]
pub struct Mark {
    len: usize,
    depth: usize,
    at: u32,
}

impl Default for Out {
    #[inline]
    fn default() -> Self {
        Out {
            buf: Vec::new(),
            len: 0,
            path: [0; DEPTH],
            deep: Vec::new(),
            depth: 0,
            at: 0,
            errors: Vec::new(),
            limit: usize::MAX,
            full: false,
            found: Vec::new(),
            opened: Vec::new(),
        }
    }
}

impl Out {
    /// An empty buffer that holds so many bytes before it grows.
    #[inline]
    pub fn with_capacity(bytes: usize) -> Self {
        Out {
            buf: Vec::with_capacity(bytes + KEY),
            ..Out::default()
        }
    }

    /// The same buffer for so many bytes at most: see [`Out::is_full`].
    #[must_use]
    #[inline]
    pub fn limited(mut self, bytes: usize) -> Self {
        self.limit = bytes;
        self
    }

    /// Whether more was written than the limit allows. Once it was it stays so, and nothing more is worth writing: the
    /// rows of a few tables, each followed to the others, make a response without end.
    #[inline]
    pub fn is_full(&mut self) -> bool {
        self.full |= self.len + self.errors.len() * ERROR > self.limit;
        self.full
    }

    /// The place of the next so many bytes; it may be longer.
    #[inline]
    fn room(&mut self, bytes: usize) -> &mut [u8] {
        if self.buf.len() - self.len < bytes {
            self.grow(bytes);
        }
        &mut self.buf[self.len..]
    }

    /// Makes more of the buffer usable, a piece at a time: what is zeroed is still near when it is written.
    #[cold]
    #[inline(never)]
    fn grow(&mut self, bytes: usize) {
        let (least, more) = (self.len + bytes, self.len + bytes + PIECE);
        let len = more.min(self.buf.capacity().max(least));
        self.buf.resize(len, 0);
    }

    /// Bytes as they are: punctuation, JSON that is rendered already.
    #[inline]
    pub fn raw(&mut self, bytes: &[u8]) {
        if bytes.len() > PIECE {
            return self.raw_long(bytes);
        }
        copy(bytes, self.room(bytes.len()));
        self.len += bytes.len();
    }

    /// The same for much, as an introspection's answer: without zeros first.
    #[cold]
    #[inline(never)]
    fn raw_long(&mut self, bytes: &[u8]) {
        self.buf.truncate(self.len);
        self.buf.extend_from_slice(bytes);
        self.len = self.buf.len();
    }

    /// One byte as it is.
    #[inline]
    pub fn byte(&mut self, byte: u8) {
        self.room(1)[0] = byte;
        self.len += 1;
    }

    /// A key of an object, with a comma before it: see [`Out::close_object`].
    #[inline]
    pub(crate) fn key(&mut self, key: &Key) {
        match &key.long {
            None => {
                if let Some(to) = self.room(KEY).first_chunk_mut::<KEY>() {
                    *to = key.short;
                }
                self.len += key.len as usize;
            }
            Some(long) => self.raw(long),
        }
    }

    /// Ends the object that began at that length: its first key's comma becomes the brace.
    #[inline]
    pub(crate) fn close_object(&mut self, from: usize) {
        if self.len == from {
            return self.raw(b"{}");
        }
        self.buf[from] = b'{';
        self.byte(b'}');
    }

    /// Closes an object or a list: takes the place of the last comma, if there is one.
    #[inline]
    pub fn close(&mut self, bracket: u8) {
        match self.buf[..self.len].last_mut() {
            Some(last) if *last == b',' => *last = bracket,
            _ => self.byte(bracket),
        }
    }

    /// `null`
    #[inline]
    pub fn null(&mut self) {
        self.raw(b"null");
    }

    /// `true` or `false`
    #[inline]
    pub fn bool(&mut self, value: bool) {
        self.raw(if value { b"true" } else { b"false" });
    }

    /// An integer as a JSON number.
    #[inline]
    pub fn int(&mut self, value: i64) {
        let mut digits = itoa::Buffer::new();
        self.raw(digits.format(value).as_bytes());
    }

    /// A number; JSON has no word for an infinite one, so that is an error.
    #[inline]
    pub fn float(&mut self, value: f64) -> Written {
        if !value.is_finite() {
            return self.fail(Error::internal(format!("Float cannot represent {value}")));
        }
        let mut digits = zmij::Buffer::new();
        self.raw(digits.format_finite(value).as_bytes());
        Ok(())
    }

    /// Text as a JSON string.
    #[inline]
    pub fn str(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let to = self.room(bytes.len() + 2);
        to[0] = b'"';
        if copy_clean(bytes, &mut to[1..]) {
            to[bytes.len() + 1] = b'"';
            self.len += bytes.len() + 2;
        } else {
            self.escaped(bytes);
        }
    }

    /// Any JSON value.
    pub fn json(&mut self, value: &serde_json::Value) {
        // Writing to a `Vec` cannot fail, and a `Value` has only string keys.
        self.buf.truncate(self.len);
        let _ = serde_json::to_writer(&mut self.buf, value);
        self.len = self.buf.len();
    }

    /// The text of anything that formats itself, as a JSON string.
    pub fn display(&mut self, value: &impl std::fmt::Display) {
        self.str(&value.to_string());
    }

    /// Records an error at the current place, and sends a null up.
    #[cold]
    pub fn fail(&mut self, error: Error) -> Written {
        let path = self.place();
        self.errors.push(Raised { path, error });
        Err(Bubble)
    }

    fn place(&self) -> Vec<u32> {
        let mut path = Vec::with_capacity(self.depth + 1);
        let around = self.path.iter().take(self.depth).chain(&self.deep);
        path.extend(around.skip(1).copied());
        if self.depth > 0 {
            path.push(self.at);
        }
        path
    }

    /// Takes note of what is deferred at the object that is written next; answers what [`Out::close_deferred`] needs.
    #[cold]
    pub(crate) fn defer(&mut self, later: &Later, index: usize) -> usize {
        let (before, depth) = (self.opened.len(), self.depth);
        self.opened
            .extend(later.opens.iter().map(|usage| (*usage, depth)));
        for group in &later.groups {
            let found = Found {
                group: group.no,
                usages: group.usages.clone(),
                index,
                path: self.place(),
                opened: self.opened.clone(),
            };
            self.found.push((self.len, found));
        }
        before
    }

    /// The object is written.
    pub(crate) fn close_deferred(&mut self, opened: usize) {
        self.opened.truncate(opened);
    }

    /// What is deferred below what was written and has not been taken back.
    pub(crate) fn take_found(&mut self) -> Vec<Found> {
        let found = std::mem::take(&mut self.found);
        found.into_iter().map(|(_, found)| found).collect()
    }

    /// The point to come back to with [`Out::rescue`].
    #[inline]
    pub fn mark(&self) -> Mark {
        Mark {
            len: self.len,
            depth: self.depth,
            at: self.at,
        }
    }

    /// Takes note of the items of a list that are delivered later: the list at the current place, of parent `index`.
    #[cold]
    pub(crate) fn stream(&mut self, stream: &Stream, index: usize) {
        let opened = self.opened.iter().copied();
        let found = Found {
            group: stream.group,
            usages: [stream.usage].into(),
            index,
            path: self.place(),
            opened: opened.chain([(stream.usage, self.depth)]).collect(),
        };
        self.found.push((self.len, found));
    }

    /// Takes back everything written since the mark and writes `null`.
    #[cold]
    pub fn rescue(&mut self, mark: Mark) {
        self.take_back(mark);
        self.null();
    }

    /// Takes back everything written since the mark, but its errors.
    #[cold]
    pub(crate) fn take_back(&mut self, mark: Mark) {
        self.len = mark.len;
        while self.found.last().is_some_and(|(at, _)| *at >= mark.len) {
            self.found.pop();
        }
        self.depth = mark.depth;
        self.deep.truncate(mark.depth.saturating_sub(DEPTH));
        self.at = mark.at;
    }

    /// Goes one step down: the current place becomes the parent of the next.
    #[inline]
    pub fn enter(&mut self) {
        match self.path.get_mut(self.depth) {
            Some(place) => *place = self.at,
            None => self.deep.push(self.at),
        }
        self.depth += 1;
    }

    /// Says which field (its number in the plan) is written next.
    #[inline]
    pub fn at_field(&mut self, no: u32) {
        self.at = no;
    }

    /// Says which element of a list is written next.
    #[inline]
    pub fn at_index(&mut self, index: usize) {
        self.at = INDEX | index as u32;
    }

    /// Goes back up after [`Out::enter`].
    #[inline]
    pub fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.at = match self.path.get(self.depth) {
            Some(place) => *place,
            None => self.deep.pop().unwrap_or(0),
        };
    }

    /// Bytes so far.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing is written yet.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many errors there are.
    pub(crate) fn errors(&self) -> usize {
        self.errors.len()
    }

    /// The errors after so many others, which stay.
    pub(crate) fn take_errors_after(&mut self, others: usize) -> Vec<Raised> {
        self.errors.split_off(others)
    }

    pub(crate) fn take_errors(&mut self) -> Vec<Raised> {
        std::mem::take(&mut self.errors)
    }

    pub(crate) fn into_bytes(mut self) -> Vec<u8> {
        self.buf.truncate(self.len);
        self.buf
    }

    /// Text with something to escape, as a JSON string.
    #[cold]
    fn escaped(&mut self, bytes: &[u8]) {
        self.byte(b'"');
        let mut rest = bytes;
        while let Some(at) = rest.iter().position(|b| needs_escape(*b)) {
            self.raw(&rest[..at]);
            match rest[at] {
                b'"' => self.raw(b"\\\""),
                b'\\' => self.raw(b"\\\\"),
                b'\n' => self.raw(b"\\n"),
                b'\r' => self.raw(b"\\r"),
                b'\t' => self.raw(b"\\t"),
                byte => self.raw(format!("\\u{byte:04x}").as_bytes()),
            }
            rest = &rest[at + 1..];
        }
        self.raw(rest);
        self.byte(b'"');
    }
}

fn needs_escape(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

/// A key of an object as it stands in the response: `,"title":`.
#[derive(Debug)]
pub struct Key {
    /// A short one, and zeros behind it.
    short: [u8; KEY],
    len: u8,
    long: Option<Box<[u8]>>,
}

/// The longest key that is copied as a whole, with its comma, quotes and colon.
const KEY: usize = 32;

impl Key {
    /// The key of that name, which needs no escape (section 2.1.9 of the specification).
    pub fn new(name: &str) -> Self {
        let (mut short, len) = ([0; KEY], name.len() + 4);
        if len > KEY {
            let long = [b",\"", name.as_bytes(), b"\":"].concat().into();
            return Key {
                short,
                len: 0,
                long: Some(long),
            };
        }
        short[..2].copy_from_slice(b",\"");
        copy(name.as_bytes(), &mut short[2..]);
        short[len - 2..len].copy_from_slice(b"\":");
        Key {
            short,
            len: len as u8,
            long: None,
        }
    }

    /// The name in it.
    pub fn name(&self) -> &[u8] {
        let whole = match &self.long {
            Some(long) => long,
            None => &self.short[..usize::from(self.len)],
        };
        &whole[2..whole.len() - 2]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_what_serde_json_writes() {
        for text in [
            "",
            "plain",
            "a \"quote\" and \\",
            "tab\tnewline\ncr\r",
            "\u{1}\u{1f}\u{7f}",
            "größer 🦀 than sixteen bytes \u{0}",
        ] {
            let mut out = Out::default();
            out.str(text);
            let read: String = serde_json::from_slice(&out.into_bytes()).unwrap();
            assert_eq!(read, text);
        }
    }

    #[test]
    fn keys_of_any_length() {
        for len in [1, 2, 7, KEY - 5, KEY - 4, KEY - 3, 3 * KEY] {
            let name = "k".repeat(len);
            let key = Key::new(&name);
            assert_eq!(key.name(), name.as_bytes());
            let mut out = Out::default();
            for value in 0..300 {
                out.key(&key);
                out.int(value);
            }
            out.close_object(0);
            let text = String::from_utf8(out.into_bytes()).unwrap();
            assert!(text.ends_with(&format!(",\"{name}\":299}}")));
            assert!(text.starts_with(&format!("{{\"{name}\":0,")));
        }
    }

    #[test]
    fn places_however_deep() {
        for depth in [1, 2, DEPTH - 1, DEPTH, DEPTH + 1, 3 * DEPTH] {
            let mut out = Out::default();
            for step in 0..depth {
                out.at_field(step as u32);
                out.enter();
            }
            let mark = out.mark();
            for step in depth..2 * depth {
                out.at_index(step);
                out.enter();
            }
            out.rescue(mark);
            out.at_field(77);
            assert!(out.float(f64::NAN).is_err());
            let mut path: Vec<u32> = (1..depth as u32).collect();
            path.push(77);
            assert_eq!(out.take_errors()[0].path, path);
            for step in (0..depth).rev() {
                out.leave();
                assert_eq!(out.at, step as u32);
            }
        }
    }

    #[test]
    fn a_rescued_value_leaves_no_trace() {
        let mut out = Out::default();
        out.raw(b"{\"a\":");
        let mark = out.mark();
        out.enter();
        out.raw(b"[1,2,");
        assert!(out.float(f64::NAN).is_err());
        out.rescue(mark);
        out.byte(b',');
        out.close(b'}');
        assert_eq!(out.take_errors().len(), 1);
        assert_eq!(out.into_bytes(), b"{\"a\":null}");
    }
}
