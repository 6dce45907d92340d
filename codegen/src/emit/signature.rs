//! What users of the emitted code write and get, as text: the same types that the items are emitted with.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::quote;

use super::argument::Borrowed;
use super::body::Bodies;
use super::errors::Errors;
use super::headers::Headers;
use super::object::plain;
use super::operation::Endpoint;
use super::response::Successes;
use super::scope::{Context, Scope};
use super::{Layout, Options};
use crate::ir::{Api, Shape, TypeId, TypeRef};
use crate::names::{Names, ReplyItem, SharedReply};

/// A name and the type that stands behind its colon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// The argument, setter, field or variant.
    pub name: String,
    /// Its type; empty for a variant without one.
    pub ty: String,
}

/// How an operation is called and what it gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The arguments of the method.
    pub arguments: Vec<Typed>,
    /// The setters of its request.
    pub setters: Vec<Typed>,
    /// What awaiting the request gives.
    pub output: String,
    /// The variants of the enum of errors.
    pub errors: Vec<Typed>,
}

/// Writes signatures and types of an API.
#[derive(Debug, Clone)]
pub struct Writer<'a> {
    api: &'a Api,
    names: &'a Names,
    options: Options,
    xml: super::xml::Table,
    validation: super::validation::Table,
    common: super::common::Common,
}

impl<'a> Writer<'a> {
    /// Of this API.
    pub fn new(api: &'a Api, names: &'a Names) -> Self {
        let layout = Layout::Crate {
            krate: String::new(),
            name: String::new(),
        };
        Self {
            api,
            names,
            options: Options { layout },
            xml: super::xml::Table::default(),
            validation: super::validation::Table::default(),
            common: super::common::Common::default(),
        }
    }

    fn context(&self) -> Context<'_> {
        Context {
            api: self.api,
            names: self.names,
            options: &self.options,
            xml: &self.xml,
            validation: &self.validation,
            common: &self.common,
        }
    }

    /// The signature of an operation; none where it has no method.
    pub fn operation(&self, index: usize) -> Option<Signature> {
        let scope = Scope::outside(self.context());
        let endpoint = Endpoint::of(&scope, index)?;
        let bodies = Bodies::of(&endpoint);
        let parameters = |required| {
            let parameters = endpoint.parameters(required);
            parameters.map(|(_, parameter, name)| {
                typed(name, &Borrowed::of(&scope, parameter.ty, name).ty)
            })
        };
        let body = |taken: TokenStream| typed(&endpoint.names.body, &taken);
        Some(Signature {
            arguments: parameters(true)
                .chain(bodies.argument().map(|taken| body(taken.ty)))
                .collect(),
            setters: parameters(false)
                .chain(bodies.optional().map(|taken| body(taken.ty)))
                .collect(),
            output: text(&Successes::of(&endpoint).ty()),
            errors: Errors::of(&endpoint)
                .variants()
                .map(|(name, ty)| typed(name, &ty.unwrap_or_default()))
                .collect(),
        })
    }

    /// The variants or the fields of what operations have in common of their replies.
    pub fn shared_reply(&self, shared: &SharedReply) -> Vec<Typed> {
        let scope = Scope::outside(self.context());
        let Some((index, item)) = shared.uses.first() else {
            return Vec::new();
        };
        let Some(endpoint) = Endpoint::of(&scope, *index) else {
            return Vec::new();
        };
        match item {
            ReplyItem::Errors => Errors::of(&endpoint)
                .variants()
                .map(|(name, ty)| typed(name, &ty.unwrap_or_default()))
                .collect(),
            ReplyItem::Headers | ReplyItem::ErrorHeaders => Headers::item(&endpoint, *item)
                .fields()
                .map(|(name, ty)| typed(name, &ty))
                .collect(),
        }
    }

    /// A use of a type.
    pub fn used(&self, reference: TypeRef) -> String {
        text(&Scope::outside(self.context()).used(reference))
    }

    /// The fields or the variants that hold something of a type that is an item; for an alias, what it stands for, without
    /// a name.
    pub fn members(&self, id: TypeId) -> Vec<Typed> {
        let context = self.context();
        let scope = Scope::outside(context);
        let ty = context.ty(id);
        let names = context.members(id);
        match &ty.shape {
            Shape::Object(object) => {
                let fields = object.fields.iter().zip(names);
                let mut members: Vec<_> = fields
                    .map(|(field, name)| typed(name, &scope.field(field, ty.usage.multipart)))
                    .collect();
                let additional = self.names.additional.get(id.index());
                if let (Some(value), Some(Some(name))) = (object.additional, additional) {
                    let value = scope.used(value);
                    members.push(typed(name, &quote!(runtime::Map<#value>)));
                }
                members
            }
            Shape::Union(union) => {
                let variants = union.variants.iter().zip(names);
                variants
                    .map(|(variant, name)| typed(name, &scope.used(variant.ty)))
                    .collect()
            }
            Shape::Enumeration(_) => names
                .iter()
                .map(|name| typed(name, &TokenStream::new()))
                .collect(),
            Shape::Newtype(target) => vec![Typed {
                name: String::new(),
                ty: text(&scope.used(*target)),
            }],
            shape => vec![Typed {
                name: String::new(),
                ty: text(&scope.in_place(shape)),
            }],
        }
    }
}

fn typed(name: &crate::names::Ident, ty: &TokenStream) -> Typed {
    Typed {
        name: plain(name),
        ty: text(ty),
    }
}

/// A type as a person would write it with everything imported.
fn text(tokens: &TokenStream) -> String {
    let mut out = String::new();
    let mut tokens = tokens.clone().into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(ident) => {
                let follows =
                    matches!(tokens.peek(), Some(TokenTree::Punct(p)) if p.as_char() == ':');
                if follows {
                    // The module that a name is taken from, and `::`.
                    tokens.next();
                    tokens.next();
                    continue;
                }
                let before = out.chars().next_back();
                if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
                    out.push(' ');
                }
                out.push_str(&ident.to_string());
            }
            TokenTree::Punct(punct) => match punct.as_char() {
                ',' => {
                    // Before the end a comma stands in a tuple of one alone.
                    if tokens.peek().is_some() {
                        out.push_str(", ");
                    } else if !out.contains(", ") {
                        out.push(',');
                    }
                }
                sign @ ('=' | '+') => out.extend([' ', sign, ' ']),
                sign => out.push(sign),
            },
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::None => ("", ""),
                };
                out.push_str(open);
                out.push_str(&text(&group.stream()));
                out.push_str(close);
            }
            TokenTree::Literal(literal) => out.push_str(&literal.to_string()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::text;

    #[test]
    fn types_read_as_a_person_writes_them() {
        for (tokens, expected) in [
            (
                quote!(Option<Vec<runtime::Map<types::A>>>),
                "Option<Vec<Map<A>>>",
            ),
            (
                quote!(impl IntoIterator<Item = impl Into<String>>),
                "impl IntoIterator<Item = impl Into<String>>",
            ),
            (quote!((String, std::net::Ipv4Addr)), "(String, Ipv4Addr)"),
            (quote!(&types::A), "&A"),
            (quote!(()), "()"),
            (quote!((f64, f64,)), "(f64, f64)"),
            (quote!((f64,)), "(f64,)"),
        ] {
            assert_eq!(text(&tokens), expected);
        }
    }
}
