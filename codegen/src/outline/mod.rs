//! The surface of a client as data and as text, for a person to judge and for two versions to be compared.
//!
//! It knows the IR, the names and the signatures that emission gives; it must not know documents or how code is printed.
//! Everything is sorted by name, so that a difference shows what changed and nothing else.

mod build;
mod text;

use std::collections::BTreeMap;

use serde::Serialize;

pub(crate) use self::build::build;

/// What a client offers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Outline {
    /// The document's `info.title`.
    pub title: String,
    /// The document's `info.version`.
    pub version: String,
    /// The version of the specification.
    pub specification: String,
    /// The groups of operations.
    pub resources: Vec<Resource>,
    /// The types with a name.
    pub types: Vec<Type>,
    /// The enums of errors and structs of headers that several operations have in common, by name.
    pub replies: Vec<Type>,
    /// Payloads that the server sends to the application: the alias and what it stands for.
    pub webhooks: Vec<Item>,
    /// How many diagnostics there are of each code.
    pub diagnostics: BTreeMap<String, usize>,
}

/// A group of operations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Resource {
    /// The method of the client.
    pub name: String,
    /// The struct.
    pub ty: String,
    /// The operations.
    pub methods: Vec<Method>,
}

/// An operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Method {
    /// The method of the resource.
    pub name: String,
    /// The struct of its request.
    pub request: String,
    /// `GET /path`.
    pub target: String,
    /// The arguments.
    pub arguments: Vec<Item>,
    /// The setters of the request.
    pub setters: Vec<Item>,
    /// What awaiting the request gives.
    pub output: String,
    /// The documented errors.
    pub errors: Vec<Item>,
    /// How its pages follow each other.
    pub pages: Option<Pages>,
    /// Whether the document advises against it.
    pub deprecated: bool,
}

/// How pages follow each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pages {
    /// The rule with the setters that it uses: `page(page, per_page) from 1`.
    pub rule: String,
    /// The type of an item.
    pub item: String,
    /// What in the document speaks for it.
    pub reason: String,
}

/// A name with a type: an argument, a setter, a field, a variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// The name in Rust.
    pub name: String,
    /// The type in Rust; empty where there is none.
    pub ty: String,
    /// What the document calls it, where that is not the same, and what tells it from its siblings.
    pub note: String,
}

/// A type with a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Type {
    /// The name in Rust.
    pub name: String,
    /// What kind of item it is.
    pub kind: Kind,
    /// The fields or variants; what an alias stands for.
    pub members: Vec<Item>,
    /// Why it is there: in which directions it travels, of which form it is, what a union goes by.
    pub why: String,
}

/// The kinds of types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names are the kinds")]
pub enum Kind {
    Struct,
    Enum,
    Union,
    Newtype,
    Alias,
    Errors,
    Headers,
}

impl Kind {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Struct => "struct",
            Self::Enum => "enum",
            Self::Union => "union",
            Self::Newtype => "newtype",
            Self::Alias => "alias",
            Self::Errors => "errors",
            Self::Headers => "headers",
        }
    }
}
