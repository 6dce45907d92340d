//! A struct of named properties: its fields, and what a request needs to build it.

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};

use super::argument::{Owned, on_use, too_many};
use super::doc::{Prose, notes};
use super::scope::{Files, Presence, Scope};
use super::types::type_doc;
use crate::ir::{Field, Object, TypeId};
use crate::names::Ident;

/// Setters that stand in one file: about eight lines each, of at most some five thousand.
const SETTERS: usize = 250;

/// A struct, its constructor and its setters.
pub(super) struct Struct<'a> {
    pub(super) scope: &'a Scope<'a>,
    pub(super) id: TypeId,
    pub(super) object: &'a Object,
}

impl Struct<'_> {
    /// The items: the struct; for requests `new` and the setters.
    pub(super) fn items(&self, name: &Ident) -> Vec<TokenStream> {
        let mut items = vec![self.definition(name)];
        let usage = self.scope.context.ty(self.id).usage;
        if usage.request || usage.multipart {
            items.push(self.building(name));
            items.extend(self.default(name));
            items.extend(super::conversion::from_response(self));
        }
        items
    }

    fn definition(&self, name: &Ident) -> TokenStream {
        let doc = type_doc(self.scope.context, self.id);
        let fields = self.members().map(|(field, ident)| {
            let ty = self.scope.field(field, self.is_multipart());
            let doc = self.field_doc(field);
            let deprecated = field.doc.deprecated.then(|| quote!(#[deprecated]));
            quote! { #doc #deprecated pub #ident: #ty, }
        });
        let additional = self.object.additional.map(|value| {
            let value = self.scope.used(value);
            let ident = self.additional();
            quote! {
                /// The other properties, in the order in which they stand.
                pub #ident: runtime::Map<#value>,
            }
        });
        let derives = self.derives();
        quote! {
            #doc
            #derives
            #[non_exhaustive]
            pub struct #name { #(#fields)* #additional }
        }
    }

    /// What is derived: for a struct that has a codec, its macro implements the rest over the list of the properties, which costs
    /// the compiler less.
    fn derives(&self) -> Option<TokenStream> {
        let usage = self.scope.context.ty(self.id).usage;
        let builds = usage.request || usage.multipart;
        let default = builds && !self.members().any(|(field, _)| field.required);
        match (self.holds_files(), default) {
            // What a file holds may be a stream: two of them cannot be compared.
            (true, true) => Some(quote!(#[derive(Clone, Debug, Default)])),
            (true, false) => Some(quote!(#[derive(Clone, Debug)])),
            (false, true) => Some(quote!(#[derive(Default)])),
            (false, false) => None,
        }
    }

    /// `new` with what is required, and a setter for everything else but what [`Struct::further`] has.
    fn building(&self, name: &Ident) -> TokenStream {
        let new = self.constructor();
        let several = self.scope.context.names.has_type_modules();
        let here = if several { SETTERS } else { usize::MAX };
        let setters = self.setters(0, here);
        let additional = self.object.additional.map(|value| {
            let value = self.scope.used(value);
            let ident = self.additional();
            quote! {
                /// Sets the other properties.
                #[must_use]
                #[inline]
                pub fn #ident(mut self, #ident: runtime::Map<#value>) -> Self {
                    self.#ident = #ident;
                    self
                }
            }
        });
        quote! {
            impl #name {
                #new
                #(#setters)*
                #additional
            }
        }
    }

    /// The setters for the `piece`th file after that of the struct; none after the last.
    pub(super) fn further(&self, name: &Ident, piece: usize) -> Option<TokenStream> {
        let mut setters = self.setters(piece * SETTERS, SETTERS).peekable();
        setters.peek()?;
        Some(quote! { impl #name { #(#setters)* } })
    }

    fn setters(&self, skip: usize, take: usize) -> impl Iterator<Item = TokenStream> {
        let optional = self.members().filter(|(field, _)| !field.required);
        optional
            .skip(skip)
            .take(take)
            .map(|(field, ident)| self.setter(field, ident))
    }

    fn constructor(&self) -> TokenStream {
        let required: Vec<_> = self.members().filter(|(field, _)| field.required).collect();
        // A setter of this name would be what `Self::default` means.
        let hidden = self.members().any(|(_, ident)| ident == "default");
        if required.is_empty() && !hidden {
            return quote! {
                /// Without any property.
                #[must_use]
                #[inline]
                pub fn new() -> Self {
                    Self::default()
                }
            };
        }
        let mut arguments = Vec::new();
        let mut types = Vec::new();
        let mut values = Vec::new();
        for (field, ident) in self.members() {
            if !field.required {
                let none = if Presence::of(self.scope.context, field) == Presence::Maybe {
                    quote!(runtime::Maybe::Absent)
                } else {
                    quote!(None)
                };
                values.push(quote!(#ident: #none));
            } else if let Some(value) = self.scope.constant(field) {
                values.push(quote!(#ident: #value));
            } else if Presence::of(self.scope.context, field) == Presence::Option {
                let ty = self.scope.field(field, self.is_multipart());
                arguments.push(quote!(#ident: #ty));
                types.push(ty);
                values.push(quote!(#ident));
            } else {
                let Owned { ty, value } = Owned::of(self.scope, field, self.is_multipart(), ident);
                arguments.push(quote!(#ident: #ty));
                types.push(ty);
                values.push(stored(ident, &value));
            }
        }
        if self.object.additional.is_some() {
            let ident = self.additional();
            values.push(quote!(#ident: runtime::Map::default()));
        }
        let expect = too_many(arguments.len(), "one for each required property");
        let doc = Prose::own(if arguments.len() == required.len() {
            "With the required properties."
        } else {
            "With the required properties; those that can have one value alone have it."
        });
        let on_use = on_use(&types);
        quote! {
            #doc
            #[must_use]
            #expect
            #on_use
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#values),* }
            }
        }
    }

    /// `Default` where `new` asks for nothing although something is required, and no derive knows its value.
    fn default(&self, name: &Ident) -> Option<TokenStream> {
        let mut required = self
            .members()
            .filter(|(field, _)| field.required)
            .peekable();
        required.peek()?;
        required
            .all(|(field, _)| self.scope.context.constant(field).is_some())
            .then(|| {
                quote! {
                    impl Default for #name {
                        #[inline]
                        fn default() -> Self {
                            Self::new()
                        }
                    }
                }
            })
    }

    fn setter(&self, field: &Field, ident: &Ident) -> TokenStream {
        let doc = Prose::own(&format!("Sets [`Self::{}`].", plain(ident)));
        let deprecated = field.doc.deprecated.then(|| quote!(#[deprecated]));
        let Owned { ty, value } = Owned::of(self.scope, field, self.is_multipart(), ident);
        let (ty, value) = match Presence::of(self.scope.context, field) {
            Presence::Maybe => {
                let present = match self.scope.file(field.ty, self.is_multipart()) {
                    Some(Files::One) => quote!(runtime::File),
                    Some(Files::Many) => quote!(Vec<runtime::File>),
                    None => self.scope.present(field.ty),
                };
                (
                    quote!(impl Into<runtime::Maybe<#present>>),
                    quote!(#ident.into()),
                )
            }
            _ => (ty, quote!(Some(#value))),
        };
        let on_use = on_use([&ty]);
        quote! {
            #doc
            #deprecated
            #[must_use]
            #on_use
            pub fn #ident(mut self, #ident: #ty) -> Self {
                self.#ident = #value;
                self
            }
        }
    }

    fn field_doc(&self, field: &Field) -> Prose {
        let context = self.scope.context;
        let mut doc = Prose::of(&field.doc, &format!("The property {}.", wire(&field.wire)));
        let own = context.ty(field.ty.id);
        let inline = context.name(field.ty.id).is_none();
        let constraints = [Some(&field.constraints), inline.then_some(&own.constraints)];
        let constraints: Vec<_> = constraints.into_iter().flatten().collect();
        doc.paragraph(&notes(&field.doc, &constraints));
        doc
    }

    fn members(&self) -> impl Iterator<Item = (&Field, &Ident)> {
        self.object
            .fields
            .iter()
            .zip(self.scope.context.members(self.id))
    }

    fn is_multipart(&self) -> bool {
        self.scope.context.ty(self.id).usage.multipart
    }

    /// Whether a field is a file or has headers: such a struct has no JSON.
    pub(super) fn holds_files(&self) -> bool {
        let context = self.scope.context;
        let mut fields = self.object.fields.iter();
        fields.any(|field| {
            super::parts::is_headed(context, field.ty)
                || self.scope.file(field.ty, self.is_multipart()).is_some()
        })
    }

    pub(super) fn additional(&self) -> TokenStream {
        let names = &self.scope.context.names.additional;
        let name = names.get(self.id.index()).and_then(Option::as_ref);
        name.map_or_else(|| quote!(additional), Ident::to_token_stream)
    }
}

/// A field in a struct expression: the shorthand where there is nothing to convert.
fn stored(ident: &Ident, value: &TokenStream) -> TokenStream {
    if *ident == value.to_string() {
        quote!(#ident)
    } else {
        quote!(#ident: #value)
    }
}

/// An identifier as it is linked to: without `r#`.
pub(super) fn plain(ident: &impl ToString) -> String {
    let text = ident.to_string();
    text.strip_prefix("r#").map(str::to_owned).unwrap_or(text)
}

/// A name on the wire as a code span.
pub(super) fn wire(name: &str) -> String {
    super::doc::code(&serde_json::Value::String(name.to_owned()), 200)
        .unwrap_or_else(|| "of a long name".to_owned())
}
