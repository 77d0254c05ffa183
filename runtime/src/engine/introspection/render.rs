//! The schema along a tree of what is asked for, as JSON.
//!
//! In: the schema, the tree. Out: bytes. Must not know: documents, variables.

use super::ask::{Entry, Part, Root, Sel};
use super::literal;
use crate::engine::out::Out;
use crate::engine::schema::{DirectiveDef, EnumValue, Field, Input, Kind, Schema, Type, TypeRef};
use crate::engine::syntax::Wrap;

/// The value of a root field, or `None` if it has more bytes than that.
pub(super) fn root(schema: &Schema, root: Option<&Root>, bytes: usize) -> Option<Vec<u8>> {
    let mut render = Renderer {
        schema,
        out: Out::with_capacity(1024).limited(bytes),
        literal: String::new(),
    };
    match root {
        Some(Root::Schema(sel)) => render.schema(sel),
        Some(Root::Type(name, sel)) => {
            // A built-in scalar that nothing uses is not listed, and so not found.
            let listed = |no: &u16| schema.order.contains(no);
            render.named(schema.type_named(name).filter(listed), sel);
        }
        None => render.out.null(),
    }
    let full = render.out.is_full();
    (!full).then(|| render.out.into_bytes())
}

struct Renderer<'s> {
    schema: &'s Schema,
    out: Out,
    /// For default values, kept for its memory.
    literal: String,
}

impl<'s> Renderer<'s> {
    /// An object: each entry by `write`, which must write one value.
    fn object(&mut self, sel: &Sel, mut write: impl FnMut(&mut Self, &Entry)) {
        if self.out.is_full() {
            return self.out.null();
        }
        self.out.byte(b'{');
        for entry in &sel.entries {
            self.out.raw(&entry.key);
            match entry.part {
                Part::Typename => self.out.str(sel.of.name()),
                _ => write(self, entry),
            }
            self.out.byte(b',');
        }
        self.out.close(b'}');
    }

    /// A list of what is below an entry.
    fn list<T>(
        &mut self,
        entry: &Entry,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Self, &Sel, T),
    ) {
        let Some(sel) = &entry.below else {
            return self.out.null();
        };
        self.out.byte(b'[');
        for item in items {
            write(self, sel, item);
            self.out.byte(b',');
        }
        self.out.close(b']');
    }

    fn text(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.out.str(text),
            None => self.out.null(),
        }
    }

    fn schema(&mut self, sel: &Sel) {
        let schema = self.schema;
        self.object(sel, |this, entry| match entry.part {
            Part::Description => this.text(schema.description.as_deref()),
            Part::QueryType => this.below(Some(schema.query), entry),
            Part::MutationType => this.below(schema.mutation, entry),
            Part::SubscriptionType => this.below(schema.subscription, entry),
            Part::Types => this.types(&schema.order, entry),
            Part::Directives => this.list(entry, &schema.directives, Self::directive),
            _ => this.out.null(),
        });
    }

    fn below(&mut self, no: Option<u16>, entry: &Entry) {
        match &entry.below {
            Some(sel) => self.named(no, sel),
            None => self.out.null(),
        }
    }

    fn types(&mut self, types: &[u16], entry: &Entry) {
        self.list(entry, types, |this, sel, no| this.named(Some(*no), sel));
    }

    fn named(&mut self, no: Option<u16>, sel: &Sel) {
        match no {
            Some(no) => self.ty(
                sel,
                TypeRef {
                    no,
                    wrap: Wrap::NAMED,
                },
            ),
            None => self.out.null(),
        }
    }

    /// A type with its wrappers, the outermost first.
    fn ty(&mut self, sel: &Sel, ty: TypeRef) {
        let (kind, of) = match ty.item() {
            _ if ty.is_non_null() => ("NON_NULL", ty.nullable()),
            Some(item) => ("LIST", item),
            None => {
                let ty = self.schema.ty(ty.no);
                return self.object(sel, |this, entry| this.type_part(ty, entry));
            }
        };
        self.object(sel, |this, entry| match (entry.part, &entry.below) {
            (Part::Kind, _) => this.out.str(kind),
            (Part::OfType, Some(sel)) => this.ty(sel, of),
            _ => this.out.null(),
        });
    }

    fn type_part(&mut self, ty: &'s Type, entry: &Entry) {
        let has_fields = matches!(ty.kind, Kind::Object | Kind::Interface);
        let counts = |deprecated: bool| entry.deprecated || !deprecated;
        match entry.part {
            Part::Kind => self.out.str(ty.kind.name()),
            Part::Name => self.out.str(&ty.name),
            Part::Description => self.text(ty.description.as_deref()),
            Part::SpecifiedByUrl => self.text(ty.specified_by.as_deref()),
            Part::IsOneOf if ty.kind == Kind::Input => self.out.bool(ty.one_of),
            Part::Fields if has_fields => {
                let fields = ty
                    .fields
                    .iter()
                    .filter(|field| counts(field.deprecated.is_some()));
                self.list(entry, fields, Self::field);
            }
            Part::Interfaces if has_fields => self.types(&ty.interfaces, entry),
            Part::PossibleTypes if ty.kind.is_abstract() => self.types(&ty.possible, entry),
            Part::EnumValues if ty.kind == Kind::Enum => {
                let values = ty
                    .values
                    .iter()
                    .filter(|value| counts(value.deprecated.is_some()));
                self.list(entry, values, Self::enum_value);
            }
            Part::InputFields if ty.kind == Kind::Input => self.inputs(&ty.inputs, entry),
            _ => self.out.null(),
        }
    }

    fn inputs(&mut self, inputs: &'s [Input], entry: &Entry) {
        let counts = |input: &&Input| entry.deprecated || input.deprecated.is_none();
        self.list(entry, inputs.iter().filter(counts), Self::input);
    }

    fn field(&mut self, sel: &Sel, field: &'s Field) {
        self.object(sel, |this, entry| match (entry.part, &entry.below) {
            (Part::Name, _) => this.out.str(&field.name),
            (Part::Description, _) => this.text(field.description.as_deref()),
            (Part::Args, _) => this.inputs(&field.args, entry),
            (Part::Type, Some(sel)) => this.ty(sel, field.ty),
            (part, _) => this.deprecation(part, field.deprecated.as_deref()),
        });
    }

    fn input(&mut self, sel: &Sel, input: &'s Input) {
        self.object(sel, |this, entry| match (entry.part, &entry.below) {
            (Part::Name, _) => this.out.str(&input.name),
            (Part::Description, _) => this.text(input.description.as_deref()),
            (Part::Type, Some(sel)) => this.ty(sel, input.ty),
            (Part::DefaultValue, _) => this.default(input),
            (part, _) => this.deprecation(part, input.deprecated.as_deref()),
        });
    }

    fn default(&mut self, input: &Input) {
        let Some(default) = &input.default else {
            return self.out.null();
        };
        self.literal.clear();
        literal::print(&default.literal, &mut self.literal);
        self.out.str(&self.literal);
    }

    fn enum_value(&mut self, sel: &Sel, value: &EnumValue) {
        self.object(sel, |this, entry| match entry.part {
            Part::Name => this.out.str(&value.name),
            Part::Description => this.text(value.description.as_deref()),
            part => this.deprecation(part, value.deprecated.as_deref()),
        });
    }

    fn deprecation(&mut self, part: Part, reason: Option<&str>) {
        match part {
            Part::IsDeprecated => self.out.bool(reason.is_some()),
            Part::DeprecationReason => self.text(reason),
            _ => self.out.null(),
        }
    }

    fn directive(&mut self, sel: &Sel, def: &'s DirectiveDef) {
        self.object(sel, |this, entry| match entry.part {
            Part::Name => this.out.str(&def.name),
            Part::Description => this.text(def.description.as_deref()),
            Part::IsRepeatable => this.out.bool(def.repeatable),
            Part::Args => this.inputs(&def.args, entry),
            Part::Locations => {
                this.out.byte(b'[');
                for location in &def.locations {
                    this.out.str(location.name());
                    this.out.byte(b',');
                }
                this.out.close(b']');
            }
            _ => this.out.null(),
        });
    }
}
