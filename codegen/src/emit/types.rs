//! The module `types`: structs, enums, inputs and rows as Rust items.
//!
//! In: data types of the plan. Out: items. Must not know: the schema.

use super::tokens::{Docs, Tokens, ident, quote};
use crate::plan::{
    Abstract, Alias, Enum, Input, Member, ModelStruct, OneOf, Plan, Struct, Variant,
};

/// All items of the module.
pub(super) fn emit(plan: &Plan) -> impl Iterator<Item = Tokens> {
    let items = plan.structs.iter().map(structure);
    let items = items.chain(plan.models.iter().map(model));
    let items = items.chain(plan.abstracts.iter().flat_map(abstract_type));
    let items = items.chain(plan.enums.iter().flat_map(enumeration));
    let items = items.chain(plan.inputs.iter().map(input));
    let items = items.chain(plan.one_ofs.iter().map(one_of));
    let items = items.chain(plan.jobs.jobs.iter().map(|job| {
        let docs = format!("Arguments of the job `{}`.", job.def.name.name);
        record(
            &Docs::Line(docs),
            &stored(),
            &job.args_name,
            &job.members,
            true,
        )
    }));
    items.chain(plan.aliases.iter().map(alias))
}

fn structure(ty: &Struct) -> Tokens {
    let docs = Docs::Lines(&ty.docs);
    if ty.root {
        let (name, derives) = (
            ident(&ty.name),
            derives(&["Debug", "Clone", "Copy", "Default"], &ty.derives),
        );
        return quote! { #docs #derives pub struct #name; };
    }
    record(
        &docs,
        &derives(&["Debug", "Clone"], &ty.derives),
        &ty.name,
        &ty.members,
        false,
    )
}

fn model(ty: &ModelStruct) -> Tokens {
    let docs = Docs::Lines(&ty.docs);
    record(
        &docs,
        &derives(&["Debug", "Clone"], &ty.derives),
        &ty.name,
        &ty.members,
        false,
    )
}

fn input(ty: &Input) -> Tokens {
    let docs = Docs::Lines(&ty.docs);
    let derives = derives_of_input(&ty.derives, ty.stored);
    record(&docs, &derives, &ty.name, &ty.members, ty.stored)
}

fn record(
    docs: &Docs<'_>,
    attributes: &Tokens,
    name: &str,
    members: &[Member],
    stored: bool,
) -> Tokens {
    let (name, members) = (ident(name), members.iter().map(|m| member(m, stored)));
    quote! { #docs #attributes pub struct #name { #(#members,)* } }
}

fn member(member: &Member, stored: bool) -> Tokens {
    let (docs, name, ty) = (
        Docs::or(&member.docs, || format!("`{}`", member.gql)),
        ident(&member.name),
        &member.ty,
    );
    let serde = if stored {
        renamed(member)
    } else {
        Tokens::default()
    };
    quote! { #docs #serde pub #name: #ty }
}

/// The name in the schema; what is absent stays absent.
fn renamed(member: &Member) -> Tokens {
    let gql = &member.gql;
    match member.ty {
        crate::plan::Ty::Nullable(_) => {
            quote! { #[serde(rename = #gql, default, skip_serializing_if = "__gw::Nullable::is_absent")] }
        }
        crate::plan::Ty::Option(_) => quote! { #[serde(rename = #gql, default)] },
        _ => quote! { #[serde(rename = #gql)] },
    }
}

fn abstract_type(ty: &Abstract) -> Vec<Tokens> {
    let docs = Docs::Lines(&ty.docs);
    let (name, derives) = (ident(&ty.name), derives(&["Debug", "Clone"], &ty.derives));
    let variants = ty.variants.iter().map(variant);
    let mut items = vec![quote! { #docs #derives pub enum #name { #(#variants,)* } }];
    if !ty.accessors.is_empty() {
        let accessors = ty.accessors.iter().map(|accessor| {
            let docs = Docs::or(&accessor.docs, || "What all variants have.".to_owned());
            let (method, result) = (ident(&accessor.name), &accessor.ty);
            let arms = ty
                .variants
                .iter()
                .zip(&accessor.members)
                .map(|(variant, member)| {
                    let (variant, member) = (ident(&variant.name), ident(member));
                    quote! { Self::#variant(value) => &value.#member }
                });
            quote! { #docs pub fn #method(&self) -> &#result { match self { #(#arms,)* } } }
        });
        items.push(quote! { impl #name { #(#accessors)* } });
    }
    items.extend(ty.variants.iter().filter(|v| v.convert).map(|variant| {
        let (variant, held) = (ident(&variant.name), &variant.ty);
        quote! {
            impl ::core::convert::From<#held> for #name {
                fn from(value: #held) -> Self { Self::#variant(value) }
            }
        }
    }));
    items
}

fn variant(variant: &Variant) -> Tokens {
    let (docs, name, ty) = (
        Docs::or(&variant.docs, || format!("`{}`", variant.gql)),
        ident(&variant.name),
        &variant.ty,
    );
    quote! { #docs #name(#ty) }
}

fn enumeration(ty: &Enum) -> Vec<Tokens> {
    let docs = Docs::Lines(&ty.docs);
    let (name, derives) = (
        ident(&ty.name),
        derives(
            &["Debug", "Clone", "Copy", "PartialEq", "Eq", "Hash"],
            &ty.derives,
        ),
    );
    let values = ty.values.iter().map(|value| {
        let (docs, name) = (
            Docs::or(&value.docs, || format!("`{}`", value.gql)),
            ident(&value.name),
        );
        quote! { #docs #name }
    });
    let all = ty.values.iter().map(|value| ident(&value.name));
    let arms = ty.values.iter().map(|value| {
        let (name, gql) = (ident(&value.name), &value.gql);
        quote! { Self::#name => #gql }
    });
    vec![
        quote! { #docs #derives pub enum #name { #(#values,)* } },
        quote! {
            impl #name {
                /// Every value, in the order of the schema.
                pub const ALL: &'static [Self] = &[#(Self::#all),*];
                /// The name in the schema.
                pub const fn name(self) -> &'static str { match self { #(#arms,)* } }
            }
        },
    ]
}

fn one_of(ty: &OneOf) -> Tokens {
    let docs = Docs::Lines(&ty.docs);
    let (name, derives) = (ident(&ty.name), derives_of_input(&ty.derives, ty.stored));
    let variants = ty.variants.iter().map(|v| {
        let (gql, variant) = (&v.gql, variant(v));
        let serde = ty.stored.then(|| quote! { #[serde(rename = #gql)] });
        quote! { #serde #variant }
    });
    quote! { #docs #derives pub enum #name { #(#variants,)* } }
}

fn alias(alias: &Alias) -> Tokens {
    let docs = Docs::Lines(&alias.docs);
    let (name, target) = (ident(&alias.name), ident(&alias.target));
    quote! { #docs pub type #name = #target; }
}

fn derives(ours: &[&str], users: &[String]) -> Tokens {
    let users = users.iter().map(String::as_str);
    let users = users.filter(|path| !ours.contains(path));
    let all = ours.iter().copied().chain(users).map(ident);
    quote! { #[derive(#(#all),*)] }
}

fn derives_of_input(users: &[String], is_stored: bool) -> Tokens {
    let derives = derives(&["Debug", "Clone"], users);
    if is_stored {
        let serde = serde();
        return quote! { #derives #serde };
    }
    derives
}

/// Derives of a job's arguments.
fn stored() -> Tokens {
    let serde = serde();
    quote! { #[derive(Debug, Clone)] #serde }
}

fn serde() -> Tokens {
    quote! {
        #[derive(__gw::serde::Serialize, __gw::serde::Deserialize)]
        #[serde(crate = "::graphwright::__private::v1::serde")]
    }
}
