//! Introspection: the schema as data, <https://spec.graphql.org/September2025/#sec-Introspection>.
//!
//! In: the schema, an operation that asks for it, values of variables. Out: bytes for each introspection field of the root.
//! Must not know: applications.
//!
//! `ask` merges what is asked for into a tree, `render` walks the schema along it and writes JSON. An operation without
//! variables is rendered once, when it is planned, so that a hot answer is a copy.

mod ask;
mod literal;
mod render;
#[cfg(test)]
mod tests;

pub(crate) use self::ask::Values;
use crate::engine::schema::Schema;
use crate::engine::syntax::ast::{Document, Operation};

/// What the plan holds of an operation's introspection.
#[derive(Debug)]
pub(crate) enum Introspection {
    /// The operation does not ask for it.
    None,
    /// The values of the root fields, in the order of `Origin::Constant`.
    Rendered(Box<[Box<[u8]>]>),
    /// It depends on variables.
    PerRequest(Box<Kept>),
}

/// An operation with introspection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a, 'd> {
    /// A document that was validated.
    pub(crate) document: &'a Document<'d>,
    pub(crate) operation: &'a Operation<'d>,
    /// The response keys of `__schema` and `__type` at the root, in the order of `Origin::Constant`.
    pub(crate) keys: &'a [Box<str>],
}

/// The same, kept in a plan: its text is read again for each request.
#[derive(Debug)]
pub(crate) struct Kept {
    text: Box<str>,
    /// Its place in the document.
    operation: usize,
    keys: Box<[Box<str>]>,
}

/// What one operation's introspection may cost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// Bytes of the answer.
    pub(crate) bytes: usize,
    /// Fields that are asked for, fragments expanded.
    pub(crate) fields: usize,
}

/// The values of the root fields, in the order of the keys; the error is for the client.
pub(crate) fn render(
    schema: &Schema,
    asked: Asked<'_, '_>,
    values: Values<'_>,
    bounds: Bounds,
) -> Result<Box<[Box<[u8]>]>, String> {
    let roots = ask::read(schema, asked, values, bounds.fields)?;
    let mut left = bounds.bytes;
    let mut rendered = Vec::with_capacity(roots.len());
    for root in &roots {
        let bytes = render::root(schema, root.as_ref(), left)
            .ok_or_else(|| format!("the answer is larger than {} bytes", bounds.bytes))?;
        left = left.saturating_sub(bytes.len());
        rendered.push(bytes.into_boxed_slice());
    }
    Ok(rendered.into())
}

impl Asked<'_, '_> {
    /// To be rendered when the values of the variables are known.
    pub(crate) fn keep(self) -> Kept {
        let operations = self.document.operations.iter();
        let place = operations.take_while(|operation| !std::ptr::eq(*operation, self.operation));
        Kept {
            text: self.document.text.into(),
            operation: place.count(),
            keys: self.keys.into(),
        }
    }
}

impl Kept {
    /// Like [`render`].
    pub(crate) fn render(
        &self,
        schema: &Schema,
        values: Values<'_>,
        bounds: Bounds,
    ) -> Result<Box<[Box<[u8]>]>, String> {
        let document = crate::engine::syntax::parse(&self.text, usize::MAX);
        let document = document.map_err(|mistake| mistake.message)?;
        let operation = document.operations.get(self.operation);
        let asked = Asked {
            document: &document,
            operation: operation.ok_or("the operation is gone")?,
            keys: &self.keys,
        };
        render(schema, asked, values, bounds)
    }
}
