//! Every identifier of the emitted crate; only a scope mints one, so collisions cannot happen.
//!
//! It knows the IR and Rust's rules; it must not know how an item is printed.

use proc_macro2::Ident;

use crate::ir::TypeId;

/// The names of everything that is emitted for one API, in tables beside the IR.
#[derive(Debug, Clone)]
pub struct Names {
    /// By type: the item's name, for the types that are items (`None`: written in place).
    pub types: Vec<Option<Ident>>,
    /// By type: the names of an object's fields, an enumeration's or a union's variants, in their order.
    pub members: Vec<Vec<Ident>>,
    /// The name of the field that keeps the other properties, by object type (`additional` where free).
    pub additional: Vec<Option<Ident>>,
    /// The resources, in the order of their modules' names.
    pub resources: Vec<Resource>,
    /// By operation.
    pub operations: Vec<OperationNames>,
    /// By webhook: the name of the alias of its payload.
    pub webhooks: Vec<Ident>,
    /// By security scheme.
    pub schemes: Vec<SchemeNames>,
    /// By server of the document: the variant of `Server`; and its variables' fields.
    pub servers: Vec<(Ident, Vec<Ident>)>,
    /// The groups into which types are split over files: module name and types, in order; one group
    /// named `types` where there are few.
    pub type_groups: Vec<(Ident, Vec<TypeId>)>,
    /// The prefix of the environment variables, e.g. `WASSIST`.
    pub environment_prefix: String,
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
    /// The request's struct: `ListConversations`.
    pub request: Ident,
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
}

/// The names of one security scheme.
#[derive(Debug, Clone)]
pub struct SchemeNames {
    /// The builder's method: `api_key`.
    pub method: Ident,
    /// The environment variables that hold the credential, in the order of the method's arguments.
    pub variables: Vec<String>,
}
