//! How values of object types, of abstract types and of models with resolver fields are visited and written.
//!
//! In: objects of the plan. Out: implementations of the engine's traits: one `match` for each type and way.
//! Must not know: levels, slots, bytes.
//!
//! No closures and no iterator adaptors: they would be compiled once for each type.

use super::tables::{number, number_of};
use crate::plan::{Abstract, Glue, Member, Method, Object, Parent, Plan, Ty, ident};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

/// An object type.
pub(super) fn object(object: &Object, plan: &Plan) -> Vec<TokenStream> {
    let (app, ty) = (Ty::Path(plan.app.clone()).tokens(), object.ty.tokens());
    let (write, visit) = (write(object, &app), visit(object, plan, &app));
    vec![
        quote! { impl __gw::Object<#app> for #ty { #write #visit } },
        quote! { __gw::object_node!(#app, #ty); },
    ]
}

fn write(object: &Object, app: &TokenStream) -> TokenStream {
    let arms: Vec<_> = object
        .fields
        .iter()
        .map(|(fid, glue)| {
            let value = match glue {
                Glue::Member(Member {
                    name, leaf: true, ..
                }) => {
                    let name = ident(name);
                    quote! { __gw::leaf(&self.#name, out) }
                }
                Glue::Member(Member { name, .. }) => {
                    let name = ident(name);
                    quote! { __gw::composite(&self.#name, st, f, i, out) }
                }
                Glue::Method(method) => written(method),
            };
            let fid = number_of(*fid);
            quote! { #fid => #value }
        })
        .collect();
    let leaves = object
        .fields
        .iter()
        .all(|(_, glue)| matches!(glue, Glue::Member(member) if member.leaf));
    let (st, i) = if leaves {
        (quote!(_), quote!(_))
    } else {
        (quote!(st), quote!(i))
    };
    let (f, body) = if arms.is_empty() {
        (quote!(_), quote! { __gw::unresolved(out) })
    } else {
        (
            quote!(f),
            quote! { match f.fid { #(#arms,)* _ => __gw::unresolved(out) } },
        )
    };
    quote! {
        fn write_field(&self, #st: &__gw::State<'_, #app>, #f: &__gw::Field, #i: usize, out: &mut __gw::Out) -> __gw::Written { #body }
    }
}

/// The value of a slot for one object.
fn written(method: &Method) -> TokenStream {
    let slot = ident(&method.slot);
    let write = if method.leaf {
        quote! { __gw::leaf_result(found, i, out) }
    } else {
        quote! { __gw::composite_result(found, i, st, f, out) }
    };
    quote! {
        match st.slot(f) {
            ::core::option::Option::Some(Slot::#slot(found)) => #write,
            _ => __gw::unresolved(out),
        }
    }
}

fn visit(object: &Object, plan: &Plan, app: &TokenStream) -> TokenStream {
    let mutation =
        matches!((&object.ty, &plan.roots.mutation), (Ty::Own(name), Some(root)) if name == root);
    let arms: Vec<_> = object
        .fields
        .iter()
        .filter_map(|(fid, glue)| {
            let body = match glue {
                Glue::Member(member) if member.leaf => return None,
                Glue::Member(member) => {
                    let name = ident(&member.name);
                    quote! {
                        let mut level = __gw::Level::new(parents.len());
                        for &parent in parents { level.add::<#app, _>(&parent.#name); }
                        level.visit(st, f).await;
                    }
                }
                Glue::Method(method) => {
                    let found = found(
                        method,
                        &object.trait_name,
                        app,
                        mutation,
                        &quote! { parents },
                    );
                    keep(method, &found)
                }
            };
            let fid = number_of(*fid);
            Some(quote! { #fid => { #body } })
        })
        .collect();
    if arms.is_empty() {
        return TokenStream::new();
    }
    quote! {
        fn visit_field<'b, 'a: 'b>(st: &'a __gw::State<'_, #app>, f: &'a __gw::Field, parents: &'b [&'a Self]) -> __gw::BoxFuture<'b, ()> {
            ::std::boxed::Box::pin(async move { match f.fid { #(#arms)* _ => {} } })
        }
    }
}

/// Keeps what a method answered, and goes on below.
fn keep(method: &Method, found: &TokenStream) -> TokenStream {
    let slot = ident(&method.slot);
    if method.leaf {
        return quote! {
            let found = #found;
            st.put(f, Slot::#slot(found));
        };
    }
    quote! {
        let found = #found;
        if let ::core::option::Option::Some(Slot::#slot(found)) = st.put(f, Slot::#slot(found)) {
            __gw::descend(st, f, found).await;
        }
    }
}

/// What a method answers for all parents: `Vec<Result<T>>`.
fn found(
    method: &Method,
    trait_name: &str,
    app: &TokenStream,
    mutation: bool,
    parents: &TokenStream,
) -> TokenStream {
    let (t, name) = (ident(trait_name), ident(&method.name));
    let args: Vec<_> = (0..method.params.len())
        .map(|i| format_ident!("arg{i}"))
        .collect();
    let call = quote! { super::traits::#t::#name };
    let answers = match method.parent {
        Parent::Batch(_) => {
            quote! { __gw::batch(#call(st.app(), st.context(), #parents #(, #args)*).await, #parents.len()) }
        }
        Parent::Each(_) => quote! {{
            let mut calls = __gw::Each::new(#parents.len());
            for &parent in #parents {
                calls.add(#call(st.app(), st.context(), parent #(, ::core::clone::Clone::clone(&#args))*));
            }
            calls.all().await
        }},
        Parent::Root => {
            let call = quote! { #call(st.app(), st.context() #(, ::core::clone::Clone::clone(&#args))*).await };
            let answer = if mutation {
                quote! {
                    match __gw::begin(st).await {
                        ::core::result::Result::Ok(()) => __gw::settle(st, #call).await,
                        ::core::result::Result::Err(error) => ::core::result::Result::Err(error),
                    }
                }
            } else {
                call
            };
            quote! {{
                let mut found = ::std::vec::Vec::with_capacity(#parents.len());
                for _ in #parents { found.push(#answer); }
                found
            }}
        }
    };
    with_args(method, app, &args, answers, parents)
}

/// Arguments are read once for all parents; what does not fit is the same error for each.
fn with_args(
    method: &Method,
    app: &TokenStream,
    args: &[proc_macro2::Ident],
    answers: TokenStream,
    parents: &TokenStream,
) -> TokenStream {
    if args.is_empty() {
        return answers;
    }
    let (names, types) = (
        method.params.iter().map(|p| &p.gql),
        method.params.iter().map(|p| p.ty.tokens()),
    );
    quote! {{
        fn arguments(st: &__gw::State<'_, #app>, f: &__gw::Field) -> __gw::Result<(#(#types,)*)> {
            let args = st.args(f)?;
            ::core::result::Result::Ok((#(args.get(#names)?,)*))
        }
        match arguments(st, f) {
            ::core::result::Result::Ok((#(#args,)*)) => #answers,
            ::core::result::Result::Err(error) => __gw::failed(error, #parents.len()),
        }
    }}
}

/// An interface or a union: a level is split by concrete type.
pub(super) fn abstract_type(ty: &Abstract, plan: &Plan) -> Vec<TokenStream> {
    let (app, name) = (Ty::Path(plan.app.clone()).tokens(), ident(&ty.name));
    let parts: Vec<_> = (0..ty.variants.len()).map(number).collect();
    let variants: Vec<_> = ty.variants.iter().map(|v| ident(&v.name)).collect();
    let kids: Vec<_> = (0..parts.len()).map(|i| format_ident!("kids{i}")).collect();
    let (write, visit) = if variants.is_empty() {
        (
            quote! { { let _ = (st, f, at, out); match *self {} } },
            quote! { let _ = (st, f, kids); __gw::all(::std::vec::Vec::new()) },
        )
    } else {
        (
            quote! { match self { #(Self::#variants(value) => __gw::write_part(value, #parts, st, f, at, out),)* } },
            quote! {
                let mut parts = __gw::Split::new(kids.len());
                #(let mut #kids = ::std::vec::Vec::new();)*
                for kid in kids {
                    match kid { #(Self::#variants(value) => { parts.add(#kids.len()); #kids.push(value); })* }
                }
                parts.keep(st, f);
                let mut all = ::std::vec::Vec::new();
                #(__gw::visit_part(st, f, #parts, #kids, &mut all);)*
                __gw::all(all)
            },
        )
    };
    vec![
        quote! {
            impl __gw::Composite<#app> for super::types::#name {
                type Node = Self;

                fn gather<'a>(&'a self, kids: &mut ::std::vec::Vec<&'a Self>) { kids.push(self); }

                fn count(&self) -> u32 { 1 }

                fn write(&self, st: &__gw::State<'_, #app>, f: &__gw::Field, at: &mut u32, out: &mut __gw::Out) -> __gw::Written { #write }
            }
        },
        quote! {
            impl __gw::Node<#app> for super::types::#name {
                fn visit<'a>(st: &'a __gw::State<'_, #app>, f: &'a __gw::Field, kids: ::std::vec::Vec<&'a Self>) -> __gw::BoxFuture<'a, ()> { #visit }
            }
        },
    ]
}

/// The user's fields on models: methods of `Application`, for rows have no values of their own.
pub(super) fn rows(plan: &Plan) -> TokenStream {
    let app = Ty::Path(plan.app.clone()).tokens();
    let (mut visits, mut writes) = (Vec::new(), Vec::new());
    for object in &plan.rows {
        let (type_number, ty) = (number_of(object.number), object.ty.tokens());
        for (fid, glue) in &object.fields {
            let Glue::Method(method) = glue else { continue };
            let fid = number_of(*fid);
            let found = found(
                method,
                &object.trait_name,
                &app,
                false,
                &quote! { parents.as_slice() },
            );
            let body = keep(
                method,
                &quote! {
                    match rows.full::<#ty>() {
                        ::core::result::Result::Ok(full) => {
                            let parents: ::std::vec::Vec<&#ty> = full.iter().collect();
                            #found
                        }
                        ::core::result::Result::Err(error) => __gw::failed(error, rows.len()),
                    }
                },
            );
            visits.push(quote! { (#type_number, #fid) => { #body } });
            let write = written(method);
            writes.push(quote! { (#type_number, #fid) => #write });
        }
    }
    if visits.is_empty() {
        return TokenStream::new();
    }
    quote! {
        fn visit_row_field<'b, 'a: 'b>(
            st: &'a __gw::State<'_, Self>, f: &'a __gw::Field, ty: u16, rows: &'b __gw::RowSet,
        ) -> __gw::BoxFuture<'b, ()> {
            ::std::boxed::Box::pin(async move { match (ty, f.fid) { #(#visits)* _ => {} } })
        }

        fn write_row_field(st: &__gw::State<'_, Self>, f: &__gw::Field, ty: u16, i: usize, out: &mut __gw::Out) -> __gw::Written {
            match (ty, f.fid) { #(#writes,)* _ => __gw::unresolved(out) }
        }
    }
}
