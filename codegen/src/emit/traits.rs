//! The module `traits`: what the application implements.
//!
//! In: traits of the plan. Out: trait items. Must not know: who calls them.

use super::tokens::{Docs, Tokens, ident, quote};
use crate::plan::{Hooks, Job, Method, Plan, Trait};

/// All traits.
pub(super) fn emit(plan: &Plan) -> impl Iterator<Item = Tokens> {
    let mut items = Vec::new();
    if let Some(auth) = &plan.auth {
        let (name, caller) = (ident(&auth.trait_name), ident(&auth.name));
        let missing = missing(&plan.app, "does not tell who calls", &auth.trait_name);
        items.push(quote! {
            /// How a request's caller is found.
            #missing
            pub trait #name: ::core::marker::Send + ::core::marker::Sync {
                /// Who sends this request; `None` is a visitor, an error refuses the request as a whole.
                fn authenticate(
                    &self,
                    parts: &__gw::Parts,
                ) -> impl ::core::future::Future<Output = __gw::Result<::core::option::Option<super::types::#caller>>> + ::core::marker::Send;
            }
        });
    }
    if !plan.hooks.methods.is_empty() {
        items.push(hooks(&plan.hooks, &plan.app));
    }
    items.extend(plan.jobs.jobs.iter().map(|j| job(j, &plan.app)));
    let resolvers = plan.traits.iter().map(|t| resolvers(t, &plan.app));
    resolvers.chain(items)
}

fn resolvers(t: &Trait, app: &str) -> Tokens {
    let (docs, name) = (Docs::Lines(&t.docs), ident(&t.name));
    let missing = missing(
        app,
        &format!("does not answer the fields of `{}`", t.gql),
        &t.name,
    );
    let methods = t.methods.iter().map(method);
    quote! {
        #docs #missing
        pub trait #name: ::core::marker::Send + ::core::marker::Sync { #(#methods)* }
    }
}

fn method(method: &Method) -> Tokens {
    let mut lines = vec![format!("`{}`", method.coordinate), String::new()];
    lines.extend(method.docs.iter().cloned());
    let (docs, name, returns) = (Docs::Lines(&lines), ident(&method.name), method.returns());
    let parents = method.parents().map(|(name, ty)| {
        let (name, ty) = (ident(name), &ty);
        quote! { #name: #ty, }
    });
    let params = method.params.iter().map(|param| {
        let (name, ty) = (ident(&param.name), &param.ty);
        quote! { #name: #ty, }
    });
    let (generics, r) = if method.is_lent() {
        (quote! { <'r> }, quote! { 'r })
    } else {
        (Tokens::default(), Tokens::default())
    };
    quote! {
        #docs
        fn #name #generics (
            & #r self,
            cx: & #r super::Context,
            #parents
            #(#params)*
        ) -> impl ::core::future::Future<Output = #returns> + ::core::marker::Send;
    }
}

fn hooks(hooks: &Hooks, app: &str) -> Tokens {
    let (name, what) = (
        ident(&hooks.trait_name),
        "does not answer for its directives",
    );
    let missing = missing(app, what, &hooks.trait_name);
    let methods = hooks.methods.iter().map(|hook| {
        let mut lines = vec![format!("`@{}`", hook.directive), String::new()];
        lines.extend(hook.docs.iter().cloned());
        let (docs, name) = (Docs::Lines(&lines), ident(&hook.name));
        let params = hook.params.iter().map(|param| {
            let (name, ty) = (ident(&param.name), &param.ty);
            quote! { #name: #ty, }
        });
        quote! {
            #docs
            fn #name(
                &self,
                cx: &super::Context,
                field: &'static ::core::primitive::str,
                #(#params)*
            ) -> impl ::core::future::Future<Output = __gw::Result<()>> + ::core::marker::Send;
        }
    });
    quote! {
        /// What the schema's own directives do: each method is called before the method of a field with its directive,
        /// once for all objects of a level, with the field's coordinate (`Query.search`). An error refuses the field.
        #missing
        pub trait #name: ::core::marker::Send + ::core::marker::Sync { #(#methods)* }
    }
}

fn job(job: &Job, app: &str) -> Tokens {
    let (docs, name, args) = (
        Docs::Lines(&job.docs),
        ident(&job.trait_name),
        ident(&job.args_name),
    );
    let missing = missing(
        app,
        &format!("does not run the job `{}`", job.def.name.name),
        &job.trait_name,
    );
    quote! {
        #docs #missing
        pub trait #name: ::core::marker::Send + ::core::marker::Sync {
            /// One run; an error is tried again as the manifest says.
            fn run(
                &self,
                cx: &__gw::JobContext,
                args: super::types::#args,
            ) -> impl ::core::future::Future<Output = __gw::JobResult> + ::core::marker::Send;
        }
    }
}

/// What rustc says where the application does not implement a trait.
fn missing(app: &str, what: &str, name: &str) -> Tokens {
    let message = format!("`{app}` {what}");
    let label = format!(
        "there is no `impl {} for {app}`",
        name.trim_start_matches("r#")
    );
    let note = "run `graphwright sync`: it adds what is missing to your stubs, with a body for each method";
    quote! { #[diagnostic::on_unimplemented(message = #message, label = #label, note = #note)] }
}
