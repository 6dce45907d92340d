//! What operations say of themselves that others say, too: what most of them say is written once for the API.
//! It must not know what is an operation's own.

use std::collections::HashMap;
use std::hash::Hash;

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::scope::Context;
use super::server;
use crate::ir::{Api, Operation, Payload};

/// Operations from which on it is worth an item.
const FEW: usize = 10;

/// The fields of the runtime's `Operation` that others have with the same value; the default is its `DEFAULT`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Common {
    /// Alternatives of the positions of schemes.
    security: Vec<Vec<usize>>,
    accept: String,
    server: Option<String>,
}

impl Common {
    /// What more than half of the operations say, field by field.
    pub(super) fn of_api(api: &Api) -> Self {
        if api.operations.len() < FEW {
            return Self::default();
        }
        let all: Vec<_> = api.operations.iter().map(Self::of).collect();
        Self {
            security: of_most(all.iter().map(|one| &one.security)),
            accept: of_most(all.iter().map(|one| &one.accept)),
            server: of_most(all.iter().map(|one| &one.server)),
        }
    }

    /// What an operation says.
    pub(super) fn of(operation: &Operation) -> Self {
        let positions = |schemes: &Vec<(usize, Vec<String>)>| {
            let schemes = schemes.iter().map(|(scheme, _)| *scheme);
            schemes.collect()
        };
        Self {
            security: operation.security.iter().map(positions).collect(),
            accept: accept(operation),
            server: operation.servers.first().map(server::resolved),
        }
    }

    /// The constant that operations take the rest from; none where the runtime's is the same.
    pub(super) fn item(&self, context: Context<'_>) -> Option<TokenStream> {
        let unread = context.names.features.as_ref().map(
            |_| quote!(#[allow(dead_code, reason = "without a feature there is no operation")]),
        );
        let fields = self.fields(&Self::default())?;
        Some(quote! {
            /// What most operations say: the others say what they have instead.
            #unread
            const COMMON: runtime::Operation = runtime::Operation {
                #fields
                ..runtime::Operation::DEFAULT
            };
        })
    }

    /// What an operation takes the rest from.
    pub(super) fn path(&self, context: Context<'_>) -> TokenStream {
        if *self == Self::default() {
            return quote!(runtime::Operation::DEFAULT);
        }
        let module: TokenStream = context.options.path().parse().unwrap_or_default();
        quote!(#module::COMMON)
    }

    /// The fields that are others than those of `rest`; none where there are none.
    pub(super) fn fields(&self, rest: &Self) -> Option<TokenStream> {
        let security = (self.security != rest.security).then(|| {
            let alternatives = self.security.iter().map(|combination| {
                let schemes = combination.iter().copied().map(Literal::usize_unsuffixed);
                quote!(&[#(#schemes),*])
            });
            quote!(security: &[#(#alternatives),*],)
        });
        let accept = (self.accept != rest.accept).then(|| {
            let accept = &self.accept;
            quote!(accept: #accept,)
        });
        let server = (self.server != rest.server).then(|| {
            if let Some(server) = &self.server {
                quote!(server: Some(#server),)
            } else {
                quote!(server: None,)
            }
        });
        (self != rest).then(|| quote!(#security #accept #server))
    }
}

/// The value that more than half of all are; otherwise the default.
fn of_most<'v, T: Clone + Default + Eq + Hash + 'v>(all: impl Iterator<Item = &'v T>) -> T {
    let mut times: HashMap<&T, usize> = HashMap::new();
    let mut number = 0;
    for value in all {
        *times.entry(value).or_default() += 1;
        number += 1;
    }
    let most = times.into_iter().find(|(_, times)| times * 2 > number);
    most.map(|(value, _)| value.clone()).unwrap_or_default()
}

/// The media types of the successes, what else the same value comes as, and those of the errors. What is text or
/// bytes is often written by servers that know of no media type but JSON: they are told that any will do.
fn accept<'a>(operation: &'a Operation) -> String {
    let mut types: Vec<(&str, &str)> = Vec::new();
    let mut add = |media: &'a str, quality: &'static str| {
        let sound = media.bytes().all(|byte| (b' '..0x7f).contains(&byte));
        if sound && !types.iter().any(|(known, _)| *known == media) {
            types.push((media, quality));
        }
    };
    let Operation {
        successes,
        errors,
        is_stream,
        ..
    } = operation;
    for case in successes {
        case.media.iter().for_each(|media| add(media, ""));
    }
    for case in successes {
        case.also.iter().for_each(|(media, _)| add(media, ";q=0.9"));
    }
    let has = |is_it: fn(&Payload) -> bool| successes.iter().any(|case| is_it(&case.payload));
    let is_json = has(|payload| matches!(payload, Payload::Json(_) | Payload::Empty));
    // Where a success is offered as JSON, too, that may not be asked for because errors are JSON.
    for case in errors.iter().filter(|_| !is_stream) {
        let quality = if is_json { "" } else { ";q=0.5" };
        case.media.iter().for_each(|media| add(media, quality));
    }
    let is_open =
        has(|payload| !matches!(payload, Payload::Json(_) | Payload::Xml(_) | Payload::Empty));
    if is_open && !is_stream && !types.is_empty() {
        types.push(("*/*", ";q=0.1"));
    }
    let types = types
        .iter()
        .map(|(media, quality)| format!("{media}{quality}"));
    types.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_half_of_them_say_is_not_what_most_say() {
        assert_eq!(of_most([1, 1, 2, 2].iter()), 0);
        assert_eq!(of_most([1, 1, 2].iter()), 1);
    }

    #[test]
    fn who_has_not_what_most_have_says_so() {
        let most = Common {
            security: vec![vec![0]],
            accept: "application/json".to_owned(),
            server: Some("https://example.com".to_owned()),
        };
        assert!(most.fields(&most).is_none());
        let fields = Common::default().fields(&most).map(|it| it.to_string());
        let expected = quote!(security: &[], accept: "", server: None,).to_string();
        assert_eq!(fields, Some(expected));
    }
}
