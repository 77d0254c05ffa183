//! Where in a JSON text a value stands.
//!
//! In: a text that is JSON, a path in it. Out: a byte. Must not know: what the values mean.

use super::data::Step;

/// The byte where the value at that path begins, or the innermost value around it that is there.
pub(super) fn locate(text: &str, path: &[Step]) -> usize {
    let mut scan = Scan {
        bytes: text.as_bytes(),
        at: 0,
    };
    scan.space();
    for step in path {
        let here = scan.at;
        let found = match step {
            Step::Key(key) => scan.member(key),
            Step::Index(index) => scan.item(*index),
        };
        if !found {
            return here;
        }
    }
    scan.at
}

struct Scan<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl Scan<'_> {
    fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(0)
    }

    fn space(&mut self) {
        while self.peek().is_ascii_whitespace() || self.peek() == b',' || self.peek() == b':' {
            self.at += 1;
        }
    }

    /// Goes to the value of the last member of that name: what counts where a name stands twice.
    fn member(&mut self, key: &str) -> bool {
        if self.peek() != b'{' {
            return false;
        }
        self.at += 1;
        self.space();
        let mut found = None;
        while self.peek() == b'"' {
            let from = self.at;
            self.string();
            let name: Option<String> = serde_json::from_slice(&self.bytes[from..self.at]).ok();
            self.space();
            if name.as_deref() == Some(key) {
                found = Some(self.at);
            }
            self.skip();
            self.space();
        }
        self.at = found.unwrap_or(self.at);
        found.is_some()
    }

    fn item(&mut self, index: usize) -> bool {
        if self.peek() != b'[' {
            return false;
        }
        self.at += 1;
        self.space();
        for _ in 0..index {
            self.skip();
            self.space();
        }
        self.peek() != b']'
    }

    /// Goes behind the value that begins here.
    fn skip(&mut self) {
        match self.peek() {
            b'"' => self.string(),
            b'{' | b'[' => {
                let mut depth = 0_usize;
                while self.at < self.bytes.len() {
                    match self.peek() {
                        b'"' => {
                            self.string();
                            continue;
                        }
                        b'{' | b'[' => depth += 1,
                        b'}' | b']' => depth -= 1,
                        _ => {}
                    }
                    self.at += 1;
                    if depth == 0 {
                        return;
                    }
                }
            }
            _ => {
                while !matches!(self.peek(), 0 | b',' | b'}' | b']')
                    && !self.peek().is_ascii_whitespace()
                {
                    self.at += 1;
                }
            }
        }
    }

    fn string(&mut self) {
        self.at += 1;
        while !matches!(self.peek(), b'"' | 0) {
            self.at += if self.peek() == b'\\' { 2 } else { 1 };
        }
        self.at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_behind_what_looks_like_them() {
        let text = r#"{"a]": ["x\"}", {"b": 1, "c": [[], 2.5e1, {"\u0064": null}]}]}"#;
        let key = |key: &str| Step::Key(key.to_owned());
        let check = |path: &[Step], begins: &str| {
            assert!(text[locate(text, path)..].starts_with(begins), "{begins}");
        };
        check(&[], "{\"a]\"");
        check(
            &[key("a]"), Step::Index(1), key("c"), Step::Index(1)],
            "2.5e1",
        );
        check(
            &[
                key("a]"),
                Step::Index(1),
                key("c"),
                Step::Index(2),
                key("d"),
            ],
            "null",
        );
        check(&[key("a]"), Step::Index(0)], "\"x\\\"}\"");
        check(&[key("a]"), Step::Index(1), key("none")], "{\"b\"");
    }
}
