//! The part of the generated file that has to do with one type, field or job.
//!
//! In: the plan, the text of the generated file, a coordinate. Out: pieces of the text, byte for byte but for their
//! indentation, each with the module it stands in. Must not know: the schema, terminals.

mod pieces;
#[cfg(test)]
mod tests;

use crate::plan::Plan;
use std::collections::BTreeSet;

/// A piece of the generated file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The module: `types`, `traits`, `tables`, `glue`.
    pub module: String,
    /// The text, without indentation of its own.
    pub text: String,
}

/// What is looked for, by the names that the generated file has for it.
#[derive(Debug, Default)]
struct Names<'a> {
    /// The type in the schema.
    gql: &'a str,
    /// Types and traits in Rust.
    items: BTreeSet<String>,
    /// Members of structs, methods of traits and variants of enums, if one field is looked for.
    members: Option<BTreeSet<String>>,
    /// The field in the schema.
    field: Option<&'a str>,
}

/// The pieces for `Type`, `Type.field` or `jobs.name`. Empty if the generated file has nothing of that name.
///
/// `place` is where the schema defines the type: `schema/api.graphql:3:6`.
pub fn expand(plan: &Plan, generated: &str, coordinate: &str, place: Option<&str>) -> Vec<Piece> {
    let (owner, member) = match coordinate.split_once('.') {
        Some((owner, member)) => (owner, Some(member)),
        None => (coordinate, None),
    };
    let names = match (owner, member) {
        ("jobs", Some(job)) => of_job(plan, job),
        _ => of_type(plan, owner, member),
    };
    pieces::pieces(generated, &names, place)
}

fn of_job<'a>(plan: &Plan, name: &'a str) -> Names<'a> {
    let jobs = plan.jobs.jobs.iter();
    let found = jobs.filter(|job| job.def.name.name == name);
    Names {
        gql: name,
        items: found
            .flat_map(|job| [job.trait_name.clone(), job.args_name.clone()])
            .collect(),
        ..Names::default()
    }
}

fn of_type<'a>(plan: &Plan, ty: &'a str, field: Option<&'a str>) -> Names<'a> {
    let structs = plan.structs.iter().map(|s| (&*s.gql, &*s.name));
    let types = structs
        .chain(plan.models.iter().map(|s| (&*s.gql, &*s.name)))
        .chain(plan.enums.iter().map(|s| (&*s.gql, &*s.name)))
        .chain(plan.inputs.iter().map(|s| (&*s.gql, &*s.name)))
        .chain(plan.one_ofs.iter().map(|s| (&*s.gql, &*s.name)))
        .chain(plan.traits.iter().map(|s| (&*s.gql, &*s.name)));
    Names {
        gql: ty,
        items: types
            .filter(|(gql, _)| *gql == ty)
            .map(|(_, name)| name.to_owned())
            .collect(),
        members: field.map(|field| members(plan, ty, field)),
        field,
    }
}

/// What a field is called in Rust, as a member, a method or a variant.
fn members(plan: &Plan, ty: &str, field: &str) -> BTreeSet<String> {
    let structs = plan.structs.iter().map(|s| (&s.gql, &s.members));
    let models = plan.models.iter().map(|s| (&s.gql, &s.members));
    let inputs = plan.inputs.iter().map(|s| (&s.gql, &s.members));
    let members = structs.chain(models).chain(inputs);
    let mut found: BTreeSet<String> = members
        .filter(|(gql, _)| *gql == ty)
        .flat_map(|(_, members)| members)
        .filter(|member| member.gql == field)
        .map(|member| member.name.clone())
        .collect();
    let coordinate = format!("{ty}.{field}");
    let methods = plan.traits.iter().flat_map(|one| &one.methods);
    let methods = methods.filter(|method| method.coordinate == coordinate);
    found.extend(methods.map(|method| method.name.clone()));
    let enums = plan.enums.iter().filter(|one| one.gql == ty);
    let values = enums.flat_map(|one| &one.values).filter(|v| v.gql == field);
    found.extend(values.map(|value| value.name.clone()));
    let one_ofs = plan.one_ofs.iter().filter(|one| one.gql == ty);
    let variants = one_ofs
        .flat_map(|one| &one.variants)
        .filter(|v| v.gql == field);
    found.extend(variants.map(|variant| variant.name.clone()));
    found
}
