//! The macro call that gives a type its JSON, a line per property, value or member.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;

use super::object::Struct;
use super::scope::{Context, Presence, Scope};
use crate::ir::{
    Enumeration, EnumerationKind, Form, KindSet, Object, Shape, TypeId, Union, Variant,
};
use crate::names::Ident;

/// The call for a type; none for one that is an alias, that is written in place or that holds files.
pub(super) fn call(scope: &Scope<'_>, id: TypeId) -> Option<TokenStream> {
    let context = scope.context;
    let name = context.name(id)?;
    match &context.ty(id).shape {
        Shape::Object(object) => {
            let of = Struct { scope, id, object };
            (!of.holds_files()).then(|| properties(context, name, object, &of))
        }
        Shape::Enumeration(enumeration) => Some(values(context, id, name, enumeration)),
        Shape::Union(union) => Some(members(context, id, name, union)),
        Shape::Newtype(target) => {
            let target = scope.used(*target);
            Some(quote!(runtime::newtype! { #name(#target) }))
        }
        _ => None,
    }
}

fn properties(context: Context<'_>, name: &Ident, object: &Object, of: &Struct<'_>) -> TokenStream {
    let fields = object
        .fields
        .iter()
        .zip(context.members(of.id))
        .map(|(field, ident)| {
            let wire = &field.wire;
            match (field.required, Presence::of(context, field)) {
                (true, _) => quote!(#ident!: #wire,),
                (false, Presence::Maybe) => quote!(#ident~: #wire,),
                (false, _) => quote!(#ident?: #wire,),
            }
        });
    let rest = object.additional.map(|_| {
        let additional = of.additional();
        quote!(.. #additional)
    });
    quote!(runtime::object! { #name { #(#fields)* #rest } })
}

fn values(
    context: Context<'_>,
    id: TypeId,
    name: &Ident,
    enumeration: &Enumeration,
) -> TokenStream {
    let literals = enumeration
        .values
        .iter()
        .map(|value| literal(enumeration.kind, &value.value));
    let lines = context.members(id).iter().zip(literals);
    let lines = lines.map(|(ident, literal)| quote!(#ident = #literal,));
    match enumeration.kind {
        EnumerationKind::String => quote!(runtime::string_enum! { #name { #(#lines)* } }),
        EnumerationKind::Integer => quote!(runtime::integer_enum! { #name { #(#lines)* } }),
        EnumerationKind::Mixed => quote!(runtime::value_enum! { #name { #(#lines)* } }),
    }
}

fn literal(kind: EnumerationKind, value: &Value) -> Literal {
    match (kind, value) {
        (EnumerationKind::String, Value::String(text)) => Literal::string(text),
        (EnumerationKind::Integer, Value::Number(number)) => {
            Literal::i64_unsuffixed(number.as_i64().unwrap_or_default())
        }
        (_, value) => Literal::string(&value.to_string()),
    }
}

fn members(context: Context<'_>, id: TypeId, name: &Ident, union: &Union) -> TokenStream {
    let head = match &union.tag {
        Some(tag) => quote!(tag #tag;),
        None if union.any => quote!(any;),
        None => TokenStream::new(),
    };
    let lines = union
        .variants
        .iter()
        .zip(context.members(id))
        .enumerate()
        .map(|(index, (variant, ident))| {
            let told = member(context, union, variant, union.default == Some(index));
            let place = Literal::usize_unsuffixed(index);
            quote!(#ident = #place { #told },)
        });
    quote!(runtime::union! { #name { #head #(#lines)* } })
}

/// What tells a member from the others. The keys that it knows count only between objects.
fn member(context: Context<'_>, union: &Union, variant: &Variant, is_default: bool) -> TokenStream {
    let tags = list("tags", variant.tags.iter().map(|tag| quote!(#tag)));
    let kinds = (variant.kinds != KindSet::ANY && variant.kinds != KindSet::default()).then(|| {
        let kinds = variant.kinds.names().map(|name| match name {
            "bool" => format_ident!("boolean"),
            name => format_ident!("{name}"),
        });
        quote!(kinds: #(#kinds)|*,)
    });
    let required = list("required", variant.required.iter().map(|key| quote!(#key)));
    let known = variant.known.iter().flatten().map(|key| quote!(#key));
    let known = list("known", known);
    let constants = list(
        "constants",
        variant.constants.iter().map(|(key, value)| {
            let value = value.to_string();
            quote!((#key, #value))
        }),
    );
    let ranges = list(
        "ranges",
        variant.ranges.iter().map(|(key, low, high)| {
            let text =
                |bound: &Option<_>| bound.as_ref().map(ToString::to_string).unwrap_or_default();
            let (low, high) = (text(low), text(high));
            quote!((#key, #low, #high))
        }),
    );
    let empty = is_empty(context, variant).then(|| quote!(empty: true,));
    let closed = is_closed(context, variant).then(|| quote!(closed: true,));
    if is_default {
        // What no tag names is written as it is.
        return quote!(#tags #kinds #required #known #constants #ranges #empty #closed fallback: true,);
    }
    let inject = injected(context, union, variant).map(|tag| quote!(inject: #tag,));
    quote!(#tags #kinds #required #known #constants #ranges #empty #closed #inject)
}

/// Whether a member is an object that may have no keys; a request type may be without fields of the response type.
fn is_empty(context: Context<'_>, variant: &Variant) -> bool {
    let target = context.api.types.unalias(variant.ty);
    let ty = context.ty(target.id);
    let bare = |object: &Object| object.fields.is_empty() && object.additional.is_none();
    matches!(&ty.shape, Shape::Object(object) if bare(object))
        && !matches!(ty.form, Form::Request(_))
}

/// Whether a member allows no other keys than those that it lists; a request type may be without fields of the response type.
fn is_closed(context: Context<'_>, variant: &Variant) -> bool {
    let ty = context.ty(context.api.types.unalias(variant.ty).id);
    matches!(&ty.shape, Shape::Object(object) if object.additional.is_none() && !object.open && !object.fields.is_empty())
        && !matches!(ty.form, Form::Request(_))
}

fn list(key: &str, items: impl Iterator<Item = TokenStream>) -> Option<TokenStream> {
    let mut items = items.peekable();
    items.peek()?;
    let key = format_ident!("{key}");
    Some(quote!(#key: [#(#items),*],))
}

/// The tag value that is written with a member whose type does not have the tag property.
fn injected<'a>(context: Context<'_>, union: &Union, variant: &'a Variant) -> Option<&'a str> {
    let tag = union.tag.as_deref()?;
    let value = variant
        .tags
        .iter()
        .find(|tag| !tag.contains('/'))
        .or(variant.tags.first())?;
    let Shape::Object(object) = context.shape(variant.ty) else {
        return None;
    };
    (!object.fields.iter().any(|field| field.wire == tag)).then_some(value)
}
