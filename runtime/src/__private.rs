//! The one path that generated code names. Nothing here is for people.

/// The first version of that path.
pub mod v1 {
    pub use crate::application::{AppDef, Application, NoAuth, Nothing};
    pub use crate::context::Context;
    pub use crate::engine::answers::{Answered, answered};
    pub use crate::engine::call::{
        Arguments, batched, batched_leaf, each, each_leaf, hooked, hooked_events, in_turn,
        in_turn_leaf, no_such_source, not_subscribed, one, one_leaf, refused, subscribed,
    };
    pub use crate::engine::level::{Batch, Level, all, descend};
    pub use crate::engine::object::{
        BoxFuture, Composite, Item, Node, Object, Split, visit_item, visit_node, visit_part,
        write_item, write_node, write_part,
    };
    pub use crate::engine::out::{Bubble, Out, Written};
    pub use crate::engine::plan::{Field, Sel};
    pub use crate::engine::schema;
    pub use crate::engine::schema::{FieldDef, LEAF, PagePart, SchemaDef, Shape, Source, TypeDef};
    pub use crate::engine::state::State;
    pub use crate::engine::subscribe::{EventSource, Events, Subscribe};
    pub use crate::engine::together::Calls;
    pub use crate::engine::value::{Args, FromInput, InputValue, Nullable, mismatch};
    pub use crate::engine::writer::{composite, composite_result, leaf, leaf_result, unresolved};
    pub use crate::error::{Code, Error, Result};
    pub use crate::generated::{Enumeration, enum_from_input, enum_named};
    pub use crate::link::Link;
    pub use crate::model;
    pub use crate::model::{Caller, Key, Migration, Model, ModelDef, Row, RowSet, Value};
    pub use crate::scalar::{Bytes, Email, Id, Leaf, Url};
    pub use crate::upload::Upload;
    pub use crate::{
        __gw_abstract_node as abstract_node, __gw_enumeration as enumeration,
        __gw_object_node as object_node,
    };

    #[cfg(feature = "jobs")]
    pub use crate::generated::{job_args, unknown_job};
    #[cfg(feature = "jobs")]
    pub use crate::jobs::{self, JobArgs, JobContext, JobResult, Outcome};

    pub use http::request::Parts;
    pub use jiff;
    pub use rust_decimal;
    pub use serde;
    pub use serde_json;
    pub use uuid;
}

/// `Item`, `Composite` and `Node` of a generated struct.
#[doc(hidden)]
#[macro_export]
macro_rules! __gw_object_node {
    ($app:ty, $($object:ty),+ $(,)?) => { $(
        impl $crate::__private::v1::Item<$app> for $object {
            fn visit_sel<'a>(
                st: &'a $crate::__private::v1::State<'_, $app>,
                sel: &'a $crate::__private::v1::Sel,
                kids: ::std::vec::Vec<&'a Self>,
            ) -> $crate::__private::v1::BoxFuture<'a, ()> {
                $crate::__private::v1::visit_item(st, sel, kids)
            }

            // Types refer to each other: inlined into each other, as far as LLVM would go, they cost the compiler more
            // than all else does, and gain nothing.
            #[inline(never)]
            fn write_sel(
                &self,
                st: &$crate::__private::v1::State<'_, $app>,
                sel: &$crate::__private::v1::Sel,
                i: usize,
                out: &mut $crate::__private::v1::Out,
            ) -> $crate::__private::v1::Written {
                $crate::__private::v1::write_item(self, st, sel, i, out)
            }
        }

        impl $crate::__private::v1::Composite<$app> for $object {
            type Node = Self;

            fn gather<'a>(&'a self, kids: &mut ::std::vec::Vec<&'a Self>) {
                kids.push(self);
            }

            fn count(&self) -> u32 {
                1
            }

            fn write(
                &self,
                st: &$crate::__private::v1::State<'_, $app>,
                f: &$crate::__private::v1::Field,
                at: &mut u32,
                out: &mut $crate::__private::v1::Out,
            ) -> $crate::__private::v1::Written {
                $crate::__private::v1::write_node(self, st, f, at, out)
            }
        }

        impl $crate::__private::v1::Node<$app> for $object {
            fn visit<'a>(
                st: &'a $crate::__private::v1::State<'_, $app>,
                f: &'a $crate::__private::v1::Field,
                kids: ::std::vec::Vec<&'a Self>,
            ) -> $crate::__private::v1::BoxFuture<'a, ()> {
                $crate::__private::v1::visit_node(st, f, kids)
            }
        }
    )+ };
}

/// `Composite` and `Node` of a generated enum for an interface or a union: `number => Variant` in the order of
/// `Shape::Abstract`.
#[doc(hidden)]
#[macro_export]
macro_rules! __gw_abstract_node {
    ($app:ty, $name:ident { $($part:literal => $variant:ident),+ $(,)? }) => {
        impl $crate::__private::v1::Composite<$app> for $name {
            type Node = Self;

            fn gather<'a>(&'a self, kids: &mut ::std::vec::Vec<&'a Self>) {
                kids.push(self);
            }

            fn count(&self) -> u32 {
                1
            }

            fn write(
                &self,
                st: &$crate::__private::v1::State<'_, $app>,
                f: &$crate::__private::v1::Field,
                at: &mut u32,
                out: &mut $crate::__private::v1::Out,
            ) -> $crate::__private::v1::Written {
                match self {
                    $( Self::$variant(item) => $crate::__private::v1::write_part(item, $part, st, f, at, out), )+
                }
            }
        }

        impl $crate::__private::v1::Node<$app> for $name {
            #[allow(non_snake_case)]
            fn visit<'a>(
                st: &'a $crate::__private::v1::State<'_, $app>,
                f: &'a $crate::__private::v1::Field,
                kids: ::std::vec::Vec<&'a Self>,
            ) -> $crate::__private::v1::BoxFuture<'a, ()> {
                let mut parts = $crate::__private::v1::Split::new(kids.len());
                $( let mut $variant = ::std::vec::Vec::new(); )+
                for kid in kids {
                    match kid {
                        $( Self::$variant(item) => {
                            parts.add($variant.len());
                            $variant.push(item);
                        } )+
                    }
                }
                parts.keep(st, f);
                let mut levels = ::std::vec::Vec::new();
                $( $crate::__private::v1::visit_part(st, f, $part, $variant, &mut levels); )+
                $crate::__private::v1::all(levels)
            }
        }
    };
}

/// Everything that a generated enum needs beside its values: it is written, read, stored and shown by its names.
#[doc(hidden)]
#[macro_export]
macro_rules! __gw_enumeration {
    ($name:ty, $gql:literal) => {
        impl $crate::__private::v1::Enumeration for $name {
            const GQL: &'static ::core::primitive::str = $gql;
            const ALL: &'static [Self] = <$name>::ALL;

            fn name(self) -> &'static ::core::primitive::str {
                <$name>::name(self)
            }
        }

        impl $crate::__private::v1::Leaf for $name {
            fn write(
                &self,
                out: &mut $crate::__private::v1::Out,
            ) -> $crate::__private::v1::Written {
                out.str(<$name>::name(*self));
                ::core::result::Result::Ok(())
            }
        }

        impl $crate::__private::v1::FromInput for $name {
            fn from_input(
                value: &$crate::__private::v1::InputValue,
            ) -> $crate::__private::v1::Result<Self> {
                $crate::__private::v1::enum_from_input(value)
            }
        }

        impl $crate::__private::v1::serde::Serialize for $name {
            fn serialize<S: $crate::__private::v1::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(<$name>::name(*self))
            }
        }

        impl<'de> $crate::__private::v1::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::v1::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::__private::v1::enum_named(deserializer)
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(<$name>::name(*self))
            }
        }
    };
}
