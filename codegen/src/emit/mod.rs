//! The IR and the names in, tokens out: one module per kind of emitted item, each next to what it emits.
//!
//! It must not know how a document spells things, how an identifier is found, or how tokens are printed.

mod argument;
mod auth;
mod body;
mod calls;
mod client;
mod codec;
mod conversion;
mod doc;
mod emission;
mod enumeration;
mod errors;
mod example;
mod gate;
mod headers;
mod limits;
mod object;
mod operation;
mod pagination;
mod parts;
mod replies;
mod resource;
mod response;
mod round_trip;
mod scope;
mod server;
mod signature;
#[cfg(test)]
pub(crate) mod tests;
mod types;
mod union;
mod validation;
mod webhook;
mod xml;

use heck::ToSnakeCase as _;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

pub(crate) use self::doc::LINE_END;
use self::doc::Prose;
pub use self::emission::Emission;
pub use self::gate::{Feature, first_feature};
pub use self::round_trip::{Entry, RoundTrips};
use self::scope::{Context, Scope};
pub use self::signature::{Signature, Typed, Writer};
use crate::ir::{Api, TypeId};
use crate::names::Names;

/// What emission has to be told beside the API and its names.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the code will stand.
    pub layout: Layout,
}

/// Where the code of an API stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Layout {
    /// A module of a crate that has the runtime.
    Module {
        /// The crate as a dependency: `callwright_client`.
        krate: String,
        /// The module: `wassist`.
        name: String,
    },
    /// A crate of its own.
    Crate {
        /// The crate as a dependency: `wassist_client`.
        krate: String,
        /// What the API is called, for the header `User-Agent`.
        name: String,
    },
}

impl Options {
    /// The path to the API inside of the crate.
    fn path(&self) -> String {
        match &self.layout {
            Layout::Module { name, .. } => format!("crate::{name}"),
            Layout::Crate { .. } => "crate".to_owned(),
        }
    }

    /// The crate as its users name it.
    fn krate(&self) -> &str {
        let (Layout::Module { krate, .. } | Layout::Crate { krate, .. }) = &self.layout;
        krate
    }

    /// The product in the header `User-Agent`.
    fn product(&self) -> &str {
        let (Layout::Module { name, .. } | Layout::Crate { name, .. }) = &self.layout;
        name
    }

    /// The path of the API in an example, and the import that it takes.
    fn example_path(&self) -> (String, Option<String>) {
        match &self.layout {
            Layout::Module { krate, name } => (name.clone(), Some(format!("use {krate}::{name};"))),
            Layout::Crate { krate, .. } => (krate.clone(), None),
        }
    }
}

/// A module on its way to a file.
#[derive(Debug, Clone)]
pub struct Module {
    /// The file, relative to the API's own folder; `mod.rs` is its head.
    pub path: String,
    /// What other modules and names come in by.
    pub uses: Vec<Use>,
    /// The items, in the order of the file.
    pub items: Vec<TokenStream>,
    /// What it holds.
    pub part: Part,
    doc: Prose,
}

impl Module {
    /// The lines of the comment at the head of the module.
    pub fn doc(&self) -> impl Iterator<Item = &str> {
        self.doc.lines()
    }
}

/// Something that a module takes in or declares.
#[derive(Debug, Clone)]
pub enum Use {
    /// An item, or an attribute of the module.
    Item(TokenStream),
    /// Of some modules, by their order, those that the items name.
    Named {
        /// Where the modules are.
        from: TokenStream,
        /// Their names.
        modules: Vec<Ident>,
    },
}

impl Use {
    /// What items name of a module.
    fn named<'a>(from: TokenStream, modules: impl IntoIterator<Item = &'a str>) -> Self {
        let modules = modules.into_iter().map(|name| format_ident!("{name}"));
        let mut modules: Vec<_> = modules.collect();
        modules.sort();
        Self::Named { from, modules }
    }
}

impl From<TokenStream> for Use {
    fn from(item: TokenStream) -> Self {
        Self::Item(item)
    }
}

/// What a module holds: decides which lints do not apply to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The client and what it is built with.
    Head,
    /// Types.
    Types,
    /// The JSON of types.
    Codec,
    /// The limits on values.
    Rules,
    /// Operations.
    Resource,
    /// Declarations of modules alone.
    Index,
}

/// The statements of a first call, as a reader of the crate's front page would type them; none where a call cannot be
/// made from nothing.
pub fn first_call(api: &Api, names: &Names, krate: &str) -> Vec<String> {
    let layout = Layout::Crate {
        krate: krate.to_owned(),
        name: String::new(),
    };
    let options = Options { layout };
    let context = Context {
        api,
        names,
        options: &options,
        xml: &xml::Table::default(),
        validation: &validation::Table::default(),
    };
    let (_, lines) = client::first_example(context).unwrap_or_default();
    let hidden = |line: &String| line.starts_with("# ");
    match lines.first() {
        Some(first) if first.contains("run()") => {
            lines.into_iter().filter(|l| !hidden(l)).collect()
        }
        _ => vec![format!("let client = {krate}::Client::from_env()?;")],
    }
}

/// A module that calls every operation of the emitted client from JSON, through its public interface. It is no part
/// of the client: judges compile it into a program of theirs, whose module `caller` says how JSON comes and goes.
pub fn calls(api: &Api, names: &Names, options: &Options) -> TokenStream {
    calls::items(Context {
        api,
        names,
        options,
        xml: &xml::Table::default(),
        validation: &validation::Table::default(),
    })
}

/// A module with a function for every type that a schema of the document has, which decodes JSON and encodes it again. It
/// is no part of the client: judges compile it beside the types, with a module `round_trip` that says what a function is.
pub fn round_trips(api: &Api, names: &Names, options: &Options) -> RoundTrips {
    round_trip::table(Context {
        api,
        names,
        options,
        xml: &xml::Table::default(),
        validation: &validation::Table::default(),
    })
}

/// A text of the document on one line, its markup escaped.
pub fn plain_text(text: &str) -> String {
    doc::phrase(text)
}

fn head(context: Context<'_>) -> Module {
    let Api {
        title,
        version,
        description,
        ..
    } = context.api;
    let title = format!("{} {}", doc::phrase(title), doc::phrase(version));
    let mut doc = Prose::own(title.trim());
    doc.described(description.as_deref().unwrap_or_default());
    context.tell_features(&mut doc);
    let resources = context.names.resources.iter().enumerate();
    let mut uses = Vec::new();
    if let Layout::Crate { .. } = context.options.layout {
        uses.push(quote!(#![cfg_attr(docsrs, feature(doc_cfg))]));
    }
    match context.options.layout {
        Layout::Module { .. } => uses.push(quote!(
            use crate::runtime;
        )),
        // These lints can be settled at the root of a crate alone.
        Layout::Crate { .. } if has_foreign_script(context.names) => uses.push(quote!(
            #![allow(
                confusable_idents,
                mixed_script_confusables,
                uncommon_codepoints,
                reason = "names are the document's"
            )]
        )),
        Layout::Crate { .. } => {}
    }
    if context
        .names
        .type_groups
        .iter()
        .any(|(_, types)| !types.is_empty())
    {
        let gate = always_empty(context).then(
            || quote!(#[allow(unused_imports, reason = "without a feature there is no type")]),
        );
        uses.push(quote!(
            #gate
            pub use self::types::*;
        ));
    }
    uses.push(quote!(
        mod codec;
    ));
    uses.extend(context.xml.declaration(context));
    uses.extend(context.validation.declaration(context));
    uses.extend(resources.map(|(index, resource)| {
        let (gate, module) = (context.gate_of_resource(index), &resource.module);
        quote!(#gate pub mod #module;)
    }));
    uses.extend(replies::declaration(context));
    if let Layout::Crate { .. } = context.options.layout {
        uses.push(quote!(
            pub mod runtime;
        ));
    }
    uses.push(quote!(
        pub mod types;
    ));
    if !context.api.webhooks.is_empty() {
        let gate = context.gate_of_webhooks();
        uses.push(quote!(
            #gate
            pub mod webhooks;
        ));
    }
    Module {
        path: "mod.rs".to_owned(),
        doc,
        uses: uses.into_iter().map(Use::Item).collect(),
        items: client::items(context),
        part: Part::Head,
    }
}

/// Whether every type is behind a feature.
fn always_empty(context: Context<'_>) -> bool {
    let features = context.names.features.as_ref();
    features.is_some_and(|features| features.groups.iter().all(|group| !group.is_empty()))
}

/// Whether a name has characters beyond ASCII.
fn has_foreign_script(names: &Names) -> bool {
    let types = names.types.iter().flatten();
    let members = names.members.iter().flatten();
    let parameters = names
        .operations
        .iter()
        .flat_map(|operation| &operation.parameters);
    types
        .chain(members)
        .chain(parameters)
        .any(|name| !name.to_string().is_ascii())
}

/// The modules of groups of types and, beside them, of their JSON.
fn type_index(context: Context<'_>, setters: &[(usize, Ident)]) -> Vec<Module> {
    let groups = context.names.type_groups.iter().enumerate();
    let modules: Vec<_> = groups
        .map(|(index, (name, _))| (context.gate_of_group(index), name))
        .collect();
    let declared = || modules.iter().map(|(gate, name)| quote!(#gate mod #name;));
    let types = Module {
        path: "types/mod.rs".to_owned(),
        doc: Prose::own("The types of the document, in groups."),
        uses: declared()
            .chain(setters.iter().map(|(group, name)| {
                let gate = context.gate_of_group(*group);
                quote!(#gate mod #name;)
            }))
            .chain(modules.iter().map(|(gate, name)| {
                quote!(
                    #gate
                    pub use self::#name::*;
                )
            }))
            .map(Use::Item)
            .collect(),
        items: Vec::new(),
        part: Part::Index,
    };
    let codec = Module {
        path: "codec/mod.rs".to_owned(),
        doc: Prose::own("The JSON of the types."),
        uses: declared().map(Use::Item).collect(),
        items: Vec::new(),
        part: Part::Index,
    };
    vec![types, codec]
}

fn types_of(context: Context<'_>, path: &str, types: &[TypeId]) -> Module {
    let scope = Scope::of_types(context, types);
    let items: Vec<_> = types
        .iter()
        .flat_map(|id| types::items(&scope, *id))
        .collect();
    let imports = scope.imports();
    let mut uses = Vec::new();
    if !imports.is_empty() {
        uses.push(Use::Item(quote!(use super::{#(#imports),*};)));
    }
    uses.push(Use::named(up(path), ["runtime"]));
    let doc = Prose::own(
        "The types of the document. What is not derived here, `Clone` and `Debug` among it, the macros of `codec` implement.",
    );
    Module {
        path: path.to_owned(),
        doc,
        uses,
        items,
        part: Part::Types,
    }
}

/// Modules for the setters of structs so wide that one file would be too long, each with its name and the group of its type.
fn wide_types(context: Context<'_>) -> Vec<((usize, Ident), Module)> {
    let mut modules = Vec::new();
    let groups = context.names.type_groups.iter().enumerate();
    for (group, id) in groups.flat_map(|(group, (_, ids))| ids.iter().map(move |id| (group, id))) {
        for piece in 1.. {
            let scope = Scope::of_types(context, &[*id]);
            let Some((name, items)) = context.name(*id).zip(types::further(&scope, *id, piece))
            else {
                break;
            };
            let module =
                format_ident!("{}_setters_{}", name.to_string().to_snake_case(), piece + 1);
            let path = format!("types/{module}.rs");
            let imports = scope.imports();
            let items = vec![items];
            let uses = vec![
                Use::Item(quote!(use super::{#name #(, #imports)*};)),
                Use::named(up(&path), ["runtime"]),
            ];
            let doc = Prose::own(&format!("Further setters of `{name}`."));
            modules.push((
                (group, module),
                Module {
                    path,
                    doc,
                    uses,
                    items,
                    part: Part::Types,
                },
            ));
        }
    }
    modules
}

fn codec_of(context: Context<'_>, path: &str, types: &[TypeId]) -> Module {
    let scope = Scope::of_types(context, types);
    let items: Vec<_> = types
        .iter()
        .filter_map(|id| codec::call(&scope, *id))
        .collect();
    let mut uses = Vec::new();
    if !items.is_empty() {
        let up = up(path);
        uses.push(Use::Item(quote!(use #up::runtime;)));
        uses.push(Use::Item(quote!(use #up::types::*;)));
    }
    let doc = Prose::own(
        "The JSON of the types, a line per property, value or member, and what goes by the same lists: `Clone`, `Debug`, `PartialEq`.",
    );
    Module {
        path: path.to_owned(),
        doc,
        uses,
        items,
        part: Part::Codec,
    }
}

/// The head of the API, from a module of it.
fn up(path: &str) -> TokenStream {
    if path.contains('/') {
        quote!(super::super)
    } else {
        quote!(super)
    }
}

/// Whether a path in the items starts with a name.
fn mentions(items: &[TokenStream], name: &str) -> bool {
    items
        .iter()
        .any(|item| starts_path(item.clone(), &format_ident!("{name}")))
}

fn starts_path(tokens: TokenStream, name: &proc_macro2::Ident) -> bool {
    use proc_macro2::TokenTree::{Group, Ident, Punct};
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let starts = matches!(&token, Ident(ident) if ident == name);
        let follows = matches!(tokens.peek(), Some(Punct(p)) if p.as_char() == ':' && p.spacing() == proc_macro2::Spacing::Joint);
        match token {
            Ident(_) if starts && follows => return true,
            Group(group) if starts_path(group.stream(), name) => return true,
            _ => {}
        }
    }
    false
}

/// The imports of a module of operations, from the head of the API.
fn imports(context: Context<'_>, head: TokenStream) -> Use {
    let replies = &context.names.replies;
    let candidates = [
        Some("runtime"),
        Some("types"),
        (!context.xml.is_empty()).then_some("xml_codec"),
        (!replies.items.is_empty()).then_some(replies.module.unraw()),
    ];
    Use::named(head, candidates.into_iter().flatten())
}
