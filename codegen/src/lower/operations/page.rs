//! Relay connections: `ListingConnection`, `ListingEdge`, `PageInfo`.

use super::types::Types;
use super::{named, non_null};
use crate::ir::{Field, FieldSource, Model, PagePart, Schema, TypeKind, TypeRef};
use crate::source::Span;

/// The connection of a model, and what it needs; answers its name.
pub(super) fn connection(
    models: &[Model],
    model: usize,
    total: bool,
    span: Span,
    types: &mut Types,
) -> String {
    let name = &models[model].name;
    let (connection, edge) = (format!("{name}Connection"), format!("{name}Edge"));
    if !types.has(&connection) {
        let list = |of: &str| TypeRef::NonNull(Box::new(TypeRef::List(Box::new(non_null(of)))));
        let fields = vec![
            part(
                "edges",
                "The rows with their cursors.",
                list(&edge),
                PagePart::Edges,
                span,
            ),
            part("nodes", "The rows.", list(name), PagePart::Nodes, span),
            part(
                "pageInfo",
                "Where the page stands.",
                non_null("PageInfo"),
                PagePart::PageInfo,
                span,
            ),
        ];
        types.put(
            &connection,
            span,
            format!("A page of `{name}`."),
            object(fields),
        );
        let fields = vec![
            part("node", "The row.", non_null(name), PagePart::Node, span),
            part(
                "cursor",
                "Its place, for `after` and `before`.",
                non_null("String"),
                PagePart::Cursor,
                span,
            ),
        ];
        types.put(
            &edge,
            span,
            format!("A `{name}` in a page."),
            object(fields),
        );
        page_info(span, types);
    }
    if total
        && let Some(TypeKind::Object { fields, .. }) =
            types.get_mut(&connection).map(|ty| &mut ty.kind)
        && !fields.iter().any(|f| f.name == "totalCount")
    {
        fields.push(part(
            "totalCount",
            "The number of rows on all pages.",
            non_null("Int"),
            PagePart::TotalCount,
            span,
        ));
    }
    connection
}

fn page_info(span: Span, types: &mut Types) {
    if types.has("PageInfo") {
        return;
    }
    let fields = vec![
        part(
            "hasNextPage",
            "Whether there are rows behind the page.",
            non_null("Boolean"),
            PagePart::HasNextPage,
            span,
        ),
        part(
            "hasPreviousPage",
            "Whether there are rows before the page.",
            non_null("Boolean"),
            PagePart::HasPreviousPage,
            span,
        ),
        part(
            "startCursor",
            "The first row's cursor.",
            named("String"),
            PagePart::StartCursor,
            span,
        ),
        part(
            "endCursor",
            "The last row's cursor.",
            named("String"),
            PagePart::EndCursor,
            span,
        ),
    ];
    types.put(
        "PageInfo",
        span,
        "Where a page stands in its list.".to_owned(),
        object(fields),
    );
}

/// Tells the fields of connection types that the user wrote out which part they are.
pub(super) fn sources(schema: &mut Schema, models: &[Model], types: &Types) {
    let names: Vec<String> = models
        .iter()
        .flat_map(|m| [format!("{}Connection", m.name), format!("{}Edge", m.name)])
        .chain(["PageInfo".to_owned()])
        .filter(|name| types.has(name))
        .collect();
    for name in names {
        let Some(TypeKind::Object { fields, .. }) =
            schema.types.get_mut(&name).map(|ty| &mut ty.kind)
        else {
            continue;
        };
        for field in fields
            .iter_mut()
            .filter(|f| f.source == FieldSource::Member)
        {
            if let Some(part) = by_name(&field.name) {
                field.source = FieldSource::Page(part);
            }
        }
    }
}

fn by_name(name: &str) -> Option<PagePart> {
    Some(match name {
        "edges" => PagePart::Edges,
        "nodes" => PagePart::Nodes,
        "pageInfo" => PagePart::PageInfo,
        "totalCount" => PagePart::TotalCount,
        "node" => PagePart::Node,
        "cursor" => PagePart::Cursor,
        "hasNextPage" => PagePart::HasNextPage,
        "hasPreviousPage" => PagePart::HasPreviousPage,
        "startCursor" => PagePart::StartCursor,
        "endCursor" => PagePart::EndCursor,
        _ => return None,
    })
}

fn part(name: &str, description: &str, ty: TypeRef, part: PagePart, span: Span) -> Field {
    Field {
        description: Some(description.to_owned()),
        source: FieldSource::Page(part),
        ..Field::new(name, span, ty)
    }
}

fn object(fields: Vec<Field>) -> TypeKind {
    TypeKind::Object {
        implements: Vec::new(),
        fields,
    }
}
