//! Methods that cannot be what the lock says they are: after a merge of branches that took one side's stubs and the other
//! side's lock.
//!
//! In: a method, what is wanted. Out: whether rustc is certain to refuse it, and edits after which it is not.
//! Must not know: whether the user wants them.
//!
//! Only certainty counts: a name out of the schema may be bound to any Rust type, and so may a name of the user's, so these
//! fit everything. What is left are lists, nullability, and the scalars of the language.

use super::edit::Edit;
use super::follow::{Followed, follow};
use super::scan::{Method, Param};
use super::signature::{Signature, role};
use super::{Stub, WantedMethod};
use crate::lock::Fingerprint;
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

/// Edits of the signature that lead to the wanted one; a type that may be right already stays. `None` where a parameter
/// cannot be told from the others.
pub(super) fn catch_up(
    old: &str,
    method: &Method,
    want: &WantedMethod,
    say: &dyn Fn(&str) -> String,
) -> Option<Vec<Edit>> {
    let stub = Stub {
        coordinate: want.coordinate.clone(),
        signature: assumed(old, method, want)?.text(),
        written: Fingerprint::of(""),
    };
    match follow(old, method, want, &[&stub], say) {
        Followed::Edits(edits) => Some(edits),
        Followed::Same | Followed::Unclear => None,
    }
}

/// What must have been wanted for the method to stand as it does: whatever may be what is wanted now, is.
fn assumed(old: &str, method: &Method, want: &WantedMethod) -> Option<Signature> {
    let type_of = |found: &str, wanted: &str| match differ(found, wanted) {
        true => found.to_owned(),
        false => wanted.to_owned(),
    };
    let wanted = &want.signature.params;
    let name_of = |param: &Param| name(&old[param.range.start..param.ty.start]);
    let names: Vec<&str> = method.params.iter().filter_map(name_of).map(role).collect();
    // What the user calls otherwise stands where it stood, if there are as many.
    let same_count = method.params.len() == wanted.len();
    let free = |known: &str| same_count && !names.contains(&role(known));
    let param = |(i, param): (usize, &Param)| {
        let (found, name) = (&old[param.ty.clone()], name_of(param));
        let named = |name: &str| wanted.iter().find(|(known, _)| role(known) == role(name));
        // The context and the parents come first, whatever they are called.
        let first = |known: &str| matches!(role(known), "cx" | "parent");
        let placed = wanted.get(i).filter(|(it, _)| free(it) || first(it));
        match (name.and_then(named).or(placed), name) {
            (Some((known, ty)), _) => Some((known.clone(), type_of(found, ty))),
            (None, Some(name)) => Some((name.to_owned(), found.to_owned())),
            (None, None) => None,
        }
    };
    Some(Signature {
        params: method
            .params
            .iter()
            .enumerate()
            .map(param)
            .collect::<Option<_>>()?,
        returns: type_of(&old[method.returns.clone()?], &want.signature.returns),
    })
}

/// The name that a pattern with its colon binds, if it is nothing else.
fn name(pattern: &str) -> Option<&str> {
    let name = pattern.trim_end().strip_suffix(':')?.trim_end();
    let name = name.strip_prefix("mut ").unwrap_or(name).trim_start();
    let is_name = syn::parse_str::<syn::Ident>(name.strip_prefix("r#").unwrap_or(name)).is_ok();
    (is_name || name.starts_with("r#")).then_some(name)
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
