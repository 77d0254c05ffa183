//! Models as static tables.
//!
//! In: models of the IR. Out: one `static` item. Must not know: SQL.

use crate::plan::tables::{
    Access, Column, ColumnType, DefaultValue, Expr, FilterOp, IdStrategy, Join, Lit, ModelRow,
    Paging, Relation,
};
use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, format_ident, quote};

/// The table of models.
pub(super) fn emit(models: &[ModelRow]) -> TokenStream {
    let rows = models.iter().map(model);
    quote! { static MODELS: &[__gw::model::ModelDef] = &[#(#rows),*]; }
}

fn model(row: &ModelRow) -> TokenStream {
    let def = &row.def;
    let (name, ty, table, id) = (&def.name, number_of(row.ty), &def.table, number(def.id));
    let strategy = match def.id_strategy {
        IdStrategy::UuidV7 => quote! { UuidV7 },
        IdStrategy::Auto => quote! { Auto },
        IdStrategy::None => quote! { None },
    };
    let (columns, relations) = (
        def.columns.iter().map(column),
        def.relations.iter().map(relation),
    );
    let rights = [
        &def.access.read,
        &def.access.create,
        &def.access.update,
        &def.access.delete,
    ];
    let [read, create, update, delete] = rights.map(|rule| expr(&Access::expr(rule)));
    quote! {
        __gw::model::ModelDef {
            name: #name,
            ty: #ty,
            table: #table,
            columns: &[#(#columns),*],
            id: #id,
            id_strategy: __gw::model::IdStrategy::#strategy,
            relations: &[#(#relations),*],
            read: #read,
            create: #create,
            update: #update,
            delete: #delete,
        }
    }
}

fn column(column: &Column) -> TokenStream {
    let Column {
        field,
        column: name,
        nullable,
        sort,
        ..
    } = column;
    let ty = column_type(&column.ty);
    let default = option(column.default.as_ref().map(default));
    let constraint = option(column.constraint.as_ref().map(|c| {
        let (min, max) = (option(c.min), option(c.max));
        let (min_length, max_length) = (option(c.min_length), option(c.max_length));
        let format = option(c.format.map(|format| {
            let format = format_ident!("{}", format!("{format:?}"));
            quote! { __gw::model::Format::#format }
        }));
        quote! { &__gw::model::Constraint { min: #min, max: #max, min_length: #min_length, max_length: #max_length, format: #format } }
    }));
    let (read, write) = (
        option(column.read.as_ref().map(|r| expr(&r.expr))),
        option(column.write.as_ref().map(|r| expr(&r.expr))),
    );
    let filters = column.filters.iter().map(|op| {
        let op = filter(*op);
        quote! { __gw::model::FilterOp::#op }
    });
    quote! {
        __gw::model::ColumnDef {
            field: #field,
            column: #name,
            ty: __gw::model::ColumnType::#ty,
            nullable: #nullable,
            default: #default,
            constraint: #constraint,
            read: #read,
            write: #write,
            filters: &[#(#filters),*],
            sort: #sort,
        }
    }
}

fn column_type(ty: &ColumnType) -> TokenStream {
    let name = match ty {
        ColumnType::Enum(names) => return quote! { Enum(&[#(#names),*]) },
        ColumnType::Decimal(scale) => return quote! { Decimal(#scale) },
        ColumnType::IdInt => "IdInt",
        ColumnType::IdUuid => "IdUuid",
        ColumnType::IdText => "IdText",
        ColumnType::Int => "Int",
        ColumnType::BigInt => "BigInt",
        ColumnType::Float => "Float",
        ColumnType::Text => "Text",
        ColumnType::Boolean => "Boolean",
        ColumnType::DateTime => "DateTime",
        ColumnType::Date => "Date",
        ColumnType::Time => "Time",
        ColumnType::Uuid => "Uuid",
        ColumnType::Json => "Json",
        ColumnType::Bytes => "Bytes",
    };
    let name = format_ident!("{name}");
    quote! { #name }
}

fn filter(op: FilterOp) -> proc_macro2::Ident {
    format_ident!(
        "{}",
        match op {
            FilterOp::Eq => "Eq",
            FilterOp::Ne => "Ne",
            FilterOp::In => "In",
            FilterOp::NotIn => "NotIn",
            FilterOp::Lt => "Lt",
            FilterOp::Lte => "Lte",
            FilterOp::Gt => "Gt",
            FilterOp::Gte => "Gte",
            FilterOp::Contains => "Contains",
            FilterOp::StartsWith => "StartsWith",
            FilterOp::EndsWith => "EndsWith",
            FilterOp::Icontains => "Icontains",
            FilterOp::IsNull => "IsNull",
        }
    )
}

fn default(value: &DefaultValue) -> TokenStream {
    let value = match value {
        DefaultValue::Lit(value) => {
            let value = lit(value);
            quote! { Lit(#value) }
        }
        DefaultValue::Auth(field) => {
            let field = number(*field);
            quote! { Auth(#field) }
        }
        DefaultValue::Now => quote! { Now },
    };
    quote! { __gw::model::DefaultValue::#value }
}

fn relation(relation: &Relation) -> TokenStream {
    let Relation { field, filter, .. } = relation;
    let (target, paging) = (number(relation.target), paging(relation.paging));
    let join = match &relation.join {
        Join::BelongsTo { column } => {
            let column = number(*column);
            quote! { BelongsTo { column: #column } }
        }
        Join::Has { column } => {
            let column = number(*column);
            quote! { Has { column: #column } }
        }
        Join::Through { table, own, other } => {
            quote! { Through { table: #table, own: #own, other: #other } }
        }
    };
    let order = relation.order.iter().map(|(column, descending)| {
        let column = number(*column);
        quote! { (#column, #descending) }
    });
    let read = option(relation.read.as_ref().map(|r| expr(&r.expr)));
    quote! {
        __gw::model::RelationDef {
            field: #field,
            target: #target,
            join: __gw::model::Join::#join,
            paging: #paging,
            order: &[#(#order),*],
            read: #read,
            filter: #filter,
        }
    }
}

/// How rows are paged.
pub(super) fn paging(paging: Paging) -> TokenStream {
    let paging = match paging {
        Paging::One => quote! { One },
        Paging::List { max, offset } => quote! { List { max: #max, offset: #offset } },
        Paging::Cursor { max, default } => quote! { Cursor { max: #max, default: #default } },
    };
    quote! { __gw::model::Paging::#paging }
}

/// An access expression.
pub(super) fn expr(rule: &Expr) -> TokenStream {
    let many = |all: &[Expr]| all.iter().map(expr).collect::<Vec<_>>();
    let pair = |name: &str, a: &Expr, b: &Expr| {
        let (name, a, b) = (format_ident!("{name}"), expr(a), expr(b));
        quote! { #name(&#a, &#b) }
    };
    let rule = match rule {
        Expr::Lit(value) => {
            let value = lit(value);
            quote! { Lit(#value) }
        }
        Expr::Caller => quote! { Caller },
        Expr::Auth(field) => {
            let field = number(*field);
            quote! { Auth(#field) }
        }
        Expr::Column { path, column } => {
            let (path, column) = (path.iter().map(|&step| number(step)), number(*column));
            quote! { Column { path: &[#(#path),*], column: #column } }
        }
        Expr::Not(a) => {
            let a = expr(a);
            quote! { Not(&#a) }
        }
        Expr::All(all) => {
            let all = many(all);
            quote! { All(&[#(#all),*]) }
        }
        Expr::Any(all) => {
            let all = many(all);
            quote! { Any(&[#(#all),*]) }
        }
        Expr::Eq(a, b) => pair("Eq", a, b),
        Expr::Ne(a, b) => pair("Ne", a, b),
        Expr::Lt(a, b) => pair("Lt", a, b),
        Expr::Le(a, b) => pair("Le", a, b),
        Expr::In(a, all) => {
            let (a, all) = (expr(a), many(all));
            quote! { In(&#a, &[#(#all),*]) }
        }
    };
    quote! { __gw::model::Expr::#rule }
}

fn lit(value: &Lit) -> TokenStream {
    let value = match value {
        Lit::Null => quote! { Null },
        Lit::Bool(value) => quote! { Bool(#value) },
        Lit::Int(value) => quote! { Int(#value) },
        Lit::Float(value) => quote! { Float(#value) },
        Lit::Str(value) => quote! { Str(#value) },
    };
    quote! { __gw::model::Lit::#value }
}

/// `Some(…)` and `None` past the user's names.
fn option(value: Option<impl ToTokens>) -> TokenStream {
    match value {
        Some(value) => quote! { ::core::option::Option::Some(#value) },
        None => quote! { ::core::option::Option::None },
    }
}

fn number(index: usize) -> Literal {
    Literal::usize_unsuffixed(index)
}

fn number_of(number: u16) -> Literal {
    Literal::u16_unsuffixed(number)
}
