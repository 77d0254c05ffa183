//! The data types: structs, enums, inputs, rows of models.
//!
//! In: types of the schema with their names. Out: items with members whose names and types are settled.
//! Must not know: how values are resolved, coerced or written.

use super::docs::docs;
use super::names::{self, Scope};
use super::recursion::{Holds, Knots};
use super::rust::Rust;
use super::ty::Ty;
use super::world::{Kind, World};
use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{self, FieldSource, TypeKind};
use crate::source::Span;
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

/// `pub type DateTime = …;`
#[derive(Debug)]
pub struct Alias {
    /// The Rust name.
    pub name: String,
    /// Documentation, a line each.
    pub docs: Vec<String>,
    /// The path, as of `types`.
    pub target: String,
}

/// An object type's struct.
#[derive(Debug)]
pub struct Struct {
    /// The name in the schema.
    pub gql: String,
    /// The Rust name.
    pub name: String,
    /// Documentation, a line each.
    pub docs: Vec<String>,
    /// Paths of further derives.
    pub derives: Vec<String>,
    /// Whether it is a root type, which has no members and can be made out of nothing.
    pub root: bool,
    /// The members.
    pub members: Vec<Member>,
}

/// A member of a struct.
#[derive(Debug, Clone)]
pub struct Member {
    /// The name in the schema.
    pub gql: String,
    /// The Rust name.
    pub name: String,
    /// Documentation, a line each.
    pub docs: Vec<String>,
    /// The type.
    pub ty: Ty,
    /// Whether it is a scalar or an enum, or lists of them.
    pub leaf: bool,
}

/// An interface's or a union's enum.
#[derive(Debug)]
pub struct Abstract {
    /// The Rust name.
    pub name: String,
    /// Documentation, a line each.
    pub docs: Vec<String>,
    /// Paths of further derives.
    pub derives: Vec<String>,
    /// The possible types.
    pub variants: Vec<Variant>,
    /// Members that all variants have.
    pub accessors: Vec<Accessor>,
}

/// A possible type.
#[derive(Debug, Clone)]
pub struct Variant {
    /// The name in the schema.
    pub gql: String,
    /// The variant.
    pub name: String,
    /// Documentation, a line each.
    pub docs: Vec<String>,
    /// What it holds.
    pub ty: Ty,
    /// Whether `From` can lead to it: what it holds is a type of its own.
    pub convert: bool,
    /// Whether it holds the key of a model's row.
    pub key: bool,
}

/// A method that reads a member that all variants have.
#[derive(Debug)]
pub struct Accessor {
    /// The method.
    pub name: String,
    /// Documentation, a line each.
    pub docs: Vec<String>,
    /// The type behind the reference.
    pub ty: Ty,
    /// For each variant, the member's name.
    pub members: Vec<String>,
}

/// An enum type.
#[derive(Debug)]
pub struct Enum {
    /// The name in the schema.
    pub gql: String,
    /// The Rust name.
    pub name: String,
    /// Documentation, a line each.
    pub docs: Vec<String>,
    /// Paths of further derives.
    pub derives: Vec<String>,
    /// The values.
    pub values: Vec<Value>,
}

/// A value of an enum type.
#[derive(Debug)]
pub struct Value {
    /// The name in the schema.
    pub gql: String,
    /// The variant.
    pub name: String,
    /// Documentation, a line each.
    pub docs: Vec<String>,
}

/// An input type.
#[derive(Debug)]
pub struct Input {
    /// The name in the schema.
    pub gql: String,
    /// The Rust name.
    pub name: String,
    /// Documentation, a line each.
    pub docs: Vec<String>,
    /// Paths of further derives.
    pub derives: Vec<String>,
    /// Whether it must be stored as JSON: arguments of jobs reach it.
    pub stored: bool,
    /// The fields.
    pub members: Vec<Member>,
}

/// An input type of which exactly one field is given.
#[derive(Debug)]
pub struct OneOf {
    /// The name in the schema.
    pub gql: String,
    /// The Rust name.
    pub name: String,
    /// Documentation, a line each.
    pub docs: Vec<String>,
    /// Paths of further derives.
    pub derives: Vec<String>,
    /// Whether it must be stored as JSON: arguments of jobs reach it.
    pub stored: bool,
    /// The fields.
    pub variants: Vec<Variant>,
}

/// A row of a model with all its columns.
#[derive(Debug)]
pub struct ModelStruct {
    /// The name in the schema.
    pub gql: String,
    /// The Rust name.
    pub name: String,
    /// Documentation, a line each.
    pub docs: Vec<String>,
    /// Paths of further derives.
    pub derives: Vec<String>,
    /// Index of the model.
    pub model: usize,
    /// Number of the type.
    pub ty: u16,
    /// Index of the key's column.
    pub id: usize,
    /// The columns, in order.
    pub members: Vec<Member>,
    /// For each column, whether its Rust type is one that the runtime does not know.
    pub parsed: Vec<bool>,
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

struct Cx<'w, 'a> {
    world: &'w World<'a>,
    knots: Knots<'a>,
    cuts: BTreeSet<(&'a str, &'a str)>,
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

impl<'w, 'a> Cx<'w, 'a> {
    fn new(world: &'w World<'a>) -> Self {
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
    fn held(&self, owner: &str, ty: &ir::TypeRef, rust_type: Ty) -> Ty {
        let part = ty.name();
        if self.cuts.contains(&(owner, part)) {
            rust_type.linked()
        } else if !ty.is_list() && self.knots.tied(owner, part) {
            rust_type.boxed()
        } else {
            rust_type
        }
    }

    fn object(&self, head: Head, ty: &ir::Type, kind: Kind, diags: &mut Diagnostics) -> Struct {
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

    fn members(&self, ty: &ir::Type, diags: &mut Diagnostics) -> Vec<Member> {
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

    fn model(
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
    fn is_foreign(&self, name: &str) -> bool {
        match self.world.kind(name) {
            Kind::Enum => true,
            Kind::Scalar => self.world.rust(name).ty.is_some(),
            _ => false,
        }
    }

    fn abstract_type(&self, head: Head, ty: &ir::Type, diags: &mut Diagnostics) -> Abstract {
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

    fn inputs(
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
    fn one_of(
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

/// The path that a type is an alias of: a scalar's always, another type's if the user binds it.
fn bound(
    world: &World<'_>,
    ty: &ir::Type,
    own: Option<String>,
    at: Option<Span>,
    diags: &mut Diagnostics,
) -> Option<String> {
    match (own, world.kind(&ty.name)) {
        (Some(path), Kind::Scalar | Kind::Enum | Kind::Input | Kind::Object) => Some(path),
        (Some(_), _) => {
            let at = at.unwrap_or(ty.span);
            diags
                .error(Code::RustBinding, at, format!("`{}` cannot be bound to a type of your own", ty.name))
                .help("`type` is for scalars, enums, inputs and plain object types; `name` and `derive` work here");
            None
        }
        (None, Kind::Scalar) => Some(scalar(&ty.name).to_owned()),
        (None, _) => None,
    }
}

/// What the scalars that everybody needs are in Rust. Others hold any JSON.
fn scalar(name: &str) -> &'static str {
    match name {
        "DateTime" => "__gw::jiff::Timestamp",
        "Date" => "__gw::jiff::civil::Date",
        "Time" => "__gw::jiff::civil::Time",
        "Duration" => "__gw::jiff::SignedDuration",
        "UUID" => "__gw::uuid::Uuid",
        "Decimal" => "__gw::rust_decimal::Decimal",
        "BigInt" => "i64",
        "Url" | "URL" => "__gw::Url",
        "Email" => "__gw::Email",
        "Bytes" => "__gw::Bytes",
        "Upload" => "__gw::Upload",
        _ => "__gw::serde_json::Value",
    }
}

/// Whether the runtime knows the values of a scalar of this name.
pub(super) fn is_shipped(name: &str) -> bool {
    !scalar(name).ends_with("::Value")
}

/// The type at the bottom of a field's or argument's type; the user may have bound it here.
pub(super) fn leaf_type(
    world: &World<'_>,
    name: &str,
    directives: &[ir::Directive],
    diags: &mut Diagnostics,
) -> Ty {
    let rust = world.rust_of(directives, diags);
    match (rust.ty, world.kind(name)) {
        (Some(path), Kind::Scalar | Kind::Enum | Kind::Input) => Ty::Path(path),
        (Some(_), _) => {
            diags
                .error(
                    Code::RustBinding,
                    rust.span
                        .unwrap_or(Span::new(crate::source::FileId(0), 0, 0)),
                    format!("a field of type `{name}` cannot be bound to a type of your own"),
                )
                .help(format!("bind the type: `type {name} @rust(type: …)`"));
            world.leaf(name)
        }
        (None, _) => world.leaf(name),
    }
}

/// Settles the names of one struct, enum or list of parameters: `(GraphQL name, place, directives)`.
pub(super) fn settle<'m>(
    world: &World<'_>,
    reserved: &[&str],
    case: fn(&str) -> String,
    members: impl Iterator<Item = (&'m str, Span, &'m [ir::Directive])>,
    diags: &mut Diagnostics,
) -> Vec<String> {
    let (mut scope, mut all) = (Scope::reserving(reserved), BTreeSet::new());
    for (name, span, directives) in members {
        match world.rust_of(directives, diags).name {
            Some(chosen) => {
                if !all.insert(chosen.clone()) {
                    diags.error(
                        Code::RustNameTaken,
                        span,
                        format!("the Rust name `{chosen}` is wanted twice"),
                    );
                }
                scope.fix(chosen);
            }
            None => scope.want(case(name)),
        }
    }
    scope.settle()
}

/// The types of connections are made from rows; there is no Rust value of them that user code could answer.
pub(super) fn no_page(world: &World<'_>, owner: &str, field: &ir::Field, diags: &mut Diagnostics) {
    let target = field.ty.name();
    if world.kind(target) == Kind::Page {
        diags
            .error(
                Code::PageByHand,
                field.ty_span,
                format!(
                    "`{owner}.{}` cannot answer `{target}`, which is made from rows of a model",
                    field.name
                ),
            )
            .help("answer the list of rows, or give your own connection type another name");
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
