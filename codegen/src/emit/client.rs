//! The head of an API: its client, its builder's own methods and its static description.

use proc_macro2::TokenStream;
use quote::quote;

use super::doc::Prose;
use super::operation::Endpoint;
use super::scope::{Context, Scope};
use super::{auth, example, server};
use crate::ir::{Api, Location, Payload};

/// The items of the head, without the declarations of modules.
pub(super) fn items(context: Context<'_>) -> Vec<TokenStream> {
    let mut items = vec![definition(context), resources(context)];
    items.push(quote!(runtime::client! { Client, ClientBuilder, API }));
    items.extend(auth::methods(context));
    items.extend(server::items(context));
    items.push(description(context));
    items.extend(context.common.item(context));
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
    if let Some((resource, lines)) = first_example(context) {
        let feature = context.names.feature_of(resource);
        // Tests of documentation run with any features, too.
        let gate = feature.map(|feature| format!("# #[cfg(feature = \"{feature}\")]"));
        doc.heading("Examples");
        doc.example(gate.into_iter().chain(lines));
    }
    let unread = match (&context.names.features, context.names.resources.as_slice()) {
        (_, []) => Some(quote!(#[expect(dead_code, reason = "the document has no operations")])),
        (Some(_), _) => {
            Some(quote!(#[allow(dead_code, reason = "without a feature there is no operation")]))
        }
        (None, _) => None,
    };
    quote! {
        #doc
        #[derive(Clone, Debug)]
        pub struct Client {
            #unread
            core: runtime::Core,
        }
    }
}

/// The example of the operation that asks for the least, with its resource.
pub(super) fn first_example(context: Context<'_>) -> Option<(usize, Vec<String>)> {
    let index = first_operation(context.api)?;
    let scope = Scope::outside(context);
    let resource = context.names.operations.get(index)?.resource;
    Some((resource, example::of(&Endpoint::of(&scope, index)?)))
}

/// The operation that asks for the least, reads preferred.
pub(super) fn first_operation(api: &Api) -> Option<usize> {
    let operations = api.operations.iter().enumerate();
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
    Some(index)
}

fn resources(context: Context<'_>) -> TokenStream {
    let resources = context.names.resources.iter().enumerate();
    let methods = resources.map(|(index, resource)| {
        let (module, ty) = (&resource.module, &resource.ty);
        let mut doc = super::resource::doc(resource);
        context.tell_feature(index, &mut doc);
        let gate = context.gate_of_resource(index);
        quote! {
            #doc
            #gate
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
