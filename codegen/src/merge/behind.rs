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
use std::collections::BTreeSet;
use std::ops::Range;
use syn::{GenericArgument, PathArguments, Type};

/// Whether the method has another number of parameters, or a type of another shape, than its trait.
pub(super) fn is_behind(old: &str, method: &Method, want: &WantedMethod) -> bool {
    let wanted = &want.signature;
    // A `cfg` may decide about it.
    let attributed = |range: &Range<usize>| old[range.clone()].starts_with('#');
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
    let type_of = |range: &Range<usize>, wanted: &str| match &old[range.clone()] {
        found if !differ(found, wanted) => Some(wanted.to_owned()),
        // A comment inside is the user's, and with it the type.
        found if found.contains("//") || found.contains("/*") => None,
        found => Some(found.to_owned()),
    };
    let wanted = &want.signature.params;
    let param = |(param, place): (&Param, Option<usize>)| match place.map(|i| &wanted[i]) {
        Some((known, ty)) => Some((known.clone(), type_of(&param.ty, ty)?)),
        None => Some((
            name(old, param)?.to_owned(),
            old[param.ty.clone()].to_owned(),
        )),
    };
    let places = places(old, method, wanted)?;
    let params = method.params.iter().zip(places).map(param);
    Some(Signature {
        params: params.collect::<Option<_>>()?,
        returns: type_of(&method.returns.clone()?, &want.signature.returns)?,
    })
}

/// Which of the wanted parameters each one is, if any. `None` where that is open.
fn places(old: &str, method: &Method, wanted: &[(String, String)]) -> Option<Vec<Option<usize>>> {
    let called = |param: &Param| {
        let name = role(name(old, param)?);
        // As one that is not used yet is called.
        let name = name.strip_prefix('_').unwrap_or(name);
        wanted.iter().position(|(known, _)| role(known) == name)
    };
    let mut places: Vec<Option<usize>> = method.params.iter().map(called).collect();
    // The context and the parents come first, whatever they are called.
    for (i, (known, ty)) in wanted.iter().enumerate().take(places.len().min(2)) {
        let found = &old[method.params[i].ty.clone()];
        let is_first = matches!(role(known), "cx" | "parent") && !differ(found, ty);
        if is_first && places[i].is_none() && !places.contains(&Some(i)) {
            places[i] = Some(i);
        }
    }
    let mut seen = BTreeSet::new();
    if !places.iter().flatten().all(|place| seen.insert(*place)) {
        return None;
    }
    let others: Vec<usize> = (0..places.len()).filter(|i| places[*i].is_none()).collect();
    let missing: Vec<usize> = (0..wanted.len()).filter(|i| !seen.contains(i)).collect();
    match (&others[..], &missing[..]) {
        ([], _) | (_, []) => {}
        // The only one with another name stands where it stood.
        ([other], [one]) if other == one && places.len() == wanted.len() => {
            places[*other] = Some(*one);
        }
        _ => return None,
    }
    Some(places)
}

/// The name that a parameter has, if its pattern is nothing else.
fn name<'o>(old: &'o str, param: &Param) -> Option<&'o str> {
    let pattern = &old[param.range.start..param.ty.start];
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
