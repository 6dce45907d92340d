//! An enum of types.

use std::collections::{BTreeSet, HashMap};

use heck::ToSnakeCase as _;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::doc::Prose;
use super::object::{plain, wire};
use super::scope::{Context, Scope};
use super::types::type_doc;
use crate::ir::{Shape, TypeId, TypeRef, Union, Variant};
use crate::names::Ident;

/// An enum of types and the conversions into it.
pub(super) struct Choice<'a> {
    pub(super) scope: &'a Scope<'a>,
    pub(super) id: TypeId,
    pub(super) union: &'a Union,
}

impl Choice<'_> {
    /// The items: the enum, and `From` for every member that only one variant holds.
    pub(super) fn items(&self, name: &Ident) -> Vec<TokenStream> {
        let mut items = vec![self.definition(name)];
        items.push(self.views(name));
        items.extend(self.conversions(name));
        items.extend(super::conversion::union_from_response(self));
        items
    }

    /// `as_…` for every member.
    fn views(&self, name: &Ident) -> TokenStream {
        let mut taken = BTreeSet::from(["as_ref".to_owned(), "as_mut".to_owned()]);
        let views = self.variants().map(|(variant, ident)| {
            let word = plain(ident).to_snake_case();
            let base = format!("as_{word}");
            let mut view = base.clone();
            let mut count = 1;
            while !taken.insert(view.clone()) {
                count += 1;
                view = format!("{base}_{count}");
            }
            let view = format_ident!("{view}");
            let held = held(self.scope.context, variant.ty);
            let boxed = held.boxed && !self.scope.context.nullable(variant.ty);
            let text = matches!(self.scope.context.shape(variant.ty), Shape::String)
                && !self.scope.context.nullable(variant.ty);
            let ty = if text {
                quote!(str)
            } else if boxed {
                self.scope.base(variant.ty.id)
            } else {
                self.scope.used(held)
            };
            let doc = Prose::own(&format!(
                "The member [`Self::{}`], if it is one.",
                plain(ident)
            ));
            quote! {
                #doc
                #[inline]
                pub fn #view(&self) -> Option<&#ty> {
                    match self {
                        Self::#ident(value) => Some(value),
                        _ => None,
                    }
                }
            }
        });
        quote!(impl #name { #(#views)* })
    }

    fn definition(&self, name: &Ident) -> TokenStream {
        let doc = type_doc(self.scope.context, self.id);
        let variants = self.variants().map(|(variant, ident)| {
            let doc = Prose::new(None, variant.doc.as_deref(), &self.said(variant));
            let ty = self.scope.used(held(self.scope.context, variant.ty));
            quote! { #doc #ident(#ty), }
        });
        quote! {
            #doc
            #[derive(Clone)]
            #[non_exhaustive]
            pub enum #name {
                #(#variants)*
                /// A value that is none of the others.
                Unknown(runtime::Value),
            }
        }
    }

    fn said(&self, variant: &Variant) -> String {
        match (
            &self.union.tag,
            variant.tags.iter().find(|tag| !tag.contains('/')),
        ) {
            (Some(property), Some(tag)) => {
                format!("The member whose {} is {}.", wire(property), wire(tag))
            }
            _ => format!("The member {}.", wire(&variant.hint)),
        }
    }

    fn conversions(&self, name: &Ident) -> Vec<TokenStream> {
        let mut holders: HashMap<String, usize> = HashMap::new();
        for variant in &self.union.variants {
            *holders.entry(self.identity(variant)).or_default() += 1;
        }
        let mut items = Vec::new();
        for (variant, ident) in self.variants() {
            let alone = holders.get(&self.identity(variant)) == Some(&1);
            let itself = self.scope.context.api.types.unalias(variant.ty).id == self.id;
            if !alone || itself || self.scope.context.nullable(variant.ty) {
                continue;
            }
            let member = self.scope.base(variant.ty.id);
            let value = if held(self.scope.context, variant.ty).boxed {
                quote!(Box::new(value))
            } else {
                quote!(value)
            };
            items.push(quote! {
                impl From<#member> for #name {
                    #[inline]
                    fn from(value: #member) -> Self {
                        Self::#ident(#value)
                    }
                }
            });
            if matches!(self.scope.context.shape(variant.ty), Shape::String) {
                items.push(quote! {
                    impl From<&str> for #name {
                        #[inline]
                        fn from(value: &str) -> Self {
                            Self::#ident(value.to_owned())
                        }
                    }
                });
            }
        }
        items
    }

    /// What tells a member's Rust type from another's: two aliases of one type are the same.
    fn identity(&self, variant: &Variant) -> String {
        identity(self.scope, variant.ty, 0)
    }

    fn variants(&self) -> impl Iterator<Item = (&Variant, &Ident)> {
        self.union
            .variants
            .iter()
            .zip(self.scope.context.members(self.id))
    }
}

/// What a variant holds. Objects are boxed: the enum stays small, and keeps its type when the
/// document adds a property to one of them.
pub(super) fn held(context: Context<'_>, reference: TypeRef) -> TypeRef {
    let large = matches!(context.shape(reference), Shape::Object(_) | Shape::Tuple(_));
    TypeRef {
        boxed: reference.boxed || large,
        ..reference
    }
}

/// What tells a Rust type from another: two aliases of one type are the same.
pub(super) fn identity(scope: &Scope<'_>, reference: TypeRef, depth: usize) -> String {
    let target = scope.context.api.types.unalias(reference);
    let nullable = if target.nullable { "?" } else { "" };
    let inner = |item: TypeRef| {
        if depth > 16 {
            String::new()
        } else {
            identity(scope, item, depth + 1)
        }
    };
    let name = match &scope.context.ty(target.id).shape {
        Shape::Array(item) => format!("[{}]", inner(*item)),
        Shape::Map(value) => format!("{{{}}}", inner(*value)),
        Shape::Tuple(items) => items.iter().map(|item| inner(*item) + ",").collect(),
        Shape::Object(_) | Shape::Enumeration(_) | Shape::Union(_) | Shape::Newtype(_) => {
            // Types may share a name, and are one in Rust then.
            match scope.context.name(target.id) {
                Some(name) => format!("#{name}"),
                None => format!("#{}", target.id.index()),
            }
        }
        shape => scope.in_place(shape).to_string(),
    };
    format!("{name}{nullable}")
}
