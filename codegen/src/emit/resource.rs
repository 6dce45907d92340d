//! A group of operations: its struct, and its operations spread over modules of a readable size.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::doc::Prose;
use super::object::plain;
use super::operation::Endpoint;
use super::scope::{Context, Scope};
use super::{Module, Part};
use crate::names::Resource;

/// More operations than these are spread over modules.
const MANY: usize = 40;
/// Groups smaller than this share a module.
const FEW: usize = 5;

/// The modules of a resource.
pub(super) fn modules(context: Context<'_>, resource: &Resource) -> Vec<Module> {
    let name = plain(&resource.module);
    if resource.operations.len() <= MANY {
        let mut module = head(resource, format!("{name}.rs"));
        module
            .items
            .extend(operations(context, resource, &resource.operations));
        module
            .uses
            .push(super::imports(&module.items, &quote!(super)));
        return vec![module];
    }
    let groups = groups(context, resource);
    let mut head = head(resource, format!("{name}/mod.rs"));
    // The operations stand in the modules below, and with them what they need.
    head.uses.push(quote!(
        use super::runtime;
    ));
    let mut modules = Vec::new();
    for (group, members) in groups {
        let ident = module_ident(&group);
        head.uses.push(quote!(mod #ident;));
        head.uses.push(quote!(pub use self::#ident::*;));
        let ty = &resource.ty;
        let items = operations(context, resource, &members);
        let module = Module {
            path: format!("{name}/{}.rs", plain(&ident)),
            doc: Prose::own(&format!(
                "Operations of `{ty}` by their first word: `{group}`."
            )),
            uses: vec![
                quote!(use super::#ty;),
                super::imports(&items, &quote!(super::super)),
            ],
            items,
            part: Part::Resource,
        };
        modules.push(module);
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

/// The operations by the first word of their name, and where those are many by the first two.
fn groups(context: Context<'_>, resource: &Resource) -> BTreeMap<String, Vec<usize>> {
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let method = |index: usize| plain(&context.names.operations[index].method);
    for index in &resource.operations {
        groups
            .entry(words(&method(*index), 1))
            .or_default()
            .push(*index);
    }
    let large: Vec<_> = groups
        .iter()
        .filter(|(_, all)| all.len() > MANY)
        .map(|(group, _)| group.clone())
        .collect();
    for group in large {
        for index in groups.remove(&group).unwrap_or_default() {
            groups
                .entry(words(&method(index), 2))
                .or_default()
                .push(index);
        }
    }
    let small: Vec<_> = groups
        .iter()
        .filter(|(_, all)| all.len() < FEW)
        .map(|(group, _)| group.clone())
        .collect();
    let mut others = Vec::new();
    for group in small {
        others.extend(groups.remove(&group).unwrap_or_default());
    }
    others.sort_unstable();
    for (number, chunk) in others.chunks(MANY).enumerate() {
        let name = if number == 0 {
            "others".to_owned()
        } else {
            format!("others{}", number + 1)
        };
        groups.entry(name).or_default().extend(chunk);
    }
    groups
}

fn words(name: &str, count: usize) -> String {
    let words: Vec<_> = name
        .split('_')
        .filter(|word| !word.is_empty())
        .take(count)
        .collect();
    words.join("_")
}

/// A module's name from the word of a method, which may be a word of Rust's.
fn module_ident(word: &str) -> Ident {
    match syn::parse_str::<Ident>(word) {
        Ok(ident) => ident,
        Err(_) => format_ident!("{}_", word.trim_start_matches(|c: char| !c.is_alphabetic())),
    }
}
