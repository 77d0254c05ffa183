//! The response buffer: JSON bytes, and where in the response the writer is.
//!
//! In: values. Out: bytes in one `Vec<u8>`, errors with their places. Must not know: types, requests.
//!
//! Every value is followed by a comma; closing an object or a list overwrites the last comma, so that there is no
//! "is this the first one" test. A place is a stack of numbers (fields of the plan, indexes of lists): two stores
//! an object, nothing for a leaf; it becomes a path only for an error.

use crate::Error;
use crate::engine::plan::Later;

/// A null on its way up to the nearest nullable place. Its error is recorded already.
#[derive(Debug)]
pub struct Bubble;

/// What writing a value answers.
pub type Written = Result<(), Bubble>;

/// The response under construction.
#[derive(Debug)]
pub struct Out {
    buf: Vec<u8>,
    /// The places around the current one: fields of the plan, or [`INDEX`] and an index.
    path: Vec<u32>,
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

/// An object of which some fields are delivered later.
#[derive(Debug)]
pub(crate) struct Found {
    /// [`Group::no`](super::plan::Group::no)
    pub(crate) group: u16,
    /// The fragments that ask for what is deferred.
    pub(crate) usages: Box<[u16]>,
    /// Its index in its level.
    pub(crate) index: usize,
    pub(crate) path: Vec<u32>,
    /// The fragments around it in what was written, each with the depth of its object.
    pub(crate) opened: Vec<(u16, usize)>,
}

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
    fn default() -> Self {
        Out {
            buf: Vec::new(),
            path: Vec::new(),
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
    pub fn with_capacity(bytes: usize) -> Self {
        Out {
            buf: Vec::with_capacity(bytes),
            ..Out::default()
        }
    }

    /// The same buffer for so many bytes at most: see [`Out::is_full`].
    #[must_use]
    pub fn limited(mut self, bytes: usize) -> Self {
        self.limit = bytes;
        self
    }

    /// Whether more was written than the limit allows. Once it was it stays so, and nothing more is worth writing: the
    /// rows of a few tables, each followed to the others, make a response without end.
    #[inline]
    pub fn is_full(&mut self) -> bool {
        self.full |= self.buf.len() + self.errors.len() * ERROR > self.limit;
        self.full
    }

    /// Bytes as they are: punctuation, keys, JSON that is rendered already.
    #[inline]
    pub fn raw(&mut self, bytes: &[u8]) {
        self.buf.extend_from_slice(bytes);
    }

    /// One byte as it is.
    #[inline]
    pub fn byte(&mut self, byte: u8) {
        self.buf.push(byte);
    }

    /// Closes an object or a list: takes the place of the last comma, if there is one.
    #[inline]
    pub fn close(&mut self, bracket: u8) {
        match self.buf.last_mut() {
            Some(last) if *last == b',' => *last = bracket,
            _ => self.buf.push(bracket),
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
        self.buf.reserve(bytes.len() + 2);
        self.buf.push(b'"');
        if needs_escape(bytes) {
            self.escaped(bytes);
        } else {
            self.buf.extend_from_slice(bytes);
        }
        self.buf.push(b'"');
    }

    /// Any JSON value.
    pub fn json(&mut self, value: &serde_json::Value) {
        // Writing to a `Vec` cannot fail, and a `Value` has only string keys.
        let _ = serde_json::to_writer(&mut self.buf, value);
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
        let mut path = Vec::with_capacity(self.path.len() + 1);
        path.extend(self.path.iter().skip(1).copied());
        if !self.path.is_empty() {
            path.push(self.at);
        }
        path
    }

    /// Takes note of what is deferred at the object that is written next; answers what [`Out::close_deferred`] needs.
    #[cold]
    pub(crate) fn defer(&mut self, later: &Later, index: usize) -> usize {
        let (before, depth) = (self.opened.len(), self.path.len());
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
            self.found.push((self.buf.len(), found));
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
            len: self.buf.len(),
            depth: self.path.len(),
            at: self.at,
        }
    }

    /// Takes back everything written since the mark and writes `null`.
    #[cold]
    pub fn rescue(&mut self, mark: Mark) {
        self.buf.truncate(mark.len);
        while self.found.last().is_some_and(|(at, _)| *at >= mark.len) {
            self.found.pop();
        }
        self.path.truncate(mark.depth);
        self.at = mark.at;
        self.null();
    }

    /// Goes one step down: the current place becomes the parent of the next.
    #[inline]
    pub fn enter(&mut self) {
        self.path.push(self.at);
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
        self.at = self.path.pop().unwrap_or(0);
    }

    /// Bytes so far.
    pub fn len(&self) -> usize {
        self.buf.len()
    }

    /// Whether nothing is written yet.
    pub fn is_empty(&self) -> bool {
        self.buf.is_empty()
    }

    pub(crate) fn take_errors(&mut self) -> Vec<Raised> {
        std::mem::take(&mut self.errors)
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.buf
    }

    #[cold]
    fn escaped(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            match byte {
                b'"' => self.raw(b"\\\""),
                b'\\' => self.raw(b"\\\\"),
                b'\n' => self.raw(b"\\n"),
                b'\r' => self.raw(b"\\r"),
                b'\t' => self.raw(b"\\t"),
                0..0x20 => self.raw(format!("\\u{byte:04x}").as_bytes()),
                _ => self.byte(byte),
            }
        }
    }
}

/// Whether JSON must escape something. No early exit inside a chunk, so that the compiler makes SIMD code of it.
#[inline]
fn needs_escape(bytes: &[u8]) -> bool {
    let mut chunks = bytes.chunks_exact(16);
    chunks.any(dirty) || dirty(bytes.chunks_exact(16).remainder())
}

#[inline(always)]
fn dirty(chunk: &[u8]) -> bool {
    chunk.iter().fold(false, |found, &b| {
        found | (b < 0x20) | (b == b'"') | (b == b'\\')
    })
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
