//! Security schemes and the alternatives of each operation.

use openapiv3::{APIKeyLocation, SecurityScheme};

use super::Resolver;
use super::operation::Site;
use super::parameter::is_token;
use crate::diagnostic::Code;
use crate::document::Node;
use crate::ir::{ApiKeyLocation, Scheme, SchemeKind};

impl<'d> Resolver<'d> {
    pub(super) fn schemes(&mut self) {
        let schemes = self
            .document
            .root()
            .get("components")
            .and_then(|node| node.get("securitySchemes"));
        for (name, node) in schemes.into_iter().flat_map(|node| node.members()) {
            let scheme = self.scheme(name, &node);
            self.api.schemes.extend(scheme);
        }
    }

    fn scheme(&mut self, name: &str, node: &Node<'d>) -> Option<Scheme> {
        let node = self.follow(node)?;
        let description = node.str("description").map(str::to_owned);
        // 3.0 has no word for it: lowered as it stands.
        if node.str("x-callwright-type") == Some("mutualTLS") {
            return Some(Scheme {
                name: name.to_owned(),
                kind: SchemeKind::MutualTls,
                description,
            });
        }
        let kind = match self.model::<SecurityScheme>(&node, &[])? {
            SecurityScheme::APIKey { location, name, .. } => SchemeKind::ApiKey {
                location: match location {
                    APIKeyLocation::Query => ApiKeyLocation::Query,
                    APIKeyLocation::Header => ApiKeyLocation::Header,
                    APIKeyLocation::Cookie => ApiKeyLocation::Cookie,
                },
                name,
            },
            SecurityScheme::HTTP { scheme, .. } => match scheme.to_ascii_lowercase().as_str() {
                "basic" => SchemeKind::Basic,
                "bearer" => SchemeKind::Bearer,
                _ => SchemeKind::Authorization { scheme },
            },
            SecurityScheme::OAuth2 { flows, .. } => {
                let client = flows.client_credentials;
                SchemeKind::OAuth2 {
                    token_url: client
                        .as_ref()
                        .map(|flow| flow.token_url.clone())
                        .filter(|url| !url.is_empty()),
                    scopes: client.into_iter().flat_map(|flow| flow.scopes).collect(),
                }
            }
            SecurityScheme::OpenIDConnect {
                open_id_connect_url,
                ..
            } => SchemeKind::OpenIdConnect {
                url: open_id_connect_url,
            },
        };
        if let SchemeKind::ApiKey {
            location: ApiKeyLocation::Header | ApiKeyLocation::Cookie,
            name: wire,
        } = &kind
            && !is_token(wire)
        {
            self.report(
                Code::MALFORMED,
                &node,
                format!(
                    "no header or cookie can be called `{}`",
                    wire.escape_debug()
                ),
                "correct the name; operations cannot be called with this scheme",
            );
        }
        Some(Scheme {
            name: name.to_owned(),
            kind,
            description,
        })
    }

    /// The alternatives of an operation. One that names an undeclared scheme is left out: the server's
    /// answer says then what is missing.
    pub(super) fn security(&mut self, site: &Site<'d>) -> Vec<Vec<(usize, Vec<String>)>> {
        let root = self.document.root();
        let node = site.node.get("security").or_else(|| root.get("security"));
        let mut alternatives = Vec::new();
        'alternatives: for alternative in node.iter().flat_map(Node::items) {
            let mut combination = Vec::new();
            for (name, scopes) in alternative.members() {
                let Some(index) = self
                    .api
                    .schemes
                    .iter()
                    .position(|scheme| scheme.name == name)
                else {
                    self.report(
                        Code::UNDECLARED_SCHEME,
                        &scopes,
                        format!("no security scheme is called `{name}`"),
                        "declare it under `components.securitySchemes`; the alternative is left out",
                    );
                    continue 'alternatives;
                };
                let scopes = scopes
                    .items()
                    .filter_map(|scope| scope.value.as_str().map(str::to_owned))
                    .collect();
                combination.push((index, scopes));
            }
            alternatives.push(combination);
        }
        alternatives
    }
}
