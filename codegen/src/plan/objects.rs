//! How values of object types are written and visited.
//!
//! In: data types and resolver methods. Out: for every field of an object type, where its value is found.
//! Must not know: the helpers of the runtime that do it.

use super::resolvers::{Method, Trait};
use super::ty::Ty;
use super::types::{Member, Types};
use super::world::{Kind, World};
use crate::ir::TypeKind;
use std::collections::BTreeMap;

/// An object type with a Rust value, or a model with resolver fields.
#[derive(Debug)]
pub struct Object {
    /// The type.
    pub ty: Ty,
    /// Number of the type.
    pub number: u16,
    /// Name of its resolver trait; empty without resolver fields.
    pub trait_name: String,
    /// The fields that have a value, with their numbers.
    pub fields: Vec<(u16, Glue)>,
}

/// Where a field's value is found.
#[derive(Debug, Clone)]
pub enum Glue {
    /// A member.
    Member {
        /// Its Rust name.
        name: String,
        /// Whether it is a scalar or an enum, or lists of them.
        leaf: bool,
    },
    /// The answers of a method.
    Method(Box<Method>),
}

/// The fields of the subscription root.
#[derive(Debug)]
pub struct Events {
    /// Name of the resolver trait.
    pub trait_name: String,
    /// The fields; the variant of each is called like its slot.
    pub methods: Vec<Method>,
}

/// The subscription root, if there is one.
pub(super) fn events(world: &World<'_>, traits: &[Trait]) -> Option<Events> {
    let found = traits.iter().find(|t| world.is_subscription(&t.gql))?;
    Some(Events {
        trait_name: found.name.clone(),
        methods: found.methods.clone(),
    })
}

/// The types that implement `Object`.
pub(super) fn plan(world: &World<'_>, types: &Types, traits: &[Trait]) -> Vec<Object> {
    let structs: BTreeMap<&str, &[Member]> = types
        .structs
        .iter()
        .map(|s| (s.gql.as_str(), s.members.as_slice()))
        .collect();
    let traits: BTreeMap<&str, &Trait> = traits
        .iter()
        .filter(|t| !world.is_subscription(&t.gql))
        .map(|t| (t.gql.as_str(), t))
        .collect();
    let mut objects = Vec::new();
    for &ty in &world.order {
        let object = matches!(ty.kind, TypeKind::Object { .. })
            && matches!(world.kind(&ty.name), Kind::Object | Kind::Root);
        if ty.hidden || !object {
            continue;
        }
        let own = structs.get(ty.name.as_str()).copied();
        let own = own.unwrap_or_else(|| types.bound.get(&ty.name).map_or(&[][..], Vec::as_slice));
        let resolved = traits.get(ty.name.as_str());
        let mut fields = Vec::new();
        for (fid, field) in world.public_fields(ty) {
            let method = resolved.and_then(|t| t.methods.iter().find(|m| m.fid == fid));
            let member = own.iter().find(|m| m.gql == field.name);
            let glue = match (method, member) {
                (Some(method), _) => Glue::Method(Box::new(method.clone())),
                (None, Some(member)) => Glue::Member {
                    name: member.name.clone(),
                    leaf: member.leaf,
                },
                (None, None) => continue,
            };
            fields.push((fid, glue));
        }
        objects.push(Object {
            ty: world.leaf(&ty.name),
            number: world.number(&ty.name).unwrap_or(u16::MAX),
            trait_name: resolved.map(|t| t.name.clone()).unwrap_or_default(),
            fields,
        });
    }
    objects
}

/// The models with resolver fields: only these.
pub(super) fn rows(world: &World<'_>, traits: &[Trait]) -> Vec<Object> {
    let models = traits
        .iter()
        .filter(|t| matches!(world.kind(&t.gql), Kind::Model(_)));
    let rows = models.map(|t| Object {
        ty: Ty::Own(world.type_name(&t.gql)),
        number: world.number(&t.gql).unwrap_or(u16::MAX),
        trait_name: t.name.clone(),
        fields: t
            .methods
            .iter()
            .map(|m| (m.fid, Glue::Method(Box::new(m.clone()))))
            .collect(),
    });
    rows.collect()
}
