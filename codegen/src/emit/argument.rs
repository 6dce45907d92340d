//! How a value is taken: by constructors and setters as their own, by operations to be written at once.

use proc_macro2::{Literal, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};

use super::scope::{Context, Files, Scope};
use crate::ir::{Field, Shape, TextFormat, TypeRef};
use crate::names::Ident;

/// How a constructor or setter takes a value and what it stores.
pub(super) struct Owned {
    /// The argument's type.
    pub(super) ty: TokenStream,
    /// The stored value, from the argument.
    pub(super) value: TokenStream,
}

impl Owned {
    /// The value of a field that is there.
    pub(super) fn of(scope: &Scope<'_>, field: &Field, multipart: bool, name: &Ident) -> Self {
        match scope.file(field.ty, multipart) {
            Some(Files::One) => {
                return Self {
                    ty: quote!(impl Into<runtime::File>),
                    value: quote!(#name.into()),
                };
            }
            Some(Files::Many) => {
                return Self {
                    ty: quote!(impl IntoIterator<Item = runtime::File>),
                    value: quote!(#name.into_iter().collect()),
                };
            }
            None => {}
        }
        Self::of_type(scope, field.ty, name)
    }

    /// As [`Owned::of`], for a value outside of a field.
    pub(super) fn of_type(scope: &Scope<'_>, reference: TypeRef, name: &Ident) -> Self {
        let base = scope.base(reference.id);
        let (ty, value) = match Kind::of(scope.context, reference) {
            Kind::Str | Kind::Format | Kind::Union => {
                (quote!(impl Into<#base>), quote!(#name.into()))
            }
            Kind::Strings => (
                quote!(impl IntoIterator<Item = impl Into<String>>),
                quote!(#name.into_iter().map(Into::into).collect()),
            ),
            Kind::Items(_) | Kind::Scalar | Kind::Compound => (quote!(#base), quote!(#name)),
        };
        let value = if reference.boxed {
            quote!(Box::new(#value))
        } else {
            value
        };
        Self { ty, value }
    }
}

/// How an operation takes a parameter that is written at once.
pub(super) struct Borrowed {
    /// The argument's type.
    pub(super) ty: TokenStream,
    /// What is done first to the argument, if anything.
    pub(super) convert: Option<TokenStream>,
    /// The value that is written: a reference.
    pub(super) value: TokenStream,
    /// The argument itself, where it is a `&str`.
    text: Option<TokenStream>,
}

impl Borrowed {
    /// The call that gives the parameter at a position its value: `set` or `with`, for a `&str` the method of it alone.
    pub(super) fn given(&self, method: &str, position: usize) -> TokenStream {
        let position = Literal::usize_unsuffixed(position);
        let (method, value) = match &self.text {
            Some(text) => (format_ident!("{method}_text"), text),
            None => (format_ident!("{method}"), &self.value),
        };
        quote!(#method(#position, #value))
    }

    pub(super) fn of(scope: &Scope<'_>, reference: TypeRef, name: &impl ToTokens) -> Self {
        let base = scope.base(reference.id);
        match Kind::of(scope.context, reference) {
            Kind::Str => Self {
                ty: quote!(&str),
                convert: None,
                value: quote!(&#name),
                text: Some(quote!(#name)),
            },
            Kind::Scalar => Self {
                ty: base,
                convert: None,
                value: quote!(&#name),
                text: None,
            },
            Kind::Format | Kind::Union => Self {
                ty: quote!(impl Into<#base>),
                convert: Some(quote!(let #name: #base = #name.into();)),
                value: quote!(&#name),
                text: None,
            },
            Kind::Strings => Self {
                ty: quote!(impl IntoIterator<Item = impl Into<String>>),
                convert: Some(
                    quote!(let #name: Vec<String> = #name.into_iter().map(Into::into).collect();),
                ),
                value: quote!(&#name),
                text: None,
            },
            Kind::Items(item) => {
                let item = scope.used(item);
                Self {
                    ty: quote!(impl IntoIterator<Item = #item>),
                    convert: Some(quote!(let #name: Vec<#item> = #name.into_iter().collect();)),
                    value: quote!(&#name),
                    text: None,
                }
            }
            Kind::Compound => Self {
                ty: quote!(&#base),
                convert: None,
                value: quote!(#name),
                text: None,
            },
        }
    }
}

/// The kinds of types that are taken differently.
enum Kind {
    /// A string.
    Str,
    /// A format that other types convert into.
    Format,
    /// A small value.
    Scalar,
    /// A list of strings.
    Strings,
    /// A list of other things.
    Items(TypeRef),
    /// An enum of types, into which its members convert.
    Union,
    /// Everything else.
    Compound,
}

impl Kind {
    fn of(context: Context<'_>, reference: TypeRef) -> Self {
        match context.shape(reference) {
            Shape::String | Shape::File => Self::Str,
            Shape::Text(
                TextFormat::DateTime
                | TextFormat::Time
                | TextFormat::Duration
                | TextFormat::Uri
                | TextFormat::Ipv6
                | TextFormat::Byte,
            )
            | Shape::Decimal
            | Shape::QuotedDecimal
            | Shape::QuotedInteger(_) => Self::Format,
            Shape::Array(item) => {
                let string = matches!(context.shape(*item), Shape::String | Shape::File);
                if string && !context.nullable(*item) {
                    Self::Strings
                } else {
                    Self::Items(*item)
                }
            }
            // What it holds converts into a part where no header must be given.
            Shape::Union(_) | Shape::Part { .. } => Self::Union,
            Shape::Any
            | Shape::Tuple(_)
            | Shape::Map(_)
            | Shape::Object(_)
            | Shape::Alias(_)
            | Shape::Newtype(_) => Self::Compound,
            Shape::Bool
            | Shape::Integer(_)
            | Shape::Double
            | Shape::Text(TextFormat::Uuid | TextFormat::Date | TextFormat::Ipv4)
            | Shape::Enumeration(_) => Self::Scalar,
        }
    }
}

/// The attribute that has a function compiled by the programs that call it, and not with every client; functions that are
/// generic by the type of an argument are so anyway.
pub(super) fn on_use<'t>(
    arguments: impl IntoIterator<Item = &'t TokenStream>,
) -> Option<TokenStream> {
    let is_generic = |ty: &TokenStream| {
        let first = ty.clone().into_iter().next();
        matches!(first, Some(TokenTree::Ident(ident)) if ident == "impl")
    };
    (!arguments.into_iter().any(is_generic)).then(|| quote!(#[inline]))
}

/// The attribute of a function with more arguments than clippy likes.
pub(super) fn too_many(arguments: usize, reason: &str) -> Option<TokenStream> {
    (arguments > 7).then(|| quote!(#[expect(clippy::too_many_arguments, reason = #reason)]))
}
