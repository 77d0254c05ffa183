//! The module `tables`: the static descriptions that the runtime plans and executes with.
//!
//! In: the plan's tables. Out: `static` items. Must not know: how they are used.

use super::tokens::{Number, Put, Tokens, ident, quote};
use super::{format, jobs, models};
use crate::plan::Plan;
use crate::plan::tables::{
    FieldRow, Operation, OperationKind, Part, RowSource, Shape, Tables, TypeRow,
};

/// Schema, models, jobs, migrations, and the one definition that holds them.
pub(super) fn emit(plan: &Plan) -> Vec<Tokens> {
    // No name of the user's is in this module.
    let names = quote! { use __gw::schema::*; };
    let mut items = vec![names, definition(plan), schema(&plan.tables)];
    if !plan.tables.models.is_empty() {
        items.push(models::emit(&plan.tables.models).into());
    }
    if !plan.jobs.jobs.is_empty() {
        items.push(jobs::table(&plan.jobs).into());
    }
    if !plan.migrations.is_empty() {
        items.push(migrations(&plan.migrations));
    }
    items
}

/// The SDL stands at the end of the file and outside of a module, where its lines are its own.
pub(super) fn sdl(plan: &Plan, text: &mut String) {
    text.push_str("static SDL: &::core::primitive::str = ");
    format::raw_string(&plan.sdl, text);
    text.push_str(";\n");
}

fn definition(plan: &Plan) -> Tokens {
    let models = (!plan.tables.models.is_empty()).then(|| quote! { .models(MODELS) });
    let jobs = (!plan.jobs.jobs.is_empty()).then(|| quote! { .jobs(&JOBS) });
    let migrations = (!plan.migrations.is_empty()).then(|| quote! { .migrations(MIGRATIONS) });
    let auth = plan.auth.as_ref().map(|auth| {
        let fields = &auth.fields;
        quote! { .auth_fields(&[#(#fields),*]) }
    });
    let names = &plan.tables.bound;
    let bound = (!names.is_empty()).then(|| quote! { .bound(&[#(#names),*]) });
    quote! {
        pub(super) static APP: __gw::AppDef = __gw::AppDef::new(&SCHEMA) #models #jobs #migrations #auth #bound;
    }
}

fn schema(tables: &Tables) -> Tokens {
    let types = tables.types.iter().map(type_row);
    let query = number_of(tables.query);
    let mutation = option(tables.mutation.map(number_of));
    let subscription = option(tables.subscription.map(number_of));
    quote! {
        static SCHEMA: SchemaDef = SchemaDef {
            sdl: super::SDL,
            types: &[#(#types),*],
            query: #query,
            mutation: #mutation,
            subscription: #subscription,
        };
    }
}

fn type_row(ty: &TypeRow) -> Tokens {
    let (name, fields) = (&ty.gql, ty.fields.iter().map(field_row));
    let shape = match &ty.shape {
        Shape::Object => quote! { Object },
        Shape::Abstract(types) => {
            let types = types.iter().copied().map(number_of);
            quote! { Abstract(&[#(#types),*]) }
        }
        Shape::Model(model) => shaped("Model", *model),
        Shape::Connection(model) => shaped("Connection", *model),
        Shape::Edge(model) => shaped("Edge", *model),
        Shape::PageInfo => quote! { PageInfo },
    };
    quote! {
        TypeDef { name: #name, shape: Shape::#shape, fields: &[#(#fields),*] }
    }
}

fn shaped(shape: &str, model: usize) -> Tokens {
    let (shape, model) = (ident(shape), number(model));
    quote! { #shape(#model) }
}

fn field_row(field: &FieldRow) -> Tokens {
    let (name, non_null, source) = (&field.gql, field.non_null, source(&field.source));
    let ty = match field.ty {
        Some(number) => {
            let number = number_of(number);
            quote! { #number }
        }
        None => quote! { LEAF },
    };
    let access = field.access.as_ref().map(|rule| {
        let rule = models::expr(rule);
        quote! { .guarded(#rule) }
    });
    quote! { FieldDef::new(#name, Source::#source, #ty, #non_null) #access }
}

fn source(source: &RowSource) -> Tokens {
    match source {
        RowSource::Member => quote! { Member },
        RowSource::Keys => quote! { Keys },
        RowSource::Resolver => quote! { Resolver },
        RowSource::Column(index) => shaped("Column", *index),
        RowSource::Relation(index) => shaped("Relation", *index),
        RowSource::Operation(Operation { model, kind }) => {
            let model = number(*model);
            let kind = match kind {
                OperationKind::Find => quote! { Find },
                OperationKind::List(paging) => {
                    let paging = models::paging(*paging);
                    quote! { List(#paging) }
                }
                OperationKind::Create => quote! { Create },
                OperationKind::Update => quote! { Update },
                OperationKind::Delete => quote! { Delete },
            };
            quote! { Operation(&__gw::model::Operation { model: #model, kind: __gw::model::OperationKind::#kind }) }
        }
        RowSource::Page(part) => {
            let part = match part {
                Part::Edges => "Edges",
                Part::Nodes => "Nodes",
                Part::PageInfo => "PageInfo",
                Part::TotalCount => "TotalCount",
                Part::Node => "Node",
                Part::Cursor => "Cursor",
                Part::HasNextPage => "HasNextPage",
                Part::HasPreviousPage => "HasPreviousPage",
                Part::StartCursor => "StartCursor",
                Part::EndCursor => "EndCursor",
            };
            let part = ident(part);
            quote! { Page(PagePart::#part) }
        }
    }
}

fn migrations(migrations: &[(String, String)]) -> Tokens {
    let rows = migrations.iter().map(|(file, path)| {
        let name = file.strip_suffix(".sql").unwrap_or(file);
        let version: u32 = name.split('_').next().and_then(|digits| digits.parse().ok()).unwrap_or_default();
        quote! {
            __gw::model::Migration {
                version: #version,
                name: #name,
                sql: ::core::include_str!(::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), #path)),
            }
        }
    });
    quote! { static MIGRATIONS: &[__gw::model::Migration] = &[#(#rows),*]; }
}

/// `Some(…)` and `None` past the user's names.
pub(super) fn option(value: Option<impl Put>) -> Tokens {
    match value {
        Some(value) => quote! { ::core::option::Option::Some(#value) },
        None => quote! { ::core::option::Option::None },
    }
}

/// A place in a table.
pub(super) fn number(index: usize) -> Number {
    Number(index)
}

/// The number of a type or a field.
pub(super) fn number_of(number: u16) -> Number {
    Number(number.into())
}
