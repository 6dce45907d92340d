//! The payloads that the server sends to the application.

use quote::quote;

use super::doc::Prose;
use super::object::wire;
use super::scope::{Context, Scope};
use super::{Module, Part, Use};

/// The module of the payloads, each an alias under the webhook's name; none without webhooks.
pub(super) fn module(context: Context<'_>) -> Option<Module> {
    let webhooks = &context.api.webhooks;
    if webhooks.is_empty() {
        return None;
    }
    let scope = Scope::outside(context);
    let named = webhooks.iter().zip(&context.names.webhooks);
    let items: Vec<_> = named
        .map(|(webhook, name)| {
            let fallback = format!("The payload of the webhook {}.", wire(&webhook.name));
            let doc = Prose::of(&webhook.doc, &fallback);
            let payload = scope.used(webhook.payload);
            quote! { #doc pub type #name = #payload; }
        })
        .collect();
    let uses = ["runtime", "types"].map(|module| Use::named(quote!(super), [module]));
    let doc = Prose::own(
        "What the server sends to the application: [`from_slice`](crate::runtime::from_slice) reads a payload.",
    );
    Some(Module {
        path: "webhooks.rs".to_owned(),
        doc,
        uses: uses.into(),
        items,
        part: Part::Types,
    })
}
