//! Calls of every operation from JSON, through what users of the client see: for judges, which drive a client they
//! cannot name. It must not know what drives it beyond the names that the emitted code takes from `caller`.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::argument::Borrowed;
use super::body::Bodies;
use super::errors::Errors;
use super::object::plain;
use super::operation::Endpoint;
use super::response::{Outcome, Successes};
use super::scope::{Context, Files, Presence, Scope};
use crate::ir::{
    BodyKind, BodyMedia, Field, Location, Parameter, Payload, SchemeKind, Shape, TypeRef,
};

/// The module that calls the operations of an API: one function per operation, chosen by operation id.
pub(super) fn items(context: Context<'_>) -> TokenStream {
    let (krate, api) = (
        format_ident!("{}", context.options.krate()),
        format_ident!("{}", context.options.product()),
    );
    let scope = Scope::outside(context);
    // A stream has the id of the operation that it is of.
    let endpoints: Vec<_> = (0..context.api.operations.len())
        .filter(|index| !context.api.operations[*index].is_stream)
        .filter_map(|index| Some((index, Endpoint::of(&scope, index)?)))
        .collect();
    let arms = endpoints.iter().map(|(index, endpoint)| {
        let (id, function) = (&endpoint.operation.id, function(*index));
        quote!(#id => Box::pin(#function(client, order)),)
    });
    let functions = endpoints
        .iter()
        .map(|(index, endpoint)| call(endpoint, *index));
    let credentials = credentials(context);
    quote! {
        use crate::caller::{self, Answer, Order, Trouble};
        #[allow(unused_imports)]
        use #krate::{runtime, #api as api, #api::*};

        pub fn client(order: &Order) -> Result<api::Client, runtime::Error> {
            #[allow(unused_mut)]
            let mut builder = api::Client::builder().base_url(order.base_url.as_str());
            #credentials
            builder = caller::connected!(order, builder);
            builder.build()
        }

        pub fn call<'a>(client: &'a api::Client, order: &'a Order) -> caller::Calling<'a> {
            match order.operation.as_str() {
                #(#arms)*
                _ => Box::pin(order.unknown()),
            }
        }

        #(#functions)*
    }
}

fn function(index: usize) -> Ident {
    format_ident!("operation_{index}")
}

/// The statements that give the builder the credentials of an order, by the names of the builder's methods.
fn credentials(context: Context<'_>) -> TokenStream {
    let schemes = context.api.schemes.iter().zip(&context.names.schemes);
    schemes
        .filter_map(|(scheme, names)| {
            let (method, key) = (&names.method, plain(&names.method));
            let call = match scheme.kind {
                SchemeKind::MutualTls => return None,
                SchemeKind::Basic => quote! {
                    let (user, password) = secret.split_once(':').unwrap_or((secret, ""));
                    builder = builder.#method(user, password);
                },
                _ => quote!(builder = builder.#method(secret);),
            };
            Some(quote! {
                if let Some(secret) = order.credential(#key) {
                    #call
                }
            })
        })
        .collect()
}

fn call(endpoint: &Endpoint<'_>, index: usize) -> TokenStream {
    let function = function(index);
    let (resource, method) = (&endpoint.resource.module, &endpoint.names.method);
    let mut arguments: Vec<_> = endpoint
        .parameters(true)
        .map(|(_, parameter, ident)| {
            let key = key(parameter);
            given(endpoint, parameter, ident).argument(|ty| quote!(order.argument::<#ty>(#key)?))
        })
        .collect();
    let body = endpoint.operation.body.as_ref();
    let body = body.filter(|body| !body.media.is_empty());
    if body.is_some_and(|body| body.required) {
        arguments.push(self::body(endpoint));
    }
    let mut setters: Vec<_> = endpoint
        .parameters(false)
        .map(|(_, parameter, ident)| {
            let key = key(parameter);
            let given = given(endpoint, parameter, ident);
            let ty = &given.ty;
            let value = given.argument(|_| quote!(value));
            quote! {
                let request = match order.optional::<#ty>(#key)? {
                    Some(value) => request.#ident(#value),
                    None => request,
                };
            }
        })
        .collect();
    if body.is_some_and(|body| !body.required) {
        let (ident, value) = (&endpoint.names.body, self::body(endpoint));
        setters.push(quote! {
            let request = if order.has_body() { request.#ident(#value) } else { request };
        });
    }
    let pages = endpoint.is_paginated().then(|| {
        quote! {
            if order.pages {
                return caller::items(request.items().try_collect().await);
            }
        }
    });
    let success = success(endpoint);
    let errors = Errors::of(endpoint).name().map_or_else(
        || quote!(None),
        |name| {
            let module = &endpoint.resource.module;
            quote!(
                error
                    .api()
                    .map(|error| format!("{:?}", error.typed::<api::#module::#name>()))
            )
        },
    );
    quote! {
        async fn #function(client: &api::Client, order: &Order) -> Result<Answer, Trouble> {
            let request = client.#resource().#method(#(#arguments),*);
            #(#setters)*
            let request = caller::configured!(order, request);
            #pages
            match request.with_response().await {
                #[allow(unused_mut, unused_variables)]
                Ok(response) => {
                    let mut answer = Answer::success(response.status(), response.headers(), response.attempts());
                    let value = response.into_value();
                    #success
                    Ok(answer)
                }
                Err(error) => {
                    let error = caller::Failed(error);
                    let typed: Option<String> = #errors;
                    Ok(error.answer(typed))
                }
            }
        }
    }
}

/// The name of a parameter in an order.
fn key(parameter: &Parameter) -> String {
    let location = match parameter.location {
        Location::Path => "path",
        Location::Query | Location::QueryString => "query",
        Location::Header => "header",
        Location::Cookie => "cookie",
    };
    format!("{location}.{}", parameter.wire)
}

/// A value of an order as an argument.
struct Given {
    /// What it is decoded as.
    ty: TokenStream,
    by_reference: bool,
}

impl Given {
    fn of(borrowed: &TokenStream, base: TokenStream) -> Self {
        let text = borrowed.to_string();
        let ty = if text == "& str" {
            quote!(String)
        } else {
            base
        };
        Self {
            ty,
            by_reference: text.starts_with('&'),
        }
    }

    fn argument(&self, value: impl FnOnce(&TokenStream) -> TokenStream) -> TokenStream {
        let value = value(&self.ty);
        if self.by_reference {
            quote!(&#value)
        } else {
            value
        }
    }
}

fn given(endpoint: &Endpoint<'_>, parameter: &Parameter, ident: &crate::names::Ident) -> Given {
    let borrowed = Borrowed::of(endpoint.scope, parameter.ty, ident).ty;
    Given::of(&borrowed, endpoint.scope.base(parameter.ty.id))
}

/// The body of an order.
fn body(endpoint: &Endpoint<'_>) -> TokenStream {
    let bodies = Bodies::of(endpoint);
    let media = bodies.media();
    if let [media] = media {
        return single(endpoint, &bodies, media);
    }
    let (module, (name, variants)) = (&endpoint.resource.module, &endpoint.names.bodies);
    let arms = media.iter().zip(variants).map(|(media, variant)| {
        let (text, value) = (&media.media, held(endpoint, &bodies, media));
        quote!(#text => api::#module::#name::#variant(#value),)
    });
    quote! {
        match order.media.as_str() {
            #(#arms)*
            _ => return Err(order.no_media()),
        }
    }
}

fn single(endpoint: &Endpoint<'_>, bodies: &Bodies<'_>, media: &BodyMedia) -> TokenStream {
    match &media.kind {
        BodyKind::Json(ty) | BodyKind::Form(ty, _) | BodyKind::Xml(ty) => {
            let taken = bodies.taken_as(media, &endpoint.names.body).ty;
            Given::of(&taken, endpoint.scope.base(ty.id))
                .argument(|ty| quote!(order.argument::<#ty>("body")?))
        }
        _ => held(endpoint, bodies, media),
    }
}

/// The body as exactly its own type.
fn held(endpoint: &Endpoint<'_>, bodies: &Bodies<'_>, media: &BodyMedia) -> TokenStream {
    match &media.kind {
        BodyKind::Json(ty) | BodyKind::Form(ty, _) | BodyKind::Xml(ty) => {
            let ty = endpoint.scope.base(ty.id);
            quote!(order.argument::<#ty>("body")?)
        }
        BodyKind::Multipart(ty, _) if bodies.form_function(media).is_some() => {
            let target = endpoint.scope.context.api.types.unalias(*ty);
            filled(endpoint.scope, target.id)
        }
        BodyKind::Multipart(..) => quote!(order.form()?),
        BodyKind::Text => quote!(order.argument::<String>("body")?),
        BodyKind::Bytes => quote!(order.bytes("body")?),
        BodyKind::Lines(item) => {
            let item = endpoint.scope.used(*item);
            quote!(runtime::Lines::from(order.argument::<Vec<#item>>("body")?))
        }
    }
}

/// A multipart body, which has no JSON where it holds files: by its constructor and its setters.
fn filled(scope: &Scope<'_>, id: crate::ir::TypeId) -> TokenStream {
    let context = scope.context;
    let object = match &context.ty(id).shape {
        Shape::Object(object) => object,
        Shape::Array(item) => {
            let value = positioned(scope, *item, "body");
            return quote!(vec![#value]);
        }
        Shape::Tuple(items) => {
            let items = items.iter().enumerate();
            let items = items.map(|(at, item)| positioned(scope, *item, &format!("body.{at}")));
            return quote!((#(#items,)*));
        }
        Shape::Map(value) if *context.shape(*value) == Shape::File => {
            return quote!(runtime::Map::from_iter([(
                "file".to_owned(),
                order.needed_file("body")?
            )]));
        }
        _ => {
            let ty = scope.base(id);
            return quote!(order.argument::<#ty>("body")?);
        }
    };
    let ty = scope.base(id);
    let files = |field: &Field| scope.file(field.ty, context.ty(id).usage.multipart);
    let members = object.fields.iter().zip(context.members(id));
    let required = members
        .clone()
        .filter(|(field, _)| field.required && context.constant(field).is_none());
    let required = required.map(|(field, _)| {
        let key = format!("body.{}", field.wire);
        let option = Presence::of(context, field) == Presence::Option;
        match (files(field), option) {
            (Some(Files::One), true) => quote!(order.file(#key)?),
            (Some(Files::One), false) => quote!(order.needed_file(#key)?),
            (Some(Files::Many), true) => quote!(Some(order.files(#key)?)),
            (Some(Files::Many), false) => quote!(order.files(#key)?),
            (None, option) => {
                if super::parts::is_headed(context, field.ty) {
                    let part = headed(scope, field.ty, &key);
                    if option { quote!(Some(#part)) } else { part }
                } else if option {
                    let present = scope.present(field.ty);
                    quote!(order.optional::<#present>(#key)?)
                } else {
                    let base = scope.base(field.ty.id);
                    quote!(order.argument::<#base>(#key)?)
                }
            }
        }
    });
    let setters = members
        .filter(|(field, _)| !field.required)
        .map(|(field, ident)| {
            let key = format!("body.{}", field.wire);
            let value = match files(field) {
                Some(Files::One) => quote!(order.file(#key)?),
                Some(Files::Many) => {
                    quote!(order.has(#key).then(|| order.files(#key)).transpose()?)
                }
                None if super::parts::is_headed(context, field.ty) => {
                    let part = headed(scope, field.ty, &key);
                    quote!(if order.has(#key) { Some(#part) } else { None })
                }
                None => {
                    let ty = match Presence::of(context, field) {
                        Presence::Maybe => scope.present(field.ty),
                        _ => scope.base(field.ty.id),
                    };
                    quote!(order.optional::<#ty>(#key)?)
                }
            };
            quote! {
                if let Some(value) = #value {
                    body = body.#ident(value);
                }
            }
        });
    quote! {{
        #[allow(unused_mut)]
        let mut body = #ty::new(#(#required),*);
        #(#setters)*
        body
    }}
}

/// A part of a multipart body that has no name.
fn positioned(scope: &Scope<'_>, ty: TypeRef, key: &str) -> TokenStream {
    let context = scope.context;
    match context.shape(ty) {
        Shape::Part { .. } => headed(scope, ty, key),
        Shape::Array(item) if matches!(context.shape(*item), Shape::Part { .. } | Shape::File) => {
            let item = positioned(scope, *item, key);
            quote!(vec![#item])
        }
        Shape::File => quote!(order.needed_file(#key)?),
        _ => {
            let ty = scope.used(ty);
            quote!(order.argument::<#ty>(#key)?)
        }
    }
}

/// A part with its headers, or a list of one.
fn headed(scope: &Scope<'_>, ty: TypeRef, key: &str) -> TokenStream {
    match scope.context.shape(ty) {
        Shape::Array(item) => {
            let part = headed(scope, *item, key);
            quote!(vec![#part])
        }
        Shape::Part { value, headers } => {
            let value = positioned(scope, *value, key);
            let (headers, key) = (scope.used(*headers), format!("{key}.headers"));
            quote!(runtime::Part { value: #value, headers: order.headers::<#headers>(#key)? })
        }
        _ => positioned(scope, ty, key),
    }
}

/// The statements that put a success into the answer.
fn success(endpoint: &Endpoint<'_>) -> TokenStream {
    match Successes::of(endpoint).outcome() {
        Outcome::Empty => quote!(let () = value;),
        Outcome::One(payload) => told(payload),
        Outcome::Optional(payload) => {
            let told = told(payload);
            quote! {
                match value {
                    Some(value) => { #told }
                    None => {}
                }
            }
        }
        Outcome::Several(cases) => {
            let (module, name) = (&endpoint.resource.module, &endpoint.names.successes.0);
            let arms = cases.iter().map(|(case, ident)| {
                let text = plain(ident);
                if case.payload == Payload::Empty {
                    return quote!(api::#module::#name::#ident => answer.case(#text),);
                }
                let told = told(&case.payload);
                quote! {
                    api::#module::#name::#ident(value) => {
                        answer.case(#text);
                        #told
                    }
                }
            });
            quote! {
                match value {
                    #(#arms)*
                    _ => answer.case("another"),
                }
            }
        }
    }
}

fn told(payload: &Payload) -> TokenStream {
    match payload {
        Payload::Empty => quote!(let () = value;),
        Payload::Json(_) | Payload::Xml(_) | Payload::Text => quote!(answer.value(&value)?;),
        Payload::Bytes => quote!(answer.download(value).await;),
        Payload::Events(_) => quote!(answer.events(value, order.items).await?;),
        Payload::Lines(_) => quote!(answer.lines(value, order.items).await?;),
    }
}
