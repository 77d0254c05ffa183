//! Everything that is known about one thing of a schema: where it stands, who answers it, who may ask, what it costs.
//!
//! In: the resolved inputs, the plan, the places of stubs, a coordinate. Out: an [`Explanation`], or what was meant.
//! Must not know: terminals, files.

mod access;
mod codes;
mod cost;
mod field;
mod job;
mod storage;
#[cfg(test)]
mod tests;
mod types;

pub use codes::{CodeText, code};

use crate::diagnostic::closest;
use crate::ir::{Directive, Ir, Type, TypeKind};
use crate::plan::Plan;
use crate::source::{Sources, Span};
use std::collections::BTreeMap;

/// What an explanation is made of.
#[derive(Clone, Copy)]
pub struct World<'a> {
    /// The resolved inputs.
    pub ir: &'a Ir,
    /// What is decided about them.
    pub plan: &'a Plan,
    /// The inputs themselves.
    pub sources: &'a Sources,
    /// File and line of each stub, by coordinate: see [`crate::merge::places`].
    pub stubs: &'a BTreeMap<String, (String, usize)>,
}

/// What is known about a thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// `Query.search`
    pub coordinate: String,
    /// What it is: `a field`, `an enum`.
    pub what: String,
    /// It as the schema writes it: `Query.search(text: String!): [Listing!]!`.
    pub signature: String,
    /// The description.
    pub description: Option<String>,
    /// Where it is declared: `schema/api.graphql:3:5`.
    pub place: Option<String>,
    /// The rest, in the order in which to read it. A label may be there more than once.
    pub facts: Vec<Fact>,
}

/// One thing that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// A word or two: `stub`, `who may`.
    pub label: &'static str,
    /// One line or a few.
    pub text: String,
}

/// There is nothing of that name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// What is not there.
    pub message: String,
    /// What may be meant.
    pub help: String,
}

/// Explains what a coordinate names: `Type`, `Type.field`, `Type.field(argument:)`, `Enum.VALUE`, `@directive`, `jobs.name`.
pub fn explain(world: World<'_>, coordinate: &str) -> Result<Explanation, Unknown> {
    let schema = &world.ir.schema;
    if let Some(name) = coordinate.strip_prefix('@') {
        return types::directive(world, name);
    }
    let (owner, member) = match coordinate.split_once('.') {
        Some((owner, member)) => (owner, Some(member)),
        None => (coordinate, None),
    };
    if let ("jobs", Some(name)) = (owner, member)
        && !schema.types.contains_key("jobs")
    {
        return job::explain(world, name);
    }
    let Some(ty) = schema.types.get(owner) else {
        return types::builtin(world, owner)
            .filter(|_| member.is_none())
            .ok_or_else(|| no_type(world, owner, member));
    };
    let Some(member) = member else {
        return Ok(types::explain(world, ty));
    };
    let (name, argument) = match member.split_once('(') {
        Some((name, rest)) => (name, Some(rest.trim_end_matches(')').trim_end_matches(':'))),
        None => (member, None),
    };
    let found = match &ty.kind {
        TypeKind::Enum { values } => types::value(world, ty, values, name),
        TypeKind::Input { fields, .. } => types::input_field(world, ty, fields, name),
        _ => field::explain(world, ty, name, argument),
    };
    found.ok_or_else(|| no_member(ty, name, argument))
}

fn no_type(world: World<'_>, owner: &str, member: Option<&str>) -> Unknown {
    let types = world.ir.schema.types.keys().map(String::as_str);
    let jobs = world.ir.jobs.jobs.iter().map(|job| &*job.name.name);
    let tail = member.map_or(String::new(), |member| format!(".{member}"));
    let is_job = member.is_none() && jobs.clone().any(|job| job == owner);
    let help = match closest(owner, types) {
        _ if is_job => format!("did you mean the job, `jobs.{owner}`?"),
        Some(near) => format!("did you mean `{near}{tail}`?"),
        None => match closest(owner, jobs).filter(|_| member.is_none()) {
            Some(job) => format!("did you mean the job, `jobs.{job}`?"),
            None => "`graphwright schema` prints every type that clients see".to_owned(),
        },
    };
    Unknown {
        message: format!("there is no type `{owner}`"),
        help,
    }
}

fn no_member(ty: &Type, name: &str, argument: Option<&str>) -> Unknown {
    if let (Some(argument), Some(field)) = (argument, ty.fields().iter().find(|f| f.name == name)) {
        let names: Vec<&str> = field.args.iter().map(|arg| &*arg.name).collect();
        return Unknown {
            message: format!("`{}.{name}` has no argument `{argument}`", ty.name),
            help: instead(
                &format!("{}.{name}(", ty.name),
                argument,
                &names,
                ":)",
                "no arguments",
            ),
        };
    }
    let names: Vec<&str> = match &ty.kind {
        TypeKind::Enum { values } => values.iter().map(|v| &*v.name).collect(),
        TypeKind::Input { fields, .. } => fields.iter().map(|f| &*f.name).collect(),
        _ => ty.fields().iter().map(|f| &*f.name).collect(),
    };
    Unknown {
        message: format!("`{}` has no `{name}`", ty.name),
        help: instead(&format!("{}.", ty.name), name, &names, "", "no fields"),
    }
}

fn instead(before: &str, name: &str, names: &[&str], behind: &str, none: &str) -> String {
    match closest(name, names.iter().copied()) {
        Some(near) => format!("did you mean `{before}{near}{behind}`?"),
        None if names.is_empty() => format!("it has {none}"),
        None => format!("it has {}", listed(names)),
    }
}

/// `a`, `b` and `c`.
fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => format!("`{one}`"),
        [most @ .., last] => format!("`{}` and `{last}`", most.join("`, `")),
    }
}

impl World<'_> {
    /// `schema/api.graphql:3:5`; `None` for what stands in no file.
    fn place(&self, span: Span) -> Option<String> {
        let file = self.sources.0.get(span.file.0 as usize)?;
        Some(format!("{}:{}", file.name, self.sources.line_col(span)))
    }

    /// A directive of ours among these.
    fn ours<'d>(&self, directives: &'d [Directive], name: &str) -> Option<&'d Directive> {
        let found = directives.iter().find(|d| d.name == name)?;
        self.ir.schema.is_ours(name).then_some(found)
    }
}

impl Explanation {
    fn new(coordinate: impl Into<String>, what: &str, signature: String) -> Explanation {
        Explanation {
            coordinate: coordinate.into(),
            what: what.to_owned(),
            signature,
            description: None,
            place: None,
            facts: Vec::new(),
        }
    }

    fn fact(&mut self, label: &'static str, text: impl Into<String>) {
        self.facts.push(Fact {
            label,
            text: text.into(),
        });
    }

    fn deprecated(&mut self, reason: &Option<String>) {
        if let Some(reason) = reason {
            self.fact("deprecated", reason.clone());
        }
    }
}
