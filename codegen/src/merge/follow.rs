//! A method that is there and whose field has changed: three-way, between what was generated last, what is wanted now
//! and what stands in the user's file.
//!
//! In: the method's place, the last signatures, the wanted method. Out: edits of its signature (of all of it, while
//! nobody has touched it). Must not know: files, traits.
//!
//! A part of a signature is replaced only where it still is what was generated. Patterns, attributes, comments, aliases
//! and the body are the user's: what no longer fits there is rustc's to say, at that very place.

use super::edit::Edit;
use super::scan::{Method, Param};
use super::signature::{Signature, same_type};
use super::{WantedMethod, text};
use crate::lock::{Fingerprint, Stub};

/// What is to be done with a method.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Followed {
    /// It is as it should be, or only rustc can say what is wrong.
    Same,
    /// It is changed.
    Edits(Vec<Edit>),
    /// Its parameters are not those that were generated, so that a place for the change would be a guess.
    Unclear,
}

/// Compares. `say` gives generated text the paths that the place needs.
pub(super) fn follow(
    old: &str,
    method: &Method,
    want: &WantedMethod,
    was: &[&Stub],
    say: &dyn Fn(&str) -> String,
) -> Followed {
    let wanted = want.signature.text();
    let in_step = |stub: &&&Stub| stub.signature == wanted && stub.coordinate == want.coordinate;
    if was.is_empty() || was.iter().any(|stub| in_step(&stub)) {
        return Followed::Same;
    }
    if is_untouched(old, method, was) {
        return whole(old, method, want, say);
    }
    if method.receiver.is_none() {
        return Followed::Unclear;
    }
    let known: Vec<Signature> = was
        .iter()
        .filter_map(|stub| Signature::parse(&stub.signature))
        .collect();
    // After a merge of two branches there may be two; the one with these parameters was the one in use.
    let fits = |known: &&Signature| known.params.len() == method.params.len();
    match known.iter().find(fits) {
        Some(known) => {
            let mut edits = parameters(old, method, known, want, say);
            edits.extend(answer(old, method, known, &want.signature, say));
            edits.extend(head(old, method, known.borrows(), want.signature.borrows()));
            match edits.is_empty() {
                true => Followed::Same,
                false => Followed::Edits(edits),
            }
        }
        None if method.params.len() == want.signature.params.len() => Followed::Same,
        None => Followed::Unclear,
    }
}

/// Whether the method is still as it was generated.
pub(super) fn is_untouched(old: &str, method: &Method, was: &[&Stub]) -> bool {
    let now = Fingerprint::of(&old[method.range.clone()]);
    was.iter().any(|stub| stub.written == now)
}

fn whole(
    old: &str,
    method: &Method,
    want: &WantedMethod,
    say: &dyn Fn(&str) -> String,
) -> Followed {
    let said = say(&want.text);
    if Fingerprint::of(&said) == Fingerprint::of(&old[method.range.clone()]) {
        return Followed::Same;
    }
    let indent = text::indent_at(old, method.range.start);
    let unit = match indent.contains('\t') {
        true => "\t",
        false => text::unit(old),
    };
    let eol = text::line_ending(old, method.range.start);
    let dressed = text::dress(&said, indent, unit, eol);
    let text = dressed.strip_prefix(indent).unwrap_or(&dressed);
    Followed::Edits(vec![Edit::replace(method.range.clone(), text)])
}

fn answer(
    old: &str,
    method: &Method,
    known: &Signature,
    wanted: &Signature,
    say: &dyn Fn(&str) -> String,
) -> Option<Edit> {
    let range = method.returns.clone()?;
    retyped(old, range, &known.returns, &wanted.returns, say)
}

/// The lifetime of a method that answers what it borrows comes and goes with that.
fn head(old: &str, method: &Method, borrowed: bool, borrows: bool) -> Vec<Edit> {
    let Some(receiver) = method.receiver.clone() else {
        return Vec::new();
    };
    let this = old[receiver.clone()].trim_end_matches(',').trim_end();
    let receiver = receiver.start..receiver.start + this.len();
    match (borrowed, borrows, &method.generics) {
        (false, true, None) if this == "&self" => vec![
            Edit::insert(method.ident.end, "<'r>"),
            Edit::replace(receiver, "&'r self"),
        ],
        (true, false, Some(generics)) if this == "&'r self" && old[generics.clone()] == *"<'r>" => {
            vec![
                Edit::delete(generics.clone()),
                Edit::replace(receiver, "&self"),
            ]
        }
        _ => Vec::new(),
    }
}

/// Replaces a type that is still the one that was generated.
fn retyped(
    old: &str,
    range: std::ops::Range<usize>,
    known: &str,
    wanted: &str,
    say: &dyn Fn(&str) -> String,
) -> Option<Edit> {
    let unchanged = same_type(known, wanted);
    // A comment inside is the user's, and with it the type.
    let commented = ["//", "/*"].iter().any(|c| old[range.clone()].contains(c));
    let ours = same_type(&old[range.clone()], &say(known)) || same_type(&old[range.clone()], known);
    (!unchanged && ours && !commented).then(|| Edit::replace(range, say(wanted)))
}

/// What stands at a place of the wanted parameters.
enum Place<'a> {
    /// The user's parameter of that number, whose type was the first and is to be the second.
    Kept(usize, &'a str, &'a str),
    New(String),
}

fn parameters(
    old: &str,
    method: &Method,
    known: &Signature,
    want: &WantedMethod,
    say: &dyn Fn(&str) -> String,
) -> Vec<Edit> {
    let place = |(name, ty): &'_ (String, String)| {
        let mut renamed = want.renamed_params.iter();
        let before = renamed
            .find(|(now, _)| is_rust_name(name, now))
            .map(|(_, before)| before);
        let renamed = || {
            known
                .params
                .iter()
                .position(|(rust, _)| before.is_some_and(|b| is_rust_name(rust, b)))
        };
        known.place(name).or_else(renamed).map(|i| (i, ty.clone()))
    };
    let wanted = &want.signature.params;
    let found: Vec<Option<usize>> = wanted
        .iter()
        .map(|param| place(param).map(|(i, _)| i))
        .collect();
    let places: Vec<Place<'_>> = wanted
        .iter()
        .zip(&found)
        .map(|((name, ty), found)| match found {
            Some(i) => Place::Kept(*i, &known.params[*i].1, ty),
            None => Place::New(format!("{name}: {}", say(ty))),
        })
        .collect();
    let kept: Vec<usize> = found.into_iter().flatten().collect();
    if kept.is_sorted() {
        in_order(old, method, &places, say)
    } else {
        reordered(old, method, &places, say)
    }
}

/// Whether a parameter is that of an argument, whose name is written in another case there.
fn is_rust_name(rust: &str, argument: &str) -> bool {
    let letters = |name: &str| {
        name.trim_start_matches("r#")
            .replace('_', "")
            .to_lowercase()
    };
    letters(rust) == letters(argument)
}

/// The kept parameters stand where they stood; between them some come and some go.
fn in_order(
    old: &str,
    method: &Method,
    places: &[Place<'_>],
    say: &dyn Fn(&str) -> String,
) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut list = List::new(old, method);
    let mut fresh: Vec<&str> = Vec::new();
    let mut next = 0;
    for place in places {
        match place {
            Place::New(text) => fresh.push(text),
            Place::Kept(i, was, is) => {
                list.gap(next..*i, &fresh, &mut edits);
                fresh.clear();
                edits.extend(retyped(old, method.params[*i].ty.clone(), was, is, say));
                next = i + 1;
            }
        }
    }
    list.gap(next..method.params.len(), &fresh, &mut edits);
    edits
}

/// The kept parameters change places: each place gets the text of the one that belongs there.
fn reordered(
    old: &str,
    method: &Method,
    places: &[Place<'_>],
    say: &dyn Fn(&str) -> String,
) -> Vec<Edit> {
    let texts: Vec<String> = places
        .iter()
        .map(|place| match place {
            Place::New(text) => text.clone(),
            Place::Kept(i, was, is) => {
                let Param { range, ty, .. } = &method.params[*i];
                let mut text = old[range.clone()].to_owned();
                if let Some(edit) = retyped(old, ty.clone(), was, is, say) {
                    text.replace_range(ty.start - range.start..ty.end - range.start, &edit.text);
                }
                text
            }
        })
        .collect();
    let mut edits = Vec::new();
    for (param, text) in method.params.iter().zip(&texts) {
        if old[param.range.clone()] != **text {
            edits.push(Edit::replace(param.range.clone(), text.clone()));
        }
    }
    let (there, fresh) = (method.params.len(), texts.len());
    let more: Vec<&str> = texts.iter().skip(there).map(String::as_str).collect();
    let mut list = List::new(old, method);
    list.gap(there.min(fresh)..there, &more, &mut edits);
    edits
}

/// The list of parameters of a method in a text.
struct List<'a> {
    old: &'a str,
    method: &'a Method,
    eol: &'static str,
}

impl<'a> List<'a> {
    fn new(old: &'a str, method: &'a Method) -> Self {
        let eol = text::line_ending(old, method.ident.start);
        List { old, method, eol }
    }

    /// In the place of these parameters stand those. As many as can be take the place of an old one.
    fn gap(&mut self, gone: std::ops::Range<usize>, fresh: &[&str], edits: &mut Vec<Edit>) {
        let replaced = gone.len().min(fresh.len());
        for (i, text) in gone.clone().zip(fresh) {
            edits.push(Edit::replace(self.method.params[i].range.clone(), *text));
        }
        let behind = gone.start + replaced;
        if fresh.len() > replaced {
            edits.push(self.inserted(behind, &fresh[replaced..]));
        }
        edits.extend(self.deleted(behind..gone.end));
    }

    /// New parameters before parameter number `i`.
    fn inserted(&self, i: usize, fresh: &[&str]) -> Edit {
        let (end, comma) = match i.checked_sub(1) {
            Some(i) => {
                let before = &self.method.params[i];
                (before.range.end, before.comma.clone())
            }
            None => match &self.method.receiver {
                Some(this) => {
                    let comma = self.old[..this.end]
                        .ends_with(',')
                        .then(|| this.end - 1..this.end);
                    (this.end, comma)
                }
                None => (self.method.ident.end + 1, None),
            },
        };
        // One a line where the others are.
        let sibling = self.method.params.first().map(|p| p.range.start).or(self
            .method
            .receiver
            .as_ref()
            .map(|r| r.start));
        let lines = sibling.filter(|at| text::begins_line(self.old, *at));
        match (lines, comma) {
            (Some(at), comma) => {
                let indent = text::indent_at(self.old, at);
                let new: String = fresh
                    .iter()
                    .map(|p| format!("{}{indent}{p},", self.eol))
                    .collect();
                match comma {
                    Some(comma) => Edit::insert(text::behind(self.old, comma.end).0, new),
                    // The last one ends without a comma, as before.
                    None => Edit::insert(end, format!(",{}", new.trim_end_matches(','))),
                }
            }
            (None, Some(comma)) => {
                let follows = self.old[comma.end..].trim_start();
                let tail = if follows.starts_with(')') { "" } else { "," };
                let new = fresh.join(", ");
                Edit::insert(comma.end, format!(" {new}{tail}"))
            }
            (None, None) => Edit::insert(end, format!(", {}", fresh.join(", "))),
        }
    }

    /// Parameters that go, each with one comma. Comments between them stay.
    fn deleted(&self, gone: std::ops::Range<usize>) -> Vec<Edit> {
        let Some((first, rest)) = self.method.params[gone.clone()].split_first() else {
            return Vec::new();
        };
        let last = rest.last().unwrap_or(first);
        let ends = last.comma.is_none();
        // At the list's end the comma before it goes.
        let before = self.comma_before(gone.start).filter(|_| ends);
        let start = before.unwrap_or(first.range.start);
        let end = last.comma.as_ref().map_or(last.range.end, |c| c.end);
        if self.is_bare(start, end, &gone) {
            let range = start..end;
            return vec![Edit::delete(match ends {
                true => range,
                false => self.with_line(range),
            })];
        }
        let each = self.method.params[gone].iter().map(|param| {
            let comma = param.comma.as_ref().map(|comma| comma.end);
            let range = param.range.start..comma.unwrap_or(param.range.end);
            Edit::delete(self.with_line(range))
        });
        each.collect()
    }

    /// The start of the comma before parameter number `i`.
    fn comma_before(&self, i: usize) -> Option<usize> {
        match i.checked_sub(1) {
            Some(before) => self.method.params[before].comma.as_ref().map(|c| c.start),
            None => {
                let this = self.method.receiver.as_ref()?;
                let comma = self.old[..this.end].ends_with(',');
                Some(this.end - usize::from(comma))
            }
        }
    }

    /// Whether nothing but blanks and commas stands around these parameters in a range.
    fn is_bare(&self, start: usize, end: usize, gone: &std::ops::Range<usize>) -> bool {
        let mut from = start;
        let mut parts = Vec::new();
        for param in &self.method.params[gone.clone()] {
            parts.push(&self.old[from..param.range.start]);
            from = param.range.end;
        }
        parts.push(&self.old[from..end]);
        let blank = |part: &str| part.chars().all(|c| c.is_whitespace() || c == ',');
        parts.into_iter().all(blank)
    }

    /// With its line, if it stands there alone; else with the blanks behind it.
    fn with_line(&self, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
        let lines = text::lines(self.old, &range);
        if lines.end > range.end {
            return lines;
        }
        let rest = &self.old[range.end..];
        range.start..range.end + rest.len() - rest.trim_start_matches(' ').len()
    }
}
