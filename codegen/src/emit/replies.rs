//! What operations have in common of their replies: enums of errors and structs of headers.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::doc::Prose;
use super::errors::Errors;
use super::headers::Headers;
use super::operation::Endpoint;
use super::scope::{Context, Scope};
use super::{Module, Part, Use, gate};
use crate::names::{Ident, ReplyItem, Resource, SharedReply};

/// The modules of what several resources have in common: none where they have nothing, else one, or one for each group of
/// features that need the same.
pub(super) fn modules(context: Context<'_>) -> Vec<Module> {
    let Some(name) = name(context) else {
        return Vec::new();
    };
    let name = name.unraw();
    let module = |path: String, uses: Vec<Use>, items| Module {
        path,
        doc: doc(),
        uses,
        items,
        part: Part::Resource,
    };
    let Some(features) = context.features() else {
        let items = items(context, None);
        let uses = vec![super::imports(context, quote!(super))];
        return vec![module(format!("{name}.rs"), uses, items)];
    };
    let groups = || features.replies.iter();
    let declared = groups().flat_map(|group| {
        let module = &group.module;
        let gate = gate::any(group.features.iter().map(String::as_str));
        [
            quote!(
                #gate
                pub use self::#module::*;
            ),
            quote!(#gate mod #module;),
        ]
    });
    let mut modules = vec![Module {
        path: format!("{name}/mod.rs"),
        doc: doc(),
        uses: declared.map(Use::Item).collect(),
        items: Vec::new(),
        part: Part::Index,
    }];
    modules.extend(groups().map(|group| {
        let shared = group.items.iter();
        let shared = shared.filter_map(|position| context.names.replies.items.get(*position));
        let items: Vec<_> = shared.flat_map(|shared| item(context, shared)).collect();
        let path = format!("{name}/{}.rs", group.module.unraw());
        let (uses, items) = with_xml_gated(context, items);
        module(path, uses, items)
    }));
    modules
}

/// The imports of items in a module of a group, and the items. What reads XML is there with the feature `xml`, which the
/// features of those who use it turn on.
fn with_xml_gated(context: Context<'_>, items: Vec<TokenStream>) -> (Vec<Use>, Vec<TokenStream>) {
    let head = quote!(super::super);
    let reads_xml = |item: &TokenStream| super::mentions(std::slice::from_ref(item), "xml_codec");
    if context.xml.is_empty() || !items.iter().any(reads_xml) {
        return (vec![super::imports(context, head)], items);
    }
    let gate = quote!(#[cfg(feature = "xml")]);
    let modules = ["runtime", "types"].into_iter();
    let modules = modules.filter(|name| super::mentions(&items, name));
    let modules = modules.map(|name| format_ident!("{name}"));
    let uses = vec![
        Use::Item(quote!(
            #[allow(unused_imports, reason = "of what reads XML")]
            use #head::{#(#modules),*};
        )),
        Use::Item(quote!(
            #gate
            use #head::xml_codec;
        )),
    ];
    let items = items.into_iter().map(|item| {
        let gate = reads_xml(&item).then_some(&gate);
        quote!(#gate #item)
    });
    (uses, items.collect())
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
