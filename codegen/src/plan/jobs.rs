//! Jobs: their arguments' structs, their traits, their tables.
//!
//! In: the manifest. Out: items with settled names. Must not know: queues, clocks, how a run is driven.

use super::docs::docs;
use super::names;
use super::ty::Ty;
use super::types::{Member, leaf_type, settle};
use super::world::World;
use crate::diagnostic::Diagnostics;
use crate::ir::{self, TypeKind};
use std::collections::BTreeSet;

/// All that the manifest says.
#[derive(Debug, Default)]
pub struct Jobs {
    /// The queues.
    pub queues: Vec<ir::Queue>,
    /// The jobs.
    pub jobs: Vec<Job>,
}

/// A job.
#[derive(Debug)]
pub struct Job {
    /// Name of its trait.
    pub trait_name: String,
    /// Name of its arguments' struct.
    pub args_name: String,
    /// Documentation, a line each.
    pub docs: Vec<String>,
    /// The arguments.
    pub members: Vec<Member>,
    /// The arguments that have a default, as JSON.
    pub defaults: serde_json::Map<String, serde_json::Value>,
    /// What the manifest says.
    pub def: ir::Job,
}

/// Plans the jobs.
pub(super) fn plan(world: &World<'_>, diags: &mut Diagnostics) -> Jobs {
    let jobs = &world.ir.jobs;
    let mut planned = Vec::new();
    for job in &jobs.jobs {
        let (trait_name, args_name) = world.job_names(&job.name.name);
        planned.push(Job {
            trait_name,
            args_name,
            docs: docs(Some(&job.description), None, world.place(job.name.span)),
            members: members(world, job, diags),
            defaults: defaults(job),
            def: job.clone(),
        });
    }
    Jobs {
        queues: jobs.queues.clone(),
        jobs: planned,
    }
}

/// Arguments are stored, so what is left out and what is null are the same.
fn members(world: &World<'_>, job: &ir::Job, diags: &mut Diagnostics) -> Vec<Member> {
    let names = settle(
        world,
        &[],
        names::snake,
        job.args
            .iter()
            .map(|a| (a.name.as_str(), a.span, a.directives.as_slice())),
        diags,
    );
    let members = job.args.iter().zip(names).map(|(arg, name)| Member {
        gql: arg.name.clone(),
        name,
        docs: docs(arg.description.as_deref(), None, None),
        ty: Ty::output(
            &arg.ty,
            &leaf_type(world, arg.ty.name(), &arg.directives, diags),
        ),
        leaf: true,
    });
    members.collect()
}

fn defaults(job: &ir::Job) -> serde_json::Map<String, serde_json::Value> {
    job.args
        .iter()
        .filter_map(|a| Some((a.name.clone(), json(a.default.as_ref()?))))
        .collect()
}

fn json(value: &ir::Value) -> serde_json::Value {
    match value {
        ir::Value::Null => serde_json::Value::Null,
        ir::Value::Int(text) | ir::Value::Float(text) => {
            serde_json::from_str(text).unwrap_or_else(|_| text.clone().into())
        }
        ir::Value::String(text) | ir::Value::Enum(text) => text.clone().into(),
        ir::Value::Boolean(value) => (*value).into(),
        ir::Value::List(items) => items.iter().map(json).collect::<Vec<_>>().into(),
        ir::Value::Object(members) => members
            .iter()
            .map(|(key, value)| (key.clone(), json(value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
    }
}

/// Input types that arguments of jobs reach.
pub(super) fn stored<'a>(world: &World<'a>) -> BTreeSet<&'a str> {
    let mut todo: Vec<&ir::InputValue> = world.ir.jobs.jobs.iter().flat_map(|j| &j.args).collect();
    let mut seen = BTreeSet::new();
    while let Some(value) = todo.pop() {
        let Some(ty) = world.ir.schema.types.get(value.ty.name()) else {
            continue;
        };
        if let TypeKind::Input { fields, .. } = &ty.kind
            && seen.insert(ty.name.as_str())
        {
            todo.extend(fields);
        }
    }
    seen
}
