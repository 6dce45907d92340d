//! A group of operations: its struct, and its operations spread over modules of a readable size.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::doc::Prose;
use super::object::plain;
use super::operation::Endpoint;
use super::scope::{Context, Scope};
use super::{Module, Part, Use, replies};
use crate::names::Resource;

/// A module of operations is split when it would have more lines than about these.
const MANY: usize = 2_500;
/// Groups of fewer lines than about these share a module.
const FEW: usize = 300;

/// What one of a resource's modules holds.
#[derive(Debug)]
pub(super) enum Share {
    /// The resource and all of its operations.
    Whole,
    /// The resource without its operations, which are in the modules of these names.
    Head(Vec<String>),
    /// The operations whose names start with a word, by index.
    Group(String, Vec<usize>),
}

/// How a resource is spread over modules.
pub(super) fn shares(context: Context<'_>, resource: &Resource) -> Vec<Share> {
    if lines(context, &resource.operations) <= MANY {
        return vec![Share::Whole];
    }
    let groups = groups(context, resource);
    let mut shares = vec![Share::Head(groups.keys().cloned().collect())];
    shares.extend(
        groups
            .into_iter()
            .map(|(group, members)| Share::Group(group, members)),
    );
    shares
}

/// One of the modules of a resource.
pub(super) fn module(
    context: Context<'_>,
    (index, resource): (usize, &Resource),
    share: &Share,
) -> Module {
    let name = plain(&resource.module);
    let position = replies::position(context, resource);
    let shared = match share {
        Share::Group(..) => Vec::new(),
        _ => replies::items(context, position),
    };
    match share {
        Share::Whole => {
            let mut module = head(context, (index, resource), format!("{name}.rs"));
            module
                .items
                .extend(operations(context, resource, &resource.operations));
            module.items.extend(shared);
            let imports = super::imports(context, quote!(super));
            module.uses.push(imports);
            module
        }
        Share::Head(groups) => {
            let mut head = head(context, (index, resource), format!("{name}/mod.rs"));
            head.items.extend(shared);
            // The operations stand in the modules below, and with them what they need.
            let imports = super::imports(context, quote!(super));
            head.uses.push(imports);
            for group in groups {
                let ident = module_ident(group);
                head.uses.push(Use::Item(quote!(mod #ident;)));
                head.uses.push(Use::Item(quote!(pub use self::#ident::*;)));
            }
            head
        }
        Share::Group(group, members) => {
            let ty = &resource.ty;
            let items = operations(context, resource, members);
            let mut head = replies::names(context, position, members);
            head.push(ty);
            head.sort_unstable();
            Module {
                path: format!("{name}/{}.rs", plain(&module_ident(group))),
                doc: Prose::own(&format!(
                    "Operations of `{ty}` by their first word: `{group}`."
                )),
                uses: vec![
                    Use::Item(match head.as_slice() {
                        [only] => quote!(use super::#only;),
                        several => quote!(use super::{#(#several),*};),
                    }),
                    super::imports(context, quote!(super::super)),
                ],
                items,
                part: Part::Resource,
            }
        }
    }
}

fn head(context: Context<'_>, (index, resource): (usize, &Resource), path: String) -> Module {
    let ty = &resource.ty;
    let doc = doc(resource);
    let mut of_module = doc.clone();
    context.tell_feature(index, &mut of_module);
    Module {
        path,
        doc: of_module,
        uses: Vec::new(),
        items: vec![quote! {
            #doc
            pub struct #ty<'c> {
                pub(super) core: &'c runtime::Core,
            }

            runtime::resource! { #ty }
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

/// About how many lines the operations take: a function with its comment and example, a request, a setter for each
/// parameter, a variant for each error.
fn lines(context: Context<'_>, operations: &[usize]) -> usize {
    let operations = operations
        .iter()
        .map(|index| &context.api.operations[*index]);
    operations
        .map(|operation| {
            let said = operation.doc.description.as_ref().map_or(0, String::len) / 80;
            60 + said + operation.parameters.len() * 10 + operation.errors.len() * 6
        })
        .sum()
}

/// The operations by the first word of their name, by the first two where those are many, and in order where even
/// those are. What is left is together.
fn groups(context: Context<'_>, resource: &Resource) -> BTreeMap<String, Vec<usize>> {
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let method = |index: usize| plain(&context.names.operations[index].method);
    for index in &resource.operations {
        groups
            .entry(words(&method(*index), 1))
            .or_default()
            .push(*index);
    }
    let large = |all: &Vec<usize>| lines(context, all) > MANY;
    for (_, all) in taken(&mut groups, large) {
        for index in all {
            groups
                .entry(words(&method(index), 2))
                .or_default()
                .push(index);
        }
    }
    let small = |all: &Vec<usize>| lines(context, all) < FEW;
    let small = taken(&mut groups, small);
    let mut others: Vec<usize> = small.into_iter().flat_map(|(_, all)| all).collect();
    others.sort_unstable();
    if !others.is_empty() {
        groups
            .entry("others".to_owned())
            .or_default()
            .extend(others);
    }
    for (name, all) in taken(&mut groups, large) {
        for (number, chunk) in chunks(context, &all).into_iter().enumerate() {
            let name = if number == 0 {
                name.clone()
            } else {
                format!("{name}_{}", number + 1)
            };
            groups.entry(name).or_default().extend(chunk);
        }
    }
    groups
}

/// Removes the groups that answer a question with yes.
fn taken(
    groups: &mut BTreeMap<String, Vec<usize>>,
    asked: impl Fn(&Vec<usize>) -> bool,
) -> Vec<(String, Vec<usize>)> {
    let (taken, left) = std::mem::take(groups)
        .into_iter()
        .partition(|(_, all)| asked(all));
    *groups = left;
    let taken: BTreeMap<_, _> = taken;
    taken.into_iter().collect()
}

/// Cuts operations, in their order, into pieces of a readable size.
fn chunks(context: Context<'_>, operations: &[usize]) -> Vec<Vec<usize>> {
    let mut chunks: Vec<Vec<usize>> = vec![Vec::new()];
    for index in operations {
        let last = chunks.last().map_or(0, |chunk| lines(context, chunk));
        if last > 0 && last + lines(context, &[*index]) > MANY {
            chunks.push(Vec::new());
        }
        chunks.last_mut().expect("there is a first").push(*index);
    }
    chunks
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
