//! The module `glue`: implementations of the runtime's traits for the generated types.
//!
//! In: the plan. Out: items, none of which anybody names. Must not know: the schema.

use super::tokens::{Tokens, ident, quote};
use super::{app, enums, inputs, jobs, objects};
use crate::plan::{ModelStruct, Plan};

/// All implementations.
pub(super) fn emit(plan: &Plan) -> Vec<Tokens> {
    let mut items = vec![app::emit(plan)];
    items.extend(app::caller(plan));
    items.extend(
        plan.objects
            .iter()
            .flat_map(|object| objects::object(object, plan)),
    );
    items.extend(
        plan.events
            .iter()
            .flat_map(|events| objects::events(events, plan)),
    );
    items.extend(
        plan.abstracts
            .iter()
            .flat_map(|ty| objects::abstract_type(ty, plan)),
    );
    items.extend(plan.models.iter().flat_map(model));
    items.extend(plan.enums.iter().map(enums::emit));
    items.extend(plan.inputs.iter().map(inputs::input));
    items.extend(plan.one_ofs.iter().map(inputs::one_of));
    items.extend(jobs::args(&plan.jobs).into_iter().map(Tokens::from));
    items
}

fn model(model: &ModelStruct) -> Vec<Tokens> {
    let (name, index, ty) = (
        ident(&model.name),
        super::tables::number(model.model),
        super::tables::number_of(model.ty),
    );
    let members =
        model
            .members
            .iter()
            .zip(&model.parsed)
            .enumerate()
            .map(|(column, (member, &parsed))| {
                let (name, column) = (ident(&member.name), super::tables::number(column));
                if parsed {
                    quote! { #name: row.parse(#column)? }
                } else {
                    quote! { #name: row.get(#column)? }
                }
            });
    let key = ident(&model.members[model.id].name);
    vec![
        quote! {
            impl __gw::Model for super::types::#name {
                const MODEL: u16 = #index;
                const TYPE: u16 = #ty;

                fn from_row(row: &__gw::Row<'_>) -> __gw::Result<Self> {
                    ::core::result::Result::Ok(Self { #(#members,)* })
                }
            }
        },
        quote! {
            impl ::core::convert::From<&super::types::#name> for __gw::Key<super::types::#name> {
                fn from(row: &super::types::#name) -> Self {
                    __gw::Key::new(::core::clone::Clone::clone(&row.#key))
                }
            }
        },
        quote! {
            impl ::core::convert::From<super::types::#name> for __gw::Key<super::types::#name> {
                fn from(row: super::types::#name) -> Self { __gw::Key::new(row.#key) }
            }
        },
    ]
}
