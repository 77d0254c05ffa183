//! Lists of which some items are delivered later: the level pass and the writer of both parts.
//!
//! In: what a resolver answered for its parents. Out: the first items with the rest of their part of the operation; the
//! others when their gate opens. Must not know: payloads, clients.
//!
//! The others are one level, for all parents together: what is below them stays batched.

use futures_util::future::join;

use crate::application::Application;
use crate::engine::level::Level;
use crate::engine::object::{BoxFuture, Composite};
use crate::engine::out::{Out, Written};
use crate::engine::plan::{Field, Stream};
use crate::engine::state::State;
use crate::engine::work::{Part, Work, descend};
use crate::error::Code;
use crate::{Error, Result};

/// What a resolver answered for its parents, whatever its type is.
trait Lists<A: Application>: Send + Sync {
    /// How many parents there are.
    fn count(&self) -> usize;

    /// Whether a parent has an answer, not an error.
    fn is_there(&self, parent: usize) -> bool;

    /// [`Composite::write_item`] of a parent's answer.
    fn write_item(
        &self,
        parent: usize,
        index: usize,
        st: &State<'_, A>,
        f: &Field,
        at: &mut u32,
        out: &mut Out,
    ) -> Option<Written>;
}

struct Found<'a, T>(&'a [Result<T>]);

impl<A: Application, T: Composite<A>> Lists<A> for Found<'_, T> {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn is_there(&self, parent: usize) -> bool {
        self.0[parent].is_ok()
    }

    fn write_item(
        &self,
        parent: usize,
        index: usize,
        st: &State<'_, A>,
        f: &Field,
        at: &mut u32,
        out: &mut Out,
    ) -> Option<Written> {
        let value = self.0[parent].as_ref().ok()?;
        value.write_item(index, st, f, at, out)
    }
}

/// Starts the level of the items that come later.
type Start<'a> = Box<dyn FnOnce() -> BoxFuture<'a, ()> + Send + 'a>;

/// `descend` below a resolver's field with `@stream`.
#[cold]
pub(crate) fn visit<'a, A: Application, T: Composite<A>>(
    st: &'a State<'_, A>,
    work: &'a Work,
    f: &'a Field,
    stream: &'a Stream,
    found: &'a [Result<T>],
) -> BoxFuture<'a, ()> {
    let (mut first, mut others) = (Level::new(found.len()), Level::new(found.len()));
    for result in found {
        first.skip();
        others.skip();
        if let Ok(value) = result {
            value.gather_parts(stream.initial, &mut first.kids, &mut others.kids);
        }
    }
    let first = first.visit(st, f);
    let others: Start<'a> = Box::new(move || others.visit(st, &stream.field));
    let found: Box<dyn Lists<A> + 'a> = Box::new(Found(found));
    visit_both(st, work, f, stream, first, others, found)
}

fn visit_both<'a, A: Application>(
    st: &'a State<'_, A>,
    work: &'a Work,
    f: &'a Field,
    stream: &'a Stream,
    first: BoxFuture<'a, ()>,
    others: Start<'a>,
    found: Box<dyn Lists<A> + 'a>,
) -> BoxFuture<'a, ()> {
    let both = join(first, visit_others(st, work, stream, others, found));
    descend(
        work,
        f,
        Box::pin(async move {
            both.await;
        }),
    )
}

async fn visit_others<'a, A: Application>(
    st: &'a State<'_, A>,
    work: &'a Work,
    stream: &'a Stream,
    others: Start<'a>,
    found: Box<dyn Lists<A> + 'a>,
) {
    work.gate(stream.group).await;
    let mut below = others();
    let ended = work.through(stream.group, &mut below).await;
    let nothing = || Part {
        data: None,
        errors: Vec::new(),
        found: Vec::new(),
        kept: None,
    };
    let part = |parent| match found.is_there(parent) {
        true => write_others(st, work, stream, &*found, parent),
        false => nothing(),
    };
    let parts = (0..found.count()).map(part).collect();
    work.finish(stream.group, parts);
    if !ended {
        below.await;
    }
}

/// Writes the items that come at once, and takes note of the others; `i` is the index of the list's parent.
#[cold]
pub(crate) fn write_first<A: Application, T: Composite<A>>(
    value: &T,
    st: &State<'_, A>,
    f: &Field,
    stream: &Stream,
    i: usize,
    out: &mut Out,
) -> Written {
    let mut at = st.start(f, i);
    if value.write_first(stream.initial, st, f, &mut at, out)? {
        out.stream(stream, i);
    }
    Ok(())
}

/// The items that come later. One that fails ends the list: those before it are kept.
fn write_others<A: Application>(
    st: &State<'_, A>,
    work: &Work,
    stream: &Stream,
    found: &dyn Lists<A>,
    parent: usize,
) -> Part {
    let f = &stream.field;
    let (mut out, mut at) = (work.buffer(), st.start(f, parent));
    let (mut index, mut failed) = (stream.initial, None);
    out.byte(b'[');
    out.enter();
    loop {
        out.at_index(index);
        let (mark, errors) = (out.mark(), out.errors());
        match found.write_item(parent, index, st, f, &mut at, &mut out) {
            None => break,
            Some(Ok(())) if !out.is_full() => out.byte(b','),
            Some(_) => {
                let full = out.is_full();
                out.take_back(mark);
                failed = Some((full, out.take_errors_after(errors)));
                break;
            }
        }
        index += 1;
    }
    out.leave();
    out.close(b']');
    let (errors, deferred) = (out.take_errors(), out.take_found());
    let bytes = out.into_bytes();
    work.wrote(bytes.len());
    let Some((full, mut why)) = failed else {
        return Part {
            data: Some(bytes),
            errors,
            found: deferred,
            kept: None,
        };
    };
    if full {
        why = vec![work.too_large()];
    }
    Part {
        data: None,
        errors: why,
        found: deferred,
        kept: (index > stream.initial).then_some((bytes, errors)),
    }
}

/// The error of a list that is to be streamed from an item before its first one.
#[cold]
pub(crate) fn negative(out: &mut Out) -> Written {
    let error = Error::new("`initialCount` of `@stream` must not be negative");
    out.fail(error.code(Code::BadUserInput))
}
