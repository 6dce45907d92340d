//! The security schemes: their static description, and a builder's method for each credential.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::doc::{Prose, code};
use super::object::{plain, wire};
use super::scope::Context;
use crate::ir::{ApiKeyLocation, Scheme, SchemeKind};
use crate::names::SchemeNames;

/// The descriptions of the schemes, as the elements of an array.
pub(super) fn descriptions(context: Context<'_>) -> impl Iterator<Item = TokenStream> {
    context
        .api
        .schemes
        .iter()
        .zip(&context.names.schemes)
        .map(|(scheme, names)| {
            let Scheme { name, kind, .. } = scheme;
            let kind = described(kind);
            let method = plain(&names.method);
            let variables = &names.variables;
            quote! {
                runtime::Scheme {
                    name: #name,
                    kind: #kind,
                    method: #method,
                    variables: &[#(#variables),*],
                }
            }
        })
}

fn described(kind: &SchemeKind) -> TokenStream {
    match kind {
        SchemeKind::ApiKey { location, name } => {
            let location = match location {
                ApiKeyLocation::Header => quote!(runtime::Location::Header),
                ApiKeyLocation::Query => quote!(runtime::Location::Query),
                ApiKeyLocation::Cookie => quote!(runtime::Location::Cookie),
            };
            quote!(runtime::SchemeKind::ApiKey { location: #location, name: #name })
        }
        SchemeKind::Basic => quote!(runtime::SchemeKind::Basic),
        SchemeKind::Bearer | SchemeKind::OpenIdConnect { .. } => {
            quote!(runtime::SchemeKind::Bearer)
        }
        SchemeKind::Authorization { .. } => quote!(runtime::SchemeKind::Authorization),
        SchemeKind::OAuth2 { token_url, .. } => {
            let url = token_url.as_deref().unwrap_or_default();
            // Scopes are asked for as the user configures them: all of them would be refused.
            quote!(runtime::SchemeKind::OAuth2 { token_url: #url, scopes: &[] })
        }
        SchemeKind::MutualTls => quote!(runtime::SchemeKind::MutualTls),
    }
}

/// The methods of the builder that take credentials; nothing where there is no scheme.
pub(super) fn methods(context: Context<'_>) -> Option<TokenStream> {
    let schemes = context
        .api
        .schemes
        .iter()
        .zip(&context.names.schemes)
        .enumerate();
    let methods: Vec<_> = schemes
        .map(|(index, (scheme, names))| method(index, scheme, names))
        .collect();
    let methods: TokenStream = methods.into_iter().collect();
    (!methods.is_empty()).then(|| quote!(impl ClientBuilder { #methods }))
}

fn method(index: usize, scheme: &Scheme, names: &SchemeNames) -> TokenStream {
    let name = &names.method;
    let position = Literal::usize_unsuffixed(index);
    let doc = credential_doc(scheme, names);
    let one = |argument: TokenStream, credential: TokenStream| {
        quote! {
            #doc
            pub fn #name(self, #argument: impl Into<runtime::Secret>) -> Self {
                self.credential(#position, #credential)
            }
        }
    };
    match &scheme.kind {
        SchemeKind::ApiKey { .. } => {
            one(quote!(key), quote!(runtime::Credential::ApiKey(key.into())))
        }
        SchemeKind::Authorization { .. } => one(
            quote!(value),
            quote!(runtime::Credential::ApiKey(value.into())),
        ),
        SchemeKind::Bearer | SchemeKind::OpenIdConnect { .. } => one(
            quote!(token),
            quote!(runtime::Credential::Bearer(token.into())),
        ),
        SchemeKind::Basic => quote! {
            #doc
            pub fn #name(
                self,
                username: impl Into<runtime::Secret>,
                password: impl Into<runtime::Secret>,
            ) -> Self {
                self.credential(#position, runtime::Credential::basic(username, password))
            }
        },
        SchemeKind::OAuth2 { token_url, scopes } => {
            let token = one(
                quote!(token),
                quote!(runtime::Credential::Bearer(token.into())),
            );
            let client = token_url
                .is_some()
                .then(|| client_credentials(&position, scopes, names));
            quote!(#token #client)
        }
        // The certificate belongs to the HTTP client that the user hands in.
        SchemeKind::MutualTls => TokenStream::new(),
    }
}

fn client_credentials(
    position: &Literal,
    scopes: &[(String, String)],
    names: &SchemeNames,
) -> TokenStream {
    let name = format_ident!("{}_client", plain(&names.method));
    let mut doc = Prose::own(
        "Fetches tokens with client credentials (RFC 6749, section 4.4), and new ones when they expire.",
    );
    if let [.., id, secret] = names.variables.as_slice() {
        doc.paragraph(&format!(
            "[`Client::from_env`] reads {} and {}.",
            wire(id),
            wire(secret)
        ));
    }
    if !scopes.is_empty() {
        doc.paragraph("Scopes:");
        doc.list(
            scopes
                .iter()
                .map(|(scope, said)| (wire(scope), said.clone())),
        );
    }
    quote! {
        #doc
        pub fn #name(self, credentials: runtime::ClientCredentials) -> Self {
            self.credential(#position, runtime::Credential::OAuth2(credentials))
        }
    }
}

fn credential_doc(scheme: &Scheme, names: &SchemeNames) -> Prose {
    let text = |value: &str| code(&serde_json::Value::String(value.to_owned()), 100);
    let what = match &scheme.kind {
        SchemeKind::ApiKey { location, name } => {
            let place = match location {
                ApiKeyLocation::Header => "header",
                ApiKeyLocation::Query => "query parameter",
                ApiKeyLocation::Cookie => "cookie",
            };
            format!("The key that is sent as the {place} {}.", wire(name))
        }
        SchemeKind::Basic => "User name and password (RFC 7617).".to_owned(),
        SchemeKind::Bearer => "The bearer token (RFC 6750).".to_owned(),
        SchemeKind::Authorization { scheme } => format!(
            "The whole value of the header `Authorization`, of the scheme {}.",
            text(scheme).unwrap_or_default()
        ),
        SchemeKind::OAuth2 { .. } => "The access token of OAuth 2.".to_owned(),
        SchemeKind::OpenIdConnect { url } => format!(
            "The bearer token of OpenID Connect, discovered at {}.",
            text(url).unwrap_or_default()
        ),
        SchemeKind::MutualTls => String::new(),
    };
    let mut doc = Prose::own(&what);
    if let Some(description) = &scheme.description {
        doc.described(description);
    }
    let own = match &scheme.kind {
        SchemeKind::OAuth2 { .. } if names.variables.len() == 2 => &[],
        SchemeKind::OAuth2 { .. } => names.variables.get(..1).unwrap_or_default(),
        _ => names.variables.as_slice(),
    };
    let variables: Vec<_> = own.iter().map(|name| wire(name)).collect();
    if !variables.is_empty() {
        doc.paragraph(&format!(
            "[`Client::from_env`] reads {}.",
            variables.join(" and ")
        ));
    }
    doc
}
