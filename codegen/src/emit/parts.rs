//! How the form of a multipart body is filled, part by part. It must not know operations.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens as _, quote};

use super::scope::{Context, Files, Presence, Scope};
use crate::ir::{Object, Part, PartKind, Shape, TypeId, TypeRef};

/// The function that fills the form of a multipart body of a type.
pub(super) fn filling(
    scope: &Scope<'_>,
    function: &Ident,
    body: TypeRef,
    parts: &[Part],
) -> TokenStream {
    let body = scope.context.api.types.unalias(body);
    let ty = scope.base(body.id);
    let (new, statements) = match scope.context.shape(body) {
        Shape::Object(object) => (quote!(new), properties(scope, body.id, object, parts)),
        Shape::Map(value) => (quote!(new), entries(scope, body, *value, parts)),
        Shape::Union(_) => (quote!(new), vec![quote!(form = form.properties(&body);)]),
        _ => (quote!(unnamed), positions(scope, body, parts)),
    };
    if statements.is_empty() {
        return quote! {
            #[inline]
            fn #function(_: #ty) -> runtime::Form {
                runtime::Form::#new()
            }
        };
    }
    quote! {
        #[inline]
        fn #function(body: #ty) -> runtime::Form {
            let mut form = runtime::Form::#new();
            #(#statements)*
            form
        }
    }
}

/// The statements that add the properties of an object.
fn properties(scope: &Scope<'_>, id: TypeId, object: &Object, parts: &[Part]) -> Vec<TokenStream> {
    let names = scope.context.members(id);
    let mut statements = Vec::new();
    for part in parts {
        let mut fields = object.fields.iter().zip(names);
        let Some((field, ident)) = fields.find(|(field, _)| field.wire == part.wire) else {
            continue;
        };
        let filled = Filled {
            scope,
            part,
            wire: field.wire.to_token_stream(),
            root: super::xml::part_value(scope.context.api, id.into(), part),
            headed: is_headed(scope.context, field.ty),
        };
        let presence = Presence::of(scope.context, field);
        let is_taken = scope.file(field.ty, true).is_some()
            || filled.headed
            || part.kind == PartKind::Xml && part.repeated;
        statements.push(if is_taken {
            filled.taken(&quote!(body.#ident), presence)
        } else {
            let added = filled.list(&quote!(&body.#ident));
            quote!(form = #added;)
        });
    }
    if object.additional.is_some() {
        let of = super::object::Struct { scope, id, object };
        let additional = of.additional();
        statements.push(quote! {
            for (name, value) in &body.#additional {
                form = form.text(name, value);
            }
        });
    }
    statements
}

/// The statement that adds the entries of a map.
fn entries(scope: &Scope<'_>, body: TypeRef, value: TypeRef, parts: &[Part]) -> Vec<TokenStream> {
    let entries = parts.iter().map(|part| {
        let filled = Filled {
            scope,
            part,
            wire: quote!(&name),
            root: super::xml::part_value(scope.context.api, body, part),
            headed: false,
        };
        let (held, added) = if scope.file(value, true) == Some(Files::One) {
            (quote!(file), filled.item(&quote!(file)))
        } else {
            (quote!(part), filled.list(&quote!(&part)))
        };
        quote!(for (name, #held) in body { form = #added; })
    });
    entries.collect()
}

/// The statements that add the items of an array, or the positions of a tuple.
fn positions(scope: &Scope<'_>, body: TypeRef, parts: &[Part]) -> Vec<TokenStream> {
    let several = matches!(scope.context.shape(body), Shape::Tuple(_));
    parts
        .iter()
        .map(|part| {
            let position = proc_macro2::Literal::usize_unsuffixed(part.position);
            let (place, ty) = match scope.context.shape(body) {
                Shape::Tuple(items) => (quote!(body.#position), items.get(part.position).copied()),
                _ => (quote!(body), Some(body)),
            };
            let filled = Filled {
                scope,
                part,
                wire: quote!(""),
                root: super::xml::part_value(scope.context.api, body, part),
                headed: ty.is_some_and(|ty| is_headed(scope.context, ty)),
            };
            let nullable = ty.is_some_and(|ty| scope.context.nullable(ty));
            let presence = if nullable && several {
                Presence::Option
            } else {
                Presence::Always
            };
            filled.taken(&place, presence)
        })
        .collect()
}

/// How one part is added to a form.
struct Filled<'a> {
    scope: &'a Scope<'a>,
    part: &'a Part,
    /// The name that it is added with.
    wire: TokenStream,
    /// What it holds.
    root: Option<TypeRef>,
    /// Whether it has headers.
    headed: bool,
}

/// Whether the parts of a multipart body are those of its type, and not for the user to fill.
pub(super) fn is_filled(context: Context<'_>, ty: TypeRef) -> bool {
    *context.shape(ty) != Shape::Any
}

/// Whether a part, or each of a list of them, has headers.
pub(super) fn is_headed(context: Context<'_>, ty: TypeRef) -> bool {
    match context.shape(ty) {
        Shape::Part { .. } => true,
        Shape::Array(item) => matches!(context.shape(*item), Shape::Part { .. }),
        _ => false,
    }
}

impl Filled<'_> {
    /// The form with a value that is borrowed, a part for each item of a list.
    fn list(&self, value: &TokenStream) -> TokenStream {
        let (wire, part) = (&self.wire, self.part);
        if part.style.is_some() || part.kind != PartKind::Json || !part.repeated {
            return self.value(value);
        }
        match part.content_type.as_deref() {
            None => quote!(form.text(#wire, #value)),
            Some(media) => quote!(form.text_as(#wire, Some(#media), #value)),
        }
    }

    /// The form with a value that is borrowed.
    fn value(&self, value: &TokenStream) -> TokenStream {
        let (wire, part) = (&self.wire, self.part);
        if let Some(style) = &part.style {
            let encoding = super::body::encoding(style);
            return quote!(form.styled(&#encoding, #value));
        }
        match (part.kind, part.content_type.as_deref()) {
            (PartKind::Json, None) => quote!(form.json(#wire, #value)),
            (PartKind::Json, Some(media)) => quote!(form.json_as(#wire, #media, #value)),
            (PartKind::Xml, media) => {
                let media = media.unwrap_or("application/xml");
                let xml = &self.scope.context.xml;
                let root = self.root.map(|root| xml.root(root));
                quote!(form.xml(#wire, #media, #value, #root))
            }
            (_, None) => quote!(form.text(#wire, #value)),
            (_, Some(media)) => quote!(form.text_as(#wire, Some(#media), #value)),
        }
    }

    /// The form with one item that is owned.
    fn item(&self, item: &TokenStream) -> TokenStream {
        let (wire, part) = (&self.wire, self.part);
        let held = if self.headed {
            quote!(#item.value)
        } else {
            item.clone()
        };
        let added = match (part.kind, part.content_type.as_deref()) {
            (PartKind::File, None) => quote!(form.file(#wire, #held)),
            (PartKind::File, Some(media)) => quote!(form.file_as(#wire, #media, #held)),
            _ => self.value(&quote!(&#held)),
        };
        if !self.headed {
            return added;
        }
        let styles = part.header_styles.iter().map(super::body::encoding);
        quote!(#added.headers(&#item.headers, &[#(#styles),*]))
    }

    /// The statement that adds a value that is taken out of the body, one by one where it is a list.
    fn taken(&self, value: &TokenStream, presence: Presence) -> TokenStream {
        let many = self.part.repeated;
        let name = if self.part.kind == PartKind::File && !self.headed {
            quote!(file)
        } else {
            quote!(part)
        };
        let added = self.item(&name);
        match (presence, many) {
            (Presence::Always, false) => {
                let added = self.item(value);
                quote!(form = #added;)
            }
            (Presence::Option, false) => quote!(if let Some(#name) = #value { form = #added; }),
            (Presence::Maybe, false) => {
                quote!(if let Some(#name) = #value.into_option() { form = #added; })
            }
            (Presence::Always, true) => quote!(for #name in #value { form = #added; }),
            (Presence::Option | Presence::Maybe, true) => {
                quote!(for #name in #value.unwrap_or_default() { form = #added; })
            }
        }
    }
}
