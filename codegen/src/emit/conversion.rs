//! From the response form of a schema to its request form: what was read can be changed and sent back.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::object::Struct;
use super::scope::{Presence, Scope};
use super::union::identity;
use crate::ir::{Field, Form, Object, Shape, TypeId, TypeRef};

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
        open: HashSet::new(),
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
            fn from(#value: #source) -> Self {
                Self { #(#fields),* }
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
        let change = self.change(to.ty, from.ty)?;
        let mapped = |value: &TokenStream| match &change {
            Change::None => value.clone(),
            Change::Into => quote!(#value.map(Into::into)),
            Change::Items => {
                quote!(#value.map(|items| items.into_iter().map(Into::into).collect()))
            }
            Change::Values => quote!(
                #value.map(|map| map.into_iter().map(|(key, value)| (key, value.into())).collect())
            ),
        };
        Some(
            match (Presence::of(context, to), Presence::of(context, from)) {
                (Presence::Always, Presence::Always) => change.applied(value),
                (Presence::Option, Presence::Option) | (Presence::Maybe, Presence::Maybe) => {
                    mapped(value)
                }
                (Presence::Option, Presence::Always) => {
                    let value = change.applied(value);
                    quote!(Some(#value))
                }
                (Presence::Maybe, Presence::Always) => {
                    let value = change.applied(value);
                    quote!(runtime::Maybe::Value(#value))
                }
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

    fn change(&mut self, to: TypeRef, from: TypeRef) -> Option<Change> {
        if to.boxed != from.boxed {
            return None;
        }
        let context = self.scope.context;
        let bare = |reference: TypeRef| TypeRef {
            nullable: false,
            ..context.api.types.unalias(reference)
        };
        let (to, from) = (bare(to), bare(from));
        if self.same(to, from) {
            return Some(Change::None);
        }
        match (&context.ty(to.id).shape, &context.ty(from.id).shape) {
            (Shape::Object(object), Shape::Object(given)) if !to.boxed => {
                let converts = context.ty(to.id).form == Form::Request(from.id)
                    && (!self.open.insert(to.id)
                        || self.fields(to.id, object, from.id, given).is_some());
                converts.then_some(Change::Into)
            }
            (Shape::Array(to), Shape::Array(from))
                if !context.nullable(*to) && !context.nullable(*from) =>
            {
                matches!(self.change(*to, *from)?, Change::Into).then_some(Change::Items)
            }
            (Shape::Map(to), Shape::Map(from))
                if !context.nullable(*to) && !context.nullable(*from) =>
            {
                matches!(self.change(*to, *from)?, Change::Into).then_some(Change::Values)
            }
            _ => None,
        }
    }

    fn same(&self, to: TypeRef, from: TypeRef) -> bool {
        identity(self.scope, to, 0) == identity(self.scope, from, 0)
    }
}

/// What is done to a value on the way.
enum Change {
    None,
    Into,
    Items,
    Values,
}

impl Change {
    fn applied(&self, value: &TokenStream) -> TokenStream {
        match self {
            Self::None => value.clone(),
            Self::Into => quote!(#value.into()),
            Self::Items => quote!(#value.into_iter().map(Into::into).collect()),
            Self::Values => {
                quote!(#value.into_iter().map(|(key, value)| (key, value.into())).collect())
            }
        }
    }
}
