//! Webhooks and callbacks: the payloads that the server sends, typed like responses.

use std::collections::HashSet;

use super::Resolver;
use super::body::Media;
use crate::diagnostic::Code;
use crate::document::Node;
use crate::ir::{Doc, Webhook};

impl<'d> Resolver<'d> {
    pub(super) fn webhooks(&mut self) {
        let hooks = self.document.root().get("x-callwright-webhooks");
        for (name, node) in hooks.into_iter().flat_map(|node| node.members()) {
            self.path_item(name, &node);
        }
        self.callbacks();
    }

    /// The callbacks of the operations, each once however many operations refer to it.
    fn callbacks(&mut self) {
        let mut seen = HashSet::new();
        let places: Vec<_> = self
            .api
            .operations
            .iter()
            .filter_map(|operation| self.document.node(&operation.pointer))
            .flat_map(|node| ["callbacks", "x-callwright-callbacks"].map(|key| node.get(key)))
            .flatten()
            .collect();
        for (name, node) in places.iter().flat_map(Node::members) {
            let Some(callback) = self.follow(&node) else {
                continue;
            };
            if seen.insert(callback.pointer.clone()) {
                for (_, item) in callback.members() {
                    self.path_item(name, &item);
                }
            }
        }
    }

    fn path_item(&mut self, name: &str, node: &Node<'d>) {
        let Some(item) = self.follow(node) else {
            return;
        };
        for (_, operation) in item
            .members()
            .filter(|(key, node)| *key != "parameters" && node.value.is_object())
        {
            self.webhook(name, &operation);
        }
    }

    fn webhook(&mut self, name: &str, operation: &Node<'d>) {
        let Some(body) = operation.get("requestBody") else {
            return;
        };
        let Some(body) = self.follow(&body) else {
            return;
        };
        let content = body.get("content").and_then(|content| {
            content
                .members()
                .find(|(media, _)| matches!(Media::of(media), Media::Json | Media::Any))
                .map(|(_, node)| node)
        });
        let Some(schema) = content.and_then(|content| content.get("schema")) else {
            self.report(
                Code::OTHER_MEDIA_TYPE,
                &body,
                format!(
                    "the payload of `{name}` has no schema for JSON, so there is no type for it"
                ),
                "describe the payload as `application/json`, or read it as it arrives",
            );
            return;
        };
        let payload = self.schema(&schema, &[name.to_owned(), "payload".to_owned()]);
        self.api.webhooks.push(Webhook {
            name: name.to_owned(),
            doc: Doc {
                title: operation.str("summary").map(str::to_owned),
                description: operation.str("description").map(str::to_owned),
                ..Doc::default()
            },
            payload,
            pointer: operation.pointer.clone(),
        });
    }
}
