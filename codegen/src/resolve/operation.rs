//! Path items and operations.

use std::collections::HashMap;

use super::Resolver;
use super::response::Responses;
use crate::diagnostic::Code;
use crate::document::{Document, Node};
use crate::ir::{Case, Doc, Operation};

/// The methods that a path item names as its own keys, in the specification's order.
const METHODS: &[&str] = &[
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// A path item's operation with what the item says for all of its operations.
pub(super) struct Site<'d> {
    /// The method, upper-case.
    pub(super) method: String,
    /// The key under `paths`.
    pub(super) path: &'d str,
    /// The operation.
    pub(super) node: Node<'d>,
    /// The path item.
    pub(super) item: Node<'d>,
}

impl<'d> Resolver<'d> {
    pub(super) fn operations(&mut self) {
        let Some(paths) = self.document.root().get("paths") else {
            return;
        };
        let mut ids: HashMap<String, usize> = HashMap::new();
        for (path, node) in paths.members().filter(|(path, _)| !path.starts_with("x-")) {
            let Some(item) = self.follow(&node) else {
                continue;
            };
            for site in sites(path, &item) {
                let Some((operation, others)) = self.operation(&site) else {
                    continue;
                };
                if operation.has_id {
                    let uses = ids.entry(operation.id.clone()).or_default();
                    *uses += 1;
                    if *uses == 2 {
                        self.report(
                            Code::DUPLICATE_OPERATION_ID,
                            &site.node,
                            format!("`{}` is the operationId of another operation, too", operation.id),
                            "give each operation an id of its own; method names are made distinct meanwhile",
                        );
                    }
                }
                let others = others.into_iter().map(|successes| Operation {
                    successes,
                    is_stream: true,
                    ..operation.clone()
                });
                let others: Vec<Operation> = others.collect();
                self.api.operations.push(operation);
                self.api.operations.extend(others);
            }
        }
    }

    /// One operation, and its successes as what else they are offered as, kind by kind; `None`, with a diagnostic, where
    /// it cannot be emitted.
    fn operation(&mut self, site: &Site<'d>) -> Option<(Operation, Vec<Vec<Case>>)> {
        let model = self.model::<openapiv3::Operation>(
            &site.node,
            &[
                "parameters",
                "requestBody",
                "responses",
                "callbacks",
                "servers",
                "security",
            ],
        )?;
        let has_id = model
            .operation_id
            .as_ref()
            .is_some_and(|id| !id.trim().is_empty());
        let id = model
            .operation_id
            .filter(|_| has_id)
            .unwrap_or_else(|| format!("{} {}", site.method, site.path));
        let parameters = self.parameters(site, &id)?;
        let body = self.body(site, &id);
        let Responses {
            successes,
            others,
            errors,
        } = self.responses(site, &id);
        let security = self.security(site);
        let servers = match (site.node.get("servers"), site.item.get("servers")) {
            (Some(_), _) => self.servers(&site.node),
            (None, Some(_)) => self.servers(&site.item),
            (None, None) => Vec::new(),
        };
        let text = |key: &str| {
            site.node
                .str(key)
                .or_else(|| site.item.str(key))
                .map(str::to_owned)
        };
        let operation = Operation {
            id,
            has_id,
            method: site.method.clone(),
            path: site.path.split('#').next().unwrap_or_default().to_owned(),
            doc: Doc {
                title: text("summary"),
                description: text("description"),
                deprecated: model.deprecated,
                url: model.external_docs.map(|docs| docs.url),
                ..Doc::default()
            },
            tags: model.tags,
            name: site.node.str("x-callwright-name").map(str::to_owned),
            parameters,
            body,
            successes,
            errors,
            security,
            servers,
            is_stream: false,
            pagination: None,
            pointer: site.node.pointer.clone(),
        };
        Some((operation, others))
    }
}

/// How many operations the document has, those that cannot be emitted among them.
pub fn count_operations(document: Document<'_>) -> usize {
    let paths = document.root().get("paths");
    paths
        .into_iter()
        .flat_map(|node| node.members())
        .filter(|(path, _)| !path.starts_with("x-"))
        .filter_map(|(path, node)| Some(sites(path, &document.follow(&node).ok()?).len()))
        .sum()
}

/// The operations of a path item.
fn sites<'d>(path: &'d str, item: &Node<'d>) -> Vec<Site<'d>> {
    let own = METHODS
        .iter()
        .filter_map(|method| Some((method.to_uppercase(), item.get(method)?)));
    let others = item
        .get("x-callwright-operations")
        .into_iter()
        .flat_map(|node| node.members())
        .map(|(method, node)| (method.to_owned(), node));
    own.chain(others)
        .filter(|(_, node)| node.value.is_object())
        .map(|(method, node)| Site {
            method,
            path,
            node,
            item: item.clone(),
        })
        .collect()
}
