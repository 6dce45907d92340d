//! Round trips of every type that a schema has: a table of functions that decode JSON and encode it again. For judges,
//! which have values of schemas and no names of types; it must not know what becomes of the answers.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::quote;

use super::object::Struct;
use super::scope::{Context, Scope};
use crate::diagnostic::Pointer;
use crate::ir::{Form, Shape, TypeId, TypeRef};

/// The table of an API and who is where in it.
pub struct RoundTrips {
    /// The module with the table.
    pub tokens: TokenStream,
    /// The schemas that have a type.
    pub schemas: Vec<Entry>,
}

/// The types of a schema, as indexes into the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where the schema stands in the lowered document.
    pub pointer: Pointer,
    /// Its type in a response.
    pub response: Option<usize>,
    /// Its type in a request.
    pub request: Option<usize>,
    /// Whether its type in a response makes one of an absent property and one that is `null`.
    pub folds: bool,
}

/// The table of all types that schemas of the document have.
pub(super) fn table(context: Context<'_>) -> RoundTrips {
    let mut table = Table {
        scope: Scope::outside(context),
        known: HashMap::new(),
        types: Vec::new(),
    };
    let requests: HashMap<TypeId, TypeId> = context
        .api
        .types
        .iter()
        .filter_map(|(id, ty)| match ty.form {
            Form::Request(response) => Some((response, id)),
            _ => None,
        })
        .collect();
    let schemas = context.api.schemas.iter();
    let schemas = schemas.filter_map(|(pointer, ty)| {
        let usage = context.ty(ty.id).usage;
        let form = requests.get(&ty.id).map(|id| TypeRef { id: *id, ..*ty });
        let request = form.or(usage.request.then_some(*ty));
        let response = (usage.response || request.is_none()).then_some(*ty);
        let entry = Entry {
            pointer: pointer.clone(),
            response: response.and_then(|ty| table.index(ty)),
            request: request.and_then(|ty| table.index(ty)),
            folds: !context.ty(context.api.types.unalias(*ty).id).usage.request,
        };
        (entry.response.is_some() || entry.request.is_some()).then_some(entry)
    });
    let schemas = schemas.collect();
    let types = &table.types;
    let tokens = quote! {
        #[allow(unused_imports)]
        use super::types;
        #[allow(unused_imports)]
        use crate::runtime;
        use crate::round_trip::{self, Function};

        pub const TABLE: &[Function] = &[#(round_trip::of::<#types>),*];
    };
    RoundTrips { tokens, schemas }
}

struct Table<'a> {
    scope: Scope<'a>,
    /// Types that are spelled alike are one.
    known: HashMap<String, usize>,
    types: Vec<TokenStream>,
}

impl Table<'_> {
    /// The place of a type; none for one that has no JSON or that was left out.
    fn index(&mut self, ty: TypeRef) -> Option<usize> {
        if !self.has_json(ty) {
            return None;
        }
        let tokens = self.scope.used(ty);
        let next = self.types.len();
        let index = *self.known.entry(tokens.to_string()).or_insert(next);
        if index == next {
            self.types.push(tokens);
        }
        Some(index)
    }

    fn has_json(&self, ty: TypeRef) -> bool {
        let context = self.scope.context;
        let ty = context.api.types.unalias(ty);
        match &context.ty(ty.id).shape {
            Shape::Object(object) => {
                let of = Struct {
                    scope: &self.scope,
                    id: ty.id,
                    object,
                };
                context.name(ty.id).is_some() && !of.holds_files()
            }
            Shape::Union(_) | Shape::Enumeration(_) => context.name(ty.id).is_some(),
            Shape::Array(item) | Shape::Map(item) => self.has_json(*item),
            _ => true,
        }
    }
}
