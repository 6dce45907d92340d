//! The documented headers of an operation's successes and of its errors as structs, and how each is read.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::doc::{Prose, notes};
use super::object::wire;
use super::operation::Endpoint;
use super::scope::Context;
use crate::ir::{EnumerationKind, KindSet, Parameter, Shape, Style, TextFormat, TypeRef};
use crate::names::{Ident, ReplyItem, SharedReply};

/// How deep a type is looked into before its header is taken as JSON text.
const DEPTH: usize = 4;

/// The documented headers of an operation's successes, or of its errors.
pub(super) struct Headers<'a> {
    endpoint: &'a Endpoint<'a>,
    name: &'a Ident,
    item: ReplyItem,
    listed: Vec<(&'a Parameter, bool, &'a Ident)>,
}

impl<'a> Headers<'a> {
    pub(super) fn of(endpoint: &'a Endpoint<'a>) -> Self {
        let headers = endpoint.operation.success_headers();
        Self::new(
            endpoint,
            headers,
            &endpoint.names.headers,
            ReplyItem::Headers,
        )
    }

    pub(super) fn of_errors(endpoint: &'a Endpoint<'a>) -> Self {
        let headers = endpoint.operation.error_headers();
        Self::new(
            endpoint,
            headers,
            &endpoint.names.error_headers,
            ReplyItem::ErrorHeaders,
        )
    }

    fn new(
        endpoint: &'a Endpoint<'a>,
        headers: Vec<(&'a Parameter, bool)>,
        (name, fields): &'a (Ident, Vec<Ident>),
        item: ReplyItem,
    ) -> Self {
        let headers = headers.into_iter().zip(fields);
        Self {
            endpoint,
            name,
            item,
            listed: headers
                .map(|((header, required), ident)| (header, required, ident))
                .collect(),
        }
    }

    /// Those that an item stands for.
    pub(super) fn item(endpoint: &'a Endpoint<'a>, item: ReplyItem) -> Self {
        match item {
            ReplyItem::ErrorHeaders => Self::of_errors(endpoint),
            ReplyItem::Headers | ReplyItem::Errors => Self::of(endpoint),
        }
    }

    fn is_of_errors(&self) -> bool {
        self.item == ReplyItem::ErrorHeaders
    }

    /// The struct and how it is read, or the name for one that others have, too; nothing where the document lists no header.
    pub(super) fn items(&self) -> Vec<TokenStream> {
        if self.listed.is_empty() || self.is_of_base() {
            return Vec::new();
        }
        let name = self.name;
        let what = if self.is_of_errors() {
            "errors of"
        } else {
            "replies to"
        };
        let link = self.endpoint.link();
        let mut doc = Prose::own(&format!("The documented headers of the {what} [`{link}`]."));
        if let Some(shared) = self.endpoint.shared(self.item) {
            self.differences(&mut doc);
            return vec![quote! { #doc pub type #name = #shared; }];
        }
        let docs = self.listed.iter().map(|(header, ..)| field_doc(header));
        vec![
            self.definition(name, &doc, docs.collect()),
            self.reading(name),
        ]
    }

    /// The struct that several operations have, and how it is read.
    pub(super) fn shared_items(&self, shared: &SharedReply) -> Vec<TokenStream> {
        let doc = Prose::own(
            "Documented headers that operations have in common: each has a name of its own for them.",
        );
        let listed = self.listed.iter().zip(&shared.agreed);
        let docs = listed.map(|((header, ..), agreed)| {
            if *agreed {
                field_doc(header)
            } else {
                Prose::own(&fallback(header))
            }
        });
        let name = &shared.name;
        vec![
            self.definition(name, &doc, docs.collect()),
            self.reading(name),
        ]
    }

    /// Says what the struct that others have, too, does not: of what the operations say different things.
    fn differences(&self, doc: &mut Prose) {
        let names = self.endpoint.scope.context.names;
        let shared = self.endpoint.names.shared.of(self.item);
        let Some(shared) = shared.and_then(|position| names.replies.items.get(position)) else {
            return;
        };
        let first = shared.uses.first().and_then(|(index, item)| {
            let operation = self.endpoint.scope.context.api.operations.get(*index)?;
            Some(match item {
                ReplyItem::ErrorHeaders => operation.error_headers(),
                ReplyItem::Headers | ReplyItem::Errors => operation.success_headers(),
            })
        });
        let told = first.unwrap_or_default().into_iter().zip(&shared.agreed);
        let untold: Vec<&str> = told
            .filter(|(_, agreed)| !**agreed)
            .map(|((header, _), _)| header.wire.as_str())
            .collect();
        let untold = |header: &Parameter| {
            untold
                .iter()
                .any(|it| it.eq_ignore_ascii_case(&header.wire))
        };
        let own = self.listed.iter().filter(|(header, ..)| untold(header));
        let own = own.filter_map(|(header, _, ident)| {
            let said = header
                .doc
                .description
                .as_ref()
                .or(header.doc.title.as_ref());
            let notes = notes(&header.doc, &[&header.constraints]);
            let lead = format!("`{}`", super::object::plain(ident));
            let is_said = said.is_some() || !notes.is_empty();
            is_said.then(|| (lead, said.cloned().unwrap_or_default(), notes))
        });
        doc.arguments(own.collect());
    }

    /// Whether a stream has the headers of the operation that it is of.
    fn is_of_base(&self) -> bool {
        let base = self.endpoint.base();
        base.is_some_and(|base| {
            let (own, errors) = (&base.names.headers.0, &base.names.error_headers.0);
            self.name == if self.is_of_errors() { errors } else { own }
        })
    }

    /// Says in the comment of the operation where its headers are.
    pub(super) fn document(&self, doc: &mut Prose) {
        if self.listed.is_empty() {
            return;
        }
        let mut headers = format!("`{}::of`", self.name);
        // That of another operation may stand in another module.
        if !self.is_of_base() {
            headers = format!("[{headers}]");
        }
        if self.is_of_errors() {
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

    /// The fields with their types.
    pub(super) fn fields(&self) -> impl Iterator<Item = (&Ident, TokenStream)> {
        let listed = self.listed.iter();
        listed.map(|(header, required, ident)| (*ident, self.held(header, *required)))
    }

    fn held(&self, header: &Parameter, required: bool) -> TokenStream {
        if required {
            return self.endpoint.scope.used(header.ty);
        }
        let ty = self.endpoint.scope.present(header.ty);
        quote!(Option<#ty>)
    }

    fn definition(&self, name: &Ident, doc: &Prose, docs: Vec<Prose>) -> TokenStream {
        let fields = self.listed.iter().zip(docs);
        let fields = fields.map(|((header, required, ident), doc)| {
            let deprecated = header.doc.deprecated.then(|| quote!(#[deprecated]));
            let ty = self.held(header, *required);
            quote! { #doc #deprecated pub #ident: #ty, }
        });
        quote! {
            #doc
            #[derive(Clone, Debug, PartialEq)]
            #[non_exhaustive]
            pub struct #name { #(#fields)* }
        }
    }

    fn reading(&self, name: &Ident) -> TokenStream {
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

fn fallback(header: &Parameter) -> String {
    let name = wire(&header.wire);
    if header.style == Style::DeepObject {
        format!("The headers that begin with {name}, by the rest of their names.")
    } else {
        format!("The header {name}.")
    }
}

fn field_doc(header: &Parameter) -> Prose {
    let mut doc = Prose::of(&header.doc, &fallback(header));
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
