//! A new stub file, whose shape is known: compared with what it was made of instead of being read.
//!
//! In: its text and its parts. Out: the scan that reading it gives; nothing where a single byte is not as expected.
//! Must not know: why the file is new.
//!
//! In a first run on a large schema these files are nearly all that there is to read.

use super::super::{Project, WantedImpl, WantedMethod, bare, last_segment};
use super::{ImplBlock, Method, Param, ScannedFile};
use std::collections::BTreeSet;
use std::ops::Range;

/// The scan of a file that holds `docs`, `imports` and these blocks, as the templates lay them out.
pub(in super::super) fn fresh(
    text: &str,
    docs: &str,
    imports: [&str; 2],
    impls: &[(WantedImpl, Vec<WantedMethod>)],
    project: Project<'_>,
) -> Option<ScannedFile> {
    let mut reader = Reader {
        text,
        at: 0,
        counted: 0,
        line: 1,
    };
    // One line of documentation, and no more, is certain to be a comment.
    if !docs.starts_with("//! ") || docs.contains(['\n', '\r']) {
        return None;
    }
    reader.expect(docs)?;
    reader.expect("\n\n")?;
    let mut names = BTreeSet::new();
    for import in imports {
        names.insert(imported(import)?.to_owned());
        ["use ", import, ";\n"]
            .into_iter()
            .try_for_each(|part| reader.expect(part).map(drop))?;
    }
    let app = last_segment(project.app);
    let mut file = ScannedFile {
        has_items: true,
        ..ScannedFile::default()
    };
    for (want, methods) in impls {
        reader.expect("\n")?;
        let block = reader.block(want, methods, app, &names, &mut file.bodies)?;
        file.impls.push(block);
        reader.expect("\n")?;
    }
    file.names = names;
    (reader.at == text.len()).then_some(file)
}

/// The name that an import brings in, where both are plain words.
fn imported(import: &str) -> Option<&str> {
    let name = import.rsplit("::").next()?;
    let name = name.rsplit_once(" as ").map_or(name, |(_, alias)| alias);
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    (!name.is_empty() && name.chars().all(plain) && name != "self").then_some(name)
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    /// How far lines are counted, and which one it is there.
    counted: usize,
    line: usize,
}

impl Reader<'_> {
    fn expect(&mut self, part: &str) -> Option<Range<usize>> {
        let start = self.at;
        self.text[start..].starts_with(part).then(|| {
            self.at += part.len();
            start..self.at
        })
    }

    /// The line on which `at` stands, from 1; asked for from the top of the file to its end.
    fn line(&mut self, at: usize) -> usize {
        let between = &self.text.as_bytes()[self.counted..at];
        self.line += between.iter().filter(|byte| **byte == b'\n').count();
        self.counted = at;
        self.line
    }

    fn block(
        &mut self,
        want: &WantedImpl,
        methods: &[WantedMethod],
        app: &str,
        names: &BTreeSet<String>,
        bodies: &mut Vec<Range<usize>>,
    ) -> Option<ImplBlock> {
        let start = self.at;
        let line = self.line(start);
        self.expect("impl gw::")?;
        let trait_ident = self.expect(&want.trait_name)?;
        self.expect(" for ")?;
        self.expect(app)?;
        let open = self.expect(" {")?.end;
        let mut found = Vec::with_capacity(methods.len());
        for (i, method) in methods.iter().enumerate() {
            self.expect(if i == 0 { "\n" } else { "\n\n" })?;
            let (method, body) = self.method(method)?;
            found.push(method);
            bodies.push(body);
        }
        self.expect("\n")?;
        let close = self.expect("}")?;
        Some(ImplBlock {
            trait_name: bare(&want.trait_name).to_owned(),
            self_name: app.to_owned(),
            names: names.clone(),
            test: false,
            opaque: false,
            macro_words: BTreeSet::new(),
            range: start..close.end,
            trait_ident,
            aliased: false,
            attributes: false,
            line,
            open,
            close: close.start,
            methods: found,
            has_items: !methods.is_empty(),
        })
    }

    /// A method and its body.
    fn method(&mut self, want: &WantedMethod) -> Option<(Method, Range<usize>)> {
        self.expect("    ")?;
        let start = self.expect("async fn ")?.start;
        let ident = self.expect(&want.name)?;
        let borrows = want.signature.borrows();
        let generics = match borrows {
            true => Some(self.expect("<'r>")?),
            false => None,
        };
        self.expect("(")?;
        let long = self.expect("\n        ").is_some();
        let between = if long { "\n        " } else { " " };
        let receiver = self.expect(if borrows { "&'r self" } else { "&self" })?;
        let given = &want.signature.params;
        let mut params = Vec::with_capacity(given.len());
        let comma = self.comma(long || !given.is_empty())?;
        let receiver = receiver.start..comma.map_or(receiver.end, |comma| comma.end);
        for (i, (name, ty)) in given.iter().enumerate() {
            let start = self.expect(between)?.end;
            self.expect(name)?;
            self.expect(": ")?;
            let ty = self.expect(ty)?;
            params.push(Param {
                range: start..ty.end,
                ty,
                comma: self.comma(long || i + 1 < given.len())?,
            });
        }
        self.expect(if long { "\n    ) -> " } else { ") -> " })?;
        let returns = self.expect(&want.signature.returns)?;
        let open = self.expect(" {")?.end - 1;
        // The lines inside are indented further than the brace behind them.
        let (_, lines) = want.text.split_once(" {\n")?;
        for line in lines.strip_suffix("}\n")?.lines() {
            self.expect("\n    ")?;
            self.expect(line)?;
        }
        let body = open..self.expect("\n    }")?.end;
        let method = Method {
            name: bare(&want.name).to_owned(),
            range: start..body.end,
            line: self.line(ident.start),
            ident,
            cfg: false,
            generics,
            receiver: Some(receiver),
            params,
            returns: Some(returns),
        };
        Some((method, body))
    }

    /// A comma, where one has to be.
    fn comma(&mut self, is_there: bool) -> Option<Option<Range<usize>>> {
        match is_there {
            true => self.expect(",").map(Some),
            false => Some(None),
        }
    }
}

#[cfg(test)]
mod tests;
