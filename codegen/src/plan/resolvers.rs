//! Resolver traits, and the stubs of all traits that the application implements.
//!
//! In: fields that the schema leaves to the application. Out: methods with settled names and types, for the generated
//! traits, and the same as texts for the user's files.
//! Must not know: the user's files.

use super::docs::docs;
use super::hooks::{self, Hook, HookCall, Hooks};
use super::jobs::Jobs;
use super::names;
use super::stubs::{StubKind, StubMethod, StubParam, StubTrait};
use super::ty::{Ty, own_path};
use super::types::{Enum, leaf_type, no_page, settle};
use super::world::{Kind, World};
use crate::diagnostic::Diagnostics;
use crate::ir::{self, FieldSource};
use crate::source::Span;

/// A trait for the resolver fields of a type.
#[derive(Debug)]
pub struct Trait {
    /// The type's name in the schema.
    pub gql: String,
    /// The Rust name.
    pub name: String,
    /// Documentation, a line each.
    pub docs: Vec<String>,
    /// What rustc says where the application does not implement it.
    pub missing: String,
    /// The methods.
    pub methods: Vec<Method>,
    span: Span,
}

/// A resolver method.
#[derive(Debug, Clone)]
pub struct Method {
    /// `Query.search`
    pub coordinate: String,
    /// The Rust name.
    pub name: String,
    /// Documentation, a line each.
    pub docs: Vec<String>,
    /// Whose field it is.
    pub parent: Parent,
    /// The arguments.
    pub params: Vec<Param>,
    /// The type of one result.
    pub item: Ty,
    /// Whether the result is a scalar or an enum, or lists of them.
    pub leaf: bool,
    /// Number of the field in its type.
    pub fid: u16,
    /// The variant of `Event`, for a field of the subscription root.
    pub variant: String,
    /// What is called before it.
    pub hooks: Vec<HookCall>,
    span: Span,
}

/// Who a method is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parent {
    /// Nobody: a field of a root type.
    Root {
        /// Whether values of the type also stand below other objects, many of them in one level.
        below: bool,
    },
    /// Nobody: a root field of a subscription, which answers a stream.
    Events,
    /// All parents of a level.
    Batch(Ty),
    /// One parent.
    Each(Ty),
}

/// An argument of a field.
#[derive(Debug, Clone)]
pub struct Param {
    /// The name in the schema.
    pub gql: String,
    /// The Rust name.
    pub name: String,
    /// The type.
    pub ty: Ty,
}

impl Method {
    /// The type behind the arrow, of the future's output.
    pub fn returns(&self) -> Ty {
        let inner = match self.parent {
            Parent::Batch(_) => Ty::Batch(Box::new(self.item.clone())),
            Parent::Events => Ty::Events(Box::new(self.item.clone())),
            Parent::Root { .. } | Parent::Each(_) => self.item.clone(),
        };
        Ty::Result(Box::new(inner))
    }

    /// Whether the answer borrows from the application or the context.
    pub fn is_lent(&self) -> bool {
        self.item.is_lent()
    }

    /// The parameter that holds the parents: name and type.
    pub fn parents(&self) -> Option<(&'static str, Ty)> {
        match &self.parent {
            Parent::Root { .. } | Parent::Events => None,
            Parent::Batch(ty) => Some(("parents", Ty::Refs(Box::new(ty.clone())))),
            Parent::Each(ty) => Some(("parent", Ty::Ref(Box::new(ty.clone())))),
        }
    }
}

/// Plans the traits.
pub(super) fn plan(
    world: &World<'_>,
    hooks: &Hooks,
    enums: &[Enum],
    diags: &mut Diagnostics,
) -> Vec<Trait> {
    let mut traits = Vec::new();
    for &ty in &world.order {
        let fields = world.resolver_fields(ty);
        if fields.is_empty() {
            continue;
        }
        let chosen = fields
            .iter()
            .map(|(_, f)| (f.name.as_str(), f.span, f.directives.as_slice()));
        let names = settle(world, &[], names::snake, chosen, diags);
        let methods = fields
            .iter()
            .zip(names)
            .map(|((fid, field), name)| Method {
                hooks: hooks::calls(world, hooks, enums, field, diags),
                ..method(world, ty, field, *fid, name, diags)
            })
            .collect();
        let name = world.trait_name(&ty.name);
        let mut docs = docs(ty.description.as_deref(), None, None);
        docs.insert(
            0,
            format!("The fields of `{}` that the application answers.", ty.name),
        );
        if docs.len() > 1 {
            docs.insert(1, String::new());
        }
        traits.push(Trait {
            gql: ty.name.clone(),
            missing: missing(&format!("fields of `{}`", ty.name)),
            name,
            docs,
            methods,
            span: ty.span,
        });
    }
    name_variants(world, &mut traits);
    traits
}

fn missing(what: &str) -> String {
    format!(
        "nobody answers the {what}: run `graphwright sync`, which adds the `impl` with a stub for each"
    )
}

fn method(
    world: &World<'_>,
    ty: &ir::Type,
    field: &ir::Field,
    fid: u16,
    name: String,
    diags: &mut Diagnostics,
) -> Method {
    no_page(world, &ty.name, field, diags);
    let target = field.ty.name();
    let owner = Ty::Own(world.type_name(&ty.name));
    Method {
        coordinate: format!("{}.{}", ty.name, field.name),
        name,
        docs: docs(
            field.description.as_deref(),
            field.deprecated.as_deref(),
            world.place(field.span),
        ),
        parent: match (world.kind(&ty.name), world.source(ty, field)) {
            (Kind::Root, _) if world.is_subscription(&ty.name) => Parent::Events,
            (Kind::Root, _) => Parent::Root {
                below: world.is_below(&ty.name),
            },
            (_, FieldSource::Each) => Parent::Each(owner),
            _ => Parent::Batch(owner),
        },
        params: params(world, field, diags),
        item: Ty::answer(
            &field.ty,
            &leaf_type(world, target, &field.directives, diags),
            field.result,
        ),
        leaf: matches!(world.kind(target), Kind::Scalar | Kind::Enum),
        fid,
        variant: String::new(),
        hooks: Vec::new(),
        span: field.span,
    }
}

fn params(world: &World<'_>, field: &ir::Field, diags: &mut Diagnostics) -> Vec<Param> {
    let chosen = field
        .args
        .iter()
        .map(|a| (a.name.as_str(), a.span, a.directives.as_slice()));
    let names = settle(
        world,
        &["cx", "parent", "parents"],
        names::snake,
        chosen,
        diags,
    );
    let params = field.args.iter().zip(names).map(|(arg, name)| Param {
        gql: arg.name.clone(),
        name,
        ty: Ty::input(
            &arg.ty,
            &leaf_type(world, arg.ty.name(), &arg.directives, diags),
            arg.default.is_some(),
        ),
    });
    params.collect()
}

/// The fields of the subscription root have a variant of `Event` each; names are told apart among all methods.
fn name_variants(world: &World<'_>, traits: &mut [Trait]) {
    let mut scope = names::Scope::default();
    for t in traits.iter() {
        let owner = world.type_name(&t.gql);
        for m in &t.methods {
            let name = m.name.trim_start_matches("r#");
            scope.want(names::camel(&format!("{owner}_{name}")));
        }
    }
    let methods = traits.iter_mut().flat_map(|t| &mut t.methods);
    methods
        .zip(scope.settle())
        .for_each(|(m, variant)| m.variant = variant);
}

/// What the user has to write.
pub(super) fn stubs(
    world: &World<'_>,
    traits: &[Trait],
    hooks: &Hooks,
    jobs: &Jobs,
) -> Vec<StubTrait> {
    let modules = Modules::new(world, jobs);
    let app = world.settings.options.app.clone();
    let mut stubs = Vec::new();
    for t in traits {
        stubs.push(StubTrait {
            kind: StubKind::Resolver,
            module: modules.file(world, t.span),
            module_by_type: names::module(&t.gql),
            trait_name: t.name.clone(),
            trait_path: own_path(&t.name),
            app: app.clone(),
            of: t.gql.clone(),
            span: Some(t.span),
            methods: t.methods.iter().map(resolver).collect(),
        });
    }
    if let (Some(auth), Some(ty)) = (world.auth(), world.ir.auth.as_ref()) {
        let params = vec![StubParam {
            name: "parts".to_owned(),
            ty: "&gw::Parts".to_owned(),
        }];
        let returns = format!("gw::Result<Option<{}>>", own_path(&auth.name));
        let mut method = StubMethod::new(
            "authenticate".to_owned(),
            "authenticate".to_owned(),
            params,
            returns,
        );
        method.doc = vec!["Who sends this request; `None` is a visitor.".to_owned()];
        method.span = Some(ty.name.span);
        stubs.push(StubTrait {
            kind: StubKind::Auth,
            module: "auth".to_owned(),
            module_by_type: "auth".to_owned(),
            trait_path: own_path(&auth.trait_name),
            trait_name: auth.trait_name,
            app: app.clone(),
            of: ty.name.name.clone(),
            span: Some(ty.name.span),
            methods: vec![method],
        });
    }
    if let Some(first) = hooks.methods.first() {
        stubs.push(StubTrait {
            kind: StubKind::Hooks,
            module: "directives".to_owned(),
            module_by_type: "directives".to_owned(),
            trait_name: hooks.trait_name.clone(),
            trait_path: own_path(&hooks.trait_name),
            app: app.clone(),
            of: "@graphwright".to_owned(),
            span: Some(first.span),
            methods: hooks.methods.iter().map(hook).collect(),
        });
    }
    for (job, module) in jobs.jobs.iter().zip(&modules.jobs) {
        let mut method = StubMethod::new(
            job.def.name.name.clone(),
            "run".to_owned(),
            vec![
                StubParam {
                    name: "cx".to_owned(),
                    ty: "&gw::JobContext".to_owned(),
                },
                StubParam {
                    name: "args".to_owned(),
                    ty: own_path(&job.args_name),
                },
            ],
            "gw::JobResult".to_owned(),
        );
        method.doc = docs(Some(&job.def.description), None, None);
        method.span = Some(job.def.name.span);
        stubs.push(StubTrait {
            kind: StubKind::Job,
            module: module.clone(),
            module_by_type: module.clone(),
            trait_name: job.trait_name.clone(),
            trait_path: own_path(&job.trait_name),
            app: app.clone(),
            of: job.def.name.name.clone(),
            span: Some(job.def.name.span),
            methods: vec![method],
        });
    }
    stubs
}

fn hook(hook: &Hook) -> StubMethod {
    let param = |name: &str, ty: &str| StubParam {
        name: name.to_owned(),
        ty: ty.to_owned(),
    };
    let mut params = vec![param("cx", "&gw::Context"), param("field", "&'static str")];
    params.extend(hook.params.iter().map(|p| param(&p.name, &p.ty.stub())));
    let coordinate = format!("@{}", hook.directive);
    let returns = "gw::Result<()>".to_owned();
    let mut stub = StubMethod::new(coordinate, hook.name.clone(), params, returns);
    stub.span = Some(hook.span);
    stub
}

fn resolver(method: &Method) -> StubMethod {
    let mut params = vec![StubParam {
        name: "cx".to_owned(),
        ty: if method.is_lent() {
            "&'r gw::Context".to_owned()
        } else {
            "&gw::Context".to_owned()
        },
    }];
    params.extend(method.parents().map(|(name, ty)| StubParam {
        name: name.to_owned(),
        ty: ty.stub(),
    }));
    params.extend(method.params.iter().map(|p| StubParam {
        name: p.name.clone(),
        ty: p.ty.stub(),
    }));
    let mut stub = StubMethod::new(
        method.coordinate.clone(),
        method.name.clone(),
        params,
        method.returns().stub(),
    );
    stub.doc = method.docs.clone();
    // The place is true only until the schema is edited; a stub is written once.
    while stub
        .doc
        .last()
        .is_some_and(|line| line.is_empty() || line.starts_with("Defined at `"))
    {
        stub.doc.pop();
    }
    stub.span = Some(method.span);
    stub
}

/// The module of each SDL file and of each job.
struct Modules {
    files: Vec<(crate::source::FileId, String)>,
    jobs: Vec<String>,
}

impl Modules {
    fn new(world: &World<'_>, jobs: &Jobs) -> Self {
        let mut files: Vec<_> = world.order.iter().map(|t| t.span.file).collect();
        files.sort();
        files.dedup();
        let mut scope = names::Scope::default();
        files
            .iter()
            .for_each(|&file| scope.want(names::module(world.file_stem(file))));
        let mut job_scope = names::Scope::default();
        jobs.jobs
            .iter()
            .for_each(|job| job_scope.want(names::module(&job.def.name.name)));
        Modules {
            files: files.into_iter().zip(scope.settle()).collect(),
            jobs: job_scope.settle(),
        }
    }

    fn file(&self, _: &World<'_>, span: Span) -> String {
        let found = self.files.iter().find(|(file, _)| *file == span.file);
        found.map_or_else(|| "schema".to_owned(), |(_, module)| module.clone())
    }
}
