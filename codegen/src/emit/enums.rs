//! What an enum of the schema can do: be written, be read.
//!
//! In: enums of the plan. Out: items. Must not know: JSON, input.

use crate::plan::{Enum, ident};
use proc_macro2::TokenStream;
use quote::quote;

/// Everything that values of the enum need, made by the runtime from their names.
pub(super) fn emit(ty: &Enum) -> TokenStream {
    let (name, gql) = (ident(&ty.name), &ty.gql);
    quote! { __gw::enumeration!(super::types::#name, #gql); }
}
