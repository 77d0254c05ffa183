//! The plan: everything that the generated code will say, decided.
//!
//! In: the resolved description of API, models and jobs. Out: [`Plan`], which `emit` and `merge` print without a
//! decision of their own: Rust names, Rust types, numbers of types and fields, sizes of boxes, texts of stubs.
//! Must not know: files, templates, how tokens are laid out.

mod depth;
mod docs;
mod hooks;
mod jobs;
mod names;
mod objects;
mod recursion;
mod resolvers;
mod rust;
pub mod stubs;
pub mod tables;
mod ty;
mod types;
mod world;

pub use hooks::{Given, Hook, HookCall, Hooks};
pub use jobs::{Job, Jobs};
pub use names::ident;
pub use objects::{Events, Glue, Object};
pub use resolvers::{Method, Param, Parent, Trait};
pub use ty::Ty;
pub use types::{
    Abstract, Accessor, Alias, Enum, Input, Member, ModelStruct, OneOf, Struct, Value, Variant,
};

use crate::diagnostic::Diagnostics;
use crate::ir::Ir;
use crate::options::Options;
use crate::source::Sources;
use stubs::StubTrait;

/// What the plan needs to know beside the IR.
#[derive(Debug, Clone)]
pub struct Settings<'a> {
    /// The settings of the project.
    pub options: &'a Options,
    /// The inputs, for the places that documentation names.
    pub sources: &'a Sources,
    /// The public SDL.
    pub sdl: String,
    /// File names of the migrations, in the order in which they are applied.
    pub migrations: Vec<String>,
}

/// Everything that the generated code will say.
#[derive(Debug)]
pub struct Plan {
    /// Path of the application's type: `crate::App`.
    pub app: String,
    /// The public SDL.
    pub sdl: String,
    /// Migrations: name and path below the package.
    pub migrations: Vec<(String, String)>,
    /// Scalars and types bound to Rust types that exist already.
    pub aliases: Vec<Alias>,
    /// Object types: plain ones, roots, and the caller's type.
    pub structs: Vec<Struct>,
    /// Interfaces and unions.
    pub abstracts: Vec<Abstract>,
    /// Enum types.
    pub enums: Vec<Enum>,
    /// Input types.
    pub inputs: Vec<Input>,
    /// Input types of which exactly one field is given.
    pub one_ofs: Vec<OneOf>,
    /// Full rows of models.
    pub models: Vec<ModelStruct>,
    /// The traits that the application implements for its resolver fields.
    pub traits: Vec<Trait>,
    /// The trait of the directives with a hook.
    pub hooks: Hooks,
    /// How values of object types are written and visited.
    pub objects: Vec<Object>,
    /// Resolver fields of models.
    pub rows: Vec<Object>,
    /// The fields of the subscription root.
    pub events: Option<Events>,
    /// The jobs.
    pub jobs: Jobs,
    /// The caller's type in `types`.
    pub auth: Option<Auth>,
    /// Rust name of the query root, of the mutation root and of the subscription root.
    pub roots: Roots,
    /// The static tables.
    pub tables: tables::Tables,
    /// What the user has to write.
    pub stubs: Vec<StubTrait>,
}

/// The caller's type.
#[derive(Debug)]
pub struct Auth {
    /// Its Rust name.
    pub name: String,
    /// Name of the trait with `authenticate`.
    pub trait_name: String,
    /// Names of its fields in the schema.
    pub fields: Vec<String>,
}

/// Rust names of the root types.
#[derive(Debug, Default)]
#[allow(missing_docs, reason = "each is the operation of the same name")]
pub struct Roots {
    pub query: Option<String>,
    pub mutation: Option<String>,
    pub subscription: Option<String>,
}

/// Makes the plan. What cannot be planned is reported; the plan is then of no use.
pub fn plan(ir: &Ir, settings: &Settings<'_>, diags: &mut Diagnostics) -> Plan {
    depth::check(ir, diags);
    let world = world::World::new(ir, settings, diags);
    let enums = types::enums(&world, diags);
    let (types, (tables, jobs, hooks, traits)) = diags.both(
        |diags| types::plan(&world, diags),
        |diags| {
            let hooks = hooks::plan(&world, &enums, diags);
            let traits = resolvers::plan(&world, &hooks, &enums, diags);
            let tables = tables::plan(&world, diags);
            (tables, jobs::plan(&world, diags), hooks, traits)
        },
    );
    let (objects, stubs) = diags.both(
        |_| objects::plan(&world, &types, &traits),
        |_| resolvers::stubs(&world, &traits, &hooks, &jobs),
    );
    Plan {
        app: settings.options.app.clone(),
        sdl: settings.sdl.clone(),
        migrations: migrations(settings),
        aliases: types.aliases,
        structs: types.structs,
        abstracts: types.abstracts,
        enums,
        inputs: types.inputs,
        one_ofs: types.one_ofs,
        models: types.models,
        rows: objects::rows(&world, &traits),
        events: objects::events(&world, &traits),
        traits,
        hooks,
        objects,
        jobs,
        auth: world.auth(),
        roots: world.roots(),
        tables,
        stubs,
    }
}

fn migrations(settings: &Settings<'_>) -> Vec<(String, String)> {
    let folder = &settings.options.migrations;
    settings
        .migrations
        .iter()
        .map(|file| (file.clone(), format!("/{folder}/{file}")))
        .collect()
}
