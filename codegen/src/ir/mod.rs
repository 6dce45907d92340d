//! What emission needs of a document and nothing else; it must not know how a document spells it.
//!
//! [`Api`] is built by `resolve`, completed by `analyze` and read by `emit`. Types live in an arena and
//! refer to each other by [`TypeId`], so that recursion costs nothing and a reference cannot dangle.

mod constraints;
mod operation;
mod pattern;
mod sharing;
mod types;

pub use constraints::{Constraints, Limits};
pub use operation::{
    ApiKeyLocation, Body, BodyKind, BodyMedia, Case, Encoding, Location, Operation, Pagination,
    Parameter, Part, PartKind, Payload, Rule, Scheme, SchemeKind, Server, ServerVariable,
    StatusPattern, Style, Webhook,
};
pub use pattern::pattern;
pub use sharing::{Classes, Sharing};
pub use types::{
    Doc, Enumeration, EnumerationKind, EnumerationValue, Field, FieldPath, Form, Holders,
    IntegerKind, KindSet, Object, Origin, Shape, TextFormat, Type, TypeId, TypeRef, Types, Union,
    Usage, Variant,
};

use crate::diagnostic::Pointer;

/// A whole document, ready to be named and emitted.
#[derive(Debug, Clone, Default)]
pub struct Api {
    /// The document's `info.title`.
    pub title: String,
    /// The document's `info.version`.
    pub version: String,
    /// The document's `info.description`, `CommonMark`.
    pub description: Option<String>,
    /// The servers of the document, in its order; the first is the default.
    pub servers: Vec<Server>,
    /// The security schemes, in the document's order; operations refer to them by index.
    pub schemes: Vec<Scheme>,
    /// Every type reachable from an operation, a webhook or the components.
    pub types: Types,
    /// The types of the schemas, by where these stand in the lowered document; sorted. A type that differs by direction is
    /// here in its form for responses.
    pub schemas: Vec<(Pointer, TypeRef)>,
    /// The operations, in the document's order.
    pub operations: Vec<Operation>,
    /// Payloads that the server sends to the application.
    pub webhooks: Vec<Webhook>,
    /// Whether responses keep the properties that the document says nothing of.
    pub keep_unknown_fields: bool,
    /// Descriptions of tags, by tag name.
    pub tags: Vec<(String, String)>,
}
