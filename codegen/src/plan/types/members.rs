//! What is inside of a type: members, variants, columns.
//!
//! In: a type of the schema. Out: its members, with a box or a link where the shape of the schema asks for one.
//! Must not know: which types there are to plan.

use super::super::docs::docs;
use super::super::names;
use super::super::recursion::{Holds, Knots};
use super::super::ty::Ty;
use super::super::world::{Kind, World};
use super::leaf::{leaf_type, no_page, settle};
use super::{Abstract, Head, Member, ModelStruct, Struct, Variant};
use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{self, FieldSource, TypeKind};
use std::collections::BTreeSet;

/// The types with what their cycles ask for.
pub(super) struct Cx<'w, 'a> {
    world: &'w World<'a>,
    knots: Knots<'a>,
    cuts: BTreeSet<(&'a str, &'a str)>,
}

impl<'w, 'a> Cx<'w, 'a> {
    pub(super) fn new(world: &'w World<'a>) -> Self {
        // Lists end a type's size, but not the walk through its insides.
        let (by_value, at_all) = (holds(world, false), holds(world, true));
        let abstracts = world
            .order
            .iter()
            .filter(|t| world.kind(&t.name) == Kind::Abstract);
        let fixed = abstracts.map(|t| t.name.as_str()).collect();
        Cx {
            world,
            knots: by_value.knots(),
            cuts: at_all.cuts(&fixed),
        }
    }

    /// The type of a member, with a box or a link if the schema's shape asks for one.
    pub(super) fn held(&self, owner: &str, ty: &ir::TypeRef, rust_type: Ty) -> Ty {
        let part = ty.name();
        if self.cuts.contains(&(owner, part)) {
            rust_type.linked()
        } else if !ty.is_list() && self.knots.tied(owner, part) {
            rust_type.boxed()
        } else {
            rust_type
        }
    }

    pub(super) fn object(
        &self,
        head: Head,
        ty: &ir::Type,
        kind: Kind,
        diags: &mut Diagnostics,
    ) -> Struct {
        let members = self.members(ty, diags);
        Struct {
            gql: head.gql,
            name: head.name,
            docs: head.docs,
            derives: head.derives,
            root: kind == Kind::Root,
            members,
        }
    }

    pub(super) fn members(&self, ty: &ir::Type, diags: &mut Diagnostics) -> Vec<Member> {
        let members: Vec<&ir::Field> = ty
            .fields()
            .iter()
            .filter(|f| self.world.source(ty, f) == FieldSource::Member)
            .collect();
        let names = settle(
            self.world,
            &[],
            names::snake,
            members
                .iter()
                .map(|f| (f.name.as_str(), f.span, f.directives.as_slice())),
            diags,
        );
        let members = members.iter().zip(names).map(|(field, name)| {
            let target = field.ty.name();
            no_page(self.world, &ty.name, field, diags);
            let leaf = leaf_type(self.world, target, &field.directives, diags);
            let rust_type = self.held(&ty.name, &field.ty, Ty::output(&field.ty, &leaf));
            Member {
                gql: field.name.clone(),
                name,
                docs: docs(
                    field.description.as_deref(),
                    field.deprecated.as_deref(),
                    None,
                ),
                ty: rust_type,
                leaf: matches!(self.world.kind(target), Kind::Scalar | Kind::Enum),
            }
        });
        members.collect()
    }

    pub(super) fn model(
        &self,
        head: Head,
        ty: &ir::Type,
        index: usize,
        diags: &mut Diagnostics,
    ) -> ModelStruct {
        let model = &self.world.ir.models[index];
        let field = |column: &ir::Column| ty.fields().iter().find(|f| f.name == column.field);
        let keyed: Vec<String> = model
            .columns
            .iter()
            .map(|c| {
                if c.references.is_some() {
                    format!("{}Id", c.field)
                } else {
                    c.field.clone()
                }
            })
            .collect();
        let wishes = model.columns.iter().zip(&keyed).map(|(c, key)| {
            (
                key.as_str(),
                c.span,
                field(c).map_or(&[][..], |f| &f.directives),
            )
        });
        let names = settle(self.world, &[], names::snake, wishes, diags);
        let members = model.columns.iter().zip(names).map(|(column, name)| {
            let leaf = match &column.references {
                Some(to) => Ty::Key(self.world.type_name(&self.world.ir.models[to.model].name)),
                None => self.world.leaf(&column.graphql),
            };
            Member {
                gql: column.field.clone(),
                name,
                docs: docs(
                    field(column).and_then(|f| f.description.as_deref()),
                    field(column).and_then(|f| f.deprecated.as_deref()),
                    None,
                ),
                ty: if column.nullable {
                    Ty::Option(Box::new(leaf))
                } else {
                    leaf
                },
                leaf: true,
            }
        });
        let number = self.world.number(&ty.name).unwrap_or(u16::MAX);
        let members = members.collect();
        let parsed = model
            .columns
            .iter()
            .map(|c| c.references.is_none() && self.is_foreign(&c.graphql))
            .collect();
        ModelStruct {
            gql: head.gql,
            name: head.name,
            docs: head.docs,
            derives: head.derives,
            model: index,
            ty: number,
            id: model.id,
            members,
            parsed,
        }
    }

    /// Whether the runtime does not know how to read a column of that type.
    pub(super) fn is_foreign(&self, name: &str) -> bool {
        match self.world.kind(name) {
            Kind::Enum => true,
            Kind::Scalar => self.world.rust(name).ty.is_some(),
            _ => false,
        }
    }

    pub(super) fn abstract_type(
        &self,
        head: Head,
        ty: &ir::Type,
        diags: &mut Diagnostics,
    ) -> Abstract {
        let possible: Vec<_> = self
            .world
            .possible(&ty.name)
            .into_iter()
            .filter(|t| self.world.kind(&t.name) != Kind::Page)
            .collect();
        let names = names::settle(
            &[],
            possible.iter().map(|t| {
                (
                    t.name.as_str(),
                    names::camel(&self.world.type_name(&t.name)),
                    false,
                )
            }),
        );
        if !head.derives.is_empty()
            && possible
                .iter()
                .any(|t| self.world.rust(&t.name).derive.is_empty())
        {
            diags.warn(
                Code::RustPath,
                ty.span,
                format!("`{}` derives what not all of its types derive", ty.name),
            );
        }
        let variants = possible.into_iter().map(|t| Variant {
            gql: t.name.clone(),
            name: names[&t.name].clone(),
            docs: Vec::new(),
            ty: self.world.leaf(&t.name),
            convert: self.world.rust(&t.name).ty.is_none(),
            key: matches!(self.world.kind(&t.name), Kind::Model(_)),
        });
        Abstract {
            name: head.name,
            docs: head.docs,
            derives: head.derives,
            variants: variants.collect(),
            accessors: Vec::new(),
        }
    }

    pub(super) fn inputs(
        &self,
        owner: &str,
        fields: &[ir::InputValue],
        diags: &mut Diagnostics,
    ) -> Vec<Member> {
        let names = settle(
            self.world,
            &[],
            names::snake,
            fields
                .iter()
                .map(|f| (f.name.as_str(), f.span, f.directives.as_slice())),
            diags,
        );
        let members = fields.iter().zip(names).map(|(field, name)| {
            let target = field.ty.name();
            let leaf = leaf_type(self.world, target, &field.directives, diags);
            let ty = Ty::input(&field.ty, &leaf, field.default.is_some());
            let ty = self.held(owner, &field.ty, ty);
            let docs = docs(
                field.description.as_deref(),
                field.deprecated.as_deref(),
                None,
            );
            Member {
                gql: field.name.clone(),
                name,
                docs,
                ty,
                leaf: true,
            }
        });
        members.collect()
    }

    /// Exactly one field is given and it is not null, so a variant holds the bare type.
    pub(super) fn one_of(
        &self,
        owner: &str,
        fields: &[ir::InputValue],
        diags: &mut Diagnostics,
    ) -> Vec<Variant> {
        let names = settle(
            self.world,
            &[],
            names::camel,
            fields
                .iter()
                .map(|f| (f.name.as_str(), f.span, f.directives.as_slice())),
            diags,
        );
        let variants = fields.iter().zip(names).map(|(field, name)| {
            let target = field.ty.name();
            let given = ir::TypeRef::NonNull(Box::new(field.ty.clone()));
            let mut ty = Ty::output(
                &given,
                &leaf_type(self.world, target, &field.directives, diags),
            );
            ty = self.held(owner, &field.ty, ty);
            let docs = docs(
                field.description.as_deref(),
                field.deprecated.as_deref(),
                None,
            );
            Variant {
                gql: field.name.clone(),
                name,
                docs,
                ty,
                convert: false,
                key: false,
            }
        });
        variants.collect()
    }
}

/// Which type holds which as a member, in lists too or by value alone.
fn holds<'a>(world: &World<'a>, lists: bool) -> Holds<'a> {
    let mut holds = Holds::default();
    for &ty in &world.order {
        match &ty.kind {
            TypeKind::Object { fields, .. } if world.kind(&ty.name) == Kind::Object => {
                for field in fields.iter().filter(|f| {
                    (lists || !f.ty.is_list()) && world.source(ty, f) == FieldSource::Member
                }) {
                    if matches!(world.kind(field.ty.name()), Kind::Object | Kind::Abstract) {
                        holds.add(&ty.name, field.ty.name());
                    }
                }
            }
            TypeKind::Interface { .. } | TypeKind::Union { .. } => {
                world
                    .possible(&ty.name)
                    .into_iter()
                    .for_each(|part| holds.add(&ty.name, &part.name));
            }
            TypeKind::Input { fields, .. } => {
                for field in fields.iter().filter(|f| {
                    (lists || !f.ty.is_list()) && world.kind(f.ty.name()) == Kind::Input
                }) {
                    holds.add(&ty.name, field.ty.name());
                }
            }
            _ => {}
        }
    }
    holds
}
