//! Objects without structs, as the engine's writer sees them.
//!
//! In: the plan's fields. Out: the values of a JSON tree, generated values, values that were waited for.
//! Must not know: documents, HTTP.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Map, Value};

use super::instructions::{Counters, Scope, Settled, settle, unknown};
use super::position::Position;
use super::schema::{Tables, Ty};
use super::waiting::{self, Found};
use super::{Data, Mock, Source, generated, leaf};
use crate::engine::object::{BoxFuture, Object, nothing};
use crate::engine::out::{Out, Written};
use crate::engine::plan::{Field, Sub};
use crate::engine::state::State;
use crate::engine::writer::write_object;
use crate::error::Code;
use crate::{Error, Result};

/// The root value of an operation.
#[derive(Debug, Default)]
pub struct Root {
    op: Operation,
}

/// What the values of one operation share.
#[derive(Debug, Default)]
pub(super) struct Operation {
    pub(super) counters: Arc<Counters>,
    spent: AtomicU64,
}

/// How many values an operation may touch: `$ref`s in lists that go in circles have no end otherwise.
const MOST: u64 = 1_000_000;

impl Operation {
    /// One event of a subscription, whose events count on.
    pub(super) fn counting(counters: &Arc<Counters>) -> Self {
        Operation {
            counters: Arc::clone(counters),
            ..Operation::default()
        }
    }

    /// Counts one more value.
    ///
    /// # Errors
    /// They are too many.
    pub(super) fn spend(&self) -> Result<()> {
        match self.spent.fetch_add(1, Ordering::Relaxed) < MOST {
            true => Ok(()),
            false => Err(
                Error::new(format!("the response has more than {MOST} values"))
                    .code(Code::LimitExceeded),
            ),
        }
    }
}

/// An object.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node<'a> {
    op: &'a Operation,
    ty: u16,
    kind: Kind<'a>,
}

#[derive(Debug, Clone, Copy)]
enum Kind<'a> {
    Generated(Position),
    /// Whether instructions in it count.
    Data(&'a Map<String, Value>, bool),
    Found(&'a waiting::Object),
}

impl<'a> Node<'a> {
    pub(super) fn generated(op: &'a Operation, ty: u16, position: Position) -> Self {
        let kind = Kind::Generated(position);
        Node { op, ty, kind }
    }
}

/// A field that is being written.
pub(super) struct Place<'a, 's> {
    pub(super) st: &'a State<'s, Mock>,
    pub(super) op: &'a Operation,
    pub(super) f: &'a Field,
    /// The type that the field belongs to.
    pub(super) parent: u16,
}

impl Object<Mock> for Root {
    fn write_field(&self, st: &State<'_, Mock>, f: &Field, _: usize, out: &mut Out) -> Written {
        let place = Place::root(st, &self.op, f);
        match st.slot(f) {
            Some(found) => found.write(&place, place.ty(), out),
            None => place.member_of_root(out),
        }
    }

    fn visit_field<'b, 'a: 'b>(
        st: &'a State<'_, Mock>,
        f: &'a Field,
        parents: &'b [&'a Self],
    ) -> BoxFuture<'b, ()> {
        match (&st.app().source, parents) {
            (Source::Data(data), [root]) if data.waits() => Box::pin(async move {
                let place = Place::root(st, &root.op, f);
                let found = waiting::member(&place, data.root()).await;
                st.put(f, found);
            }),
            _ => nothing(),
        }
    }
}

impl Object<Mock> for Node<'_> {
    fn write_field(&self, st: &State<'_, Mock>, f: &Field, _: usize, out: &mut Out) -> Written {
        let place = Place {
            st,
            op: self.op,
            f,
            parent: self.ty,
        };
        // Arguments that do not fit fail the field, whether or not its value depends on them.
        if let Err(error) = st.args(f) {
            return out.fail(error);
        }
        match self.kind {
            Kind::Generated(position) => {
                generated::write(&place, place.ty(), position.key(f.key.name()), out)
            }
            Kind::Data(members, live) => {
                let value = members.get(place.name()).unwrap_or(&Value::Null);
                place.value(place.ty(), value, live, out)
            }
            Kind::Found(object) => match object.get(f.no) {
                Some(found) => found.write(&place, place.ty(), out),
                None => place.value(place.ty(), &Value::Null, false, out),
            },
        }
    }
}

impl<'a, 's> Place<'a, 's> {
    /// A field of the operation's root.
    pub(super) fn root(st: &'a State<'s, Mock>, op: &'a Operation, f: &'a Field) -> Self {
        let parent = st.plan().root.ty;
        Place { st, op, f, parent }
    }

    /// Writes the field as a member of the root value.
    pub(super) fn member_of_root(&self, out: &mut Out) -> Written {
        let kind = match &self.st.app().source {
            Source::Seed(seed) => Kind::Generated(Position::root(seed)),
            Source::Data(data) => Kind::Data(data.root(), true),
        };
        let (op, ty) = (self.op, self.parent);
        Node { op, ty, kind }.write_field(self.st, self.f, 0, out)
    }

    pub(super) fn tables(&self) -> &'static Tables {
        self.st.app().schema.0
    }

    /// The field's type.
    pub(super) fn ty(&self) -> &'static Ty {
        &self.tables().types[usize::from(self.parent)].fields[usize::from(self.f.fid)]
    }

    /// The field's name.
    pub(super) fn name(&self) -> &'static str {
        self.st.field_def(self.parent, self.f).name
    }

    /// What instructions at this field may look at.
    ///
    /// # Errors
    /// The arguments do not fit.
    pub(super) fn scope<'v>(&'v self, data: &'v Data) -> Result<Scope<'v>> {
        Ok(Scope {
            data,
            args: self.st.args(self.f)?,
            counters: &self.op.counters,
        })
    }

    fn settle<'v>(&'v self, value: &'v Value) -> Result<Settled<'v>> {
        match &self.st.app().source {
            Source::Data(data) => settle(self.scope(data)?, value),
            Source::Seed(_) => Ok(Settled::Data(value)),
        }
    }

    /// Writes a value of the data; `live` if instructions in it count.
    pub(super) fn value(&self, ty: &Ty, value: &Value, live: bool, out: &mut Out) -> Written {
        if let Err(error) = self.op.spend() {
            return out.fail(error);
        }
        if !live || !matches!(value, Value::Object(_)) {
            return self.complete(ty, value, live, out);
        }
        match self.settle(value) {
            Ok(Settled::Data(value)) => self.complete(ty, value, true, out),
            Ok(Settled::Made(value)) => self.complete(ty, &value, false, out),
            // Where somebody can wait, the level pass has.
            Ok(Settled::Later(_, value)) => self.value(ty, value, true, out),
            Ok(Settled::Many(values)) => self.many(ty, &values, out),
            Err(error) => out.fail(error),
        }
    }

    fn many(&self, ty: &Ty, values: &[&Value], out: &mut Out) -> Written {
        match ty.strip().0 {
            Ty::List(item) => self.list(item, values.len(), out, |i, out| {
                self.value(item, values[i], true, out)
            }),
            _ => {
                let all = values.iter().copied().cloned().collect();
                self.complete(ty, &all, false, out)
            }
        }
    }

    /// CompleteValue (<https://spec.graphql.org/September2025/#CompleteValue()>) of what is no instruction.
    fn complete(&self, ty: &Ty, value: &Value, live: bool, out: &mut Out) -> Written {
        let (ty, non_null) = ty.strip();
        match (ty, value) {
            (_, Value::Null) if non_null => out.fail(self.null()),
            (_, Value::Null) => {
                out.null();
                Ok(())
            }
            (Ty::Leaf(leaf), value) => leaf::write(leaf, value, out),
            (Ty::List(item), Value::Array(items)) => self.list(item, items.len(), out, |i, out| {
                self.value(item, &items[i], live, out)
            }),
            (Ty::List(_), _) => out.fail(self.error(format_args!(
                "Expected a list, but did not find one for field \"{}\".",
                self.label()
            ))),
            (Ty::Composite(number), Value::Object(members)) => {
                match self.concrete(*number, members, live) {
                    Ok(ty) => {
                        let kind = Kind::Data(members, live);
                        self.object(
                            ty,
                            &Node {
                                op: self.op,
                                ty,
                                kind,
                            },
                            out,
                        )
                    }
                    Err(error) => out.fail(error),
                }
            }
            (Ty::Composite(number), value) => out.fail(self.no_object(*number, value)),
            (Ty::NonNull(inner), value) => self.complete(inner, value, live, out),
        }
    }

    /// Writes a list of that many items.
    pub(super) fn list(
        &self,
        item: &Ty,
        len: usize,
        out: &mut Out,
        mut write: impl FnMut(usize, &mut Out) -> Written,
    ) -> Written {
        let nullable = !item.strip().1;
        out.byte(b'[');
        out.enter();
        for i in 0..len {
            if let Err(error) = self.op.spend() {
                return out.fail(error);
            }
            out.at_index(i);
            let mark = out.mark();
            match write(i, out) {
                Err(_) if nullable && !out.is_full() => out.rescue(mark),
                written => written?,
            }
            out.byte(b',');
        }
        out.leave();
        out.close(b']');
        Ok(())
    }

    /// Writes an object of that concrete type.
    pub(super) fn object(&self, ty: u16, node: &Node<'_>, out: &mut Out) -> Written {
        let sel = match &self.f.sub {
            Sub::One(sel) => Some(&**sel),
            Sub::Many { parts, .. } => parts.iter().find(|part| part.ty == ty),
            Sub::None => None,
        };
        match sel {
            Some(sel) => write_object(self.st, sel, node, 0, out),
            None => out.fail(Error::internal("the plan has no selection for the type")),
        }
    }

    pub(super) fn found(&self, ty: u16, object: &waiting::Object, out: &mut Out) -> Written {
        let kind = Kind::Found(object);
        self.object(
            ty,
            &Node {
                op: self.op,
                ty,
                kind,
            },
            out,
        )
    }

    /// The concrete type of an object of the data.
    pub(super) fn concrete(
        &self,
        number: u16,
        members: &Map<String, Value>,
        live: bool,
    ) -> Result<u16> {
        if let Some(error) = unknown(members).filter(|_| live) {
            return Err(error);
        }
        let tables = self.tables();
        let asked = &tables.types[usize::from(number)];
        let Some(possible) = asked.possible else {
            return Ok(number);
        };
        let told = members.get("__typename").unwrap_or(&Value::Null);
        let settled = match live && told.is_object() {
            true => match self.settle(told)? {
                Settled::Data(value) | Settled::Later(_, value) => value.clone(),
                Settled::Made(value) => value,
                Settled::Many(_) => Value::Null,
            },
            false => told.clone(),
        };
        let label = self.label();
        let Some(name) = settled.as_str() else {
            let message = format_args!(
                "The value of field \"{label}\" needs a `__typename` that names one of the types of \"{}\".",
                asked.name
            );
            return Err(self.error(message));
        };
        let found = possible
            .iter()
            .find(|ty| tables.types[usize::from(**ty)].name == name);
        found.copied().ok_or_else(|| {
            self.error(format_args!(
                "\"{name}\" is no possible type of \"{}\" for field \"{label}\".",
                asked.name
            ))
        })
    }

    fn null(&self) -> Error {
        self.error(format_args!(
            "Cannot return null for non-nullable field {}.",
            self.label()
        ))
    }

    fn no_object(&self, number: u16, value: &Value) -> Error {
        let name = self.tables().types[usize::from(number)].name;
        self.error(format_args!(
            "Expected an object of type \"{name}\" for field \"{}\", found {}.",
            self.label(),
            leaf::shown(value)
        ))
    }

    fn error(&self, message: std::fmt::Arguments<'_>) -> Error {
        Error::bare(message.to_string(), None)
    }

    /// `Type.field`
    pub(super) fn label(&self) -> String {
        let parent = self.tables().types[usize::from(self.parent)].name;
        format!("{parent}.{}", self.name())
    }
}

impl Found {
    /// Writes what was waited for.
    pub(super) fn write(&self, place: &Place<'_, '_>, ty: &Ty, out: &mut Out) -> Written {
        match (self, ty.strip().0) {
            (Found::Failed(error), _) => out.fail(error.clone()),
            (Found::List(items), Ty::List(item)) => place.list(item, items.len(), out, |i, out| {
                items[i].write(place, item, out)
            }),
            (Found::Object(number, object), _) => place.found(*number, object, out),
            (Found::Value(value), _) => place.value(ty, value, false, out),
            (Found::List(_), _) => out.fail(Error::internal("a list where there is none")),
        }
    }
}
