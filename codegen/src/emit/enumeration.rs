//! An enum of known values that stays open for others.

use proc_macro2::TokenStream;
use quote::quote;

use super::doc::{Prose, code};
use super::scope::Context;
use super::types::type_doc;
use crate::ir::{Enumeration, EnumerationKind, TypeId};
use crate::names::Ident;

/// The enum.
pub(super) fn definition(
    context: Context<'_>,
    id: TypeId,
    name: &Ident,
    enumeration: &Enumeration,
) -> TokenStream {
    let doc = type_doc(context, id);
    let variants = enumeration
        .values
        .iter()
        .zip(context.members(id))
        .map(|(value, ident)| {
            let said = code(&value.value, 200).map_or_else(
                || "A value of the document.".to_owned(),
                |code| format!("The value {code}."),
            );
            let doc = Prose::new(None, value.doc.as_deref(), &said);
            quote! { #doc #ident, }
        });
    let (derives, unknown) = match enumeration.kind {
        // The macro of their codec has `Debug` and `PartialEq`, which cost the compiler less by the value than by variants.
        EnumerationKind::String => (quote!(Clone), quote!(String)),
        EnumerationKind::Integer => (quote!(Clone, Copy), quote!(i64)),
        EnumerationKind::Mixed => (quote!(Clone, Debug, PartialEq), quote!(runtime::Value)),
    };
    quote! {
        #doc
        #[derive(#derives)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            /// A value that the document does not list.
            Unknown(#unknown),
        }
    }
}
