//! A group of operations: its struct, and its operations spread over modules of a readable size.

use proc_macro2::TokenStream;
use quote::quote;

use super::doc::Prose;
use super::object::plain;
use super::operation::Endpoint;
use super::scope::{Context, Scope};
use super::{Module, Part};
use crate::names::Resource;

/// The modules of a resource: one, or a head and the parts into which its operations are split.
pub(super) fn modules(context: Context<'_>, resource: &Resource) -> Vec<Module> {
    let name = plain(&resource.module);
    if let [] | [_] = resource.files.as_slice() {
        let mut module = head(resource, format!("{name}.rs"));
        module
            .items
            .extend(operations(context, resource, &resource.operations));
        module
            .uses
            .push(super::imports(&module.items, &quote!(super)));
        return vec![module];
    }
    let mut head = head(resource, format!("{name}/mod.rs"));
    head.uses.push(quote!(
        use super::runtime;
    ));
    let mut modules = Vec::new();
    for (file, indexes) in &resource.files {
        let ty = &resource.ty;
        let items = operations(context, resource, indexes);
        head.uses.push(quote!(mod #file;));
        head.uses.push(quote!(pub use self::#file::*;));
        modules.push(Module {
            path: format!("{name}/{}.rs", plain(file)),
            doc: Prose::own(&format!("A part of the operations of `{name}`.")),
            uses: vec![
                quote!(use super::#ty;),
                super::imports(&items, &quote!(super::super)),
            ],
            items,
            part: Part::Resource,
        });
    }
    modules.insert(0, head);
    modules
}

fn head(resource: &Resource, path: String) -> Module {
    let ty = &resource.ty;
    let doc = doc(resource);
    Module {
        path,
        doc: doc.clone(),
        uses: Vec::new(),
        items: vec![quote! {
            #doc
            #[derive(Clone, Copy, Debug)]
            pub struct #ty<'c> {
                pub(super) core: &'c runtime::Core,
            }
        }],
        part: Part::Resource,
    }
}

/// What a resource is, in the words of its tag.
pub(super) fn doc(resource: &Resource) -> Prose {
    let name = plain(&resource.module);
    let fallback = format!("The operations of `{name}`.");
    Prose::new(None, resource.description.as_deref(), &fallback)
}

fn operations(context: Context<'_>, resource: &Resource, indexes: &[usize]) -> Vec<TokenStream> {
    let scope = Scope::outside(context);
    let endpoints: Vec<_> = indexes
        .iter()
        .filter_map(|index| Endpoint::of(&scope, *index))
        .collect();
    let ty = &resource.ty;
    let functions = endpoints.iter().map(Endpoint::function);
    let mut items = vec![quote! {
        impl #ty<'_> { #(#functions)* }
    }];
    items.extend(endpoints.iter().flat_map(Endpoint::items));
    items
}
