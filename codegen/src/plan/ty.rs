//! Rust types, spelled for two readers: the generated file, and the stubs that people edit.
//!
//! In: uses of GraphQL types. Out: absolute paths; short texts over `gw::`.
//! Must not know: where the types are used.

use crate::ir::{ResultKind, TypeRef};

/// A Rust type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ty {
    /// A type of the language or the standard library that needs no import: `i32`, `String`.
    Std(&'static str),
    /// A type that the generated module exports under an alias: `Id`.
    Alias(&'static str),
    /// A type of the generated module `types`.
    Own(String),
    /// `Key<M>` of a model's struct in `types`.
    Key(String),
    /// A path that the user gave.
    Path(String),
    /// `Option<T>`
    Option(Box<Ty>),
    /// `Nullable<T>`
    Nullable(Box<Ty>),
    /// `Vec<T>`
    Vec(Box<Ty>),
    /// `Box<T>`
    Boxed(Box<Ty>),
    /// `Link<T>`
    Link(Box<Ty>),
    /// `Batch<T>`
    Batch(Box<Ty>),
    /// `Events<T>`
    Events(Box<Ty>),
    /// `Result<T>`
    Result(Box<Ty>),
    /// `&T`
    Ref(Box<Ty>),
    /// `&[&T]`
    Refs(Box<Ty>),
    /// `Arc<T>`
    Shared(Box<Ty>),
    /// `&'r T`: for the time of one operation.
    Lent(Box<Ty>),
    /// `&'r [T]`
    Slice(Box<Ty>),
}

/// Names that the generated module exports beside the user's types; a type of the user's with such a name is reached
/// through `gw::types`.
pub(super) const ALIASES: &[&str] = &[
    "Batch",
    "Context",
    "Error",
    "Events",
    "Id",
    "JobContext",
    "JobResult",
    "Key",
    "NoAuth",
    "Nullable",
    "Parts",
    "Result",
];

impl Ty {
    /// For the generated file: names nothing that a user's type could shadow. Valid in every direct child of the
    /// generated module.
    pub fn write(&self, out: &mut String) {
        let mut around = |open: &str, inner: &Ty, close: &str| {
            out.push_str(open);
            inner.write(out);
            out.push_str(close);
        };
        match self {
            Ty::Std("String") => out.push_str("::std::string::String"),
            Ty::Std(name) | Ty::Alias(name) if name.starts_with(char::is_uppercase) => {
                out.push_str("__gw::");
                out.push_str(name);
            }
            Ty::Std(name) | Ty::Alias(name) => out.push_str(name),
            Ty::Own(name) => {
                out.push_str("super::types::");
                out.push_str(name);
            }
            Ty::Key(name) => {
                out.push_str("__gw::Key<super::types::");
                out.push_str(name);
                out.push('>');
            }
            Ty::Path(path) => out.push_str(path),
            Ty::Option(inner) => around("::core::option::Option<", inner, ">"),
            Ty::Nullable(inner) => around("__gw::Nullable<", inner, ">"),
            Ty::Vec(inner) => around("::std::vec::Vec<", inner, ">"),
            Ty::Boxed(inner) => around("::std::boxed::Box<", inner, ">"),
            Ty::Link(inner) => around("__gw::Link<", inner, ">"),
            Ty::Batch(inner) => around("__gw::Batch<", inner, ">"),
            Ty::Events(inner) => around("__gw::Events<", inner, ">"),
            Ty::Result(inner) => around("__gw::Result<", inner, ">"),
            Ty::Ref(inner) => around("&", inner, ""),
            Ty::Refs(inner) => around("&[&", inner, "]"),
            Ty::Shared(inner) => around("::std::sync::Arc<", inner, ">"),
            Ty::Lent(inner) => around("&'r ", inner, ""),
            Ty::Slice(inner) => around("&'r [", inner, "]"),
        }
    }

    /// For a stub: as a person would write it.
    pub fn stub(&self) -> String {
        match self {
            Ty::Std(name) => (*name).to_owned(),
            Ty::Alias(name) => format!("gw::{name}"),
            Ty::Own(name) => own_path(name),
            Ty::Key(name) => format!("gw::Key<{}>", own_path(name)),
            Ty::Path(path) => path.clone(),
            Ty::Option(inner) => format!("Option<{}>", inner.stub()),
            Ty::Nullable(inner) => format!("gw::Nullable<{}>", inner.stub()),
            Ty::Vec(inner) => format!("Vec<{}>", inner.stub()),
            Ty::Boxed(inner) => format!("Box<{}>", inner.stub()),
            Ty::Link(inner) => format!("graphwright::Link<{}>", inner.stub()),
            Ty::Batch(inner) => format!("gw::Batch<{}>", inner.stub()),
            Ty::Events(inner) => format!("gw::Events<{}>", inner.stub()),
            Ty::Result(inner) => format!("gw::Result<{}>", inner.stub()),
            Ty::Ref(inner) => format!("&{}", inner.stub()),
            Ty::Refs(inner) => format!("&[&{}]", inner.stub()),
            Ty::Shared(inner) => format!("std::sync::Arc<{}>", inner.stub()),
            Ty::Lent(inner) => format!("&'r {}", inner.stub()),
            Ty::Slice(inner) => format!("&'r [{}]", inner.stub()),
        }
    }

    /// A value that is answered.
    pub fn output(ty: &TypeRef, leaf: &Ty) -> Ty {
        match ty {
            TypeRef::NonNull(inner) => Self::output_non_null(inner, leaf),
            nullable => Ty::Option(Box::new(Self::output_non_null(nullable, leaf))),
        }
    }

    fn output_non_null(ty: &TypeRef, leaf: &Ty) -> Ty {
        match ty {
            TypeRef::Named(_) => leaf.clone(),
            TypeRef::List(item) => Ty::Vec(Box::new(Self::output(item, leaf))),
            TypeRef::NonNull(inner) => Self::output_non_null(inner, leaf),
        }
    }

    /// A value that is answered in a way of the user's choice.
    pub fn answer(ty: &TypeRef, leaf: &Ty, kind: ResultKind) -> Ty {
        let text = *leaf == Ty::Std("String");
        let pointed = Box::new(if text { Ty::Std("str") } else { leaf.clone() });
        match kind {
            ResultKind::Owned => Self::output(ty, leaf),
            ResultKind::Shared => Self::output(ty, &Ty::Shared(pointed)),
            ResultKind::Borrowed => Self::output(ty, &Ty::Lent(pointed)),
            ResultKind::Slice => Self::output(ty, leaf).sliced(),
        }
    }

    /// The same type with its outermost list behind a reference.
    fn sliced(self) -> Ty {
        match self {
            Ty::Option(inner) => Ty::Option(Box::new(inner.sliced())),
            Ty::Vec(inner) => Ty::Slice(inner),
            other => other,
        }
    }

    /// Whether it holds a reference that lives as long as the operation.
    pub fn is_lent(&self) -> bool {
        match self {
            Ty::Lent(_) | Ty::Slice(_) => true,
            Ty::Option(inner) | Ty::Vec(inner) => inner.is_lent(),
            _ => false,
        }
    }

    /// A value that is given: what may be left out and has no default is tri-state.
    pub fn input(ty: &TypeRef, leaf: &Ty, has_default: bool) -> Ty {
        match Self::output(ty, leaf) {
            Ty::Option(inner) if !has_default => Ty::Nullable(inner),
            other => other,
        }
    }

    /// The same type with what is at its bottom in a box.
    pub fn boxed(self) -> Ty {
        match self {
            Ty::Option(inner) => Ty::Option(Box::new(inner.boxed())),
            Ty::Nullable(inner) => Ty::Nullable(Box::new(inner.boxed())),
            bottom => Ty::Boxed(Box::new(bottom)),
        }
    }

    /// The same type with what is at its bottom, below lists too, behind a link.
    pub fn linked(self) -> Ty {
        match self {
            Ty::Option(inner) => Ty::Option(Box::new(inner.linked())),
            Ty::Nullable(inner) => Ty::Nullable(Box::new(inner.linked())),
            Ty::Vec(inner) => Ty::Vec(Box::new(inner.linked())),
            bottom => Ty::Link(Box::new(bottom)),
        }
    }
}

/// The path of a type of the user's in a stub, past the aliases that would hide it.
pub(super) fn own_path(name: &str) -> String {
    if ALIASES.contains(&name) {
        format!("gw::types::{name}")
    } else {
        format!("gw::{name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> TypeRef {
        if let Some(inner) = text.strip_suffix('!') {
            TypeRef::NonNull(Box::new(parse(inner)))
        } else if let Some(inner) = text.strip_prefix('[') {
            TypeRef::List(Box::new(parse(inner.trim_end_matches(']'))))
        } else {
            TypeRef::Named(text.to_owned())
        }
    }

    #[track_caller]
    fn check(ty: &str, output: &str, input: &str, defaulted: &str) {
        let (ty, leaf) = (parse(ty), Ty::Alias("Id"));
        assert_eq!(Ty::output(&ty, &leaf).stub(), output);
        assert_eq!(Ty::input(&ty, &leaf, false).stub(), input);
        assert_eq!(Ty::input(&ty, &leaf, true).stub(), defaulted);
    }

    #[test]
    fn nullability() {
        check(
            "ID",
            "Option<gw::Id>",
            "gw::Nullable<gw::Id>",
            "Option<gw::Id>",
        );
        check("ID!", "gw::Id", "gw::Id", "gw::Id");
        check(
            "[ID]!",
            "Vec<Option<gw::Id>>",
            "Vec<Option<gw::Id>>",
            "Vec<Option<gw::Id>>",
        );
        check(
            "[ID!]",
            "Option<Vec<gw::Id>>",
            "gw::Nullable<Vec<gw::Id>>",
            "Option<Vec<gw::Id>>",
        );
    }

    #[test]
    fn paths_are_absolute() {
        let ty = Ty::output(&parse("[ID!]"), &Ty::Own("Vec".to_owned()));
        let mut written = String::new();
        ty.write(&mut written);
        assert_eq!(
            written,
            "::core::option::Option<::std::vec::Vec<super::types::Vec>>"
        );
        assert_eq!(ty.stub(), "Option<Vec<gw::Vec>>");
    }

    #[track_caller]
    fn answers(ty: &str, leaf: &Ty, shared: &str, borrowed: &str, slice: &str) {
        let answer = |kind| Ty::answer(&parse(ty), leaf, kind).stub();
        assert_eq!(answer(ResultKind::Shared), shared);
        assert_eq!(answer(ResultKind::Borrowed), borrowed);
        assert_eq!(answer(ResultKind::Slice), slice);
    }

    #[test]
    fn kinds_of_answers() {
        let own = Ty::Own("A".to_owned());
        answers(
            "[A]",
            &own,
            "Option<Vec<Option<std::sync::Arc<gw::A>>>>",
            "Option<Vec<Option<&'r gw::A>>>",
            "Option<&'r [Option<gw::A>]>",
        );
        answers(
            "[String!]!",
            &Ty::Std("String"),
            "Vec<std::sync::Arc<str>>",
            "Vec<&'r str>",
            "&'r [String]",
        );
    }

    #[test]
    fn a_box_goes_to_the_bottom() {
        assert_eq!(
            Ty::input(&parse("ID"), &Ty::Own("A".to_owned()), false)
                .boxed()
                .stub(),
            "gw::Nullable<Box<gw::A>>"
        );
    }

    #[test]
    fn aliases_do_not_hide_types() {
        assert_eq!(Ty::Own("Result".to_owned()).stub(), "gw::types::Result");
    }
}
