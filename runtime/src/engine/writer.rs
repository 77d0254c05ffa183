//! The writer: depth-first over what the level pass left, straight into the response.
//!
//! In: a selection, objects, slots. Out: bytes; errors at their places. Must not know: how results came about.
//!
//! A failed value sends a [`Bubble`] up: the nearest nullable field or list element takes back
//! what was written since its mark and writes `null`.

use crate::application::Application;
use crate::engine::object::{Composite, Object};
use crate::engine::out::{Bubble, Out, Written};
use crate::engine::plan::{Field, Origin, Sel};
use crate::engine::state::State;
use crate::engine::stream;
use crate::scalar::Leaf;
use crate::{Error, Result, model};

/// Writes an object; `i` is its index in its level.
#[inline]
pub fn write_object<A: Application, T: Object<A>>(
    st: &State<'_, A>,
    sel: &Sel,
    object: &T,
    i: usize,
    out: &mut Out,
) -> Written {
    let mut value = |f: &Field, out: &mut Out| object.write_field(st, f, i, out);
    match &sel.later {
        None => write_fields(st, sel, out, value),
        Some(_) => write_erased(st, sel, i, out, &mut value),
    }
}

/// The value of a field that the type itself answers, whatever the type is.
pub(crate) type Value<'v> = &'v mut dyn FnMut(&Field, &mut Out) -> Written;

/// [`write_object`], compiled once for all types: where something is delivered later.
#[cold]
pub(crate) fn write_erased<A: Application>(
    st: &State<'_, A>,
    sel: &Sel,
    i: usize,
    out: &mut Out,
    value: Value<'_>,
) -> Written {
    let Some(later) = &sel.later else {
        return write_fields(st, sel, out, value);
    };
    let opened = out.defer(later, i);
    let written = write_fields(st, sel, out, value);
    out.close_deferred(opened);
    written
}

/// Writes the fields of a selection in the order of the response; `value` writes those that the type itself answers.
#[inline]
pub fn write_fields<A: Application>(
    st: &State<'_, A>,
    sel: &Sel,
    out: &mut Out,
    mut value: impl FnMut(&Field, &mut Out) -> Written,
) -> Written {
    if out.is_full() {
        return Err(Bubble);
    }
    let from = out.len();
    out.enter();
    for f in &*sel.fields {
        if !f.plain && !st.included(f) {
            continue;
        }
        out.key(&f.key);
        out.at_field(f.no);
        let mark = out.mark();
        let written = if f.plain {
            value(f, out)
        } else {
            special(st, sel, f, out, &mut value)
        };
        if written.is_err() {
            if f.non_null {
                return written;
            }
            out.rescue(mark);
        }
    }
    out.leave();
    out.close_object(from);
    Ok(())
}

fn special<A: Application>(
    st: &State<'_, A>,
    sel: &Sel,
    f: &Field,
    out: &mut Out,
    value: Value<'_>,
) -> Written {
    if let Some(refusal) = st.refusal(f) {
        return out.fail(refusal);
    }
    match f.origin {
        Origin::Own => value(f, out),
        Origin::Operation => model::write_operation(st, f, out),
        Origin::Typename => {
            out.str(st.definition().schema.types[sel.ty as usize].name);
            Ok(())
        }
        Origin::Constant(number) => {
            match st.constants.get(number as usize) {
                Some(bytes) => out.raw(bytes),
                None => out.null(),
            }
            Ok(())
        }
        Origin::Negative => stream::negative(out),
    }
}

/// Writes a member that is a scalar, an enum or a list of them.
#[inline]
pub fn leaf(value: &impl Leaf, out: &mut Out) -> Written {
    value.write(out)
}

/// Writes a member that holds objects; `i` is the index of its parent in its level.
#[inline]
pub fn composite<A: Application, T: Composite<A>>(
    value: &T,
    st: &State<'_, A>,
    f: &Field,
    i: usize,
    out: &mut Out,
) -> Written {
    let mut at = st.start(f, i);
    value.write(st, f, &mut at, out)
}

/// Writes what a resolver answered for parent number `i`: scalars, enums, lists of them.
pub fn leaf_result<T: Leaf>(found: &[Result<T>], i: usize, out: &mut Out) -> Written {
    match found.get(i) {
        Some(Ok(value)) => value.write(out),
        Some(Err(error)) => out.fail(error.clone()),
        None => unresolved(out),
    }
}

/// Writes what a resolver answered for parent number `i`: objects.
pub fn composite_result<A: Application, T: Composite<A>>(
    found: &[Result<T>],
    i: usize,
    st: &State<'_, A>,
    f: &Field,
    out: &mut Out,
) -> Written {
    match found.get(i) {
        Some(Ok(value)) => {
            if T::LIST
                && let Some(stream) = &f.stream
            {
                return stream::write_first(value, st, f, stream, i, out);
            }
            composite(value, st, f, i, out)
        }
        Some(Err(error)) => out.fail(error.clone()),
        None => unresolved(out),
    }
}

/// Writes a field whose resolver never answered: it panicked, which the log tells.
#[cold]
pub fn unresolved(out: &mut Out) -> Written {
    out.fail(Error::internal("the resolver did not answer"))
}
