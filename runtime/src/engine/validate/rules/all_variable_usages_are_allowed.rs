//! All Variable Usages Are Allowed: <https://spec.graphql.org/September2025/#sec-All-Variable-Usages-Are-Allowed>

use crate::engine::schema::TypeRef;
use crate::engine::syntax::Wrap;
use crate::engine::validate::Context;
use crate::engine::validate::walked::{Place, UseOf, VariableOf};

/// `IsVariableUsageAllowed()`
#[inline]
pub(in crate::engine::validate) fn check(
    cx: &mut Context<'_, '_>,
    variable: &VariableOf,
    used: &UseOf,
) {
    let (Some(place), Some(ty)) = (used.place, variable.ty) else {
        return;
    };
    if ty.no != place.ty.no || !fits(ty.wrap, variable.default, place) {
        refuse(cx, ty, used, place);
    }
}

fn fits(variable: Wrap, default: bool, place: Place) -> bool {
    let wanted = place.ty.wrap;
    let required = wanted.is_non_null() || place.one_of;
    if !required || variable.is_non_null() {
        return compatible(variable, wanted);
    }
    (default || place.default) && compatible(variable, wanted.nullable())
}

/// `AreTypesCompatible()`, apart from the named types.
fn compatible(variable: Wrap, place: Wrap) -> bool {
    let (mut variable, mut place) = (variable, place);
    loop {
        if place.is_non_null() && !variable.is_non_null() {
            return false;
        }
        match (variable.item(), place.item()) {
            (Some(inner), Some(wanted)) => (variable, place) = (inner, wanted),
            (None, None) => return true,
            _ => return false,
        }
    }
}

#[cold]
fn refuse(cx: &mut Context<'_, '_>, ty: TypeRef, used: &UseOf, place: Place) {
    let name = cx.document.variables[used.variable as usize];
    let is = cx.schema.show(ty);
    let only_null = place.one_of && ty.no == place.ty.no && compatible(ty.wrap, place.ty.wrap);
    let message = if only_null {
        format!(
            "the variable `${name}` is `{is}`; in a `@oneOf` input object it must not be nullable"
        )
    } else {
        let wanted = cx.schema.show(place.ty);
        format!("the variable `${name}` is `{is}`, which does not fit `{wanted}` here")
    };
    cx.found.add(used.at, message);
}
