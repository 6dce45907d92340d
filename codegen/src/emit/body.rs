//! The body of a request: how it is taken and how it is handed to the call.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};

use super::argument::{Borrowed, on_use};
use super::doc::{Prose, code};
use super::object::plain;
use super::operation::{Endpoint, style_path};
use super::parts::{filling, is_filled};
use super::scope::Scope;
use super::union::identity;
use crate::ir::{BodyKind, BodyMedia, Encoding, Shape, TypeRef};

/// The media types of a body.
pub(super) struct Bodies<'a> {
    endpoint: &'a Endpoint<'a>,
}

/// How a body is taken.
pub(super) struct Taken {
    /// The argument's type.
    pub(super) ty: TokenStream,
    /// What is done first to the argument.
    pub(super) convert: Option<TokenStream>,
    /// What is handed on, from the argument.
    value: TokenStream,
}

impl<'a> Bodies<'a> {
    pub(super) fn of(endpoint: &'a Endpoint<'a>) -> Self {
        Self { endpoint }
    }

    pub(super) fn media(&self) -> &'a [BodyMedia] {
        self.endpoint
            .operation
            .body
            .as_ref()
            .map_or(&[], |body| &body.media)
    }

    /// Whether the user chooses between media types.
    pub(super) fn are_several(&self) -> bool {
        self.media().len() > 1
    }

    /// The argument of a body that must be given.
    pub(super) fn argument(&self) -> Option<Taken> {
        let body = self
            .endpoint
            .operation
            .body
            .as_ref()
            .filter(|body| body.required)?;
        (!body.media.is_empty()).then(|| self.taken())
    }

    /// The argument of the setter of a body that may be left out.
    pub(super) fn optional(&self) -> Option<Taken> {
        let body = self.endpoint.operation.body.as_ref()?;
        (!body.required && !body.media.is_empty()).then(|| self.taken())
    }

    fn taken(&self) -> Taken {
        let body = &self.endpoint.names.body;
        if let [media] = self.media() {
            self.taken_as(media, body)
        } else {
            let name = &self.endpoint.names.bodies.0;
            Taken {
                ty: quote!(impl Into<#name>),
                convert: None,
                value: quote!(#body),
            }
        }
    }

    pub(super) fn taken_as(&self, media: &BodyMedia, name: &impl ToTokens) -> Taken {
        let scope = self.endpoint.scope;
        match &media.kind {
            BodyKind::Json(ty) | BodyKind::Form(ty, _) | BodyKind::Xml(ty) => {
                match scope.context.shape(*ty) {
                    Shape::Object(_)
                    | Shape::Map(_)
                    | Shape::Any
                    | Shape::Tuple(_)
                    | Shape::Newtype(_) => self.taken_whole(media, *ty, name),
                    _ => {
                        let taken = Borrowed::of(scope, *ty, name);
                        let Borrowed {
                            ty, convert, value, ..
                        } = taken;
                        Taken { ty, convert, value }
                    }
                }
            }
            BodyKind::Multipart(ty, _) => {
                let (ty, value) = match self.form_function(media) {
                    Some(function) => (scope.base(ty.id), quote!(#function(#name))),
                    None => (quote!(runtime::Form), quote!(#name)),
                };
                Taken {
                    ty,
                    convert: None,
                    value,
                }
            }
            BodyKind::Text => Taken {
                ty: quote!(impl Into<String>),
                convert: None,
                value: quote!(#name),
            },
            BodyKind::Bytes => Taken {
                ty: quote!(impl Into<runtime::Body>),
                convert: None,
                value: quote!(#name),
            },
            BodyKind::Lines(item) => {
                let lines = self.lines(*item);
                Taken {
                    ty: quote!(impl Into<#lines>),
                    convert: Some(quote!(let #name: #lines = #name.into();)),
                    value: quote!(#name),
                }
            }
        }
    }

    /// A body that is taken as its own type; a JSON body may be `null`, where the document says so.
    fn taken_whole(&self, media: &BodyMedia, ty: TypeRef, name: &impl ToTokens) -> Taken {
        let scope = self.endpoint.scope;
        let base = scope.base(ty.id);
        let body = self.endpoint.operation.body.as_ref();
        let null = scope.context.nullable(ty)
            && matches!(media.kind, BodyKind::Json(_))
            && !matches!(scope.context.shape(ty), Shape::Any)
            && !self.are_several();
        if !null {
            return Taken {
                ty: base,
                convert: None,
                value: quote!(&#name),
            };
        }
        if body.is_some_and(|body| body.required) {
            return Taken {
                ty: quote!(impl Into<Option<#base>>),
                convert: Some(quote! {
                    let #name: Option<#base> = #name.into();
                    let #name: runtime::Maybe<#base> = #name.into();
                }),
                value: quote!(&#name),
            };
        }
        Taken {
            ty: quote!(impl Into<runtime::Maybe<#base>>),
            convert: Some(quote!(let #name: runtime::Maybe<#base> = #name.into();)),
            value: quote!(&#name),
        }
    }

    fn lines(&self, item: TypeRef) -> TokenStream {
        let item = self.endpoint.scope.used(item);
        quote!(runtime::Lines<#item>)
    }

    /// A call with the body that the argument holds.
    pub(super) fn attached(&self, call: &TokenStream) -> TokenStream {
        let Taken { value, .. } = self.taken();
        if let [media] = self.media() {
            attach(self.endpoint.scope, media, call, &value)
        } else {
            quote!(#value.into().attach(#call))
        }
    }

    /// The setter of a body that may be left out.
    pub(super) fn setter(&self) -> Option<TokenStream> {
        let body = self.endpoint.operation.body.as_ref()?;
        let Taken { ty, convert, .. } = self.optional()?;
        let name = &self.endpoint.names.body;
        let doc = Prose::new(
            None,
            body.description.as_deref(),
            "The body of the request.",
        );
        let call = self.attached(&quote!(self.call));
        let on_use = on_use([&ty]);
        Some(quote! {
            #doc
            #on_use
            pub fn #name(self, #name: #ty) -> Self {
                #convert
                #call.request()
            }
        })
    }

    /// The enum of media types where there are several, and the functions that fill forms.
    pub(super) fn items(&self) -> Vec<TokenStream> {
        let mut items = Vec::new();
        if self.media().len() > 1 {
            items.push(self.choice());
            items.push(self.attaching());
            items.extend(self.conversions());
        }
        for media in self.media() {
            if let (BodyKind::Multipart(ty, parts), Some(function)) =
                (&media.kind, self.form_function(media))
            {
                items.push(filling(self.endpoint.scope, &function, *ty, parts));
            }
        }
        items
    }

    fn choice(&self) -> TokenStream {
        let (name, variants) = &self.endpoint.names.bodies;
        let doc = Prose::own(&format!("The body of [`{}`].", self.endpoint.link()));
        let variants = self.media().iter().zip(variants).map(|(media, ident)| {
            let said = code(&serde_json::Value::String(media.media.clone()), 200);
            let doc = Prose::own(&format!("{}{}", said.unwrap_or_default(), written(media)));
            let ty = self.held(media);
            quote! { #doc #ident(#ty), }
        });
        quote! {
            #doc
            #[derive(Clone, Debug)]
            #[non_exhaustive]
            pub enum #name { #(#variants)* }
        }
    }

    fn attaching(&self) -> TokenStream {
        let (name, variants) = &self.endpoint.names.bodies;
        let body = format_ident!("body");
        let arms = self.media().iter().zip(variants).map(|(media, ident)| {
            let value = match &media.kind {
                BodyKind::Json(_) | BodyKind::Form(..) | BodyKind::Xml(_) => quote!(&body),
                _ => self.taken_as(media, &body).value,
            };
            let call = attach(self.endpoint.scope, media, &quote!(call), &value);
            quote!(Self::#ident(body) => #call,)
        });
        quote! {
            impl #name {
                #[inline]
                fn attach(self, call: runtime::Call) -> runtime::Call {
                    match self { #(#arms)* }
                }
            }
        }
    }

    fn held(&self, media: &BodyMedia) -> TokenStream {
        match &media.kind {
            BodyKind::Json(ty) | BodyKind::Form(ty, _) | BodyKind::Xml(ty) => {
                self.endpoint.scope.base(ty.id)
            }
            BodyKind::Multipart(ty, _) if self.form_function(media).is_some() => {
                self.endpoint.scope.base(ty.id)
            }
            BodyKind::Multipart(..) => quote!(runtime::Form),
            BodyKind::Text => quote!(String),
            BodyKind::Bytes => quote!(runtime::Body),
            BodyKind::Lines(item) => self.lines(*item),
        }
    }

    /// `From` for what only one media type holds.
    fn conversions(&self) -> Vec<TokenStream> {
        let (name, variants) = &self.endpoint.names.bodies;
        let key = |media: &BodyMedia| match &media.kind {
            BodyKind::Json(ty)
            | BodyKind::Form(ty, _)
            | BodyKind::Multipart(ty, _)
            | BodyKind::Xml(ty) => identity(self.endpoint.scope, *ty, 0),
            _ => self.held(media).to_string(),
        };
        let mut holders: HashMap<String, (usize, usize)> = HashMap::new();
        for media in self.media() {
            let (others, xml) = holders.entry(key(media)).or_default();
            *(if is_xml(media) { xml } else { others }) += 1;
        }
        let alone = self.media().iter().zip(variants);
        // What can be sent as XML too is sent as the other.
        let alone = alone.filter(|(media, _)| match holders.get(&key(media)) {
            Some((0, xml)) => *xml == 1,
            Some((others, _)) => *others == 1 && !is_xml(media),
            None => false,
        });
        alone
            .map(|(media, ident)| {
                let ty = self.held(media);
                quote! {
                    impl From<#ty> for #name {
                        #[inline]
                        fn from(body: #ty) -> Self {
                            Self::#ident(body)
                        }
                    }
                }
            })
            .collect()
    }

    /// The function that fills the form of a multipart body, where it has an object type.
    pub(super) fn form_function(&self, media: &BodyMedia) -> Option<proc_macro2::Ident> {
        let BodyKind::Multipart(ty, _) = &media.kind else {
            return None;
        };
        let object = is_filled(self.endpoint.scope.context, *ty);
        let method = plain(&self.endpoint.names.method);
        let count = self
            .media()
            .iter()
            .take_while(|other| !std::ptr::eq(*other, media));
        let before = count
            .filter(|other| matches!(other.kind, BodyKind::Multipart(..)))
            .count();
        object.then(|| match before {
            0 => format_ident!("{method}_form"),
            before => format_ident!("{method}_form_{}", before + 1),
        })
    }
}

fn is_xml(media: &BodyMedia) -> bool {
    matches!(media.kind, BodyKind::Xml(_))
}

/// A call with a body of one media type.
fn attach(
    scope: &Scope<'_>,
    media: &BodyMedia,
    call: &TokenStream,
    value: &TokenStream,
) -> TokenStream {
    let wildcard = media.media.contains('*');
    let named = |usual: &'static str| {
        if wildcard {
            usual.to_owned()
        } else {
            media.media.clone()
        }
    };
    match &media.kind {
        BodyKind::Json(_) => {
            let media = named("application/json");
            quote!(#call.json(#media, #value))
        }
        BodyKind::Form(_, encodings) => {
            let encodings = encodings.iter().map(encoding);
            quote!(#call.form(#value, &[#(#encodings),*]))
        }
        BodyKind::Multipart(..) if media.media == "multipart/form-data" => {
            quote!(#call.multipart(#value))
        }
        BodyKind::Multipart(..) => {
            let media = named("multipart/form-data");
            quote!(#call.multipart_as(#media, #value))
        }
        BodyKind::Xml(ty) => {
            let media = named("application/xml");
            let root = scope.context.xml.root(*ty);
            quote!(#call.xml(#media, #value, #root))
        }
        BodyKind::Text => {
            let media = named("text/plain");
            quote!(#call.text(#media, #value))
        }
        BodyKind::Bytes => {
            let media = named("application/octet-stream");
            quote!(#call.bytes(#media, #value))
        }
        BodyKind::Lines(_) => {
            let media = named("application/x-ndjson");
            quote!(#call.lines(#media, #value))
        }
    }
}

pub(super) fn encoding(encoding: &Encoding) -> TokenStream {
    let Encoding {
        wire,
        style,
        explode,
        allow_reserved,
    } = encoding;
    let style = style_path(*style);
    quote! {
        runtime::Encoding {
            property: #wire,
            style: #style,
            explode: #explode,
            allow_reserved: #allow_reserved,
        }
    }
}

/// What the user has to know of a body that is handed over as it is written.
fn written(media: &BodyMedia) -> &'static str {
    match media.kind {
        BodyKind::Lines(_) => ", a JSON text for each value.",
        _ => ".",
    }
}
