//! The documented headers of an operation's successes and of its errors as structs, and how each is read.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::doc::{Prose, notes};
use super::object::wire;
use super::operation::Endpoint;
use super::scope::Context;
use crate::ir::{EnumerationKind, KindSet, Parameter, Shape, Style, TextFormat, TypeRef};
use crate::names::Ident;

/// How deep a type is looked into before its header is taken as JSON text.
const DEPTH: usize = 4;

/// The documented headers of an operation's successes, or of its errors.
pub(super) struct Headers<'a> {
    endpoint: &'a Endpoint<'a>,
    name: &'a Ident,
    of_errors: bool,
    listed: Vec<(&'a Parameter, bool, &'a Ident)>,
}

impl<'a> Headers<'a> {
    pub(super) fn of(endpoint: &'a Endpoint<'a>) -> Self {
        let headers = endpoint.operation.success_headers();
        Self::new(endpoint, headers, &endpoint.names.headers, false)
    }

    pub(super) fn of_errors(endpoint: &'a Endpoint<'a>) -> Self {
        let headers = endpoint.operation.error_headers();
        Self::new(endpoint, headers, &endpoint.names.error_headers, true)
    }

    fn new(
        endpoint: &'a Endpoint<'a>,
        headers: Vec<(&'a Parameter, bool)>,
        (name, fields): &'a (Ident, Vec<Ident>),
        of_errors: bool,
    ) -> Self {
        let headers = headers.into_iter().zip(fields);
        Self {
            endpoint,
            name,
            of_errors,
            listed: headers
                .map(|((header, required), ident)| (header, required, ident))
                .collect(),
        }
    }

    /// The struct and how it is read; nothing where the document lists no header.
    pub(super) fn items(&self) -> Vec<TokenStream> {
        if self.listed.is_empty() || self.is_shared() {
            return Vec::new();
        }
        vec![self.definition(), self.reading()]
    }

    /// Whether a stream has the headers of the operation that it is of.
    fn is_shared(&self) -> bool {
        let base = self.endpoint.base();
        base.is_some_and(|base| {
            let (own, errors) = (&base.names.headers.0, &base.names.error_headers.0);
            self.name == if self.of_errors { errors } else { own }
        })
    }

    /// Says in the comment of the operation where its headers are.
    pub(super) fn document(&self, doc: &mut Prose) {
        if self.listed.is_empty() {
            return;
        }
        let mut headers = format!("`{}::of`", self.name);
        // That of another operation may stand in another module.
        if !self.is_shared() {
            headers = format!("[{headers}]");
        }
        if self.of_errors {
            doc.paragraph(&format!(
                "{headers} reads their documented headers from the [`ApiError`](crate::runtime::ApiError)."
            ));
            return;
        }
        let request = &self.endpoint.names.request;
        doc.paragraph(&format!(
            "{headers} reads the documented headers of what [`{request}::with_response`] gives."
        ));
    }

    fn definition(&self) -> TokenStream {
        let name = self.name;
        let what = if self.of_errors { "errors" } else { "replies" };
        let link = self.endpoint.link();
        let doc = Prose::own(&format!(
            "The documented headers of the {what} {} [`{link}`].",
            if self.of_errors { "of" } else { "to" }
        ));
        let fields = self.listed.iter().map(|(header, required, ident)| {
            let doc = field_doc(header);
            let deprecated = header.doc.deprecated.then(|| quote!(#[deprecated]));
            let ty = if *required {
                self.endpoint.scope.used(header.ty)
            } else {
                let ty = self.endpoint.scope.present(header.ty);
                quote!(Option<#ty>)
            };
            quote! { #doc #deprecated pub #ident: #ty, }
        });
        quote! {
            #doc
            #[derive(Clone, Debug, PartialEq)]
            #[non_exhaustive]
            pub struct #name { #(#fields)* }
        }
    }

    fn reading(&self) -> TokenStream {
        let name = self.name;
        let lines = self.listed.iter().map(|(header, required, ident)| {
            let wire = &header.wire;
            let form = form(self.endpoint.scope.context, header);
            if *required {
                quote!(#ident: #wire #form,)
            } else {
                quote!(#ident?: #wire #form,)
            }
        });
        quote!(runtime::headers! { #name { #(#lines)* } })
    }
}

fn field_doc(header: &Parameter) -> Prose {
    let name = wire(&header.wire);
    let fallback = if header.style == Style::DeepObject {
        format!("The headers that begin with {name}, by the rest of their names.")
    } else {
        format!("The header {name}.")
    };
    let mut doc = Prose::of(&header.doc, &fallback);
    doc.paragraph(&notes(&header.doc, &[&header.constraints]));
    doc
}

/// The form of a header, as a variant of the runtime's `HeaderForm`.
fn form(context: Context<'_>, header: &Parameter) -> TokenStream {
    let delimiter = match header.style {
        Style::Json => return quote!(Json),
        Style::DeepObject => {
            let value = match context.shape(header.ty) {
                Shape::Map(value) => path(&of_type(context, *value, false, DEPTH)),
                _ => path(&quote!(Text)),
            };
            return quote!(Prefix(&#value));
        }
        Style::SpaceDelimited => ' ',
        Style::PipeDelimited => '|',
        Style::TabDelimited => '\t',
        _ => return of_type(context, header.ty, header.explode, DEPTH),
    };
    match context.shape(header.ty) {
        Shape::Array(item) => {
            let delimiter = Literal::character(delimiter);
            let item = path(&of_type(context, *item, false, DEPTH - 1));
            quote!(Delimited(#delimiter, &#item))
        }
        _ => of_type(context, header.ty, header.explode, DEPTH),
    }
}

/// A form inside of another.
fn path(form: &TokenStream) -> TokenStream {
    quote!(runtime::HeaderForm::#form)
}

/// The form of a type in the style `simple`.
fn of_type(context: Context<'_>, ty: TypeRef, explode: bool, depth: usize) -> TokenStream {
    let inner = |ty: TypeRef| match context.shape(ty) {
        // The style has no lists of lists: servers that have write JSON.
        Shape::Array(_) | Shape::Tuple(_) | Shape::Map(_) | Shape::Object(_) => path(&quote!(Json)),
        _ if depth == 0 => path(&quote!(Json)),
        _ => path(&of_type(context, ty, false, depth - 1)),
    };
    match context.shape(ty) {
        Shape::Bool | Shape::Integer(_) | Shape::Double => quote!(Bare),
        Shape::Text(TextFormat::DateTime) => quote!(Date),
        // A header of any type is the text that it is.
        Shape::Any
        | Shape::QuotedInteger(_)
        | Shape::Decimal
        | Shape::QuotedDecimal
        | Shape::String
        | Shape::Text(_)
        | Shape::File => quote!(Text),
        Shape::Enumeration(enumeration) => match enumeration.kind {
            EnumerationKind::String => quote!(Text),
            EnumerationKind::Integer => quote!(Bare),
            EnumerationKind::Mixed => quote!(Either),
        },
        Shape::Array(item) => {
            let item = inner(*item);
            quote!(List(&#item))
        }
        Shape::Tuple(_) => quote!(List(&runtime::HeaderForm::Either)),
        Shape::Map(value) => {
            let value = inner(*value);
            quote!(Object(#explode, &[], &#value))
        }
        Shape::Object(object) => {
            let properties = object.fields.iter().map(|field| {
                let (wire, form) = (&field.wire, inner(field.ty));
                quote!((#wire, #form))
            });
            let others = object.additional.map_or_else(|| path(&quote!(Text)), inner);
            quote!(Object(#explode, &[#(#properties),*], &#others))
        }
        Shape::Union(union) => {
            let kinds = union.variants.iter().map(|variant| variant.kinds);
            let kinds = kinds.fold(KindSet::default(), KindSet::union);
            let texts = KindSet::STRING.union(KindSet::NULL);
            if texts.contains(kinds) {
                quote!(Text)
            } else {
                quote!(Either)
            }
        }
        Shape::Newtype(inner) if depth > 0 => of_type(context, *inner, explode, depth - 1),
        Shape::Alias(_) | Shape::Newtype(_) | Shape::Part { .. } => quote!(Json),
    }
}
