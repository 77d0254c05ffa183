//! What every part of the plan asks for: the kind, the Rust name and the number of a type.
//!
//! In: the IR and the settings. Out: look-ups. Must not know: what the answers are used for.

use super::names::{self, NameMap};
use super::rust::{self, Rust};
use super::ty::{ALIASES, Ty};
use super::{Auth, Roots, Settings};
use crate::diagnostic::{Code, Diagnostics};
use crate::ir::{Field, FieldSource, InputValue, Ir, PagePart, Type, TypeKind};
use crate::source::{FileId, Places, Span};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The IR with names and numbers.
pub(super) struct World<'a> {
    pub(super) ir: &'a Ir,
    pub(super) settings: &'a Settings<'a>,
    /// Where definitions stand.
    places: Places<'a>,
    /// Every type that has a Rust counterpart, in the order of the schema.
    pub(super) order: Vec<&'a Type>,
    below: BTreeSet<&'a str>,
    types: NameMap,
    traits: NameMap,
    rust: BTreeMap<&'a str, Rust>,
    numbers: BTreeMap<&'a str, u16>,
    models: BTreeMap<&'a str, usize>,
    /// Asked for many times for each field.
    kinds: HashMap<&'a str, Kind>,
    /// For each interface the visible object types with it, in the order of their names.
    implementers: HashMap<&'a str, Vec<&'a Type>>,
}

/// What a type is to the generator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A scalar, built in or not.
    Scalar,
    /// A root type: all fields are methods or operations.
    Root,
    /// A plain object type.
    Object,
    /// A model: index into the IR's.
    Model(usize),
    /// A connection, an edge or the page information of a model; the type of its nodes is found through its fields.
    Page,
    /// The caller's type.
    Auth,
    /// An interface or a union.
    Abstract,
    /// An enum.
    Enum,
    /// An input type.
    Input,
}

impl<'a> World<'a> {
    pub(super) fn new(ir: &'a Ir, settings: &'a Settings<'a>, diags: &mut Diagnostics) -> Self {
        let mut world = World {
            ir,
            settings,
            below: below(ir),
            places: Places::new(settings.sources),
            order: Vec::new(),
            types: NameMap::new(),
            traits: NameMap::new(),
            rust: BTreeMap::new(),
            numbers: BTreeMap::new(),
            models: ir
                .models
                .iter()
                .enumerate()
                .map(|(i, m)| (m.name.as_str(), i))
                .collect(),
            kinds: HashMap::new(),
            implementers: implementers(ir),
        };
        let types = ir.schema.types.values();
        let kinds = types.map(|ty| (&*ty.name, world.kind_of(ty)));
        world.kinds = kinds.collect();
        let used = world.inputs_of_users();
        let kept = |t: &&Type| {
            world.kind(&t.name) != Kind::Page
                && (!t.generated || used.contains(t.name.as_str()) || is_plain(t))
        };
        let mut order: Vec<&'a Type> = ir.schema.types.values().filter(kept).collect();
        order.sort_by_key(|t| (t.span, &t.name));
        for ty in ir
            .schema
            .types
            .values()
            .filter(|t| !t.hidden && is_composite(t))
        {
            let number = world.numbers.len();
            world
                .numbers
                .insert(&ty.name, u16::try_from(number).unwrap_or(u16::MAX));
        }
        if world.numbers.len() >= usize::from(u16::MAX) {
            diags.general(
                Code::TooMany,
                "the schema has more than 65,534 object, interface and union types",
            );
        }
        let shadowed = ir.schema.directive_defs.contains_key("rust");
        for ty in &order {
            let wishes = if shadowed {
                Rust::default()
            } else {
                rust::read(&ty.directives, diags)
            };
            world.rust.insert(&ty.name, wishes);
        }
        world.order = order;
        world.name_types(diags);
        world.name_traits();
        world
    }

    fn name_types(&mut self, diags: &mut Diagnostics) {
        let mut chosen: BTreeMap<String, &Type> = BTreeMap::new();
        for &ty in &self.order {
            let Some(name) = self.rust(&ty.name).name else {
                continue;
            };
            if let Some(first) = chosen.insert(name.clone(), ty) {
                diags
                    .error(
                        Code::RustNameTaken,
                        ty.span,
                        format!(
                            "`{}` and `{}` both want the Rust name `{name}`",
                            first.name, ty.name
                        ),
                    )
                    .note(first.span, "the first");
            }
        }
        let wishes = self.order.iter().map(|t| match &self.rust(&t.name).name {
            Some(name) => (t.name.as_str(), name.clone(), true),
            None => (t.name.as_str(), names::camel(&t.name), false),
        });
        self.types = names::settle(&[], wishes.collect::<Vec<_>>());
    }

    fn name_traits(&mut self) {
        let mut reserved: Vec<&str> = self.types.values().map(String::as_str).collect();
        reserved.extend(ALIASES);
        reserved.extend(["Link", "Outcome"]);
        let mut wishes: Vec<(&str, String, bool)> = Vec::new();
        let own = |name: &str| {
            names::camel(
                self.types
                    .get(name)
                    .map_or(name, |n| n.trim_start_matches("r#")),
            )
        };
        let keys: Vec<_> = self
            .order
            .iter()
            .map(|t| (t, format!("{}Resolvers", own(&t.name))))
            .collect();
        wishes.extend(
            keys.iter()
                .map(|(t, name)| (t.name.as_str(), name.clone(), false)),
        );
        let auth = self
            .ir
            .auth
            .as_ref()
            .map(|_| ("@authenticate", "Authenticate".to_owned(), false));
        wishes.extend(auth);
        let hooks = super::hooks::named(&self.ir.schema);
        wishes.extend(hooks.map(|_| ("@directives", "Directives".to_owned(), false)));
        let jobs: Vec<_> = self
            .ir
            .jobs
            .jobs
            .iter()
            .map(|j| {
                (
                    format!("@job {}", j.name.name),
                    format!("@args {}", j.name.name),
                    names::camel(&j.name.name),
                )
            })
            .collect();
        for (job, args, name) in &jobs {
            // A job may well be called like a type; a number would say less than the word.
            let free = !reserved.contains(&name.as_str());
            let stem = if free {
                name.clone()
            } else {
                format!("{name}Job")
            };
            wishes.push((job, stem.clone(), false));
            wishes.push((args, format!("{stem}Args"), false));
        }
        self.traits = names::settle(&reserved, wishes);
    }

    /// The kind of a type that exists.
    pub(super) fn kind(&self, name: &str) -> Kind {
        self.kinds.get(name).copied().unwrap_or(Kind::Scalar)
    }

    fn kind_of(&self, ty: &Type) -> Kind {
        let name = &*ty.name;
        match &ty.kind {
            TypeKind::Scalar => Kind::Scalar,
            TypeKind::Enum { .. } => Kind::Enum,
            TypeKind::Input { .. } => Kind::Input,
            TypeKind::Interface { .. } | TypeKind::Union { .. } => Kind::Abstract,
            TypeKind::Object { fields, .. } => {
                let schema = &self.ir.schema;
                let roots = [&schema.query, &schema.mutation, &schema.subscription];
                if roots.into_iter().flatten().any(|root| root.name == name) {
                    Kind::Root
                } else if let Some(&model) = self.models.get(name) {
                    Kind::Model(model)
                } else if self.ir.auth.as_ref().is_some_and(|a| a.name.name == name) {
                    Kind::Auth
                } else if fields
                    .iter()
                    .any(|f| matches!(f.source, FieldSource::Page(_)))
                {
                    Kind::Page
                } else {
                    Kind::Object
                }
            }
        }
    }

    /// The Rust name of a type in `types`.
    pub(super) fn type_name(&self, name: &str) -> String {
        self.types
            .get(name)
            .cloned()
            .unwrap_or_else(|| names::camel(name))
    }

    /// The name of a type's resolver trait.
    pub(super) fn trait_name(&self, name: &str) -> String {
        self.traits[name].clone()
    }

    /// The names of a job's trait and of its arguments' struct.
    pub(super) fn job_names(&self, job: &str) -> (String, String) {
        (
            self.traits[&format!("@job {job}")].clone(),
            self.traits[&format!("@args {job}")].clone(),
        )
    }

    /// What the user wishes of a type.
    pub(super) fn rust(&self, name: &str) -> Rust {
        self.rust.get(name).cloned().unwrap_or_default()
    }

    /// What the user wishes of a field, an argument or a value.
    pub(super) fn rust_of(
        &self,
        directives: &[crate::ir::Directive],
        diags: &mut Diagnostics,
    ) -> Rust {
        if self.ir.schema.directive_defs.contains_key("rust") {
            Rust::default()
        } else {
            rust::read(directives, diags)
        }
    }

    /// The number of a composite type.
    pub(super) fn number(&self, name: &str) -> Option<u16> {
        self.numbers.get(name).copied()
    }

    /// The numbered types, in the order of their numbers.
    pub(super) fn numbered(&self) -> impl Iterator<Item = &'a Type> + '_ {
        self.numbers.keys().map(|&name| &self.ir.schema.types[name])
    }

    /// The object types behind an interface or a union, in the order of the schema's members or of the types' names.
    pub(super) fn possible(&self, name: &str) -> Vec<&'a Type> {
        let types = &self.ir.schema.types;
        match types.get(name).map(|t| &t.kind) {
            Some(TypeKind::Union { members }) => {
                members.iter().filter_map(|m| types.get(&m.name)).collect()
            }
            Some(TypeKind::Interface { .. }) => {
                self.implementers.get(name).cloned().unwrap_or_default()
            }
            _ => Vec::new(),
        }
    }

    /// The Rust type of a named type where no list and no nullability is about it.
    pub(super) fn leaf(&self, name: &str) -> Ty {
        match name {
            "ID" => return Ty::Alias("Id"),
            "Int" => return Ty::Std("i32"),
            "Float" => return Ty::Std("f64"),
            "String" => return Ty::Std("String"),
            "Boolean" => return Ty::Std("bool"),
            _ => {}
        }
        match self.kind(name) {
            Kind::Model(_) => Ty::Key(self.type_name(name)),
            _ => Ty::Own(self.type_name(name)),
        }
    }

    /// The fields that clients see, with their numbers.
    pub(super) fn public_fields(
        &self,
        ty: &'a Type,
    ) -> impl Iterator<Item = (u16, &'a Field)> + use<'a> {
        ty.fields()
            .iter()
            .filter(|f| !f.hidden)
            .enumerate()
            .map(|(i, f)| (u16::try_from(i).unwrap_or(u16::MAX), f))
    }

    /// How a field gets its value: root types have no members.
    pub(super) fn source(&self, ty: &Type, field: &Field) -> FieldSource {
        match (&field.source, self.kind(&ty.name)) {
            (FieldSource::Member, Kind::Root) => FieldSource::Resolver,
            (FieldSource::Member, _) if !field.args.is_empty() => FieldSource::Resolver,
            (source, _) => source.clone(),
        }
    }

    /// Whether values of an object type stand below other objects; those of a root type seldom do.
    pub(super) fn is_below(&self, name: &str) -> bool {
        self.below.contains(name)
    }

    /// Whether a type is the subscription root.
    pub(super) fn is_subscription(&self, name: &str) -> bool {
        self.ir
            .schema
            .subscription
            .as_ref()
            .is_some_and(|s| s.name == name)
    }

    /// The fields that the application answers, with their numbers.
    pub(super) fn resolver_fields(&self, ty: &'a Type) -> Vec<(u16, &'a Field)> {
        if ty.hidden {
            return Vec::new();
        }
        let answered = |f: &Field| {
            matches!(
                self.source(ty, f),
                FieldSource::Resolver | FieldSource::Each
            )
        };
        let object = matches!(ty.kind, TypeKind::Object { .. });
        self.public_fields(ty)
            .filter(|(_, f)| object && answered(f))
            .collect()
    }

    /// The file's part of a module name.
    pub(super) fn file_stem(&self, file: FileId) -> &'a str {
        let name = self
            .settings
            .sources
            .0
            .get(file.0 as usize)
            .map_or("schema", |s| s.name.as_str());
        let base = name.rsplit('/').next().unwrap_or(name);
        base.split('.').next().unwrap_or(base)
    }

    /// The place of a definition, for documentation.
    pub(super) fn place(&self, span: Span) -> Option<String> {
        let place = self.places.of(span);
        Some(place.unwrap_or_else(|| "the schema".to_owned()))
    }

    pub(super) fn auth(&self) -> Option<Auth> {
        let auth = self.ir.auth.as_ref()?;
        Some(Auth {
            name: self.type_name(&auth.name.name),
            trait_name: self.traits["@authenticate"].clone(),
            fields: auth.fields.iter().map(|f| f.name.clone()).collect(),
        })
    }

    pub(super) fn roots(&self) -> Roots {
        let name = |root: &Option<crate::ir::Named>| root.as_ref().map(|r| self.type_name(&r.name));
        let schema = &self.ir.schema;
        Roots {
            query: name(&schema.query),
            mutation: name(&schema.mutation),
            subscription: name(&schema.subscription),
        }
    }

    /// Input types and enums that the arguments of resolvers and jobs reach: those that were made for generated
    /// operations only are never seen by the user's code.
    fn inputs_of_users(&self) -> BTreeSet<&'a str> {
        let mut todo: Vec<&'a InputValue> =
            self.ir.jobs.jobs.iter().flat_map(|j| &j.args).collect();
        for ty in self.ir.schema.types.values() {
            todo.extend(
                self.resolver_fields(ty)
                    .into_iter()
                    .flat_map(|(_, f)| &f.args),
            );
        }
        let mut seen = BTreeSet::new();
        while let Some(value) = todo.pop() {
            let name = value.ty.name();
            if seen.insert(name)
                && let Some(TypeKind::Input { fields, .. }) =
                    self.ir.schema.types.get(name).map(|t| &t.kind)
            {
                todo.extend(fields);
            }
        }
        seen
    }
}

/// Whether a generated type is needed whatever the user's code does.
fn is_plain(ty: &Type) -> bool {
    !matches!(ty.kind, TypeKind::Input { .. } | TypeKind::Enum { .. })
}

fn is_composite(ty: &Type) -> bool {
    matches!(
        ty.kind,
        TypeKind::Object { .. } | TypeKind::Interface { .. } | TypeKind::Union { .. }
    )
}

fn implementers(ir: &Ir) -> HashMap<&str, Vec<&Type>> {
    let mut found: HashMap<&str, Vec<&Type>> = HashMap::new();
    for ty in ir.schema.types.values().filter(|ty| !ty.hidden) {
        let TypeKind::Object { implements, .. } = &ty.kind else {
            continue;
        };
        for interface in implements {
            let all = found.entry(&interface.name).or_default();
            // Named twice, which the rules have reported, it is one all the same.
            if all.last().is_none_or(|last| last.name != ty.name) {
                all.push(ty);
            }
        }
    }
    found
}

/// The types whose values stand below other objects.
fn below(ir: &Ir) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    for ty in ir.schema.types.values() {
        found.extend(ty.fields().iter().map(|f| f.ty.name()));
        match &ty.kind {
            TypeKind::Union { members } => found.extend(members.iter().map(|m| m.name.as_str())),
            TypeKind::Object { implements, .. } if !implements.is_empty() => {
                found.insert(ty.name.as_str());
            }
            _ => {}
        }
    }
    found
}

/// The parts that only a connection has.
pub(super) fn is_connection(ty: &Type) -> bool {
    ty.fields().iter().any(|f| {
        matches!(
            f.source,
            FieldSource::Page(
                PagePart::Edges | PagePart::Nodes | PagePart::PageInfo | PagePart::TotalCount
            )
        )
    })
}
