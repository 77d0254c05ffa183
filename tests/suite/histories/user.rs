//! Somebody who works on the stub files: writes bodies, comments, helpers, imports and aliases, moves blocks, changes how
//! files are laid out. Nothing of it breaks the build.

use graphwright_tests::random::dice::Dice;
use graphwright_tests::random::rust;
use std::collections::BTreeMap;
use syn::spanned::Spanned;

/// The files of a project, and the marks that the user left in bodies.
#[derive(Debug, Clone, Default)]
pub(super) struct User {
    pub(super) texts: BTreeMap<String, String>,
    pub(super) marks: Vec<String>,
    /// How many edits there were.
    pub(super) edits: usize,
}

impl User {
    pub(super) fn edit(&mut self, dice: &mut Dice) {
        let stubs: Vec<String> = self
            .texts
            .iter()
            .filter(|(path, text)| *path != "src/lib.rs" && text.contains("impl "))
            .map(|(path, _)| path.clone())
            .collect();
        if stubs.is_empty() {
            return;
        }
        self.edits += 1;
        let path = dice.of(&stubs).clone();
        let n = self.edits;
        let mark = format!("mark é {n};");
        match dice.below(14) {
            0..=3 => self.body(&path, &mark, dice),
            4 => self.insert(
                &path,
                &["    async fn", "\tasync fn"],
                &format!("    // {mark}\n"),
                dice,
            ),
            5 => self.insert(
                &path,
                &["impl gw::", "impl crate::"],
                &format!("// {mark}\n\n"),
                dice,
            ),
            6 => self.append(
                &path,
                &format!("\n/* {mark} */\n#[allow(dead_code)]\nfn helper_{n}() {{}}\n"),
            ),
            7 => self.insert(
                &path,
                &["impl gw::", "impl crate::"],
                &format!("#[allow(unused_imports)]\nuse std::fmt::Write as _; // {mark}\n"),
                dice,
            ),
            8 => self.alias(&path, n),
            9 => self.trailing(&path, &mark, dice),
            10 => self.make_mutable(&path),
            11 => self.move_block(&path, n, dice),
            12 => {
                let text = rust::reformat(&self.texts[&path], dice);
                self.texts.insert(path, text);
            }
            _ => {
                let text = &self.texts[&path];
                let text = match text.contains("\r\n") {
                    true => text.replace("\r\n", "\n"),
                    false => text.replace('\n', "\r\n"),
                };
                self.texts.insert(path, text);
            }
        }
        let text = self
            .texts
            .values()
            .find(|text| syn::parse_file(text).is_err());
        assert_eq!(text, None, "the user writes Rust");
    }

    /// A body of one's own.
    fn body(&mut self, path: &str, mark: &str, dice: &mut Dice) {
        let text = &self.texts[path];
        let found: Vec<usize> = text
            .match_indices("not_implemented(\"")
            .map(|(at, _)| at)
            .collect();
        if found.is_empty() {
            return;
        }
        let at = *dice.of(&found);
        let begin = at + "not_implemented(\"".len();
        let end = begin + text[begin..].find('"').unwrap();
        // Written by hand already.
        if text[begin..end].starts_with("mark") {
            return;
        }
        let mut text = text.clone();
        text.replace_range(begin..end, mark);
        self.texts.insert(path.to_owned(), text);
        self.marks.push(mark.to_owned());
    }

    fn insert(&mut self, path: &str, places: &[&str], what: &str, dice: &mut Dice) {
        let text = &self.texts[path];
        let found = places.iter().flat_map(|place| text.match_indices(place));
        // At the start of a line only: what stands before it on the line may be anything.
        let found: Vec<usize> = found
            .map(|(at, _)| at)
            .filter(|at| text[..*at].ends_with('\n'))
            .collect();
        if !found.is_empty() {
            let what = match text.contains("\r\n") {
                true => what.replace('\n', "\r\n"),
                false => what.to_owned(),
            };
            let at = *dice.of(&found);
            self.texts.get_mut(path).unwrap().insert_str(at, &what);
        }
    }

    fn append(&mut self, path: &str, what: &str) {
        let text = self.texts.get_mut(path).unwrap();
        let what = match text.contains("\r\n") {
            true => what.replace('\n', "\r\n"),
            false => what.to_owned(),
        };
        text.push_str(&what);
    }

    /// `mut cx`, where it is not, however it is laid out.
    fn make_mutable(&mut self, path: &str) {
        let text = self.texts.get_mut(path).unwrap();
        let places = text.match_indices("cx: &gw::Context").map(|(at, _)| at);
        let place = places
            .filter(|at| text[..*at].ends_with(|c: char| !c.is_alphanumeric() && c != '_'))
            .find(|at| !text[..*at].trim_end().ends_with("mut"));
        if let Some(at) = place {
            text.insert_str(at, "mut ");
        }
    }

    /// `-> Mine`, with `type Mine = …;` below.
    fn alias(&mut self, path: &str, n: usize) {
        let text = &self.texts[path];
        let Some(at) = text.find("-> gw::Result<") else {
            return;
        };
        let begin = at + "-> ".len();
        let end = begin + text[begin..].find(" {").unwrap_or_default();
        let ty = text[begin..end].to_owned();
        if ty.contains(['\'', '\n', '{']) || ty.is_empty() {
            return;
        }
        let mut text = text.clone();
        text.replace_range(begin..end, &format!("Mine{n}"));
        self.texts.insert(path.to_owned(), text);
        self.append(path, &format!("\ntype Mine{n} = {ty};\n"));
    }

    fn trailing(&mut self, path: &str, mark: &str, dice: &mut Dice) {
        let text = &self.texts[path];
        let lines: Vec<usize> = text
            .match_indices('\n')
            .map(|(at, _)| at - usize::from(text[..at].ends_with('\r')))
            .filter(|at| text[..*at].ends_with('}') && !text[..*at].ends_with("{}"))
            .collect();
        if !lines.is_empty() {
            let at = *dice.of(&lines);
            let text = self.texts.get_mut(path).unwrap();
            text.insert_str(at, &format!(" // {mark}"));
        }
    }

    /// A block to a file or a module of its own.
    fn move_block(&mut self, path: &str, n: usize, dice: &mut Dice) {
        let text = self.texts[path].clone();
        let file = syn::parse_file(&text).unwrap();
        let blocks = file.items.iter().filter_map(|item| match item {
            syn::Item::Impl(block) if block.trait_.is_some() => Some(block.span().byte_range()),
            _ => None,
        });
        // Aliases stay behind, and with them what uses them.
        let blocks: Vec<_> = blocks
            .filter(|range| !text[range.clone()].contains("-> Mine"))
            .collect();
        if blocks.is_empty() {
            return;
        }
        let range = dice.of(&blocks).clone();
        let block = text[range.clone()].to_owned();
        let (rest, other) = (&text[..range.start], &text[range.end..]);
        if dice.percent(50) {
            let inner =
                format!("mod inner_{n} {{\n#[allow(unused_imports)]\nuse super::*;\n{block}\n}}");
            self.texts
                .insert(path.to_owned(), format!("{rest}{inner}{other}"));
            return;
        }
        self.texts.insert(path.to_owned(), format!("{rest}{other}"));
        let imports = "#[allow(unused_imports)]\nuse crate::App;\n#[allow(unused_imports)]\nuse crate::generated as gw;\n";
        self.texts.insert(
            format!("src/own_{n}.rs"),
            format!("//! Mine.\n{imports}\n{block}\n"),
        );
        self.texts
            .get_mut("src/lib.rs")
            .unwrap()
            .push_str(&format!("mod own_{n};\n"));
    }
}
