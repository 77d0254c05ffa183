//! Walks graphql-parser's tree and our tokens side by side: the tree says what is there, the tokens say what it is
//! and where.

use super::lexer::{Kind, Token};
use super::split::Piece;
use super::syntax::{Definition, DefinitionKind, Root};
use super::value;
use crate::ir;
use crate::ir::Named;
use crate::source::Span;
use graphql_parser::schema as tree;
use graphql_parser::schema::{Definition as D, TypeDefinition as T};

/// The structure of a definition: graphql-parser's tree, full of placeholders.
type Tree<'t> = tree::Definition<'t, &'t str>;

/// The definition that `piece` holds, which graphql-parser understood as `parsed`.
pub(super) fn zip(tokens: &[Token], piece: &Piece, parsed: &Tree<'_>) -> Definition {
    let mut cursor = Cursor {
        tokens: &tokens[..piece.end],
        at: piece.keyword,
    };
    let description = piece.description.and_then(|at| match &tokens[at].kind {
        Kind::Text(text) => Some(text.clone()),
        _ => None,
    });
    let keyword = cursor.name();
    let name = match parsed {
        D::SchemaDefinition(_) => keyword,
        D::DirectiveDefinition(_) => {
            cursor.skip();
            cursor.name()
        }
        _ => cursor.name(),
    };
    let (directives, kind) = body(&mut cursor, parsed);
    Definition {
        extend: piece.extend.is_some(),
        name,
        description,
        directives,
        kind,
    }
}

fn body(cursor: &mut Cursor<'_>, parsed: &Tree<'_>) -> (Vec<ir::Directive>, DefinitionKind) {
    match parsed {
        D::SchemaDefinition(it) => (
            cursor.directives(&it.directives),
            DefinitionKind::Schema {
                roots: cursor.roots(),
            },
        ),
        D::DirectiveDefinition(it) => {
            let args = cursor.bracketed(&it.arguments, Cursor::input_value);
            cursor.skip_if(it.repeatable);
            cursor.skip();
            (
                Vec::new(),
                DefinitionKind::Directive {
                    args,
                    repeatable: it.repeatable,
                    locations: cursor.names(it.locations.len()),
                },
            )
        }
        D::TypeDefinition(it) => type_body(cursor, it),
        D::TypeExtension(_) => unreachable!("the word `extend` is not fed"),
    }
}

fn type_body<'t>(
    cursor: &mut Cursor<'_>,
    parsed: &tree::TypeDefinition<'t, &'t str>,
) -> (Vec<ir::Directive>, DefinitionKind) {
    match parsed {
        T::Scalar(it) => (cursor.directives(&it.directives), DefinitionKind::Scalar),
        T::Object(it) => {
            let implements = cursor.implements(it.implements_interfaces.len());
            let directives = cursor.directives(&it.directives);
            (
                directives,
                DefinitionKind::Object {
                    implements,
                    fields: cursor.bracketed(&it.fields, Cursor::field),
                },
            )
        }
        T::Interface(it) => {
            let implements = cursor.implements(it.implements_interfaces.len());
            let directives = cursor.directives(&it.directives);
            (
                directives,
                DefinitionKind::Interface {
                    implements,
                    fields: cursor.bracketed(&it.fields, Cursor::field),
                },
            )
        }
        T::Union(it) => {
            let directives = cursor.directives(&it.directives);
            cursor.skip_if(!it.types.is_empty());
            (
                directives,
                DefinitionKind::Union {
                    members: cursor.names(it.types.len()),
                },
            )
        }
        T::Enum(it) => {
            let directives = cursor.directives(&it.directives);
            (
                directives,
                DefinitionKind::Enum {
                    values: cursor.bracketed(&it.values, Cursor::enum_value),
                },
            )
        }
        T::InputObject(it) => {
            let directives = cursor.directives(&it.directives);
            (
                directives,
                DefinitionKind::Input {
                    fields: cursor.bracketed(&it.fields, Cursor::input_value),
                },
            )
        }
    }
}

struct Cursor<'a> {
    tokens: &'a [Token],
    at: usize,
}

impl Cursor<'_> {
    fn skip(&mut self) {
        self.at += 1;
    }

    fn skip_if(&mut self, present: bool) {
        self.at += usize::from(present);
    }

    fn is(&self, punct: &str) -> bool {
        self.tokens.get(self.at).is_some_and(|t| t.is(punct))
    }

    fn name(&mut self) -> Named {
        let token = &self.tokens[self.at];
        self.at += 1;
        Named {
            name: token.name().unwrap_or_default().to_string(),
            span: token.span,
        }
    }

    fn description(&mut self, present: bool) -> Option<String> {
        let text = match &self.tokens[self.at].kind {
            Kind::Text(text) if present => text.clone(),
            _ => return None,
        };
        self.at += 1;
        Some(text)
    }

    /// `( … )` or `{ … }` around `items`; nothing if there are none.
    fn bracketed<P, R>(&mut self, items: &[P], mut read: impl FnMut(&mut Self, &P) -> R) -> Vec<R> {
        self.skip_if(!items.is_empty());
        let all = items.iter().map(|item| read(self, item)).collect();
        self.skip_if(!items.is_empty());
        all
    }

    fn implements(&mut self, count: usize) -> Vec<Named> {
        self.skip_if(count > 0);
        self.names(count)
    }

    /// Names with punctuators between them, and perhaps one in front.
    fn names(&mut self, count: usize) -> Vec<Named> {
        (0..count)
            .map(|_| {
                self.skip_if(self.is("&") || self.is("|"));
                self.name()
            })
            .collect()
    }

    fn roots(&mut self) -> Vec<Root> {
        let mut roots = Vec::new();
        self.skip();
        while self.at < self.tokens.len() && !self.is("}") {
            let operation = self.name();
            self.skip();
            roots.push(Root {
                operation,
                ty: self.name(),
            });
        }
        roots
    }

    fn directives<'t>(&mut self, parsed: &[tree::Directive<'t, &'t str>]) -> Vec<ir::Directive> {
        parsed
            .iter()
            .map(|directive| self.directive(directive))
            .collect()
    }

    fn directive<'t>(&mut self, parsed: &tree::Directive<'t, &'t str>) -> ir::Directive {
        let at = self.at;
        self.skip();
        let name = self.name();
        let span = value::stretch(self.tokens, at, at + 2);
        let args = self.bracketed(&parsed.arguments, |cursor, _| {
            let name = cursor.name();
            cursor.skip();
            let (value, span) = cursor.value();
            (name, value, span)
        });
        ir::Directive {
            name: name.name,
            span,
            args,
        }
    }

    fn value(&mut self) -> (ir::Value, Span) {
        let start = self.at;
        let (value, next) =
            value::value(self.tokens, start).unwrap_or((ir::Value::Null, start + 1));
        self.at = next;
        (value, value::stretch(self.tokens, start, next))
    }

    fn type_ref(&mut self) -> (ir::TypeRef, Span) {
        let start = self.at;
        let (ty, next) = value::type_ref(self.tokens, start)
            .unwrap_or((ir::TypeRef::Named(String::new()), start + 1));
        self.at = next;
        (ty, value::stretch(self.tokens, start, next))
    }

    fn field<'t>(&mut self, parsed: &tree::Field<'t, &'t str>) -> ir::Field {
        let description = self.description(parsed.description.is_some());
        let name = self.name();
        let args = self.bracketed(&parsed.arguments, Self::input_value);
        self.skip();
        let (ty, ty_span) = self.type_ref();
        let directives = self.directives(&parsed.directives);
        ir::Field {
            description,
            args,
            ty_span,
            directives,
            ..ir::Field::new(name.name, name.span, ty)
        }
    }

    fn input_value<'t>(&mut self, parsed: &tree::InputValue<'t, &'t str>) -> ir::InputValue {
        let description = self.description(parsed.description.is_some());
        let name = self.name();
        self.skip();
        let (ty, ty_span) = self.type_ref();
        let mut read = ir::InputValue {
            description,
            ty_span,
            ..ir::InputValue::new(name.name, name.span, ty)
        };
        if parsed.default_value.is_some() {
            self.skip();
            let (default, span) = self.value();
            (read.default, read.default_span) = (Some(default), span);
        }
        read.directives = self.directives(&parsed.directives);
        read
    }

    fn enum_value<'t>(&mut self, parsed: &tree::EnumValue<'t, &'t str>) -> ir::EnumValue {
        let description = self.description(parsed.description.is_some());
        let name = self.name();
        let directives = self.directives(&parsed.directives);
        ir::EnumValue {
            name: name.name,
            span: name.span,
            description,
            directives,
            deprecated: None,
        }
    }
}
