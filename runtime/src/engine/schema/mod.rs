//! The schema at run time: every type, field, argument, value and directive, by number and by name.
//!
//! In: the public SDL and the generated tables. Out: look-ups for validation, planning, coercion and introspection.
//! Must not know: documents, requests.
//!
//! Built once when a program starts. A type's number is its place in [`Schema::types`]: composite types have the numbers
//! of the tables, the others follow.

mod build;
mod index;
mod kinds;
mod tables;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;

use self::index::Index;
pub use self::kinds::{Default, DirectiveDef, EnumValue, Field, Input, Kind, Type, TypeRef};
pub use self::tables::{FieldDef, LEAF, PagePart, SchemaDef, Shape, Source, TypeDef};
use crate::engine::syntax::Name;
use crate::engine::syntax::ast::OperationKind;

/// A schema, ready to be asked.
#[derive(Debug)]
pub struct Schema {
    /// Text for people.
    pub description: Option<Cow<'static, str>>,
    /// Every type, by number.
    pub types: Vec<Type>,
    /// The types' numbers as introspection lists them: in the order of the SDL, then the built-in ones that are in use.
    pub order: Vec<u16>,
    /// Every directive: in the order of the SDL, then the built-in ones.
    pub directives: Vec<DirectiveDef>,
    /// Number of the query root.
    pub query: u16,
    /// Number of the mutation root.
    pub mutation: Option<u16>,
    /// Number of the subscription root.
    pub subscription: Option<u16>,
    /// `__typename`, `__schema` and `__type`, which no type lists.
    meta: Vec<Field>,
    names: Index,
    members: Index,
    directive_names: Index,
}

impl Schema {
    /// The schema of generated tables. Scalars in `bound` have the name of a shipped one, but are the user's own.
    ///
    /// # Errors
    /// The SDL is none, or it and the tables disagree: the generator's fault.
    pub fn new(def: &'static SchemaDef, bound: &[&str]) -> Result<Schema, String> {
        build::schema(def.sdl, Some(def), bound)
    }

    /// The schema of an SDL alone: composite types first, in the order of the SDL.
    ///
    /// # Errors
    /// What is wrong with it, if it is not well-formed: this is no validation.
    pub fn parse(sdl: &'static str) -> Result<Schema, String> {
        build::schema(sdl, None, &[])
    }

    /// The type of that number.
    #[inline]
    pub fn ty(&self, no: u16) -> &Type {
        &self.types[no as usize]
    }

    /// The number of the type of that name; a built-in scalar that the schema does not use is not there.
    #[inline]
    pub fn type_no(&self, name: &Name<'_>) -> Option<u16> {
        self.names
            .find(0, name.hash, |no| self.ty(no).name == *name)
    }

    /// The same for a name that is no document's.
    pub fn type_named(&self, name: &str) -> Option<u16> {
        self.type_no(&Name::new(name, 0))
    }

    /// The root type of that kind of operations.
    pub fn root(&self, kind: OperationKind) -> Option<u16> {
        match kind {
            OperationKind::Query => Some(self.query),
            OperationKind::Mutation => self.mutation,
            OperationKind::Subscription => self.subscription,
        }
    }

    /// The field of a composite type, with `__typename` and, on the query root, `__schema` and `__type`.
    #[inline]
    pub fn field(&self, ty: u16, name: &Name<'_>) -> Option<&Field> {
        let fields = &self.ty(ty).fields;
        let is = |no: u16| {
            let field = fields.get(no as usize);
            field.is_some_and(|field| field.name == *name)
        };
        match self.members.find(ty, name.hash, is) {
            Some(no) => fields.get(no as usize),
            None if name.text.starts_with("__") => self.meta_field(ty, name),
            None => None,
        }
    }

    fn meta_field(&self, ty: u16, name: &Name<'_>) -> Option<&Field> {
        let field = self.meta.iter().find(|field| field.name == *name)?;
        let there = match name.text {
            "__typename" => self.ty(ty).kind.is_composite(),
            _ => ty == self.query,
        };
        there.then_some(field)
    }

    /// The field of an input object, and its place.
    #[inline]
    pub fn input_field(&self, ty: u16, name: &Name<'_>) -> Option<(usize, &Input)> {
        let inputs = &self.ty(ty).inputs;
        let is = |no: u16| {
            let input = inputs.get(no as usize);
            input.is_some_and(|input| input.name == *name)
        };
        let no = self.members.find(ty, name.hash, is)? as usize;
        Some((no, inputs.get(no)?))
    }

    /// The value of an enum.
    #[inline]
    pub fn enum_value(&self, ty: u16, name: &Name<'_>) -> Option<&EnumValue> {
        let values = &self.ty(ty).values;
        let is = |no: u16| {
            let value = values.get(no as usize);
            value.is_some_and(|value| value.name == *name)
        };
        values.get(self.members.find(ty, name.hash, is)? as usize)
    }

    /// The directive of that name.
    #[inline]
    pub fn directive(&self, name: &Name<'_>) -> Option<&DirectiveDef> {
        let is = |no: u16| self.directives[no as usize].name == *name;
        let no = self.directive_names.find(0, name.hash, is)?;
        self.directives.get(no as usize)
    }

    /// Whether an object of that type may be where a composite type stands (an object type stands for itself).
    #[inline]
    pub fn is_possible(&self, composite: u16, object: u16) -> bool {
        composite == object || self.ty(composite).has_possible(object)
    }

    /// Whether some object may be of both composite types.
    pub fn overlap(&self, a: u16, b: u16) -> bool {
        let bits = |no: u16| &self.ty(no).possible_bits;
        match (bits(a).is_empty(), bits(b).is_empty()) {
            (_, true) => self.is_possible(a, b),
            (true, false) => self.is_possible(b, a),
            (false, false) => bits(a).iter().zip(bits(b)).any(|(a, b)| a & b != 0),
        }
    }

    /// Whether a value of the first type is one of the second: the same type, or an interface or a union of it.
    pub fn is_subtype(&self, sub: u16, of: u16) -> bool {
        self.is_possible(of, sub) || self.ty(sub).interfaces.contains(&of)
    }

    /// A type as it is written.
    pub fn show(&self, ty: TypeRef) -> impl fmt::Display + '_ {
        ty.wrap.around(self.ty(ty.no).name.text)
    }
}
