//! The servers of the document as an enum.

use proc_macro2::TokenStream;
use quote::quote;

use super::doc::{Prose, code};
use super::object::wire;
use super::scope::Context;
use crate::ir::{Server, ServerVariable};
use crate::names::Ident;

/// The enum of the servers that a client can be pointed at; nothing where all are relative.
pub(super) fn items(context: Context<'_>) -> Vec<TokenStream> {
    let servers: Vec<_> = absolute(context).collect();
    if servers.is_empty() {
        return Vec::new();
    }
    let variants = servers.iter().map(|(server, (name, fields))| {
        let doc = server_doc(server);
        if server.variables.is_empty() {
            return quote! { #doc #name, };
        }
        let fields = server
            .variables
            .iter()
            .zip(fields)
            .map(|(variable, field)| {
                let doc = variable_doc(variable);
                quote! { #doc #field: String, }
            });
        quote! { #doc #name { #(#fields)* }, }
    });
    let urls = servers.iter().map(|(server, (name, fields))| {
        if server.variables.is_empty() {
            let url = &server.url;
            return quote!(Self::#name => #url.to_owned(),);
        }
        let pieces = pieces(server).map(|piece| match piece {
            Piece::Text(text) => quote!(#text),
            Piece::Variable(index) => {
                let field = &fields[index];
                quote!(#field.as_str())
            }
        });
        quote!(Self::#name { #(#fields),* } => [#(#pieces),*].concat(),)
    });
    vec![
        quote! {
            /// The servers that the document names.
            #[derive(Clone, Debug, PartialEq, Eq)]
            #[non_exhaustive]
            pub enum Server { #(#variants)* }
        },
        quote! {
            impl Server {
                /// The base URL.
                #[must_use]
                pub fn url(&self) -> String {
                    match self { #(#urls)* }
                }
            }
        },
        quote! {
            impl ClientBuilder {
                /// Talks to one of the servers that the document names.
                pub fn server(self, server: Server) -> Self {
                    self.base_url(server.url())
                }
            }
        },
    ]
}

type Named<'a> = (&'a Server, &'a (Ident, Vec<Ident>));

fn absolute(context: Context<'_>) -> impl Iterator<Item = Named<'_>> {
    let named = context.api.servers.iter().zip(&context.names.servers);
    named.filter(|(server, (_, fields))| {
        let url = resolved(server);
        let absolute = url.starts_with("https://") || url.starts_with("http://");
        absolute && fields.len() == server.variables.len()
    })
}

/// The URL with the defaults of its variables.
pub(super) fn resolved(server: &Server) -> String {
    pieces(server)
        .map(|piece| match piece {
            Piece::Text(text) => text,
            Piece::Variable(index) => &server.variables[index].default,
        })
        .collect()
}

enum Piece<'a> {
    Text(&'a str),
    /// The variable at this place.
    Variable(usize),
}

/// The URL, cut at its variables; a brace without a variable stays text.
fn pieces(server: &Server) -> impl Iterator<Item = Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = server.url.as_str();
    let mut from = 0;
    while let Some(open) = rest[from..].find('{').map(|at| at + from) {
        let Some(close) = rest[open..].find('}').map(|at| at + open) else {
            break;
        };
        let name = &rest[open + 1..close];
        match server
            .variables
            .iter()
            .position(|variable| variable.name == name)
        {
            Some(index) => {
                if open > 0 {
                    pieces.push(Piece::Text(&rest[..open]));
                }
                pieces.push(Piece::Variable(index));
                rest = &rest[close + 1..];
                from = 0;
            }
            None => from = close,
        }
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces.into_iter()
}

fn server_doc(server: &Server) -> Prose {
    let mut doc = Prose::new(
        server.name.as_deref(),
        server.description.as_deref(),
        "A server.",
    );
    doc.paragraph(&wire(&server.url));
    doc
}

fn variable_doc(variable: &ServerVariable) -> Prose {
    let fallback = format!("The variable {}.", wire(&variable.name));
    let mut doc = Prose::new(None, variable.description.as_deref(), &fallback);
    let text = |value: &String| code(&serde_json::Value::String(value.clone()), 100);
    let values: Vec<_> = variable.values.iter().filter_map(text).collect();
    let mut notes = String::new();
    if !values.is_empty() {
        notes = format!("One of {}. ", values.join(", "));
    }
    if let Some(default) = text(&variable.default) {
        notes = format!("{notes}The document's choice: {default}.");
    }
    doc.paragraph(notes.trim_end());
    doc
}
