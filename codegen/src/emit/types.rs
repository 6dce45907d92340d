//! The items of a type, whatever its shape, and the words about it.

use proc_macro2::TokenStream;
use quote::quote;

use super::doc::{Prose, notes};
use super::enumeration;
use super::object::{Struct, wire};
use super::scope::{Context, Scope};
use super::union::Choice;
use crate::ir::{Origin, Shape, TypeId};

/// The items that define a type; none for one that is written in place.
pub(super) fn items(scope: &Scope<'_>, id: TypeId) -> Vec<TokenStream> {
    let Some(name) = scope.context.name(id) else {
        return Vec::new();
    };
    match &scope.context.ty(id).shape {
        Shape::Object(object) => Struct { scope, id, object }.items(name),
        Shape::Union(union) => Choice { scope, id, union }.items(name),
        Shape::Enumeration(enumeration) => {
            vec![enumeration::definition(
                scope.context,
                id,
                name,
                enumeration,
            )]
        }
        Shape::Newtype(target) => {
            let doc = type_doc(scope.context, id);
            let target = scope.used(*target);
            vec![quote! {
                #doc
                #[derive(Clone, Debug, PartialEq)]
                pub struct #name(pub #target);
            }]
        }
        shape => {
            let doc = type_doc(scope.context, id);
            let target = scope.in_place(shape);
            vec![quote! { #doc pub type #name = #target; }]
        }
    }
}

/// The setters of a wide struct for the `piece`th file after its own; none after the last.
pub(super) fn further(scope: &Scope<'_>, id: TypeId, piece: usize) -> Option<TokenStream> {
    let usage = scope.context.ty(id).usage;
    match &scope.context.ty(id).shape {
        Shape::Object(object) if usage.request || usage.multipart => {
            Struct { scope, id, object }.further(scope.context.name(id)?, piece)
        }
        _ => None,
    }
}

/// The doc comment of a type.
pub(super) fn type_doc(context: Context<'_>, id: TypeId) -> Prose {
    let ty = context.ty(id);
    let mut doc = Prose::of(&ty.doc, &fallback(&ty.origin));
    // An example of a whole object says little in a line.
    let said = crate::ir::Doc {
        example: None,
        ..ty.doc.clone()
    };
    doc.paragraph(&notes(&said, &[&ty.constraints]));
    if matches!(ty.shape, Shape::Object(_) | Shape::Union(_)) && context.validation.has(id) {
        doc.paragraph("`validate()` checks the limits of its values (feature `validate`).");
    }
    doc
}

fn fallback(origin: &Origin) -> String {
    match origin {
        Origin::Component(name) => format!("The schema {}.", wire(name)),
        Origin::Titled { title, .. } => format!("The schema {}.", wire(title)),
        Origin::Inline(words) | Origin::Shared(words) => {
            format!("The schema of {}.", wire(&words.join(".")))
        }
    }
}
