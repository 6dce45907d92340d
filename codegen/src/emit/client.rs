//! The head of an API: its client, its builder's own methods and its static description.

use proc_macro2::TokenStream;
use quote::quote;

use super::doc::Prose;
use super::operation::Endpoint;
use super::scope::{Context, Scope};
use super::{auth, example, server};
use crate::ir::{Location, Payload};

/// The items of the head, without the declarations of modules.
pub(super) fn items(context: Context<'_>) -> Vec<TokenStream> {
    let mut items = vec![definition(context), resources(context)];
    items.push(quote!(runtime::client! { Client, ClientBuilder, API }));
    items.extend(auth::methods(context));
    items.extend(server::items(context));
    items.push(description(context));
    items
}

fn definition(context: Context<'_>) -> TokenStream {
    let title = super::doc::phrase(&context.api.title);
    let article = if title.ends_with(" API") { "the " } else { "" };
    let mut doc = Prose::own(&format!("A client of {article}{title}."));
    doc.paragraph(
        "Cloning is cheap and keeps the pool of connections. [`Client::from_env`] takes credentials from the \
         environment, [`Client::builder`] from the program.",
    );
    if let Some(lines) = first_example(context) {
        doc.heading("Examples");
        doc.example(lines);
    }
    let unread = context
        .names
        .resources
        .is_empty()
        .then(|| quote!(#[expect(dead_code, reason = "the document has no operations")]));
    quote! {
        #doc
        #[derive(Clone, Debug)]
        pub struct Client {
            #unread
            core: runtime::Core,
        }
    }
}

/// The example of the operation that asks for the least, reads preferred.
pub(super) fn first_example(context: Context<'_>) -> Option<Vec<String>> {
    let operations = context.api.operations.iter().enumerate();
    let (index, _) = operations.min_by_key(|(index, operation)| {
        let path = operation
            .parameters
            .iter()
            .any(|p| p.location == Location::Path);
        let required = operation.parameters.iter().filter(|p| p.required).count();
        let streams = operation
            .successes
            .iter()
            .any(|case| !matches!(case.payload, Payload::Json(_) | Payload::Empty));
        (
            operation.doc.deprecated,
            streams,
            operation.method != "GET",
            path,
            required,
            *index,
        )
    })?;
    let scope = Scope::outside(context);
    Some(example::of(&Endpoint::of(&scope, index)?))
}

fn resources(context: Context<'_>) -> TokenStream {
    let methods = context.names.resources.iter().map(|resource| {
        let (module, ty) = (&resource.module, &resource.ty);
        let doc = super::resource::doc(resource);
        quote! {
            #doc
            pub fn #module(&self) -> #module::#ty<'_> {
                #module::#ty { core: &self.core }
            }
        }
    });
    quote!(impl Client { #(#methods)* })
}

fn description(context: Context<'_>) -> TokenStream {
    let name = context.options.product();
    let (title, version) = (&context.api.title, &context.api.version);
    let base_url = context
        .api
        .servers
        .first()
        .map(server::resolved)
        .unwrap_or_default();
    let variable = format!("{}_BASE_URL", context.names.environment_prefix);
    let schemes = auth::descriptions(context);
    quote! {
        pub(crate) static API: runtime::Api = runtime::Api {
            name: #name,
            title: #title,
            version: #version,
            base_url: #base_url,
            base_url_variable: #variable,
            schemes: &[#(#schemes),*],
        };
    }
}
