//! Generated values: a function of the seed, the type and the place in the response.
//!
//! In: a type, a position. Out: bytes. Must not know: data.

use super::node::{Node, Place};
use super::position::Position;
use super::schema::{Leaf, Ty};
use crate::Error;
use crate::engine::out::{Out, Written};

/// Writes the value of a position.
pub(super) fn write(place: &Place<'_, '_>, ty: &Ty, position: Position, out: &mut Out) -> Written {
    let (ty, non_null) = ty.strip();
    if !non_null && position.is_null() {
        out.null();
        return Ok(());
    }
    let h = position.hash();
    match ty {
        Ty::List(item) => place.list(item, (h % 4) as usize, out, |i, out| {
            write(place, item, position.index(i), out)
        }),
        Ty::Composite(number) => {
            let number = match place.tables().types[usize::from(*number)].possible {
                None => *number,
                Some([]) => return out.fail(impossible(place, *number)),
                Some(possible) => possible[h as usize % possible.len()],
            };
            place.object(number, &Node::generated(place.op, number, position), out)
        }
        Ty::Leaf(leaf) => self::leaf(leaf, h, out),
        // The grammar has no `T!!`.
        Ty::NonNull(inner) => write(place, inner, position, out),
    }
}

fn leaf(leaf: &Leaf, h: u32, out: &mut Out) -> Written {
    match leaf {
        Leaf::Int => out.int(i64::from(h % 1000)),
        Leaf::Float => return out.float(f64::from(h % 1000) + 0.5),
        Leaf::Boolean => out.bool(h.is_multiple_of(2)),
        Leaf::Id => out.str(&format!("id-{h}")),
        Leaf::String => out.str(&format!("s-{h}")),
        Leaf::Custom(name) => out.str(&format!("{name}-{h}")),
        Leaf::Enum(name, values) => match values.len() {
            0 => {
                return out.fail(Error::bare(
                    format!("the enum `{name}` has no values"),
                    None,
                ));
            }
            n => out.str(values[h as usize % n]),
        },
    }
    Ok(())
}

#[cold]
fn impossible(place: &Place<'_, '_>, number: u16) -> Error {
    let name = place.tables().types[usize::from(number)].name;
    Error::bare(format!("no object type is a `{name}`"), None)
}
