//! Every identifier of the emitted crate; only a scope mints one, so collisions cannot happen.
//!
//! It knows the IR and Rust's rules; it must not know how an item is printed.

mod access;
mod by_id;
mod by_path;
mod closure;
mod features;
mod groups;
mod ident;
mod members;
mod operations;
mod path;
mod reach;
mod replies;
mod reserved;
mod scope;
mod sharing;
mod status;
mod surface;
mod types;
mod verbs;
mod words;

use std::collections::BTreeMap;

pub use self::features::{Features, Gating, MANY_OPERATIONS, ReplyGroup, SharedTypes};
pub use self::ident::Ident;
pub use self::replies::{Replies, ReplyItem, SharedReplies, SharedReply};
use crate::diagnostic::Pointer;
use crate::ir::{Api, Classes, Sharing, TypeId};

/// What the user decides about names.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The API's short name, e.g. `wassist`: the environment variables start with it.
    pub api_name: String,
    /// Names of types that are asked for, by component name or by JSON Pointer.
    pub types: BTreeMap<String, String>,
    /// Names of operations that are asked for (`resource.method`), by operation id.
    pub operations: BTreeMap<String, String>,
    /// Whether resources have cargo features.
    pub gating: Gating,
    /// What the features start with, where other APIs have some beside them: `wassist` of `wassist-conversations`.
    pub feature_prefix: Option<String>,
}

/// A wish of the user or of the document that could not be met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// What it is about; empty where it is about the options alone.
    pub pointer: Pointer,
    /// What happened and what to do.
    pub message: String,
}

/// What users call the operations of an API: found once, and again where what they return turns out to be something else.
#[derive(Debug, Default)]
pub struct Surfaces {
    /// By operation: whether it returns several things.
    several: Vec<Option<bool>>,
    found: Vec<surface::Surface>,
    /// By operation: what its inline schemas are named after.
    places: Vec<types::Place>,
}

impl Surfaces {
    fn update(&mut self, api: &Api, options: &Options) {
        let several = operations::several(api);
        if self.several != several {
            self.found = operations::surfaces(api, &several, options);
            self.places = self.found.iter().map(operations::place).collect();
            self.several = several;
        }
    }
}

/// Names everything that is emitted for an API, whose `surfaces` may have been found before by [`share`].
///
/// The same API gets the same names. Names come from the thing itself, so that what is added to a document renames
/// others only where it tells something new of them: a PATCH beside a PUT, a PUT for what was only ever created, or a
/// claimant that comes earlier in the document.
pub fn assign(api: &Api, options: &Options, mut surfaces: Surfaces) -> (Names, Vec<Issue>) {
    surfaces.update(api, options);
    let mut issues = operations::unknown(api, options);
    let (types, mut scope) = types::assign(&sources(api, &surfaces, options), &mut issues);
    let webhooks = api
        .webhooks
        .iter()
        .map(|webhook| scope.mint(webhook_candidates(&webhook.name)))
        .collect();
    let taken = scope.into_taken();
    let members = || -> (Vec<_>, Vec<_>) {
        let types = api.types.iter().zip(&types);
        types
            .map(|((_, ty), name)| members::assign(ty, name.as_ref()))
            .unzip()
    };
    let here = || {
        let (resources, mut operations) =
            operations::assign(api, &surfaces.found, &taken, &mut issues);
        let replies = replies::assign(api, &types, &resources, &mut operations, &taken);
        let groups = groups::types(api, &types, &resources, &replies.items, options);
        (resources, operations, replies, groups)
    };
    let ((resources, operations, replies, groups), (members, additional)) =
        crate::parallel::both(here, members);
    let environment_prefix = words::screaming(&words::split(&options.api_name));
    let names = Names {
        members,
        additional,
        type_groups: groups.types,
        features: groups.features,
        types,
        resources,
        operations,
        replies,
        webhooks,
        schemes: access::schemes(&api.schemes, &environment_prefix),
        servers: access::servers(api),
        environment_prefix,
    };
    (names, issues)
}

/// Says which types that are structurally equal become one: those that have one name that is readable and stays.
///
/// Names of shared types say what their uses have in common. They change where that changes: where a schema that stood
/// in one place comes to stand in several, where the things that it belongs to become more than one, or where most of
/// what is called so comes to be something else.
///
/// `classes` is called when all is prepared that does not depend on them, so that somebody else can have found them until
/// then; they are handed back.
pub fn share(
    api: &Api,
    options: &Options,
    surfaces: &mut Surfaces,
    classes: impl FnOnce() -> Classes,
) -> (Classes, Vec<Sharing>) {
    surfaces.update(api, options);
    let sources = sources(api, surfaces, options);
    let namer = types::Namer::new(&sources);
    let survey = sharing::Survey::of(&namer, api);
    let reserved = surfaces.found.iter().zip(&surfaces.places);
    let reserved = reserved.flat_map(|(surface, place)| {
        [
            words::pascal(&surface.resource),
            words::pascal(&place.request),
        ]
    });
    let classes = classes();
    let shared = sharing::shared(survey, &classes, reserved);
    (classes, shared)
}

fn sources<'a>(api: &'a Api, surfaces: &'a Surfaces, options: &'a Options) -> types::Sources<'a> {
    let places = api
        .operations
        .iter()
        .zip(&surfaces.places)
        .filter(|(operation, _)| !operation.is_stream)
        .map(|(operation, place)| (operation.id.as_str(), place))
        .collect();
    types::Sources {
        api,
        places,
        overrides: &options.types,
    }
}

/// Why a text cannot be the name of a crate, or of a module in one; none where it can.
///
/// Stricter than cargo, which warns of some: ASCII, at most 64 characters, no word of Rust's own.
pub fn crate_name_fault(name: &str) -> Option<String> {
    let is_legal = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !name.starts_with(|first: char| first.is_ascii_alphabetic()) || !name.chars().all(is_legal) {
        return Some(
            "a name starts with a letter and has only ASCII letters, digits, `-` and `_`"
                .to_owned(),
        );
    }
    if name.len() > 64 {
        return Some("a name has at most 64 characters".to_owned());
    }
    let own = [
        "alloc",
        "core",
        "proc_macro",
        "runtime",
        "self",
        "std",
        "test",
    ];
    let module = name.replace('-', "_").to_ascii_lowercase();
    if own.contains(&module.as_str())
        || reserved::is_keyword(&module)
        || reserved::NEVER_RAW.contains(&module.as_str())
    {
        return Some(format!(
            "`{name}` means something else in Rust: `{name}-client` would do"
        ));
    }
    None
}

fn webhook_candidates(name: &str) -> [String; 3] {
    let words = words::split(name);
    let own: Vec<&str> = words
        .iter()
        .map(String::as_str)
        .filter(|word| !matches!(*word, "webhook" | "webhooks"))
        .collect();
    let own = if own.is_empty() {
        words::pascal(&words)
    } else {
        words::pascal(&own)
    };
    [
        format!("{own}Webhook"),
        format!("{own}WebhookPayload"),
        format!("{own}Delivery"),
    ]
}

/// The names of everything that is emitted for one API, in tables beside the IR.
#[derive(Debug, Clone)]
pub struct Names {
    /// By type: the item's name, for the types that are items (`None`: written in place). Types share one where they are
    /// the same enumeration, of which `type_groups` has the first.
    pub types: Vec<Option<Ident>>,
    /// By type: the names of an object's fields, an enumeration's or a union's variants, in their order.
    pub members: Vec<Vec<Ident>>,
    /// The name of the field that keeps the other properties, by object type (`additional` where free).
    pub additional: Vec<Option<Ident>>,
    /// The resources, in the order of their modules' names.
    pub resources: Vec<Resource>,
    /// By operation.
    pub operations: Vec<OperationNames>,
    /// The enums of errors and structs of headers that several operations have in common.
    pub replies: Replies,
    /// By webhook: the name of the alias of its payload.
    pub webhooks: Vec<Ident>,
    /// By security scheme.
    pub schemes: Vec<SchemeNames>,
    /// By server of the document: the variant of `Server`; and its variables' fields.
    pub servers: Vec<(Ident, Vec<Ident>)>,
    /// The groups into which types are split over files: module name and types, in order; one group
    /// named `types` where there are few.
    pub type_groups: Vec<(Ident, Vec<TypeId>)>,
    /// The cargo features of the resources; none where the API is compiled whole.
    pub features: Option<Features>,
    /// The prefix of the environment variables, e.g. `WASSIST`.
    pub environment_prefix: String,
}

impl Names {
    /// Whether types stand in several modules, each with a module of their JSON.
    pub fn has_type_modules(&self) -> bool {
        self.features.is_some() || self.type_groups.len() > 1
    }

    /// The feature of a resource, where it has one.
    pub fn feature_of(&self, resource: usize) -> Option<&str> {
        let features = self.features.as_ref()?;
        features.resources.get(resource).map(String::as_str)
    }
}

/// A group of operations: `client.conversations()`.
#[derive(Debug, Clone)]
pub struct Resource {
    /// The module and the method of the client: `conversations`.
    pub module: Ident,
    /// The struct: `Conversations`.
    pub ty: Ident,
    /// What the document says of its tag.
    pub description: Option<String>,
    /// The operations, by index, in the document's order.
    pub operations: Vec<usize>,
}

/// The names of one operation.
#[derive(Debug, Clone)]
pub struct OperationNames {
    /// The resource, by index.
    pub resource: usize,
    /// The method of the resource: `list`.
    pub method: Ident,
    /// The alias of the request: `ListConversations`.
    pub request: Ident,
    /// The type that tells its endpoint: `ListConversationsEndpoint`.
    pub endpoint: Ident,
    /// The static that describes it: `LIST`.
    pub constant: Ident,
    /// By parameter: its argument or setter. None clashes with the request's own methods.
    pub parameters: Vec<Ident>,
    /// The argument or setter of the body.
    pub body: Ident,
    /// The enum of bodies, where there are several media types: `CreateFileBody`; its variants.
    pub bodies: (Ident, Vec<Ident>),
    /// The enum of successes, where there are several shapes: `ListConversationsResponse`; the variants by case.
    pub successes: (Ident, Vec<Ident>),
    /// The enum of errors: `ListConversationsError`; the variants by case (`BadRequest`, `NotFound`, `Status4xx`, `Default`).
    pub errors: (Ident, Vec<Ident>),
    /// The struct of the documented headers of successes: `ListConversationsHeaders`; its fields, by
    /// [`Operation::success_headers`](crate::ir::Operation::success_headers).
    pub headers: (Ident, Vec<Ident>),
    /// The same of the errors: `ListConversationsErrorHeaders`.
    pub error_headers: (Ident, Vec<Ident>),
    /// Which of the last three are aliases of what other operations have, too.
    pub shared: SharedReplies,
}

/// The names of one security scheme.
#[derive(Debug, Clone)]
pub struct SchemeNames {
    /// The builder's method: `api_key`.
    pub method: Ident,
    /// The environment variables that hold the credential, in the order of the method's arguments.
    pub variables: Vec<String>,
}

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod tests;
