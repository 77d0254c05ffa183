//! How values of object types, of abstract types and of models with resolver fields are visited and written.
//!
//! In: objects of the plan. Out: implementations of the engine's traits: one `match` for each type and way.
//! Must not know: levels, slots, bytes.
//!
//! No closures and no iterator adaptors: they would be compiled once for each type.

use super::tables::{number, number_of};
use super::tokens::{Tokens, ident, quote};
use crate::plan::{Abstract, Events, Given, Glue, Method, Object, Parent, Plan, Ty};

/// An object type.
pub(super) fn object(object: &Object, plan: &Plan) -> Vec<Tokens> {
    let (app, ty) = (Ty::Path(plan.app.clone()), &object.ty);
    let (write, visit) = (write(object, &app), visit(object, plan, &app));
    vec![
        quote! { impl __gw::Object<#app> for #ty { #write #visit } },
        quote! { __gw::object_node!(#app, #ty); },
    ]
}

fn write(object: &Object, app: &Ty) -> Tokens {
    let arms: Vec<_> = object
        .fields
        .iter()
        .filter_map(|(fid, glue)| {
            let Glue::Member { name, leaf } = glue else {
                return None;
            };
            let name = ident(name);
            let value = if *leaf {
                quote! { __gw::leaf(&self.#name, out) }
            } else {
                quote! { __gw::composite(&self.#name, st, f, i, out) }
            };
            let fid = number_of(*fid);
            Some(quote! { #fid => #value })
        })
        .collect();
    let is_method = |(_, glue): &(u16, Glue)| matches!(glue, Glue::Method(_));
    let other = if object.fields.iter().any(is_method) {
        quote! { __gw::answered(st, f, i, out) }
    } else {
        quote! { __gw::unresolved(out) }
    };
    let leaves = object
        .fields
        .iter()
        .all(|(_, glue)| matches!(glue, Glue::Member { leaf: true, .. }));
    let (st, i) = if leaves {
        (quote!(_), quote!(_))
    } else {
        (quote!(st), quote!(i))
    };
    let (f, body) = if object.fields.is_empty() {
        (quote!(_), other)
    } else if arms.is_empty() {
        (quote!(f), other)
    } else {
        (quote!(f), quote! { match f.fid { #(#arms,)* _ => #other } })
    };
    quote! {
        fn write_field(&self, #st: &__gw::State<'_, #app>, #f: &__gw::Field, #i: usize, out: &mut __gw::Out) -> __gw::Written { #body }
    }
}

fn visit(object: &Object, plan: &Plan, app: &Ty) -> Tokens {
    let mutation =
        matches!((&object.ty, &plan.roots.mutation), (Ty::Own(name), Some(root)) if name == root);
    let arms: Vec<_> = object
        .fields
        .iter()
        .filter_map(|(fid, glue)| {
            let body = match glue {
                Glue::Member { leaf: true, .. } => return None,
                Glue::Member { name, .. } => {
                    let name = ident(name);
                    quote! {
                        let mut level = __gw::Level::new(parents.len());
                        for &parent in parents { level.add::<#app, _>(&parent.#name); }
                        level.visit(st, f)
                    }
                }
                Glue::Method(method) => {
                    let call = call(method, &object.trait_name, mutation);
                    let call = hooked(method, plan, call);
                    with_args(
                        method,
                        &call,
                        &quote! { __gw::refused(st, f, args.error()) },
                    )
                }
            };
            let fid = number_of(*fid);
            Some(quote! { #fid => { #body } })
        })
        .collect();
    if arms.is_empty() {
        return Tokens::default();
    }
    quote! {
        fn visit_field<'b, 'a: 'b>(st: &'a __gw::State<'_, #app>, f: &'a __gw::Field, parents: &'b [&'a Self]) -> __gw::BoxFuture<'b, ()> {
            let _ = parents;
            match f.fid { #(#arms)* _ => __gw::all(::std::vec::Vec::new()) }
        }
    }
}

/// The call of a method for `parents`: an expression of type `BoxFuture`.
fn call(method: &Method, trait_name: &str, mutation: bool) -> Tokens {
    let (t, name) = (ident(trait_name), ident(&method.name));
    let args = args(method);
    let called = quote! { super::traits::#t::#name };
    let many = |way: &str, of: Tokens, parent: Tokens| {
        let way = way_of(way, method);
        quote! {{
            let mut calls = __gw::Calls::new(parents.len());
            for #parent in parents {
                calls.add(#called(st.app(), st.context(), #of #(::core::clone::Clone::clone(&#args)),*));
            }
            __gw::#way(st, f, calls)
        }}
    };
    match method.parent {
        Parent::Batch(_) => {
            let way = way_of("batched", method);
            quote! {
                __gw::#way(st, f, parents.len(), #called(st.app(), st.context(), parents #(, #args)*))
            }
        }
        Parent::Each(_) => many("each", quote! { parent, }, quote! { &parent }),
        Parent::Events => Tokens::default(),
        Parent::Root { .. } if mutation => many("in_turn", Tokens::default(), quote! { _ }),
        Parent::Root { below: true } => many("each", Tokens::default(), quote! { _ }),
        Parent::Root { below: false } => {
            let way = way_of("one", method);
            quote! {
                __gw::#way(st, f, #called(st.app(), st.context() #(, #args)*))
            }
        }
    }
}

/// The call with the hooks of the field's directives before it.
fn hooked(method: &Method, plan: &Plan, call: Tokens) -> Tokens {
    hooks(method, plan).rfold(call, |call, hook| {
        quote! { __gw::hooked(st, f, #hook, move || #call) }
    })
}

/// The call of each hook, in the order of the field's directives.
fn hooks(method: &Method, plan: &Plan) -> impl DoubleEndedIterator<Item = Tokens> {
    let field = &method.coordinate;
    method.hooks.iter().map(move |hook| {
        let t = ident(&plan.hooks.trait_name);
        let (name, args) = (ident(&hook.method), hook.args.iter().map(given));
        quote! { super::traits::#t::#name(st.app(), st.context(), #field #(, #args)*) }
    })
}

fn given(value: &Given) -> Tokens {
    match value {
        Given::None => quote! { ::core::option::Option::None },
        Given::Some(value) => {
            let value = given(value);
            quote! { ::core::option::Option::Some(#value) }
        }
        Given::Int(value) => quote! { #value },
        Given::Float(value) => quote! { #value },
        Given::Bool(value) => quote! { #value },
        Given::String(text) => quote! { ::std::string::String::from(#text) },
        Given::Id(text) => quote! { __gw::Id::from(#text) },
        Given::Variant(ty, variant) => {
            let (ty, variant) = (&ty, ident(variant));
            quote! { #ty::#variant }
        }
        Given::List(values) => {
            let values = values.iter().map(given);
            quote! { ::std::vec![#(#values),*] }
        }
    }
}

/// The runtime's function for a way to call: scalars have no level below.
fn way_of(way: &str, method: &Method) -> Tokens {
    Tokens {
        text: if method.leaf {
            format!("{way}_leaf")
        } else {
            way.to_owned()
        },
    }
}

fn args(method: &Method) -> Vec<Tokens> {
    let args = (0..method.params.len()).map(|i| format!("arg{i}"));
    args.map(|text| Tokens { text }).collect()
}

/// Arguments are read once for all parents, before anything is called.
fn with_args(method: &Method, call: &Tokens, refused: &Tokens) -> Tokens {
    let args = args(method);
    if args.is_empty() {
        return call.clone();
    }
    let names = method.params.iter().map(|p| &p.gql);
    quote! {
        let mut args = __gw::Arguments::of(st, f);
        match (#(args.get(#names),)*) {
            (#(::core::option::Option::Some(#args),)*) => #call,
            _ => #refused,
        }
    }
}

/// An interface or a union: a level is split by concrete type.
pub(super) fn abstract_type(ty: &Abstract, plan: &Plan) -> Vec<Tokens> {
    let (app, name) = (Ty::Path(plan.app.clone()), ident(&ty.name));
    let parts: Vec<_> = (0..ty.variants.len()).map(number).collect();
    let variants: Vec<_> = ty.variants.iter().map(|v| ident(&v.name)).collect();
    let kids = (0..parts.len()).map(|i| format!("kids{i}"));
    let kids: Vec<_> = kids.map(|text| Tokens { text }).collect();
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

/// The subscription root: an enum of what one event brought, and how its sources are started.
pub(super) fn events(events: &Events, plan: &Plan) -> Vec<Tokens> {
    let app = Ty::Path(plan.app.clone());
    let (mut variants, mut starts, mut writes, mut visits) = (vec![], vec![], vec![], vec![]);
    for method in &events.methods {
        let (variant, item) = (ident(&method.variant), &method.item);
        let (t, called, fid) = (
            ident(&events.trait_name),
            ident(&method.name),
            number_of(method.fid),
        );
        let args = args(method);
        let start = quote! { __gw::subscribed(super::traits::#t::#called(st.app(), st.context() #(, #args)*), Self::#variant) };
        let start = hooks(method, plan).rfold(start, |start, hook| {
            quote! { __gw::hooked_events(#hook, move || #start) }
        });
        let start = with_args(
            method,
            &start,
            &quote! { __gw::not_subscribed(args.error()) },
        );
        variants.push(quote! { #variant(__gw::Result<#item>) });
        starts.push(quote! { #fid => { #start } });
        let event = quote! { ::core::slice::from_ref(event) };
        writes.push(if method.leaf {
            quote! { Self::#variant(event) => __gw::leaf_result(#event, i, out) }
        } else {
            visits.push(quote! { Self::#variant(event) => all.push(__gw::descend(st, f, #event)) });
            quote! { Self::#variant(event) => __gw::composite_result(#event, i, st, f, out) }
        });
    }
    let visit = (!visits.is_empty()).then(|| {
        let other = (visits.len() < events.methods.len()).then(|| quote! { _ => {} });
        quote! {
            fn visit_field<'b, 'a: 'b>(st: &'a __gw::State<'_, #app>, f: &'a __gw::Field, parents: &'b [&'a Self]) -> __gw::BoxFuture<'b, ()> {
                let mut all = ::std::vec::Vec::with_capacity(parents.len());
                for &parent in parents { match parent { #(#visits,)* #other } }
                __gw::all(all)
            }
        }
    });
    let unused = visits.is_empty().then(|| quote! { let _ = (st, f); });
    vec![
        quote! { pub enum Event { #(#variants,)* } },
        quote! {
            impl __gw::Subscribe<#app> for Event {
                fn subscribe<'a>(st: &'a __gw::State<'_, #app>, f: &'a __gw::Field) -> __gw::BoxFuture<'a, __gw::Result<__gw::EventSource<Self>>> {
                    match f.fid { #(#starts)* _ => __gw::not_subscribed(__gw::no_such_source()) }
                }
            }
        },
        quote! {
            impl __gw::Object<#app> for Event {
                fn write_field(&self, st: &__gw::State<'_, #app>, f: &__gw::Field, i: usize, out: &mut __gw::Out) -> __gw::Written {
                    #unused
                    match self { #(#writes,)* }
                }
                #visit
            }
        },
    ]
}

/// The user's fields on models: functions of their own, for rows have no values that a call could borrow from.
pub(super) fn rows(plan: &Plan) -> (Vec<Tokens>, Tokens) {
    let app = Ty::Path(plan.app.clone());
    let (mut items, mut visits) = (Vec::new(), Vec::new());
    for object in &plan.rows {
        let (type_number, ty) = (number_of(object.number), &object.ty);
        for (fid, glue) in &object.fields {
            let Glue::Method(method) = glue else { continue };
            let visit = format!("visit_row_{}_{fid}", object.number);
            let visit = ident(&visit);
            let call = call(method, &object.trait_name, false);
            let call = hooked(method, plan, call);
            let body = with_args(
                method,
                &call,
                &quote! { __gw::refused(st, f, args.error()) },
            );
            items.push(quote! {
                fn #visit<'b, 'a: 'b>(st: &'a __gw::State<'_, #app>, f: &'a __gw::Field, rows: &'b __gw::RowSet) -> __gw::BoxFuture<'b, ()> {
                    ::std::boxed::Box::pin(async move {
                        let full = match rows.full::<#ty>() {
                            ::core::result::Result::Ok(full) => full,
                            ::core::result::Result::Err(error) => return __gw::refused(st, f, error).await,
                        };
                        let parents: ::std::vec::Vec<&#ty> = full.iter().collect();
                        let parents = parents.as_slice();
                        let visit = { #body };
                        visit.await
                    })
                }
            });
            let fid = number_of(*fid);
            visits.push(quote! { (#type_number, #fid) => #visit(st, f, rows) });
        }
    }
    if visits.is_empty() {
        return (items, Tokens::default());
    }
    let methods = quote! {
        fn visit_row_field<'b, 'a: 'b>(
            st: &'a __gw::State<'_, Self>, f: &'a __gw::Field, ty: u16, rows: &'b __gw::RowSet,
        ) -> __gw::BoxFuture<'b, ()> {
            match (ty, f.fid) { #(#visits,)* _ => __gw::all(::std::vec::Vec::new()) }
        }

        fn write_row_field(st: &__gw::State<'_, Self>, f: &__gw::Field, _: u16, i: usize, out: &mut __gw::Out) -> __gw::Written {
            __gw::answered(st, f, i, out)
        }
    };
    (items, methods)
}
