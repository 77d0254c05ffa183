//! Access expressions and the caller's type, resolved. Mirrors `graphwright::model::Expr`.

use super::{Field, Named};
use crate::source::Span;

/// The caller's type: an object type with `@auth`.
#[derive(Debug, Clone)]
pub struct AuthType {
    /// Its name.
    pub name: Named,
    /// Its fields: scalars, enums and lists of them.
    pub fields: Vec<Field>,
}

/// An expression with its types checked. Indexes are into the IR's vectors.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// A constant.
    Lit(Lit),
    /// `auth`
    Caller,
    /// `auth.<field>`: index into [`AuthType::fields`].
    Auth(usize),
    /// `self.<to-one>.<…>.<column>`
    Column {
        /// Indexes of the relations to follow, each in the model before.
        path: Vec<usize>,
        /// Index of the column in the last model.
        column: usize,
    },
    /// `!a`
    Not(Box<Expr>),
    /// `a && b`
    All(Vec<Expr>),
    /// `a || b`
    Any(Vec<Expr>),
    /// `a == b`
    Eq(Box<Expr>, Box<Expr>),
    /// `a != b`
    Ne(Box<Expr>, Box<Expr>),
    /// `a < b`; `a > b` is turned round
    Lt(Box<Expr>, Box<Expr>),
    /// `a <= b`; `a >= b` is turned round
    Le(Box<Expr>, Box<Expr>),
    /// `a in [b, c]`, `a in auth.roles`
    In(Box<Expr>, Vec<Expr>),
}

/// A constant.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "each is the literal of the same name")]
pub enum Lit {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(String),
}

/// A rule and where it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// The expression.
    pub expr: Expr,
    /// Its text, as written.
    pub text: String,
    /// Where the text stands.
    pub span: Span,
}
