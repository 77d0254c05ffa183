//! What an enum of the schema can do: be written, be read.
//!
//! In: enums of the plan. Out: items. Must not know: JSON, input.

use super::tokens::{Tokens, ident, quote};
use crate::plan::Enum;

/// Everything that values of the enum need, made by the runtime from their names.
pub(super) fn emit(ty: &Enum) -> Tokens {
    let (name, gql) = (ident(&ty.name), &ty.gql);
    quote! { __gw::enumeration!(super::types::#name, #gql); }
}
