//! The application as the runtime sees it, and the caller.
//!
//! In: the plan. Out: `Application` for the user's type, `Caller` for the type with `@auth`. Must not know: requests.

use super::tokens::{Tokens, ident, quote};
use super::{jobs, objects};
use crate::plan::{Plan, Struct, Ty};

/// `Application` for the user's type.
pub(super) fn emit(plan: &Plan) -> Tokens {
    let app = Ty::Path(plan.app.clone());
    let root = |name: &Option<String>| match name {
        Some(name) => {
            let name = Ty::Own(name.clone());
            quote! { #name }
        }
        None => quote! { __gw::Nothing },
    };
    let (query, mutation) = (root(&plan.roots.query), root(&plan.roots.mutation));
    let auth = match &plan.auth {
        Some(auth) => {
            let name = Ty::Own(auth.name.clone());
            quote! { #name }
        }
        None => quote! { __gw::NoAuth },
    };
    let subscription = match plan.events {
        Some(_) => quote! { Event },
        None => quote! { __gw::Nothing },
    };
    let (authenticate, (rows, row_methods), jobs) = (
        authenticate(plan),
        objects::rows(plan),
        jobs::dispatch(plan),
    );
    quote! {
        impl __gw::Application for #app {
            type Auth = #auth;
            type Slot<'r> = __gw::Answered<'r, Self>;
            type Query = #query;
            type Mutation = #mutation;
            type Subscription = #subscription;

            fn definition(&self) -> &'static __gw::AppDef { &super::tables::APP }

            #authenticate
            #row_methods
            #jobs
        }
        #(#rows)*
    }
}

fn authenticate(plan: &Plan) -> Tokens {
    match &plan.auth {
        Some(auth) => {
            let name = ident(&auth.trait_name);
            quote! {
                async fn authenticate(&self, parts: &__gw::Parts) -> __gw::Result<::core::option::Option<Self::Auth>> {
                    super::traits::#name::authenticate(self, parts).await
                }
            }
        }
        None => quote! {
            async fn authenticate(&self, _: &__gw::Parts) -> __gw::Result<::core::option::Option<Self::Auth>> {
                ::core::result::Result::Ok(::core::option::Option::None)
            }
        },
    }
}

/// The caller's fields by number, as access rules compare them.
pub(super) fn caller(plan: &Plan) -> Option<Tokens> {
    let auth = plan.auth.as_ref()?;
    let ty: &Struct = plan.structs.iter().find(|s| s.name == auth.name)?;
    let (mut values, mut lists) = (Vec::new(), Vec::new());
    for (number, member) in ty.members.iter().enumerate() {
        let (name, number) = (ident(&member.name), super::tables::number(number));
        if is_list(&member.ty) {
            let items = value(&quote! { &self.#name }, &member.ty, plan);
            lists.push(quote! { #number => #items });
        } else {
            let value = value(&quote! { &self.#name }, &member.ty, plan);
            values.push(quote! { #number => #value });
        }
    }
    let name = ident(&auth.name);
    let list = (!lists.is_empty()).then(|| {
        quote! {
            fn list(&self, field: u16) -> ::core::option::Option<::std::vec::Vec<__gw::model::Value>> {
                match field { #(#lists,)* _ => ::core::option::Option::None }
            }
        }
    });
    Some(quote! {
        impl __gw::Caller for super::types::#name {
            fn get(&self, field: u16) -> __gw::model::Value {
                match field { #(#values,)* _ => __gw::model::Value::Null }
            }
            #list
        }
    })
}

fn is_list(ty: &Ty) -> bool {
    match ty {
        Ty::Vec(_) => true,
        Ty::Option(inner) => is_list(inner),
        _ => false,
    }
}

/// An expression of type `Value`, or `Option<Vec<Value>>` for a list, of a reference to a member.
fn value(from: &Tokens, ty: &Ty, plan: &Plan) -> Tokens {
    match ty {
        Ty::Option(inner) => {
            let (some, none) = (
                value(&quote! { value }, inner, plan),
                if is_list(inner) {
                    quote! { ::core::option::Option::None }
                } else {
                    quote! { __gw::model::Value::Null }
                },
            );
            quote! { match #from { ::core::option::Option::Some(value) => #some, ::core::option::Option::None => #none } }
        }
        Ty::Vec(inner) => {
            let item = value(&quote! { item }, inner, plan);
            quote! {{
                let mut items = ::std::vec::Vec::new();
                for item in #from { items.push(#item); }
                ::core::option::Option::Some(items)
            }}
        }
        Ty::Std("String") => {
            quote! { __gw::model::Value::Text(::core::clone::Clone::clone(#from)) }
        }
        Ty::Std(_) => quote! { __gw::model::Value::from(*#from) },
        Ty::Own(name) if plan.enums.iter().any(|e| e.name == *name) => {
            let name = ident(name);
            quote! { __gw::model::Value::from(super::types::#name::name(*#from)) }
        }
        _ => quote! { __gw::model::Value::Text(::std::string::ToString::to_string(#from)) },
    }
}
