//! What comes back from an operation, and the function that reads it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::doc::Prose;
use super::errors::{case_doc, pattern};
use super::object::plain;
use super::operation::Endpoint;
use crate::ir::{Case, Payload, Shape, StatusPattern, TypeRef};
use crate::names::Ident;

/// The documented successes of an operation.
pub(super) struct Successes<'a> {
    endpoint: &'a Endpoint<'a>,
    outcome: Outcome<'a>,
}

/// What the successes come to.
pub(super) enum Outcome<'a> {
    /// Nothing ever comes back.
    Empty,
    /// All successes hold the same.
    One(&'a Payload),
    /// The same, or nothing.
    Optional(&'a Payload),
    /// Different things: a variant per case.
    Several(Vec<(&'a Case, &'a Ident)>),
}

/// What a value that is JSON comes as, too.
#[derive(Clone, Copy, PartialEq)]
enum Also {
    Nothing,
    /// XML of the type.
    Xml(TypeRef),
    /// A text, which stands for the string that it is.
    Text,
}

impl Also {
    fn of<'a>(also: impl IntoIterator<Item = &'a (String, Payload)>) -> Self {
        let mut kinds = also.into_iter().filter_map(|(_, payload)| match payload {
            Payload::Xml(ty) => Some(Self::Xml(*ty)),
            Payload::Text => Some(Self::Text),
            _ => None,
        });
        kinds.next().unwrap_or(Self::Nothing)
    }
}

impl<'a> Successes<'a> {
    pub(super) fn of(endpoint: &'a Endpoint<'a>) -> Self {
        let cases = &endpoint.operation.successes;
        let empty = cases.iter().any(|case| case.payload == Payload::Empty);
        let mut held = cases
            .iter()
            .map(|case| &case.payload)
            .filter(|p| **p != Payload::Empty);
        let outcome = match held.next() {
            None => Outcome::Empty,
            Some(first) if held.all(|other| other == first) => {
                if empty {
                    Outcome::Optional(first)
                } else {
                    Outcome::One(first)
                }
            }
            Some(_) => Outcome::Several(cases.iter().zip(&endpoint.names.successes.1).collect()),
        };
        Self { endpoint, outcome }
    }

    /// What the request gives.
    pub(super) fn ty(&self) -> TokenStream {
        match &self.outcome {
            Outcome::Empty => quote!(()),
            Outcome::One(payload) => self.held(payload),
            Outcome::Optional(payload) => {
                let ty = self.held(payload);
                quote!(Option<#ty>)
            }
            Outcome::Several(_) => {
                let name = &self.endpoint.names.successes.0;
                quote!(#name)
            }
        }
    }

    /// The type of the page, and whether it may be missing, where the successes are pages.
    pub(super) fn page(&self) -> Option<(TypeRef, bool)> {
        match &self.outcome {
            Outcome::One(Payload::Json(ty)) => {
                Some((*ty, self.endpoint.scope.context.nullable(*ty)))
            }
            Outcome::Optional(Payload::Json(ty)) => Some((*ty, true)),
            _ => None,
        }
    }

    /// Whether what comes back is worth a name in an example.
    pub(super) fn outcome(&self) -> &Outcome<'a> {
        &self.outcome
    }

    /// The function that reads the reply.
    pub(super) fn decoder(&self) -> TokenStream {
        match &self.outcome {
            Outcome::Empty => quote!(runtime::decode::empty),
            // The data of an event is a text already: one of a string is not JSON.
            Outcome::One(Payload::Events(ty))
                if *self.endpoint.scope.context.shape(*ty) == Shape::String =>
            {
                quote!(runtime::decode::text_events)
            }
            Outcome::One(Payload::Json(_)) if self.also() == Also::Text => {
                quote!(runtime::decode::string)
            }
            Outcome::One(payload) if !self.needs_function(payload) => decoder(payload),
            Outcome::Optional(payload) => match payload {
                _ if self.also() != Also::Nothing => {
                    let function = self.function();
                    quote!(#function)
                }
                Payload::Json(ty) if self.endpoint.scope.context.nullable(*ty) => decoder(payload),
                Payload::Json(_) => quote!(runtime::decode::optional),
                _ => {
                    let function = self.function();
                    quote!(#function)
                }
            },
            Outcome::One(_) | Outcome::Several(_) => {
                let function = self.function();
                quote!(#function)
            }
        }
    }

    /// What else the one value of the successes comes as.
    fn also(&self) -> Also {
        let cases = self.endpoint.operation.successes.iter();
        let cases = cases.filter(|case| matches!(case.payload, Payload::Json(_)));
        Also::of(cases.flat_map(|case| &case.also))
    }

    fn needs_function(&self, payload: &Payload) -> bool {
        match payload {
            Payload::Xml(_) => true,
            Payload::Json(_) => matches!(self.also(), Also::Xml(_)),
            _ => false,
        }
    }

    fn function(&self) -> proc_macro2::Ident {
        format_ident!("{}_response", plain(&self.endpoint.names.method))
    }

    /// The enum of successes and the function that reads it, where there are several shapes.
    pub(super) fn items(&self) -> Vec<TokenStream> {
        match &self.outcome {
            Outcome::Several(cases) => vec![self.definition(cases), self.reading(cases)],
            Outcome::One(payload) if self.needs_function(payload) => {
                vec![self.reading_one(payload)]
            }
            Outcome::Optional(payload)
                if !matches!(payload, Payload::Json(_)) || self.also() != Also::Nothing =>
            {
                vec![self.reading_optional(payload)]
            }
            _ => Vec::new(),
        }
    }

    fn definition(&self, cases: &[(&Case, &Ident)]) -> TokenStream {
        let name = &self.endpoint.names.successes.0;
        let doc = Prose::own(&format!("What [`{}`] gives.", self.endpoint.link()));
        let streams = cases.iter().any(|(case, _)| {
            matches!(
                case.payload,
                Payload::Bytes | Payload::Events(_) | Payload::Lines(_)
            )
        });
        let derives = if streams {
            quote!(Debug)
        } else {
            quote!(Clone, Debug, PartialEq)
        };
        let variants = cases.iter().map(|(case, ident)| {
            let doc = case_doc(case);
            match &case.payload {
                Payload::Empty => quote! { #doc #ident, },
                payload => {
                    let ty = self.held(payload);
                    quote! { #doc #ident(#ty), }
                }
            }
        });
        quote! {
            #doc
            #[derive(#derives)]
            #[non_exhaustive]
            pub enum #name { #(#variants)* }
        }
    }

    fn reading(&self, cases: &[(&Case, &Ident)]) -> TokenStream {
        let name = &self.endpoint.names.successes.0;
        let function = self.function();
        // A status that the document does not list is read as the case that covers all others, or as the first.
        let rest = cases
            .iter()
            .position(|(case, _)| case.status == StatusPattern::Default);
        let rest = rest.or_else(|| {
            cases
                .iter()
                .position(|(case, _)| case.payload != Payload::Empty)
        });
        let mut arms = Vec::new();
        for (index, (case, ident)) in cases.iter().enumerate() {
            if Some(index) == rest {
                continue;
            }
            let read = self.read_as(name, ident, case);
            let pattern = pattern(case.status);
            arms.push(quote!(#pattern => #read,));
        }
        if let Some((case, ident)) = rest.and_then(|rest| cases.get(rest)) {
            let read = self.read_as(name, ident, case);
            arms.push(quote!(_ => #read,));
        }
        quote! {
            #[inline]
            fn #function(
                operation: &'static runtime::Operation,
                reply: runtime::Reply,
            ) -> Result<#name, runtime::Error> {
                match reply.status().as_u16() { #(#arms)* }
            }
        }
    }

    fn reading_one(&self, payload: &Payload) -> TokenStream {
        let function = self.function();
        let ty = self.held(payload);
        let read = self.read(payload, self.also());
        quote! {
            #[inline]
            fn #function(
                operation: &'static runtime::Operation,
                reply: runtime::Reply,
            ) -> Result<#ty, runtime::Error> {
                #read
            }
        }
    }

    fn reading_optional(&self, payload: &Payload) -> TokenStream {
        let function = self.function();
        let ty = self.held(payload);
        let read = self.read(payload, self.also());
        let empty: Vec<_> = self
            .endpoint
            .operation
            .successes
            .iter()
            .filter(|case| case.payload == Payload::Empty)
            .map(|case| pattern(case.status))
            .collect();
        quote! {
            #[inline]
            fn #function(
                operation: &'static runtime::Operation,
                reply: runtime::Reply,
            ) -> Result<Option<#ty>, runtime::Error> {
                match reply.status().as_u16() {
                    #(#empty)|* => Ok(None),
                    _ => #read.map(Some),
                }
            }
        }
    }

    fn held(&self, payload: &Payload) -> TokenStream {
        match payload {
            Payload::Empty => quote!(()),
            Payload::Json(ty) | Payload::Xml(ty) => self.endpoint.scope.used(*ty),
            Payload::Text => quote!(String),
            Payload::Bytes => quote!(runtime::Download),
            Payload::Events(ty) => {
                let ty = self.endpoint.scope.used(*ty);
                quote!(runtime::EventStream<#ty>)
            }
            Payload::Lines(ty) => {
                let ty = self.endpoint.scope.used(*ty);
                quote!(runtime::LineStream<#ty>)
            }
        }
    }

    /// The call that reads a reply.
    fn read(&self, payload: &Payload, also: Also) -> TokenStream {
        let xml = &self.endpoint.scope.context.xml;
        match (payload, also) {
            (Payload::Json(_), Also::Xml(ty)) => {
                let root = xml.root(ty);
                quote!(runtime::decode::json_or_xml(operation, reply, #root))
            }
            (Payload::Json(_), Also::Text) => quote!(runtime::decode::string(operation, reply)),
            (Payload::Xml(ty), _) => {
                let root = xml.root(*ty);
                quote!(runtime::decode::xml(operation, reply, #root))
            }
            _ => {
                let decoder = decoder(payload);
                quote!(#decoder(operation, reply))
            }
        }
    }

    fn read_as(&self, name: &Ident, ident: &Ident, case: &Case) -> TokenStream {
        let read = self.read(&case.payload, Also::of(&case.also));
        if case.payload == Payload::Empty {
            quote!(#read.map(|()| #name::#ident))
        } else {
            quote!(#read.map(#name::#ident))
        }
    }
}

fn decoder(payload: &Payload) -> TokenStream {
    match payload {
        Payload::Empty => quote!(runtime::decode::empty),
        Payload::Json(_) => quote!(runtime::decode::json),
        Payload::Xml(_) => quote!(runtime::decode::xml),
        Payload::Text => quote!(runtime::decode::text),
        Payload::Bytes => quote!(runtime::decode::download),
        Payload::Events(_) => quote!(runtime::decode::events),
        Payload::Lines(_) => quote!(runtime::decode::lines),
    }
}
