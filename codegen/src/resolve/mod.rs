//! Document → IR: one file per construct; reports what it cannot carry and leaves only that out.
//! It must not know how anything is named or printed.

mod body;
mod combination;
mod constraints;
mod enumeration;
mod inheritance;
mod intersection;
mod multipart;
mod object;
mod operation;
mod parameter;
mod response;
mod scalar;
mod schema;
mod security;
mod server;
mod union;
mod webhook;

use std::collections::{HashMap, HashSet};

pub use operation::count_operations;

use response::Offered;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::diagnostic::{Code, Diagnostic, Pointer};
use crate::document::{Document, Node};
use crate::ir::{Api, Parameter, StatusPattern, TypeRef};

/// Turns a lowered document into the IR.
///
/// The diagnostics say what was left out or widened, each at its place in the author's document.
pub fn resolve(document: Document<'_>) -> (Api, Vec<Diagnostic>) {
    let mut resolver = Resolver {
        document,
        api: Api::default(),
        memo: Memo::default(),
        families: inheritance::families(document),
        patterns: HashSet::new(),
        parameters: HashMap::new(),
        cases: HashMap::new(),
        diagnostics: Vec::new(),
    };
    resolver.info();
    resolver.api.servers = resolver.servers(&document.root());
    resolver.schemes();
    resolver.operations();
    resolver.webhooks();
    if count_operations(document) == 0 && resolver.api.webhooks.is_empty() {
        resolver.report(
            Code::NO_OPERATIONS,
            &document.root(),
            "the document has no operation",
            "check that it is the whole document; operations stand under `paths`",
        );
    }
    resolver.components();
    resolver.schemas();
    // A schema that several others build on is met several times.
    let mut said = HashSet::new();
    resolver.diagnostics.retain(|diagnostic| {
        said.insert((
            diagnostic.code,
            diagnostic.file,
            diagnostic.pointer.clone(),
            diagnostic.message.clone(),
        ))
    });
    (resolver.api, resolver.diagnostics)
}

/// What has been resolved so far.
struct Resolver<'d> {
    document: Document<'d>,
    api: Api,
    /// Types by the schemas whose intersection they are; reserved before they are built.
    memo: Memo,
    /// By the pointer of a schema with a discriminator: the schemas that inherit from it.
    families: HashMap<Pointer, inheritance::Family>,
    /// Patterns that can be checked: documents repeat the same few.
    patterns: HashSet<&'d str>,
    /// Parameters and responses that several operations refer to, by their pointers: each is read once.
    parameters: HashMap<Pointer, Option<Parameter>>,
    cases: HashMap<(Pointer, StatusPattern, bool), Offered>,
    diagnostics: Vec<Diagnostic>,
}

/// The types of schemas: a schema is known by where its value is in memory, which is quicker to look up than its pointer.
#[derive(Default)]
struct Memo {
    /// Those of one schema, with its pointer.
    single: HashMap<*const Value, (Pointer, TypeRef)>,
    /// Those of several.
    joint: HashMap<Vec<*const Value>, TypeRef>,
}

impl Memo {
    fn get(&self, nodes: &[Node<'_>]) -> Option<TypeRef> {
        match nodes {
            [node] => self
                .single
                .get(&std::ptr::from_ref(node.value))
                .map(|(_, ty)| *ty),
            _ => self.joint.get(&addresses(nodes)).copied(),
        }
    }

    fn set(&mut self, nodes: &[Node<'_>], ty: TypeRef) {
        match nodes {
            [node] => {
                let of = || (node.pointer.clone(), ty);
                let entry = self.single.entry(std::ptr::from_ref(node.value));
                entry.or_insert_with(of).1 = ty;
            }
            _ => {
                self.joint.insert(addresses(nodes), ty);
            }
        }
    }
}

fn addresses(nodes: &[Node<'_>]) -> Vec<*const Value> {
    nodes
        .iter()
        .map(|node| std::ptr::from_ref(node.value))
        .collect()
}

impl<'d> Resolver<'d> {
    fn info(&mut self) {
        let root = self.document.root();
        self.api.keep_unknown_fields = root.flag("x-callwright-keep-unknown-fields");
        if let Some(node) = root.get("info")
            && let Some(info) = self.model::<openapiv3::Info>(&node, &[])
        {
            self.api.title = info.title;
            self.api.version = info.version;
            self.api.description = info.description;
        }
        for node in root.get("tags").iter().flat_map(Node::items) {
            let Some(tag) = self.model::<openapiv3::Tag>(&node, &[]) else {
                continue;
            };
            if let Some(description) = tag.description {
                self.api.tags.push((tag.name, description));
            }
        }
    }

    /// Resolves the components that nothing refers to: an application may still want their types.
    fn components(&mut self) {
        let Some(schemas) = self
            .document
            .root()
            .get("components")
            .and_then(|node| node.get("schemas"))
        else {
            return;
        };
        for (_, node) in schemas.members() {
            self.schema(&node, &[]);
        }
    }

    /// Notes which type each schema has that stands somewhere as such.
    fn schemas(&mut self) {
        let mut schemas: Vec<(Pointer, TypeRef)> =
            self.memo.single.drain().map(|(_, it)| it).collect();
        schemas.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        self.api.schemas = schemas;
    }

    /// What a node refers to; nothing, with a diagnostic, where the reference leads nowhere.
    fn follow(&mut self, node: &Node<'d>) -> Option<Node<'d>> {
        self.document
            .follow(node)
            .map_err(|diagnostic| self.diagnostics.extend(diagnostic.map(|said| *said)))
            .ok()
    }

    /// What the specification's model of a node says; nothing, with a diagnostic, where it is malformed.
    fn model<T: DeserializeOwned>(&mut self, node: &Node<'d>, without: &[&str]) -> Option<T> {
        self.document
            .model(node, without)
            .map_err(|diagnostic| self.diagnostics.push(*diagnostic))
            .ok()
    }

    /// Reports something at a node.
    fn report(&mut self, code: Code, node: &Node<'_>, message: impl Into<String>, remedy: &str) {
        let diagnostic = self.document.diagnostic(code, node, message).remedy(remedy);
        self.diagnostics.push(diagnostic);
    }
}
