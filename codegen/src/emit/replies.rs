//! What operations have in common of their replies: enums of errors and structs of headers.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::doc::Prose;
use super::errors::Errors;
use super::headers::Headers;
use super::operation::Endpoint;
use super::scope::{Context, Scope};
use super::{Module, Part};
use crate::names::{Ident, ReplyItem, Resource, SharedReply};

/// The module of what several resources have in common; none where they have nothing.
pub(super) fn module(context: Context<'_>) -> Option<Module> {
    let name = name(context)?;
    let items = items(context, None);
    Some(Module {
        path: format!("{}.rs", name.unraw()),
        doc: doc(),
        uses: vec![super::imports(context, &items, &quote!(super))],
        items,
        part: Part::Resource,
    })
}

/// The declaration of the module.
pub(super) fn declaration(context: Context<'_>) -> Option<TokenStream> {
    let name = name(context)?;
    Some(quote!(pub mod #name;))
}

/// The name of the module, where there is one.
fn name(context: Context<'_>) -> Option<&Ident> {
    let replies = &context.names.replies;
    let mut shared = replies.items.iter();
    let has_module = shared.any(|shared| shared.home().is_none());
    has_module.then_some(&replies.module)
}

fn doc() -> Prose {
    Prose::own("Documented errors and headers that operations of several resources have in common.")
}

/// What the operations of one resource have in common, or without one those of several.
pub(super) fn items(context: Context<'_>, resource: Option<usize>) -> Vec<TokenStream> {
    let shared = context.names.replies.items.iter();
    let shared = shared.filter(|shared| shared.home() == resource);
    shared.flat_map(|shared| item(context, shared)).collect()
}

/// The names of what stands in the module of the resource and is used in one below it, by these operations.
pub(super) fn names<'a>(
    context: Context<'a>,
    resource: Option<usize>,
    operations: &[usize],
) -> Vec<&'a Ident> {
    let operations: HashSet<&usize> = operations.iter().collect();
    let shared = context.names.replies.items.iter();
    let shared = shared.filter(|shared| shared.home().is_some() && shared.home() == resource);
    let used = shared.filter(|shared| {
        let mut uses = shared.uses.iter();
        uses.any(|(operation, _)| operations.contains(operation))
    });
    used.map(|shared| &shared.name).collect()
}

/// The position of a resource.
pub(super) fn position(context: Context<'_>, resource: &Resource) -> Option<usize> {
    let first = context
        .names
        .operations
        .get(*resource.operations.first()?)?;
    Some(first.resource)
}

fn item(context: Context<'_>, shared: &SharedReply) -> Vec<TokenStream> {
    let scope = Scope::outside(context);
    let first = shared.uses.first();
    let Some((endpoint, item)) =
        first.and_then(|(index, item)| Some((Endpoint::of(&scope, *index)?, *item)))
    else {
        return Vec::new();
    };
    match item {
        ReplyItem::Errors => Errors::of(&endpoint).shared_items(shared),
        ReplyItem::Headers | ReplyItem::ErrorHeaders => {
            Headers::item(&endpoint, item).shared_items(shared)
        }
    }
}
