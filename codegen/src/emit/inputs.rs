//! How inputs are made from what a client gave.
//!
//! In: inputs of the plan. Out: implementations of `FromInput`. Must not know: coercion, which came before.

use super::tokens::{Tokens, ident, quote};
use crate::plan::{Input, OneOf};

/// An input object.
pub(super) fn input(ty: &Input) -> Tokens {
    let name = ident(&ty.name);
    let members = ty.members.iter().map(|member| {
        let (name, gql) = (ident(&member.name), &member.gql);
        quote! { #name: fields.get(#gql)? }
    });
    quote! {
        impl __gw::FromInput for super::types::#name {
            fn from_input(value: &__gw::InputValue) -> __gw::Result<Self> {
                let fields = __gw::Args::of(value)?;
                ::core::result::Result::Ok(Self { #(#members,)* })
            }
        }
    }
}

/// An input object of which exactly one field is given.
pub(super) fn one_of(ty: &OneOf) -> Tokens {
    let (name, gql) = (ident(&ty.name), &ty.gql);
    let arms = ty.variants.iter().map(|variant| {
        let (name, gql) = (ident(&variant.name), &variant.gql);
        quote! { (#gql, value) => Self::#name(__gw::FromInput::from_input(value)?) }
    });
    quote! {
        impl __gw::FromInput for super::types::#name {
            fn from_input(value: &__gw::InputValue) -> __gw::Result<Self> {
                ::core::result::Result::Ok(match __gw::Args::of(value)?.one()? {
                    #(#arms,)*
                    _ => return ::core::result::Result::Err(__gw::mismatch(#gql, value)),
                })
            }
        }
    }
}
