//! An operation: the data that describes it, the function that starts it, and the request that it returns.

use proc_macro2::TokenStream;
use quote::quote;

use super::argument::{Borrowed, on_use, too_many};
use super::body::Bodies;
use super::common::Common;
use super::doc::{Prose, code, notes};
use super::errors::Errors;
use super::headers::Headers;
use super::object::wire;
use super::response::Successes;
use super::scope::Scope;
use super::{example, pagination};
use crate::ir::{BodyKind, Location, Operation, Parameter, Payload, Shape, StatusPattern, Style};
use crate::names::{Ident, OperationNames, ReplyItem, Resource};

/// An operation with its names, in the module of its resource.
pub(super) struct Endpoint<'a> {
    pub(super) scope: &'a Scope<'a>,
    index: usize,
    pub(super) resource: &'a Resource,
    pub(super) operation: &'a Operation,
    pub(super) names: &'a OperationNames,
}

impl<'a> Endpoint<'a> {
    pub(super) fn of(scope: &'a Scope<'a>, index: usize) -> Option<Self> {
        let names = scope.context.names.operations.get(index)?;
        Some(Self {
            scope,
            index,
            resource: scope.context.names.resources.get(names.resource)?,
            operation: scope.context.api.operations.get(index)?,
            names,
        })
    }

    /// The items beside the function: description, request, and what comes and goes with it.
    pub(super) fn items(&self) -> Vec<TokenStream> {
        let mut items = vec![self.description(), self.request()];
        items.extend(self.setters());
        items.push(self.sending());
        items.extend(pagination::items(self));
        items.extend(Bodies::of(self).items());
        items.extend(Successes::of(self).items());
        items.extend(Errors::of(self).items());
        items.extend(Headers::of(self).items());
        items.extend(Headers::of_errors(self).items());
        items
    }

    /// The path to what others have, too, instead of an item of its own.
    pub(super) fn shared(&self, item: ReplyItem) -> Option<TokenStream> {
        let replies = &self.scope.context.names.replies;
        let shared = replies.items.get(self.names.shared.of(item)?)?;
        let (module, name) = (&replies.module, &shared.name);
        Some(if shared.home().is_some() {
            quote!(#name)
        } else {
            quote!(#module::#name)
        })
    }

    /// The function of the resource that starts the request.
    pub(super) fn function(&self) -> TokenStream {
        let OperationNames {
            method,
            request,
            constant,
            ..
        } = self.names;
        let doc = self.function_doc();
        let deprecated = self.operation.doc.deprecated.then(|| quote!(#[deprecated]));
        let mut arguments = Vec::new();
        let mut types = Vec::new();
        let mut conversions = Vec::new();
        let mut call = quote!(self.core.call(&#constant));
        for (index, parameter, ident) in self.parameters(true) {
            let taken = Borrowed::of(self.scope, parameter.ty, ident);
            let given = taken.given("with", index);
            let Borrowed { ty, convert, .. } = taken;
            arguments.push(quote!(#ident: #ty));
            types.push(ty);
            conversions.extend(convert);
            call = quote!(#call.#given);
        }
        let bodies = Bodies::of(self);
        if let Some(body) = bodies.argument() {
            let ident = &self.names.body;
            let ty = body.ty;
            arguments.push(quote!(#ident: #ty));
            types.push(ty);
            conversions.extend(body.convert);
            if bodies.are_several() {
                conversions.push(quote!(let call = #call;));
                call = quote!(call);
            }
            call = bodies.attached(&call);
        }
        let expect = too_many(arguments.len() + 1, "one for each required parameter");
        let on_use = on_use(&types);
        quote! {
            #doc
            #deprecated
            #expect
            #on_use
            pub fn #method(&self #(, #arguments)*) -> #request {
                #(#conversions)*
                #call.request()
            }
        }
    }

    /// The parameters that are arguments, or those that are setters, with their positions.
    pub(super) fn parameters(
        &self,
        required: bool,
    ) -> impl Iterator<Item = (usize, &'a Parameter, &'a Ident)> {
        let parameters = self
            .operation
            .parameters
            .iter()
            .zip(&self.names.parameters)
            .enumerate();
        let mut parameters: Vec<_> = parameters
            .filter(|(_, (parameter, _))| is_required(parameter) == required)
            .map(|(index, (parameter, ident))| (index, parameter, ident))
            .collect();
        // What names the thing comes before what says something of it.
        parameters.sort_by_key(|(_, parameter, _)| parameter.location != Location::Path);
        parameters.into_iter()
    }

    /// Whether the request has streams of pages and items.
    pub(super) fn is_paginated(&self) -> bool {
        pagination::is_emitted(self)
    }

    fn description(&self) -> TokenStream {
        let Operation { id, path, .. } = self.operation;
        let context = self.scope.context;
        let constant = &self.names.constant;
        let method = method(&self.operation.method);
        let parameters: Vec<_> = self.operation.parameters.iter().map(parameter).collect();
        let parameters = (!parameters.is_empty()).then(|| quote!(parameters: &[#(#parameters),*],));
        let common = Common::of(self.operation).fields(context.common);
        let rest = context.common.path(context);
        let streaming = self.is_streaming().then(|| quote!(streaming: true,));
        let success: Vec<_> = self.unusual_successes().collect();
        let success = (!success.is_empty()).then(|| quote!(success: &[#(#success),*],));
        quote! {
            static #constant: runtime::Operation = runtime::Operation {
                id: #id,
                method: #method,
                path: #path,
                #parameters
                #common
                #streaming
                #success
                ..#rest
            };
        }
    }

    /// Whether the reply is handed over while it arrives. Where another success is read whole, all are.
    fn is_streaming(&self) -> bool {
        let streams = |payload: &Payload| {
            matches!(
                payload,
                Payload::Bytes | Payload::Events(_) | Payload::Lines(_)
            )
        };
        let mut held = self
            .operation
            .successes
            .iter()
            .map(|case| &case.payload)
            .filter(|payload| **payload != Payload::Empty)
            .peekable();
        held.peek().is_some() && held.all(streams)
    }

    fn unusual_successes(&self) -> impl Iterator<Item = TokenStream> {
        self.operation
            .successes
            .iter()
            .filter_map(|case| match case.status {
                StatusPattern::Exact(status) if !(200..300).contains(&status) => {
                    let status = proc_macro2::Literal::u16_unsuffixed(status);
                    Some(quote!(#status))
                }
                _ => None,
            })
    }

    fn request(&self) -> TokenStream {
        let (request, endpoint) = (&self.names.request, &self.names.endpoint);
        let mut doc = Prose::own(&format!("The request of [`{}`].", self.link()));
        if self
            .scope
            .context
            .validation
            .has_request(self.scope.context, self.index)
        {
            doc.paragraph(
                "`validate()` checks the arguments before it is sent (feature `validate`).",
            );
        }
        quote! {
            #doc
            pub type #request = runtime::Request<#endpoint>;
        }
    }

    /// The function, as its items link to it.
    pub(super) fn link(&self) -> String {
        format!(
            "{}::{}",
            self.resource.ty,
            super::object::plain(&self.names.method)
        )
    }

    fn setters(&self) -> Option<TokenStream> {
        let request = &self.names.request;
        let mut setters: Vec<_> = self
            .parameters(false)
            .map(|(index, parameter, ident)| self.setter(index, parameter, ident))
            .collect();
        setters.extend(Bodies::of(self).setter());
        (!setters.is_empty()).then(|| quote!(impl #request { #(#setters)* }))
    }

    fn setter(&self, index: usize, parameter: &Parameter, ident: &Ident) -> TokenStream {
        let doc = self.parameter_doc(parameter);
        let deprecated = parameter.doc.deprecated.then(|| quote!(#[deprecated]));
        let taken = Borrowed::of(self.scope, parameter.ty, ident);
        let given = taken.given("set", index);
        let Borrowed { ty, convert, .. } = taken;
        let on_use = on_use([&ty]);
        quote! {
            #doc
            #deprecated
            #on_use
            pub fn #ident(mut self, #ident: #ty) -> Self {
                #convert
                self.call.#given;
                self
            }
        }
    }

    fn parameter_doc(&self, parameter: &Parameter) -> Prose {
        let context = self.scope.context;
        let what = match parameter.location {
            Location::Path => "path parameter",
            Location::Query => "query parameter",
            Location::Header => "header",
            Location::Cookie => "cookie",
            Location::QueryString => "query",
        };
        let fallback = format!("The {what} {}.", wire(&parameter.wire));
        let mut doc = Prose::of(&parameter.doc, &fallback);
        let inline = context.name(parameter.ty.id).is_none();
        let own = &context.ty(parameter.ty.id).constraints;
        let constraints: Vec<_> = [Some(&parameter.constraints), inline.then_some(own)]
            .into_iter()
            .flatten()
            .collect();
        doc.paragraph(&notes(&parameter.doc, &constraints));
        doc
    }

    fn sending(&self) -> TokenStream {
        let (request, endpoint) = (&self.names.request, &self.names.endpoint);
        let successes = Successes::of(self);
        let ty = successes.ty();
        let decoder = successes.decoder();
        quote!(runtime::request! { #request(#endpoint) => #ty, #decoder })
    }

    fn function_doc(&self) -> Prose {
        let Operation { method, path, .. } = self.operation;
        let target = format!("{method} {path}");
        let target = code(&serde_json::Value::String(target), 2000).unwrap_or_default();
        let fallback = if self.operation.has_id {
            format!("The operation {}.", wire(&self.operation.id))
        } else {
            format!("Sends a request to {}.", wire(path))
        };
        let mut doc = Prose::of(&self.operation.doc, &fallback);
        doc.paragraph(&format!("{target}{}", self.security_note()));
        self.arguments_doc(&mut doc);
        if let Some(pages) = self.operation.pagination.as_ref()
            && pagination::is_emitted(self)
        {
            let request = &self.names.request;
            doc.paragraph(&format!(
                "This gives one page: [`{request}::items`] goes through the items of all of them, \
                 [`{request}::pages`] through the pages."
            ));
            doc.described(&format!("{}.", pages.reason.trim_end_matches('.')));
        }
        if let Some(beside) = self.stream_doc() {
            doc.paragraph(&beside);
        }
        Headers::of(self).document(&mut doc);
        Errors::of(self).document(&mut doc);
        Headers::of_errors(self).document(&mut doc);
        doc.heading("Examples");
        doc.example(example::of(self));
        doc
    }

    /// The operation that this one is a stream of.
    pub(super) fn base(&self) -> Option<Self> {
        if !self.operation.is_stream {
            return None;
        }
        let operations = &self.scope.context.api.operations;
        let mut before = operations.get(..self.index)?.iter();
        let index = before.rposition(|operation| !operation.is_stream)?;
        Self::of(self.scope, index)
    }

    /// What there is to say of an operation that can be had as a stream or another value, too.
    fn stream_doc(&self) -> Option<String> {
        let what = |operation: &Operation| {
            let mut media = operation
                .successes
                .iter()
                .filter_map(|case| case.media.as_deref());
            let media = wire(media.next().unwrap_or_default());
            let streams = operation.successes.iter().any(is_stream);
            if streams {
                format!("a stream of {media}")
            } else {
                media
            }
        };
        let asks = self.asks_in_body();
        if let Some(base) = self.base() {
            let (link, what) = (base.link(), what(self.operation));
            let body = if asks && self.operation.successes.iter().any(is_stream) {
                " The body has to ask for it, too: set its `stream` to `true`."
            } else {
                ""
            };
            return Some(format!("This is [`{link}`] as {what}.{body}"));
        }
        let others = (self.index + 1..)
            .map_while(|index| Self::of(self.scope, index).filter(|next| next.operation.is_stream));
        let others: Vec<Self> = others.collect();
        let told = others.iter().map(|other| {
            let (link, what) = (other.link(), what(other.operation));
            format!("[`{link}`] gives the same as {what}.")
        });
        let told: Vec<String> = told.collect();
        let streams = others
            .iter()
            .any(|other| other.operation.successes.iter().any(is_stream));
        let body = if asks && streams {
            " Leave `stream` of the body unset or `false` here."
        } else {
            ""
        };
        (!told.is_empty()).then(|| format!("{}{body}", told.join(" ")))
    }

    /// Whether the body says whether the reply is to be a stream, by a property `stream` that is a boolean.
    fn asks_in_body(&self) -> bool {
        let context = self.scope.context;
        let media = self.operation.body.iter().flat_map(|body| &body.media);
        let mut objects = media.filter_map(|media| match media.kind {
            BodyKind::Json(ty) | BodyKind::Form(ty, _) | BodyKind::Multipart(ty, _) => {
                match context.shape(ty) {
                    Shape::Object(object) => Some(object),
                    _ => None,
                }
            }
            _ => None,
        });
        objects.any(|object| {
            let mut fields = object.fields.iter();
            fields.any(|field| field.wire == "stream" && *context.shape(field.ty) == Shape::Bool)
        })
    }

    /// What the document says of the arguments: setters have comments of their own.
    fn arguments_doc(&self, doc: &mut Prose) {
        let arguments: Vec<_> = self
            .parameters(true)
            .filter_map(|(_, parameter, ident)| {
                let said = parameter
                    .doc
                    .description
                    .as_deref()
                    .or(parameter.doc.title.as_deref());
                let context = self.scope.context;
                let own = &context.ty(parameter.ty.id).constraints;
                let notes = notes(&parameter.doc, &[&parameter.constraints, own]);
                let lead = format!("`{}`", super::object::plain(ident));
                match (said, notes.is_empty()) {
                    (None, true) => None,
                    (said, _) => Some((lead, said.unwrap_or_default().to_owned(), notes)),
                }
            })
            .collect();
        doc.arguments(arguments);
    }

    fn security_note(&self) -> String {
        let Operation { security, .. } = self.operation;
        let context = self.scope.context;
        let mut methods: Vec<String> = Vec::new();
        let mut scopes: Vec<String> = Vec::new();
        for (scheme, wanted) in security.iter().flatten() {
            if let Some(names) = context.names.schemes.get(*scheme) {
                let method = super::object::plain(&names.method);
                let root = &context.options.path();
                let link = format!("[`{method}`]({root}::ClientBuilder::{method})");
                if !methods.contains(&link) {
                    methods.push(link);
                }
            }
            for scope in wanted.iter().map(|scope| wire(scope)) {
                if !scopes.contains(&scope) {
                    scopes.push(scope);
                }
            }
        }
        let optional = security.iter().any(Vec::is_empty);
        let by = match (methods.is_empty(), optional) {
            (true, _) => ", without a credential.".to_owned(),
            (false, true) => format!(", with {} where given.", methods.join(" or ")),
            (false, false) => format!(", authenticated by {}.", methods.join(" or ")),
        };
        match scopes.as_slice() {
            [] => by,
            [scope] => format!("{by} Scope: {scope}."),
            scopes => format!("{by} Scopes: {}.", scopes.join(", ")),
        }
    }
}

fn is_stream(case: &crate::ir::Case) -> bool {
    matches!(case.payload, Payload::Events(_) | Payload::Lines(_))
}

/// Whether a parameter is an argument: a path cannot do without any of its parts.
fn is_required(parameter: &Parameter) -> bool {
    parameter.required || parameter.location == Location::Path
}

fn method(name: &str) -> TokenStream {
    match name {
        "GET" => quote!(runtime::Method::GET),
        "PUT" => quote!(runtime::Method::PUT),
        "POST" => quote!(runtime::Method::POST),
        "DELETE" => quote!(runtime::Method::DELETE),
        "OPTIONS" => quote!(runtime::Method::OPTIONS),
        "HEAD" => quote!(runtime::Method::HEAD),
        "PATCH" => quote!(runtime::Method::PATCH),
        "TRACE" => quote!(runtime::Method::TRACE),
        name => quote!(runtime::Method::named(#name)),
    }
}

/// The description of a parameter: by its location alone where it is written as usual.
fn parameter(parameter: &Parameter) -> TokenStream {
    let Parameter {
        wire,
        style,
        explode,
        allow_reserved,
        allow_empty,
        items,
        ..
    } = parameter;
    let (usual, usual_style, usual_explode) = match parameter.location {
        Location::Path => (quote!(path), Style::Simple, false),
        Location::Query => (quote!(query), Style::Form, true),
        Location::QueryString => (quote!(query_string), Style::Form, true),
        Location::Header => (quote!(header), Style::Simple, false),
        Location::Cookie => (quote!(cookie), Style::Form, true),
    };
    let usual = quote!(runtime::Parameter::#usual(#wire));
    let mut fields = Vec::new();
    if *style != usual_style {
        let style = style_path(*style);
        fields.push(quote!(style: #style,));
    }
    if *explode != usual_explode && parameter.location != Location::QueryString {
        fields.push(quote!(explode: #explode,));
    }
    if *allow_reserved {
        fields.push(quote!(allow_reserved: true,));
    }
    if *allow_empty {
        fields.push(quote!(allow_empty: true,));
    }
    if let Some(style) = items {
        let style = style_path(*style);
        fields.push(quote!(items: Some(#style),));
    }
    if !parameter.encodings.is_empty() {
        let encodings = parameter.encodings.iter().map(super::body::encoding);
        fields.push(quote!(encodings: &[#(#encodings),*],));
    }
    if fields.is_empty() {
        usual
    } else {
        quote!(runtime::Parameter { #(#fields)* ..#usual })
    }
}

pub(super) fn style_path(style: Style) -> TokenStream {
    match style {
        Style::Simple => quote!(runtime::Style::Simple),
        Style::Label => quote!(runtime::Style::Label),
        Style::Matrix => quote!(runtime::Style::Matrix),
        Style::Form => quote!(runtime::Style::Form),
        Style::SpaceDelimited => quote!(runtime::Style::SpaceDelimited),
        Style::PipeDelimited => quote!(runtime::Style::PipeDelimited),
        Style::TabDelimited => quote!(runtime::Style::TabDelimited),
        Style::DeepObject => quote!(runtime::Style::DeepObject),
        Style::Cookie => quote!(runtime::Style::Cookie),
        Style::Json => quote!(runtime::Style::Json),
    }
}
