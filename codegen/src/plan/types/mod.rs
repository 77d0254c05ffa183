//! The data types: structs, enums, inputs, rows of models.
//!
//! In: types of the schema with their names. Out: items with members whose names and types are settled.
//! Must not know: how values are resolved, coerced or written.

mod items;
mod leaf;
mod members;

pub use items::{
    Abstract, Accessor, Alias, Enum, Input, Member, ModelStruct, OneOf, Struct, Value, Variant,
};
pub(super) use leaf::{is_shipped, leaf_type, no_page, settle};

use super::docs::docs;
use super::names;
use super::rust::Rust;
use super::world::{Kind, World};
use crate::diagnostic::Diagnostics;
use crate::ir::{self, TypeKind};
use leaf::bound;
use members::Cx;
use std::collections::{BTreeMap, BTreeSet};

/// All data types.
#[derive(Debug, Default)]
pub(super) struct Types {
    pub(super) aliases: Vec<Alias>,
    pub(super) structs: Vec<Struct>,
    pub(super) abstracts: Vec<Abstract>,
    pub(super) inputs: Vec<Input>,
    pub(super) one_ofs: Vec<OneOf>,
    pub(super) models: Vec<ModelStruct>,
    /// Members of object types that are bound to the user's own structs.
    pub(super) bound: BTreeMap<String, Vec<Member>>,
}

impl Types {
    /// Appends what comes behind it in the schema.
    fn extend(&mut self, rest: Types) {
        self.aliases.extend(rest.aliases);
        self.structs.extend(rest.structs);
        self.abstracts.extend(rest.abstracts);
        self.inputs.extend(rest.inputs);
        self.one_ofs.extend(rest.one_ofs);
        self.models.extend(rest.models);
        self.bound.extend(rest.bound);
    }
}

/// Plans the enums, for whose values other parts of the plan ask.
pub(super) fn enums(world: &World<'_>, diags: &mut Diagnostics) -> Vec<Enum> {
    let mut enums = Vec::new();
    for &ty in &world.order {
        let rust = world.rust(&ty.name);
        if let (TypeKind::Enum { values }, None) = (&ty.kind, &rust.ty) {
            enums.push(enumeration(
                world,
                Head::new(world, ty, rust),
                values,
                diags,
            ));
        }
    }
    enums
}

/// Plans every other data type.
pub(super) fn plan(world: &World<'_>, diags: &mut Diagnostics) -> Types {
    let stored = super::jobs::stored(world);
    let cx = Cx::new(world);
    let (first, second) = world.order.split_at(world.order.len() / 2);
    let (mut types, rest) = diags.both(
        |diags| some(world, &cx, &stored, first, diags),
        |diags| some(world, &cx, &stored, second, diags),
    );
    types.extend(rest);
    accessors(world, &mut types);
    types
}

/// Plans some of the types.
fn some(
    world: &World<'_>,
    cx: &Cx<'_, '_>,
    stored: &BTreeSet<&str>,
    some: &[&ir::Type],
    diags: &mut Diagnostics,
) -> Types {
    let mut types = Types::default();
    for &ty in some {
        let rust = world.rust(&ty.name);
        let target = bound(world, ty, rust.ty.clone(), rust.span, diags);
        if target.is_none() && matches!(ty.kind, TypeKind::Enum { .. }) {
            continue;
        }
        let head = Head::new(world, ty, rust);
        if let Some(target) = target {
            if matches!(ty.kind, TypeKind::Object { .. }) {
                types.bound.insert(ty.name.clone(), cx.members(ty, diags));
            }
            types.aliases.push(Alias {
                name: head.name,
                docs: head.docs,
                target,
            });
            continue;
        }
        match (&ty.kind, world.kind(&ty.name)) {
            (TypeKind::Object { .. }, Kind::Model(model)) => {
                types.models.push(cx.model(head, ty, model, diags))
            }
            (TypeKind::Object { .. }, kind) => types.structs.push(cx.object(head, ty, kind, diags)),
            (TypeKind::Interface { .. } | TypeKind::Union { .. }, _) => {
                types.abstracts.push(cx.abstract_type(head, ty, diags))
            }
            (
                TypeKind::Input {
                    fields,
                    one_of: false,
                },
                _,
            ) => {
                let stored = stored.contains(ty.name.as_str());
                let members = cx.inputs(&ty.name, fields, diags);
                types.inputs.push(Input {
                    gql: head.gql,
                    name: head.name,
                    docs: head.docs,
                    derives: head.derives,
                    stored,
                    members,
                });
            }
            (
                TypeKind::Input {
                    fields,
                    one_of: true,
                },
                _,
            ) => {
                let stored = stored.contains(ty.name.as_str());
                let variants = cx.one_of(&ty.name, fields, diags);
                types.one_ofs.push(OneOf {
                    gql: head.gql,
                    name: head.name,
                    docs: head.docs,
                    derives: head.derives,
                    stored,
                    variants,
                });
            }
            (TypeKind::Scalar | TypeKind::Enum { .. }, _) => {}
        }
    }
    types
}

/// What a type is said to be; something, for a user's crate may want documentation of everything.
fn description(ty: &ir::Type) -> String {
    let default = || format!("`{}` of the schema.", ty.name);
    ty.description.clone().unwrap_or_else(default)
}

fn enumeration(
    world: &World<'_>,
    head: Head,
    values: &[ir::EnumValue],
    diags: &mut Diagnostics,
) -> Enum {
    let names = settle(
        world,
        &[],
        names::camel,
        values
            .iter()
            .map(|v| (v.name.as_str(), v.span, v.directives.as_slice())),
        diags,
    );
    let values = values.iter().zip(names).map(|(v, name)| Value {
        gql: v.name.clone(),
        name,
        docs: docs(v.description.as_deref(), v.deprecated.as_deref(), None),
    });
    Enum {
        gql: head.gql,
        name: head.name,
        docs: head.docs,
        derives: head.derives,
        values: values.collect(),
    }
}

struct Head {
    gql: String,
    name: String,
    docs: Vec<String>,
    derives: Vec<String>,
}

impl Head {
    fn new(world: &World<'_>, ty: &ir::Type, rust: Rust) -> Self {
        Head {
            gql: ty.name.clone(),
            name: world.type_name(&ty.name),
            docs: docs(Some(&description(ty)), None, world.place(ty.span)),
            derives: rust.derive,
        }
    }
}

/// Fields of an interface that are members of one type in all its variants can be read without a match.
fn accessors(world: &World<'_>, types: &mut Types) {
    let Types {
        structs, abstracts, ..
    } = types;
    let by_name: BTreeMap<&str, &Struct> = structs.iter().map(|s| (s.gql.as_str(), s)).collect();
    let interfaces = world
        .order
        .iter()
        .filter(|t| matches!(t.kind, TypeKind::Interface { .. }));
    for interface in interfaces {
        let name = world.type_name(&interface.name);
        let Some(abstract_type) = abstracts.iter_mut().find(|a| a.name == name) else {
            continue;
        };
        for field in interface.fields() {
            let member = |v: &Variant| {
                by_name
                    .get(v.gql.as_str())?
                    .members
                    .iter()
                    .find(|m| m.gql == field.name)
            };
            let found: Option<Vec<&Member>> = abstract_type.variants.iter().map(member).collect();
            let Some(found) = found else { continue };
            let Some(first) = found.first() else { continue };
            if found.iter().any(|m| m.ty != first.ty) {
                continue;
            }
            abstract_type.accessors.push(Accessor {
                name: first.name.clone(),
                docs: docs(
                    field.description.as_deref(),
                    field.deprecated.as_deref(),
                    None,
                ),
                ty: first.ty.clone(),
                members: found.iter().map(|m| m.name.clone()).collect(),
            });
        }
        let mut seen = BTreeSet::new();
        abstract_type
            .accessors
            .retain(|a| seen.insert(a.name.clone()));
    }
}
