//! What a schema is made of.
//!
//! In: nothing. Out: types, fields, arguments, values, directives. Must not know: how they are found.

use std::borrow::Cow;

use super::{FieldDef, TypeDef};
use crate::engine::coerce::Scalar;
use crate::engine::syntax::ast::{Directive, Location, Value};
use crate::engine::syntax::{Name, Wrap};
use crate::engine::value::InputValue;

/// The kind of a named type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `scalar`
    Scalar,
    /// `type`
    Object,
    /// `interface`
    Interface,
    /// `union`
    Union,
    /// `enum`
    Enum,
    /// `input`
    Input,
}

impl Kind {
    /// Whether it has a selection set: objects, interfaces and unions.
    #[inline]
    pub fn is_composite(self) -> bool {
        matches!(self, Kind::Object | Kind::Interface | Kind::Union)
    }

    /// Whether it stands for several object types.
    #[inline]
    pub fn is_abstract(self) -> bool {
        matches!(self, Kind::Interface | Kind::Union)
    }

    /// Whether a client may give values of it: scalars, enums and input objects.
    #[inline]
    pub fn is_input(self) -> bool {
        matches!(self, Kind::Scalar | Kind::Enum | Kind::Input)
    }

    /// Whether it has values without a selection set: scalars and enums.
    #[inline]
    pub fn is_leaf(self) -> bool {
        matches!(self, Kind::Scalar | Kind::Enum)
    }

    /// Its name in introspection.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Scalar => "SCALAR",
            Kind::Object => "OBJECT",
            Kind::Interface => "INTERFACE",
            Kind::Union => "UNION",
            Kind::Enum => "ENUM",
            Kind::Input => "INPUT_OBJECT",
        }
    }
}

/// A named type.
#[derive(Debug)]
pub struct Type {
    /// The name.
    pub name: Name<'static>,
    /// Text for people.
    pub description: Option<Cow<'static, str>>,
    /// The kind, which tells which of the following are filled.
    pub kind: Kind,
    /// Whether the specification defines it.
    pub built_in: bool,
    /// The fields of an object or an interface, in the order of the SDL.
    pub fields: Vec<Field>,
    /// The fields of an input object, in the order of the SDL.
    pub inputs: Vec<Input>,
    /// The values of an enum, in the order of the SDL.
    pub values: Vec<EnumValue>,
    /// The interfaces that an object or an interface implements.
    pub interfaces: Vec<u16>,
    /// The object types of a union, or those that implement an interface, in the order of the SDL.
    pub possible: Vec<u16>,
    /// The same as bits: empty for all others.
    pub(super) possible_bits: Vec<u64>,
    /// What a scalar's values are.
    pub(crate) scalar: Scalar,
    /// Where a scalar is specified.
    pub specified_by: Option<Cow<'static, str>>,
    /// Whether exactly one field of an input object is given.
    pub one_of: bool,
    /// The directives that the SDL applies to it.
    pub directives: Vec<Directive<'static>>,
    /// Its generated table: composite types alone have one.
    pub def: Option<&'static TypeDef>,
}

impl Type {
    /// Whether the type is abstract and that object type is one of its possible types.
    #[inline]
    pub(super) fn has_possible(&self, object: u16) -> bool {
        let word = self.possible_bits.get(object as usize / 64);
        word.is_some_and(|word| word >> (object % 64) & 1 == 1)
    }
}

/// A type with its wrappers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TypeRef {
    /// Number of the named type.
    pub no: u16,
    /// The lists and non-nulls around it.
    pub wrap: Wrap,
}

impl TypeRef {
    /// What the list holds; `None` if it is no list.
    #[inline]
    pub fn item(self) -> Option<TypeRef> {
        let wrap = self.wrap.item()?;
        Some(TypeRef { wrap, ..self })
    }

    /// The same, nullable.
    #[inline]
    #[must_use]
    pub fn nullable(self) -> TypeRef {
        let wrap = self.wrap.nullable();
        TypeRef { wrap, ..self }
    }

    /// Whether it is non-null.
    #[inline]
    pub fn is_non_null(self) -> bool {
        self.wrap.is_non_null()
    }
}

/// A field of an object or an interface.
#[derive(Debug)]
pub struct Field {
    /// The name.
    pub name: Name<'static>,
    /// Text for people.
    pub description: Option<Cow<'static, str>>,
    /// The arguments, in the order of the SDL.
    pub args: Vec<Input>,
    /// Its type.
    pub ty: TypeRef,
    /// Why it should not be used any more.
    pub deprecated: Option<Cow<'static, str>>,
    /// The directives that the SDL applies to it.
    pub directives: Vec<Directive<'static>>,
    /// Its number in the generated table of its type, and what stands there.
    pub def: Option<(u16, &'static FieldDef)>,
}

impl Field {
    /// The argument of that name, and its place.
    #[inline]
    pub fn arg(&self, name: &Name<'_>) -> Option<(usize, &Input)> {
        let mut args = self.args.iter().enumerate();
        args.find(|(_, arg)| arg.name == *name)
    }
}

/// An argument or an input field.
#[derive(Debug)]
pub struct Input {
    /// The name.
    pub name: Name<'static>,
    /// Text for people.
    pub description: Option<Cow<'static, str>>,
    /// Its type.
    pub ty: TypeRef,
    /// Its default.
    pub default: Option<Default>,
    /// Why it should not be used any more.
    pub deprecated: Option<Cow<'static, str>>,
    /// The directives that the SDL applies to it.
    pub directives: Vec<Directive<'static>>,
}

impl Input {
    /// Whether it must be given: it is non-null and has no default.
    #[inline]
    pub fn is_required(&self) -> bool {
        self.ty.is_non_null() && self.default.is_none()
    }
}

/// The default of an argument or an input field.
#[derive(Debug)]
pub struct Default {
    /// As the SDL has it.
    pub literal: Value<'static>,
    /// As its type wants it; `None` only while the schema is being built.
    pub(crate) value: Option<InputValue>,
}

/// A value of an enum.
#[derive(Debug)]
pub struct EnumValue {
    /// The name.
    pub name: Name<'static>,
    /// Text for people.
    pub description: Option<Cow<'static, str>>,
    /// Why it should not be used any more.
    pub deprecated: Option<Cow<'static, str>>,
    /// The directives that the SDL applies to it.
    pub directives: Vec<Directive<'static>>,
}

/// A directive.
#[derive(Debug)]
pub struct DirectiveDef {
    /// The name, without the at sign.
    pub name: Name<'static>,
    /// Text for people.
    pub description: Option<Cow<'static, str>>,
    /// The arguments, in the order of the SDL.
    pub args: Vec<Input>,
    /// Whether it may be applied more than once at a place.
    pub repeatable: bool,
    /// Where it may be applied.
    pub locations: Vec<Location>,
    /// Whether the specification defines it.
    pub built_in: bool,
}

impl DirectiveDef {
    /// The argument of that name, and its place.
    #[inline]
    pub fn arg(&self, name: &Name<'_>) -> Option<(usize, &Input)> {
        let mut args = self.args.iter().enumerate();
        args.find(|(_, arg)| arg.name == *name)
    }
}
