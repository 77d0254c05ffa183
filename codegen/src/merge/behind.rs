//! Methods that cannot be what the lock says they are: after a merge of branches that took one side's stubs and the other
//! side's lock.
//!
//! In: a method, what is wanted. Out: whether rustc is certain to refuse it. Must not know: what is done about it.
//!
//! Only certainty counts: a name out of the schema may be bound to any Rust type, and so may a name of the user's, so these
//! fit everything. What is left are lists, nullability, and the scalars of the language.

use super::WantedMethod;
use super::scan::Method;
use syn::{GenericArgument, PathArguments, Type};

/// Whether the method has another number of parameters, or a type of another shape, than its trait.
pub(super) fn is_behind(old: &str, method: &Method, want: &WantedMethod) -> bool {
    let wanted = &want.signature;
    // A `cfg` may decide about it.
    let attributed = |range: &std::ops::Range<usize>| old[range.clone()].starts_with('#');
    if method.receiver.is_none() || method.params.iter().any(|it| attributed(&it.range)) {
        return false;
    }
    if method.params.len() != wanted.params.len() {
        return true;
    }
    let params = method.params.iter().map(|param| param.ty.clone());
    let types = wanted.params.iter().map(|(_, ty)| ty);
    let returns = method.returns.clone().into_iter().zip([&wanted.returns]);
    let mut pairs = params.zip(types).chain(returns);
    pairs.any(|(range, ty)| differ(&old[range], ty))
}

fn differ(found: &str, wanted: &str) -> bool {
    found != wanted
        && matches!(
            (syn::parse_str(found), syn::parse_str(wanted)),
            (Ok(a), Ok(b)) if !may_be(&a, &b)
        )
}

/// Whether two spellings may stand for one type.
fn may_be(a: &Type, b: &Type) -> bool {
    match (a, b) {
        (Type::Reference(a), Type::Reference(b)) => may_be(&a.elem, &b.elem),
        (Type::Slice(a), Type::Slice(b)) => may_be(&a.elem, &b.elem),
        (Type::Path(_), Type::Path(_)) => match (known(a), known(b)) {
            (Some((a, of)), Some((b, other))) => {
                a == b && of.len() == other.len() && of.iter().zip(other).all(|(a, b)| may_be(a, b))
            }
            _ => true,
        },
        // A path may name a reference, too.
        (Type::Path(_), Type::Reference(_) | Type::Slice(_)) => known(a).is_none(),
        (Type::Reference(_) | Type::Slice(_), Type::Path(_)) => known(b).is_none(),
        _ => true,
    }
}

/// A type of the language with what stands between its angle brackets.
fn known(ty: &Type) -> Option<(String, Vec<&Type>)> {
    const KNOWN: [&str; 6] = ["Option", "Vec", "String", "bool", "i32", "f64"];
    const OURS: [&str; 4] = ["Result", "Batch", "Nullable", "Events"];
    let Type::Path(path) = ty else {
        return None;
    };
    let names: Vec<String> = path
        .path
        .segments
        .iter()
        .map(|it| it.ident.to_string())
        .collect();
    let (last, around) = names.split_last()?;
    let is_known = match around {
        [] => KNOWN.contains(&&**last),
        [one] => one == "gw" && OURS.contains(&&**last),
        _ => false,
    };
    let of = match &path.path.segments.last()?.arguments {
        PathArguments::AngleBracketed(of) => of.args.iter(),
        _ => return is_known.then(|| (last.clone(), Vec::new())),
    };
    let of = of.filter_map(|it| match it {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    is_known.then(|| (last.clone(), of.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_certain_differs() {
        for (found, wanted) in [
            ("i32", "Option<i32>"),
            ("gw::Result<Option<gw::Book>>", "gw::Result<Vec<gw::Book>>"),
            ("gw::Result<i32>", "gw::Result<f64>"),
            ("gw::Nullable<String>", "Option<String>"),
            ("&[&gw::Book]", "i32"),
        ] {
            assert!(differ(found, wanted), "{found} {wanted}");
            assert!(differ(wanted, found), "{found} {wanted}");
        }
        for (found, wanted) in [
            ("String", "gw::Slug"),
            ("Vec<u8>", "gw::Bytes"),
            ("Titles", "Vec<String>"),
            ("&'_ gw::Context", "&gw::Context"),
            ("&[&gw::Book]", "gw::Books"),
            ("gw::types::Result", "gw::Result<i32>"),
            ("crate::generated::Result<i32>", "gw::Result<f64>"),
            ("std::vec::Vec<String>", "Vec<String>"),
            ("gw::Result<Vec<gw::Book>>", "gw::Result< Vec<gw::Author> >"),
            ("impl Copy", "i32"),
        ] {
            assert!(!differ(found, wanted), "{found} {wanted}");
        }
    }
}
