//! Servers and their variables.

use super::Resolver;
use crate::document::Node;
use crate::ir::{Server, ServerVariable};

impl<'d> Resolver<'d> {
    /// The servers that stand at `servers` of a node.
    pub(super) fn servers(&mut self, node: &Node<'d>) -> Vec<Server> {
        let mut servers = Vec::new();
        for node in node.get("servers").iter().flat_map(Node::items) {
            let Some(model) = self.model::<openapiv3::Server>(&node, &[]) else {
                continue;
            };
            servers.push(Server {
                url: model.url,
                name: node.str("x-callwright-name").map(str::to_owned),
                description: model.description,
                variables: model
                    .variables
                    .into_iter()
                    .flatten()
                    .map(|(name, variable)| ServerVariable {
                        name,
                        default: variable.default,
                        values: variable.enumeration,
                        description: variable.description,
                    })
                    .collect(),
            });
        }
        servers
    }
}
