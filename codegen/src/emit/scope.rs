//! How a use of a type is written; it knows the IR and the names, and no item.

use std::cell::RefCell;
use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use super::Options;
use crate::ir::{Api, Enumeration, Field, IntegerKind, Shape, TextFormat, Type, TypeId, TypeRef};
use crate::names::{Ident, Names};

/// What every emitted item can look up.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) api: &'a Api,
    pub(super) names: &'a Names,
    pub(super) options: &'a Options,
    pub(super) xml: &'a super::xml::Table,
    pub(super) validation: &'a super::validation::Table,
    /// What operations leave out, since most say it.
    pub(super) common: &'a super::common::Common,
}

impl<'a> Context<'a> {
    pub(super) fn ty(self, id: TypeId) -> &'a Type {
        &self.api.types[id]
    }

    pub(super) fn name(self, id: TypeId) -> Option<&'a Ident> {
        self.names.types.get(id.index())?.as_ref()
    }

    /// The names of a type's fields or variants.
    pub(super) fn members(self, id: TypeId) -> &'a [Ident] {
        self.names
            .members
            .get(id.index())
            .map_or(&[], Vec::as_slice)
    }

    /// The variant of a required property that the document allows no other value of: `new` does not ask for it.
    pub(super) fn constant(self, field: &Field) -> Option<&'a Ident> {
        let target = self.api.types.unalias(field.ty);
        let Shape::Enumeration(enumeration) = &self.ty(target.id).shape else {
            return None;
        };
        let always = field.required && !target.nullable && !target.boxed && !field.ty.boxed;
        let place = match (
            field.constraints.allowed.as_deref(),
            enumeration.values.as_slice(),
        ) {
            _ if !always => None,
            (_, [_]) => Some(0),
            (Some([only]), _) => place_of(enumeration, only),
            _ => None,
        };
        self.members(target.id).get(place?)
    }

    /// The variant of an enumeration that stands for its values where the document shows one: the first that the use allows.
    pub(super) fn shown(self, reference: TypeRef) -> Option<&'a Ident> {
        let target = self.api.types.unalias(reference);
        let allowed = self.api.types.narrowed(reference);
        let place = match (&self.ty(target.id).shape, allowed) {
            (Shape::Enumeration(enumeration), Some([first, ..])) => place_of(enumeration, first),
            _ => Some(0),
        };
        self.members(target.id).get(place?)
    }

    pub(super) fn shape(self, reference: TypeRef) -> &'a Shape {
        &self.ty(self.api.types.unalias(reference).id).shape
    }

    /// Whether `null` is legal here, aliases included.
    pub(super) fn nullable(self, reference: TypeRef) -> bool {
        self.api.types.unalias(reference).nullable
    }
}

fn place_of(enumeration: &Enumeration, value: &Value) -> Option<usize> {
    let mut values = enumeration.values.iter();
    values.position(|known| known.value == *value)
}

/// A module that uses types: among the types themselves by name, elsewhere as `types::Name`.
pub(super) struct Scope<'a> {
    pub(super) context: Context<'a>,
    /// The names of this module's types; `None` where it is not one of types. Types may share a name.
    own: Option<BTreeSet<Ident>>,
    /// The types of other modules that were used by name.
    foreign: RefCell<BTreeSet<Ident>>,
}

impl<'a> Scope<'a> {
    /// A module outside of the types.
    pub(super) fn outside(context: Context<'a>) -> Self {
        Self {
            context,
            own: None,
            foreign: RefCell::default(),
        }
    }

    /// The module that defines `own`.
    pub(super) fn of_types(context: Context<'a>, own: &[TypeId]) -> Self {
        let own = own.iter().filter_map(|id| context.name(*id).cloned());
        let own = Some(own.collect());
        Self {
            context,
            own,
            foreign: RefCell::default(),
        }
    }

    /// The names of the types of other modules that were used, sorted.
    pub(super) fn imports(&self) -> BTreeSet<Ident> {
        self.foreign.borrow().clone()
    }

    fn item(&self, id: TypeId) -> Option<TokenStream> {
        let name = self.context.name(id)?;
        Some(match &self.own {
            None => quote!(types::#name),
            Some(own) => {
                if !own.contains(name) {
                    self.foreign.borrow_mut().insert(name.clone());
                }
                quote!(#name)
            }
        })
    }

    /// A type without the nullability and the box of its use.
    pub(super) fn base(&self, id: TypeId) -> TokenStream {
        let ty = self.context.ty(id);
        if ty.shape == Shape::File && ty.usage.multipart {
            return quote!(runtime::File);
        }
        self.item(id).unwrap_or_else(|| self.in_place(&ty.shape))
    }

    /// The value that [`Context::constant`] names.
    pub(super) fn constant(&self, field: &Field) -> Option<TokenStream> {
        let variant = self.context.constant(field)?;
        let ty = self.present(field.ty);
        Some(quote!(#ty::#variant))
    }

    /// A type as its shape spells it: what stands right of the `=` of an alias.
    pub(super) fn in_place(&self, shape: &Shape) -> TokenStream {
        match shape {
            Shape::Bool => quote!(bool),
            Shape::Integer(kind) => integer(*kind),
            Shape::QuotedInteger(kind) => {
                let integer = integer(*kind);
                quote!(runtime::Quoted<#integer>)
            }
            Shape::Double => quote!(f64),
            Shape::Decimal => quote!(runtime::Decimal),
            Shape::QuotedDecimal => quote!(runtime::Quoted<runtime::Decimal>),
            // A binary string inside of JSON has no bytes to show: it is the string that it is.
            Shape::String | Shape::File => quote!(String),
            Shape::Text(format) => text(*format),
            Shape::Array(item) => {
                let item = self.used(*item);
                quote!(Vec<#item>)
            }
            Shape::Tuple(items) => {
                let items = items.iter().map(|item| self.used(*item));
                quote!((#(#items,)*))
            }
            Shape::Map(value) => {
                let value = self.used(*value);
                quote!(runtime::Map<#value>)
            }
            Shape::Part { value, headers } => {
                let (value, headers) = (self.used(*value), self.used(*headers));
                quote!(runtime::Part<#value, #headers>)
            }
            Shape::Alias(target) | Shape::Newtype(target) => self.boxed(*target),
            // Every struct and enum has a name; should one be without, any value is still true.
            Shape::Any | Shape::Object(_) | Shape::Enumeration(_) | Shape::Union(_) => {
                quote!(runtime::Value)
            }
        }
    }

    fn boxed(&self, reference: TypeRef) -> TokenStream {
        let base = self.base(reference.id);
        if reference.boxed {
            quote!(Box<#base>)
        } else {
            base
        }
    }

    /// A use of a type: `Option` where `null` is legal.
    pub(super) fn used(&self, reference: TypeRef) -> TokenStream {
        let ty = self.boxed(reference);
        if self.context.nullable(reference) {
            quote!(Option<#ty>)
        } else {
            ty
        }
    }

    /// A use of a type whose nullability is already told by what is around it.
    pub(super) fn present(&self, reference: TypeRef) -> TokenStream {
        self.boxed(reference)
    }

    /// The type of a field. In a multipart body a binary property is a file.
    pub(super) fn field(&self, field: &Field, multipart: bool) -> TokenStream {
        let present = match self.file(field.ty, multipart) {
            Some(Files::One) => quote!(runtime::File),
            Some(Files::Many) => quote!(Vec<runtime::File>),
            None => self.present(field.ty),
        };
        match Presence::of(self.context, field) {
            Presence::Always => present,
            Presence::Option => quote!(Option<#present>),
            Presence::Maybe => quote!(runtime::Maybe<#present>),
        }
    }

    /// Whether a field of a multipart body holds files.
    pub(super) fn file(&self, reference: TypeRef, multipart: bool) -> Option<Files> {
        match self.context.shape(reference) {
            Shape::File if multipart => Some(Files::One),
            Shape::Array(item) if multipart => {
                matches!(self.context.shape(*item), Shape::File).then_some(Files::Many)
            }
            _ => None,
        }
    }
}

/// What a field of a multipart body holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Files {
    One,
    Many,
}

/// Whether a field may be without a value, and how that is told.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    /// `T`
    Always,
    /// `Option<T>`
    Option,
    /// `Maybe<T>`
    Maybe,
}

impl Presence {
    pub(super) fn of(context: Context<'_>, field: &Field) -> Self {
        if field.maybe && !field.required {
            Self::Maybe
        } else if !field.required || context.nullable(field.ty) {
            Self::Option
        } else {
            Self::Always
        }
    }
}

pub(super) fn integer(kind: IntegerKind) -> TokenStream {
    match kind {
        IntegerKind::I8 => quote!(i8),
        IntegerKind::I16 => quote!(i16),
        IntegerKind::I32 => quote!(i32),
        IntegerKind::I64 => quote!(i64),
        IntegerKind::U8 => quote!(u8),
        IntegerKind::U16 => quote!(u16),
        IntegerKind::U32 => quote!(u32),
        IntegerKind::U64 => quote!(u64),
    }
}

fn text(format: TextFormat) -> TokenStream {
    match format {
        TextFormat::Uuid => quote!(runtime::Uuid),
        TextFormat::DateTime => quote!(runtime::DateTime),
        TextFormat::Date => quote!(runtime::Date),
        TextFormat::Time => quote!(runtime::Time),
        TextFormat::Duration => quote!(runtime::IsoDuration),
        TextFormat::Uri => quote!(runtime::Url),
        TextFormat::Byte => quote!(runtime::Base64),
        TextFormat::Ipv4 => quote!(std::net::Ipv4Addr),
        TextFormat::Ipv6 => quote!(runtime::Ipv6),
    }
}
