//! Access expressions: names resolved, types checked.
//!
//! In: a parsed expression. Out: an [`Expr`] over indexes. Every mistake points into the string literal.

use super::kind::Kind;
use super::{AUTH_HELP, World, auth_field};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, suggest};
use crate::ir::{Expr, FieldSource, Join, Lit, Paging};
use crate::parse::expr::{self, Kind as Syntax, Node, Op, Root, Step};
use crate::source::Span;
use std::ops::Range;

/// Where an expression stands, and what it may speak of.
pub(super) struct Scope<'a> {
    pub(super) world: World<'a>,
    /// The model of `self`.
    pub(super) model: Option<usize>,
    /// The string literal, and its value.
    pub(super) literal: Span,
    pub(super) text: &'a str,
}

/// An operand, resolved.
struct Operand {
    expr: Expr,
    kind: Kind,
}

/// Resolves the expression of a rule: a condition.
pub(super) fn rule(scope: &Scope<'_>, diags: &mut Diagnostics) -> Option<Expr> {
    match expr::parse(scope.text) {
        Ok(node) => scope.condition(&node, diags),
        Err(e) => {
            diags
                .error(Code::AccessSyntax, scope.place(&e.at), e.message)
                .help_opt(e.help);
            None
        }
    }
}

impl Scope<'_> {
    fn place(&self, at: &Range<usize>) -> Span {
        self.world.cx.inside(self.literal, self.text, at.clone())
    }

    fn error<'d>(
        &self,
        diags: &'d mut Diagnostics,
        code: Code,
        at: &Range<usize>,
        message: impl Into<String>,
    ) -> &'d mut Diagnostic {
        diags.error(code, self.place(at), message)
    }

    /// What is true or false.
    fn condition(&self, node: &Node, diags: &mut Diagnostics) -> Option<Expr> {
        match &node.kind {
            Syntax::Not(inner) => Some(Expr::Not(Box::new(self.condition(inner, diags)?))),
            Syntax::All(parts) => self.conditions(parts, diags).map(Expr::All),
            Syntax::Any(parts) => self.conditions(parts, diags).map(Expr::Any),
            Syntax::Compare(op, left, right) => self.comparison(*op, left, right, diags),
            Syntax::In(item, list) => self.membership(item, list, diags),
            Syntax::Path(Root::Auth, steps) if steps.is_empty() => {
                self.error(
                    diags,
                    Code::AccessOperand,
                    &node.at,
                    "`auth` alone is not a condition",
                )
                .help("write `auth != null`");
                None
            }
            _ => {
                let operand = self.operand(node, None, diags)?;
                if operand.kind != Kind::Boolean {
                    let message = format!("this is of type `{}`, not a condition", operand.kind);
                    self.error(diags, Code::AccessOperand, &node.at, message)
                        .help("compare it with something: `==`, `!=`, `<`, `in`");
                    return None;
                }
                Some(operand.expr)
            }
        }
    }

    /// All parts, so that mistakes in each are found.
    fn conditions(&self, parts: &[Node], diags: &mut Diagnostics) -> Option<Vec<Expr>> {
        let parts: Vec<_> = parts
            .iter()
            .map(|part| self.condition(part, diags))
            .collect();
        parts.into_iter().collect()
    }

    fn comparison(
        &self,
        op: Op,
        left: &Node,
        right: &Node,
        diags: &mut Diagnostics,
    ) -> Option<Expr> {
        let (a, b) = self.pair(left, right, diags)?;
        if let (Kind::List(_), _) | (_, Kind::List(_)) = (&a.kind, &b.kind) {
            let node = if matches!(a.kind, Kind::List(_)) {
                left
            } else {
                right
            };
            self.error(
                diags,
                Code::AccessOperand,
                &node.at,
                "a list is not compared",
            )
            .help("write `<value> in <list>`");
            return None;
        }
        if !a.kind.compares_with(&b.kind) {
            self.mismatch(&a, &b, right, diags);
            return None;
        }
        let ordering = !matches!(op, Op::Eq | Op::Ne);
        let kind = if a.kind == Kind::Null {
            &b.kind
        } else {
            &a.kind
        };
        if ordering && (!kind.is_ordered() || b.kind == Kind::Null || a.kind == Kind::Null) {
            let kind = if b.kind == Kind::Null {
                &b.kind
            } else {
                &a.kind
            };
            let at = left.at.start..right.at.end;
            self.error(
                diags,
                Code::AccessOperand,
                &at,
                format!("`{kind}` has no order"),
            )
            .help("there are `==` and `!=`");
            return None;
        }
        let (a, b) = (Box::new(a.expr), Box::new(b.expr));
        Some(match op {
            Op::Eq => Expr::Eq(a, b),
            Op::Ne => Expr::Ne(a, b),
            Op::Lt => Expr::Lt(a, b),
            Op::Le => Expr::Le(a, b),
            Op::Gt => Expr::Lt(b, a),
            Op::Ge => Expr::Le(b, a),
        })
    }

    fn mismatch(&self, a: &Operand, b: &Operand, right: &Node, diags: &mut Diagnostics) {
        let message = format!("`{}` cannot be compared with `{}`", a.kind, b.kind);
        let help = match (&a.kind, &b.expr, &right.kind) {
            (Kind::Enum(_, values), Expr::Lit(Lit::Str(text)), Syntax::Str(_))
                if values.contains(text) =>
            {
                Some(format!("write the enum value without quotes: `{text}`"))
            }
            _ => None,
        };
        self.error(diags, Code::AccessOperand, &right.at, message)
            .help_opt(help);
    }

    fn membership(&self, item: &Node, list: &Node, diags: &mut Diagnostics) -> Option<Expr> {
        if let Syntax::List(items) = &list.kind {
            if items.is_empty() {
                self.error(diags, Code::AccessOperand, &list.at, "an empty list")
                    .help("write `false`");
                return None;
            }
            let mut found = Vec::new();
            let mut first = None;
            for node in items {
                let (a, b) = self.pair(item, node, diags)?;
                if !a.kind.compares_with(&b.kind) || b.kind == Kind::Null {
                    self.mismatch(&a, &b, node, diags);
                    return None;
                }
                first.get_or_insert(a.expr);
                found.push(b.expr);
            }
            return Some(Expr::In(Box::new(first?), found));
        }
        let right = self.operand(list, None, diags)?;
        let Kind::List(inner) = &right.kind else {
            let message = format!("`in` needs a list, and this is of type `{}`", right.kind);
            self.error(diags, Code::AccessOperand, &list.at, message)
                .help("write `in [A, B]`, or a list of the caller such as `in auth.roles`");
            return None;
        };
        let left = self.operand(item, Some(inner), diags)?;
        if !left.kind.compares_with(inner) {
            let message = format!("`{}` is not in a list of `{inner}`", left.kind);
            self.error(diags, Code::AccessOperand, &item.at, message);
            return None;
        }
        Some(Expr::In(Box::new(left.expr), vec![right.expr]))
    }

    /// Two operands; a bare name or a string on one side takes its type from the other.
    fn pair(
        &self,
        left: &Node,
        right: &Node,
        diags: &mut Diagnostics,
    ) -> Option<(Operand, Operand)> {
        if is_open(left) && !is_open(right) {
            let b = self.operand(right, None, diags)?;
            let a = self.operand(left, Some(&b.kind), diags)?;
            return Some((a, b));
        }
        let a = self.operand(left, None, diags)?;
        let b = self.operand(right, Some(&a.kind), diags)?;
        Some((a, b))
    }

    fn operand(
        &self,
        node: &Node,
        expected: Option<&Kind>,
        diags: &mut Diagnostics,
    ) -> Option<Operand> {
        let lit = |lit, kind| {
            Some(Operand {
                expr: Expr::Lit(lit),
                kind,
            })
        };
        match &node.kind {
            Syntax::Null => lit(Lit::Null, Kind::Null),
            Syntax::Bool(flag) => lit(Lit::Bool(*flag), Kind::Boolean),
            Syntax::Int(n) => lit(Lit::Int(*n), Kind::Number("Int".into())),
            Syntax::Float(n) => lit(Lit::Float(*n), Kind::Number("Float".into())),
            Syntax::Str(text) => {
                let kind = self.string(node, text, expected, diags)?;
                lit(Lit::Str(text.clone()), kind)
            }
            Syntax::Name(name) => self.enum_value(node, name, expected, diags),
            Syntax::Path(Root::Auth, steps) => self.caller(node, steps, diags),
            Syntax::Path(Root::Row, steps) => self.column(node, steps, diags),
            Syntax::List(_) => {
                self.error(
                    diags,
                    Code::AccessOperand,
                    &node.at,
                    "a list stands only behind `in`",
                );
                None
            }
            _ => Some(Operand {
                expr: self.condition(node, diags)?,
                kind: Kind::Boolean,
            }),
        }
    }

    /// A string is text, unless the other side is an id, a date or a time; these must be well-formed.
    fn string(
        &self,
        node: &Node,
        text: &str,
        expected: Option<&Kind>,
        diags: &mut Diagnostics,
    ) -> Option<Kind> {
        let good = match expected {
            Some(Kind::Time(name)) => match name.as_str() {
                "DateTime" => text.parse::<jiff::Timestamp>().is_ok(),
                "Date" => text.parse::<jiff::civil::Date>().is_ok(),
                _ => text.parse::<jiff::civil::Time>().is_ok(),
            },
            Some(Kind::Id(_)) => true,
            _ => return Some(Kind::Text("String".into())),
        };
        let kind = expected.cloned()?;
        if !good {
            self.error(
                diags,
                Code::AccessOperand,
                &node.at,
                format!("this is not a `{kind}`"),
            )
            .help("write it by ISO 8601");
            return None;
        }
        Some(kind)
    }

    fn enum_value(
        &self,
        node: &Node,
        name: &str,
        expected: Option<&Kind>,
        diags: &mut Diagnostics,
    ) -> Option<Operand> {
        match expected {
            Some(Kind::Enum(ty, values)) => {
                if values.iter().any(|v| v == name) {
                    let kind = Kind::Enum(ty.clone(), values.clone());
                    return Some(Operand {
                        expr: Expr::Lit(Lit::Str(name.to_owned())),
                        kind,
                    });
                }
                let help = suggest(name, values.iter().map(String::as_str));
                let help = help.unwrap_or_else(|| format!("it has {}", values.join(", ")));
                self.error(
                    diags,
                    Code::AccessName,
                    &node.at,
                    format!("the enum `{ty}` has no value `{name}`"),
                )
                .help(help);
            }
            _ => {
                let column = self
                    .model
                    .map(|m| &self.world.models[m].columns)
                    .is_some_and(|c| c.iter().any(|c| c.field == name));
                let help = if column {
                    format!("write `self.{name}`")
                } else {
                    "names are enum values, and stand beside a field of an enum type".to_owned()
                };
                self.error(
                    diags,
                    Code::AccessName,
                    &node.at,
                    format!("`{name}` means nothing here"),
                )
                .help(help);
            }
        }
        None
    }

    fn caller(&self, node: &Node, steps: &[Step], diags: &mut Diagnostics) -> Option<Operand> {
        let Some(auth) = self.world.auth else {
            let message = "there is no `auth`: the schema has no type with `@auth`";
            self.error(diags, Code::AccessRoot, &node.at, message)
                .help(AUTH_HELP);
            return None;
        };
        match steps {
            [] => Some(Operand {
                expr: Expr::Caller,
                kind: Kind::Caller,
            }),
            [step] => {
                let index = auth_field(
                    self.world.cx,
                    self.world.auth,
                    (self.literal, self.text),
                    step,
                    diags,
                )?;
                let kind = Kind::of_type(self.world.schema, &auth.fields[index].ty);
                Some(Operand {
                    expr: Expr::Auth(index),
                    kind,
                })
            }
            [first, second, ..] => {
                let message = format!("`auth.{}` has no fields", first.name);
                self.error(diags, Code::AccessField, &second.at, message)
                    .help("the caller's fields are scalars and enums");
                None
            }
        }
    }

    fn column(&self, node: &Node, steps: &[Step], diags: &mut Diagnostics) -> Option<Operand> {
        let Some(mut model) = self.model else {
            let help =
                "only rules of models and their fields speak of `self`; here there is `auth`";
            self.error(diags, Code::AccessRoot, &node.at, "there is no row here")
                .help(help);
            return None;
        };
        let Some((last, path)) = steps.split_last() else {
            self.error(
                diags,
                Code::AccessOperand,
                &node.at,
                "`self` alone is not a value",
            )
            .help("name a field: `self.id`");
            return None;
        };
        let models = self.world.models;
        let mut relations = Vec::new();
        let mut keys = Vec::new();
        for step in path {
            let relation = self.relation(model, step, diags)?;
            let found = &models[model].relations[relation];
            keys.push(match found.join {
                Join::BelongsTo { column } => Some(column),
                _ => None,
            });
            relations.push(relation);
            model = found.target;
        }
        let owner = &models[model];
        if let Some(relation) = owner.relations.iter().find(|r| r.field == last.name) {
            if let Join::BelongsTo { column } = relation.join {
                // The relation itself: is there one, and which.
                return Some(Operand {
                    expr: Expr::Column {
                        path: relations,
                        column,
                    },
                    kind: Kind::Id("ID".into()),
                });
            }
            self.relation(model, last, diags)?;
            let message = format!("`{}` is a row, not a value", last.name);
            self.error(diags, Code::AccessField, &last.at, message)
                .help(format!("name a field of it: `{}.id`", last.name));
            return None;
        }
        let Some(column) = owner.columns.iter().position(|c| c.field == last.name) else {
            self.unknown(model, last, diags);
            return None;
        };
        let kind = Kind::of_column(&owner.columns[column]);
        if column == owner.id
            && let Some(Some(key)) = keys.last()
        {
            relations.pop(); // the key lies in the row before
            return Some(Operand {
                expr: Expr::Column {
                    path: relations,
                    column: *key,
                },
                kind,
            });
        }
        Some(Operand {
            expr: Expr::Column {
                path: relations,
                column,
            },
            kind,
        })
    }

    /// A to-one relation on the way.
    fn relation(&self, model: usize, step: &Step, diags: &mut Diagnostics) -> Option<usize> {
        let owner = &self.world.models[model];
        match owner.relations.iter().position(|r| r.field == step.name) {
            Some(index) if owner.relations[index].paging == Paging::One => Some(index),
            Some(_) => {
                let message = format!("`{}.{}` leads to many rows", owner.name, step.name);
                self.error(diags, Code::AccessField, &step.at, message)
                    .help("a path goes through relations to one row");
                None
            }
            None => {
                if owner.columns.iter().any(|c| c.field == step.name) {
                    let message = format!("`{}.{}` has no fields", owner.name, step.name);
                    self.error(diags, Code::AccessField, &step.at, message)
                        .help("it is a column; a path goes through relations");
                } else {
                    self.unknown(model, step, diags);
                }
                None
            }
        }
    }

    fn unknown(&self, model: usize, step: &Step, diags: &mut Diagnostics) {
        let owner = &self.world.models[model];
        let resolved = self
            .world
            .schema
            .types
            .get(&owner.name)
            .and_then(|ty| ty.fields().iter().find(|f| f.name == step.name));
        let broken = &self.world.schema.broken;
        let unread = |f: &crate::ir::Field| broken.contains(f.ty.name());
        if broken.contains(&owner.name) || resolved.is_some_and(unread) {
            return; // it may be what did not parse
        }
        if resolved.is_some_and(|f| matches!(f.source, FieldSource::Resolver | FieldSource::Each)) {
            let message = format!("`{}.{}` is resolved by your code", owner.name, step.name);
            self.error(diags, Code::AccessField, &step.at, message)
                .help("a rule sees columns alone");
            return;
        }
        let to_one = owner
            .relations
            .iter()
            .filter(|r| r.paging == Paging::One)
            .map(|r| r.field.as_str());
        let names = owner.columns.iter().map(|c| c.field.as_str()).chain(to_one);
        let help = suggest(&step.name, names);
        self.error(
            diags,
            Code::AccessField,
            &step.at,
            format!("`{}` has no field `{}`", owner.name, step.name),
        )
        .help_opt(help);
    }
}

/// Whether a node takes its type from the other side.
fn is_open(node: &Node) -> bool {
    matches!(node.kind, Syntax::Name(_) | Syntax::Str(_) | Syntax::Null)
}
