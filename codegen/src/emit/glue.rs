//! The module `glue`: implementations of the runtime's traits for the generated types.
//!
//! In: the plan. Out: items, none of which anybody names. Must not know: the schema.

use super::tokens::{Tokens, ident, quote};
use super::{app, enums, inputs, jobs, objects};
use crate::plan::{ModelStruct, Plan};

/// All implementations.
pub(super) fn emit(plan: &Plan) -> impl Iterator<Item = Tokens> {
    let items = std::iter::once_with(|| app::emit(plan)).chain(app::caller(plan));
    let objects = plan.objects.iter();
    let items = items.chain(objects.flat_map(|object| objects::object(object, plan)));
    let events = plan.events.iter();
    let items = items.chain(events.flat_map(|events| objects::events(events, plan)));
    let abstracts = plan.abstracts.iter();
    let items = items.chain(abstracts.flat_map(|ty| objects::abstract_type(ty, plan)));
    let items = items.chain(plan.models.iter().flat_map(model));
    let items = items.chain(plan.enums.iter().map(enums::emit));
    let items = items.chain(plan.inputs.iter().map(inputs::input));
    let items = items.chain(plan.one_ofs.iter().map(inputs::one_of));
    items.chain(jobs::args(&plan.jobs).into_iter().map(Tokens::from))
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
