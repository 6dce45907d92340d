//! From the response form of a schema to its request form: what was read can be changed and sent back.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::object::Struct;
use super::scope::{Presence, Scope};
use super::union::{Choice, held, identity};
use crate::ir::{Field, Form, Object, Shape, TypeId, TypeRef, Union};

/// The impl, where the response has all that the request needs.
pub(super) fn from_response(of: &Struct<'_>) -> Option<TokenStream> {
    let context = of.scope.context;
    if of.holds_files() {
        return None;
    }
    let Form::Request(response) = context.ty(of.id).form else {
        return None;
    };
    let name = context.name(of.id)?;
    let Shape::Object(given) = &context.ty(response).shape else {
        return None;
    };
    let mut carrying = Carrying {
        scope: of.scope,
        open: HashSet::from([of.id]),
    };
    let fields = carrying.fields(of.id, of.object, response, given)?;
    // Named only now: a name that is looked up is imported.
    let source = of.scope.base(response);
    // Nothing may be left to carry.
    let value = if fields.is_empty() {
        quote!(_)
    } else {
        quote!(value)
    };
    Some(quote! {
        impl From<#source> for #name {
            #[inline]
            fn from(#value: #source) -> Self {
                Self { #(#fields),* }
            }
        }
    })
}

/// As [`from_response`], for a union.
pub(super) fn union_from_response(of: &Choice<'_>) -> Option<TokenStream> {
    let context = of.scope.context;
    let Form::Request(response) = context.ty(of.id).form else {
        return None;
    };
    let name = context.name(of.id)?;
    let Shape::Union(given) = &context.ty(response).shape else {
        return None;
    };
    let mut carrying = Carrying {
        scope: of.scope,
        open: HashSet::from([of.id]),
    };
    let arms = carrying.members(of.id, of.union, response, given)?;
    let source = of.scope.base(response);
    Some(quote! {
        impl From<#source> for #name {
            #[inline]
            fn from(value: #source) -> Self {
                match value {
                    #(#arms)*
                    #source::Unknown(value) => Self::Unknown(value),
                }
            }
        }
    })
}

/// Finds how values are carried over; a type that is asked for while it is being looked at can be.
struct Carrying<'a> {
    scope: &'a Scope<'a>,
    open: HashSet<TypeId>,
}

impl Carrying<'_> {
    fn fields(
        &mut self,
        id: TypeId,
        object: &Object,
        response: TypeId,
        given: &Object,
    ) -> Option<Vec<TokenStream>> {
        let context = self.scope.context;
        let names = context.members(id);
        let mut fields = Vec::new();
        for (field, ident) in object.fields.iter().zip(names) {
            let position = given
                .fields
                .iter()
                .position(|other| other.wire == field.wire)?;
            let from = context.members(response).get(position)?;
            let value = self.field(field, given.fields.get(position)?, &quote!(value.#from))?;
            fields.push(quote!(#ident: #value));
        }
        match (object.additional, given.additional) {
            (None, None) => {}
            (Some(to), Some(from)) if self.same(to, from) => {
                let own = Struct {
                    scope: self.scope,
                    id,
                    object,
                }
                .additional();
                let other = Struct {
                    scope: self.scope,
                    id: response,
                    object: given,
                }
                .additional();
                fields.push(quote!(#own: value.#other));
            }
            // What the document does not know is kept where it was read, and not sent.
            (None, Some(_)) if given.open => {}
            _ => return None,
        }
        Some(fields)
    }

    fn field(&mut self, to: &Field, from: &Field, value: &TokenStream) -> Option<TokenStream> {
        let context = self.scope.context;
        let inner = quote!(inner);
        let carried = self.carried(to.ty, from.ty, &inner)?;
        let mapped = |value: &TokenStream| mapped(value, &inner, &carried);
        // The same with the value in place, which may be the field of a struct.
        let direct = self.carried(to.ty, from.ty, value)?;
        Some(
            match (Presence::of(context, to), Presence::of(context, from)) {
                (Presence::Always, Presence::Always) => direct,
                (Presence::Option, Presence::Option) | (Presence::Maybe, Presence::Maybe) => {
                    mapped(value)
                }
                (Presence::Option, Presence::Always) => quote!(Some(#direct)),
                (Presence::Maybe, Presence::Always) => quote!(runtime::Maybe::Value(#direct)),
                // Whether it was null or absent is lost in the response: left out, it stays as the server has it.
                (Presence::Maybe, Presence::Option) => {
                    let value = mapped(value);
                    quote!(#value.map_or(runtime::Maybe::Absent, runtime::Maybe::Value))
                }
                (Presence::Option, Presence::Maybe) => {
                    let value = mapped(value);
                    quote!(#value.into_option())
                }
                (Presence::Always, _) => return None,
            },
        )
    }

    /// The expression that carries a value over; what may be null is told by who asks.
    fn carried(&mut self, to: TypeRef, from: TypeRef, value: &TokenStream) -> Option<TokenStream> {
        let context = self.scope.context;
        let bare = |reference: TypeRef| TypeRef {
            nullable: false,
            ..context.api.types.unalias(reference)
        };
        let (to, from) = (bare(to), bare(from));
        if to.boxed == from.boxed && self.same(to, from) {
            return Some(value.clone());
        }
        match (&context.ty(to.id).shape, &context.ty(from.id).shape) {
            (Shape::Object(_) | Shape::Union(_), _) => {
                let converts = self.converts(to.id, from.id);
                converts.then(|| match (to.boxed, from.boxed) {
                    (false, false) => quote!(#value.into()),
                    (true, true) => quote!(Box::new((*#value).into())),
                    (true, false) => quote!(Box::new(#value.into())),
                    (false, true) => quote!((*#value).into()),
                })
            }
            (Shape::Array(to), Shape::Array(from)) => {
                let carried = self.inner(*to, *from)?;
                Some(quote!(#value.into_iter().map(#carried).collect()))
            }
            (Shape::Map(to), Shape::Map(from)) => {
                let inner = quote!(inner);
                let carried = self.nullable(*to, *from, &inner)?;
                Some(quote!(#value.into_iter().map(|(key, inner)| (key, #carried)).collect()))
            }
            _ => None,
        }
    }

    /// The function that carries an item over.
    fn inner(&mut self, to: TypeRef, from: TypeRef) -> Option<TokenStream> {
        let inner = quote!(inner);
        let carried = self.nullable(to, from, &inner)?;
        Some(if carried.to_string() == quote!(inner.into()).to_string() {
            quote!(Into::into)
        } else {
            quote!(|inner| #carried)
        })
    }

    /// As [`Carrying::carried`], for a value that may be null in itself.
    fn nullable(&mut self, to: TypeRef, from: TypeRef, value: &TokenStream) -> Option<TokenStream> {
        let context = self.scope.context;
        match (context.nullable(to), context.nullable(from)) {
            (false, false) => self.carried(to, from, value),
            (true, true) => {
                let inner = quote!(inner);
                let carried = self.carried(to, from, &inner)?;
                Some(mapped(value, &inner, &carried))
            }
            _ => None,
        }
    }

    /// Whether a type has a conversion from another.
    fn converts(&mut self, to: TypeId, from: TypeId) -> bool {
        let context = self.scope.context;
        if context.ty(to).form != Form::Request(from) {
            return false;
        }
        if !self.open.insert(to) {
            return true;
        }
        // What is only looked at is named elsewhere.
        let outside = Scope::outside(context);
        let mut looking = Carrying {
            scope: &outside,
            open: std::mem::take(&mut self.open),
        };
        let converts = match (&context.ty(to).shape, &context.ty(from).shape) {
            (Shape::Object(object), Shape::Object(given)) => {
                looking.fields(to, object, from, given).is_some()
            }
            (Shape::Union(union), Shape::Union(given)) => {
                looking.members(to, union, from, given).is_some()
            }
            _ => false,
        };
        self.open = looking.open;
        converts
    }

    /// The arms that carry the members of a union over, by their names.
    fn members(
        &mut self,
        id: TypeId,
        union: &Union,
        response: TypeId,
        given: &Union,
    ) -> Option<Vec<TokenStream>> {
        let context = self.scope.context;
        let names = context.members(id);
        let own: Vec<_> = union.variants.iter().zip(names).collect();
        let given = given.variants.iter().zip(context.members(response));
        let carried: Option<Vec<_>> = given
            .map(|(variant, name)| {
                let (to, _) = own.iter().find(|(_, ident)| *ident == name)?;
                let value = quote!(value);
                let (to, from) = (held(context, to.ty), held(context, variant.ty));
                Some((name, self.nullable(to, from, &value)?))
            })
            .collect();
        let carried = carried?;
        // Named only now: a name that is looked up is imported.
        let source = self.scope.base(response);
        let arms = carried.iter();
        Some(
            arms.map(|(name, carried)| quote!(#source::#name(value) => Self::#name(#carried),))
                .collect(),
        )
    }

    fn same(&self, to: TypeRef, from: TypeRef) -> bool {
        let outside = Scope::outside(self.scope.context);
        identity(&outside, to, 0) == identity(&outside, from, 0)
    }
}

/// A value that may be missing, carried over where it is there.
fn mapped(value: &TokenStream, inner: &TokenStream, carried: &TokenStream) -> TokenStream {
    let text = carried.to_string();
    if text == inner.to_string() {
        value.clone()
    } else if text == quote!(#inner.into()).to_string() {
        quote!(#value.map(Into::into))
    } else {
        quote!(#value.map(|#inner| #carried))
    }
}
