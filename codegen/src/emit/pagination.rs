//! How the pages of an operation follow each other, as an impl of the runtime's trait.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::operation::Endpoint;
use super::response::Successes;
use super::scope::Presence;
use crate::ir::{FieldPath, IntegerKind, Pagination, Rule, Shape, TypeRef};

/// The impl and the methods `pages` and `items`; nothing where there are no pages.
pub(super) fn items(endpoint: &Endpoint<'_>) -> Vec<TokenStream> {
    let Some((pagination, walk, page, list)) = paginated(endpoint) else {
        return Vec::new();
    };
    let operation = &endpoint.names.endpoint;
    let item = endpoint.scope.used(pagination.item);
    let rule = rule(pagination);
    let facts = walk.facts(page, pagination);
    vec![quote! {
        impl runtime::Paginated for #operation {
            type Item = #item;
            const RULE: runtime::PageRule = #rule;

            #[inline]
            fn items(page: Self::Output) -> Vec<Self::Item> {
                #list
            }

            #[inline]
            fn facts(page: &Self::Output) -> runtime::PageFacts {
                #facts
            }
        }
    }]
}

/// Whether an operation has pages to go through.
pub(super) fn is_emitted(endpoint: &Endpoint<'_>) -> bool {
    paginated(endpoint).is_some()
}

/// How the pages go on, the way through a page, its type, and its items; none where the items cannot be reached.
fn paginated<'a>(
    endpoint: &'a Endpoint<'a>,
) -> Option<(&'a Pagination, Walk<'a>, TypeRef, TokenStream)> {
    let pagination = endpoint.operation.pagination.as_ref()?;
    let (page, optional) = Successes::of(endpoint).page()?;
    let walk = Walk {
        endpoint,
        root: quote!(page),
        optional,
    };
    let list = walk.owned(page, &pagination.items)?;
    Some((pagination, walk, page, list))
}

fn rule(pagination: &Pagination) -> TokenStream {
    let header = pagination.header.as_deref().unwrap_or_default();
    let number = |value: usize| Literal::usize_unsuffixed(value);
    let maybe = |value: Option<usize>| {
        if let Some(value) = value {
            let value = number(value);
            quote!(Some(#value))
        } else {
            quote!(None)
        }
    };
    match pagination.rule {
        Rule::Offset { offset, limit } => {
            let (offset, limit) = (number(offset), maybe(limit));
            quote!(runtime::PageRule::Offset { offset: #offset, limit: #limit })
        }
        Rule::Page { page, size, first } => {
            let (page, size) = (number(page), maybe(size));
            let first = Literal::u64_unsuffixed(u64::try_from(first).unwrap_or_default());
            quote!(runtime::PageRule::Page { page: #page, size: #size, first: #first })
        }
        Rule::Cursor { cursor } => {
            let cursor = number(cursor);
            quote!(runtime::PageRule::Cursor { cursor: #cursor })
        }
        Rule::LastItem { cursor } => {
            let cursor = number(cursor);
            quote!(runtime::PageRule::LastItem { cursor: #cursor, limit: None })
        }
        Rule::NextLink => quote!(runtime::PageRule::NextLink),
        Rule::LinkHeader => quote!(runtime::PageRule::LinkHeader),
        Rule::NextHeader => quote!(runtime::PageRule::NextHeader { name: #header }),
        Rule::CursorHeader { cursor } => {
            let cursor = number(cursor);
            quote!(runtime::PageRule::CursorHeader { name: #header, cursor: #cursor })
        }
    }
}

/// Expressions from `page` to a value inside of it.
struct Walk<'a> {
    endpoint: &'a Endpoint<'a>,
    /// Where the paths start.
    root: TokenStream,
    /// Whether that itself may be missing.
    optional: bool,
}

/// A step of a path: the field, and whether it may be without a value.
struct Step {
    field: TokenStream,
    presence: Presence,
}

impl Walk<'_> {
    /// The value itself, its default where something on the way is missing.
    fn owned(&self, page: TypeRef, path: &FieldPath) -> Option<TokenStream> {
        let (steps, last) = self.steps(page, path)?;
        let mut optional = self.optional;
        let mut value = self.root.clone();
        for Step { field, presence } in steps {
            let taken = if presence == Presence::Maybe {
                quote!(.#field.into_option())
            } else {
                quote!(.#field)
            };
            value = match (optional, presence) {
                (false, _) => quote!(#value #taken),
                (true, Presence::Always) => quote!(#value.map(|it| it #taken)),
                (true, _) => quote!(#value.and_then(|it| it #taken)),
            };
            optional |= presence != Presence::Always;
        }
        let value = if optional {
            quote!(#value.unwrap_or_default())
        } else {
            value
        };
        Some(match self.endpoint.scope.context.shape(last) {
            Shape::Newtype(_) => quote!(#value.0),
            _ => value,
        })
    }

    /// Where the value is.
    fn place(&self, page: TypeRef, path: &FieldPath) -> Option<Place> {
        let (steps, _) = self.steps(page, path)?;
        let root = self.root.clone();
        let mut place = if self.optional {
            Place::Maybe(quote!(#root.as_ref()))
        } else {
            Place::Sure(root)
        };
        for Step { field, presence } in steps {
            let referred = match presence {
                Presence::Always => quote!(.#field),
                Presence::Option => quote!(.#field.as_ref()),
                Presence::Maybe => quote!(.#field.as_option()),
            };
            place = match (place, presence) {
                (Place::Sure(value), Presence::Always) => Place::Sure(quote!(#value #referred)),
                (Place::Sure(value), _) => Place::Maybe(quote!(#value #referred)),
                (Place::Maybe(value), Presence::Always) => {
                    Place::Maybe(quote!(#value.map(|it| &it #referred)))
                }
                (Place::Maybe(value), _) => {
                    Place::Maybe(quote!(#value.and_then(|it| it #referred)))
                }
            };
        }
        Some(place)
    }

    fn steps(&self, page: TypeRef, path: &FieldPath) -> Option<(Vec<Step>, TypeRef)> {
        let context = self.endpoint.scope.context;
        let mut steps = Vec::new();
        let mut last = page;
        for (id, index) in &path.0 {
            let target = context.api.types.unalias((*id).into());
            let Shape::Object(object) = &context.ty(target.id).shape else {
                return None;
            };
            let field = object.fields.get(*index)?;
            let ident = context.members(target.id).get(*index)?;
            steps.push(Step {
                field: quote!(#ident),
                presence: Presence::of(context, field),
            });
            last = field.ty;
        }
        Some((steps, last))
    }

    fn facts(&self, page: TypeRef, pagination: &Pagination) -> TokenStream {
        let context = self.endpoint.scope.context;
        let count = self.count(page, &pagination.items);
        let fact = |path: &Option<FieldPath>| {
            let path = path.as_ref()?;
            let (_, last) = self.steps(page, path)?;
            Some((self.place(page, path)?, context.shape(last)))
        };
        let total = fact(&pagination.total).and_then(|(place, shape)| place.number(shape));
        let total = total.map(|value| quote!(total: #value,));
        let pages = fact(&pagination.last).and_then(|(place, shape)| place.number(shape));
        let pages = pages.map(|value| quote!(pages: #value,));
        let more = fact(&pagination.more).filter(|(_, shape)| matches!(shape, Shape::Bool));
        let more = more.map(|(place, _)| {
            let value = match place {
                Place::Sure(value) => quote!(Some(#value)),
                Place::Maybe(value) => quote!(#value.copied()),
            };
            quote!(has_more: #value,)
        });
        let next = fact(&pagination.next).filter(|(_, shape)| is_shown(shape));
        let next = next.map(|(place, shape)| {
            let value = place.optional();
            let links = matches!(pagination.rule, Rule::Offset { .. } | Rule::Page { .. })
                && matches!(shape, Shape::String | Shape::Text(_));
            if links || pagination.rule == Rule::NextLink {
                quote!(next: runtime::Next::link(#value),)
            } else {
                quote!(next: runtime::Next::cursor(#value),)
            }
        });
        let last = self.last_item(page, pagination);
        let last = last.map(|value| quote!(last_item: #value,));
        quote! {
            runtime::PageFacts {
                items: #count,
                #total
                #pages
                #more
                #next
                #last
                ..runtime::PageFacts::default()
            }
        }
    }

    fn count(&self, page: TypeRef, items: &FieldPath) -> TokenStream {
        let last = self.steps(page, items).map(|(_, last)| last);
        let last = last.map(|last| self.endpoint.scope.context.shape(last));
        let newtype = matches!(last, Some(Shape::Newtype(_)));
        if let Some(list) = self.optional_list(page, items).filter(|_| !newtype) {
            return quote!(runtime::count(&#list));
        }
        match self.place(page, items) {
            Some(Place::Sure(value)) if newtype => quote!(#value.0.len()),
            Some(Place::Sure(value)) => quote!(#value.len()),
            Some(Place::Maybe(value)) if newtype => quote!(#value.map_or(0, |items| items.0.len())),
            Some(Place::Maybe(value)) => quote!(#value.map_or(0, Vec::len)),
            None => quote!(0),
        }
    }

    /// The property that holds the items, where nothing but itself may be missing.
    fn optional_list(&self, page: TypeRef, items: &FieldPath) -> Option<TokenStream> {
        let (mut steps, _) = self.steps(page, items)?;
        let Step { field, presence } = steps.pop()?;
        let on_the_way = steps.iter().all(|step| step.presence == Presence::Always);
        let root = &self.root;
        let way = steps.iter().map(|step| &step.field);
        (!self.optional && on_the_way && presence == Presence::Option)
            .then(|| quote!(#root #(.#way)* .#field))
    }

    /// The id of the last item, where the rule asks for it.
    fn last_item(&self, page: TypeRef, pagination: &Pagination) -> Option<TokenStream> {
        let context = self.endpoint.scope.context;
        let id = pagination.item_id.as_ref()?;
        let item = Walk {
            endpoint: self.endpoint,
            root: quote!(item),
            optional: false,
        };
        let (_, last) = item.steps(pagination.item, id)?;
        if context.nullable(pagination.item) || !is_shown(context.shape(last)) {
            return None;
        }
        let items = self.place(page, &pagination.items)?;
        let last = match items {
            Place::Sure(items) => quote!(#items.last()),
            Place::Maybe(items) => quote!(#items.and_then(|items| items.last())),
        };
        Some(match item.place(pagination.item, id)? {
            Place::Sure(id) => quote!(#last.map(|item| #id.to_string())),
            Place::Maybe(id) => quote!(#last.and_then(|item| #id).map(ToString::to_string)),
        })
    }
}

/// An expression for a value inside of a page.
enum Place {
    /// The value where it stands.
    Sure(TokenStream),
    /// An `Option` of a reference to it.
    Maybe(TokenStream),
}

impl Place {
    fn optional(self) -> TokenStream {
        match self {
            Self::Sure(value) => quote!(Some(&#value)),
            Self::Maybe(value) => value,
        }
    }

    /// An `Option<u64>`; none for what is no number.
    fn number(self, shape: &Shape) -> Option<TokenStream> {
        let (value, read) = match (self, shape) {
            (Self::Sure(value), Shape::Integer(IntegerKind::U64)) => {
                return Some(quote!(Some(#value)));
            }
            (Self::Maybe(value), Shape::Integer(IntegerKind::U64)) => {
                return Some(quote!(#value.copied()));
            }
            (Self::Sure(value), Shape::Integer(_)) => {
                return Some(quote!(u64::try_from(#value).ok()));
            }
            (Self::Maybe(value), Shape::Integer(_)) => (value, quote!(u64::try_from(*count).ok())),
            (Self::Sure(value), shape) if is_shown(shape) => {
                return Some(quote!(#value.to_string().parse().ok()));
            }
            (Self::Maybe(value), shape) if is_shown(shape) => {
                (value, quote!(count.to_string().parse().ok()))
            }
            _ => return None,
        };
        Some(quote!(#value.and_then(|count| #read)))
    }
}

/// Whether the text of a value is the value: what a cursor or a link can be.
fn is_shown(shape: &Shape) -> bool {
    matches!(
        shape,
        Shape::String
            | Shape::Text(_)
            | Shape::Integer(_)
            | Shape::QuotedInteger(_)
            | Shape::Decimal
            | Shape::QuotedDecimal
            | Shape::Double
    )
}
